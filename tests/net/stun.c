#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/stun.h"

/* RFC 5769: a request, and answers for IPv4 and IPv6. */
static const uint8_t rfc_request[] = {
	0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
	0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
	0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
	0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
	0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
	0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
	0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf,
};
static const uint8_t rfc_ipv4[] = {
	0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
	0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
	0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
	0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
	0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
};
static const uint8_t rfc_ipv6[] = {
	0x01, 0x01, 0x00, 0x48, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
	0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
	0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
	0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9, 0x00, 0x08, 0x00, 0x14,
	0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6, 0x7b, 0xf1, 0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75,
	0xbf, 0xe3, 0xed, 0x41, 0x80, 0x28, 0x00, 0x04, 0xc8, 0xfb, 0x0b, 0x4c,
};
static const uint8_t rfc_id[RD_STUN_ID] = {
	0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
};

/* Of memory that is no longer than the bytes: sanitizers see what is read beyond. */
static int
parse(struct rd_stun *s, const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	memcpy(exact, data, len);
	int err = rd_stun_parse(s, exact, len);
	free(exact);
	return err;
}

static void
mapped_is(const struct rd_stun *s, const char *want)
{
	char text[RD_ADDR_TEXT];

	assert_string_equal(rd_addr_text(&s->mapped, text), want);
}

static void
answers_of_rfc_5769(void **state)
{
	struct rd_stun s;

	(void)state;
	assert_int_equal(parse(&s, rfc_ipv4, sizeof(rfc_ipv4)), 0);
	assert_int_equal(s.kind, RD_STUN_SUCCESS);
	assert_memory_equal(s.id, rfc_id, sizeof(rfc_id));
	mapped_is(&s, "192.0.2.1:32853");
	assert_int_equal(parse(&s, rfc_ipv6, sizeof(rfc_ipv6)), 0);
	mapped_is(&s, "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
}

/* PRIORITY, of ICE, is one that whoever answers must know, and we do not. */
static void
the_request_of_rfc_5769(void **state)
{
	uint8_t data[sizeof(rfc_request)];
	struct rd_stun s;

	(void)state;
	assert_true(rd_stun_is(rfc_request, sizeof(rfc_request)));
	assert_int_equal(parse(&s, rfc_request, sizeof(rfc_request)), -EPROTO);
	/* Without that, but otherwise the same: its fingerprint is gone with it. */
	memcpy(data, rfc_request, sizeof(data));
	data[40] = 0x80;
	data[3] -= 8;
	assert_int_equal(parse(&s, data, sizeof(data) - 8), 0);
	assert_int_equal(s.kind, RD_STUN_BINDING);
}

/* Every bit of a message with a fingerprint is guarded by it or looked at. */
static void
changed_bits_are_seen(void **state)
{
	uint8_t data[sizeof(rfc_ipv4)];
	struct rd_stun s;

	(void)state;
	for (size_t i = 0; i < 8 * sizeof(data); i++) {
		memcpy(data, rfc_ipv4, sizeof(data));
		data[i / 8] ^= (uint8_t)(1u << i % 8);
		/* Another attribute is made of the fingerprint, or the one before swallows it. */
		if (i / 8 == sizeof(data) - 8 || i / 8 == sizeof(data) - 7 || i == 51 * 8 + 3)
			continue;
		if (parse(&s, data, sizeof(data)) != -EPROTO)
			fail_msg("bit %zu", i);
	}
}

static void
every_truncation(void **state)
{
	uint8_t out[RD_STUN_MAX], data[RD_STUN_MAX];
	struct rd_stun s = {.kind = RD_STUN_SUCCESS, .mapped = {.family = 6, .port = 7}}, back;
	size_t len = rd_stun_put(out, &s);

	(void)state;
	for (size_t n = 0; n < len; n++) {
		assert_int_equal(parse(&back, out, n), -EPROTO);
		if (n < 20)
			continue;
		memcpy(data, out, n);
		data[3] = (uint8_t)(n - 20);
		bool whole = n == 20 || n == 20 + 24; /* before an attribute */
		if (parse(&back, data, n) != (whole ? 0 : -EPROTO))
			fail_msg("%zu bytes", n);
	}
}

static void
what_we_write(void **state)
{
	static const uint8_t request[] = {
		0x00, 0x01, 0x00, 0x2c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6,
		0x86, 0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x20, 'r', 'd', ' ', ' ', ' ', ' ', ' ',
		' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ',
		' ', ' ', ' ', ' ', ' ', ' ', ' ', 0x80, 0x28, 0x00, 0x04,
	};
	uint8_t out[RD_STUN_MAX];
	struct rd_stun s = {.kind = RD_STUN_BINDING}, back;

	(void)state;
	memcpy(s.id, rfc_id, sizeof(s.id));
	assert_int_equal(rd_stun_put(out, &s), RD_STUN_REQUEST);
	assert_memory_equal(out, request, sizeof(request));
	assert_int_equal(parse(&back, out, RD_STUN_REQUEST), 0);
	assert_int_equal(back.kind, RD_STUN_BINDING);
	assert_memory_equal(back.id, s.id, sizeof(s.id));

	s = (struct rd_stun){.kind = RD_STUN_SUCCESS, .mapped = {.family = 4, .port = 32853,
		.ip = {192, 0, 2, 1}}};
	memcpy(s.id, rfc_id, sizeof(s.id));
	assert_int_equal(rd_stun_put(out, &s), 20 + 12 + 8);
	assert_memory_equal(out + 20, rfc_ipv4 + 36, 12);
	assert_int_equal(parse(&back, out, 40), 0);
	mapped_is(&back, "192.0.2.1:32853");

	s.kind = RD_STUN_ERROR;
	s.error = 420;
	assert_int_equal(rd_stun_put(out, &s), 20 + 8 + 8);
	assert_memory_equal(out + 20, "\x00\x09\x00\x04\x00\x00\x04\x14", 8);
	assert_int_equal(parse(&back, out, 36), 0);
	assert_int_equal(back.error, 420);
}

static void
whatever_is_written_is_read(void **state)
{
	uint8_t out[RD_STUN_MAX];

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		struct rd_stun s = {.kind = RD_STUN_SUCCESS}, back;
		dice_bytes(s.id, sizeof(s.id));
		s.mapped.family = dice() % 2 ? 4 : 6;
		s.mapped.port = (uint16_t)dice();
		dice_bytes(s.mapped.ip, s.mapped.family == 4 ? 4 : 16);
		size_t len = rd_stun_put(out, &s);
		assert_in_range(len, 1, RD_STUN_REQUEST);
		assert_true(rd_stun_is(out, len));
		assert_int_equal(parse(&back, out, len), 0);
		assert_memory_equal(back.id, s.id, sizeof(s.id));
		assert_true(rd_addr_equal(&back.mapped, &s.mapped));
	}
}

/* A message of these attributes, without a fingerprint. */
static int
parse_with(struct rd_stun *s, uint16_t kind, const char *attributes, size_t len)
{
	uint8_t data[128] = {(uint8_t)(kind >> 8), (uint8_t)kind, 0, (uint8_t)len, 0x21, 0x12, 0xa4, 0x42};

	memcpy(data + 20, attributes, len);
	return parse(s, data, 20 + len);
}
#define WITH(s, kind, attributes) parse_with(s, kind, attributes, sizeof(attributes) - 1)

static void
what_others_write(void **state)
{
	struct rd_stun s;

	(void)state;
	/* an old server's answer, and both ways of saying it, in both orders */
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\1\0\10\0\1\x12\x34\xc0\0\2\1"), 0);
	mapped_is(&s, "192.0.2.1:4660");
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\1\0\10\0\1\0\1\1\1\1\1\0\x20\0\10\0\1\x21\x10\x21\x12\xa4\x43"), 0);
	mapped_is(&s, "0.0.0.1:2");
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\x20\0\10\0\1\x21\x10\x21\x12\xa4\x43\0\1\0\10\0\1\0\1\1\1\1\1"), 0);
	mapped_is(&s, "0.0.0.1:2");
	/* nothing in it */
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, ""), 0);
	assert_int_equal(s.mapped.family, 0);
	assert_int_equal(WITH(&s, RD_STUN_BINDING, ""), 0);
	/* a family that there is not, one that does not fit the length, other lengths */
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\x20\0\10\0\3\0\1\1\1\1\1"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\x20\0\10\0\2\0\1\1\1\1\1"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_SUCCESS, "\0\x20\0\7\0\1\0\1\1\1\1\1"), -EPROTO);
	/* optional ones of every length, and their padding of any bytes */
	assert_int_equal(WITH(&s, RD_STUN_BINDING, "\x80\0\0\0"), 0);
	assert_int_equal(WITH(&s, RD_STUN_BINDING, "\xff\xff\0\1abcd"), 0);
	assert_int_equal(WITH(&s, RD_STUN_BINDING, "\xff\xff\0\5abcd"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_BINDING, "\x7f\xff\0\0"), -EPROTO);
	/* errors */
	assert_int_equal(WITH(&s, RD_STUN_ERROR, "\0\x09\0\10\0\0\6\x63what"), 0);
	assert_int_equal(s.error, 699);
	assert_int_equal(WITH(&s, RD_STUN_ERROR, "\0\x09\0\4\0\0\7\0"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_ERROR, "\0\x09\0\4\0\0\2\0"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_ERROR, "\0\x09\0\4\0\0\4\x64"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_ERROR, "\0\x09\0\3\0\0\4\0"), -EPROTO);
	assert_int_equal(WITH(&s, RD_STUN_ERROR, ""), -EPROTO);
}

/* The fingerprint is the last, once, and of four bytes. */
static void
a_fingerprint_elsewhere(void **state)
{
	uint8_t out[RD_STUN_MAX + 16];
	struct rd_stun s = {.kind = RD_STUN_SUCCESS}, back;
	size_t len = rd_stun_put(out, &s);

	(void)state;
	memcpy(out + len, "\xff\xff\0\0", 4);
	out[3] += 4;
	assert_int_equal(parse(&back, out, len + 4), -EPROTO);
	assert_int_equal(WITH(&back, RD_STUN_SUCCESS, "\x80\x28\0\0"), -EPROTO);
	assert_int_equal(WITH(&back, RD_STUN_SUCCESS, "\x80\x28\0\3abcd"), -EPROTO);
}

static void
other_datagrams_are_not_stun(void **state)
{
	uint8_t data[20] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};

	(void)state;
	assert_true(rd_stun_is(data, 20));
	for (size_t n = 0; n < 20; n++)
		assert_false(rd_stun_is(data, n));
	/* All that rd-session(5) and rd-relay(5) begin with, even with the cookie where it belongs. */
	for (unsigned first = 0; first < 256; first++)
		for (unsigned second = 0; second < 256; second++) {
			data[0] = (uint8_t)first;
			data[1] = (uint8_t)second;
			bool is = (first == 0 && second == 1) || (first == 1 && (second == 1 || second == 0x11));
			assert_int_equal(rd_stun_is(data, 20), is);
		}
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_of_rfc_5769),
		cmocka_unit_test(the_request_of_rfc_5769),
		cmocka_unit_test(changed_bits_are_seen),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(what_we_write),
		cmocka_unit_test(whatever_is_written_is_read),
		cmocka_unit_test(what_others_write),
		cmocka_unit_test(a_fingerprint_elsewhere),
		cmocka_unit_test(other_datagrams_are_not_stun),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

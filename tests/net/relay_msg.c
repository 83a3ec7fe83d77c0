#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "dice.h"
#include "net/packet.h"
#include "net/relay_msg.h"

static int
parse(struct rd_relay_msg *m, const void *data, size_t len)
{
	static uint8_t *exact;	/* kept, for what the message borrows */

	free(exact);
	exact = malloc(len ? len : 1);
	memcpy(exact, data, len);
	return rd_relay_msg_parse(m, exact, len);
}
#define PARSE(m, text) parse(m, text, sizeof(text) - 1)

static void
packs_as(const struct rd_relay_msg *m, const void *want, size_t len)
{
	struct rd_buf b = {0};

	rd_relay_msg_pack(&b, m);
	assert_int_equal(b.len, len);
	assert_memory_equal(b.data, want, len);
	rd_buf_finish(&b);
}
#define PACKS_AS(m, text) packs_as(m, text, sizeof(text) - 1)

#define EIGHT "abcdefgh"
#define KEY EIGHT EIGHT EIGHT EIGHT
#define TICKET KEY KEY EIGHT EIGHT EIGHT

/* Messages as they must be, and no byte otherwise. */
static const struct { const char *bytes; size_t len; } examples[] = {
#define EXAMPLE(text) {text, sizeof(text) - 1}
	EXAMPLE("\x01\0\x34\x12\1" KEY),
	EXAMPLE("\x01\0\x34\x12\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
	EXAMPLE("\x02\0\1\0"),
	EXAMPLE("\x03\0\1\0"),
	EXAMPLE("\x04\0\1\0\7\0\0\0\2"),
	EXAMPLE("\x05\0\1\0\0\7\0\0\0\3\0abc"),
	EXAMPLE("\x05\0\1\0\1" KEY "\0\0"),
	EXAMPLE("\x06\0\1\0"),
	EXAMPLE("\x81\0\1\0\x80\x51\1\0\2\4\0\x80\x52\xc0\0\2\1"),
	EXAMPLE("\x82\0\1\0\6\0\x80\x52" EIGHT EIGHT),
	EXAMPLE("\x82\0\1\0\0\0\0\0"),
	EXAMPLE("\x83\0\1\0\7\0\0\0\x58\2\0\0"),
	EXAMPLE("\x84\0\1\0"),
	EXAMPLE("\x85\0\1\0\1" "handle" TICKET),
	EXAMPLE("\x86\0\0\0\7\0\0\0" KEY "handle" TICKET "\3\0abc"),
	EXAMPLE("\x87\0\1\0\5\5\x10\0\0\0"),
	EXAMPLE("\x88\0\0\0\x3c\0\0\0"),
};
#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static void
every_message_is_read_and_written(void **state)
{
	struct rd_relay_msg m;

	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		if (parse(&m, examples[i].bytes, examples[i].len) != 0)
			fail_msg("example %zu", i);
		packs_as(&m, examples[i].bytes, examples[i].len);
	}
}

static void
every_truncation(void **state)
{
	struct rd_relay_msg m;

	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++)
		for (size_t n = 0; n < examples[i].len; n++)
			if (parse(&m, examples[i].bytes, n) != -EPROTO)
				fail_msg("example %zu with %zu bytes", i, n);
}

/* Room for later versions: behind what we know, and nowhere else. */
static void
what_follows_is_passed_over(void **state)
{
	uint8_t data[300];
	struct rd_relay_msg m;

	(void)state;
	for (size_t i = 0; i < EXAMPLES; i++) {
		memcpy(data, examples[i].bytes, examples[i].len);
		/* Four of them might be a program. */
		memcpy(data + examples[i].len, "etc", 3);
		assert_int_equal(parse(&m, data, examples[i].len + 3), 0);
		packs_as(&m, examples[i].bytes, examples[i].len);
		data[1] = 1;
		assert_int_equal(parse(&m, data, examples[i].len), -EPROTO);
	}
}

/* A program is behind all that there was before it; who says none is of none. */
static void
programs(void **state)
{
	static const struct { const char *bytes; size_t len; } each[] = {
		EXAMPLE("\x01\0\x34\x12\1" KEY "\xfe\xca\xad\x0b"),
		EXAMPLE("\x05\0\1\0\1" KEY "\3\0abc\xfe\xca\xad\x0b"),
		EXAMPLE("\x85\0\1\0\1" "handle" TICKET "\xfe\xca\xad\x0b"),
	};
	struct rd_relay_msg m;

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		assert_int_equal(parse(&m, each[i].bytes, each[i].len), 0);
		assert_int_equal(m.program, 0x0badcafe);
		packs_as(&m, each[i].bytes, each[i].len);
		for (size_t n = each[i].len - 4; n < each[i].len; n++) {
			assert_int_equal(parse(&m, each[i].bytes, n), 0);
			assert_int_equal(m.program, 0);
		}
	}
	/* A code is of one of them anyway. */
	assert_int_equal(PARSE(&m, "\x05\0\1\0\0\7\0\0\0\3\0abc\xfe\xca\xad\x0b"), 0);
	assert_int_equal(m.program, 0);
	PACKS_AS(&m, "\x05\0\1\0\0\7\0\0\0\3\0abc");
	assert_int_equal(PARSE(&m, "\x01\0\0\0\3" KEY), 0);
	assert_true(m.by_code && m.has_proof);
	PACKS_AS(&m, "\x01\0\0\0\3" KEY);
}

static void
what_they_say(void **state)
{
	struct rd_relay_msg m;
	char text[RD_ADDR_TEXT];

	(void)state;
	assert_int_equal(PARSE(&m, "\x05\0\x34\x12\0\7\0\0\0\3\0abc"), 0);
	assert_int_equal(m.request, 0x1234);
	assert_false(m.by_key);
	assert_int_equal(m.slot, 7);
	assert_int_equal(m.datagram_len, 3);
	assert_memory_equal(m.datagram, "abc", 3);
	assert_int_equal(PARSE(&m, "\x05\0\0\0\1" KEY "\0\0"), 0);
	assert_true(m.by_key);
	assert_memory_equal(m.key.bytes, KEY, 32);
	assert_int_equal(PARSE(&m, "\x81\0\1\0\x80\x51\1\0\2\4\0\x80\x52\xc0\0\2\1"), 0);
	assert_int_equal(m.seconds, 86400);
	assert_int_equal(m.policy, RD_PATH_RELAY);
	assert_string_equal(rd_addr_text(&m.addr, text), "192.0.2.1:21120");
	assert_int_equal(PARSE(&m, "\x87\0\1\0\5\5\x10\0\0\0"), 0);
	assert_int_equal(m.of, RD_RELAY_CONNECT);
	assert_int_equal(m.why, RD_NO_SLOT_BURNT);
	assert_int_equal(m.seconds, 16);
}

static void
what_is_refused(void **state)
{
	struct rd_relay_msg m;

	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		uint8_t data[300] = {(uint8_t)type, 0, 0, 0, 0};
		data[8] = 1; /* why of UNSLOT */
		bool known = (type >= 1 && type <= 6) || (type >= 0x81 && type <= 0x88);
		assert_int_equal(parse(&m, data, sizeof(data)), known ? 0 : -EPROTO);
	}
	assert_int_equal(PARSE(&m, "\x04\0\1\0\7\0\0\0\0"), -EPROTO);
	assert_int_equal(PARSE(&m, "\x04\0\1\0\7\0\0\0\4"), -EPROTO);
	assert_int_equal(PARSE(&m, "\x05\0\1\0\2\7\0\0\0\0\0" KEY), -EPROTO);
	/* addresses: of no family, of nowhere with a port, a byte that is 0, IPv4 as IPv6 */
	assert_int_equal(PARSE(&m, "\x82\0\1\0\5\0\1\0" EIGHT EIGHT), -EPROTO);
	assert_int_equal(PARSE(&m, "\x82\0\1\0\0\0\1\0"), -EPROTO);
	assert_int_equal(PARSE(&m, "\x82\0\1\0\4\1\1\0\1\2\3\4"), -EPROTO);
	assert_int_equal(PARSE(&m, "\x82\0\1\0\6\0\1\0\0\0\0\0\0\0\0\0\0\0\xff\xff\1\2\3\4"), -EPROTO);
}

static void
a_first_datagram_is_bounded(void **state)
{
	uint8_t data[4 + 1 + 4 + 2 + RD_RELAY_FIRST_MAX + 1] = {RD_RELAY_CONNECT};
	struct rd_relay_msg m;

	(void)state;
	data[9] = RD_RELAY_FIRST_MAX & 0xff;
	data[10] = RD_RELAY_FIRST_MAX >> 8;
	assert_int_equal(parse(&m, data, sizeof(data) - 1), 0);
	assert_int_equal(m.datagram_len, RD_RELAY_FIRST_MAX);
	data[9]++;
	assert_int_equal(parse(&m, data, sizeof(data)), -EPROTO);
}

/* The longest of all: with it a DATA is no longer than any path carries. */
static void
an_offer_fits_a_datagram(void **state)
{
	uint8_t first[RD_RELAY_FIRST_MAX] = {0};
	struct rd_relay_msg m = {.type = RD_RELAY_OFFER, .datagram = first, .datagram_len = sizeof(first)};
	struct rd_buf b = {0};

	(void)state;
	rd_relay_msg_pack(&b, &m);
	assert_int_equal(b.len, RD_RELAY_MSG_MAX);
	assert_true(b.len + RD_PACKET_OVERHEAD <= 1200);
	rd_buf_finish(&b);
}

/* A wish that we do not know is none; a NO that we do not know is still a no. */
static void
later_versions(void **state)
{
	struct rd_relay_msg m;

	(void)state;
	assert_int_equal(PARSE(&m, "\x85\0\1\0\x09" "handle" TICKET), 0);
	assert_int_equal(m.policy, RD_PATH_AUTO);
	assert_int_equal(PARSE(&m, "\x87\0\1\0\x63\x63\0\0\0\0"), 0);
	assert_int_equal(m.why, 0x63);
	assert_int_equal(PARSE(&m, "\x01\0\0\0\xff" KEY), 0);
	assert_true(m.has_proof);
	/* Without a proof there is none, whatever stands in its place. */
	assert_int_equal(PARSE(&m, "\x01\0\0\0\xfc" KEY), 0);
	assert_false(m.has_proof);
	PACKS_AS(&m, "\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
}

static void
proofs(void **state)
{
	static const uint8_t join[RD_JOIN_KEY] = {1, 2, 3}, other[RD_JOIN_KEY] = {1, 2, 4};
	uint8_t text[7 + 64] = "rd-join", a[32], b[32], want[32];

	(void)state;
	dice_bytes(text + 7, 64);
	rd_join_proof(join, text + 7, a);
	crypto_generichash(want, sizeof(want), text, sizeof(text), join, sizeof(join));
	assert_memory_equal(a, want, sizeof(want));
	rd_join_proof(other, text + 7, b);
	assert_memory_not_equal(a, b, sizeof(a));
	text[7] ^= 1;
	rd_join_proof(join, text + 7, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_is_read_and_written),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(what_follows_is_passed_over),
		cmocka_unit_test(programs),
		cmocka_unit_test(what_they_say),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(a_first_datagram_is_bounded),
		cmocka_unit_test(an_offer_fits_a_datagram),
		cmocka_unit_test(later_versions),
		cmocka_unit_test(proofs),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

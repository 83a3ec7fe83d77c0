#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/frame.h"
#include "net/packet.h"
#include "net/relay_packet.h"

/* What each type is made of: its length, and which bytes must be 0. */
static const struct kind {
	uint8_t first;
	size_t len, zero[3][2];		/* [from, to) */
} kinds[] = {
	{0x20, 8 + 1, {{1, 2}}},
	{0x30, 160, {{1, 4}, {112, 160}}},
	{0x31, 24, {{1, 4}}},
	{0x32, 16, {{2, 4}, {14, 16}}},
	{0x33, 8, {{1, 2}}},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int
parse(struct rd_relay_packet *p, const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	memcpy(exact, data, len);
	int err = rd_relay_packet_parse(p, exact, len);
	free(exact);
	return err;
}

static void
random_datagram(const struct kind *k, uint8_t *out, size_t len)
{
	dice_bytes(out, len);
	out[0] = k->first;
	if (k->first == 0x20)
		out[0] |= (uint8_t)(dice() & 0x0b);
	for (unsigned i = 0; i < 3; i++)
		memset(out + k->zero[i][0], 0, k->zero[i][1] - k->zero[i][0]);
}

static void
every_kind_is_read_and_written(void **state)
{
	uint8_t data[RD_PACKET_MAX];

	(void)state;
	for (unsigned i = 0; i < 2000; i++) {
		const struct kind *k = &kinds[i % KINDS];
		bool relayed = k->first == 0x20;
		size_t len = relayed ? k->len + dice_below(2000) : k->len;
		struct rd_relay_packet p;
		struct rd_buf b = {0};
		random_datagram(k, data, len);
		assert_true(rd_relay_packet_is(data, len));
		assert_int_equal(rd_relay_packet_parse(&p, data, len), 0);
		assert_int_equal(p.type, k->first);
		rd_relay_packet_pack(&b, &p);
		assert_int_equal(b.len, relayed ? 8 : len);
		assert_memory_equal(b.data, data, b.len);
		if (relayed) {
			assert_ptr_equal(p.payload, data + 8);
			assert_int_equal(p.payload_len, len - 8);
		}
		rd_buf_finish(&b);
	}
}

static void
other_lengths_are_refused(void **state)
{
	uint8_t data[200];
	struct rd_relay_packet p;

	(void)state;
	for (unsigned i = 0; i < KINDS; i++)
		for (size_t len = 0; len < sizeof(data); len++) {
			random_datagram(&kinds[i], data, sizeof(data));
			bool right = i == 0 ? len >= 9 : len == kinds[i].len;
			if (parse(&p, data, len) != (right ? 0 : -EPROTO))
				fail_msg("type 0x%x with %zu bytes", kinds[i].first, len);
		}
}

static void
a_payload_is_a_datagram(void **state)
{
	static uint8_t data[RD_PACKET_MAX + 1] = {0x20};
	struct rd_relay_packet p;

	(void)state;
	assert_int_equal(rd_relay_packet_parse(&p, data, RD_PACKET_MAX), 0);
	assert_int_equal(rd_relay_packet_parse(&p, data, RD_PACKET_MAX + 1), -EPROTO);
}

static void
reserved_bits_are_looked_at(void **state)
{
	uint8_t data[200];
	struct rd_relay_packet p;

	(void)state;
	for (unsigned i = 0; i < KINDS; i++) {
		const struct kind *k = &kinds[i];
		random_datagram(k, data, k->len);
		for (unsigned z = 0; z < 3; z++)
			for (size_t bit = 8 * k->zero[z][0]; bit < 8 * k->zero[z][1]; bit++) {
				data[bit / 8] ^= (uint8_t)(1u << bit % 8);
				assert_int_equal(parse(&p, data, k->len), -EPROTO);
				data[bit / 8] ^= (uint8_t)(1u << bit % 8);
			}
		assert_int_equal(parse(&p, data, k->len), 0);
	}
}

static void
first_bytes(void **state)
{
	struct rd_relay_packet p;

	(void)state;
	for (unsigned first = 0; first < 256; first++) {
		bool known = false;
		for (unsigned i = 0; i < KINDS; i++) {
			uint8_t data[200] = {(uint8_t)first};
			known = known || parse(&p, data, kinds[i].len) == 0;
		}
		bool relayed = (first & 0xf4) == 0x20;
		assert_int_equal(known, relayed || (first >= 0x30 && first <= 0x33));
		uint8_t one = (uint8_t)first;
		assert_int_equal(rd_relay_packet_is(&one, 1), first >= 0x20);
	}
	assert_false(rd_relay_packet_is(NULL, 0));
}

static void
what_relayed_says(void **state)
{
	static const uint8_t handle[RD_HANDLE] = {1, 2, 3, 4, 5, 6};
	uint8_t out[RD_RELAYED_HEADER + 1] = {0};
	struct rd_relay_packet p;

	(void)state;
	for (unsigned class = 0; class < 4; class++)
		for (unsigned congested = 0; congested < 2; congested++) {
			rd_relayed_put(out, class, congested, handle);
			assert_int_equal(out[0], 0x20 | congested << 3 | class);
			assert_int_equal(rd_relay_packet_parse(&p, out, sizeof(out)), 0);
			assert_int_equal(p.traffic_class, class);
			assert_int_equal(p.congested, congested);
			assert_memory_equal(p.handle, handle, RD_HANDLE);
		}
	static const unsigned classes[RD_TRAFFICS] = {0, 0, 1, 2, 3, 3};
	for (uint8_t traffic = 0; traffic < RD_TRAFFICS; traffic++)
		assert_int_equal(rd_relayed_class(traffic), classes[traffic]);
	assert_int_equal(rd_relayed_class(255), 3);
}

/* A first BIND has no cookie; no answer is larger than BIND, and none than what it answers. */
static void
binding(void **state)
{
	uint8_t ticket[RD_TICKET], zeros[16] = {0};
	struct rd_buf b = {0};
	struct rd_relay_packet p;

	(void)state;
	dice_bytes(ticket, sizeof(ticket));
	rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND, .mark = 7,
		.ticket = ticket});
	assert_int_equal(b.len, RD_BIND_SIZE);
	assert_int_equal(rd_relay_packet_parse(&p, b.data, b.len), 0);
	assert_memory_equal(p.cookie, zeros, 16);
	assert_memory_equal(p.ticket, ticket, RD_TICKET);
	assert_int_equal(p.mark, 7);
	rd_buf_finish(&b);
	for (unsigned i = 2; i < KINDS; i++)
		assert_true(kinds[i].len <= RD_BIND_SIZE);
	assert_true(kinds[4].len <= kinds[0].len); /* GONE answers a RELAYED */
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_read_and_written),
		cmocka_unit_test(other_lengths_are_refused),
		cmocka_unit_test(a_payload_is_a_datagram),
		cmocka_unit_test(reserved_bits_are_looked_at),
		cmocka_unit_test(first_bytes),
		cmocka_unit_test(what_relayed_says),
		cmocka_unit_test(binding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

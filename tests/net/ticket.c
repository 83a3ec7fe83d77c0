#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "dice.h"
#include "net/ticket.h"

static const struct rd_ticket example = {
	.leg = 1, .node = 0x0302, .session = 0x0b0a090807060504, .not_after_s = 0x131211100f0e0d0c,
	.kbps = 0x17161514, .max_bytes = 0x1f1e1d1c1b1a1918, .handle = {0x20, 0x21, 0x22, 0x23, 0x24, 0x25},
	.other = {0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b},
	.issued_to = {.family = 4, .stream = true, .port = 0x2d2c, .ip = {192, 0, 2, 1}},
	.tag_viewer = 0x33323130, .tag_host = 0x37363534,
};
static const uint8_t example_key[RD_TICKET_KEY] = {1, 2, 3};
static const uint8_t example_body[RD_TICKET_BODY] = {
	0x01, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f,
	0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b, 0x04, 0x01, 0x2c, 0x2d,
	192, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
};

static void
same(const struct rd_ticket *a, const struct rd_ticket *b)
{
	assert_int_equal(a->leg, b->leg);
	assert_int_equal(a->node, b->node);
	assert_int_equal(a->session, b->session);
	assert_int_equal(a->not_after_s, b->not_after_s);
	assert_int_equal(a->kbps, b->kbps);
	assert_int_equal(a->max_bytes, b->max_bytes);
	assert_memory_equal(a->handle, b->handle, 6);
	assert_memory_equal(a->other, b->other, 6);
	assert_true(rd_addr_equal(&a->issued_to, &b->issued_to));
	assert_int_equal(a->tag_viewer, b->tag_viewer);
	assert_int_equal(a->tag_host, b->tag_host);
}

static void
its_bytes(void **state)
{
	uint8_t out[RD_TICKET], mac[16];
	struct rd_ticket t;

	(void)state;
	rd_ticket_seal(&example, example_key, out);
	assert_memory_equal(out, example_body, sizeof(example_body));
	crypto_generichash(mac, 16, example_body, sizeof(example_body), example_key, 32);
	assert_memory_equal(out + RD_TICKET_BODY, mac, 16);
	assert_int_equal(rd_ticket_open(&t, example_key, out), 0);
	same(&t, &example);
}

static void
any_changed_bit_is_seen(void **state)
{
	uint8_t out[RD_TICKET], key[RD_TICKET_KEY];
	struct rd_ticket t;

	(void)state;
	rd_ticket_seal(&example, example_key, out);
	for (size_t i = 0; i < 8 * sizeof(out); i++) {
		out[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(rd_ticket_open(&t, example_key, out), -EBADMSG);
		assert_int_equal(t.session, 0);
		out[i / 8] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t i = 0; i < 8 * sizeof(key); i++) {
		memcpy(key, example_key, sizeof(key));
		key[i / 8] ^= (uint8_t)(1u << i % 8);
		assert_int_equal(rd_ticket_open(&t, key, out), -EBADMSG);
	}
	assert_int_equal(rd_ticket_open(&t, example_key, out), 0);
}

/* Sealed with our key, but not as we write them: another relay of the cluster is newer. */
static void
other_versions(void **state)
{
	static const struct { size_t at; uint8_t is; } bad[] = {
		{0, 0}, {0, 2}, {1, 2}, {44, 5}, {44, 1}, {45, 2},
	};
	uint8_t out[RD_TICKET];
	struct rd_ticket t;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rd_ticket_seal(&example, example_key, out);
		out[bad[i].at] = bad[i].is;
		crypto_generichash(out + RD_TICKET_BODY, 16, out, RD_TICKET_BODY, example_key, 32);
		assert_int_equal(rd_ticket_open(&t, example_key, out), -EPROTO);
	}
}

static void
whatever_is_sealed_opens(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		struct rd_ticket t = {0}, back;
		uint8_t key[RD_TICKET_KEY], out[RD_TICKET];
		dice_bytes(key, sizeof(key));
		t.leg = dice() & 1;
		t.node = (uint16_t)dice();
		t.session = dice();
		t.not_after_s = dice();
		t.kbps = (uint32_t)dice();
		t.max_bytes = dice();
		dice_bytes(t.handle, 6);
		dice_bytes(t.other, 6);
		t.issued_to = (struct rd_addr){.family = dice() & 1 ? 4 : 6, .stream = dice() & 1,
			.port = (uint16_t)dice()};
		dice_bytes(t.issued_to.ip, t.issued_to.family == 4 ? 4 : 16);
		t.tag_viewer = (uint32_t)dice();
		t.tag_host = (uint32_t)dice();
		rd_ticket_seal(&t, key, out);
		assert_int_equal(rd_ticket_open(&back, key, out), 0);
		same(&back, &t);
	}
}

static void
tags(void **state)
{
	struct rd_key a = {{1}}, b = {{2}};
	uint8_t text[6 + RD_KEY_SIZE] = "rd-tag", hash[32];

	(void)state;
	memcpy(text + 6, a.bytes, sizeof(a.bytes));
	crypto_generichash(hash, sizeof(hash), text, sizeof(text), NULL, 0);
	assert_int_equal(rd_ticket_tag(&a),
		hash[0] | hash[1] << 8 | hash[2] << 16 | (uint32_t)hash[3] << 24);
	assert_int_not_equal(rd_ticket_tag(&a), rd_ticket_tag(&b));
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_bytes),
		cmocka_unit_test(any_changed_bit_is_seen),
		cmocka_unit_test(other_versions),
		cmocka_unit_test(whatever_is_sealed_opens),
		cmocka_unit_test(tags),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#include "base/clock.h"
#include "net/cookie.h"

#define INIT_SIZE 200

static struct rd_key host;
static struct rd_addr viewer;
static uint8_t init[INIT_SIZE];

static int
set_up(void **state)
{
	(void)state;
	memset(host.bytes, 7, sizeof(host.bytes));
	viewer = (struct rd_addr){ .family = 4, .port = 4000, .ip = { 192, 0, 2, 1 } };
	for (size_t i = 0; i < sizeof(init); i++)
		init[i] = (uint8_t)i;
	memset(init + sizeof(init) - 2 * RD_MAC, 0, 2 * RD_MAC);
	return 0;
}

/* The construction of the page, written down a second time. */
static void
mac1_is_what_the_page_says(void **state)
{
	uint8_t label[7 + 32], key[32], mac[RD_MAC];

	(void)state;
	memcpy(label, "rd-mac1", 7);
	memcpy(label + 7, host.bytes, 32);
	crypto_generichash(key, 32, label, sizeof(label), NULL, 0);
	crypto_generichash(mac, RD_MAC, init, sizeof(init) - 2 * RD_MAC, key, 32);
	rd_mac1_put(init, sizeof(init), &host);
	assert_memory_equal(init + sizeof(init) - 2 * RD_MAC, mac, RD_MAC);
	for (size_t i = sizeof(init) - RD_MAC; i < sizeof(init); i++)
		assert_int_equal(init[i], 0);
	assert_true(rd_mac1_check(init, sizeof(init), &host));
}

static void
every_bit_of_mac1_counts(void **state)
{
	struct rd_key other = host;

	(void)state;
	rd_mac1_put(init, sizeof(init), &host);
	for (size_t i = 0; i < 8 * (sizeof(init) - RD_MAC); i++) {
		init[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(rd_mac1_check(init, sizeof(init), &host));
		init[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	/* mac2 stands behind it. */
	init[sizeof(init) - 1] ^= 1;
	assert_true(rd_mac1_check(init, sizeof(init), &host));
	other.bytes[0] ^= 1;
	assert_false(rd_mac1_check(init, sizeof(init), &other));
	for (size_t n = 0; n < 2 * RD_MAC; n++)
		assert_false(rd_mac1_check(init, n, &host));
}

static void
every_bit_of_mac2_counts(void **state)
{
	uint8_t cookie[RD_COOKIE] = { 1, 2, 3 }, other[RD_COOKIE] = { 1, 2, 4 };

	(void)state;
	rd_mac1_put(init, sizeof(init), &host);
	rd_mac2_put(init, sizeof(init), cookie);
	assert_true(rd_mac1_check(init, sizeof(init), &host));
	assert_true(rd_mac2_check(init, sizeof(init), cookie));
	assert_false(rd_mac2_check(init, sizeof(init), other));
	for (size_t i = 0; i < 8 * sizeof(init); i++) {
		init[i / 8] ^= (uint8_t)(1 << i % 8);
		assert_false(rd_mac2_check(init, sizeof(init), cookie));
		init[i / 8] ^= (uint8_t)(1 << i % 8);
	}
	for (size_t n = 0; n < 2 * RD_MAC; n++)
		assert_false(rd_mac2_check(init, n, cookie));
}

/* Asks the jar for a cookie, opens the answer and makes mac2 with it. */
static void
get_cookie(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now)
{
	struct rd_buf b = {0};
	struct rd_packet p;
	uint8_t cookie[RD_COOKIE];

	rd_mac1_put(init, sizeof(init), &host);
	rd_cookie_reply(jar, from, now, &host, init, sizeof(init), 0x11223344, &b);
	assert_true(b.len < sizeof(init));
	assert_int_equal(rd_packet_parse(&p, b.data, b.len), 0);
	assert_int_equal(p.type, RD_PACKET_COOKIE);
	assert_int_equal(p.receiver, 0x11223344);
	assert_int_equal(rd_cookie_open(&p, &host, init + sizeof(init) - 2 * RD_MAC, cookie), 0);
	rd_mac2_put(init, sizeof(init), cookie);
	rd_buf_finish(&b);
}

static void
a_cookie_proves_an_address(void **state)
{
	struct rd_cookie_jar jar = {0};
	uint64_t now = 5 * RD_NS_PER_S;

	(void)state;
	rd_mac1_put(init, sizeof(init), &host);
	assert_false(rd_cookie_check(&jar, &viewer, now, init, sizeof(init)));
	get_cookie(&jar, &viewer, now);
	assert_true(rd_cookie_check(&jar, &viewer, now, init, sizeof(init)));

	struct rd_addr other = viewer;
	other.port++;
	assert_false(rd_cookie_check(&jar, &other, now, init, sizeof(init)));
	other = viewer;
	other.ip[3]++;
	assert_false(rd_cookie_check(&jar, &other, now, init, sizeof(init)));
	other = viewer;
	other.family = 6;
	assert_false(rd_cookie_check(&jar, &other, now, init, sizeof(init)));
	other = viewer;
	other.stream = true;
	assert_false(rd_cookie_check(&jar, &other, now, init, sizeof(init)));
	init[9] ^= 1;
	assert_false(rd_cookie_check(&jar, &viewer, now, init, sizeof(init)));
}

static void
cookies_grow_old(void **state)
{
	struct rd_cookie_jar jar = {0};
	uint64_t t0 = 5 * RD_NS_PER_S;

	(void)state;
	get_cookie(&jar, &viewer, t0);
	assert_true(rd_cookie_check(&jar, &viewer, t0 + RD_COOKIE_LIFE_NS - 1, init, sizeof(init)));
	assert_true(rd_cookie_check(&jar, &viewer, t0 + RD_COOKIE_LIFE_NS, init, sizeof(init)));
	assert_true(rd_cookie_check(&jar, &viewer, t0 + 2 * RD_COOKIE_LIFE_NS - 1, init, sizeof(init)));
	assert_false(rd_cookie_check(&jar, &viewer, t0 + 2 * RD_COOKIE_LIFE_NS, init, sizeof(init)));
	/* A jar nobody asked for long keeps no old secret either. */
	jar = (struct rd_cookie_jar){0};
	get_cookie(&jar, &viewer, t0);
	assert_false(rd_cookie_check(&jar, &viewer, t0 + 2 * RD_COOKIE_LIFE_NS, init, sizeof(init)));
	/* And a clock that goes back changes nothing. */
	get_cookie(&jar, &viewer, t0 + 2 * RD_COOKIE_LIFE_NS);
	assert_true(rd_cookie_check(&jar, &viewer, t0, init, sizeof(init)));
}

static void
only_the_asker_can_open_it(void **state)
{
	struct rd_cookie_jar jar = {0};
	struct rd_buf b = {0};
	struct rd_packet p;
	uint8_t cookie[RD_COOKIE], mac1[RD_MAC];
	struct rd_key other = host;

	(void)state;
	rd_mac1_put(init, sizeof(init), &host);
	memcpy(mac1, init + sizeof(init) - 2 * RD_MAC, RD_MAC);
	rd_cookie_reply(&jar, &viewer, 0, &host, init, sizeof(init), 1, &b);
	assert_int_equal(rd_packet_parse(&p, b.data, b.len), 0);
	assert_int_equal(rd_cookie_open(&p, &host, mac1, cookie), 0);
	other.bytes[31] ^= 1;
	assert_int_equal(rd_cookie_open(&p, &other, mac1, cookie), -EBADMSG);
	mac1[0] ^= 1;
	assert_int_equal(rd_cookie_open(&p, &host, mac1, cookie), -EBADMSG);
	mac1[0] ^= 1;
	for (size_t i = 8; i < b.len; i++) {
		b.data[i] ^= 0x40;
		assert_int_equal(rd_cookie_open(&p, &host, mac1, cookie), -EBADMSG);
		b.data[i] ^= 0x40;
	}
	rd_buf_finish(&b);
}

static void
a_nonce_proves_an_address_too(void **state)
{
	struct rd_cookie_jar jar = {0};
	uint8_t nonce[16] = { 9, 8, 7 }, made[16], again[16];
	uint64_t t0 = RD_NS_PER_S;

	(void)state;
	rd_cookie_nonce(&jar, &viewer, t0, nonce, made);
	rd_cookie_nonce(&jar, &viewer, t0, nonce, again);
	assert_memory_equal(made, again, 16);	/* the answer to a repeated ASK */
	assert_true(rd_cookie_nonce_check(&jar, &viewer, t0, nonce, made));
	assert_true(rd_cookie_nonce_check(&jar, &viewer, t0 + 2 * RD_COOKIE_LIFE_NS - 1, nonce, made));

	struct rd_addr other = viewer;
	other.port ^= 0x100;
	assert_false(rd_cookie_nonce_check(&jar, &other, t0, nonce, made));
	nonce[0] ^= 1;
	assert_false(rd_cookie_nonce_check(&jar, &viewer, t0, nonce, made));
	nonce[0] ^= 1;
	made[15] ^= 1;
	assert_false(rd_cookie_nonce_check(&jar, &viewer, t0, nonce, made));
	made[15] ^= 1;
	assert_false(rd_cookie_nonce_check(&jar, &viewer, t0 + 4 * RD_COOKIE_LIFE_NS, nonce, made));
}

/* A cookie is not a nonce: who was given the one cannot show it as the other. */
/* Many come through one relay: what was said through one leg counts for no other. */
static void
a_leg_is_an_address(void **state)
{
	struct rd_cookie_jar jar = {0};
	uint8_t nonce[16] = { 9, 8, 7 }, made[16];
	struct rd_addr leg = viewer, other;

	(void)state;
	leg.relayed = true;
	leg.carrier = 7;
	get_cookie(&jar, &leg, 0);
	rd_cookie_nonce(&jar, &leg, 0, nonce, made);
	assert_true(rd_cookie_check(&jar, &leg, 0, init, sizeof(init)));
	assert_true(rd_cookie_nonce_check(&jar, &leg, 0, nonce, made));
	for (unsigned bit = 0; bit < 32; bit++) {
		other = leg;
		other.carrier ^= 1u << bit;
		assert_false(rd_cookie_check(&jar, &other, 0, init, sizeof(init)));
		assert_false(rd_cookie_nonce_check(&jar, &other, 0, nonce, made));
	}
	other = leg;
	other.relayed = false;
	assert_false(rd_cookie_check(&jar, &other, 0, init, sizeof(init)));
	assert_false(rd_cookie_nonce_check(&jar, &other, 0, nonce, made));
}

static void
the_two_uses_are_apart(void **state)
{
	struct rd_cookie_jar jar = {0};
	uint8_t cookie[RD_COOKIE], nonce[16] = {0};

	(void)state;
	rd_cookie_make(&jar, &viewer, 0, cookie);
	assert_false(rd_cookie_nonce_check(&jar, &viewer, 0, nonce, cookie));
	rd_cookie_nonce(&jar, &viewer, 0, nonce, cookie);
	rd_mac2_put(init, sizeof(init), cookie);
	assert_false(rd_cookie_check(&jar, &viewer, 0, init, sizeof(init)));
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(mac1_is_what_the_page_says, set_up),
		cmocka_unit_test_setup(every_bit_of_mac1_counts, set_up),
		cmocka_unit_test_setup(every_bit_of_mac2_counts, set_up),
		cmocka_unit_test_setup(a_cookie_proves_an_address, set_up),
		cmocka_unit_test_setup(cookies_grow_old, set_up),
		cmocka_unit_test_setup(only_the_asker_can_open_it, set_up),
		cmocka_unit_test_setup(a_nonce_proves_an_address_too, set_up),
		cmocka_unit_test_setup(a_leg_is_an_address, set_up),
		cmocka_unit_test_setup(the_two_uses_are_apart, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/nat.h"

#define MS RD_NS_PER_MS
#define BEGUN RD_NS_PER_S

static const struct rd_addr own = {.family = 4, .port = 5000, .ip = {10, 0, 0, 2}};
static const struct rd_addr outside = {.family = 4, .port = 7000, .ip = {198, 51, 100, 1}};
static const struct rd_addr outside2 = {.family = 4, .port = 7000, .ip = {198, 51, 100, 9}};

/* Two addresses with two ports each. */
static void
begin(struct rd_nat_probe *p, unsigned count)
{
	struct rd_addr servers[4];
	for (unsigned i = 0; i < 4; i++)
		servers[i] = (struct rd_addr){.family = 4, .port = (uint16_t)(21120 + i % 2),
			.ip = {203, 0, 113, (uint8_t)(1 + i / 2)}};
	rd_nat_begin(p, servers, count, BEGUN);
}

static void
answer(struct rd_nat_probe *p, const struct rd_addr *to, const uint8_t *request,
	const struct rd_addr *seen, uint64_t now)
{
	struct rd_stun s;
	uint8_t out[RD_STUN_MAX];
	assert_int_equal(rd_stun_parse(&s, request, RD_STUN_REQUEST), 0);
	s.kind = RD_STUN_SUCCESS;
	s.mapped = *seen;
	size_t len = rd_stun_put(out, &s);
	assert_true(rd_nat_receive(p, to, out, len, now));
}

/* Ports seen by the servers in turn; 0: no answer. */
static struct rd_nat
judged(unsigned count, const uint16_t *ports, const struct rd_addr *as, unsigned own_count)
{
	struct rd_nat_probe p;
	struct rd_nat nat;
	struct rd_addr to;
	uint8_t out[RD_STUN_MAX];
	begin(&p, count);
	for (unsigned i = 0; i < count; i++) {
		struct rd_addr seen = *as;
		seen.port = ports[i];
		assert_int_equal(rd_nat_send(&p, &to, out, BEGUN), RD_STUN_REQUEST);
		if (ports[i])
			answer(&p, &to, out, &seen, BEGUN + 10 * MS);
	}
	rd_nat_judge(&p, 4, &own, own_count, &nat);
	bool all = true;
	for (unsigned i = 0; i < count; i++)
		all = all && ports[i];
	assert_int_equal(rd_nat_complete(&p, 4), all);
	assert_true(rd_nat_complete(&p, 6));
	return nat;
}

static void
kinds(void **state)
{
	static const struct {
		unsigned count;
		uint16_t ports[4];
		enum rd_nat_mapping mapping;
		int step;
		uint16_t seen;
	} cases[] = {
		{4, {7000, 7000, 7000, 7000}, RD_NAT_INDEPENDENT, 0, 7000},
		{2, {7000, 7000}, RD_NAT_INDEPENDENT, 0, 7000},
		{4, {7000, 0, 0, 7000}, RD_NAT_INDEPENDENT, 0, 7000},
		{1, {7000}, RD_NAT_UNKNOWN, 0, 7000},
		{4, {0, 0, 0, 0}, RD_NAT_BLOCKED, 0, 0},
		{4, {7000, 7000, 9000, 9000}, RD_NAT_ADDRESS, 0, 9000},
		{3, {7000, 7000, 9000}, RD_NAT_ADDRESS, 0, 9000},
		{4, {7000, 7001, 7002, 7003}, RD_NAT_SEQUENTIAL, 1, 7003},
		{4, {7000, 7002, 7004, 7006}, RD_NAT_SEQUENTIAL, 2, 7006},
		{4, {7003, 7002, 7001, 7000}, RD_NAT_SEQUENTIAL, -1, 7000},
		/* Somebody else took two. */
		{4, {7000, 7001, 7004, 7005}, RD_NAT_SEQUENTIAL, 1, 7005},
		/* The last one's port was taken, though its answer was lost. */
		{4, {7000, 7001, 7002, 0}, RD_NAT_SEQUENTIAL, 1, 7003},
		{2, {7000, 7001}, RD_NAT_SEQUENTIAL, 1, 7001},
		{2, {7000, 7100}, RD_NAT_RANDOM, 0, 7100},
		{4, {7000, 31000, 12000, 50001}, RD_NAT_RANDOM, 0, 50001},
		{4, {7000, 7001, 7000, 7001}, RD_NAT_RANDOM, 0, 7001},
		{4, {7000, 7000, 7001, 7009}, RD_NAT_RANDOM, 0, 7009},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rd_nat nat = judged(cases[i].count, cases[i].ports, &outside, 1);
		assert_int_equal(nat.mapping, cases[i].mapping);
		assert_int_equal(nat.step, cases[i].step);
		assert_int_equal(nat.seen.port, cases[i].seen);
	}
	/* Seen at an address of its own there is no NAT, even by one answer. */
	uint16_t same[] = {5000, 5000};
	assert_int_equal(judged(2, same, &own, 1).mapping, RD_NAT_NONE);
	assert_int_equal(judged(1, same, &own, 1).mapping, RD_NAT_NONE);
	assert_int_equal(judged(2, same, &own, 0).mapping, RD_NAT_INDEPENDENT);
}

/* A carrier's NAT with several addresses. */
static void
several_addresses(void **state)
{
	struct rd_nat_probe p;
	struct rd_nat nat;
	struct rd_addr to;
	uint8_t out[RD_STUN_MAX];
	(void)state;
	begin(&p, 2);
	rd_nat_send(&p, &to, out, BEGUN);
	answer(&p, &to, out, &outside, BEGUN);
	rd_nat_send(&p, &to, out, BEGUN);
	answer(&p, &to, out, &outside2, BEGUN);
	rd_nat_judge(&p, 4, NULL, 0, &nat);
	assert_int_equal(nat.mapping, RD_NAT_RANDOM);
	/* Nobody was asked by IPv6. */
	rd_nat_judge(&p, 6, NULL, 0, &nat);
	assert_int_equal(nat.mapping, RD_NAT_UNKNOWN);
}

static void
repeats(void **state)
{
	struct rd_nat_probe p;
	struct rd_addr to;
	uint8_t out[RD_STUN_MAX];
	uint64_t at[8], now = BEGUN;
	unsigned n = 0;
	(void)state;
	begin(&p, 1);
	while (!rd_nat_done(&p, now)) {
		while (rd_nat_send(&p, &to, out, now))
			at[n++] = now;
		assert_true(rd_nat_deadline(&p) > now);
		now = rd_nat_deadline(&p);
	}
	assert_int_equal(n, 3);
	assert_true(at[0] == BEGUN && at[1] == BEGUN + 50 * MS && at[2] == BEGUN + 150 * MS);
	assert_true(now == BEGUN + RD_NAT_BUDGET_NS);
}

static void
what_is_no_answer(void **state)
{
	struct rd_nat_probe p;
	struct rd_addr to, from;
	uint8_t request[RD_STUN_MAX], out[RD_STUN_MAX];
	struct rd_stun s;
	(void)state;
	begin(&p, 1);
	assert_false(rd_nat_receive(&p, &outside, (const uint8_t *)"what", 4, BEGUN));
	rd_nat_send(&p, &to, request, BEGUN);
	assert_false(rd_nat_receive(&p, &to, request, RD_STUN_REQUEST, BEGUN));
	assert_int_equal(rd_stun_parse(&s, request, RD_STUN_REQUEST), 0);
	s.kind = RD_STUN_SUCCESS;
	s.mapped = outside;
	size_t len = rd_stun_put(out, &s);
	from = to;
	from.port++;
	assert_false(rd_nat_receive(&p, &from, out, len, BEGUN));
	s.id[3] ^= 1;
	len = rd_stun_put(out, &s);
	assert_false(rd_nat_receive(&p, &to, out, len, BEGUN));
	s.id[3] ^= 1;
	/* An error is an answer, and says nothing. */
	s.kind = RD_STUN_ERROR;
	s.error = 500;
	len = rd_stun_put(out, &s);
	assert_true(rd_nat_receive(&p, &to, out, len, BEGUN));
	assert_false(rd_nat_done(&p, BEGUN));
	answer(&p, &to, request, &outside, BEGUN + 7 * MS);
	assert_true(rd_nat_done(&p, BEGUN + 7 * MS));
	assert_int_equal(p.server[0].rtt_ns, 7 * MS);
	assert_true(rd_nat_deadline(&p) == UINT64_MAX);
	/* The first counts. */
	answer(&p, &to, request, &outside2, BEGUN + 8 * MS);
	assert_true(rd_addr_equal(&p.server[0].seen, &outside));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),
		cmocka_unit_test(several_addresses),
		cmocka_unit_test(repeats),
		cmocka_unit_test(what_is_no_answer),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "net/portmap_pcp.h"

static const uint8_t nonce[RD_PCP_NONCE] = "twelve bytes";
static const struct rd_addr client = {.family = 4, .ip = {192, 168, 1, 7}};

/* RFC 6887, figures 2 and 9, by hand. */
static const uint8_t request[RD_PCP_SIZE] = {
	2, 1, 0, 0, 0, 0, 0x1c, 0x20,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 192, 168, 1, 7,
	't', 'w', 'e', 'l', 'v', 'e', ' ', 'b', 'y', 't', 'e', 's',
	17, 0, 0, 0, 0x52, 0x7e, 0x52, 0x7e,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0,
};

/* Figures 3 and 10: port 40000 of 203.0.113.5, for an hour. */
static const uint8_t answer[RD_PCP_SIZE] = {
	2, 0x81, 0, 0, 0, 0, 0x0e, 0x10, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	't', 'w', 'e', 'l', 'v', 'e', ' ', 'b', 'y', 't', 'e', 's',
	17, 0, 0, 0, 0x52, 0x7e, 0x9c, 0x40,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 5,
};

static void
test_bytes(void **state)
{
	(void)state;
	struct rd_pcp_map map = {.internal = 21118, .external = 21118, .lifetime_s = 7200};
	struct rd_pcp_answer a;
	uint8_t out[RD_PCP_SIZE], bytes[RD_PCP_SIZE];
	memcpy(map.nonce, nonce, sizeof(nonce));
	rd_pcp_request_put(out, &client, &map);
	assert_memory_equal(out, request, RD_PCP_SIZE);
	assert_int_equal(rd_pcp_answer_parse(&a, answer, RD_PCP_SIZE), 0);
	assert_int_equal(a.result, RD_PCP_OK);
	assert_int_equal(a.map.lifetime_s, 3600);
	assert_int_equal(a.epoch_s, 9);
	assert_int_equal(a.map.internal, 21118);
	assert_int_equal(a.map.external, 40000);
	assert_int_equal(a.map.outside.family, 4);
	assert_memory_equal(a.map.outside.ip, "\xcb\x00\x71\x05", 4);
	for (size_t n = 0; n < RD_PCP_SIZE; n++)
		assert_int_equal(rd_pcp_answer_parse(&a, answer, n), -EPROTO);
	/* A request is no answer; nor is another protocol's, or a mapping to no port. */
	assert_int_equal(rd_pcp_answer_parse(&a, request, RD_PCP_SIZE), -EPROTO);
	memcpy(bytes, answer, sizeof(bytes));
	bytes[36] = 6;
	assert_int_equal(rd_pcp_answer_parse(&a, bytes, RD_PCP_SIZE), -EPROTO);
	bytes[36] = 17, bytes[42] = bytes[43] = 0;
	assert_int_equal(rd_pcp_answer_parse(&a, bytes, RD_PCP_SIZE), -EPROTO);
}

static void
test_versions(void **state)
{
	(void)state;
	static const uint8_t natpmp[8] = {0, 0x81, 0, 1, 0, 0, 0, 7};
	static const uint8_t other[24] = {1, 0x81, 0, 1};
	static const uint8_t ours[24] = {2, 0x81, 0, 1};
	static const uint8_t natpmp_yes[12] = {0, 0x80, 0, 0};
	struct rd_pcp_answer a;
	assert_int_equal(rd_pcp_answer_parse(&a, natpmp, sizeof(natpmp)), -EOPNOTSUPP);
	assert_int_equal(rd_pcp_answer_parse(&a, other, sizeof(other)), -EOPNOTSUPP);
	assert_int_equal(rd_pcp_answer_parse(&a, ours, sizeof(ours)), -EOPNOTSUPP);
	assert_int_equal(rd_pcp_answer_parse(&a, natpmp_yes, sizeof(natpmp_yes)), -EPROTO);
}

#define S RD_NS_PER_S

static uint64_t
next_request(struct rd_pcp *p, uint32_t *lifetime_s)
{
	uint8_t out[RD_PCP_SIZE];
	uint64_t at = rd_pcp_deadline(p);
	assert_int_equal(at > 0 ? rd_pcp_send(p, at - 1, out) : 0, 0);
	assert_int_equal(rd_pcp_send(p, at, out), RD_PCP_SIZE);
	*lifetime_s = (uint32_t)out[4] << 24 | (uint32_t)out[5] << 16 | (uint32_t)out[6] << 8 | out[7];
	return at;
}

static void
assert_between(uint64_t v, uint64_t low, uint64_t high)
{
	assert_true(v >= low && v <= high);
}

/* Nobody answers: 3 s, twice as long each time, 1024 s at most. */
static void
test_silence(void **state)
{
	(void)state;
	struct rd_pcp p;
	uint32_t life;
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	uint64_t at = next_request(&p, &life), wait = 3 * S;
	assert_int_equal(at, 0);
	assert_int_equal(life, 7200);
	for (int i = 0; i < 14; i++) {
		uint64_t next = next_request(&p, &life);
		if (next - at < 1024 * S)
			assert_between(next - at, wait, wait + wait / 4);
		else
			assert_int_equal(next - at, 1024 * S);
		wait = 2 * (next - at);
		at = next;
	}
	assert_int_equal(at - 0 > 5000 * S, 1);
}

static void
test_renewed(void **state)
{
	(void)state;
	struct rd_pcp p;
	uint8_t moved[RD_PCP_SIZE];
	uint32_t life;
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	next_request(&p, &life);
	assert_int_equal(rd_pcp_receive(&p, S, answer, RD_PCP_SIZE), RD_PCP_MAPPED);
	assert_int_equal(p.map.external, 40000);
	uint64_t at = next_request(&p, &life);
	assert_between(at, S + 1800 * S, S + 1915 * S);
	/* The same again is no news; another address is. */
	assert_int_equal(rd_pcp_receive(&p, at, answer, RD_PCP_SIZE), RD_PCP_NOTHING);
	memcpy(moved, answer, sizeof(moved));
	moved[RD_PCP_SIZE - 1] = 6;
	at = next_request(&p, &life);
	assert_int_equal(rd_pcp_receive(&p, at, moved, RD_PCP_SIZE), RD_PCP_MAPPED);
	/* Then the router is gone: asked at 1/2, 3/4, 7/8 … until the time is over. */
	uint64_t end = at + 3600 * S;
	int asked = 0;
	while (rd_pcp_deadline(&p) < end) {
		at = next_request(&p, &life);
		assert_int_equal(rd_pcp_tick(&p, at), RD_PCP_NOTHING);
		asked++;
	}
	assert_between((uint64_t)asked, 8, 14);
	assert_int_equal(rd_pcp_tick(&p, end), RD_PCP_LOST);
	assert_int_equal(rd_pcp_deadline(&p), UINT64_MAX);
}

static void
test_released(void **state)
{
	(void)state;
	struct rd_pcp p;
	uint8_t bytes[RD_PCP_SIZE];
	uint32_t life = 1;
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	next_request(&p, &life);
	rd_pcp_receive(&p, S, answer, RD_PCP_SIZE);
	rd_pcp_release(&p, 2 * S);
	assert_int_equal(next_request(&p, &life), 2 * S);
	assert_int_equal(life, 0);
	/* An answer to an earlier renewal is not it. */
	assert_int_equal(rd_pcp_receive(&p, 2 * S, answer, RD_PCP_SIZE), RD_PCP_NOTHING);
	memcpy(bytes, answer, sizeof(bytes));
	bytes[6] = bytes[7] = 0;
	assert_int_equal(rd_pcp_receive(&p, 2 * S, bytes, RD_PCP_SIZE), RD_PCP_RELEASED);
	/* Without an answer it is over within a second. */
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	rd_pcp_release(&p, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(rd_pcp_tick(&p, next_request(&p, &life)), RD_PCP_NOTHING);
	assert_true(rd_pcp_deadline(&p) <= S);
	assert_int_equal(rd_pcp_tick(&p, rd_pcp_deadline(&p)), RD_PCP_RELEASED);
}

static void
test_refused(void **state)
{
	(void)state;
	static const uint8_t natpmp[8] = {0, 0x81, 0, 1};
	struct rd_pcp p;
	uint8_t bytes[RD_PCP_SIZE];
	uint32_t life;
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	next_request(&p, &life);
	memcpy(bytes, answer, sizeof(bytes));
	bytes[3] = 2; /* NOT_AUTHORIZED */
	/* Somebody else's nonce or port means nothing to us. */
	bytes[24] ^= 1;
	assert_int_equal(rd_pcp_receive(&p, 1, bytes, RD_PCP_SIZE), RD_PCP_NOTHING);
	bytes[24] ^= 1, bytes[41] ^= 1;
	assert_int_equal(rd_pcp_receive(&p, 1, bytes, RD_PCP_SIZE), RD_PCP_NOTHING);
	bytes[41] ^= 1;
	assert_int_equal(rd_pcp_receive(&p, 1, bytes, RD_PCP_SIZE), RD_PCP_REFUSED);
	assert_int_equal(p.result, 2);
	rd_pcp_want(&p, &client, 21118, nonce, 0);
	assert_int_equal(rd_pcp_receive(&p, 1, natpmp, sizeof(natpmp)), RD_PCP_UNSUPPORTED);
	assert_int_equal(rd_pcp_deadline(&p), UINT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_renewed),
		cmocka_unit_test(test_released),
		cmocka_unit_test(test_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/candidate.h"

static struct rd_addr
v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint16_t port)
{
	return (struct rd_addr){.family = 4, .port = port, .ip = {a, b, c, d}};
}

static int
parse(struct rd_candidates *c, const void *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);

	memcpy(exact, data, len);
	int err = rd_candidates_parse(c, exact, len);
	free(exact);
	return err;
}

static void
same(const struct rd_candidates *a, const struct rd_candidates *b)
{
	assert_int_equal(a->generation, b->generation);
	assert_true(rd_candidates_same(a, b));
}

#define EXAMPLE "\x04\x03\x02\x01\2\4\xfe\xff\4\0\x51\xc3\xc0\0\2\1\2" \
	"\0\4\0\x7e\x52\x0a\0\0\1\2\6\0\x7e\x52\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"

static void
their_bytes(void **state)
{
	struct rd_candidates c = {.generation = 0x01020304, .policy = RD_PATH_RELAY,
		.nat = {RD_NAT_SEQUENTIAL, -2, v4(192, 0, 2, 1, 50001)}}, back;
	struct rd_addr own = v4(10, 0, 0, 1, 21118);
	struct rd_addr v6 = {.family = 6, .port = 21118, .ip = {0x20, 1, 0x0d, 0xb8, [15] = 1}};
	struct rd_buf b = {0};

	(void)state;
	rd_candidates_add(&c, RD_CANDIDATE_HOST, &own);
	rd_candidates_add(&c, RD_CANDIDATE_REFLEXIVE, &v6);
	rd_candidates_pack(&b, &c);
	assert_int_equal(b.len, sizeof(EXAMPLE) - 1);
	assert_memory_equal(b.data, EXAMPLE, b.len);
	assert_int_equal(parse(&back, b.data, b.len), 0);
	same(&back, &c);
	rd_buf_finish(&b);
}

static void
every_truncation(void **state)
{
	struct rd_candidates c;

	(void)state;
	for (size_t n = 0; n < sizeof(EXAMPLE) - 1; n++) {
		assert_int_equal(parse(&c, EXAMPLE, n), -EPROTO);
		assert_int_equal(c.count, 0);
	}
	/* Room for later versions is behind it. */
	assert_int_equal(parse(&c, EXAMPLE "more", sizeof(EXAMPLE) + 3), 0);
	assert_int_equal(c.count, 2);
}

static void
nobody_lives_there(void **state)
{
	struct rd_candidates c = {0}, back;
	struct rd_buf b = {0};
	const struct rd_addr places[] = {
		v4(224, 0, 0, 1, 5), v4(239, 255, 255, 255, 5), v4(0, 0, 0, 0, 5), v4(0, 1, 2, 3, 5),
		v4(255, 255, 255, 255, 5), v4(10, 0, 0, 1, 0), {0},
		{.family = 6, .port = 5}, {.family = 6, .port = 5, .ip = {0xff, 2, [15] = 1}},
		{.family = 6, .port = 5, .ip = {0xfe, 0x80, [15] = 1}, .scope = 2},
		{.family = 4, .port = 5, .ip = {10, 0, 0, 1}, .stream = true},
		{.family = 4, .port = 5, .ip = {10, 0, 0, 1}, .relayed = true},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		rd_candidates_add(&c, RD_CANDIDATE_HOST, &places[i]);
	assert_int_equal(c.count, sizeof(places) / sizeof(places[0]));
	rd_candidates_pack(&b, &c);
	assert_int_equal(parse(&back, b.data, b.len), 0);
	assert_int_equal(back.count, 0);
	rd_buf_finish(&b);
	/* and when somebody else says so */
	assert_int_equal(parse(&back, "\1\0\0\0\0\0\0\0\4\0\0\0\1\2\3\4\3\0\4\0\1\0\xe0\0\0\1"
		"\3\4\0\1\0\x0a\0\0\1\0\4\0\1\0\x0a\0\0\1", 44), 0);
	assert_int_equal(back.nat.seen.family, 0);
	assert_int_equal(back.count, 1);
	assert_int_equal(back.list[0].addr.port, 1);
}

/* Kinds that are our own guesses are not told. */
static void
what_is_never_told(void **state)
{
	struct rd_candidates c = {0}, back;
	struct rd_buf b = {0};

	(void)state;
	for (unsigned kind = 0; kind <= RD_CANDIDATE_PREDICTED; kind++) {
		struct rd_addr a = v4(10, 0, 0, 1, (uint16_t)(kind + 1));
		rd_candidates_add(&c, kind, &a);
	}
	rd_candidates_pack(&b, &c);
	assert_int_equal(parse(&back, b.data, b.len), 0);
	assert_int_equal(back.count, 3);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(back.list[i].kind, i);
	rd_buf_finish(&b);
}

static void
a_full_list(void **state)
{
	struct rd_candidates c = {.nat.seen = {.family = 6, .port = 1, .ip = {0x20}}}, back;
	struct rd_buf b = {0};

	(void)state;
	for (unsigned i = 0; i < RD_CANDIDATES + 5; i++) {
		struct rd_addr a = {.family = 6, .port = 7, .ip = {0x20, (uint8_t)i}};
		rd_candidates_add(&c, RD_CANDIDATE_HOST, &a);
		rd_candidates_add(&c, RD_CANDIDATE_REFLEXIVE, &a);
	}
	assert_int_equal(c.count, RD_CANDIDATES);
	rd_candidates_pack(&b, &c);
	assert_true(b.len <= RD_CANDIDATES_BYTES);
	assert_int_equal(parse(&back, b.data, b.len), 0);
	same(&back, &c);
	/* One more than there may be. */
	size_t at = 8 + 20;
	assert_int_equal(b.data[at], RD_CANDIDATES);
	b.data[at]++;
	rd_buf_bytes(&b, "\0\4\0\1\0\x0a\0\0\1", 9);
	assert_int_equal(parse(&back, b.data, b.len), -EPROTO);
	rd_buf_finish(&b);
}

/* What we do not know of a NAT is as if it were not said. */
static void
later_versions(void **state)
{
	struct rd_candidates c;

	(void)state;
	assert_int_equal(parse(&c, "\1\0\0\0\x09\x09\5\0\0\0\0\0\0", 13), 0);
	assert_int_equal(c.policy, RD_PATH_AUTO);
	assert_int_equal(c.nat.mapping, RD_NAT_UNKNOWN);
	assert_int_equal(c.nat.step, 0);
	assert_int_equal(c.count, 0);
}

static void
whatever_is_told_is_understood(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 1000; round++) {
		struct rd_candidates c = {.generation = (uint32_t)dice(), .policy = dice_below(3),
			.nat.mapping = dice_below(RD_NAT_BLOCKED + 1)}, back;
		struct rd_buf b = {0};
		if (c.nat.mapping == RD_NAT_SEQUENTIAL)
			c.nat.step = (int16_t)dice();
		for (unsigned n = (unsigned)dice_below(RD_CANDIDATES + 1); n > 0; n--) {
			struct rd_addr a = {.family = dice() & 1 ? 4 : 6, .port = (uint16_t)(1 + dice_below(65535))};
			dice_bytes(a.ip, a.family == 4 ? 4 : 16);
			a.ip[0] = a.family == 4 ? 10 : 0x20;
			rd_candidates_add(&c, dice_below(3), &a);
		}
		rd_candidates_pack(&b, &c);
		assert_int_equal(parse(&back, b.data, b.len), 0);
		same(&back, &c);
		rd_buf_finish(&b);
	}
}

static void
names(void **state)
{
	(void)state;
	assert_string_equal(rd_nat_mapping_name(RD_NAT_INDEPENDENT), "independent");
	assert_string_equal(rd_nat_mapping_name(RD_NAT_BLOCKED), "blocked");
	assert_string_equal(rd_nat_mapping_name(99), "unknown");
}

static void
others_are_not_the_same(void **state)
{
	struct rd_candidates a = {.generation = 1, .nat = {RD_NAT_SEQUENTIAL, 2, v4(192, 0, 2, 1, 9)}};
	struct rd_addr own = v4(10, 0, 0, 1, 21118);

	(void)state;
	rd_candidates_add(&a, RD_CANDIDATE_HOST, &own);
	struct rd_candidates b = a;
	b.generation = 2;
	assert_true(rd_candidates_same(&a, &b));
	b.nat.seen.port++;
	assert_false(rd_candidates_same(&a, &b));
	b = a;
	b.nat.step = 1;
	assert_false(rd_candidates_same(&a, &b));
	b = a;
	b.policy = RD_PATH_RELAY;
	assert_false(rd_candidates_same(&a, &b));
	b = a;
	b.list[0].kind = RD_CANDIDATE_MAPPED;
	assert_false(rd_candidates_same(&a, &b));
	b = a;
	b.list[0].addr.ip[3] = 2;
	assert_false(rd_candidates_same(&a, &b));
	b.count = 0;
	assert_false(rd_candidates_same(&a, &b));
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(their_bytes),
		cmocka_unit_test(others_are_not_the_same),
		cmocka_unit_test(every_truncation),
		cmocka_unit_test(nobody_lives_there),
		cmocka_unit_test(what_is_never_told),
		cmocka_unit_test(a_full_list),
		cmocka_unit_test(later_versions),
		cmocka_unit_test(whatever_is_told_is_understood),
		cmocka_unit_test(names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* CPace against the draft's vectors, and what must not lead to one secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "net/cpace.h"
#include "vector.h"

struct value {
	char name[16];
	uint8_t bytes[64];
	size_t len;
};

static struct value values[32];
static size_t value_count;

static int
read_vectors(void **state)
{
	char line[512], hex[256];
	FILE *f = vector_open("cpace-ristr255-sha512.txt");

	(void)state;
	value_count = 0;
	while (fgets(line, sizeof(line), f)) {
		struct value *v = &values[value_count];

		if (line[0] == '#' || sscanf(line, "%15s %255s", v->name, hex) != 2)
			continue;
		v->len = vector_hex(hex, v->bytes, sizeof(v->bytes));
		assert_true(++value_count < sizeof(values) / sizeof(values[0]));
	}
	fclose(f);
	return 0;
}

static const struct value *
value(const char *name)
{
	for (size_t i = 0; i < value_count; i++)
		if (strcmp(values[i].name, name) == 0)
			return &values[i];
	fail_msg("no %s in the vectors", name);
	return NULL;
}

static void
start_vector(struct rd_cpace *c, const uint8_t scalar[32])
{
	const struct value *prs = value("prs"), *ci = value("ci"), *sid = value("sid");

	rd_cpace_start(c, prs->bytes, prs->len, ci->bytes, ci->len, sid->bytes, sid->len, scalar);
}

static int
finish_vector(struct rd_cpace *c, bool initiator, const uint8_t *peer, uint8_t isk[64])
{
	const struct value *ada = value("ada"), *adb = value("adb");

	return rd_cpace_finish(c, initiator, peer, ada->bytes, ada->len, adb->bytes, adb->len, isk);
}

static void
generator_is_the_drafts(void **state)
{
	static const uint8_t one[32] = { 1 };
	struct rd_cpace c;

	(void)state;
	start_vector(&c, one);
	assert_memory_equal(c.share, value("generator")->bytes, 32);
	rd_cpace_wipe(&c);
}

static void
both_ends_as_the_draft_says(void **state)
{
	struct rd_cpace a, b;
	uint8_t isk[RD_CPACE_SECRET];

	(void)state;
	start_vector(&a, value("ya")->bytes);
	assert_memory_equal(a.share, value("Ya")->bytes, 32);
	start_vector(&b, value("yb")->bytes);
	assert_memory_equal(b.share, value("Yb")->bytes, 32);
	assert_int_equal(finish_vector(&b, false, a.share, isk), 0);
	assert_memory_equal(isk, value("isk_ir")->bytes, 64);
	memset(isk, 0, sizeof(isk));
	assert_int_equal(finish_vector(&a, true, value("Yb")->bytes, isk), 0);
	assert_memory_equal(isk, value("isk_ir")->bytes, 64);
	assert_true(sodium_is_zero(a.scalar, 32) && sodium_is_zero(b.scalar, 32));
}

/* --- the same strings, put together plainly ------------------------------------ */

static size_t
put_lv(uint8_t *at, const void *data, size_t len)
{
	size_t n = 0;

	assert_true(len < 128 * 128);
	if (len >= 128)
		at[n++] = (uint8_t)(len % 128 + 128);
	at[n++] = (uint8_t)(len >= 128 ? len / 128 : len);
	memcpy(at + n, data, len);
	return n + len;
}

static void
expect_isk(const uint8_t k[32], const uint8_t ya[32], const uint8_t yb[32], uint8_t isk[64])
{
	uint8_t text[512];
	size_t n = put_lv(text, "CPaceRistretto255_ISK", 21);

	n += put_lv(text + n, value("sid")->bytes, value("sid")->len);
	n += put_lv(text + n, k, 32);
	n += put_lv(text + n, ya, 32);
	n += put_lv(text + n, value("ada")->bytes, value("ada")->len);
	n += put_lv(text + n, yb, 32);
	n += put_lv(text + n, value("adb")->bytes, value("adb")->len);
	crypto_hash_sha512(isk, text, n);
}

/* The draft's product of a scalar and a point is the K that goes into the secret. */
static void
valid_point(void **state)
{
	struct rd_cpace c;
	uint8_t isk[64], expected[64];

	(void)state;
	start_vector(&c, value("s")->bytes);
	expect_isk(value("sX")->bytes, c.share, value("X")->bytes, expected);
	assert_int_equal(finish_vector(&c, true, value("X")->bytes, isk), 0);
	assert_memory_equal(isk, expected, 64);
	start_vector(&c, value("s")->bytes);
	expect_isk(value("sX")->bytes, value("X")->bytes, c.share, expected);
	assert_int_equal(finish_vector(&c, false, value("X")->bytes, isk), 0);
	assert_memory_equal(isk, expected, 64);
}

static void
invalid_points_abort(void **state)
{
	static const char *const names[] = { "invalid1", "invalid2" };
	uint8_t isk[64], before[64], ones[32];
	struct rd_cpace c;

	(void)state;
	memset(before, 0x5a, sizeof(before));
	memset(ones, 0xff, sizeof(ones));
	for (int i = 0; i < 3; i++) {
		for (int initiator = 0; initiator < 2; initiator++) {
			memcpy(isk, before, sizeof(isk));
			start_vector(&c, value("s")->bytes);
			assert_int_equal(finish_vector(&c, initiator,
				i < 2 ? value(names[i])->bytes : ones, isk), -EPROTO);
			assert_memory_equal(isk, before, sizeof(isk));
			assert_true(sodium_is_zero(c.scalar, 32));
		}
	}
}

/* A password that fills the hash's first block alone gets no padding. */
static void
long_passwords(void **state)
{
	static const uint8_t one[32] = { 1 };
	static const size_t lengths[] = { 0, 1, 107, 108, 109, 110, 127, 128, 300 };
	uint8_t prs[300], text[1024], zeros[128] = { 0 }, hash[64], g[32];
	struct rd_cpace c;

	(void)state;
	for (size_t i = 0; i < sizeof(prs); i++)
		prs[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t len = lengths[i], n = put_lv(text, "CPaceRistretto255", 17);

		n += put_lv(text + n, prs, len);
		n += put_lv(text + n, zeros, n < 127 ? 127 - n : 0);
		n += put_lv(text + n, "ci", 2);
		n += put_lv(text + n, "sid", 3);
		crypto_hash_sha512(hash, text, n);
		crypto_core_ristretto255_from_hash(g, hash);
		rd_cpace_start(&c, prs, len, "ci", 2, "sid", 3, one);
		assert_memory_equal(c.share, g, 32);
		rd_cpace_wipe(&c);
	}
}

/* --- two ends that do not quite agree ------------------------------------------- */

struct inputs { const char *prs, *ci, *sid, *ada, *adb; };

static void
run(const struct inputs *a, const struct inputs *b, bool roles, uint8_t isk[2][64])
{
	struct rd_cpace x, y;

	rd_cpace_start(&x, a->prs, strlen(a->prs), a->ci, strlen(a->ci), a->sid, strlen(a->sid), NULL);
	rd_cpace_start(&y, b->prs, strlen(b->prs), b->ci, strlen(b->ci), b->sid, strlen(b->sid), NULL);
	assert_memory_not_equal(x.share, y.share, 32);
	assert_int_equal(rd_cpace_finish(&x, 1, y.share, a->ada, strlen(a->ada), a->adb,
		strlen(a->adb), isk[0]), 0);
	assert_int_equal(rd_cpace_finish(&y, !roles, x.share, b->ada, strlen(b->ada), b->adb,
		strlen(b->adb), isk[1]), 0);
}

static void
one_secret_only_for_equal_inputs(void **state)
{
	static const struct inputs good = { "orbit-cactus", "rd\1", "0123456789abcdef", "A", "B" };
	static const struct inputs others[] = {
		{ "orbit-cactuS", "rd\1", "0123456789abcdef", "A", "B" },
		{ "orbit-cactus", "rd\2", "0123456789abcdef", "A", "B" },
		{ "orbit-cactus", "rd\1", "0123456789abcdeF", "A", "B" },
		{ "orbit-cactus", "rd\1", "0123456789abcdef", "a", "B" },
		{ "orbit-cactus", "rd\1", "0123456789abcdef", "A", "b" },
		{ "orbit-cactus", "rd\1", "0123456789abcdef", "AB", "" },
		{ "orbit-cactus", "rd\1""0", "123456789abcdef", "A", "B" },
		{ "orbit-cactusr", "d\1", "0123456789abcdef", "A", "B" },
		{ "", "", "", "", "" },
	};
	uint8_t isk[2][64], again[2][64];

	(void)state;
	run(&good, &good, true, isk);
	assert_memory_equal(isk[0], isk[1], 64);
	run(&good, &good, true, again);
	assert_memory_equal(again[0], again[1], 64);
	assert_memory_not_equal(isk[0], again[0], 64);
	run(&good, &good, false, isk);
	assert_memory_not_equal(isk[0], isk[1], 64);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		run(&good, &others[i], true, isk);
		assert_memory_not_equal(isk[0], isk[1], 64);
	}
}

static void
wipes(void **state)
{
	struct rd_cpace c;

	(void)state;
	rd_cpace_start(&c, "p", 1, "c", 1, "s", 1, NULL);
	assert_false(sodium_is_zero(c.scalar, 32));
	rd_cpace_wipe(&c);
	assert_true(sodium_is_zero((const uint8_t *)&c, sizeof(c)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(generator_is_the_drafts),
		cmocka_unit_test(both_ends_as_the_draft_says),
		cmocka_unit_test(valid_point),
		cmocka_unit_test(invalid_points_abort),
		cmocka_unit_test(long_passwords),
		cmocka_unit_test(one_secret_only_for_equal_inputs),
		cmocka_unit_test(wipes),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, read_vectors, NULL);
}

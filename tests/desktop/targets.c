#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "desktop/targets.h"

static uint32_t atoms[RD_TARGETS];

static int
set_up(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < RD_TARGETS; i++)
		atoms[i] = 500 + i;
	return 0;
}

static uint32_t
atom(const char *name)
{
	for (int i = 0; i < RD_TARGETS; i++)
		if (strcmp(rd_targets[i].name, name) == 0)
			return atoms[i];
	fail_msg("%s is no target", name);
	return 0;
}

/* A browser's list: several names of text, and much that is not shared. */
static void
test_kinds_of_a_list(void **state)
{
	const uint32_t list[] = {1, 2, atom("STRING"), atom("text/html"), 77, atom("UTF8_STRING"), 0,
		atom("text/plain")};
	const size_t n = sizeof(list) / sizeof(list[0]);
	struct rd_clip_offer o = {0};
	(void)state;
	rd_targets_parse(&o, list, n, atoms);
	assert_int_equal(o.count, 2);
	assert_string_equal(o.kind[0].name, RD_CLIP_TEXT);
	assert_string_equal(o.kind[1].name, RD_CLIP_HTML);
	assert_true(o.kind[0].size == RD_CLIP_SIZE_UNKNOWN);
	assert_int_equal(o.flags, 0);
	/* UTF-8 is asked for, wherever it stands. */
	assert_string_equal(rd_targets[rd_targets_best(RD_CLIP_TEXT, list, n, atoms)].name, "UTF8_STRING");
	assert_string_equal(rd_targets[rd_targets_best(RD_CLIP_TEXT, list, 3, atoms)].name, "STRING");
	assert_int_equal(rd_targets_best(RD_CLIP_PNG, list, n, atoms), -1);
	assert_int_equal(rd_targets_best("a/b", list, n, atoms), -1);
}

static void
test_a_password_is_marked(void **state)
{
	const uint32_t list[] = {atom("UTF8_STRING"), atom("x-kde-passwordManagerHint")};
	struct rd_clip_offer o = {0};
	(void)state;
	rd_targets_parse(&o, list, 2, atoms);
	assert_int_equal(o.count, 1);
	assert_int_equal(o.flags, RD_CLIP_SECRET);
}

static void
test_nothing_of_nothing(void **state)
{
	const uint32_t zeros[4] = {0}, none[RD_TARGETS] = {0};
	struct rd_clip_offer o = {0};
	(void)state;
	rd_targets_parse(&o, zeros, 0, atoms);
	/* Atoms that the server would not make are no wildcards. */
	rd_targets_parse(&o, zeros, 4, none);
	assert_int_equal(o.count, 0);
	assert_int_equal(rd_targets_best(RD_CLIP_TEXT, zeros, 4, none), -1);
}

static void
test_marks(void **state)
{
	const struct rd_clip_offer o = {.origin = UINT64_C(0x1122334455667788), .hops = 3,
		.flags = RD_CLIP_SECRET};
	struct rd_clip_offer back = {0};
	uint32_t words[RD_MARK_WORDS + 1] = {0};
	(void)state;
	rd_mark_pack(words, &o);
	assert_true(rd_mark_parse(&back, words, RD_MARK_WORDS));
	assert_true(back.origin == o.origin);
	assert_int_equal(back.hops, 3);
	assert_int_equal(back.flags, RD_CLIP_SECRET);
	assert_false(rd_mark_parse(&back, words, RD_MARK_WORDS - 1));
	assert_false(rd_mark_parse(&back, words, RD_MARK_WORDS + 1));
	words[2] = 256;
	assert_false(rd_mark_parse(&back, words, RD_MARK_WORDS));
}

static void
test_origins_differ(void **state)
{
	(void)state;
	assert_true(rd_origin(1, 2, 3, 4) == rd_origin(1, 2, 3, 4));
	assert_true(rd_origin(1, 2, 3, 4) != rd_origin(1, 2, 3, 5));
	assert_true(rd_origin(1, 2, 3, 4) != rd_origin(1, 2, 4, 4));
	assert_true(rd_origin(1, 2, 3, 4) != rd_origin(1, 3, 3, 4));
	assert_true(rd_origin(1, 2, 3, 4) != rd_origin(2, 2, 3, 4));
}

static void
test_latin1(void **state)
{
	static const char utf8[] = "f\xc3\xbcr \xe6\xbc\xa2!";
	struct rd_buf b = {0};
	uint8_t out[16];
	(void)state;
	rd_latin1_to_utf8(&b, (const uint8_t *)"f\xfcr", 3);
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, utf8, 4);
	rd_buf_finish(&b);
	assert_int_equal(rd_utf8_to_latin1(out, (const uint8_t *)utf8, strlen(utf8)), 6);
	assert_memory_equal(out, "f\xfcr ?!", 6);
	/* What is no UTF-8, and a character that is cut off. */
	assert_int_equal(rd_utf8_to_latin1(out, (const uint8_t *)"a\xff\xc3", 3), 3);
	assert_memory_equal(out, "a??", 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds_of_a_list),
		cmocka_unit_test(test_a_password_is_marked),
		cmocka_unit_test(test_nothing_of_nothing),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_origins_differ),
		cmocka_unit_test(test_latin1),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}

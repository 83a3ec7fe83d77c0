#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "dice.h"
#include "net/code.h"

/* --- the list --- */

static void
the_words_are_sorted_and_short(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RD_CODE_LIST; i++) {
		const char *w = rd_code_list[i];
		if (!w || strlen(w) < 3 || strlen(w) > 7 ||
			strspn(w, "abcdefghijklmnopqrstuvwxyz") != strlen(w))
			fail_msg("word %u: %s", i, w ? w : "(none)");
		if (i > 0 && strcmp(rd_code_list[i - 1], w) >= 0)
			fail_msg("%s stands after %s", w, rd_code_list[i - 1]);
	}
}

/* Sorted, so those that begin the same are neighbours; nor does one begin another. */
static void
four_letters_tell_a_word(void **state)
{
	(void)state;
	for (unsigned i = 1; i < RD_CODE_LIST; i++) {
		const char *a = rd_code_list[i - 1], *b = rd_code_list[i];
		size_t n = strlen(a) < 4 ? strlen(a) : 4;
		if (strncmp(a, b, n) == 0)
			fail_msg("%s and %s", a, b);
	}
}

/* One letter more, less or other, or two swapped, makes b of a. */
static bool
one_slip(const char *a, const char *b)
{
	size_t alen = strlen(a), blen = strlen(b), same = 0;

	if (alen > blen)
		return one_slip(b, a);
	while (a[same] && a[same] == b[same])
		same++;
	if (blen == alen + 1)
		return strcmp(a + same, b + same + 1) == 0;
	if (blen != alen || a[same] == '\0')
		return blen == alen;
	if (strcmp(a + same + 1, b + same + 1) == 0)
		return true;
	return a[same] == b[same + 1] && a[same + 1] == b[same] &&
		strcmp(a + same + 2, b + same + 2) == 0;
}

static void
no_slip_makes_another_word(void **state)
{
	(void)state;
	assert_true(one_slip("house", "mouse") && one_slip("cat", "cart") && one_slip("cart", "cat"));
	assert_true(one_slip("angel", "angle") && one_slip("abc", "abcd") && one_slip("a", "a"));
	assert_false(one_slip("cart", "brat") || one_slip("cat", "carts") || one_slip("abc", "cab"));
	for (unsigned i = 0; i < RD_CODE_LIST; i++)
		for (unsigned k = 0; k < i; k++)
			if (one_slip(rd_code_list[i], rd_code_list[k]))
				fail_msg("%s and %s", rd_code_list[k], rd_code_list[i]);
}

/* --- codes --- */

static unsigned
index_of(const char *word)
{
	unsigned first;

	assert_int_equal(rd_code_complete(word, &first), 1);
	return first;
}

static struct rd_code
example(void)
{
	return (struct rd_code){7, {(uint16_t)index_of("orbit"), (uint16_t)index_of("cactus"),
		(uint16_t)index_of("lamp"), (uint16_t)index_of("river")}};
}

static void
same(const struct rd_code *a, const struct rd_code *b)
{
	assert_int_equal(a->slot, b->slot);
	assert_memory_equal(a->word, b->word, sizeof(a->word));
}

static void
as_people_type_it(void **state)
{
	static const char *const texts[] = {
		"7-orbit-cactus-lamp-river", "7 orbit cactus lamp river", "7.orbit.cactus.lamp.river",
		"  7 - Orbit - CACTUS - lamp - river\r\n", "07-orbi-cact-lam-rive", "7-orb-cac-lamp-river",
		"0000000007--orbit cactus\tlamp.-river-",
	};
	struct rd_code want = example(), c;
	const char *why;
	char text[RD_CODE_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (rd_code_parse(&c, texts[i], &why) != 0)
			fail_msg("%s: %s", texts[i], why);
		same(&c, &want);
	}
	assert_string_equal(rd_code_text(&want, text), texts[0]);
}

static void
what_is_no_code(void **state)
{
	static const char *const number = "a code begins with a number, like 7-orbit-cactus-lamp-river";
	static const char *const few = "words are missing; a code is a number and four words";
	static const struct { const char *text, *why; } bad[] = {
		{"", number}, {"-", number}, {"orbit-cactus-lamp-river", number}, {"0-orbit", number},
		{"4294967296-orbit-cactus-lamp-river", number}, {"00000000007-orbit-cactus-lamp-river", number},
		{"7x-orbit-cactus-lamp-river", number}, {"-7x", number}, {"+7-orbit", number},
		{"7", few}, {"7-", few}, {"7-orbit-cactus-lamp", few}, {"7-orbit-cactus-lamp-", few},
		{"7-orbit-cactus-lamp-river-orbit", "there is more in it than a number and four words"},
		{"7-orbitt-cactus-lamp-river", "no code has the word \"orbitt\"; did you mean \"orbit\"?"},
		{"7-orbit-CAKTUS-lamp-river", "no code has the word \"caktus\"; did you mean \"cactus\"?"},
		{"7-orbit-cactus-lamp-rvier", "no code has the word \"rvier\"; did you mean \"river\"?"},
		{"7-xxxxxxxx-cactus-lamp-river", "no code has the word \"xxxxxxxx\""},
		{"7-or-cactus-lamp-river", "no code has the word \"or\""},
		{"7-orbit-c\x1b[2Jus-lamp-river", "after its number a code has only words and dashes"},
		{"7-8-9-10-11", "after its number a code has only words and dashes"},
		{"7-abcdefghijklmnopqrstuvwxyzabcdefg-cactus", "a word of it is too long; none has more than seven letters"},
	};
	struct rd_code c, zero = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = NULL;
		if (rd_code_parse(&c, bad[i].text, &why) != -EINVAL)
			fail_msg("%s is taken", bad[i].text);
		assert_string_equal(why, bad[i].why);
		same(&c, &zero);
	}
	const char *why;
	assert_int_equal(rd_code_parse(&c, "4294967295-orbit-cactus-lamp-river", &why), 0);
}

/* Every word, whole and cut to four letters, alone in its place. */
static void
every_word_is_understood(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RD_CODE_LIST; i++)
		for (int cut = 0; cut < 2; cut++) {
			struct rd_code c;
			const char *why;
			char text[64];
			snprintf(text, sizeof(text), cut ? "1-%.4s-orbit-orbit-orbit" : "1-%s-orbit-orbit-orbit",
				rd_code_list[i]);
			if (rd_code_parse(&c, text, &why) != 0)
				fail_msg("%s: %s", text, why);
			assert_int_equal(c.word[0], i);
		}
}

static void
completion(void **state)
{
	unsigned first, count;

	(void)state;
	assert_int_equal(rd_code_complete("", &first), RD_CODE_LIST);
	assert_int_equal(first, 0);
	count = rd_code_complete("Ca", &first);
	assert_true(count > 10);
	for (unsigned i = 0; i < RD_CODE_LIST; i++)
		assert_int_equal(strncmp(rd_code_list[i], "ca", 2) == 0, i - first < count);
	assert_int_equal(rd_code_complete("qq", &first), 0);
	assert_int_equal(rd_code_complete("zzz", &first), 0);
	assert_int_equal(rd_code_complete("orbits", &first), 0);
}

static void
what_looks_like_one(void **state)
{
	static const char *const good[] = {
		"7-orbit-cactus-lamp-river", "7-foo-bar-baz-quux", "123 A B C D", "0-a-b-c-d",
	};
	static const char *const bad[] = {
		"", "7", "7-a-b-c", "7-a-b-c-", "7-a-b-c-d-", "7-a-b-c-d-e", "-a-b-c-d", "x-a-b-c-d",
		"7.a.b.c.d", "7--a-b-c-d", "7-a-b-c-1", "build-7-a-b-c", "192.0.2.1", "7-a-b-c-d.example.org",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!rd_code_looks(good[i]))
			fail_msg("%s", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (rd_code_looks(bad[i]))
			fail_msg("%s", bad[i]);
}

/* Each of 40 bits is thrown: in 200 codes every bit is seen set and clear. */
static void
new_ones_are_thrown(void **state)
{
	unsigned set[RD_CODE_WORDS] = {0}, clear[RD_CODE_WORDS] = {0};

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct rd_code c, back;
		const char *why;
		char text[RD_CODE_TEXT];
		rd_code_new(&c, 1 + (uint32_t)dice_below(UINT32_MAX));
		assert_int_equal(rd_code_parse(&back, rd_code_text(&c, text), &why), 0);
		assert_true(rd_code_looks(text));
		same(&c, &back);
		for (unsigned k = 0; k < RD_CODE_WORDS; k++) {
			set[k] |= c.word[k];
			clear[k] |= ~c.word[k] & (RD_CODE_LIST - 1);
		}
	}
	for (unsigned k = 0; k < RD_CODE_WORDS; k++) {
		assert_int_equal(set[k], RD_CODE_LIST - 1);
		assert_int_equal(clear[k], RD_CODE_LIST - 1);
	}
}

/* The slot is no part of it: CPace's channel identifier has that. */
static void
what_cpace_gets(void **state)
{
	static const char text[] = "rd-codeorbit-cactus-lamp-river";
	struct rd_code c = example();
	uint8_t prs[32], want[32];

	(void)state;
	crypto_generichash(want, sizeof(want), (const uint8_t *)text, sizeof(text) - 1, NULL, 0);
	rd_code_prs(&c, prs);
	assert_memory_equal(prs, want, sizeof(want));
	c.slot++;
	rd_code_prs(&c, prs);
	assert_memory_equal(prs, want, sizeof(want));
	rd_code_wipe(&c);
	assert_int_equal(c.slot, 0);
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_are_sorted_and_short),
		cmocka_unit_test(four_letters_tell_a_word),
		cmocka_unit_test(no_slip_makes_another_word),
		cmocka_unit_test(as_people_type_it),
		cmocka_unit_test(what_is_no_code),
		cmocka_unit_test(every_word_is_understood),
		cmocka_unit_test(completion),
		cmocka_unit_test(what_looks_like_one),
		cmocka_unit_test(new_ones_are_thrown),
		cmocka_unit_test(what_cpace_gets),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

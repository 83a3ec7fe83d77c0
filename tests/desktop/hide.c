#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "desktop/hide.h"

#define WIDTH 200
#define HEIGHT 150

/* ---- which windows ---- */

static struct rd_hide
hiding(const char *text)
{
	struct rd_hide h = {0};
	const char *error = NULL;
	assert_int_equal(rd_hide_add_window(&h, text, &error), 0);
	return h;
}

static bool
hides(const char *text, const char *title, const char *class, size_t class_len)
{
	struct rd_hide h = hiding(text);
	struct rd_hide_look look = {
		.title = {{NULL, 0}, {title, strlen(title)}},
		.class = {class, class_len},
	};
	return rd_hide_matches(&h, &look);
}

static void
knows_titles_and_classes(void **state)
{
	(void)state;
	static const char class[] = "keepassxc\0KeePassXC";
	const size_t len = sizeof(class);
	assert_true(hides("bank", "My BANK account", class, len));
	assert_true(hides("account", "My BANK account", class, len));
	assert_false(hides("banks", "My BANK account", class, len));
	assert_false(hides("keepassxc", "My BANK account", class, len));
	assert_true(hides("class:keepassxc", "", class, len));
	assert_true(hides("class:KEEPASSXC", "", class, len));
	assert_false(hides("class:keepass", "", class, len));
	assert_false(hides("class:bank", "My BANK account", class, len));
	/* Two names, and the second not ended. */
	assert_true(hides("class:b", "", "a\0b", 3));
	assert_true(hides("class:a", "", "a\0b", 3));
	assert_false(hides("class:ab", "", "a\0b", 3));
	assert_false(hides("class:b", "", "", 0));
	assert_false(hides("x", "", "", 0));
	/* A number is not for looks. */
	assert_false(hides("0x1c00003", "0x1c00003", "", 0));
}

static void
takes_what_it_does_not_know_for_a_match(void **state)
{
	(void)state;
	struct rd_hide title = hiding("bank"), class = hiding("class:bank");
	struct rd_hide_look look = {.title = {{"a very long one", 15}}, .cut = true};
	assert_true(rd_hide_matches(&title, &look));
	assert_false(rd_hide_matches(&class, &look));
}

static void
judges_what_a_person_writes(void **state)
{
	(void)state;
	struct rd_hide h = {0};
	const char *error = NULL;
	static const char *const bad[] = {"", "0", "class:", "99999999999999999999"};
	for (int i = 0; i < 4; i++)
		assert_int_equal(rd_hide_add_window(&h, bad[i], &error), -22);
	assert_false(rd_hide_any(&h));
	assert_false(rd_hide_any(NULL));
	assert_int_equal(rd_hide_add_window(&h, "0x1c00003", &error), 0);
	assert_int_equal(h.window[0].id, 0x1c00003);
	assert_int_equal(rd_hide_add_window(&h, "-1", &error), 0);
	assert_int_equal(h.window[1].id, 0);
	for (int i = 0; i < RD_HIDE_MAX; i++)
		assert_int_equal(rd_hide_add_rect(&h, "10x20+30+40", &error), 0);
	assert_int_equal(rd_hide_add_rect(&h, "10x20+30+40", &error), -22);
	assert_non_null(error);
	assert_int_equal(h.rect[63].h, 20);
	assert_true(rd_hide_any(&h));
}

/* ---- which pixels ---- */

static pixman_region32_t
random_region(int rects, int size)
{
	pixman_region32_t r;
	pixman_region32_init(&r);
	for (int i = 0; i < rects; i++)
		rd_region_add(&r, (struct rd_rect){rand() % WIDTH, rand() % HEIGHT, 1 + rand() % size, 1 + rand() % size});
	pixman_region32_intersect_rect(&r, &r, 0, 0, WIDTH, HEIGHT);
	return r;
}

static bool
overlap(pixman_region32_t *a, pixman_region32_t *b)
{
	pixman_region32_t both;
	pixman_region32_init(&both);
	pixman_region32_intersect(&both, a, b);
	bool some = pixman_region32_not_empty(&both);
	pixman_region32_fini(&both);
	return some;
}

/* What is wanted and in none of the three. */
static bool
forgets(pixman_region32_t *wanted, struct rd_hide_parts *p)
{
	pixman_region32_t rest;
	pixman_region32_init(&rest);
	pixman_region32_subtract(&rest, wanted, &p->fetched);
	pixman_region32_subtract(&rest, &rest, &p->solid);
	pixman_region32_subtract(&rest, &rest, &p->owed);
	bool some = pixman_region32_not_empty(&rest);
	pixman_region32_fini(&rest);
	return some;
}

static void
check(pixman_region32_t *wanted, pixman_region32_t *hidden, bool whole, int few, int max)
{
	struct rd_hide_parts p;
	pixman_region32_t both;
	rd_hide_parts_init(&p);
	pixman_region32_init(&both);
	rd_hide_split(&p, wanted, hidden, whole, few, max);
	assert_false(overlap(&p.fetched, hidden));
	assert_false(overlap(&p.fetched, &p.solid));
	assert_false(overlap(&p.fetched, &p.owed));
	assert_false(forgets(wanted, &p));
	assert_true(pixman_region32_n_rects(&p.fetched) <= max);
	assert_true(pixman_region32_n_rects(&p.solid) <= max);
	/* Something is done, and a whole picture is covered. */
	pixman_region32_union(&both, &p.fetched, &p.solid);
	assert_true(pixman_region32_not_empty(&both) == pixman_region32_not_empty(wanted));
	pixman_region32_subtract(&both, wanted, &both);
	assert_true(!whole || !pixman_region32_not_empty(&both));
	pixman_region32_fini(&both);
	rd_hide_parts_finish(&p);
}

static void
never_fetches_what_is_hidden(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < 2000; i++) {
		pixman_region32_t wanted = random_region(rand() % 40, 60), whole;
		pixman_region32_t hidden = random_region(rand() % 60, i % 2 ? 5 : 50);
		pixman_region32_init_rect(&whole, 0, 0, WIDTH, HEIGHT);
		check(&wanted, &hidden, false, 12, 60);
		check(&wanted, &hidden, false, 12, 12);
		check(&whole, &hidden, true, 12, 60);
		check(&whole, &hidden, true, 12, 12);
		pixman_region32_fini(&wanted);
		pixman_region32_fini(&hidden);
		pixman_region32_fini(&whole);
	}
}

/* What is put off comes in the next pictures, all of it, after a number of them. */
static void
owes_nothing_in_the_end(void **state)
{
	(void)state;
	srand(2);
	for (int i = 0; i < 50; i++) {
		struct rd_hide_parts p;
		pixman_region32_t wanted, hidden = random_region(100, 5);
		pixman_region32_init_rect(&wanted, 0, 0, WIDTH, HEIGHT);
		rd_hide_parts_init(&p);
		int frames = 0;
		while (pixman_region32_not_empty(&wanted)) {
			rd_hide_split(&p, &wanted, &hidden, frames == 0, 12, 12);
			pixman_region32_copy(&wanted, &p.owed);
			assert_true(++frames < 500);
		}
		assert_true(frames > 1);
		pixman_region32_fini(&wanted);
		pixman_region32_fini(&hidden);
		rd_hide_parts_finish(&p);
	}
}

/* Damage beside something hidden is fetched as ever, and what is hidden is not painted again. */
static void
leaves_alone_what_it_does_not_touch(void **state)
{
	(void)state;
	struct rd_hide_parts p;
	pixman_region32_t wanted, hidden;
	rd_hide_parts_init(&p);
	pixman_region32_init_rect(&wanted, 0, 0, 10, 10);
	pixman_region32_init_rect(&hidden, 20, 20, 10, 10);
	rd_hide_split(&p, &wanted, &hidden, false, 12, 60);
	assert_true(pixman_region32_equal(&p.fetched, &wanted));
	assert_false(pixman_region32_not_empty(&p.solid));
	assert_false(pixman_region32_not_empty(&p.owed));
	pixman_region32_fini(&wanted);
	pixman_region32_fini(&hidden);
	rd_hide_parts_finish(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_titles_and_classes),
		cmocka_unit_test(takes_what_it_does_not_know_for_a_match),
		cmocka_unit_test(judges_what_a_person_writes),
		cmocka_unit_test(never_fetches_what_is_hidden),
		cmocka_unit_test(owes_nothing_in_the_end),
		cmocka_unit_test(leaves_alone_what_it_does_not_touch),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

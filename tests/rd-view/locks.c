#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rd-view/locks.h"

#define CAPS 58
#define NUM 69
#define A 30
#define LOCK_ALL ((1u << RD_LOCK_COUNT) - 1)

static struct rd_locks
all(unsigned on)
{
	return (struct rd_locks){LOCK_ALL, (uint8_t)on};
}

/* A window that has the keyboard, at a desktop whose locks are these. */
static struct locks
at(unsigned here, unsigned there)
{
	struct locks l = {.on = true};
	assert_true(locks_focus(&l, true, all(here)));
	locks_there(&l, all(there));
	return l;
}

static void
the_desktop_follows_when_the_window_gets_the_keyboard(void **state)
{
	(void)state;
	struct locks l = at(RD_LOCK_CAPS, RD_LOCK_CAPS);

	assert_false(locks_press(&l, A));
	assert_false(locks_focus(&l, false, all(0)));
	/* Changed elsewhere, by another window's keys. */
	assert_false(locks_here(&l, all(RD_LOCK_NUM), 0));
	assert_true(locks_focus(&l, true, all(RD_LOCK_NUM)));
	assert_int_equal(l.there.on, RD_LOCK_NUM);
	assert_false(locks_press(&l, A));
}

static void
a_key_that_switches_is_not_done_twice(void **state)
{
	(void)state;
	struct locks l = at(0, 0);

	/* The window system tells of the lock before the key, … */
	assert_false(locks_here(&l, all(RD_LOCK_CAPS), CAPS));
	assert_false(locks_press(&l, CAPS));
	assert_true(locks_release(&l, CAPS, all(RD_LOCK_CAPS)));
	locks_there(&l, all(RD_LOCK_CAPS));
	assert_false(locks_press(&l, A));
	/* … or after it; and unlocks when it is let go. */
	assert_false(locks_press(&l, CAPS));
	assert_false(locks_release(&l, CAPS, all(RD_LOCK_CAPS)));
	assert_true(locks_here(&l, all(0), 0));
	assert_false(locks_press(&l, A));
}

static void
a_key_pressed_meanwhile_comes_as_it_is_here(void **state)
{
	(void)state;
	struct locks l = at(0, 0);

	assert_false(locks_press(&l, NUM));
	assert_false(locks_here(&l, all(RD_LOCK_NUM), NUM));
	assert_true(locks_press(&l, A));
	assert_false(locks_release(&l, NUM, all(RD_LOCK_NUM)));
}

static void
a_program_switches_at_once(void **state)
{
	(void)state;
	struct locks l = at(0, 0);

	assert_true(locks_here(&l, all(RD_LOCK_CAPS), 0));
	assert_false(locks_here(&l, all(RD_LOCK_CAPS), 0));
	assert_false(locks_press(&l, A));
}

static void
who_types_decides_and_nobody_answers(void **state)
{
	(void)state;
	struct locks l = at(0, 0);

	/* Somebody at the desktop: nothing, until there is a key. */
	locks_there(&l, all(RD_LOCK_CAPS));
	assert_true(locks_press(&l, A));
	assert_false(locks_press(&l, A));
	/* What it says to that is no reason to say it again. */
	locks_there(&l, all(0));
	assert_false(locks_press(&l, A));
}

static void
what_one_of_them_has_not_does_not_count(void **state)
{
	(void)state;
	struct locks l = at(0, 0);

	locks_there(&l, (struct rd_locks){RD_LOCK_CAPS, 0});
	assert_false(locks_here(&l, all(RD_LOCK_SCROLL), 0));
	assert_false(locks_press(&l, A));
	assert_true(locks_here(&l, all(RD_LOCK_SCROLL | RD_LOCK_CAPS), 0));
	assert_int_equal(l.there.on, RD_LOCK_CAPS);
}

static void
a_peer_that_knows_none_is_told_nothing(void **state)
{
	(void)state;
	struct locks l = {0};

	assert_false(locks_focus(&l, true, all(RD_LOCK_CAPS)));
	assert_false(locks_press(&l, A));
	assert_false(locks_here(&l, all(0), 0));
	assert_false(locks_release(&l, A, all(0)));
}

static void
are_said_in_words(void **state)
{
	(void)state;
	char text[LOCKS_TEXT];

	assert_string_equal(locks_text(all(0), text), "none");
	assert_string_equal(locks_text(all(RD_LOCK_NUM), text), "num");
	assert_string_equal(locks_text(all(LOCK_ALL), text), "caps,num,scroll");
	assert_string_equal(locks_text((struct rd_locks){0xff, 0xff}, text), "caps,num,scroll");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_desktop_follows_when_the_window_gets_the_keyboard),
		cmocka_unit_test(a_key_that_switches_is_not_done_twice),
		cmocka_unit_test(a_key_pressed_meanwhile_comes_as_it_is_here),
		cmocka_unit_test(a_program_switches_at_once),
		cmocka_unit_test(who_types_decides_and_nobody_answers),
		cmocka_unit_test(what_one_of_them_has_not_does_not_count),
		cmocka_unit_test(a_peer_that_knows_none_is_told_nothing),
		cmocka_unit_test(are_said_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "rd-view/touch.h"

#define SECOND UINT64_C(1000000000)

/* What comes of it, as words. */
struct hand {
	struct touch t;
	struct touch_act out[TOUCH_ACTS];
	char text[512];
};

static void
note(struct hand *h, int n)
{
	static const char button[] = "lrm";
	assert_in_range(n, 0, TOUCH_ACTS);
	for (int i = 0; i < n; i++) {
		const struct touch_act *a = &h->out[i];
		char word[64];
		if (a->kind == TOUCH_MOVE)
			snprintf(word, sizeof(word), "@%.0f,%.0f ", a->x, a->y);
		else if (a->kind == TOUCH_TURN)
			snprintf(word, sizeof(word), "w%.1f,%.1f ", a->x + 0.0, a->y + 0.0);
		else
			snprintf(word, sizeof(word), "%c%c ", a->kind == TOUCH_PRESS ? '+' : '-',
				button[a->button]);
		strncat(h->text, word, sizeof(h->text) - strlen(h->text) - 1);
	}
}

static void
down(struct hand *h, int id, double x, double y)
{
	note(h, touch_down(&h->t, id, x, y, SECOND, h->out));
}

static void
moved(struct hand *h, int id, double x, double y)
{
	note(h, touch_motion(&h->t, id, x, y, h->out));
}

static void
up(struct hand *h, int id)
{
	note(h, touch_up(&h->t, id, h->out));
}

static void
gave(struct hand *h, const char *want)
{
	assert_string_equal(h->text, want);
	h->text[0] = '\0';
}

static void
a_tap_clicks(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 7, 100, 50);
	gave(&h, "@100,50 ");
	/* A finger is not that steady. */
	moved(&h, 7, 104, 47);
	gave(&h, "");
	up(&h, 7);
	gave(&h, "@100,50 +l -l ");
	assert_int_equal(touch_due(&h.t), UINT64_MAX);
	down(&h, 8, 10, 10);
	up(&h, 8);
	gave(&h, "@10,10 @10,10 +l -l ");
}

static void
a_finger_that_moves_drags(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 1, 100, 50);
	moved(&h, 1, 130, 50);
	gave(&h, "@100,50 @100,50 +l @130,50 ");
	moved(&h, 1, 131, 51);
	gave(&h, "@131,51 ");
	/* Another one changes nothing, also when it is lifted first. */
	down(&h, 2, 300, 300);
	moved(&h, 2, 320, 300);
	up(&h, 2);
	gave(&h, "");
	moved(&h, 1, 140, 60);
	up(&h, 1);
	gave(&h, "@140,60 -l ");
}

static void
a_finger_that_rests_is_the_right_button(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 1, 20, 30);
	h.text[0] = '\0';
	assert_true(touch_due(&h.t) == SECOND + TOUCH_LONG_NS);
	note(&h, touch_rested(&h.t, SECOND + TOUCH_LONG_NS - 1, h.out));
	gave(&h, "");
	note(&h, touch_rested(&h.t, SECOND + TOUCH_LONG_NS, h.out));
	gave(&h, "@20,30 +r ");
	assert_int_equal(touch_due(&h.t), UINT64_MAX);
	moved(&h, 1, 25, 35);
	up(&h, 1);
	gave(&h, "@25,35 -r ");
	/* One that drags does not rest any more. */
	down(&h, 1, 20, 30);
	moved(&h, 1, 90, 30);
	h.text[0] = '\0';
	note(&h, touch_rested(&h.t, 9 * SECOND, h.out));
	gave(&h, "");
}

static void
two_fingers_turn_the_wheel(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 1, 100, 100);
	down(&h, 2, 200, 100);
	h.text[0] = '\0';
	moved(&h, 1, 100, 110);
	gave(&h, "");
	/* The page goes down with them: up with the wheel. */
	moved(&h, 2, 200, 150);
	gave(&h, "w0.0,1.0 ");
	moved(&h, 1, 100, 50);
	gave(&h, "w0.0,-1.0 ");
	moved(&h, 2, 320, 150);
	gave(&h, "w-2.0,0.0 ");
	up(&h, 1);
	moved(&h, 2, 20, 15);
	up(&h, 2);
	gave(&h, "");
	down(&h, 3, 1, 2);
	up(&h, 3);
	gave(&h, "@1,2 @1,2 +l -l ");
}

static void
a_tap_of_two_fingers_is_the_right_button(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 1, 100, 100);
	down(&h, 2, 140, 100);
	h.text[0] = '\0';
	up(&h, 2);
	gave(&h, "@100,100 +r -r ");
	up(&h, 1);
	gave(&h, "");
	/* Of three nothing is known. */
	down(&h, 1, 100, 100);
	down(&h, 2, 140, 100);
	down(&h, 3, 180, 100);
	h.text[0] = '\0';
	up(&h, 3);
	up(&h, 2);
	up(&h, 1);
	gave(&h, "");
}

static void
what_was_let_go_by_others_is_not_let_go_again(void **state)
{
	(void)state;
	struct hand h = {0};

	down(&h, 1, 100, 100);
	moved(&h, 1, 200, 100);
	h.text[0] = '\0';
	touch_cancel(&h.t);
	moved(&h, 1, 300, 100);
	up(&h, 1);
	gave(&h, "");
	touch_cancel(&h.t);
	down(&h, 1, 5, 5);
	up(&h, 1);
	gave(&h, "@5,5 @5,5 +l -l ");
}

static void
more_hands_than_anybody_has(void **state)
{
	(void)state;
	struct hand h = {0};

	for (int i = 0; i < 100; i++)
		down(&h, i, i, i);
	assert_int_equal(h.t.count, TOUCH_FINGERS);
	for (int i = 99; i >= 0; i--) {
		moved(&h, i, 500, 500);
		up(&h, i);
		up(&h, i);
	}
	assert_int_equal(h.t.count, 0);
	assert_int_equal(h.t.state, TOUCH_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tap_clicks),
		cmocka_unit_test(a_finger_that_moves_drags),
		cmocka_unit_test(a_finger_that_rests_is_the_right_button),
		cmocka_unit_test(two_fingers_turn_the_wheel),
		cmocka_unit_test(a_tap_of_two_fingers_is_the_right_button),
		cmocka_unit_test(what_was_let_go_by_others_is_not_let_go_again),
		cmocka_unit_test(more_hands_than_anybody_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

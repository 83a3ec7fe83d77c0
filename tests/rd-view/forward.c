#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/loop.h"
#include "rd-view/forward.h"

/* What was sent, as words. */
struct wire {
	struct rd_loop *loop;
	struct forward f;
	char text[1024];
	int held;	/* HELDs until the loop ends */
};

static void
take(void *ctx, const struct rd_input *in)
{
	struct wire *w = ctx;
	char word[64] = "";
	switch (in->kind) {
	case RD_INPUT_KEY:
		snprintf(word, sizeof(word), "%c%u=%x ", in->down ? '+' : '-', in->code, in->keysym);
		break;
	case RD_INPUT_BUTTON:
		snprintf(word, sizeof(word), "%cb%u ", in->down ? '+' : '-', in->code);
		break;
	case RD_INPUT_POINTER:
		snprintf(word, sizeof(word), "@%d,%d ", in->x, in->y);
		break;
	case RD_INPUT_MOTION:
		snprintf(word, sizeof(word), "~%d,%d ", in->x, in->y);
		break;
	case RD_INPUT_WHEEL:
		snprintf(word, sizeof(word), "w%d,%d ", in->x, in->y);
		break;
	case RD_INPUT_TEXT:
		snprintf(word, sizeof(word), "'%.*s' ", (int)in->text_len, in->text);
		break;
	case RD_INPUT_LOCKS:
		snprintf(word, sizeof(word), "l%u/%u ", in->locks.known, in->locks.on);
		break;
	case RD_INPUT_TAKE:
	case RD_INPUT_HELD:
		snprintf(word, sizeof(word), "held%d/%u ", in->held_count, in->buttons);
		if (--w->held == 0)
			rd_loop_stop(w->loop, 0);
		break;
	}
	strncat(w->text, word, sizeof(w->text) - strlen(w->text) - 1);
}

static const struct view_host host = {.input = take};

static int
open_wire(void **state)
{
	static struct wire w;
	w = (struct wire){.loop = rd_loop_new()};
	forward_open(&w.f, w.loop, &host, &w);
	w.f.on = true;
	*state = &w;
	return 0;
}

static int
close_wire(void **state)
{
	struct wire *w = *state;
	forward_close(&w->f);
	rd_loop_free(w->loop);
	return 0;
}

static void
sent(struct wire *w, const char *want)
{
	assert_string_equal(w->text, want);
	w->text[0] = 0;
}

static void
keys_go_down_and_up_once(void **state)
{
	struct wire *w = *state;
	forward_key(&w->f, 30, 'a', true);
	forward_key(&w->f, 30, 'a', true);
	sent(w, "+30=61 ");
	/* as what it went down, whatever it means by now */
	forward_key(&w->f, 30, 'b', false);
	forward_key(&w->f, 30, 'b', false);
	forward_key(&w->f, 31, 's', false);
	sent(w, "-30=61 ");
}

static void
only_the_newest_place_is_sent(void **state)
{
	struct wire *w = *state;
	forward_pointer(&w->f, 1, 1);
	forward_pointer(&w->f, 2, 3);
	sent(w, "");
	forward_flush(&w->f);
	forward_flush(&w->f);
	sent(w, "@2,3 ");
	forward_motion(&w->f, 1, 2);
	forward_motion(&w->f, 3, 4);
	forward_flush(&w->f);
	sent(w, "~4,6 ");
}

static void
the_pointer_is_there_before_what_happens_there(void **state)
{
	struct wire *w = *state;
	forward_pointer(&w->f, 5, 6);
	forward_button(&w->f, RD_BUTTON_LEFT, true);
	forward_pointer(&w->f, 7, 8);
	forward_wheel(&w->f, 0, 120);
	forward_pointer(&w->f, 9, 9);
	forward_text(&w->f, "hi");
	forward_button(&w->f, RD_BUTTON_LEFT, false);
	sent(w, "@5,6 +b0 @7,8 w0,120 @9,9 'hi' -b0 ");
}

static void
everything_is_let_go(void **state)
{
	struct wire *w = *state;
	forward_key(&w->f, 29, 1, true);
	forward_key(&w->f, 30, 2, true);
	forward_button(&w->f, RD_BUTTON_RIGHT, true);
	w->text[0] = 0;
	forward_release_all(&w->f);
	sent(w, "-30=2 -29=1 -b1 ");
	forward_release_all(&w->f);
	sent(w, "");
	assert_false(w->f.held.set);
}

static void
what_is_down_is_repeated(void **state)
{
	struct wire *w = *state;
	w->held = 2;
	forward_key(&w->f, 42, 1, true);
	forward_button(&w->f, RD_BUTTON_MIDDLE, true);
	w->text[0] = 0;
	rd_loop_run(w->loop);
	sent(w, "held1/4 held1/4 ");
}

static void
more_keys_than_hands_are_left_out(void **state)
{
	struct wire *w = *state;
	for (uint16_t code = 1; code <= RD_INPUT_HELD_MAX + 10; code++)
		forward_key(&w->f, code, 0, true);
	assert_int_equal(w->f.key_count, RD_INPUT_HELD_MAX);
	forward_release_all(&w->f);
	assert_int_equal(w->f.key_count, 0);
}

static void
off_is_off(void **state)
{
	struct wire *w = *state;
	w->f.on = false;
	forward_key(&w->f, 30, 'a', true);
	forward_button(&w->f, 0, true);
	forward_pointer(&w->f, 1, 1);
	forward_motion(&w->f, 1, 1);
	forward_text(&w->f, "a");
	forward_wheel(&w->f, 1, 1);
	forward_flush(&w->f);
	forward_release_all(&w->f);
	sent(w, "");
	assert_false(w->f.held.set);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, open_wire, close_wire)
	const struct CMUnitTest tests[] = {
		TEST(keys_go_down_and_up_once),
		TEST(only_the_newest_place_is_sent),
		TEST(the_pointer_is_there_before_what_happens_there),
		TEST(everything_is_let_go),
		TEST(what_is_down_is_repeated),
		TEST(more_keys_than_hands_are_left_out),
		TEST(off_is_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "desktop/steps.h"

static int
add_text_of(struct rd_steps *s, uint8_t peer, const char *text)
{
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = text, .text_len = strlen(text)};

	return rd_steps_add(s, peer, &in);
}

static int
add_text(struct rd_steps *s, const char *text)
{
	return add_text_of(s, 0, text);
}

static int
add_wheel(struct rd_steps *s, int32_t y)
{
	struct rd_input in = {.kind = RD_INPUT_WHEEL, .y = y};

	return rd_steps_add(s, 0, &in);
}

static void
expect_keysym(struct rd_steps *s, uint32_t keysym)
{
	const struct rd_step *step = rd_steps_peek(s, 0);

	assert_non_null(step);
	assert_int_equal(step->kind, RD_INPUT_KEY);
	assert_int_equal(step->code, 0);
	assert_true(step->down);
	assert_int_equal(step->keysym, keysym);
	rd_steps_drop_first(s);
}

static void
makes_keys_of_characters(void **state)
{
	(void)state;
	struct rd_steps s = {0};

	assert_int_equal(add_text(&s, "aé€漢😀\t~"), 0);
	expect_keysym(&s, 'a');
	expect_keysym(&s, 0xe9);
	expect_keysym(&s, 0x010020ac);
	expect_keysym(&s, 0x01006f22);
	expect_keysym(&s, 0x0101f600);
	expect_keysym(&s, 0xff09);
	expect_keysym(&s, '~');
	assert_null(rd_steps_peek(&s, 0));
	rd_steps_finish(&s);
}

static void
makes_one_key_of_a_newline(void **state)
{
	(void)state;
	struct rd_steps s = {0};

	assert_int_equal(add_text(&s, "\r\n\n\r\x01"), 0);
	expect_keysym(&s, 0xff0d);
	expect_keysym(&s, 0xff0d);
	expect_keysym(&s, 0xff0d);
	assert_null(rd_steps_peek(&s, 0));
	rd_steps_finish(&s);
}

/* Checked text never is; a reader must not run over its end all the same. */
static void
stops_at_a_cut_character(void **state)
{
	(void)state;
	struct rd_steps s = {0};
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = "a\xf0\x9f\x98", .text_len = 4};

	assert_int_equal(rd_steps_add(&s, 0, &in), 0);
	expect_keysym(&s, 'a');
	assert_null(rd_steps_peek(&s, 0));
	rd_steps_finish(&s);
}

static void
keeps_the_order(void **state)
{
	(void)state;
	struct rd_steps s = {0};
	int32_t put = 0, got = 0;

	for (int round = 0; round < 500; round++) {
		for (int i = 0; i < round % 13; i++)
			assert_int_equal(add_wheel(&s, put++), 0);
		for (int i = 0; i < round % 11 && got < put; i++) {
			assert_int_equal(rd_steps_peek(&s, 0)->y, got++);
			rd_steps_drop_first(&s);
		}
		if (got < put)
			assert_int_equal(rd_steps_peek(&s, (size_t)(put - got - 1))->y, put - 1);
		assert_null(rd_steps_peek(&s, (size_t)(put - got)));
	}
	rd_steps_finish(&s);
}

static void
has_a_limit(void **state)
{
	(void)state;
	struct rd_steps s = {0};

	for (size_t i = 0; i < RD_STEPS_MAX; i++)
		assert_int_equal(add_wheel(&s, 1), 0);
	assert_int_equal(add_wheel(&s, 1), -ENOBUFS);
	assert_int_equal(add_text(&s, "a"), -ENOBUFS);
	rd_steps_drop_first(&s);
	assert_int_equal(add_text(&s, "ab"), -ENOBUFS);
	assert_int_equal(add_text(&s, "a"), 0);
	rd_steps_clear(&s);
	assert_null(rd_steps_peek(&s, 0));
	assert_int_equal(add_wheel(&s, 1), 0);
	rd_steps_finish(&s);
}

static void
expect_kind(struct rd_steps *s, enum rd_input_kind kind, bool down, uint8_t peer)
{
	const struct rd_step *step = rd_steps_peek(s, 0);

	assert_non_null(step);
	assert_int_equal(step->kind, kind);
	assert_int_equal(step->down, down);
	assert_int_equal(step->peer, peer);
	rd_steps_drop_first(s);
}

/* What is down comes up all the same, and others lose nothing. */
static void
forgets_one_peer(void **state)
{
	(void)state;
	struct rd_steps s = {0};
	struct rd_input key = {.kind = RD_INPUT_KEY, .code = 30, .down = true};
	struct rd_input button = {.kind = RD_INPUT_BUTTON, .code = RD_BUTTON_LEFT};
	struct rd_input take = {.kind = RD_INPUT_TAKE, .token = 5};

	assert_int_equal(add_text_of(&s, 1, "first"), 0);
	assert_int_equal(add_text_of(&s, 2, "x"), 0);
	assert_int_equal(rd_steps_add(&s, 1, &key), 0);
	key.down = false;
	assert_int_equal(rd_steps_add(&s, 1, &key), 0);
	assert_int_equal(rd_steps_add(&s, 1, &button), 0);
	assert_int_equal(rd_steps_add(&s, 1, &take), 0);
	assert_int_equal(rd_steps_add(&s, 2, &take), 0);
	rd_steps_drop_first(&s);
	rd_steps_forget(&s, 1);
	expect_kind(&s, RD_INPUT_KEY, true, 2);
	expect_kind(&s, RD_INPUT_KEY, false, 1);
	expect_kind(&s, RD_INPUT_BUTTON, false, 1);
	expect_kind(&s, RD_INPUT_TAKE, false, 2);
	assert_null(rd_steps_peek(&s, 0));
	assert_int_equal(add_text_of(&s, 1, "y"), 0);
	rd_steps_forget(&s, 1);
	assert_null(rd_steps_peek(&s, 0));
	rd_steps_finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_keys_of_characters),
		cmocka_unit_test(makes_one_key_of_a_newline),
		cmocka_unit_test(stops_at_a_cut_character),
		cmocka_unit_test(keeps_the_order),
		cmocka_unit_test(has_a_limit),
		cmocka_unit_test(forgets_one_peer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

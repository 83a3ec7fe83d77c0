#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "media/glyphs.h"
#include "rd-view/sprite.h"

static int
lines_of(const char *text, int columns)
{
	struct sprite one = sprite_text("x", columns, 1, false);
	struct sprite two = sprite_text("x\nx", columns, 1, false);
	struct sprite s = sprite_text(text, columns, 1, false);
	int line = two.im.height - one.im.height;
	int n = (s.im.height - one.im.height) / line + 1;
	sprite_finish(&one);
	sprite_finish(&two);
	sprite_finish(&s);
	return n;
}

static void
lines_are_folded(void **state)
{
	(void)state;
	assert_int_equal(lines_of("one", 20), 1);
	assert_int_equal(lines_of("one\ntwo\n", 20), 2);
	assert_int_equal(lines_of("one two three four", 9), 3);
	assert_int_equal(lines_of("nospacesinthisone", 5), 4);
	assert_int_equal(lines_of("one two", 0), 6);
}

/* What is folded goes on below the value: the column of labels stays free. */
static void
values_hang(void **state)
{
	(void)state;
	struct sprite hung = sprite_text("path  one two three\nx", 13, 1, false);
	struct sprite same = sprite_text("path  one two\n      three\nx", 13, 1, false);
	assert_int_equal(hung.im.width, same.im.width);
	assert_int_equal(hung.im.height, same.im.height);
	assert_memory_equal(hung.im.data, same.im.data, hung.im.stride * (size_t)hung.im.height);
	sprite_finish(&hung);
	sprite_finish(&same);
	assert_int_equal(lines_of("path   one two three", 14), 2);
	/* No room for a value beside that. */
	assert_int_equal(lines_of("path          one two three", 14), 2);
	assert_int_equal(lines_of("path  onetwothree", 1), 16);
}

static void
no_text_is_too_long(void **state)
{
	(void)state;
	char text[8192];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	struct sprite s = sprite_text(text, 10000, 1, true);
	assert_in_range(s.im.width, 1, 1000);
	assert_in_range(s.im.height, 1, 1000);
	sprite_finish(&s);
	assert_null(s.im.data);
}

static void
letters_are_opaque_and_the_box_is_not(void **state)
{
	(void)state;
	struct sprite s = sprite_text("#", 10, 1, false);
	int opaque = 0, box = 0;
	for (int i = 0; i < s.im.width * s.im.height; i++) {
		const uint8_t *p = s.im.data + 4 * (size_t)i;
		opaque += p[3] == 255;
		box += p[3] > 128 && p[3] < 255;
		/* premultiplied */
		assert_true(p[0] <= p[3] && p[1] <= p[3] && p[2] <= p[3]);
	}
	assert_int_equal(opaque + box, s.im.width * s.im.height);
	assert_true(opaque > 10 && box > opaque);
	sprite_finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_folded),
		cmocka_unit_test(values_hang),
		cmocka_unit_test(no_text_is_too_long),
		cmocka_unit_test(letters_are_opaque_and_the_box_is_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

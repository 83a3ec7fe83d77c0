#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rd-view/options.h"
#include "rd-view/stats.h"
#include "rd-view/terminal.h"

static struct options options;
static struct stats stats = {.width = 1920, .height = 1080, .span_ns = 1000000000,
	.last = {.frames = 30, .bytes = 437500, .decode_ns = 60000000}};

static struct terminal
terminal_of(int cols, bool controls)
{
	struct terminal t = {.cols = cols, .controls = controls, .path = "direct",
		.cfg = {.options = &options, .name = "office", .stats = &stats}};
	return t;
}

/* Each line ends with the keys, and what stands before them is whole. */
static void
parts_are_whole_or_not_there(void **state)
{
	static const char *const parts[] = {"office", "direct", "1920x1080", "30 fps", "3.500 Mbit/s",
		"decode 2.0 ms", "- 0x0", NULL};
	(void)state;
	for (int cols = 1; cols < 200; cols++) {
		struct terminal t = terminal_of(cols, true);
		char line[sizeof(t.status)], *rest = line, *part;
		t.figures = true;
		t.command = cols % 2;
		terminal_status(&t);
		assert_int_equal(strlen(t.status), cols);
		if (cols < 80)
			continue;
		memcpy(line, t.status, sizeof(line));
		assert_non_null(strstr(line, t.command ? "  Ctrl-] sends itself " : " Ctrl-] q ends "));
		*strstr(line, t.command ? " q ends" : " Ctrl-] q ends") = 0;
		for (int i = 0; (part = strstr(rest, " | ")) || *rest; i++) {
			if (part)
				*part = 0;
			while (*rest == ' ')
				rest++;
			assert_non_null(parts[i]);
			assert_memory_equal(rest, parts[i], strlen(parts[i]));
			if (!part)
				break;
			rest = part + 3;
		}
	}
}

static void
a_long_name_is_cut_and_says_so(void **state)
{
	struct terminal t = terminal_of(40, true);
	(void)state;
	t.cfg.name = "a-host-of-a-name-that-is-longer-than-the-terminal-is-wide";
	terminal_status(&t);
	assert_string_equal(t.status, " a-host-of-a-name-that-.. Ctrl-] q ends ");
	memcpy(t.notice, "the picture has stopped: the way is gone", 41);
	terminal_status(&t);
	assert_string_equal(t.status, " the picture has stoppe.. Ctrl-] q ends ");
}

static void
that_one_only_looks_on_is_worth_more_than_figures(void **state)
{
	struct terminal t = terminal_of(50, false);
	(void)state;
	terminal_status(&t);
	assert_string_equal(t.status, " office | direct | view only | 1920x1080   q ends ");
	t = terminal_of(60, false);
	stats.width = 0;
	terminal_status(&t);
	assert_non_null(strstr(t.status, " | view only | no picture yet"));
	stats.width = 1920;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_whole_or_not_there),
		cmocka_unit_test(a_long_name_is_cut_and_says_so),
		cmocka_unit_test(that_one_only_looks_on_is_worth_more_than_figures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <linux/input-event-codes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "media/input.h"
#include "rd-view/terminal_input.h"
#include "rd-view/terminal_keys.h"

/* Every event as words, so that a test is a table of what is sent and what it says. */
struct said {
	char text[4096];
};

static void
say(struct said *s, const char *words)
{
	size_t used = strlen(s->text);
	snprintf(s->text + used, sizeof(s->text) - used, "%s%s", used ? "; " : "", words);
}

static void
take(void *ctx, const struct terminal_event *e)
{
	static const char *const actions[] = {"struck", "down", "again", "up"};
	char w[2048];
	switch (e->kind) {
	case TERMINAL_KEY:
		snprintf(w, sizeof(w), "%s %u mods %u code %u means %x", actions[e->action], e->key, e->mods,
			terminal_keys_code(e), terminal_keys_meaning(e));
		break;
	case TERMINAL_MOUSE:
		snprintf(w, sizeof(w), "mouse %d %d button %d %s wheel %d %d", e->x, e->y, e->button,
			e->down ? "down" : "up", e->wheel_x, e->wheel_y);
		break;
	case TERMINAL_PASTE:
		snprintf(w, sizeof(w), "paste %.*s", (int)e->text_len, e->text);
		break;
	case TERMINAL_FOCUS:
		snprintf(w, sizeof(w), "focus %d", e->focused);
		break;
	case TERMINAL_ANSWER:
		snprintf(w, sizeof(w), "answer %d:", e->answer);
		for (int i = 0; i < e->count; i++)
			snprintf(w + strlen(w), sizeof(w) - strlen(w), " %u", e->n[i]);
		if (e->text)
			snprintf(w + strlen(w), sizeof(w) - strlen(w), " %.*s", (int)e->text_len, e->text);
		break;
	}
	say(ctx, w);
}

struct row {
	const char *sent, *said;
};

static void
check(const struct row *rows, size_t n, bool asking)
{
	for (size_t i = 0; i < n; i++) {
		const uint8_t *p = (const uint8_t *)rows[i].sent;
		size_t len = strlen(rows[i].sent);
		/* In one piece, and byte by byte: the same. */
		for (int bytewise = 0; bytewise < 2; bytewise++) {
			struct terminal_input in = {.asking = asking};
			struct said s = {0};
			for (size_t at = 0; bytewise && at < len; at++)
				terminal_input_feed(&in, p + at, 1, take, &s);
			if (!bytewise)
				terminal_input_feed(&in, p, len, take, &s);
			terminal_input_settle(&in, take, &s);
			assert_string_equal(s.text, rows[i].said);
			assert_int_equal(in.len, 0);
		}
	}
}
#define CHECK(rows, asking) check(rows, sizeof(rows) / sizeof((rows)[0]), asking)

static void
test_plain_keys(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a", "struck 97 mods 0 code 30 means 61"},
		{"A", "struck 65 mods 0 code 0 means 41"},
		{"é", "struck 233 mods 0 code 0 means e9"},
		{"漢", "struck 28450 mods 0 code 0 means 1006f22"},
		{"\r", "struck 13 mods 0 code 28 means ff0d"},
		{"\x7f", "struck 127 mods 0 code 14 means ff08"},
		{"\x03", "struck 99 mods 4 code 46 means 63"},
		{"\x1d", "struck 93 mods 4 code 27 means 5d"},
		{"\033", "struck 27 mods 0 code 1 means ff1b"},
		{"\033x", "struck 120 mods 2 code 45 means 78"},
		{"\033[", "struck 91 mods 2 code 26 means 5b"},
		{"\033O", "struck 79 mods 2 code 0 means 4f"},
		{"\033\033[A", "struck 27 mods 0 code 1 means ff1b; struck 57352 mods 0 code 103 means ff52"},
		{"\033[A", "struck 57352 mods 0 code 103 means ff52"},
		{"\033OA", "struck 57352 mods 0 code 103 means ff52"},
		{"\033[1;5D", "struck 57350 mods 4 code 105 means ff51"},
		{"\033[3~", "struck 57349 mods 0 code 111 means ffff"},
		{"\033[15;2~", "struck 57368 mods 1 code 63 means ffc2"},
		{"\033[24~", "struck 57375 mods 0 code 88 means ffc9"},
		{"\033OR", "struck 57366 mods 0 code 61 means ffc0"},
		{"\033[1;2R", "struck 57366 mods 1 code 61 means ffc0"},
		{"\033[Z", "struck 9 mods 1 code 15 means ff09"},
		{"\033[27;6;67~", "struck 67 mods 5 code 0 means 43"},
		{"\x80\xffz", "struck 122 mods 0 code 44 means 7a"},
		{"\033[99999999999999999999~b", "struck 98 mods 0 code 48 means 62"},
		{"\033[1;1\x18" "b", "struck 120 mods 4 code 45 means 78; struck 98 mods 0 code 48 means 62"},
	};
	CHECK(rows, false);
}

static void
test_kitty_keys(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"\033[97;1;97u", "down 97 mods 0 code 30 means 61"},
		{"\033[97;1:3u", "up 97 mods 0 code 30 means 61"},
		{"\033[97;1:2;97u", "again 97 mods 0 code 30 means 61"},
		{"\033[97:65;2;65u", "down 97 mods 1 code 30 means 41"},
		{"\033[97:65;6u", "down 97 mods 5 code 30 means 41"},
		{"\033[49:33;2;33u", "down 49 mods 1 code 2 means 21"},
		{"\033[57441;2u", "down 57441 mods 1 code 42 means ffe1"},
		{"\033[57441;1:3u", "up 57441 mods 0 code 42 means ffe1"},
		/* a Russian ef, where a US keyboard has an a */
		{"\033[1092:1060:97;1;1092u", "down 1092 mods 0 code 30 means 1000444"},
		{"\033[1;1:3A", "up 57352 mods 0 code 103 means ff52"},
		{"\033[57399;129;48u", "down 57399 mods 128 code 82 means ffb0"},
		{"\033[0u", ""},
	};
	CHECK(rows, false);
}

static void
test_mouse(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"\033[<0;10;5M", "mouse 9 4 button 0 down wheel 0 0"},
		{"\033[<0;10;5m", "mouse 9 4 button 0 up wheel 0 0"},
		{"\033[<2;1;1M", "mouse 0 0 button 1 down wheel 0 0"},
		{"\033[<1;1;1M", "mouse 0 0 button 2 down wheel 0 0"},
		{"\033[<128;1;1M", "mouse 0 0 button 3 down wheel 0 0"},
		{"\033[<35;3;4M", "mouse 2 3 button -1 up wheel 0 0"},
		{"\033[<32;3;4M", "mouse 2 3 button -1 up wheel 0 0"},
		{"\033[<64;3;4M", "mouse 2 3 button -1 up wheel 0 1"},
		{"\033[<65;3;4M", "mouse 2 3 button -1 up wheel 0 -1"},
		{"\033[<67;3;4M", "mouse 2 3 button -1 up wheel 1 0"},
		{"\033[<0;0;1M", ""},
		{"\033[<0M", ""},
		{"\033[I\033[O", "focus 1; focus 0"},
	};
	CHECK(rows, false);
}

static void
test_paste(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"\033[200~h\xc3\xa9llo\033[201~", "paste h\xc3\xa9llo"},
		{"\033[200~\x07\x80\033[201~a", "struck 97 mods 0 code 30 means 61"},
		{"\033[200~\033[201~", ""},
	};
	struct terminal_input in = {0};
	struct said s = {0};
	for (size_t i = 0; i < 3; i++) {
		s.text[0] = '\0';
		terminal_input_feed(&in, (const uint8_t *)rows[i].sent, strlen(rows[i].sent), take, &s);
		assert_string_equal(s.text, rows[i].said);
	}
	/* Ends of lines, and escapes in what is pasted. */
	static const char lines[] = "\033[200~a\r\nb\rc\n\033[31md\033[201~e";
	s.text[0] = '\0';
	terminal_input_feed(&in, (const uint8_t *)lines, sizeof(lines) - 1, take, &s);
	assert_string_equal(s.text,
		"paste a\nb\nc\n; paste [31md; struck 101 mods 0 code 18 means 65");
}

static void
test_answers(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"\033[?62;4;22c", "answer 0: 62 4 22"},
		{"\033[0n", "answer 1: 0"},
		{"\033[3;7R", "answer 2: 3 7"},
		{"\033[6;20;10t", "answer 3: 20 10"},
		{"\033[?2026;2$y", "answer 4: 2026 2"},
		{"\033[?5u", "answer 5: 5"},
		{"\033_Gi=31;OK\033\\", "answer 6:"},
		{"\033_Gi=31;ENOTSUPPORTED:no\033\\", "answer 6:"},
		{"\033[?1;0;256S", "answer 7: 1 0 256"},
		{"\033P1$r0;48:2::1:2:3m\033\\", "answer 8:"},
		{"\033P1$r0m\033\\", ""},
		{"\033P>|XTerm(379)\033\\", "answer 9: XTerm(379)"},
		{"\033P>|a\nb\033\\", "answer 9: a"},
		{"\033]11;rgb:0/0/0\007x", "struck 120 mods 0 code 45 means 78"},
		/* A string that something else cuts off. */
		{"\033P>|XT\033[A", "struck 57352 mods 0 code 103 means ff52"},
	};
	CHECK(rows, true);
}

static void
test_endless(void **state)
{
	(void)state;
	struct terminal_input in = {0};
	struct said s = {0};
	uint8_t x[100];
	memset(x, 'x', sizeof(x));
	terminal_input_feed(&in, (const uint8_t *)"\033_G", 3, take, &s);
	for (int i = 0; i < 100; i++)
		terminal_input_feed(&in, x, sizeof(x), take, &s);
	terminal_input_feed(&in, (const uint8_t *)"\033\\y", 3, take, &s);
	assert_string_equal(s.text, "struck 121 mods 0 code 21 means 79");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_keys),
		cmocka_unit_test(test_kitty_keys),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_endless),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Says what a viewer would say. Writes a stream to stdout, HELLO first, or
 * with --inject NAME does it at once, through the injector of that name. Each
 * argument is a sentence; without any, each line of stdin.
 *
 *	key CODE [KEYSYM] [down|up]	a keysym's name, 0x… or a character; else a tap
 *	text WORDS…
 *	pointer X Y			motion X Y
 *	button left|right|middle|side|extra [down|up]
 *	wheel X Y			120 is a notch
 *	held [CODE…] [left|right|…]	all that is down
 *	locks [caps|num|scroll on|off]…	--inject says on stdout what comes of it
 *	peer N				who says what follows, 0 at the start
 *	area X Y W H			--inject: where the picture is
 *	sleep 100ms
 *	end				END; without it the stream is cut short
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xkbcommon/xkbcommon.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "desktop/inject.h"
#include "wire/msg.h"
#include "wire/msg_input.h"
#include "wire/msg_link.h"

struct say {
	struct rd_loop *loop;
	struct rd_inject *inject;	/* NULL: to stdout */
	uint64_t start_ns;
	uint8_t peer;
	char **sentence;	/* what is left of the arguments; NULL: stdin's lines */
	struct rd_fd input;	/* watched while it is stdin's turn */
	struct rd_timer pause;	/* set while asleep */
};

static void
fail(const char *what, const char *word)
{
	fprintf(stderr, "rdsay: %s: %s\n", what, word ? word : "(nothing)");
	exit(2);
}

static void
write_all(const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			fail("write", strerror(errno));
		p += n;
		len -= (size_t)n;
	}
}

static void
send_message(struct say *say, uint16_t type, struct rd_buf *body)
{
	uint8_t header[RD_MSG_HEADER_SIZE];
	struct rd_msg m = {
		.type = type,
		.channel = say->peer,
		.time_ns = rd_clock_ns() - say->start_ns,
		.len = body->len,
	};

	rd_msg_pack_header(&m, header);
	write_all(header, sizeof(header));
	write_all(body->data, body->len);
	rd_buf_finish(body);
}

static void
say_input(struct say *say, const struct rd_input *in)
{
	struct rd_buf body = {0};

	if (!say->inject) {
		uint16_t type = rd_input_pack(&body, in);

		send_message(say, type, &body);
		return;
	}
	int err = rd_inject_input(say->inject, say->peer, in);
	if (err)
		fprintf(stderr, "rdsay: the desktop is gone: %s\n", strerror(-err));
}

static long
number(const char *word)
{
	char *end = NULL;
	long n = word ? strtol(word, &end, 0) : 0;

	if (!word || *end)
		fail("not a number", word);
	return n;
}

static const char *
next(char **rest)
{
	return strtok_r(NULL, " \t", rest);
}

static uint32_t
keysym_of(const char *word)
{
	xkb_keysym_t keysym = xkb_keysym_from_name(word, XKB_KEYSYM_NO_FLAGS);
	uint32_t cp = 0;

	if (keysym != XKB_KEY_NoSymbol)
		return keysym;
	for (const char *p = word; *p; p++) {
		uint8_t c = (uint8_t)*p;

		cp = p > word ? cp << 6 | (c & 0x3f) :
			c < 0x80 ? c : c < 0xe0 ? c & 0x1fu : c < 0xf0 ? c & 0x0fu : c & 0x07u;
	}
	keysym = rd_keysym_of_unicode(cp);
	if (keysym == 0)
		fail("no keysym", word);
	return keysym;
}

/* Says it down, up, or both where the word is missing. */
static void
say_press(struct say *say, struct rd_input *in, const char *word)
{
	if (word && strcmp(word, "down") != 0 && strcmp(word, "up") != 0)
		fail("not down or up", word);
	for (int down = 1; down >= 0; down--) {
		in->down = down;
		if (!word || strcmp(word, down ? "down" : "up") == 0)
			say_input(say, in);
	}
}

static void
say_key(struct say *say, char **rest)
{
	struct rd_input in = {.kind = RD_INPUT_KEY};
	const char *word;

	in.code = (uint16_t)number(next(rest));
	word = next(rest);
	if (word && strcmp(word, "down") != 0 && strcmp(word, "up") != 0) {
		in.keysym = strncmp(word, "0x", 2) == 0 ? (uint32_t)number(word) : keysym_of(word);
		word = next(rest);
	}
	say_press(say, &in, word);
}

static int
button_of(const char *word)
{
	static const char *const name[] = {"left", "right", "middle", "side", "extra"};

	for (int i = 0; word && i < RD_BUTTON_COUNT; i++) {
		if (strcmp(word, name[i]) == 0)
			return i;
	}
	return -1;
}

static void
say_button(struct say *say, char **rest)
{
	struct rd_input in = {.kind = RD_INPUT_BUTTON};
	const char *word = next(rest);
	int button = button_of(word);

	if (button < 0)
		fail("no button", word);
	in.code = (uint16_t)button;
	say_press(say, &in, next(rest));
}

static void
say_held(struct say *say, char **rest)
{
	struct rd_input in = {.kind = RD_INPUT_HELD};
	const char *word;

	while ((word = next(rest))) {
		int button = button_of(word);

		if (button >= 0)
			in.buttons |= (uint8_t)(1u << button);
		else if (in.held_count < RD_INPUT_HELD_MAX)
			in.held[in.held_count++] = (uint16_t)number(word);
	}
	say_input(say, &in);
}

static int
lock_of(const char *word)
{
	static const char *const name[RD_LOCK_COUNT] = {"caps", "num", "scroll"};

	for (int i = 0; i < RD_LOCK_COUNT; i++) {
		if (strcmp(word, name[i]) == 0)
			return 1 << i;
	}
	fail("no lock", word);
	return 0;
}

static void
say_locks(struct say *say, char **rest)
{
	struct rd_input in = {.kind = RD_INPUT_LOCKS};
	const char *word;

	while ((word = next(rest))) {
		int lock = lock_of(word);

		in.locks.known |= (uint8_t)lock;
		word = next(rest);
		if (word && strcmp(word, "on") == 0)
			in.locks.on |= (uint8_t)lock;
	}
	say_input(say, &in);
}

static void
on_locked(void *ctx, const struct rd_locks *now)
{
	(void)ctx;
	printf("locked %u %u\n", now->known, now->on);
	fflush(stdout);
}

static void
say_text(struct say *say, const char *text)
{
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = text, .text_len = strlen(text)};

	say_input(say, &in);
}

static void
say_point(struct say *say, enum rd_input_kind kind, char **rest)
{
	struct rd_input in = {.kind = kind};

	in.x = (int32_t)number(next(rest));
	in.y = (int32_t)number(next(rest));
	say_input(say, &in);
}

static void
say_sleep(struct say *say, const char *word)
{
	char *unit = NULL;
	double t = word ? strtod(word, &unit) : 0;

	if (!word || (*unit && strcmp(unit, "s") != 0 && strcmp(unit, "ms") != 0))
		fail("not a time", word);
	rd_timer_set(&say->pause, (uint64_t)(t * (strcmp(unit, "ms") == 0 ? 1e6 : 1e9)));
}

static void
say_area(struct say *say, char **rest)
{
	struct rd_rect area;

	area.x = (int)number(next(rest));
	area.y = (int)number(next(rest));
	area.w = (int)number(next(rest));
	area.h = (int)number(next(rest));
	if (say->inject)
		rd_inject_area(say->inject, area);
}

static void
say_end(struct say *say)
{
	struct rd_buf body = {0};
	struct rd_end_msg end = {.reason = RD_END_DONE};

	if (say->inject)
		return;
	rd_end_pack(&body, &end);
	send_message(say, RD_MSG_END, &body);
}

static void
say_hello(struct say *say)
{
	struct rd_buf body = {0};
	struct rd_hello hello;

	rd_hello_init(&hello, "rdsay", RD_CAP_LIVE);
	rd_hello_pack(&body, &hello);
	send_message(say, RD_MSG_HELLO, &body);
}

static void
say_sentence(struct say *say, const char *sentence)
{
	char *copy = strdup(sentence), *rest = NULL;
	const char *verb = strtok_r(copy, " \t", &rest);

	if (!verb || verb[0] == '#')
		;
	else if (strcmp(verb, "key") == 0)
		say_key(say, &rest);
	else if (strcmp(verb, "text") == 0)
		say_text(say, rest);
	else if (strcmp(verb, "pointer") == 0)
		say_point(say, RD_INPUT_POINTER, &rest);
	else if (strcmp(verb, "motion") == 0)
		say_point(say, RD_INPUT_MOTION, &rest);
	else if (strcmp(verb, "wheel") == 0)
		say_point(say, RD_INPUT_WHEEL, &rest);
	else if (strcmp(verb, "button") == 0)
		say_button(say, &rest);
	else if (strcmp(verb, "held") == 0)
		say_held(say, &rest);
	else if (strcmp(verb, "locks") == 0)
		say_locks(say, &rest);
	else if (strcmp(verb, "peer") == 0)
		say->peer = (uint8_t)number(next(&rest));
	else if (strcmp(verb, "area") == 0)
		say_area(say, &rest);
	else if (strcmp(verb, "sleep") == 0)
		say_sleep(say, next(&rest));
	else if (strcmp(verb, "end") == 0)
		say_end(say);
	else
		fail("no such word", verb);
	free(copy);
}

/* Says the next sentence; false when there is none. */
static bool
say_next(struct say *say)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	if (say->sentence) {
		if (*say->sentence)
			say_sentence(say, *say->sentence++);
		return *say->sentence != NULL;
	}
	n = getline(&line, &cap, stdin);
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	if (n > 0)
		say_sentence(say, line);
	free(line);
	return n > 0;
}

/* Up to the next sleep, or the end. */
static void
go_on(void *ctx)
{
	struct say *say = ctx;

	do {
		if (!say_next(say)) {
			if (!say->pause.set)
				rd_loop_stop(say->loop, 0);
			return;
		}
	} while (!say->pause.set && !say->input.ev);
	rd_fd_want(&say->input, say->pause.set ? 0 : RD_READ);
}

static void
on_stdin(void *ctx, unsigned events)
{
	(void)events;
	go_on(ctx);
}

static void
open_inject(struct say *say, const char *name)
{
	const struct rd_inject_ops *ops = rd_inject_find(name);
	char *why = NULL;
	int err = ops ? rd_inject_open(&say->inject, ops, say->loop, NULL, &why) : -EINVAL;

	if (err) {
		fprintf(stderr, "rdsay: %s (%s)\n", why ? why : name, strerror(-err));
		exit(1);
	}
	rd_inject_on_locked(say->inject, on_locked, say);
}

int
main(int argc, char **argv)
{
	struct say say = {.start_ns = rd_clock_ns()};
	int first = 1;

	rd_log_open("rdsay");
	say.loop = rd_loop_new();
	if (argc > 2 && strcmp(argv[1], "--inject") == 0) {
		open_inject(&say, argv[2]);
		first = 3;
	} else {
		say_hello(&say);
	}
	rd_timer_open(&say.pause, say.loop, go_on, &say);
	if (first < argc)
		say.sentence = argv + first;
	else
		setvbuf(stdin, NULL, _IONBF, 0); /* what stdio read ahead would not be waited for */
	if (first == argc && rd_fd_open(&say.input, say.loop, STDIN_FILENO, on_stdin, &say) == 0)
		rd_fd_want(&say.input, RD_READ);
	else
		rd_timer_set(&say.pause, 0);
	rd_loop_run(say.loop);
	rd_fd_close(&say.input);
	rd_timer_close(&say.pause);
	rd_inject_close(say.inject);
	rd_loop_free(say.loop);
	return 0;
}

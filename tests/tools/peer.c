/*
 * A peer for tests: the other end of one of our tools, that does what its
 * arguments say, in order, and writes down what it is told.
 *
 *	peer [-a] LOG WORD...			as a producer, on stdin and stdout
 *	peer [-a] LOG WORD... -- COMMAND...	as a viewer, over a socket pair
 *	peer -r LOG				only reads stdin
 *	peer -w WORD...				only writes stdout
 *
 * -a acknowledges every SHOW. Words:
 *
 *	hello | hello:live	HELLO, with our ACK (as a viewer) and INPUT bits
 *	hello:taken		… and says that it answers what is asked, which it does not
 *	hello:clip		… or that it has a clipboard
 *	frame:N:W:H:BGRX	a sync frame N of one colour (hexadecimal)
 *	msg:TYPE:TEXT		a message of that type (hexadecimal) with that body
 *	msgs:N:TYPE:TEXT	… as often
 *	pointer:X:Y		POINTER
 *	ack:N			ACK
 *	want:N			WANT as often, of text of the newest OFFER
 *	deaf | hear		reads nothing from then on; reads again
 *	file:PATH		goes on when there is such a file
 *	stuck			… when all is written, or nothing was for half a second:
 *				"QUEUED N" in the log is what is not
 *	sleep:MS		where at least that time has to pass
 *	await:WHAT:N		goes on when N lines of the log begin with WHAT
 *	end:REASON		END
 *
 * After the last word it reads to the end. A line of the log is a message:
 * its name or number, and what matters of it. Exits with the child's status,
 * or the code of the END that came.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/spawn.h"
#include "wire/link.h"
#include "wire/msg_clipboard.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"
#include "wire/msg_input.h"
#include "wire/msg_picture.h"

#define NAMES 64

struct peer {
	struct rd_loop *loop;
	struct rd_link *link;
	FILE *log;
	struct rd_timer turn;
	char **words; /* what is still to be done; NULL-ended */
	bool acks;
	bool one_way;
	uint32_t caps;
	uint32_t frame; /* the one that has begun */
	uint32_t serial, wants;	/* the newest OFFER's; WANTs said */
	size_t queued;		/* when it last changed */
	uint64_t queued_ns;
	bool ended;
	bool finished;
	struct {
		char name[16];
		unsigned count;
	} seen[NAMES];
	int code;
};

static unsigned *
seen(struct peer *p, const char *name)
{
	int i = 0;
	while (i < NAMES - 1 && p->seen[i].name[0] && strcmp(p->seen[i].name, name) != 0)
		i++;
	snprintf(p->seen[i].name, sizeof(p->seen[i].name), "%s", name);
	return &p->seen[i].count;
}

static void
send_frame(struct peer *p, unsigned number, int w, int h, unsigned colour)
{
	struct rd_buf b = {0};
	uint64_t time_ns = number * (RD_NS_PER_S / 10);
	struct rd_begin begin = {.number = number,
		.width = (uint16_t)w,
		.height = (uint16_t)h,
		.flags = RD_BEGIN_SYNC};
	rd_begin_pack(&b, &begin);
	rd_link_send_buf(p->link, RD_MSG_BEGIN, time_ns, &b);
	uint8_t *head = rd_buf_room(&b, RD_RAW_HEADER_SIZE);
	rd_raw_pack_header(head, (struct rd_rect){0, 0, w, h});
	b.len += RD_RAW_HEADER_SIZE;
	for (int i = 0; i < w * h; i++)
		rd_buf_u32(&b, colour);
	rd_link_send_buf(p->link, RD_MSG_RAW, time_ns, &b);
	rd_show_pack(&b, RD_SHOW_EXACT);
	rd_link_send_buf(p->link, RD_MSG_SHOW, time_ns, &b);
	rd_buf_finish(&b);
}

static void
send_text(struct peer *p, uint16_t type, const char *text)
{
	struct rd_msg m = {
		.type = type, .time_ns = 42, .len = strlen(text), .data = (const uint8_t *)text};
	rd_link_send(p->link, &m);
}

static void
send_pointer(struct peer *p, int x, int y)
{
	struct rd_buf b = {0};
	struct rd_input in = {.kind = RD_INPUT_POINTER, .x = x, .y = y};
	uint16_t type = rd_input_pack(&b, &in);
	rd_link_send_buf(p->link, type, 0, &b);
	rd_buf_finish(&b);
}

static void
send_ack(struct peer *p, uint32_t number)
{
	struct rd_buf b = {0};
	rd_ack_pack(&b, number);
	rd_link_send_buf(p->link, RD_MSG_ACK, 0, &b);
	rd_buf_finish(&b);
}

static void
send_want(struct peer *p)
{
	struct rd_buf b = {0};
	struct rd_clip_want want = {
		.id = ++p->wants, .serial = p->serial, .most = UINT64_MAX, .kind = RD_CLIP_TEXT};
	rd_clip_want_pack(&b, &want);
	rd_link_send_buf(p->link, RD_MSG_WANT, 0, &b);
	rd_buf_finish(&b);
}

/* Looked for now and then. */
static bool
is_there(struct peer *p, const char *path)
{
	bool there = access(path, F_OK) == 0;
	if (!there)
		rd_timer_set(&p->turn, 10 * RD_NS_PER_MS);
	return there;
}

static bool
is_stuck(struct peer *p)
{
	size_t queued = rd_link_queued(p->link);
	uint64_t now = rd_clock_ns();
	if (!p->queued_ns || queued != p->queued) {
		p->queued_ns = now;
		p->queued = queued;
	}
	if (queued > 0 && now - p->queued_ns < RD_NS_PER_S / 2) {
		rd_timer_set(&p->turn, 10 * RD_NS_PER_MS);
		return false;
	}
	fprintf(p->log, "QUEUED %zu\n", queued);
	fflush(p->log);
	return true;
}

static void
say_hello(struct peer *p, uint32_t caps)
{
	struct rd_hello hello;
	rd_hello_init(&hello, "peer", p->caps | caps);
	rd_link_hello(p->link, &hello);
}

/* Does one word; false when it has to wait. */
static bool
do_word(struct peer *p, const char *word)
{
	unsigned n, w, h, colour, type;
	char name[16], text[256];
	int x, y;
	if (strncmp(word, "hello", 5) == 0)
		say_hello(p, strcmp(word, "hello:live") == 0 ? RD_CAP_LIVE :
			strcmp(word, "hello:taken") == 0 ? RD_CAP_TAKEN :
			strcmp(word, "hello:clip") == 0 ? RD_CAP_CLIP_OUT | RD_CAP_CLIP_IN : 0);
	else if (sscanf(word, "frame:%u:%u:%u:%x", &n, &w, &h, &colour) == 4)
		send_frame(p, n, (int)w, (int)h, colour);
	else if (sscanf(word, "msg:%x:%255s", &type, text) == 2)
		send_text(p, (uint16_t)type, text);
	else if (sscanf(word, "msg:%x:", &type) == 1)
		send_text(p, (uint16_t)type, "");
	else if (sscanf(word, "msgs:%u:%x:%255s", &n, &type, text) == 3)
		while (n-- > 0)
			send_text(p, (uint16_t)type, text);
	else if (sscanf(word, "pointer:%d:%d", &x, &y) == 2)
		send_pointer(p, x, y);
	else if (sscanf(word, "await:%15[^:]:%u", name, &n) == 2)
		return *seen(p, name) >= n;
	else if (sscanf(word, "ack:%u", &n) == 1)
		send_ack(p, n);
	else if (sscanf(word, "want:%u", &n) == 1)
		while (n-- > 0)
			send_want(p);
	else if (strcmp(word, "deaf") == 0 || strcmp(word, "hear") == 0)
		rd_link_pause(p->link, word[0] == 'd');
	else if (strcmp(word, "stuck") == 0)
		return is_stuck(p);
	else if (strncmp(word, "file:", 5) == 0)
		return is_there(p, word + 5);
	else if (sscanf(word, "sleep:%u", &n) == 1)
		usleep(n * 1000);
	else if (sscanf(word, "end:%u", &n) == 1)
		rd_link_finish(p->link, (enum rd_end)n, 0, "");
	else {
		rd_error("what is \"%s\"?", word);
		exit(2);
	}
	return true;
}

static void
go_on(struct peer *p)
{
	while (*p->words && do_word(p, *p->words))
		p->words++;
	if (p->ended || (!*p->words && p->finished))
		rd_loop_stop(p->loop, p->code);
	if (!*p->words && p->one_way) {
		p->finished |= rd_link_queued(p->link) == 0;
		rd_timer_set(&p->turn, p->finished ? 0 : RD_NS_PER_MS);
	}
}

static void
describe(struct peer *p, const struct rd_msg *m, char *out, size_t size)
{
	struct rd_begin begin;
	struct rd_pointer_at at;
	struct rd_cursor shape;
	struct rd_input in;
	struct rd_clip_offer offer;
	uint32_t number;
	uint8_t flags;
	if (m->type == RD_MSG_BEGIN && rd_begin_parse(&begin, m->data, m->len) == 0) {
		p->frame = begin.number;
		snprintf(out, size, "%u %ux%u%s", begin.number, begin.width, begin.height,
			begin.flags & RD_BEGIN_SYNC ? " sync" : "");
	} else if (m->type == RD_MSG_SHOW && rd_show_parse(&flags, m->data, m->len) == 0) {
		snprintf(out, size, "%u%s", p->frame, flags & RD_SHOW_EXACT ? " exact" : "");
	} else if (m->type == RD_MSG_OFFER && rd_clip_offer_parse(&offer, m->data, m->len) == 0) {
		p->serial = offer.serial;
		snprintf(out, size, "%d", offer.count);
	} else if (m->type == RD_MSG_ACK && rd_ack_parse(&number, m->data, m->len) == 0) {
		snprintf(out, size, "%u", number);
	} else if (m->type == RD_MSG_POINTER_AT && rd_pointer_at_parse(&at, m->data, m->len) == 0) {
		snprintf(out, size, "%d %d", at.x, at.y);
	} else if (m->type == RD_MSG_SHAPE && rd_shape_parse(&shape, m->data, m->len) == 0) {
		snprintf(out, size, "%dx%d", shape.width, shape.height);
	} else if (rd_input_parse(&in, m->type, m->data, m->len) == 0) {
		snprintf(out, size, "%d %d", in.x, in.y);
	} else {
		char *text = rd_log_escape(m->data, m->len < 32 ? m->len : 0, 32);
		snprintf(out, size, "%s", text);
		free(text);
	}
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct peer *p = ctx;
	char number[8], about[160];
	const char *name = rd_msg_name(m->type);
	snprintf(number, sizeof(number), "%04x", m->type);
	describe(p, m, about, sizeof(about));
	fprintf(p->log, "%s %s\n", name ? name : number, about);
	fflush(p->log);
	++*seen(p, name ? name : number);
	if (p->acks && m->type == RD_MSG_SHOW)
		send_ack(p, p->frame);
	go_on(p);
	return 0;
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct peer *p = ctx;
	fprintf(p->log, "HELLO %s%s%s\n", peer->program, peer->caps & RD_CAP_LIVE ? " live" : "",
		peer->caps & RD_CAP_INPUT ? " input" : "");
	fflush(p->log);
	++*seen(p, "HELLO");
	go_on(p);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct peer *p = ctx;
	fprintf(p->log, "END %d %d %s\n", (int)end->reason, end->code, end->text);
	fflush(p->log);
	p->ended = true;
	p->code = end->code;
	go_on(p);
}

static void
on_closed(void *ctx, int error)
{
	struct peer *p = ctx;
	p->finished = error < 0 || p->one_way;
	go_on(p);
}

static void
on_turn(void *ctx)
{
	go_on(ctx);
}

static const struct rd_link_ops ops = {
	.hello = on_hello,
	.message = on_message,
	.end = on_end,
	.closed = on_closed,
};

/* Cuts the words off before "--" and returns the command after it, or NULL. */
static char **
split(char **words)
{
	for (; *words; words++)
		if (strcmp(*words, "--") == 0) {
			*words = NULL;
			return words + 1;
		}
	return NULL;
}

int
main(int argc, char **argv)
{
	struct peer p = {0};
	struct rd_child child = {.fd = -1};
	char mode = argc > 2 && argv[1][0] == '-' ? argv[1][1] : 0;
	char **rest = argv + 1 + (mode != 0);
	int in = mode == 'w' ? -1 : STDIN_FILENO, out = mode == 'r' ? -1 : STDOUT_FILENO;

	rd_log_open("peer");
	p.log = mode == 'w' ? stderr : fopen(*rest, "a");
	if (!p.log)
		return 2;
	p.words = rest + (mode != 'w');
	p.acks = mode == 'a';
	p.one_way = mode == 'w';
	char **command = split(p.words);
	if (command) {
		if (rd_child_spawn(&child, command) < 0)
			return 9;
		in = out = child.fd;
		child.fd = -1;
	}
	p.caps = command ? RD_CAP_ACK : RD_CAP_INPUT;
	p.loop = rd_loop_new();
	if (rd_link_open(&p.link, p.loop, in, out, &ops, &p) < 0)
		return 10;
	rd_timer_open(&p.turn, p.loop, on_turn, &p);
	rd_timer_set(&p.turn, 0);
	int code = rd_loop_run(p.loop);
	rd_link_close(p.link);
	rd_timer_close(&p.turn);
	rd_loop_free(p.loop);
	if (command) {
		close(in);
		code = rd_child_reap(&child, 10000);
	}
	if (p.log != stderr)
		fclose(p.log);
	return code;
}

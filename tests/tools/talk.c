/*
 * A viewer for tests that a script talks to: it keeps the picture, writes down
 * what arrives, and does what lines on stdin say, while they come.
 *
 *	talk LOG -- COMMAND...	over a socket pair, as rd-view does
 *	talk -q LOG -- COMMAND...	says nothing back: no HELLO, no ACK
 *	talk -f LOG		the stream is on stdin, and there are no lines
 *
 * Lines: refresh, ping, key CODE KEYSYM DOWN, text TEXT, pointer X Y,
 * motion X Y, button N DOWN, wheel X Y, layout W H [MONITOR],
 * watch-only [MONITOR…], pixel X Y, raw TYPE BODY (a message as it is, both
 * hexadecimal), end. The end of stdin is no order to end.
 *
 * The log: "hello CAPS NAME", "first SECONDS" when the first picture came,
 * "frame N WxH sync|delta RECTS HASH MS",
 * "monitors N NAME WxH X Y MMxMM [primary]; …", "shape WxH HOTX,HOTY",
 * "pointer X Y ON", "notice TEXT", "path KIND HOW US TEXT", "pong", "locked KNOWN ON", "pixel X Y RRGGBB", "clip NAME BYTES BODY" (its first 64 bytes in
 * hexadecimal), "end REASON CODE TEXT". Exits with the command's status.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/spawn.h"
#include "codec/screen.h"
#include "wire/link.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"
#include "wire/msg_input.h"
#include "wire/msg_layout.h"
#include "wire/msg_locks.h"
#include "wire/msg_monitors.h"

struct talk {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_screen *screen;
	struct rd_fd lines;
	char line[1024];
	size_t have;
	FILE *log;
	bool quiet;
	unsigned rects;		/* of the frame that has begun */
	bool seen;		/* a picture, the first */
};

static void
send_input(struct talk *t, const struct rd_input *in)
{
	struct rd_buf b = {0};
	uint16_t type = rd_input_pack(&b, in);
	rd_link_send_buf(t->link, type, 0, &b);
	rd_buf_finish(&b);
}

static void
print_pixel(struct talk *t, int x, int y)
{
	const struct rd_image *im = rd_screen_image(t->screen);
	bool inside = x >= 0 && y >= 0 && x < im->width && y < im->height;
	const uint8_t *p = inside ? rd_image_at(im, x, y) : (const uint8_t *)"\0\0\0";
	fprintf(t->log, "pixel %d %d %02x%02x%02x\n", x, y, p[2], p[1], p[0]);
}

/* A message that no viewer of ours would send, perhaps. */
static void
send_raw(struct talk *t, unsigned type, const char *hex)
{
	struct rd_buf b = {0};
	unsigned byte;
	for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		rd_buf_u8(&b, (uint8_t)byte);
	rd_link_send_buf(t->link, (uint16_t)type, 0, &b);
	rd_buf_finish(&b);
}

static void
note_clip(struct talk *t, const struct rd_msg *m)
{
	const char *name = rd_msg_name(m->type);
	fprintf(t->log, "clip %s %zu ", name ? name : "?", m->len);
	for (size_t i = 0; i < m->len && i < 64; i++)
		fprintf(t->log, "%02x", m->data[i]);
	fputc('\n', t->log);
}

static void
note_monitors(struct talk *t, const struct rd_msg *m)
{
	struct rd_monitors all;
	int err = rd_monitors_parse(&all, m->data, m->len);
	fprintf(t->log, err ? "monitors that cannot be\n" : "monitors %d", all.count);
	for (int i = 0; i < all.count && !err; i++)
		fprintf(t->log, "%s %s %dx%d %d %d %dx%d%s", i ? ";" : "", all.v[i].name, all.v[i].rect.w,
			all.v[i].rect.h, all.v[i].rect.x, all.v[i].rect.y, all.v[i].mm_width,
			all.v[i].mm_height, all.v[i].primary ? " primary" : "");
	if (!err)
		fputc('\n', t->log);
}

static void
send_layout(struct talk *t, int width, int height, const char *monitor)
{
	struct rd_buf b = {0};
	struct rd_layout m = {.width = (uint16_t)width, .height = (uint16_t)height};
	snprintf(m.monitor, sizeof(m.monitor), "%s", monitor);
	rd_layout_pack(&b, &m);
	rd_link_send_buf(t->link, RD_MSG_LAYOUT, 0, &b);
	rd_buf_finish(&b);
}

static void
send_watch_only(struct talk *t, char *names)
{
	struct rd_buf b = {0};
	struct rd_monitor_names m = {0};
	char *rest = NULL;
	for (char *n = strtok_r(names, " ", &rest); n && m.count < RD_MONITORS_MAX; n = strtok_r(NULL, " ", &rest))
		snprintf(m.v[m.count++], sizeof(m.v[0]), "%s", n);
	rd_watch_only_pack(&b, &m);
	rd_link_send_buf(t->link, RD_MSG_WATCH_ONLY, 0, &b);
	rd_buf_finish(&b);
}

static void
do_line(struct talk *t, const char *line)
{
	struct rd_buf b = {0};
	char text[512];
	int x, y, z;
	if (strcmp(line, "refresh") == 0) {
		rd_link_send_buf(t->link, RD_MSG_REFRESH, 0, &b);
	} else if (strcmp(line, "ping") == 0) {
		rd_ping_pack(&b, rd_clock_ns());
		rd_link_send_buf(t->link, RD_MSG_PING, 0, &b);
	} else if (sscanf(line, "key %d %i %d", &x, &y, &z) == 3) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_KEY, .code = (uint16_t)x,
			.keysym = (uint32_t)y, .down = z != 0});
	} else if (sscanf(line, "text %511[^\n]", text) == 1) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_TEXT, .text = text, .text_len = strlen(text)});
	} else if (sscanf(line, "pointer %d %d", &x, &y) == 2) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_POINTER, .x = x, .y = y});
	} else if (sscanf(line, "motion %d %d", &x, &y) == 2) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_MOTION, .x = x, .y = y});
	} else if (sscanf(line, "wheel %d %d", &x, &y) == 2) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_WHEEL, .x = x, .y = y});
	} else if (sscanf(line, "button %d %d", &x, &y) == 2) {
		send_input(t, &(struct rd_input){.kind = RD_INPUT_BUTTON, .code = (uint16_t)x, .down = y != 0});
	} else if (sscanf(line, "layout %d %d %511s", &x, &y, text) == 3) {
		send_layout(t, x, y, text);
	} else if (sscanf(line, "layout %d %d", &x, &y) == 2) {
		send_layout(t, x, y, "");
	} else if (strncmp(line, "watch-only", 10) == 0) {
		snprintf(text, sizeof(text), "%s", line + 10);
		send_watch_only(t, text);
	} else if (sscanf(line, "pixel %d %d", &x, &y) == 2) {
		print_pixel(t, x, y);
	} else if (sscanf(line, "raw %x %511s", (unsigned *)&x, text) == 2) {
		send_raw(t, (unsigned)x, text);
	} else if (strcmp(line, "end") == 0) {
		rd_link_finish(t->link, RD_END_USER, 0, "");
	} else {
		fprintf(t->log, "what is \"%s\"?\n", line);
	}
	rd_buf_finish(&b);
	fflush(t->log);
}

static void
on_line(void *ctx, unsigned events)
{
	struct talk *t = ctx;
	(void)events;
	ssize_t n = read(STDIN_FILENO, t->line + t->have, sizeof(t->line) - 1 - t->have);
	if (n <= 0) {
		rd_fd_close(&t->lines);
		return;
	}
	t->have += (size_t)n;
	for (char *end; (end = memchr(t->line, '\n', t->have)) != NULL;) {
		*end = '\0';
		do_line(t, t->line);
		t->have -= (size_t)(end + 1 - t->line);
		memmove(t->line, end + 1, t->have);
	}
}

/* When: in seconds since 1970, as events of our tools say it. */
static void
note_first(struct talk *t)
{
	struct timespec now;
	if (t->seen)
		return;
	t->seen = true;
	clock_gettime(CLOCK_REALTIME, &now);
	fprintf(t->log, "first %lld.%03ld\n", (long long)now.tv_sec, now.tv_nsec / 1000000);
}

static void
show(struct talk *t, const struct rd_screen_frame *f)
{
	const struct rd_image *im = rd_screen_image(t->screen);
	uint8_t hash[16];
	struct rd_buf b = {0};
	rd_image_hash(im, hash);
	note_first(t);
	fprintf(t->log, "frame %u %dx%d %s %u ", f->number, im->width, im->height,
		f->sync ? "sync" : "delta", t->rects);
	for (int i = 0; i < 16; i++)
		fprintf(t->log, "%02x", hash[i]);
	fprintf(t->log, " %" PRIu64 "\n", f->time_ns / RD_NS_PER_MS);
	rd_ack_pack(&b, f->number);
	if (!t->quiet)
		rd_link_send_buf(t->link, RD_MSG_ACK, 0, &b);
	rd_buf_finish(&b);
}

static int
take_picture(struct talk *t, const struct rd_msg *m)
{
	struct rd_screen_frame f;
	const char *why = NULL;
	if (m->type == RD_MSG_BEGIN)
		t->rects = 0;
	t->rects += m->type == RD_MSG_RAW;
	int got = rd_screen_message(t->screen, m, &f, &why);
	if (got < 0)
		fprintf(t->log, "broken: %s\n", why);
	if (got == 1)
		show(t, &f);
	return got < 0 ? got : 0;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct talk *t = ctx;
	struct rd_cursor shape;
	struct rd_pointer_at at;
	struct rd_notice notice;
	struct rd_path_now path;
	struct rd_pong pong;
	struct rd_locks locks;
	int err = 0;
	if (rd_msg_class(m->type) == RD_CLASS_PICTURE)
		err = take_picture(t, m);
	else if (rd_msg_class(m->type) == RD_CLASS_CLIPBOARD)
		note_clip(t, m);
	else if (m->type == RD_MSG_MONITORS)
		note_monitors(t, m);
	else if (m->type == RD_MSG_SHAPE && rd_shape_parse(&shape, m->data, m->len) == 0)
		fprintf(t->log, "shape %dx%d %d,%d\n", shape.width, shape.height, shape.hot_x, shape.hot_y);
	else if (m->type == RD_MSG_POINTER_AT && rd_pointer_at_parse(&at, m->data, m->len) == 0)
		fprintf(t->log, "pointer %d %d %d\n", at.x, at.y, at.on);
	else if (m->type == RD_MSG_PATH && rd_path_now_parse(&path, m->data, m->len) == 0)
		fprintf(t->log, "path %s %u %u %s\n", rd_reached_name(path.kind), path.how, path.rtt_us,
			path.text);
	else if (m->type == RD_MSG_NOTICE && rd_notice_parse(&notice, m->data, m->len) == 0)
		fprintf(t->log, "notice %s\n", notice.text);
	else if (m->type == RD_MSG_LOCKED && rd_locks_parse(&locks, m->data, m->len) == 0)
		fprintf(t->log, "locked %x %x\n", (unsigned)locks.known, (unsigned)locks.on);
	else if (m->type == RD_MSG_PONG && rd_pong_parse(&pong, m->data, m->len) == 0)
		fprintf(t->log, "pong\n");
	fflush(t->log);
	return err;
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct talk *t = ctx;
	fprintf(t->log, "hello %" PRIu32 " %s\n", peer->caps, peer->program);
	fflush(t->log);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct talk *t = ctx;
	fprintf(t->log, "end %d %d %s\n", (int)end->reason, end->code, end->text);
	rd_loop_stop(t->loop, end->code);
}

static const struct rd_link_ops ops = {.hello = on_hello, .message = on_message, .end = on_end};

static int
run(struct talk *t, int in, int out)
{
	struct rd_hello hello;
	t->loop = rd_loop_new();
	if (rd_screen_open(&t->screen) < 0 || rd_link_open(&t->link, t->loop, in, out, &ops, t) < 0)
		return 10;
	if (out >= 0 && !t->quiet) {
		rd_hello_init(&hello, "talk", RD_CAP_ACK);
		rd_link_hello(t->link, &hello);
	}
	if (out >= 0 && rd_fd_open(&t->lines, t->loop, STDIN_FILENO, on_line, t) == 0)
		rd_fd_want(&t->lines, RD_READ);
	int code = rd_loop_run(t->loop);
	rd_fd_close(&t->lines);
	rd_link_close(t->link);
	rd_screen_close(t->screen);
	rd_loop_free(t->loop);
	return code;
}

int
main(int argc, char **argv)
{
	struct talk t = {0};
	struct rd_child child = {.fd = -1};
	char mode = argc > 2 && argv[1][0] == '-' ? argv[1][1] : 0;
	char **rest = argv + 1 + (mode != 0);

	rd_log_open("talk");
	t.quiet = mode != 0;
	t.log = argc > 1 ? fopen(rest[0], "a") : NULL;
	if (!t.log)
		return 2;
	int code;
	if (mode == 'f') {
		code = run(&t, STDIN_FILENO, -1);
	} else {
		if (rd_child_spawn(&child, rest + 2) < 0)
			return 9;
		run(&t, child.fd, child.fd);
		close(child.fd);
		code = rd_child_reap(&child, 10000);
	}
	fclose(t.log);
	return code;
}

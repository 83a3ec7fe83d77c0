/*
 * The other end of rd-view, for tests: a stream on stdin and stdout that does
 * what the lines of a FIFO say, and writes what comes back into a log, a line
 * a message.
 *
 *	view-peer LOG FIFO [view-only|locks]
 *
 *	frame W H BGRX		a sync frame of one colour
 *	paint X Y W H BGRX	a frame that changes a rectangle
 *	skip			a frame is lost on the way
 *	half X Y W H BGRX	a frame without its SHOW
 *	shape W H HX HY		a white pointer; 0 0 0 0 hides it
 *	pointer X Y ON
 *	notice TEXT
 *	monitors [NAME WxH X Y]…	the first is primary
 *	rename N W H		N times MONITORS with one, whose name is a number from 1 on
 *	deaf ON			reads nothing, or again
 *	hush			reads nothing any more, and whoever writes learns of it
 *	locked KNOWN ON		with "locks": its Caps Lock and such, as bits
 *	resolution W H		as frame, of a grey gradient
 *	end REASON CODE TEXT	END, and goes
 *	die			without END
 */
#include <inttypes.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/blob.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "media/cursor.h"
#include "wire/link.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"
#include "wire/msg_input.h"
#include "wire/msg_layout.h"
#include "wire/msg_locks.h"
#include "wire/msg_monitors.h"
#include "wire/msg_picture.h"

struct peer {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_hello mine;
	FILE *log;
	struct rd_fd fifo;
	char line[512];
	size_t len;
	uint32_t frame;
	int width, height;
};

static void
say(struct peer *p, uint16_t type, struct rd_buf *b)
{
	rd_link_send_buf(p->link, type, rd_hello_time(&p->mine, rd_clock_ns()), b);
	rd_buf_finish(b);
}

static void
begin(struct peer *p, bool sync)
{
	struct rd_buf b = {0};
	struct rd_begin m = {
		.number = p->frame + 1,
		.base = sync ? 0 : p->frame,
		.width = (uint16_t)p->width,
		.height = (uint16_t)p->height,
		.flags = sync ? RD_BEGIN_SYNC : 0,
	};
	p->frame++;
	rd_begin_pack(&b, &m);
	say(p, RD_MSG_BEGIN, &b);
}

static uint32_t
one_colour(int x, int y, uint32_t bgrx)
{
	(void)x, (void)y;
	return bgrx;
}

static uint32_t
gradient(int x, int y, uint32_t bgrx)
{
	return bgrx + (uint32_t)((x + y) & 0xff) * 0x010101;
}

static void
raw(struct peer *p, struct rd_rect r, uint32_t bgrx, uint32_t (*at)(int, int, uint32_t))
{
	struct rd_buf b = {0};
	uint8_t head[RD_RAW_HEADER_SIZE];
	rd_raw_pack_header(head, r);
	rd_buf_bytes(&b, head, sizeof(head));
	for (int y = 0; y < r.h; y++)
		for (int x = 0; x < r.w; x++)
			rd_buf_u32(&b, at(x, y, bgrx));
	say(p, RD_MSG_RAW, &b);
}

static void
show(struct peer *p)
{
	struct rd_buf b = {0};
	rd_show_pack(&b, RD_SHOW_EXACT);
	say(p, RD_MSG_SHOW, &b);
}

static void
whole(struct peer *p, int w, int h, uint32_t bgrx, uint32_t (*at)(int, int, uint32_t))
{
	p->width = w;
	p->height = h;
	begin(p, true);
	raw(p, (struct rd_rect){0, 0, w, h}, bgrx, at);
	show(p);
}

static void
shape(struct peer *p, int w, int h, int hx, int hy)
{
	struct rd_buf b = {0};
	uint8_t *pixels = xmalloc((size_t)w * (size_t)h * 4 + 1);
	memset(pixels, 0xff, (size_t)w * (size_t)h * 4);
	struct rd_cursor c = {w, h, hx, hy, pixels};
	rd_shape_pack(&b, &c);
	say(p, RD_MSG_SHAPE, &b);
	free(pixels);
}

static void
notice(struct peer *p, const char *text)
{
	struct rd_buf b = {0};
	struct rd_notice n = {.level = RD_LOG_WARN};
	snprintf(n.text, sizeof(n.text), "%s", text);
	rd_notice_pack(&b, &n);
	say(p, RD_MSG_NOTICE, &b);
}

static void
monitors(struct peer *p, const char *rest)
{
	struct rd_buf b = {0};
	struct rd_monitors m = {0};
	struct rd_rect r;
	char name[65];
	int n = 0;
	while (m.count < RD_MONITORS_MAX &&
			sscanf(rest, "%64s %dx%d %d %d%n", name, &r.w, &r.h, &r.x, &r.y, &n) == 5) {
		m.v[m.count] = (struct rd_monitor){.rect = r, .primary = m.count == 0};
		snprintf(m.v[m.count++].name, sizeof(name), "%s", name);
		rest += n;
	}
	rd_monitors_pack(&b, &m);
	say(p, RD_MSG_MONITORS, &b);
}

static void
rename_often(struct peer *p, int times, int w, int h)
{
	char rest[64];
	for (int i = 1; i <= times; i++) {
		snprintf(rest, sizeof(rest), " %d %dx%d 0 0", i, w, h);
		monitors(p, rest);
	}
}

static void
obey(struct peer *p, const char *line)
{
	int a, b, c, d, n = 0;
	uint32_t bgrx;
	if (sscanf(line, "frame %d %d %x", &a, &b, &bgrx) == 3) {
		whole(p, a, b, bgrx, one_colour);
	} else if (sscanf(line, "resolution %d %d", &a, &b) == 2) {
		whole(p, a, b, 0, gradient);
	} else if (sscanf(line, "paint %d %d %d %d %x", &a, &b, &c, &d, &bgrx) == 5) {
		begin(p, false);
		raw(p, (struct rd_rect){a, b, c, d}, bgrx, one_colour);
		show(p);
	} else if (sscanf(line, "half %d %d %d %d %x", &a, &b, &c, &d, &bgrx) == 5) {
		begin(p, false);
		raw(p, (struct rd_rect){a, b, c, d}, bgrx, one_colour);
	} else if (sscanf(line, "shape %d %d %d %d", &a, &b, &c, &d) == 4) {
		shape(p, a, b, c, d);
	} else if (sscanf(line, "pointer %d %d %d", &a, &b, &c) == 3) {
		struct rd_buf body = {0};
		rd_pointer_at_pack(&body, &(struct rd_pointer_at){a, b, c});
		say(p, RD_MSG_POINTER_AT, &body);
	} else if (strncmp(line, "monitors", 8) == 0) {
		monitors(p, line + 8);
	} else if (sscanf(line, "rename %d %d %d", &a, &b, &c) == 3) {
		rename_often(p, a, b, c);
	} else if (sscanf(line, "deaf %d", &a) == 1) {
		rd_link_pause(p->link, a);
	} else if (strcmp(line, "hush") == 0) {
		rd_link_pause(p->link, true);
		shutdown(0, SHUT_RD);
	} else if (sscanf(line, "locked %d %d", &a, &b) == 2) {
		struct rd_buf body = {0};
		rd_locks_pack(&body, &(struct rd_locks){(uint8_t)a, (uint8_t)b});
		say(p, RD_MSG_LOCKED, &body);
	} else if (strcmp(line, "skip") == 0) {
		p->frame++;
	} else if (strncmp(line, "notice ", 7) == 0) {
		notice(p, line + 7);
	} else if (sscanf(line, "end %d %d %n", &a, &b, &n) == 2) {
		rd_link_finish(p->link, (enum rd_end)a, b, line + n);
	} else if (strcmp(line, "die") == 0) {
		_exit(3);
	} else {
		fprintf(stderr, "view-peer: what is \"%s\"?\n", line);
		exit(2);
	}
}

static void
on_fifo(void *ctx, unsigned events)
{
	struct peer *p = ctx;
	(void)events;
	ssize_t n = read(p->fifo.fd, p->line + p->len, sizeof(p->line) - 1 - p->len);
	if (n <= 0)
		return;
	p->len += (size_t)n;
	char *end;
	while ((end = memchr(p->line, '\n', p->len))) {
		*end = 0;
		obey(p, p->line);
		p->len -= (size_t)(end + 1 - p->line);
		memmove(p->line, end + 1, p->len);
	}
}

static void
log_input(struct peer *p, const struct rd_input *in)
{
	static const char *const up_down[] = {"up", "down"};
	switch (in->kind) {
	case RD_INPUT_KEY:
		fprintf(p->log, "key %u 0x%" PRIx32 " %s\n", in->code, in->keysym, up_down[in->down]);
		break;
	case RD_INPUT_TEXT:
		fprintf(p->log, "text %.*s\n", (int)in->text_len, in->text);
		break;
	case RD_INPUT_POINTER:
		fprintf(p->log, "pointer %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_MOTION:
		fprintf(p->log, "motion %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_BUTTON:
		fprintf(p->log, "button %u %s\n", in->code, up_down[in->down]);
		break;
	case RD_INPUT_WHEEL:
		fprintf(p->log, "wheel %d %d\n", in->x, in->y);
		break;
	case RD_INPUT_LOCKS:
		fprintf(p->log, "locks %u %u\n", in->locks.known, in->locks.on);
		break;
	case RD_INPUT_TAKE:
	case RD_INPUT_HELD:
		fprintf(p->log, "held %u", in->buttons);
		for (int i = 0; i < in->held_count; i++)
			fprintf(p->log, " %u", in->held[i]);
		fprintf(p->log, "\n");
		break;
	}
}

static void
log_layout(struct peer *p, const struct rd_layout *m)
{
	fprintf(p->log, "layout %u %u%s%s\n", m->width, m->height, m->monitor[0] ? " " : "", m->monitor);
}

static void
log_watch_only(struct peer *p, const struct rd_monitor_names *m)
{
	fprintf(p->log, "watch-only");
	for (int i = 0; i < m->count; i++)
		fprintf(p->log, " %s", m->v[i]);
	fprintf(p->log, "\n");
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct peer *p = ctx;
	struct rd_input in;
	uint32_t number;
	uint64_t asked;
	struct rd_layout layout;
	struct rd_monitor_names names;
	if (rd_msg_class(m->type) == RD_CLASS_INPUT && rd_input_parse(&in, m->type, m->data, m->len) == 0)
		log_input(p, &in);
	else if (m->type == RD_MSG_ACK && rd_ack_parse(&number, m->data, m->len) == 0)
		fprintf(p->log, "ack %u\n", number);
	else if (m->type == RD_MSG_PING && rd_ping_parse(&asked, m->data, m->len) == 0)
		fprintf(p->log, "ping\n");
	else if (m->type == RD_MSG_LAYOUT && rd_layout_parse(&layout, m->data, m->len) == 0)
		log_layout(p, &layout);
	else if (m->type == RD_MSG_WATCH_ONLY && rd_watch_only_parse(&names, m->data, m->len) == 0)
		log_watch_only(p, &names);
	else
		fprintf(p->log, "%s\n", rd_msg_name(m->type));
	return 0;
}

static void
on_hello(void *ctx, const struct rd_hello *h)
{
	struct peer *p = ctx;
	fprintf(p->log, "hello %s %x\n", h->program, h->caps);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct peer *p = ctx;
	fprintf(p->log, "end %d %s\n", end->reason, end->text);
	rd_loop_stop(p->loop, 0);
}

static void
on_closed(void *ctx, int error)
{
	struct peer *p = ctx;
	(void)error;
	rd_loop_stop(p->loop, 0);
}

int
main(int argc, char **argv)
{
	static const struct rd_link_ops ops = {
		.hello = on_hello, .message = on_message, .end = on_end, .closed = on_closed,
	};
	struct peer p = {.loop = rd_loop_new()};
	if (argc < 3)
		return 2;
	p.log = fopen(argv[1], "w");
	int fifo = open(argv[2], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (!p.log || fifo < 0)
		return 2;
	setvbuf(p.log, NULL, _IOLBF, 0);
	bool locks = argc > 3 && strcmp(argv[3], "locks") == 0;
	rd_hello_init(&p.mine, "view-peer", RD_CAP_LIVE | RD_CAP_MONITORS |
		(locks ? RD_CAP_INPUT | RD_CAP_KEYBOARD : argc > 3 ? 0 : RD_CAP_INPUT | RD_CAP_LAYOUT));
	rd_link_open(&p.link, p.loop, 0, 1, &ops, &p);
	rd_link_hello(p.link, &p.mine);
	rd_fd_open(&p.fifo, p.loop, fifo, on_fifo, &p);
	rd_fd_want(&p.fifo, RD_READ);
	int code = rd_loop_run(p.loop);
	rd_fd_close(&p.fifo);
	rd_link_close(p.link);
	rd_loop_free(p.loop);
	fclose(p.log);
	close(fifo);
	return code;
}

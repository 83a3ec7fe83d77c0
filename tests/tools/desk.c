/*
 * A desktop for tests of what lies between: a producer that shows a picture, and
 * another one for every key that goes down.
 *
 *	desk [-e MS] [-t TEXT] LOG
 *
 * -e: also another one every MS milliseconds. -t: the pixels are this text, again
 * and again, so that a recording can be searched for it.
 *
 * The log: "picture N HASH" as talk.c writes hashes, "key CODE KEYSYM DOWN",
 * "text TEXT", "refresh".
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/loop.h"
#include "media/image.h"
#include "wire/link.h"
#include "wire/msg_input.h"
#include "wire/msg_picture.h"

#define WIDTH 96
#define HEIGHT 64

struct desk {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_timer turn;
	uint64_t every_ns;
	FILE *log;
	const char *text;
	struct rd_image image;
	uint32_t number;
	struct rd_buf body;
};

/* No two alike, and nothing in them that a compressor could use but the text. */
static void
draw(struct desk *d)
{
	uint32_t x = d->number * 2654435761u + 1;
	size_t len = d->text ? strlen(d->text) : 0;
	uint8_t *pixels = d->image.data;
	for (size_t i = 0; i < (size_t)WIDTH * HEIGHT * 4; i++) {
		x = x * 1664525 + 1013904223;
		pixels[i] = len ? (uint8_t)d->text[i % len] : (uint8_t)(x >> 24);
	}
	/* Of a text only the first pixels differ from picture to picture. */
	memcpy(pixels, &d->number, sizeof(d->number));
}

static void
note(struct desk *d)
{
	uint8_t hash[16];
	rd_image_hash(&d->image, hash);
	fprintf(d->log, "picture %" PRIu32 " ", d->number);
	for (int i = 0; i < 16; i++)
		fprintf(d->log, "%02x", hash[i]);
	fputc('\n', d->log);
	fflush(d->log);
}

/* Each is whole: nobody has to have seen the one before. */
static void
show(struct desk *d)
{
	struct rd_begin begin = {.number = ++d->number, .width = WIDTH, .height = HEIGHT,
		.flags = RD_BEGIN_SYNC};
	const struct rd_rect all = {0, 0, WIDTH, HEIGHT};
	draw(d);
	note(d);
	rd_link_cork(d->link, true);
	rd_begin_pack(&d->body, &begin);
	rd_link_send_buf(d->link, RD_MSG_BEGIN, 0, &d->body);
	uint8_t *raw = rd_buf_room(&d->body, RD_RAW_HEADER_SIZE + (size_t)WIDTH * HEIGHT * 4);
	rd_raw_pack_header(raw, all);
	rd_image_get(&d->image, all, raw + RD_RAW_HEADER_SIZE);
	d->body.len = RD_RAW_HEADER_SIZE + (size_t)WIDTH * HEIGHT * 4;
	rd_link_send_buf(d->link, RD_MSG_RAW, 0, &d->body);
	rd_show_pack(&d->body, rd_clock_ns());
	rd_link_send_buf(d->link, RD_MSG_SHOW, 0, &d->body);
	rd_link_cork(d->link, false);
}

static void
on_turn(void *ctx)
{
	struct desk *d = ctx;
	if (!rd_link_busy(d->link))
		show(d);
	rd_timer_set(&d->turn, d->every_ns);
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct desk *d = ctx;
	struct rd_input in;
	if (m->type == RD_MSG_REFRESH) {
		fprintf(d->log, "refresh\n");
		show(d);
	} else if (rd_msg_class(m->type) == RD_CLASS_INPUT &&
		rd_input_parse(&in, m->type, m->data, m->len) == 0) {
		if (in.kind == RD_INPUT_KEY)
			fprintf(d->log, "key %u %" PRIu32 " %d\n", in.code, in.keysym, in.down);
		else if (in.kind == RD_INPUT_TEXT)
			fprintf(d->log, "text %.*s\n", (int)in.text_len, in.text);
		if (in.kind == RD_INPUT_KEY && in.down)
			show(d);
	}
	fflush(d->log);
	return 0;
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct desk *d = ctx;
	(void)end;
	rd_link_finish(d->link, RD_END_DONE, 0, "");
}

static void
on_closed(void *ctx, int error)
{
	struct desk *d = ctx;
	(void)error;
	rd_loop_stop(d->loop, 0);
}

static const struct rd_link_ops ops = {.message = on_message, .end = on_end, .closed = on_closed};

static int
read_options(struct desk *d, int argc, char **argv)
{
	int c;
	while ((c = getopt(argc, argv, "e:t:")) != -1) {
		if (c == 'e')
			d->every_ns = strtoull(optarg, NULL, 10) * RD_NS_PER_MS;
		else if (c == 't')
			d->text = optarg;
		else
			return -1;
	}
	d->log = argc - optind == 1 ? fopen(argv[optind], "a") : NULL;
	return d->log ? 0 : -1;
}

static int
run(struct desk *d)
{
	struct rd_hello hello;
	int in, out;
	d->loop = rd_loop_new();
	rd_link_stdout(&in, &out);
	if (in < 0)
		rd_link_stdio(&in, &out);
	if (rd_image_init(&d->image, WIDTH, HEIGHT) < 0 ||
		rd_link_open(&d->link, d->loop, in, out, &ops, d) < 0)
		return 10;
	rd_hello_init(&hello, "desk", RD_CAP_INPUT);
	rd_link_hello(d->link, &hello);
	show(d);
	rd_timer_open(&d->turn, d->loop, on_turn, d);
	if (d->every_ns)
		rd_timer_set(&d->turn, d->every_ns);
	int code = rd_loop_run(d->loop);
	rd_timer_close(&d->turn);
	rd_link_close(d->link);
	rd_image_finish(&d->image);
	rd_buf_finish(&d->body);
	rd_loop_free(d->loop);
	return code;
}

int
main(int argc, char **argv)
{
	struct desk d = {0};
	rd_log_open("desk");
	if (read_options(&d, argc, argv) < 0) {
		fputs("desk [-e MS] [-t TEXT] LOG\n", stderr);
		return 2;
	}
	int code = run(&d);
	fclose(d.log);
	return code;
}

#include <string.h>

#include "bench/bench.h"
#include "wire/link.h"
#include "wire/msg_picture.h"

/*
 * A stream to carry, for rd-send or ssh: so many MB of pictures as fast as they
 * are taken, and END; or, with -n 0, one picture and another small one for each
 * input that comes back, until the other side ends.
 */
#define MB 1000000
#define SIDE 128		/* pixels of a large picture: 64 KiB */
#define SMALL 4

struct producer {
	struct rd_loop *loop;
	struct rd_link *link;
	bool answers;
	uint64_t left;		/* bytes of large pictures */
	uint32_t number;
	struct rd_buf body;
};

static void
send_body(struct producer *p, uint16_t type)
{
	rd_link_send_buf(p->link, type, 0, &p->body);
}

/* The first one is a sync point. */
static void
send_frame(struct producer *p, uint16_t side)
{
	struct rd_begin begin = {.number = p->number + 1, .base = p->number, .width = SIDE,
		.height = SIDE, .flags = p->number == 0 ? RD_BEGIN_SYNC : 0};
	size_t pixels = (size_t)side * side * 4;

	p->number++;
	rd_link_cork(p->link, true);
	rd_begin_pack(&p->body, &begin);
	send_body(p, RD_MSG_BEGIN);
	rd_raw_pack_header(rd_buf_room(&p->body, RD_RAW_HEADER_SIZE + pixels),
		(struct rd_rect){0, 0, side, side});
	memset(p->body.data + RD_RAW_HEADER_SIZE, (int)(p->number & 0xff), pixels);
	p->body.len = RD_RAW_HEADER_SIZE + pixels;
	send_body(p, RD_MSG_RAW);
	rd_show_pack(&p->body, 0);
	send_body(p, RD_MSG_SHOW);
	rd_link_cork(p->link, false);
}

static void
pour(struct producer *p)
{
	uint64_t each = (uint64_t)SIDE * SIDE * 4;
	while (p->left > 0 && !rd_link_busy(p->link)) {
		send_frame(p, SIDE);
		p->left -= p->left < each ? p->left : each;
	}
	if (p->left == 0 && !p->answers)
		rd_link_finish(p->link, RD_END_DONE, 0, "");
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct producer *p = ctx;
	if (p->answers && rd_msg_class(m->type) == RD_CLASS_INPUT)
		send_frame(p, SMALL);
	return 0;
}

static void
on_room(void *ctx)
{
	struct producer *p = ctx;
	if (p->left > 0)
		pour(p);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct producer *p = ctx;
	(void)end;
	if (p->answers)
		rd_link_finish(p->link, RD_END_DONE, 0, "");
}

static void
on_closed(void *ctx, int error)
{
	struct producer *p = ctx;
	(void)error;
	rd_loop_stop(p->loop, 0);
}

static const struct rd_link_ops link_ops = {
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

int
producer_main(int argc, char **argv)
{
	struct options o = {0};
	struct producer p = {0};
	struct rd_hello hello;
	int in, out;

	options_read(&o, argc, argv);
	p.answers = o.count == 0;
	p.left = p.answers ? 1 : (uint64_t)o.count * MB;
	p.loop = rd_loop_new();
	rd_link_stdout(&in, &out);
	if (in < 0)
		rd_link_stdio(&in, &out);
	int err = rd_link_open(&p.link, p.loop, in, out, &link_ops, &p);
	if (err)
		bench_die("no link: %s", strerror(-err));
	rd_hello_init(&hello, "rd-bench", RD_CAP_INPUT);
	rd_link_hello(p.link, &hello);
	pour(&p);
	int code = rd_loop_run(p.loop);
	rd_link_close(p.link);
	rd_buf_finish(&p.body);
	rd_loop_free(p.loop);
	return code;
}

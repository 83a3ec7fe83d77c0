#include <string.h>

#include "base/clock.h"
#include "base/spawn.h"
#include "bench/bench.h"
#include "bench/samples.h"
#include "wire/link.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"
#include "wire/msg_picture.h"

/*
 * From an input message that goes into a command to the picture that comes out
 * of it in answer (rd-bench producer -n 0 at the far end), one at a time and
 * with a pause between them.
 */
#define PAUSE_NS (2 * RD_NS_PER_MS)
#define COLD 10		/* are not counted: everything starts, sizes are probed */
#define END_MS 5000

struct talk {
	struct rd_loop *loop;
	struct rd_link *link;
	struct rd_timer timer;
	struct samples samples;
	size_t want, seen;
	uint32_t number;	/* of the picture that is being told */
	uint64_t sent_ns;
	struct rd_buf body;
};

static void
say(void *ctx)
{
	static const char text[] = "what a person types, in a message of sixty-four.";
	struct talk *t = ctx;
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = text, .text_len = sizeof(text) - 1};
	t->sent_ns = rd_clock_ns();
	uint16_t type = rd_input_pack(&t->body, &in);
	rd_link_send_buf(t->link, type, 0, &t->body);
}

static void
shown(struct talk *t)
{
	uint64_t now = rd_clock_ns();
	rd_ack_pack(&t->body, t->number);
	rd_link_send_buf(t->link, RD_MSG_ACK, 0, &t->body);
	if (t->seen++ > COLD)
		samples_add(&t->samples, now - t->sent_ns);
	if (t->samples.n < t->want)
		rd_timer_set(&t->timer, PAUSE_NS);
	else
		rd_link_finish(t->link, RD_END_DONE, 0, "");
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct talk *t = ctx;
	struct rd_begin begin;
	if (m->type == RD_MSG_BEGIN && rd_begin_parse(&begin, m->data, m->len) == 0)
		t->number = begin.number;
	if (m->type == RD_MSG_SHOW)
		shown(t);
	return 0;
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct talk *t = ctx;
	if (t->samples.n < t->want)
		bench_die("it ended: %s", end->text);
}

static void
on_closed(void *ctx, int error)
{
	struct talk *t = ctx;
	if (t->samples.n < t->want)
		bench_die("nobody listens: %s", strerror(-error));
	rd_loop_stop(t->loop, 0);
}

static const struct rd_link_ops link_ops = {
	.message = on_message,
	.end = on_end,
	.closed = on_closed,
};

int
talk_main(int argc, char **argv)
{
	struct options o = {.count = 1000};
	struct talk t = {0};
	struct rd_child child = {.fd = -1};
	struct rd_hello hello;

	options_read(&o, argc, argv);
	if (!o.rest[0])
		bench_die("talk: to which command?");
	t.want = (size_t)o.count;
	t.loop = rd_loop_new();
	int err = rd_child_spawn(&child, o.rest);
	if (!err)
		err = rd_link_open(&t.link, t.loop, child.fd, child.fd, &link_ops, &t);
	if (err)
		bench_die("%s: %s", o.rest[0], strerror(-err));
	rd_timer_open(&t.timer, t.loop, say, &t);
	rd_hello_init(&hello, "rd-bench", RD_CAP_ACK);
	rd_link_hello(t.link, &hello);
	int code = rd_loop_run(t.loop);
	rd_link_close(t.link);
	rd_child_reap(&child, END_MS);
	rd_timer_close(&t.timer);
	rd_buf_finish(&t.body);
	rd_loop_free(t.loop);
	samples_print(&t.samples, "");
	return code;
}

#include "base/clock.h"
#include "rd-encode/ending.h"
#include "rd-encode/feedback.h"
#include "rd-encode/flow.h"
#include "wire/msg_control.h"

/*
 * A viewer is there: from now on it bounds what is on its way, and asks for
 * sync points itself.
 */
static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct flow *f = ctx;
	f->coder.asked = true;
	f->coder.acked = peer->caps & RD_CAP_ACK;
	flow_step(f);
}

static int
on_ack(struct flow *f, const struct rd_msg *m)
{
	uint32_t number;
	int err = rd_ack_parse(&number, m->data, m->len);
	return err < 0 ? err : coder_acked(&f->coder, number);
}

static int
on_rate(struct flow *f, const struct rd_msg *m)
{
	uint64_t bps;
	int err = rd_rate_parse(&bps, m->data, m->len);
	if (err == 0)
		coder_rate(&f->coder, bps);
	return err;
}

/*
 * Whatever was lost, a sync point mends it. (Cheaper would be to send only
 * what the lost frames painted; no way that loses frames exists yet.)
 */
static int
on_loss(struct flow *f, const struct rd_msg *m)
{
	struct rd_loss loss;
	int err = rd_loss_parse(&loss, m->data, m->len);
	if (err == 0)
		coder_sync(&f->coder);
	return err;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct flow *f = ctx;
	int err = 0;
	if (f->state == FLOW_CLOSING)
		return 0;
	switch (m->type) {
	case RD_MSG_ACK:
		err = on_ack(f, m);
		break;
	case RD_MSG_REFRESH:
		coder_sync(&f->coder);
		break;
	case RD_MSG_RATE:
		err = on_rate(f, m);
		break;
	case RD_MSG_LOSS:
		err = on_loss(f, m);
		break;
	case RD_MSG_PCM:
	case RD_MSG_OPUS:
		if (f->takes_voices)
			err = voices_up(&f->voices, f->up, m, rd_clock_ns());
		break;
	default:
		if (m->type == RD_MSG_LISTEN)
			sounds_listen(&f->sounds, m);
		err = rd_link_duplex(f->up) ? passing_up(&f->rescale, f->up, m) : 0;
	}
	flow_step(f);
	return err;
}

static void
on_room(void *ctx)
{
	flow_step(ctx);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	ending_viewer(ctx, end);
}

static void
on_closed(void *ctx, int error)
{
	ending_output(ctx, error);
}

const struct rd_link_ops feedback_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

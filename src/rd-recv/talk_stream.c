#include <errno.h>

#include "base/clock.h"
#include "chan/rights.h"
#include "rd-recv/session_priv.h"
#include "wire/msg_control.h"
#include "wire/msg_link.h"

static void
say_clip(void *ctx, const struct rd_msg *m)
{
	struct session *s = ctx;
	rd_chan_send(s->chan, m, rd_clock_ns());
	rd_dial_poke(s->dial);
}

/* What our reader has said to the session before. */
static void
say_again(struct session *s, const struct rd_hello *h)
{
	clips_again(&s->clips, say_clip, s);
	talk_wishes_again(s, h->caps);
}

static int
greeted(struct session *s, const struct rd_msg *m)
{
	struct rd_hello h;
	int err = rd_hello_parse(&h, m->data, m->len);
	if (err)
		return err;
	if (!(s->rights & RD_RIGHT_INPUT))
		h.caps &= ~(uint32_t)RD_CAPS_CONTROLLED;
	if (!(s->rights & RD_RIGHT_CLIP_OUT))
		h.caps &= ~(uint32_t)RD_CAP_CLIP_OUT;
	if (!(s->rights & RD_RIGHT_CLIP_IN))
		h.caps &= ~(uint32_t)RD_CAP_CLIP_IN;
	int first = splice_hello(&s->splice, &h);
	if (first > 0)
		rd_link_hello(s->link, &h);
	else if (first == 0)
		say_again(s, &h);
	return first < 0 ? first : 0;
}

static int
ended(struct session *s, const struct rd_msg *m)
{
	struct rd_end_msg end;
	int err = rd_end_parse(&end, m->data, m->len);
	if (err)
		return err;
	leave_as_told(s, &end);
	/* Nothing follows END. */
	return -ECANCELED;
}

/* What came in one turn of the loop leaves in one write. */
static void
pass(struct session *s, const struct rd_msg *m)
{
	if (!s->corked)
		rd_link_cork(s->link, true);
	s->corked = true;
	s->last_ns = m->time_ns;
	rd_meter_add(&s->down, RD_MSG_HEADER_SIZE + m->len, rd_clock_ns());
	if (m->type == RD_MSG_SHOW)
		rd_meter_add(&s->shown, 1, rd_clock_ns());
	rd_link_send(s->link, m);
	if (rd_link_busy(s->link))
		rd_chan_hold(s->chan, true);
}

int
talk_stream(struct session *s, const struct rd_msg *m)
{
	struct rd_msg out;
	if (s->phase != PHASE_STREAMING)
		return -EPROTO;
	if (m->type == RD_MSG_HELLO)
		return greeted(s, m);
	if (m->type == RD_MSG_END)
		return ended(s, m);
	/* That only we know. */
	if (m->type == RD_MSG_PATH)
		return 0;
	int one = splice_down(&s->splice, m, &out);
	if (one > 0)
		pass(s, &out);
	return one < 0 ? one : 0;
}

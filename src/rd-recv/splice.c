#include <errno.h>

#include "rd-recv/splice.h"
#include "wire/msg_control.h"
#include "wire/msg_picture.h"

#define SCREEN(m) ((m)->channel < RD_CHAN_SCREENS ? (uint16_t)(1u << (m)->channel) : 0)

void
splice_finish(struct splice *s)
{
	rd_buf_finish(&s->body);
}

void
splice_session(struct splice *s)
{
	s->greeted = false;
	s->numbers = s->newest;
	s->first = UINT32_MAX;
	s->waiting = s->begun ? UINT16_MAX : 0;
}

int
splice_hello(struct splice *s, const struct rd_hello *h)
{
	bool first = !s->begun;
	if (s->greeted)
		return -EPROTO;
	if (first)
		s->hello = *h;
	s->floor_ns = s->newest_ns;
	/* Times that are no clock's begin where the others ended. */
	if (!(h->caps & s->hello.caps & RD_CAP_LIVE))
		s->shift_ns = (int64_t)s->newest_ns;
	/* Both clocks are the host's: the steady one serves until it is booted anew. */
	else if (rd_hello_same_boot(h, &s->hello))
		s->shift_ns = (int64_t)(h->mono_ns - s->hello.mono_ns);
	else
		s->shift_ns = (int64_t)(h->wall_ns - s->hello.wall_ns);
	s->begun = s->greeted = true;
	return first;
}

/* A time before the stream's time zero is its beginning. */
static uint64_t
shifted(uint64_t time_ns, int64_t by)
{
	if (by < 0 && time_ns < (uint64_t)-by)
		return 0;
	return time_ns + (uint64_t)by;
}

static void
rewrite(struct splice *s, struct rd_msg *out)
{
	out->data = s->body.data;
	out->len = s->body.len;
	out->blob = NULL;
}

static int
begin_down(struct splice *s, struct rd_msg *out)
{
	struct rd_begin b;
	int err = rd_begin_parse(&b, out->data, out->len);
	if (err)
		return err;
	if (b.flags & RD_BEGIN_SYNC)
		s->waiting &= (uint16_t)~SCREEN(out);
	if (s->waiting & SCREEN(out))
		return 0;
	b.number += s->numbers;
	if (b.base)
		b.base += s->numbers;
	if (b.number > s->newest)
		s->newest = b.number;
	if (b.number < s->first)
		s->first = b.number;
	if (s->numbers == 0)
		return 1;
	rd_buf_reset(&s->body);
	rd_begin_pack(&s->body, &b);
	rewrite(s, out);
	return 1;
}

static int
pong_down(struct splice *s, struct rd_msg *out)
{
	struct rd_pong p;
	int err = rd_pong_parse(&p, out->data, out->len);
	if (err)
		return err;
	p.stream_ns = shifted(p.stream_ns, s->shift_ns);
	rd_buf_reset(&s->body);
	rd_pong_pack(&s->body, &p);
	rewrite(s, out);
	return 1;
}

int
splice_down(struct splice *s, const struct rd_msg *m, struct rd_msg *out)
{
	if (!s->greeted)
		return -EPROTO;
	*out = *m;
	out->time_ns = shifted(m->time_ns, s->shift_ns);
	if (out->time_ns < s->floor_ns)
		out->time_ns = s->floor_ns;
	if (out->time_ns > s->newest_ns)
		s->newest_ns = out->time_ns;
	/*
	 * Between two neighbours: what a host says there is not for our reader. Nor is
	 * input, which only goes up: events come without credit, and would pile up here.
	 */
	if (rd_msg_class(m->type) == RD_CLASS_LINK || rd_msg_class(m->type) == RD_CLASS_INPUT)
		return 0;
	if (m->type == RD_MSG_BEGIN)
		return begin_down(s, out);
	if (rd_msg_class(m->type) == RD_CLASS_PICTURE)
		return !(s->waiting & SCREEN(m));
	if (m->type == RD_MSG_PONG && s->shift_ns != 0)
		return pong_down(s, out);
	return 1;
}

static int
ack_up(struct splice *s, struct rd_msg *out)
{
	uint32_t number;
	int err = rd_ack_parse(&number, out->data, out->len);
	if (err)
		return err;
	if (number < s->first || number <= s->numbers)
		return 0;
	if (s->numbers == 0)
		return 1;
	rd_buf_reset(&s->body);
	rd_ack_pack(&s->body, number - s->numbers);
	rewrite(s, out);
	return 1;
}

static int
loss_up(struct splice *s, struct rd_msg *out)
{
	struct rd_loss l;
	int err = rd_loss_parse(&l, out->data, out->len);
	if (err)
		return err;
	if (l.last < s->first || l.last <= s->numbers)
		return 0;
	if (l.first < s->first)
		l.first = s->first;
	l.first -= s->numbers;
	l.last -= s->numbers;
	rd_buf_reset(&s->body);
	rd_loss_pack(&s->body, &l);
	rewrite(s, out);
	return 1;
}

int
splice_up(struct splice *s, const struct rd_msg *m, struct rd_msg *out)
{
	*out = *m;
	if (m->type == RD_MSG_ACK)
		return ack_up(s, out);
	if (m->type == RD_MSG_LOSS)
		return loss_up(s, out);
	return 1;
}

#include <stdlib.h>

#include "base/mem.h"
#include "chan/chan_priv.h"
#include "chan/msg_session.h"
#include "chan/travel.h"
#include "wire/msg_picture.h"

/* A buffer of more than this is given back once its message is delivered. */
#define PART_KEEP ((size_t)64 << 10)

static void
foreign(struct rd_chan *ch, const char *why)
{
	if (ch->dead)
		return;
	ch->dead = true;
	if (ch->ops->foreign)
		ch->ops->foreign(ch->ctx, why);
}

static void
deliver(struct rd_chan *ch, const struct rd_msg *m)
{
	if (!ch->dead && ch->ops->message && ch->ops->message(ch->ctx, m) < 0)
		ch->dead = true;
	ch->greeted |= m->type == RD_MSG_HELLO;
}

/* What may be said before anybody is let in; links' limit is that of both classes. */
static bool
may_come_early(const struct rd_msg *m)
{
	bool between_ends = rd_msg_class(m->type) == RD_CLASS_LINK ||
		rd_msg_class(m->type) == (enum rd_msg_class)RD_CLASS_SESSION;
	return between_ends && m->len <= RD_MSG_MAX_LINK;
}

/*
 * The head of a message that came by `how`. False, and told, for what may not
 * come: memory for a body is only ever taken for a class that travels so.
 */
static bool
head(struct rd_chan *ch, struct rd_msg *m, const uint8_t *data, enum rd_travel how)
{
	if (rd_msg_parse_header(m, data))
		foreign(ch, "a message over its limit");
	else if (m->flags & RD_MSG_F_SHARED)
		foreign(ch, "a message in shared memory");
	else if (rd_travels(m->type).how != how)
		foreign(ch, "a message that does not travel so");
	else if (ch->guarded && !may_come_early(m))
		foreign(ch, "a message before it was let in");
	return !ch->dead;
}

/* --- units --- */

static size_t
next(struct rd_chan *ch, struct rd_msg *m, const uint8_t *data, size_t len)
{
	if (len < RD_MSG_HEADER_SIZE) {
		foreign(ch, "a unit that ends within a message");
		return 0;
	}
	if (!head(ch, m, data, RD_TRAVEL_UNIT))
		return 0;
	if (len - RD_MSG_HEADER_SIZE < m->len) {
		foreign(ch, "a unit that ends within a message");
		return 0;
	}
	m->data = data + RD_MSG_HEADER_SIZE;
	return RD_MSG_HEADER_SIZE + m->len;
}

/* Nothing of a unit is delivered that is not whole and right. */
static bool
check_unit(struct rd_chan *ch, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct rd_msg m;
	for (size_t at = 0, n; at < len; at += n) {
		n = next(ch, &m, data + at, len - at);
		if (n == 0)
			return false;
		if (rd_travels(m.type).traffic != traffic) {
			foreign(ch, "a message that does not travel so");
			return false;
		}
	}
	return true;
}

/* After a gap: is this unit of a screen that still waits for a sync point? */
static bool
passed_over(struct rd_chan *ch, const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_begin b;
	if (!ch->waiting || !next(ch, &m, data, len) || m.channel >= RD_CHAN_SCREENS)
		return false;
	uint16_t bit = (uint16_t)(1u << m.channel);
	if (m.type == RD_MSG_BEGIN && rd_begin_parse(&b, m.data, m.len) == 0 &&
			(b.flags & RD_BEGIN_SYNC))
		ch->waiting &= (uint16_t)~bit;
	return ch->waiting & bit;
}

/* A piece of sound that came already, in the unit before or after this one. */
static bool
heard(struct rd_chan *ch, const struct rd_msg *m)
{
	for (unsigned i = 0; i < CHAN_HEARD; i++)
		if (ch->heard[i].type == m->type && ch->heard[i].channel == m->channel &&
				ch->heard[i].time_ns == m->time_ns)
			return true;
	unsigned at = ch->heard_at++ % CHAN_HEARD;
	ch->heard[at].time_ns = m->time_ns;
	ch->heard[at].channel = m->channel;
	ch->heard[at].type = m->type;
	return false;
}

static void
take_unit(struct rd_chan *ch, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct rd_msg m;
	if (traffic != RD_TRAFFIC_PICTURE || !passed_over(ch, data, len))
		for (size_t at = 0, n; at < len && !ch->dead; at += n) {
			n = next(ch, &m, data + at, len - at);
			if (n == 0)
				return;
			if (traffic != RD_TRAFFIC_SOUND || !heard(ch, &m))
				deliver(ch, &m);
		}
	if (ch->held)
		ch->units_owed += len;
	else if (ch->mux)
		rd_mux_units_consumed(ch->mux, len);
}

/* Units that overtook HELLO; the credit for them was kept back, so they are few. */
static void
take_early(struct rd_chan *ch)
{
	struct rd_buf early = ch->early;
	struct rd_reader r;
	ch->early = (struct rd_buf){0};
	rd_reader_init(&r, early.data, early.len);
	while (rd_reader_left(&r) && !ch->dead) {
		enum rd_traffic traffic = rd_reader_u8(&r);
		size_t len = rd_reader_u32(&r);
		take_unit(ch, traffic, rd_reader_bytes(&r, len), len);
	}
	rd_buf_finish(&early);
}

void
chan_on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct rd_chan *ch = ctx;
	if (ch->dead || !check_unit(ch, traffic, data, len))
		return;
	if (ch->greeted) {
		take_unit(ch, traffic, data, len);
		return;
	}
	rd_buf_u8(&ch->early, (uint8_t)traffic);
	rd_buf_u32(&ch->early, (uint32_t)len);
	rd_buf_bytes(&ch->early, data, len);
}

void
chan_on_gap(void *ctx, enum rd_traffic traffic)
{
	struct rd_chan *ch = ctx;
	if (traffic == RD_TRAFFIC_PICTURE)
		ch->waiting = UINT16_MAX;
}

/* --- streams --- */

static struct inbox *
find_inbox(struct rd_chan *ch, uint64_t id)
{
	for (unsigned i = 0; i < ch->inbox_count; i++)
		if (ch->inboxes[i].id == id)
			return &ch->inboxes[i];
	ch->inboxes = xreallocarray(ch->inboxes, ch->inbox_count + 1, sizeof(*ch->inboxes));
	struct inbox *in = &ch->inboxes[ch->inbox_count++];
	*in = (struct inbox){.id = id};
	return in;
}

static void
drop_inbox(struct rd_chan *ch, uint64_t id)
{
	struct inbox *in = find_inbox(ch, id);
	if (in->owed && ch->mux)
		rd_mux_consumed(ch->mux, id, in->owed);
	rd_buf_finish(&in->part);
	*in = ch->inboxes[--ch->inbox_count];
}

/* Delivers what begins here, if it is whole. Returns its bytes, 0 while it is not. */
static size_t
whole(struct rd_chan *ch, const uint8_t *data, size_t len)
{
	struct rd_msg m;
	if (len < RD_MSG_HEADER_SIZE || !head(ch, &m, data, RD_TRAVEL_STREAM) ||
			len - RD_MSG_HEADER_SIZE < m.len)
		return 0;
	m.data = data + RD_MSG_HEADER_SIZE;
	deliver(ch, &m);
	return RD_MSG_HEADER_SIZE + m.len;
}

/* How many bytes the message that `part` begins still lacks, as far as can be known. */
static size_t
lacking(const struct rd_buf *part)
{
	struct rd_msg m;
	if (part->len < RD_MSG_HEADER_SIZE)
		return RD_MSG_HEADER_SIZE - part->len;
	rd_msg_parse_header(&m, part->data);
	return RD_MSG_HEADER_SIZE + m.len - part->len;
}

static void
take(struct rd_chan *ch, struct rd_buf *part, const uint8_t *data, size_t len)
{
	while (len > 0 && !ch->dead) {
		size_t n = part->len ? 0 : whole(ch, data, len);
		if (n == 0 && !ch->dead) {
			n = lacking(part);
			n = n < len ? n : len;
			rd_buf_bytes(part, data, n);
			if (whole(ch, part->data, part->len))
				rd_buf_reset(part);
		}
		data += n;
		len -= n;
	}
	if (part->len == 0 && part->cap > PART_KEEP)
		rd_buf_finish(part);
}

void
chan_on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct rd_chan *ch = ctx;
	if (ch->dead)
		return;
	if (ch->guarded && id != 0) {
		foreign(ch, "a stream before it was let in");
		return;
	}
	struct inbox *in = find_inbox(ch, id);
	/* Deliveries may come back to us, but open no inbox: `in` stays where it is. */
	take(ch, &in->part, data, len);
	if (ch->greeted && ch->early.len)
		take_early(ch);
	if (ch->dead)
		return;
	in->owed += len;
	if (!ch->held && ch->mux && in->owed) {
		rd_mux_consumed(ch->mux, id, in->owed);
		in->owed = 0;
	}
	if (!fin)
		return;
	if (id == 0 || in->part.len)
		foreign(ch, "a stream that ended early");
	drop_inbox(ch, id);
}

void
chan_on_reset(void *ctx, uint64_t id, uint64_t code)
{
	struct rd_chan *ch = ctx;
	(void)code;
	if (id == 0)
		foreign(ch, "a control stream given up");
	drop_inbox(ch, id);
}

/* --- events --- */

void
chan_on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct rd_chan *ch = ctx;
	struct rd_msg m;
	if (ch->dead)
		return;
	if (len < RD_MSG_HEADER_SIZE) {
		foreign(ch, "an event that is no message");
		return;
	}
	if (!head(ch, &m, data, RD_TRAVEL_EVENT))
		return;
	if (len - RD_MSG_HEADER_SIZE != m.len) {
		foreign(ch, "an event that is no message");
		return;
	}
	m.data = data + RD_MSG_HEADER_SIZE;
	deliver(ch, &m);
}

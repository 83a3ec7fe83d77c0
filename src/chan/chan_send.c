#include <errno.h>

#include "chan/chan_priv.h"
#include "chan/travel.h"
#include "wire/msg_link.h"
#include "wire/msg_picture.h"

/* A buffer of more than this is given back once its frame is queued. */
#define GATHER_KEEP ((size_t)1 << 20)

static void
append(struct rd_buf *b, const struct rd_msg *m)
{
	rd_msg_pack_header(m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
	b->len += RD_MSG_HEADER_SIZE;
	rd_buf_bytes(b, m->data, m->len);
}

static void
tell_lost(struct rd_chan *ch, unsigned screen, uint32_t first, uint32_t last)
{
	if (ch->ops->lost && first > 0 && first <= last)
		ch->ops->lost(ch->ctx, (uint8_t)screen, first, last);
}

/* --- pictures --- */

static uint64_t
tag_of(unsigned screen, uint32_t number)
{
	return (uint64_t)screen << 32 | number;
}

/* A sync point is not acknowledged yet: what waits behind it is late by its fault. */
static bool
sync_on_its_way(struct rd_chan *ch)
{
	if (ch->sync_queued && rd_chan_queued(ch) <= ch->after_sync)
		ch->sync_queued = false;
	return ch->sync_queued;
}

static int
queue_unit(struct rd_chan *ch, const struct rd_buf *b, bool sync, uint64_t late_ns,
	uint64_t tag, uint64_t now_ns)
{
	bool never = sync || late_ns == 0 || !ch->live || sync_on_its_way(ch);
	uint64_t deadline = never ? UINT64_MAX : now_ns + late_ns;
	int err = rd_mux_unit(ch->mux, RD_TRAFFIC_PICTURE, b->data, b->len, deadline, tag);
	if (err)
		return err;
	ch->after_sync = sync ? 0 : ch->after_sync + b->len;
	ch->sync_queued |= sync;
	return 0;
}

/* BEGIN: is this frame sent, or passed over? */
static int
begin(struct rd_chan *ch, struct screen *s, const struct rd_msg *m)
{
	struct rd_begin b;
	if (rd_begin_parse(&b, m->data, m->len))
		return -EPROTO;
	rd_buf_reset(&s->gather);
	s->number = b.number;
	s->sync = b.flags & RD_BEGIN_SYNC;
	if (s->skipping && s->sync && !rd_chan_busy(ch))
		s->skipping = false;
	s->open = true;
	s->passing = s->skipping;
	if (!s->passing)
		return 0;
	s->newest = s->number;
	tell_lost(ch, m->channel, s->number, s->number);
	return 0;
}

/* SHOW: the frame is whole and goes. */
static int
show(struct rd_chan *ch, struct screen *s, unsigned screen, uint64_t now_ns)
{
	s->open = false;
	s->newest = s->number;
	int err = queue_unit(ch, &s->gather, s->sync, RD_PICTURE_LATE_NS,
		tag_of(screen, s->number), now_ns);
	if (s->gather.cap > GATHER_KEEP)
		rd_buf_finish(&s->gather);
	if (err) {
		s->skipping = true;
		tell_lost(ch, screen, s->number, s->number);
	} else if (s->sync) {
		s->last_sync = s->number;
	}
	return err;
}

/* A frame that grew beyond what a session carries. */
static int
too_long(struct rd_chan *ch, struct screen *s, unsigned screen)
{
	rd_buf_finish(&s->gather);
	s->passing = s->skipping = true;
	s->newest = s->number;
	tell_lost(ch, screen, s->number, s->number);
	return -EMSGSIZE;
}

static int
send_loose(struct rd_chan *ch, const struct screen *s, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_buf b = {0};
	if (s->skipping)
		return 0;
	append(&b, m);
	int err = queue_unit(ch, &b, false, 0, tag_of(m->channel, s->newest), now_ns);
	rd_buf_finish(&b);
	return err;
}

static int
send_picture(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns)
{
	if (m->channel >= RD_CHAN_SCREENS)
		return -ENOTSUP;
	struct screen *s = &ch->screens[m->channel];
	if (m->type == RD_MSG_BEGIN) {
		int err = begin(ch, s, m);
		if (err)
			return err;
	}
	if (!s->open)
		return send_loose(ch, s, m, now_ns);
	if (s->passing) {
		s->open = m->type != RD_MSG_SHOW;
		return 0;
	}
	if (s->gather.len + m->len + RD_MSG_HEADER_SIZE > RD_PICTURE_UNIT_MAX)
		return too_long(ch, s, m->channel);
	append(&s->gather, m);
	return m->type == RD_MSG_SHOW ? show(ch, s, m->channel, now_ns) : 0;
}

/*
 * A frame of one screen was late. Where a sync point of that screen is queued
 * behind it the loss ends there; otherwise all behind it is useless, and so it
 * is for the other screens: the peer knows only that something is missing.
 */
void
chan_dropped(struct rd_chan *ch, uint64_t tag)
{
	unsigned screen = (unsigned)(tag >> 32) % RD_CHAN_SCREENS;
	uint32_t number = (uint32_t)tag;
	bool kept = false;

	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++) {
		struct screen *s = &ch->screens[i];
		uint32_t first = i == screen ? number : s->newest, last = s->newest;
		if (s->newest == 0)
			continue;
		if (i == screen && s->last_sync > number) {
			kept = true;
			last = s->last_sync - 1;
		} else {
			s->skipping = true;
			if (s->open && !s->passing) {
				s->passing = true;
				s->newest = last = s->number;
			}
		}
		tell_lost(ch, i, first, last);
	}
	if (!kept && ch->mux)
		rd_mux_drop_units(ch->mux, RD_TRAFFIC_PICTURE);
}

bool
rd_chan_skipping(const struct rd_chan *ch)
{
	bool skipping = false;
	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++)
		skipping |= ch->screens[i].skipping && ch->screens[i].number > 0;
	return skipping;
}

void
rd_chan_skip(struct rd_chan *ch)
{
	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++) {
		struct screen *s = &ch->screens[i];
		s->skipping = true;
		if (!s->open || s->passing)
			continue;
		s->passing = true;
		s->newest = s->number;
		tell_lost(ch, i, s->number, s->number);
	}
	if (ch->mux && !sync_on_its_way(ch))
		rd_mux_drop_units(ch->mux, RD_TRAFFIC_PICTURE);
}

/* --- the rest --- */

static int
send_sound(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_buf b = {0};
	bool copies = m->len <= RD_SOUND_COPY_MAX;
	if (copies && now_ns - ch->sound_ns < RD_SOUND_LATE_NS)
		rd_buf_bytes(&b, ch->sound.data, ch->sound.len);
	rd_buf_reset(&ch->sound);
	if (copies)
		append(&ch->sound, m);
	ch->sound_ns = now_ns;
	append(&b, m);
	int err = rd_mux_unit(ch->mux, RD_TRAFFIC_SOUND, b.data, b.len,
		now_ns + RD_SOUND_LATE_NS, 0);
	rd_buf_finish(&b);
	return err;
}

static int
send_event(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns)
{
	uint8_t event[RD_FRAME_EVENT_MAX];
	if (m->len > sizeof(event) - RD_MSG_HEADER_SIZE)
		return -EMSGSIZE;
	struct rd_buf b = {.data = event, .cap = sizeof(event)};
	append(&b, m);
	return rd_mux_event(ch->mux, event, b.len, now_ns);
}

/* A TEXT of any length, cut between characters (of UTF-8, which it is). */
static int
send_text(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns)
{
	size_t most = RD_FRAME_EVENT_MAX - RD_MSG_HEADER_SIZE;
	struct rd_msg part = *m;
	for (size_t at = 0; at < m->len; at += part.len) {
		part.data = m->data + at;
		part.len = m->len - at;
		if (part.len > most) {
			part.len = most;
			while (part.len > most - 4 && (part.data[part.len] & 0xc0) == 0x80)
				part.len--;
		}
		int err = send_event(ch, &part, now_ns);
		if (err)
			return err;
	}
	return 0;
}

static int
send_stream(struct rd_chan *ch, const struct rd_msg *m, enum rd_traffic traffic)
{
	uint8_t head[RD_MSG_HEADER_SIZE];
	uint64_t id = 0;
	if (traffic == RD_TRAFFIC_CLIPBOARD) {
		if (ch->clipboard < 0)
			ch->clipboard = rd_mux_stream_open(ch->mux, traffic);
		if (ch->clipboard < 0)
			return (int)ch->clipboard;
		id = (uint64_t)ch->clipboard;
	}
	rd_msg_pack_header(m, head);
	int err = rd_mux_stream_write(ch->mux, id, head, sizeof(head), false);
	if (err || m->len == 0)
		return err;
	return rd_mux_stream_write(ch->mux, id, m->data, m->len, false);
}

/* What the stream's HELLO says of its clock decides whether its pictures can be late. */
static void
note_hello(struct rd_chan *ch, const struct rd_msg *m)
{
	struct rd_hello hello;
	if (rd_hello_parse(&hello, m->data, m->len) == 0)
		ch->live = hello.caps & RD_CAP_LIVE;
}

int
rd_chan_send(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_travels way = rd_travels(m->type);
	if (!ch->mux)
		return -ENOTCONN;
	if (m->len > rd_msg_limit(m->type))
		return -EMSGSIZE;
	if (m->type == RD_MSG_HELLO)
		note_hello(ch, m);
	switch (way.how) {
	case RD_TRAVEL_UNIT:
		if (way.traffic == RD_TRAFFIC_SOUND)
			return send_sound(ch, m, now_ns);
		return send_picture(ch, m, now_ns);
	case RD_TRAVEL_EVENT:
		return m->type == RD_MSG_TEXT ? send_text(ch, m, now_ns) : send_event(ch, m, now_ns);
	case RD_TRAVEL_STREAM:
		break;
	}
	return send_stream(ch, m, way.traffic);
}

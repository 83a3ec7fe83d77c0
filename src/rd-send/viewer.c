#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "chan/rights.h"
#include "rd-send/pause.h"
#include "rd-send/source.h"
#include "rd-send/viewer.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"
#include "wire/msg_layout.h"
#include "wire/msg_monitors.h"
#include "wire/msg_sound.h"

/* Bytes of a clipboard's messages that a viewer may leave unread. */
#define CLIP_ANSWERS_MAX ((uint64_t)1 << 20)
/* … and of contents that it asked for, of which a producer bounds what is under way. */
#define CLIP_CONTENT_MAX ((uint64_t)4 << 20)

/* --- down --- */

void
viewer_greet(struct session *s)
{
	const struct source *src = s->source;
	struct rd_hello hello = src->hello;
	struct rd_buf body = {0};
	hello.caps &= ~(uint32_t)(RD_CAP_BUFFERS | RD_CAP_FRESH);
	/* What stdout leads to may obey, but has no way to say so. */
	if (src->injects)
		hello.caps = (hello.caps & ~(uint32_t)RD_CAPS_CONTROLLED) | RD_CAP_INPUT;
	if (!(s->rights & RD_RIGHT_INPUT))
		hello.caps &= ~(uint32_t)RD_CAPS_CONTROLLED;
	if (!(s->rights & RD_RIGHT_CLIP_OUT) || !src->obeys)
		hello.caps &= ~(uint32_t)RD_CAP_CLIP_OUT;
	if (!(s->rights & RD_RIGHT_CLIP_IN) || !src->obeys)
		hello.caps &= ~(uint32_t)RD_CAP_CLIP_IN;
	if (!(s->rights & RD_RIGHT_SOUND))
		hello.caps &= ~(uint32_t)RD_CAP_SOUND;
	if (!(s->rights & RD_RIGHT_MIC))
		hello.caps &= ~(uint32_t)RD_CAP_MIC;
	rd_hello_pack(&body, &hello);
	session_send_buf(s, RD_MSG_HELLO, &body);
	rd_buf_finish(&body);
}

static bool
has_company(const struct session *s)
{
	return s->source->viewers->next_viewer != NULL;
}

/*
 * One of several that is slow keeps nobody waiting: of pictures it skips to
 * the next sync point, the pointer it sees again when there is room, and lines
 * it misses. Whether this message is to be left out.
 */
static bool
left_behind(struct session *s, const struct rd_msg *m)
{
	if (!s->source->live || !has_company(s) || !rd_chan_busy(s->chan))
		return false;
	if (rd_msg_class(m->type) == RD_CLASS_PICTURE) {
		if (m->type == RD_MSG_BEGIN && !rd_chan_skipping(s->chan))
			rd_chan_skip(s->chan);
		return false;
	}
	s->state_stale |= rd_cache_keeps(m->type);
	return true;
}

/* It would never see what it came for, and not know why. */
static void
too_large(struct session *s)
{
	const struct rd_end_msg end = {
		.reason = RD_END_FAILED,
		.code = RD_EXIT_UNSUPPORTED,
		.text = "a picture is larger than a session carries: put rd-encode before rd-send",
	};
	if (!s->source->too_large_told)
		rd_error("%s", end.text);
	s->source->too_large_told = true;
	session_finish(s, &end);
}

/* A piece less would spoil what it is a piece of. */
static void
reads_nothing(struct session *s)
{
	const struct rd_end_msg end = {
		.reason = RD_END_FAILED,
		.code = RD_EXIT_REFUSED,
		.text = "you ask for a clipboard's contents, and do not read them",
	};
	session_finish(s, &end);
}

static void
note_frame(struct session *s, uint32_t number)
{
	unsigned at = number % SESSION_FRAMES;
	s->frames[at].number = number;
	s->frames[at].sent_ns = rd_clock_ns();
}

/*
 * What is said to one of several viewers has its number as the channel: of
 * clipboards, and lines about them. To the viewer itself it is the only one.
 */
static bool
is_personal(const struct rd_msg *m)
{
	return m->channel && (rd_msg_class(m->type) == RD_CLASS_CLIPBOARD || m->type == RD_MSG_NOTICE);
}

int
viewer_down(struct session *s, const struct rd_msg *m)
{
	struct rd_msg own = *m;
	if (s->state == SESSION_ENDING || pause_holds(s, m))
		return 0;
	if (is_personal(m)) {
		if (m->channel != s->number || !rd_rights_pass(s->rights, RD_DOWN, m->type))
			return 0;
		own.channel = 0;
		uint64_t queued = rd_chan_clipboard_queued(s->chan);
		if (queued > CLIP_CONTENT_MAX)
			reads_nothing(s);
		else if (m->type == RD_MSG_DATA || queued < CLIP_ANSWERS_MAX)
			session_send(s, &own);
		return 0;
	}
	if (!rd_rights_pass(s->rights, RD_DOWN, m->type) || left_behind(s, m))
		return 0;
	if (rd_msg_class(m->type) == RD_CLASS_SOUND && !s->listens)
		return 0;
	if (m->type == RD_MSG_SHOW && m->channel == 0)
		note_frame(s, s->source->begun[0]);
	int err = session_send(s, m);
	if (err == -EMSGSIZE && rd_msg_class(m->type) == RD_CLASS_PICTURE)
		too_large(s);
	return err == -EPROTO ? err : 0;
}

void
viewer_lost(struct session *s, uint8_t channel, uint32_t first, uint32_t last)
{
	struct source *src = s->source;
	struct rd_buf body = {0};
	s->lost += last - first + 1;
	if (!src || !src->up)
		return;
	if (src->shared) {
		/* Somebody who is slow now would be slow again: first there must be room. */
		if (!rd_chan_busy(s->chan))
			share_refresh(src);
		return;
	}
	rd_loss_pack(&body, &(struct rd_loss){first, last});
	source_up_buf(src, RD_MSG_LOSS, channel, &body);
	rd_buf_finish(&body);
	/* Nobody else will say that they are dealt with, and the producer waits for it. */
	share_acked(src, channel, last);
}

void
viewer_room(struct session *s)
{
	struct source *src = s->source;
	if (!src || !s->joined)
		return;
	if (s->state_stale)
		share_state(s);
	s->state_stale = false;
	if (src->shared && rd_chan_skipping(s->chan))
		share_refresh(src);
	share_pace(src);
}

/* --- up --- */

/* Once for each frame, whatever the viewer repeats. */
static void
take_latency(struct session *s, uint32_t number)
{
	unsigned at = number % SESSION_FRAMES;
	if (!number || s->frames[at].number != number)
		return;
	s->latency_ns = rd_clock_ns() - s->frames[at].sent_ns;
	s->frames[at].number = 0;
	rd_histogram_add(&s->serve->deliver, s->latency_ns);
}

static int
ack(struct session *s, const struct rd_msg *m)
{
	uint32_t number;
	if (rd_ack_parse(&number, m->data, m->len))
		return -EPROTO;
	if (m->channel == 0)
		take_latency(s, number);
	return share_acked(s->source, m->channel, number);
}

static int
rate(struct session *s, const struct rd_msg *m)
{
	if (rd_rate_parse(&s->rate, m->data, m->len))
		return -EPROTO;
	s->has_rate = true;
	share_rate(s->source);
	return 0;
}

static int
loss(struct session *s, const struct rd_msg *m)
{
	struct rd_loss lost;
	if (rd_loss_parse(&lost, m->data, m->len))
		return -EPROTO;
	share_refresh(s->source);
	return 0;
}

/* In a shell pipeline the source hears of nothing; on one machine its clock is ours. */
static void
answer_for(struct session *s, uint64_t asked_ns)
{
	const struct source *src = s->source;
	struct rd_pong pong = {asked_ns, rd_hello_time(&src->hello, rd_clock_ns())};
	struct rd_buf body = {0};
	if (!src->live || !rd_hello_same_boot(&src->hello, &src->mine) || rd_chan_busy(s->chan))
		return;
	rd_pong_pack(&body, &pong);
	session_send_buf(s, RD_MSG_PONG, &body);
	rd_buf_finish(&body);
}

static int
ping(struct session *s, const struct rd_msg *m)
{
	uint64_t asked_ns;
	if (rd_ping_parse(&asked_ns, m->data, m->len))
		return -EPROTO;
	if (!s->source->obeys) {
		answer_for(s, asked_ns);
		return 0;
	}
	s->pings[s->ping_at++ % SESSION_PINGS] = asked_ns;
	return source_up(s->source, m);
}

bool
viewer_pinged(struct session *s, const struct rd_msg *pong)
{
	struct rd_pong p;
	if (rd_pong_parse(&p, pong->data, pong->len))
		return false;
	for (unsigned i = 0; i < SESSION_PINGS; i++)
		if (s->pings[i] == p.asked_ns && p.asked_ns) {
			s->pings[i] = 0;
			return true;
		}
	return false;
}

static int
listen_up(struct session *s, const struct rd_msg *m)
{
	struct rd_listen listen;
	if (rd_listen_parse(&listen, m->data, m->len))
		return -EPROTO;
	s->listens = listen.on && (s->rights & RD_RIGHT_SOUND);
	s->sound_lost = listen.lost;
	share_listen(s->source);
	return 0;
}

/* What a microphone hears; its channel says whose it is. */
static int
spoken(struct session *s, const struct rd_msg *m)
{
	struct rd_sound_msg piece;
	struct rd_msg marked = *m;
	int err = rd_sound_parse(&piece, m->type, m->data, m->len);
	if (err && err != -ENOTSUP)
		return -EPROTO;
	marked.channel = s->number;
	return source_up(s->source, &marked);
}

/* Its channel says whose it is, whatever the peer put there. */
static int
input(struct session *s, const struct rd_msg *m)
{
	struct rd_input in;
	struct rd_msg marked = *m;
	int err = rd_input_parse(&in, m->type, m->data, m->len);
	if (err && err != -ENOTSUP)
		return -EPROTO;
	marked.channel = s->number;
	return source_up(s->source, &marked);
}

/* The same of clipboards; what it leaves behind is cleared away when it goes. */
static int
clipboard(struct session *s, const struct rd_msg *m)
{
	struct rd_msg marked = *m;
	marked.channel = s->number;
	s->clips = true;
	return source_up(s->source, &marked);
}

static int
layout(struct session *s, const struct rd_msg *m)
{
	struct rd_layout wanted;
	if (rd_layout_parse(&wanted, m->data, m->len))
		return -EPROTO;
	return source_up(s->source, m);
}

static int
watch_only(struct session *s, const struct rd_msg *m)
{
	if (rd_watch_only_parse(&s->watched, m->data, m->len))
		return -EPROTO;
	share_watched(s->source);
	return 0;
}

static int
control(struct session *s, const struct rd_msg *m)
{
	switch (m->type) {
	case RD_MSG_ACK:
		return ack(s, m);
	case RD_MSG_REFRESH:
		share_refresh(s->source);
		return 0;
	case RD_MSG_RATE:
		return rate(s, m);
	case RD_MSG_LOSS:
		return loss(s, m);
	case RD_MSG_PING:
		return ping(s, m);
	case RD_MSG_LAYOUT:
		return layout(s, m);
	case RD_MSG_LISTEN:
		return listen_up(s, m);
	case RD_MSG_WATCH_ONLY:
		return watch_only(s, m);
	case RD_MSG_FRESH:
		return 0;
	default:
		return source_up(s->source, m);
	}
}

static int
hello(struct session *s, const struct rd_msg *m)
{
	struct rd_hello h;
	if (rd_hello_parse(&h, m->data, m->len))
		return -EPROTO;
	s->acks = h.caps & RD_CAP_ACK;
	return 0;
}

int
viewer_up(struct session *s, const struct rd_msg *m)
{
	if (m->type == RD_MSG_HELLO)
		return hello(s, m);
	if (m->type == RD_MSG_END) {
		session_close(s, RD_CLOSE_DONE, "");
		return 0;
	}
	if (!s->source || !s->joined || !rd_rights_pass(s->rights, RD_UP, m->type))
		return 0;
	if (pause_refuses(s, m))
		return 0;
	if (rd_msg_class(m->type) == RD_CLASS_CONTROL)
		return control(s, m);
	if (rd_msg_class(m->type) == RD_CLASS_INPUT)
		return input(s, m);
	if (rd_msg_class(m->type) == RD_CLASS_CLIPBOARD)
		return clipboard(s, m);
	if (rd_msg_class(m->type) == RD_CLASS_SOUND)
		return spoken(s, m);
	return source_up(s->source, m);
}

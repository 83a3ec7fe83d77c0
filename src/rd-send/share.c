#include <errno.h>

#include "base/clock.h"
#include "rd-send/pause.h"
#include "rd-send/source.h"
#include "rd-send/viewer.h"
#include "wire/msg_control.h"
#include "wire/msg_picture.h"
#include "wire/msg_sound.h"

/* A new viewer is told what was kept, unless that is more, and a new sync point can be had. */
#define REPLAY_MAX ((size_t)2 << 20)

/* --- what is sent upwards --- */

static void
ack(struct source *src, unsigned channel, uint32_t number)
{
	struct rd_buf body = {0};
	if (number <= src->acked[channel])
		return;
	src->acked[channel] = number;
	rd_ack_pack(&body, number);
	source_up_buf(src, RD_MSG_ACK, (uint8_t)channel, &body);
	rd_buf_finish(&body);
}

int
share_acked(struct source *src, uint8_t channel, uint32_t number)
{
	if (channel >= RD_CHAN_SCREENS || number > src->begun[channel])
		return -EPROTO;
	ack(src, channel, number);
	return 0;
}

void
share_ack_all(struct source *src)
{
	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++)
		ack(src, i, src->newest[i]);
}

/*
 * What stands unacknowledged then may never be acknowledged by anybody, and a
 * producer that waits for that would never get to the sync point.
 */
static void
refresh(struct source *src)
{
	struct rd_buf body = {0};
	src->refreshed_ns = rd_clock_ns();
	share_ack_all(src);
	source_up_buf(src, RD_MSG_REFRESH, 0, &body);
}

static void
on_refresh(void *ctx)
{
	refresh(ctx);
}

void
share_refresh(struct source *src)
{
	uint64_t now = rd_clock_ns(), next = src->refreshed_ns + SOURCE_REFRESH_NS;
	if (src->refresh.set || src->over || !src->link || pause_discards(src))
		return;
	if (src->refreshed_ns == 0 || now >= next)
		refresh(src);
	else
		rd_timer_set(&src->refresh, next - now);
}

/*
 * The fastest counts; and who has said nothing has no bound. Around a pause, in which
 * nobody is sent anything, nobody has one.
 */
void
share_rate(struct source *src)
{
	struct rd_buf body = {0};
	uint64_t most = 0;
	for (const struct session *s = src->viewers; s && !pause_discards(src); s = s->next_viewer) {
		if (!s->has_rate || s->rate == 0) {
			most = 0;
			break;
		}
		most = s->rate > most ? s->rate : most;
	}
	uint64_t cap = src->serve->max_bps;
	if (cap && (most == 0 || cap < most))
		most = cap;
	if (most == src->rate)
		return;
	src->rate = most;
	rd_rate_pack(&body, most);
	source_up_buf(src, RD_MSG_RATE, 0, &body);
	rd_buf_finish(&body);
}

/* One who listens is enough; whoever loses most decides how it is coded. */
void
share_listen(struct source *src)
{
	struct rd_listen most = {0};
	struct rd_buf body = {0};
	for (const struct session *s = src->viewers; s; s = s->next_viewer) {
		if (!s->listens || src->serve->paused)
			continue;
		most.on = true;
		most.lost = s->sound_lost > most.lost ? s->sound_lost : most.lost;
	}
	if (most.on == src->listens && most.lost == src->sound_lost)
		return;
	src->listens = most.on;
	src->sound_lost = most.lost;
	rd_listen_pack(&body, &most);
	source_up_buf(src, RD_MSG_LISTEN, 0, &body);
	rd_buf_finish(&body);
}

/* --- what comes from the producer --- */

static void
note_frame(struct source *src, const struct rd_msg *m)
{
	struct rd_begin b;
	if (m->channel >= RD_CHAN_SCREENS)
		return;
	if (m->type == RD_MSG_BEGIN && rd_begin_parse(&b, m->data, m->len) == 0)
		src->begun[m->channel] = b.number;
	else if (m->type == RD_MSG_SHOW)
		src->newest[m->channel] = src->begun[m->channel];
}

void
share_note(struct source *src, const struct rd_msg *m)
{
	note_frame(src, m);
	if (src->cache)
		rd_cache_message(src->cache, m);
}

/* --- beginning --- */

static int
put(void *ctx, const struct rd_msg *m)
{
	struct session *s = ctx;
	return viewer_down(s, m);
}

static bool
pictures_yet(const struct source *src)
{
	for (unsigned i = 0; i < RD_CHAN_SCREENS; i++)
		if (src->begun[i])
			return true;
	return false;
}

/* What is kept; or, where that is too much or nothing, a new sync point. */
static void
replay(struct session *s)
{
	struct source *src = s->source;
	bool small = rd_cache_bytes(src->cache) <= REPLAY_MAX;
	if (rd_cache_ready(src->cache) && (small || !src->obeys)) {
		rd_cache_replay(src->cache, put, s);
		return;
	}
	rd_chan_skip(s->chan);
	share_state(s);
	share_refresh(src);
}

void
share_join(struct session *s)
{
	struct source *src = s->source;
	if (s->joined || !src->greeted)
		return;
	if (src->cache && !pause_stops(src) && !rd_cache_between(src->cache))
		return;
	s->joined = true;
	viewer_greet(s);
	pause_greet(s);
	if (pause_stops(src)) {
		rd_chan_skip(s->chan);
		s->unshown = true;
	} else if (pause_discards(src)) {
		rd_chan_skip(s->chan);
		share_state(s);
	} else if (src->cache && pictures_yet(src)) {
		replay(s);
	} else {
		share_state(s);
	}
	share_rate(src);
	share_watched(src);
}

void
share_catch_up(struct session *s)
{
	struct source *src = s->source;
	if (!s->unshown || pause_stops(src) || (src->cache && !rd_cache_between(src->cache)))
		return;
	s->unshown = false;
	if (src->cache && pictures_yet(src))
		replay(s);
	else
		share_state(s);
}

void
share_state(struct session *s)
{
	if (s->source->cache)
		rd_cache_replay_state(s->source->cache, put, s);
}

/* --- how fast --- */

void
share_pace(struct source *src)
{
	unsigned viewers = 0, busy = 0;
	bool pause;
	if (!src->link || src->over)
		return;
	for (struct session *s = src->viewers; s; s = s->next_viewer) {
		viewers++;
		busy += s->joined && rd_chan_busy(s->chan);
	}
	if (!src->greeted)
		pause = false;
	else if (src->live)
		pause = viewers > 0 && busy == viewers;
	else
		pause = viewers == 0 || busy > 0;
	rd_link_pause(src->link, pause || pause_stops(src));
}

void
share_init(struct source *src)
{
	if (src->shared)
		src->cache = rd_cache_new(src->obeys ? RD_CACHE_MAX : RD_CACHE_MAX_OPEN);
	rd_timer_open(&src->refresh, src->serve->loop, on_refresh, src);
}

void
share_finish(struct source *src)
{
	rd_cache_free(src->cache);
	rd_timer_close(&src->refresh);
}

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-view/hearing.h"
#include "rd-view/speaker.h"

/* Of a recording so much is read ahead: it has to last until the next picture is due. */
#define AHEAD_MOST 150
#define AHEAD_LEAST 100
/* A sound server that does not answer by then is not waited for. */
#define PATIENCE_NS RD_NS_PER_S
/* The peer hears of losses after so many pieces, if they are others by so much. */
#define TELL_PIECES 500
#define TELL_PERCENT 2

/* The speaker is gone: what comes is not heard, and all else goes on. */
static void
give_up(struct hearing *h)
{
	rd_fd_close(&h->watch);
	h->fd = -1;
	h->ready = h->playing = h->opening = false;
	h->full = 0;
	h->host->room(h->ctx);
}

static void
tell(struct hearing *h, uint8_t word, bool yes)
{
	if (h->fd >= 0 && speaker_send(h->fd, &(struct speaker_msg){.word = word, .yes = yes}) != 0)
		give_up(h);
}

/* Whether sound is wanted from the peer, and how much of it is lost. */
static void
say_listen(struct hearing *h)
{
	struct rd_buf b = {0};
	rd_listen_pack(&b, &(struct rd_listen){.on = h->ready, .lost = (uint8_t)h->lost});
	h->unsaid = !h->host->say(h->ctx, RD_MSG_LISTEN, rd_clock_ns(), &b);
}

void
hearing_room(struct hearing *h)
{
	if (h->unsaid)
		say_listen(h);
}

/* It is known whether there is something to play to, or takes too long. */
static void
opened(struct hearing *h)
{
	bool was = h->opening;
	rd_timer_clear(&h->patience);
	h->opening = false;
	if (was)
		h->host->room(h->ctx);
}

static void
on_patience(void *ctx)
{
	opened(ctx);
}

static void
set_ready(struct hearing *h, bool ready)
{
	if (h->ready == ready) {
		opened(h);
		return;
	}
	h->ready = ready;
	h->playing = false;
	rd_jitter_flush(rd_hear_jitter(h->hear));
	say_listen(h);
	opened(h);
	h->host->room(h->ctx);
}

/* --- playing --- */

static void
tell_losses(struct hearing *h)
{
	const struct rd_jitter_count *c = &rd_hear_jitter(h->hear)->count;
	if (c->played - h->told < TELL_PIECES)
		return;
	h->told = c->played;
	const struct rd_jitter *j = rd_hear_jitter(h->hear);
	int64_t least = j->best[0] < j->best[1] ? j->best[0] : j->best[1];
	rd_debug("sound: of the lag that is wanted %d ms are beyond the way's best, %d of them the device's; "
		"%d ms off it, the picture at %d; %u pieces wait", (int)((rd_jitter_wanted_ns(j) - least) / 1000000),
		(int)(j->device_ns / 1000000), (int)(j->error_ns / 1000000),
		(int)((j->picture_lag_ns - least) / 1000000), rd_jitter_depth(j));
	int lost = rd_hear_lost(h->hear), apart = lost - h->lost;
	if (apart < TELL_PERCENT && apart > -TELL_PERCENT)
		return;
	h->lost = lost;
	say_listen(h);
}

static void
give(struct hearing *h, uint64_t heard_ns)
{
	struct speaker_msg m = {.word = SPEAKER_PIECE};
	if (!h->playing)
		return;
	if (h->held || !rd_hear_take(h->hear, rd_clock_ns(), heard_ns, m.pcm)) {
		h->playing = false;
		h->full = 0;
		tell(h, SPEAKER_REST, false);
		h->host->room(h->ctx);
		return;
	}
	if (speaker_send(h->fd, &m) != 0) {
		give_up(h);
		return;
	}
	tell_losses(h);
	if (h->full && rd_jitter_depth(rd_hear_jitter(h->hear)) < AHEAD_LEAST) {
		h->full = 0;
		h->host->room(h->ctx);
	}
}

static void
start(struct hearing *h)
{
	if (h->playing || !h->ready || h->held)
		return;
	h->playing = true;
	tell(h, SPEAKER_START, false);
}

int
hearing_message(struct hearing *h, const struct rd_msg *m)
{
	if (!h->hear || !h->ready)
		return 0;
	int err = rd_hear_put(h->hear, m, rd_clock_ns());
	if (err)
		return err;
	unsigned depth = rd_jitter_depth(rd_hear_jitter(h->hear));
	if (depth)
		start(h);
	if (h->paced && depth > AHEAD_MOST)
		h->full = depth;
	return 0;
}

bool
hearing_sounds(const struct hearing *h)
{
	return h->paced && h->playing;
}

bool
hearing_full(const struct hearing *h)
{
	return h->full > 0 || h->opening;
}

void
hearing_picture(struct hearing *h, uint64_t time_ns)
{
	if (h->hear)
		rd_jitter_picture(rd_hear_jitter(h->hear), time_ns, rd_clock_ns());
}

void
hearing_pace(struct hearing *h, uint64_t zero_ns, bool stands)
{
	bool was = h->held;
	if (!h->hear)
		return;
	h->held = stands;
	rd_jitter_pace(rd_hear_jitter(h->hear), zero_ns);
	if (!was || stands)
		return;
	rd_jitter_hold(rd_hear_jitter(h->hear));
	if (rd_jitter_depth(rd_hear_jitter(h->hear)))
		start(h);
}

/* --- the microphone --- */

static void
say_piece(struct hearing *h, struct rd_sound_msg m, const int16_t *pcm, uint64_t at_ns)
{
	uint8_t packet[RD_OPUS_MAX];
	if (!h->mic && rd_opus_enc_open(&h->mic, 1, RD_OPUS_BPS_VOICE) != 0)
		return;
	int n = rd_opus_enc(h->mic, pcm, packet);
	if (n < 0)
		return;
	m.data = packet;
	m.len = (size_t)n;
	rd_sound_pack(&h->body, &m);
	h->host->say(h->ctx, RD_MSG_OPUS, at_ns - rd_opus_enc_ahead_ns(h->mic), &h->body);
}

static void
spoken(struct hearing *h, const struct speaker_msg *m)
{
	struct rd_sound_msg piece;
	if (h->takes_mic && rd_gate_piece(&h->gate, m->pcm, 1, &piece))
		say_piece(h, piece, m->pcm, m->time_ns);
}

static void
silent(struct hearing *h)
{
	static const int16_t silence[RD_SOUND_PIECE];
	struct rd_sound_msg piece;
	if (h->takes_mic && rd_gate_close(&h->gate, 1, &piece))
		say_piece(h, piece, silence, rd_clock_ns());
}

/* --- the speaker --- */

static void
on_speaker(void *ctx, unsigned events)
{
	struct hearing *h = ctx;
	struct speaker_msg m;
	int got = -EAGAIN;
	(void)events;
	while (h->fd >= 0 && (got = speaker_recv(h->fd, &m)) == 1) {
		if (m.word == SPEAKER_WANT)
			give(h, m.time_ns);
		else if (m.word == SPEAKER_READY && h->hear)
			set_ready(h, m.yes);
		else if (m.word == SPEAKER_PIECE)
			spoken(h, &m);
		else if (m.word == SPEAKER_QUIET)
			silent(h);
	}
	if (h->fd >= 0 && got != -EAGAIN)
		give_up(h);
}

void
hearing_open(struct hearing *h, struct rd_loop *loop, int fd, const struct options *o,
	const struct hearing_host *host, void *ctx)
{
	*h = (struct hearing){.fd = fd, .o = o, .host = host, .ctx = ctx,
		.gate = {.floor = RD_GATE_FLOOR_VOICE}};
	rd_timer_open(&h->patience, loop, on_patience, h);
	if (fd >= 0 && rd_fd_open(&h->watch, loop, fd, on_speaker, h) == 0)
		rd_fd_want(&h->watch, RD_READ);
	else
		h->fd = -1;
}

void
hearing_hello(struct hearing *h, const struct rd_hello *peer, bool paced)
{
	if (h->fd < 0)
		return;
	h->takes_mic = h->o->microphone && (peer->caps & RD_CAP_MIC);
	if (h->o->microphone && !h->takes_mic)
		rd_warn("the host takes no microphone: it needs rd-capture --microphone, "
			"and your key the right");
	if (h->takes_mic)
		tell(h, SPEAKER_LISTEN, true);
	if (!h->o->sound || !(peer->caps & RD_CAP_SOUND))
		return;
	h->paced = paced;
	h->hear = rd_hear_new();
	if (!h->hear)
		return;
	tell(h, SPEAKER_OPEN, false);
	h->opening = paced && h->fd >= 0;
	if (h->opening)
		rd_timer_set(&h->patience, PATIENCE_NS);
	h->host->room(h->ctx);
}

void
hearing_unheard(struct hearing *h)
{
	if (!h->takes_mic)
		return;
	h->takes_mic = false;
	tell(h, SPEAKER_LISTEN, false);
}

void
hearing_close(struct hearing *h)
{
	rd_fd_close(&h->watch);
	rd_timer_close(&h->patience);
	rd_hear_free(h->hear);
	rd_opus_enc_close(h->mic);
	rd_buf_finish(&h->body);
	*h = (struct hearing){.fd = -1};
}

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "codec/hear.h"
#include "codec/opus_dec.h"

#define CH RD_SOUND_CHANNELS
/* Samples before and after a place that its value is made from. */
#define TAPS 3
#define LONGEST (RD_SOUND_PIECE + RD_JITTER_STRETCH_MAX)

struct rd_hear {
	struct rd_jitter jitter;
	struct rd_opus_dec *opus;
	int16_t last[RD_SOUND_SAMPLES];	/* what was decoded last, for what stands for lost PCM */
	bool last_pcm;
	int16_t tail[TAPS * CH];	/* its end, which stretching goes on from */
	int16_t ready[(RD_SOUND_PIECE + LONGEST) * CH];	/* to be played */
	int count;			/* samples a channel there */
	uint64_t told_lost, told_played; /* as of the last rd_hear_lost */
};

struct rd_hear *
rd_hear_new(void)
{
	struct rd_hear *h = xcalloc(1, sizeof(*h));
	if (rd_opus_dec_open(&h->opus) == 0)
		return h;
	free(h);
	return NULL;
}

void
rd_hear_free(struct rd_hear *h)
{
	if (!h)
		return;
	rd_jitter_finish(&h->jitter);
	rd_opus_dec_close(h->opus);
	free(h);
}

struct rd_jitter *
rd_hear_jitter(struct rd_hear *h)
{
	return &h->jitter;
}

int
rd_hear_put(struct rd_hear *h, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_sound_msg s;
	int err = rd_sound_parse(&s, m->type, m->data, m->len);
	if (err)
		return err == -ENOTSUP ? 0 : err;
	rd_jitter_put(&h->jitter, &s, m->type, m->time_ns, now_ns);
	return 0;
}

int
rd_hear_lost(struct rd_hear *h)
{
	const struct rd_jitter_count *c = &h->jitter.count;
	uint64_t lost = c->lost - h->told_lost, all = lost + c->played - h->told_played;
	h->told_lost = c->lost;
	h->told_played = c->played;
	return all ? (int)((lost * 100 + all - 1) / all) : 0;
}

/* --- decoding --- */

/* What is lost of plain samples: the last ones once more, ever softer. */
static void
again(struct rd_hear *h)
{
	for (int i = 0; i < RD_SOUND_SAMPLES; i++)
		h->last[i] = (int16_t)(h->last[i] * 3 / 4);
}

static void
decode_pcm(struct rd_hear *h, const struct rd_jitter_slot *s)
{
	int16_t in[RD_SOUND_SAMPLES];
	int n = (int)(s->body.len / 2), each = n / s->channels;
	rd_pcm_get(in, s->body.data, n);
	memset(h->last, 0, sizeof(h->last));
	for (int i = 0; i < each; i++)
		for (int c = 0; c < CH; c++)
			h->last[i * CH + c] = in[i * s->channels + (c < s->channels ? c : 0)];
}

/* Into h->last. */
static void
decode(struct rd_hear *h, const struct rd_jitter_slot *s)
{
	h->last_pcm = s->type == RD_MSG_PCM;
	if (h->last_pcm)
		decode_pcm(h, s);
	else if (rd_opus_dec(h->opus, s->body.data, s->body.len, h->last) != 0)
		rd_opus_dec_lost(h->opus, NULL, 0, h->last);
}

static void
conceal(struct rd_hear *h, const struct rd_jitter_slot *next)
{
	bool coded = next && next->type == RD_MSG_OPUS;
	if (h->last_pcm)
		again(h);
	else
		rd_opus_dec_lost(h->opus, coded ? next->body.data : NULL, coded ? next->body.len : 0,
			h->last);
}

/* Two pieces in the time of one: from the first over into the second. */
static void
merge(int16_t *into, const int16_t *next)
{
	for (int i = 0; i < RD_SOUND_PIECE; i++)
		for (int c = 0; c < CH; c++) {
			int at = i * CH + c;
			into[at] = (int16_t)((into[at] * (RD_SOUND_PIECE - i) + next[at] * i) /
				RD_SOUND_PIECE);
		}
}

/* --- stretching --- */

/* Catmull and Rom's curve through four samples, between the second and the third. */
static int16_t
between(const int16_t *p, float f)
{
	float a = p[0], b = p[CH], c = p[2 * CH], d = p[3 * CH];
	float v = b + 0.5f * f * (c - a + f * (2 * a - 5 * b + 4 * c - d +
		f * (3 * (b - c) + d - a)));
	return (int16_t)lrintf(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

/* The last piece goes into what is ready, two samples late, with n samples of each channel. */
static void
stretch(struct rd_hear *h, int n)
{
	int16_t all[(TAPS + RD_SOUND_PIECE) * CH];
	int16_t *out = h->ready + h->count * CH;
	memcpy(all, h->tail, sizeof(h->tail));
	memcpy(all + TAPS * CH, h->last, sizeof(h->last));
	for (int i = 0; i < n; i++) {
		int whole = i * RD_SOUND_PIECE / n, rest = i * RD_SOUND_PIECE % n;
		for (int c = 0; c < CH; c++)
			out[i * CH + c] = rest ? between(all + whole * CH + c, (float)rest / (float)n)
				: all[(whole + 1) * CH + c];
	}
	memcpy(h->tail, all + RD_SOUND_PIECE * CH, sizeof(h->tail));
	h->count += n;
}

/* --- playing --- */

static void
play(struct rd_hear *h, const struct rd_jitter_turn *turn, uint64_t now_ns, uint64_t heard_ns)
{
	int16_t first[RD_SOUND_SAMPLES];
	decode(h, turn->slot);
	if (turn->skip) {
		struct rd_jitter_turn second;
		memcpy(first, h->last, sizeof(first));
		rd_jitter_take(&h->jitter, now_ns, heard_ns, &second);
		if (second.what == RD_JITTER_PIECE)
			decode(h, second.slot);
		else
			conceal(h, second.slot);
		merge(first, h->last);
		memcpy(h->last, first, sizeof(first));
	}
	stretch(h, RD_SOUND_PIECE - turn->faster);
}

static void
quiet(struct rd_hear *h)
{
	memset(h->last, 0, sizeof(h->last));
	stretch(h, RD_SOUND_PIECE);
}

/* One turn of the buffer. Whether it sounds. */
static bool
turn(struct rd_hear *h, uint64_t now_ns, uint64_t heard_ns)
{
	struct rd_jitter_turn t;
	rd_jitter_take(&h->jitter, now_ns, heard_ns, &t);
	switch (t.what) {
	case RD_JITTER_PIECE:
		play(h, &t, now_ns, heard_ns);
		return true;
	case RD_JITTER_LOST:
	case RD_JITTER_DRAW:
		conceal(h, t.slot);
		stretch(h, RD_SOUND_PIECE);
		return true;
	case RD_JITTER_WAIT:
		quiet(h);
		return true;
	case RD_JITTER_OVER:
		break;
	}
	quiet(h);
	return false;
}

bool
rd_hear_take(struct rd_hear *h, uint64_t now_ns, uint64_t heard_ns,
	int16_t out[static RD_SOUND_SAMPLES])
{
	bool sounds = true;
	while (h->count < RD_SOUND_PIECE) {
		uint64_t later = (uint64_t)h->count * RD_SOUND_PIECE_NS / RD_SOUND_PIECE;
		sounds = turn(h, now_ns, heard_ns + later);
	}
	memcpy(out, h->ready, RD_SOUND_SAMPLES * sizeof(*out));
	h->count -= RD_SOUND_PIECE;
	memmove(h->ready, h->ready + RD_SOUND_SAMPLES, (size_t)h->count * CH * sizeof(*h->ready));
	return sounds;
}

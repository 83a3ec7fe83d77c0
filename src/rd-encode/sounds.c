#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "rd-encode/sounds.h"

/* Less than what every way may lose is not believed. */
#define LOST_LEAST 2

void
sounds_finish(struct sounds *s)
{
	rd_opus_enc_close(s->opus);
	rd_buf_finish(&s->body);
	*s = (struct sounds){0};
}

void
sounds_listen(struct sounds *s, const struct rd_msg *m)
{
	struct rd_listen listen;
	if (rd_listen_parse(&listen, m->data, m->len) != 0)
		return;
	s->lost = listen.lost > LOST_LEAST ? listen.lost : LOST_LEAST;
	if (s->opus)
		rd_opus_enc_loss(s->opus, s->lost);
}

/* For that many channels. */
static int
open_coder(struct sounds *s, int channels)
{
	if (s->opus && s->channels == channels)
		return 0;
	rd_opus_enc_close(s->opus);
	s->opus = NULL;
	int err = rd_opus_enc_open(&s->opus, channels, s->bps);
	if (err)
		return err;
	s->channels = channels;
	if (s->lost)
		rd_opus_enc_loss(s->opus, s->lost);
	return 0;
}

/* The last piece before a rest may be short. */
static int
code(struct sounds *s, const struct rd_sound_msg *m, uint8_t out[static RD_OPUS_MAX])
{
	int16_t pcm[RD_SOUND_SAMPLES] = {0};
	int err = open_coder(s, m->channels);
	if (err)
		return err;
	rd_pcm_get(pcm, m->data, (int)(m->len / 2));
	return rd_opus_enc(s->opus, pcm, out);
}

static void
tell_broken(struct sounds *s, int error)
{
	if (!s->broken)
		rd_warn("sound cannot be encoded: %s", strerror(-error));
	s->broken = true;
}

int
sounds_down(struct sounds *s, struct rd_link *down, const struct rd_msg *m)
{
	uint8_t packet[RD_OPUS_MAX];
	struct rd_sound_msg piece;
	int err = rd_sound_parse(&piece, m->type, m->data, m->len);
	if (err == -EPROTO)
		return err;
	if (err || m->type != RD_MSG_PCM) {
		rd_link_send(down, m);
		return 0;
	}
	int n = code(s, &piece, packet);
	if (n < 0) {
		tell_broken(s, n);
		return 0;
	}
	piece.data = packet;
	piece.len = (size_t)n;
	rd_sound_pack(&s->body, &piece);
	uint64_t ahead_ns = rd_opus_enc_ahead_ns(s->opus);
	struct rd_msg out = {
		.type = RD_MSG_OPUS,
		.channel = m->channel,
		.time_ns = m->time_ns > ahead_ns ? m->time_ns - ahead_ns : 0,
		.data = s->body.data,
		.len = s->body.len,
	};
	rd_link_send(down, &out);
	rd_buf_reset(&s->body);
	return 0;
}

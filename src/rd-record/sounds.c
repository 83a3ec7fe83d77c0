#include <errno.h>

#include "rd-record/sounds.h"

void
sounds_finish(struct sounds *s)
{
	rd_opus_enc_close(s->opus);
	*s = (struct sounds){0};
}

void
sounds_source(struct sounds *s)
{
	s->heard = false;
}

/* The length of the packet, or a negative errno. */
static int
code(struct sounds *s, const struct rd_sound_msg *m)
{
	int16_t pcm[RD_SOUND_SAMPLES] = {0};
	if (s->opus && s->channels != m->channels) {
		rd_opus_enc_close(s->opus);
		s->opus = NULL;
	}
	if (!s->opus && rd_opus_enc_open(&s->opus, m->channels, RD_OPUS_BPS) != 0)
		return -ENOMEM;
	s->channels = m->channels;
	rd_pcm_get(pcm, m->data, (int)(m->len / 2));
	return rd_opus_enc(s->opus, pcm, s->packet);
}

int
sounds_take(struct sounds *s, const struct rd_msg *m, const uint8_t **data, size_t *len,
	uint64_t *time_ns)
{
	struct rd_sound_msg piece;
	int err = rd_sound_parse(&piece, m->type, m->data, m->len);
	if (err)
		return err == -ENOTSUP ? 0 : err;
	if (s->heard && m->time_ns <= s->last_ns)
		return 0;
	s->heard = true;
	s->last_ns = m->time_ns;
	*time_ns = m->time_ns;
	*data = piece.data;
	*len = piece.len;
	if (m->type == RD_MSG_OPUS)
		return 1;
	int n = code(s, &piece);
	if (n < 0)
		return 0;
	uint64_t ahead_ns = rd_opus_enc_ahead_ns(s->opus);
	*time_ns = m->time_ns > ahead_ns ? m->time_ns - ahead_ns : 0;
	*data = s->packet;
	*len = (size_t)n;
	return 1;
}

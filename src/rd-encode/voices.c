#include <errno.h>

#include "base/clock.h"
#include "rd-encode/voices.h"
#include "wire/msg_sound.h"

/* Who has said nothing for so long has lost the word. */
#define TURN_NS (500 * RD_NS_PER_MS)
/* Of what is lost so much is made up; more is a pause. */
#define LOST_MOST 5

void
voices_finish(struct voices *v)
{
	rd_opus_dec_close(v->opus);
	rd_buf_finish(&v->pcm);
	rd_buf_finish(&v->body);
	*v = (struct voices){0};
}

static void
say(struct voices *v, struct rd_link *up, uint32_t number, uint8_t flags, uint64_t time_ns,
	const int16_t *pcm)
{
	rd_buf_reset(&v->pcm);
	rd_pcm_put(&v->pcm, pcm, RD_SOUND_SAMPLES);
	rd_sound_pack(&v->body, &(struct rd_sound_msg){.number = number, .flags = flags,
		.channels = RD_SOUND_CHANNELS, .data = v->pcm.data, .len = v->pcm.len});
	/* A desktop that does not read hears no voices from before. */
	if (!rd_link_busy(up))
		rd_link_send(up, &(struct rd_msg){.type = RD_MSG_PCM, .channel = v->channel,
			.time_ns = time_ns, .data = v->body.data, .len = v->body.len});
	rd_buf_reset(&v->body);
}

/* Whether this one is heard now; it may take the word. */
static bool
has_word(struct voices *v, const struct rd_msg *m, const struct rd_sound_msg *s, uint64_t now_ns)
{
	bool free = !v->speaking || now_ns - v->heard_ns > TURN_NS;
	if (free && v->channel != m->channel)
		v->next = s->number;
	if (!free && v->channel != m->channel)
		return false;
	if (!v->speaking)
		v->next = s->number;
	v->channel = m->channel;
	v->heard_ns = now_ns;
	v->speaking = !(s->flags & RD_SOUND_REST);
	return true;
}

static void
make_up(struct voices *v, struct rd_link *up, const struct rd_sound_msg *s, uint64_t time_ns)
{
	int16_t pcm[RD_SOUND_SAMPLES];
	uint32_t lost = s->number - v->next;
	if (lost > LOST_MOST)
		return;
	for (; lost > 0; lost--) {
		rd_opus_dec_lost(v->opus, lost == 1 ? s->data : NULL, s->len, pcm);
		say(v, up, s->number - lost, 0, time_ns - lost * RD_SOUND_PIECE_NS, pcm);
	}
}

int
voices_up(struct voices *v, struct rd_link *up, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_sound_msg s;
	int16_t pcm[RD_SOUND_SAMPLES];
	int err = rd_sound_parse(&s, m->type, m->data, m->len);
	if (err)
		return err == -ENOTSUP ? 0 : err;
	if (!has_word(v, m, &s, now_ns))
		return 0;
	if (m->type != RD_MSG_OPUS) {
		if (!rd_link_busy(up))
			rd_link_send(up, m);
		return 0;
	}
	if (!v->opus && rd_opus_dec_open(&v->opus) != 0)
		return 0;
	/* A copy, or one that was overtaken and made up for. */
	if ((int32_t)(s.number - v->next) < 0 && (int32_t)(s.number - v->next) > -1000)
		return 0;
	make_up(v, up, &s, m->time_ns);
	if (rd_opus_dec(v->opus, s.data, s.len, pcm) != 0)
		rd_opus_dec_lost(v->opus, NULL, 0, pcm);
	say(v, up, s.number, s.flags, m->time_ns, pcm);
	v->next = s.number + 1;
	return 0;
}

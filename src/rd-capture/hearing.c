#include <errno.h>
#include <unistd.h>

#include "rd-capture/hearing.h"
#include "sound/server.h"

uint32_t
hearing_caps(const struct options *opt, bool duplex)
{
	if (!opt->source->live || !rd_sound_server_likely())
		return 0;
	return (opt->sound ? RD_CAP_SOUND : 0) | (opt->microphone && duplex ? RD_CAP_MIC : 0);
}

/* Of sound that its reader does not take the newest is worth no more than the oldest. */
static void
say(struct hearing *h, struct rd_sound_msg *m, const int16_t *pcm, uint64_t time_ns)
{
	rd_buf_reset(&h->pcm);
	rd_pcm_put(&h->pcm, pcm, RD_SOUND_PIECE * m->channels);
	m->data = h->pcm.data;
	m->len = h->pcm.len;
	h->next_ns = time_ns + RD_SOUND_PIECE_NS;
	if (rd_link_busy(h->link))
		return;
	rd_sound_pack(&h->body, m);
	rd_link_send_buf(h->link, RD_MSG_PCM, time_ns, &h->body);
}

static void
on_piece(void *ctx, const int16_t *pcm, uint64_t at_ns, bool first)
{
	struct hearing *h = ctx;
	struct rd_sound_msg m;
	(void)first;
	if (rd_gate_piece(&h->gate, pcm, RD_SOUND_CHANNELS, &m))
		say(h, &m, pcm, rd_hello_time(&h->hello, at_ns));
}

static void
on_quiet(void *ctx)
{
	static const int16_t silence[RD_SOUND_SAMPLES];
	struct hearing *h = ctx;
	struct rd_sound_msg m;
	if (rd_gate_close(&h->gate, RD_SOUND_CHANNELS, &m))
		say(h, &m, silence, h->next_ns);
}

static const struct rd_tap_ops tap_ops = {.piece = on_piece, .quiet = on_quiet};

static void
remove_microphone(void *ctx)
{
	const struct hearing *h = ctx;
	rd_microphone_remove("rd-capture", h->owner);
}

/* The heir comes first: it can talk to the sound server only if we have not. */
static void
open_microphone(struct hearing *h, struct rd_loop *loop)
{
	h->owner = getpid();
	rd_heir_open(&h->heir, -1, remove_microphone, h);
	rd_microphone_open(&h->microphone, loop, "rd-capture");
}

static void
close_microphone(struct hearing *h)
{
	if (!h->microphone)
		return;
	rd_microphone_close(h->microphone);
	if (h->heir.pid > 0)
		rd_heir_close(&h->heir);
	else
		remove_microphone(h);
}

void
hearing_open(struct hearing *h, struct rd_loop *loop, struct rd_link *link,
	const struct rd_hello *hello, const struct options *opt)
{
	h->link = link;
	h->hello = *hello;
	if (hello->caps & RD_CAP_MIC)
		open_microphone(h, loop);
	if (!(hello->caps & RD_CAP_SOUND))
		return;
	if (opt->sound_new)
		rd_own_sink_open(&h->own, loop, "rd-capture", opt->sound_device);
	rd_tap_open(&h->tap, loop, "rd-capture", RD_TAP_DESKTOP, opt->sound_device, RD_SOUND_CHANNELS,
		&tap_ops, h);
	rd_tap_want(h->tap, !rd_link_duplex(link));
}

void
hearing_close(struct hearing *h)
{
	rd_tap_close(h->tap);
	rd_own_sink_close(h->own);
	close_microphone(h);
	rd_buf_finish(&h->pcm);
	rd_buf_finish(&h->body);
	*h = (struct hearing){0};
}

int
hearing_voice(struct hearing *h, const struct rd_msg *m)
{
	struct rd_sound_msg s;
	int16_t in[RD_SOUND_SAMPLES], pcm[RD_SOUND_SAMPLES] = {0};
	int err = rd_sound_parse(&s, m->type, m->data, m->len);
	if (err)
		return err == -ENOTSUP ? 0 : err;
	if (!h->microphone || m->type != RD_MSG_PCM)
		return 0;
	int n = (int)(s.len / 2);
	rd_pcm_get(in, s.data, n);
	for (int i = 0; i < n / s.channels; i++) {
		pcm[2 * i] = in[i * s.channels];
		pcm[2 * i + 1] = in[i * s.channels + s.channels - 1];
	}
	rd_microphone_piece(h->microphone, pcm);
	return 0;
}

int
hearing_listen(struct hearing *h, const struct rd_msg *m)
{
	struct rd_listen listen;
	int err = rd_listen_parse(&listen, m->data, m->len);
	if (!err && h->tap)
		rd_tap_want(h->tap, listen.on);
	return err;
}

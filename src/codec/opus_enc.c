#include <errno.h>
#include <stdlib.h>

#include <opus.h>

#include "base/mem.h"
#include "codec/opus_enc.h"

/* Of 0 to 10: above that the processor pays for what nobody hears. */
#define EFFORT 5
/* Nothing is known of the way: a little is lost on most. */
#define LOSS_PERCENT 5

struct rd_opus_enc {
	OpusEncoder *opus;
	opus_int32 ahead;	/* samples */
};

static int
set_up(struct rd_opus_enc *e, uint32_t bps)
{
	int err = opus_encoder_ctl(e->opus, OPUS_SET_BITRATE((opus_int32)bps));
	if (!err)
		err = opus_encoder_ctl(e->opus, OPUS_SET_VBR_CONSTRAINT(1));
	if (!err)
		err = opus_encoder_ctl(e->opus, OPUS_SET_COMPLEXITY(EFFORT));
	if (!err)
		err = opus_encoder_ctl(e->opus, OPUS_SET_INBAND_FEC(1));
	if (!err)
		err = opus_encoder_ctl(e->opus, OPUS_SET_PACKET_LOSS_PERC(LOSS_PERCENT));
	if (!err)
		err = opus_encoder_ctl(e->opus, OPUS_GET_LOOKAHEAD(&e->ahead));
	return err ? -EINVAL : 0;
}

int
rd_opus_enc_open(struct rd_opus_enc **out, int channels, uint32_t bps)
{
	struct rd_opus_enc *e = xcalloc(1, sizeof(*e));
	int why;
	e->opus = opus_encoder_create(RD_SOUND_RATE, channels, OPUS_APPLICATION_AUDIO, &why);
	int err = e->opus ? set_up(e, bps) : why == OPUS_ALLOC_FAIL ? -ENOMEM : -EINVAL;
	if (err) {
		rd_opus_enc_close(e);
		return err;
	}
	*out = e;
	return 0;
}

void
rd_opus_enc_close(struct rd_opus_enc *e)
{
	if (!e)
		return;
	if (e->opus)
		opus_encoder_destroy(e->opus);
	free(e);
}

void
rd_opus_enc_loss(struct rd_opus_enc *e, int percent)
{
	opus_encoder_ctl(e->opus, OPUS_SET_PACKET_LOSS_PERC(percent));
}

int
rd_opus_enc(struct rd_opus_enc *e, const int16_t *pcm, uint8_t out[static RD_OPUS_MAX])
{
	opus_int32 n = opus_encode(e->opus, pcm, RD_SOUND_PIECE, out, RD_OPUS_MAX);
	return n > 0 ? (int)n : -EIO;
}

uint64_t
rd_opus_enc_ahead_ns(const struct rd_opus_enc *e)
{
	return (uint64_t)e->ahead * RD_SOUND_PIECE_NS / RD_SOUND_PIECE;
}

#include <string.h>

#include <libavutil/channel_layout.h>

#include "media/sound.h"
#include "rd-record/mux_sound.h"

/*
 * RFC 7845, 5.1. Nothing is to be skipped (pre-skip 0): a piece's time is that of what
 * it decodes to, and the first one is seldom the first of all.
 */
static const uint8_t opus_head[] = {
	'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, RD_SOUND_CHANNELS, 0, 0,
	RD_SOUND_RATE & 0xff, RD_SOUND_RATE >> 8 & 0xff, 0, 0, 0, 0, 0,
};

int
mux_sound(AVCodecParameters *par)
{
	par->codec_type = AVMEDIA_TYPE_AUDIO;
	par->codec_id = AV_CODEC_ID_OPUS;
	par->sample_rate = RD_SOUND_RATE;
	par->frame_size = RD_SOUND_PIECE;
	av_channel_layout_default(&par->ch_layout, RD_SOUND_CHANNELS);
	par->extradata = av_mallocz(sizeof(opus_head) + AV_INPUT_BUFFER_PADDING_SIZE);
	if (!par->extradata)
		return AVERROR(ENOMEM);
	memcpy(par->extradata, opus_head, sizeof(opus_head));
	par->extradata_size = sizeof(opus_head);
	return 0;
}

#ifndef RD_MEDIA_CODEC_H
#define RD_MEDIA_CODEC_H

#include <stdint.h>

/* Video codecs by the number they have in rd-stream(5); for ever. */
enum rd_codec {
	RD_CODEC_NONE = 0,
	RD_CODEC_VP8 = 1,
	RD_CODEC_VP9 = 2,
	RD_CODEC_AV1 = 3,
};

#endif

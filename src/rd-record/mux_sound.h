#ifndef RD_RECORD_MUX_SOUND_H
#define RD_RECORD_MUX_SOUND_H

#include <libavcodec/avcodec.h>

/* What the track of sound is: Opus, as pieces come. 0 or an error of libavutil's. */
int mux_sound(AVCodecParameters *par);

#endif

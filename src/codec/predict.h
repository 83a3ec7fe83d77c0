#ifndef RD_CODEC_PREDICT_H
#define RD_CODEC_PREDICT_H

#include <stdint.h>

#include "media/image.h"

/*
 * RD_EXACT_PREDICT's transform of one rectangle; 3 bytes a pixel. See
 * codec/exact.h.
 */
void rd_predict_forward(const struct rd_image *im, struct rd_rect r, uint8_t *out);
void rd_predict_inverse(struct rd_image *im, struct rd_rect r, const uint8_t *in);

#endif

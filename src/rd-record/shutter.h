#ifndef RD_RECORD_SHUTTER_H
#define RD_RECORD_SHUTTER_H

#include <stdbool.h>
#include <stdint.h>

#include "codec/encoder.h"
#include "media/image.h"

/*
 * Pictures become packets. While the desktop changes every picture is coded
 * with one quantiser, coarser only while a ceiling of bits asks for it; when it
 * rests, what has changed is coded once more, finely: so text that stands can
 * be read, and what flies by costs little.
 */
struct shutter_config {
	enum rd_codec codec;
	bool yuv444;
	int quantizer;
	int threads;
	uint64_t max_bps;	/* 0: no ceiling */
};

struct shutter {
	struct shutter_config cfg;
	struct rd_encoder *enc;	/* NULL until the first picture */
	int width, height;
	int quantizer;		/* now */
	pixman_region32_t coarse; /* what has not been coded finely since it changed */
	uint64_t last_ns;	/* of the last picture */
	double credit;		/* bits that may be spent, under a ceiling */
};

void shutter_init(struct shutter *s, const struct shutter_config *cfg);
void shutter_finish(struct shutter *s);
/*
 * Codes `im`, of which `changed` differs from the last one given. 0, or a
 * negative errno; the packet is borrowed until the next call.
 */
int shutter_take(struct shutter *s, const struct rd_image *im, const pixman_region32_t *changed,
	bool key, uint64_t time_ns, struct rd_packet *out);
/* Whether resting pictures can be made better. */
bool shutter_coarse(const struct shutter *s);
/* The same picture again, finely where it was not. */
int shutter_refine(struct shutter *s, const struct rd_image *im, bool key, uint64_t time_ns,
	struct rd_packet *out);
/* The next picture says all anew: others have been coded meanwhile. */
void shutter_forget(struct shutter *s);

#endif

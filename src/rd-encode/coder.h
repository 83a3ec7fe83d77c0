#ifndef RD_ENCODE_CODER_H
#define RD_ENCODE_CODER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/histogram.h"
#include "base/meter.h"
#include "codec/planner.h"
#include "media/image.h"
#include "rd-encode/options.h"
#include "wire/acks.h"
#include "wire/link.h"

/*
 * Pictures in, frames out on the link to the viewer: the planner, and the
 * bounds around it: what stands unacknowledged, the ceiling of bits, and sync
 * points where nobody can ask for one.
 */
struct coder {
	const struct options *opt;
	struct rd_planner *planner; /* NULL until the source is known */
	struct rd_link *down;	/* borrowed */
	struct rd_acks acks;
	bool acked;		/* the viewer acknowledges: acks bounds us */
	bool asked;		/* a viewer can ask for sync points */
	bool sync_due;		/* the next step is a frame, changes or not */
	uint64_t max_bps;	/* the ceiling that was asked for; 0: none */
	int quantizer;		/* of video */
	struct rd_histogram deliver; /* until the viewer has said that it has a frame */
	struct rd_meter sent, bytes; /* frames that went out, and what they took */
	uint64_t way_bps;	/* what the way can carry, as told; 0: no bound */
	bool live;		/* a picture missed is no loss: the ceiling holds frames back */
	uint64_t clear_ns;	/* clock time at which what was sent fits the ceiling */
	uint32_t emitted;	/* bytes of the frame being emitted */
	uint64_t last_ns;	/* stream time of the last frame */
	uint64_t content_ns;	/* changed content since the last sync point */
};

void coder_init(struct coder *c, const struct options *opt, struct rd_link *down);
/* Once, before the first picture: 0 or a negative errno. */
int coder_start(struct coder *c, bool live);
void coder_finish(struct coder *c);
/* Whether the link takes a frame now. */
bool coder_room(const struct coder *c);
/* How long the ceiling holds the next frame back, ns. */
uint64_t coder_held_ns(const struct coder *c);
/* A viewer wants a picture to start from. */
void coder_sync(struct coder *c);
/* The next picture answers that FRESH, which only the source could: nothing in it is older. */
void coder_fresh(struct coder *c, uint64_t token, uint64_t time_ns);
/* What the viewer's side says the way can carry; 0: no bound. */
void coder_rate(struct coder *c, uint64_t bps);
/* Another ceiling than --max-bitrate; 0: none. And another quantizer. */
void coder_ceiling(struct coder *c, uint64_t bps);
void coder_quantizer(struct coder *c, int quantizer);
/* -EPROTO for a frame that was never sent. */
int coder_acked(struct coder *c, uint32_t number);
/* One picture: 1 when a frame went out, 0 when nothing had changed, or a negative errno. */
int coder_picture(struct coder *c, const struct rd_image *im,
	const pixman_region32_t *damage, uint64_t time_ns);
/* Makes some, or with `all` any, of what is lossy exact: 1, 0 or negative as above. */
int coder_refine(struct coder *c, uint64_t time_ns, bool all);

#endif

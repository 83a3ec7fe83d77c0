#ifndef RD_CODEC_PLANNER_H
#define RD_CODEC_PLANNER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/codec.h"
#include "media/image.h"
#include "wire/msg.h"

/*
 * The heart of rd-encode: decides for every changed region whether moving
 * pixels (copy), sending them (exact) or a video packet says it cheapest and
 * faithfully enough, keeps what the viewer has and where that is not exact,
 * and makes everything exact once it rests. Pure: pictures and time come in,
 * messages go out through `emit`; it opens nothing and reads no clock but the
 * CPU's (to report its own cost).
 */
enum { RD_KIND_COPY = 1 << 0, RD_KIND_EXACT = 1 << 1, RD_KIND_VIDEO = 1 << 2 };

struct rd_planner_config {
	unsigned kinds;		/* RD_KIND_*: those that changes may take; exact is always the last resort and what rests becomes */
	enum rd_codec codec;	/* NONE: no video whatever `kinds` says */
	bool yuv444;
	int quantizer;		/* of video, 0..63 */
	int threads;
	uint64_t max_bps;	/* ceiling, 0: none */
	/*
	 * A frame for every picture given, even where nothing changed: what a
	 * deterministic source's reader counts on.
	 */
	bool every_frame;
};

struct rd_planner_ops {
	/* One message of a frame, in order, BEGIN first and SHOW last; body borrowed. */
	void (*emit)(void *ctx, uint16_t type, uint64_t time_ns, struct rd_buf *body);
};

struct rd_planner;
int rd_planner_open(struct rd_planner **out, const struct rd_planner_config *cfg,
	const struct rd_planner_ops *ops, void *ctx);
void rd_planner_close(struct rd_planner *p);
/* The next frame is a sync point (asked for, or a new viewer). */
void rd_planner_sync(struct rd_planner *p);
/* Ceiling in bits a second, from --max-bitrate or RATE; 0: none. */
void rd_planner_rate(struct rd_planner *p, uint64_t bps);
/* Of video, from now on: 0..63. */
void rd_planner_quantizer(struct rd_planner *p, int quantizer);
/*
 * A picture, of which `damage` may differ from the last one given (its size
 * too). Emits one frame; with nothing changed and nothing asked for, none.
 * Returns the frame's number, 0 for none, or a negative errno.
 */
int64_t rd_planner_frame(struct rd_planner *p, const struct rd_image *im,
	const pixman_region32_t *damage, uint64_t time_ns);
/*
 * Nothing changed up to `time_ns`: emits a frame that makes more of what is
 * lossy exact (at most about `budget` bytes of pixels), or none if all is.
 * Only what has rested for RD_REST_NS is taken, unless `all`.
 */
int64_t rd_planner_refine(struct rd_planner *p, uint64_t time_ns, int64_t budget, bool all);
/* When refine will have something to do, in stream time; UINT64_MAX: all is exact. */
uint64_t rd_planner_due(const struct rd_planner *p);
#define RD_REST_NS (UINT64_C(150) * 1000 * 1000)

/* Sums since the start, for --stats, tests and the bench. */
struct rd_planner_stats {
	uint64_t frames;
	struct { uint64_t pixels, bytes; } copy, exact, video;
	uint64_t cpu_ns;
};
struct rd_planner_stats rd_planner_stats(const struct rd_planner *p);

#endif

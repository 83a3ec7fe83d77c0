#ifndef RD_VIEW_STATS_H
#define RD_VIEW_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/meter.h"
#include "codec/screen.h"
#include "media/input.h"
#include "wire/msg_control.h"

/*
 * What the overlay says: sums of the current second, and the figures of the
 * last whole one. Time is handed in.
 */
struct stats_sums {
	unsigned frames;
	uint64_t bytes;
	int64_t raw, copy, exact, video;	/* pixels painted */
	uint64_t decode_ns, show_ns;
	uint64_t latency_ns;
	unsigned latencies;		/* frames that latency_ns is a sum of */
};

struct stats {
	uint64_t since_ns;		/* start of the current second */
	uint64_t span_ns;		/* length of what `last` sums */
	struct stats_sums now, last;
	struct { int64_t raw, copy, exact, video; } all; /* pixels since the beginning */
	struct rd_histogram decode, show, total; /* of each frame, since the beginning */
	struct rd_meter shown, came;	/* frames, and bytes of them */
	uint64_t latency_error_ns;	/* the clocks may be this far apart */
	struct rd_path_now path;	/* text "": not told */
	struct rd_locks locks;		/* of the desktop; none known: not told */
	int width, height;
	bool exact;
};

/* A shown frame. `latency_ns`: captured to shown, UINT64_MAX unknown. */
void stats_frame(struct stats *s, const struct rd_screen_frame *f, uint64_t decode_ns,
	uint64_t show_ns, uint64_t latency_ns, uint64_t now_ns);
/* Ends the current second where it is over; returns whether it was. */
bool stats_turn(struct stats *s, uint64_t now_ns);
/* Nothing was shown in the last second, nor in this one so far. */
bool stats_idle(const struct stats *s);
/* Text of the overlay, lines ended by '\n'. */
void stats_text(const struct stats *s, char *out, size_t cap);

#endif

#ifndef RD_CODEC_JITTER_H
#define RD_CODEC_JITTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "wire/msg_sound.h"

/*
 * Pieces of sound between the way they came and the speaker: put in order, and
 * kept just so long that most of the late ones are there in time. Pure: time
 * is handed in.
 *
 * All of it is about one number, the *lag*: when a sample is heard, by our clock,
 * less its time in the stream. (The two clocks are not compared; their difference
 * is in every lag alike.) Wanted is the largest of
 *
 *	what the way takes, of 96 % of the pieces, and the device after that;
 *	the lag of the picture, less RD_JITTER_EARLY_NS;
 *
 * and the lag there is follows by playing a little faster or slower, which takes
 * up clocks that drift as well. A piece that is missing while later ones are
 * there is lost; where there is nothing at all the sound is drawn out.
 */
#define RD_JITTER_SLOTS 256		/* pieces kept: 2.56 s */
#define RD_JITTER_BINS 200		/* of 2 ms: what the way takes more than at its best */
#define RD_JITTER_EARLY_NS (UINT64_C(15) * 1000 * 1000)
#define RD_JITTER_STRETCH_MAX 10	/* samples of a piece, left out or added */

struct rd_jitter_slot {
	bool there;
	uint16_t type;		/* RD_MSG_PCM or RD_MSG_OPUS */
	uint8_t flags, channels;
	uint64_t time_ns;
	struct rd_buf body;	/* samples, or a packet */
};

struct rd_jitter_count {
	uint64_t played, lost, drawn, late, doubled, skipped;
};

/* Zeroed memory is an empty one. */
struct rd_jitter {
	struct rd_jitter_slot slots[RD_JITTER_SLOTS];
	uint32_t next;		/* the number of the piece to be played */
	uint32_t end;		/* … and of the newest one there, plus 1 */
	uint64_t newest_ns;	/* the latest time of a piece */
	bool ever;		/* next means something */
	bool running;		/* between the first piece and a rest … */
	bool waiting;		/* … but not due yet */
	unsigned dry;		/* pieces of sound drawn out since the last real one */

	/* the way: offsets are our clock less stream time, at arrival */
	bool known;
	int64_t best[2];	/* the least, of this window and the one before */
	uint64_t window_ns;
	double bins[RD_JITTER_BINS];

	int64_t device_ns;	/* the longest the device takes, of late */
	bool pictured;
	int64_t picture_lag_ns;
	bool paced;		/* a recording: the least is fixed */
	int64_t error_ns;	/* the lag there is less the one wanted, smoothed */
	struct rd_jitter_count count;
};

void rd_jitter_finish(struct rd_jitter *j);
/* A piece has come. Its body is copied. */
void rd_jitter_put(struct rd_jitter *j, const struct rd_sound_msg *m, uint16_t type,
	uint64_t time_ns, uint64_t now_ns);
/* A picture of that time is shown now. */
void rd_jitter_picture(struct rd_jitter *j, uint64_t time_ns, uint64_t now_ns);
/* A recording is played: stream time 0 is at zero_ns by our clock (may wrap below 0). */
void rd_jitter_pace(struct rd_jitter *j, uint64_t zero_ns);

enum rd_jitter_what {
	RD_JITTER_OVER,		/* nothing, until more comes */
	RD_JITTER_WAIT,		/* not yet: silence */
	RD_JITTER_PIECE,	/* *slot is the piece */
	RD_JITTER_LOST,		/* a piece is lost, *slot the one after it, or NULL */
	RD_JITTER_DRAW,		/* nothing is there: go on as it was */
};
struct rd_jitter_turn {
	enum rd_jitter_what what;
	const struct rd_jitter_slot *slot;	/* until the next call */
	int faster;		/* samples to leave out of it; negative: to add */
	bool skip;		/* far too late: it and the next become one */
};
/* The next piece, which will be heard heard_ns from now. */
void rd_jitter_take(struct rd_jitter *j, uint64_t now_ns, uint64_t heard_ns,
	struct rd_jitter_turn *turn);
/* Pieces from the next one to the newest. */
unsigned rd_jitter_depth(const struct rd_jitter *j);
/* The lag that is wanted: our clock less the stream's when a sample is to be heard. */
int64_t rd_jitter_wanted_ns(const struct rd_jitter *j);
/* It stood still: what is there is due anew, by what is wanted now. */
void rd_jitter_hold(struct rd_jitter *j);
/* What was there is forgotten, what is known of the way is not. */
void rd_jitter_flush(struct rd_jitter *j);

#endif

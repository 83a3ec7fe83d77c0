#ifndef RD_RECORD_TIMELINE_H
#define RD_RECORD_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From times of streams to those of the recording, whose first picture is at 0
 * and in which each source begins where the one before it ended. Pure. Zeroed
 * memory is one before the first source.
 */
struct timeline {
	bool begun;		/* the source has shown a picture */
	uint64_t zero_ns;	/* stream time of the recording's 0; may wrap below 0 */
	uint64_t now_ns;	/* the newest time heard of, in the recording */
	uint64_t join_ns;	/* where a source begins */
	bool heard;
	uint64_t skew_ns;	/* our clock less the recording's time, at its least; may wrap */
};

/* A source begins after all that was. */
void timeline_source(struct timeline *t, uint64_t end_ns);
/* Whether that lies more than so much after now_ns of the recording. */
bool timeline_leaps(const struct timeline *t, uint64_t stream_ns, uint64_t now_ns, int64_t most_ns);
/*
 * The recording's time of something that may lag behind: false for what was before the
 * source's first picture.
 */
bool timeline_at(const struct timeline *t, uint64_t stream_ns, uint64_t *at_ns);
/* Something of that stream time came: its time in the recording, never before others. */
uint64_t timeline_heard(struct timeline *t, uint64_t stream_ns, uint64_t clock_ns);
/* Of a stream that runs by a clock: the recording's time at this moment. */
uint64_t timeline_now(const struct timeline *t, uint64_t clock_ns);

#endif

#ifndef RD_ENCODE_IVF_RATE_H
#define RD_ENCODE_IVF_RATE_H

#include <stdint.h>

/* A constant rate of frames, as a fraction; zeroed: not known yet. */
struct ivf_rate {
	unsigned frames, seconds;
};

/* Where the rate is neither given nor to be seen in the times. */
#define IVF_RATE_DEFAULT 30

/* 30/1, 30000/1001 (film on television), else in thousandths. */
struct ivf_rate ivf_rate_of(double fps);
/* Of a source with so much time between its pictures. */
struct ivf_rate ivf_rate_of_gap(uint64_t gap_ns);
/* From the first frame to frame k; as of the default rate where none is known. */
uint64_t ivf_rate_time(struct ivf_rate r, uint64_t k);
/* Frames in so many seconds, likewise. */
uint64_t ivf_rate_frames(struct ivf_rate r, unsigned seconds);

#endif

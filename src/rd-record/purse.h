#ifndef RD_RECORD_PURSE_H
#define RD_RECORD_PURSE_H

#include <stdint.h>

/*
 * Processor time that may be spent: a share of a processor, and a little of it
 * ahead, so that what moves for a moment is recorded in full, and only what
 * moves for long is thinned. Pure; times are of the recording.
 */
struct purse {
	double share;		/* of a processor; 0: all there is */
	uint64_t paid_ns;	/* until then the share has been spent */
	uint64_t cpu_ns;	/* the processor time that has been counted */
};

void purse_init(struct purse *p, double share, uint64_t cpu_ns);
/* The processor time of the process is `cpu_ns` now: what is new of it is spent. */
void purse_spend(struct purse *p, uint64_t now_ns, uint64_t cpu_ns);
/*
 * From when on there is some to spend, of what may be spent ahead this part (0 to
 * 1): the rest is kept for what matters more.
 */
uint64_t purse_ready(const struct purse *p, double part);

#endif

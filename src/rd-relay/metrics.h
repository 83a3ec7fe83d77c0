#ifndef RD_RELAY_METRICS_H
#define RD_RELAY_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/bytes.h"
#include "rd-relay/core.h"

/*
 * What a thread counts, for itself: nobody else writes it, and whoever asks adds
 * up what all have (each number as it stands, not all of one moment).
 */
typedef _Atomic uint64_t counter;	/* the one typedef: a type, no struct */

#define CLASSES 4
#define STEPS_MAX 12

/* How often a value was at most the step of that place; the last place: more. */
struct histogram {
	counter count[STEPS_MAX + 1];
	counter sum;
};

enum way_in_or_out { DIR_IN, DIR_OUT, DIRS };

struct counters {
	counter packets[DIRS][CLASSES];
	counter bytes[DIRS];
	counter drops[DROPS];
	counter send_errors;
	struct histogram forward_ns;	/* of one batch in 1024 */
	struct histogram batch;		/* trains of one system call */
	struct histogram segments;	/* datagrams of one train */
	struct histogram sojourn_ns;	/* in a TLS leg's queue */
	counter busy_ns, since_ns;	/* of the thread */
};

static inline void
count(counter *c, uint64_t n)
{
	atomic_store_explicit(c, atomic_load_explicit(c, memory_order_relaxed) + n,
		memory_order_relaxed);
}

/* The steps of histograms, ascending; 0 ends them. */
extern const uint64_t steps_of_time_ns[], steps_of_number[];
void observe(struct histogram *h, const uint64_t *steps, uint64_t value);

/* What the page says beside the counters. */
struct metrics_state {
	const struct counters *const *threads;	/* all of them */
	unsigned thread_count;
	struct core_stats core;
	unsigned tls_open, tls_half_open;
	uint64_t tls_accepted, tls_refused, sessions_ended, now_ns;
	bool draining;
};

/* Prometheus text exposition format 0.0.4, appended. */
void metrics_text(struct rd_buf *b, const struct metrics_state *m);

#endif

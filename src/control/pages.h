#ifndef RD_CONTROL_PAGES_H
#define RD_CONTROL_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

/*
 * Pages of metrics of several programs become one: of each metric one head, and after
 * it the samples of all, told apart by labels that are added here.
 *
 *	rd_frames_total 7	is	rd_frames_total{tool="rd-recv",pid="4711"} 7
 *
 * The programs are others' processes: what is no metric or no sample, what has another
 * type than before and what is too much is left out. Pure.
 */
#define RD_PAGES_LINE 1024	/* bytes of a line that counts */
#define RD_PAGES_METRICS 512	/* different ones */

struct rd_pages_metric;
/* Zeroed memory is none. */
struct rd_pages {
	struct rd_pages_metric *metrics;
	unsigned count;
};

/* pid 0: no label of that name. */
void rd_pages_add(struct rd_pages *p, const char *text, size_t len, const char *tool, long pid);
void rd_pages_put(const struct rd_pages *p, struct rd_buf *out);
void rd_pages_finish(struct rd_pages *p);

#endif

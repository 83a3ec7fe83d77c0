#ifndef RD_WAIT_REPORT_H
#define RD_WAIT_REPORT_H

#include "rd-wait/options.h"

/*
 * Which target came, and where, on stdout:
 *
 *	56x24+100+200 2 image ok.png
 *	{"event":"found","target":2,"kind":"image","name":"ok.png","x":100,…,"after":1.204}
 *
 * 0, or the exit code for an output that fails, after saying so.
 */
int report_found(const struct options *o, int n, struct rd_rect at, uint64_t after_ns);
/* With --json: that nothing came. `nearest` is an image or -1. */
int report_timeout(const struct options *o, int nearest, struct rd_rect at, double differ,
	uint64_t after_ns);

#endif

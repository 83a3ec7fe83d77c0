#ifndef RD_TOP_OPTIONS_H
#define RD_TOP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum sort { SORT_NAME, SORT_RATE, SORT_FPS, SORT_LATENCY, SORT_RTT, SORT_LOSS, SORT_AGE, SORTS };
extern const char *const sort_names[SORTS + 1];

struct options {
	bool relay, once, json, mouse;
	const char *url;	/* of a relay's metrics; borrowed */
	uint64_t interval_ns;
	bool repeat;		/* --json goes on: an interval was given */
	int sort;		/* enum sort */
};

#define METRICS_PORT 9464	/* rd-relay(1), --metrics */

/* False: end with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);
/* A page to look at, not text or JSON. */
bool options_dash(const struct options *o);

#endif

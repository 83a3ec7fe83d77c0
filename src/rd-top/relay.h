#ifndef RD_TOP_RELAY_H
#define RD_TOP_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rd-top/prom.h"
#include "rd-top/ring.h"

/*
 * What a relay's metrics say: the last two pages, for what happens in a second,
 * and what it was lately. Pure: pages and the time are handed in.
 */
struct relay {
	struct prom now, before;
	uint64_t now_ns, before_ns;	/* 0: no such page yet */
	char trouble[128];		/* why there is no newer page, or "" */
	struct ring sessions, peers, in_bps, out_bps, packets, refused, busy;
};

/* A page that came: 0, or -EPROTO (said in `trouble`). */
int relay_take(struct relay *r, const char *text, size_t len, uint64_t now_ns);
/* None came. */
void relay_miss(struct relay *r, const char *why);
void relay_finish(struct relay *r);

/* As prom_sum, of the last page. */
double relay_now(const struct relay *r, const char *name, const char *label, const char *value);
/* By how much it grows in a second; NAN: not known, or it was counted anew. */
double relay_rate(const struct relay *r, const char *name, const char *label, const char *value);
/*
 * The least bound of histogram `name` under which a share `q` of what was seen
 * between the two pages lies; NAN: nothing was seen.
 */
double relay_quantile(const struct relay *r, const char *name, double q);
/* What counts as refused, together, in a second. */
double relay_refused(const struct relay *r);

/* One reason for which something or somebody is refused. */
struct relay_refusal {
	const char *name, *label, *value;	/* of the metric */
	const char *key;			/* for --json */
	const char *words;
	bool strange;	/* it says that something is wrong here, not with those who ask */
};
#define RELAY_REFUSALS 18
extern const struct relay_refusal relay_refusals[RELAY_REFUSALS];

#endif

#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/* Times of a measure, in ns; zeroed memory is an empty one. */
struct samples {
	uint64_t *ns;
	size_t n, room;
	size_t missed;	/* never arrived */
};

void samples_add(struct samples *s, uint64_t ns);
/* Prints p50, p95, p99 and max in ms; names begin with `prefix`. Empties it. */
void samples_print(struct samples *s, const char *prefix);
/* Prints how many were missed. */
void samples_print_missed(const struct samples *s);

#endif

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "bench/samples.h"

void
samples_add(struct samples *s, uint64_t ns)
{
	if (s->n == s->room) {
		s->room = s->room ? 2 * s->room : 256;
		s->ns = xreallocarray(s->ns, s->room, sizeof(*s->ns));
	}
	s->ns[s->n++] = ns;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void
print(const struct samples *s, const char *prefix, const char *name, double part)
{
	size_t i = (size_t)(part * (double)(s->n - 1) + 0.5);
	printf("%s%s %.3f\n", prefix, name, (double)s->ns[i] / 1e6);
}

void
samples_print_missed(const struct samples *s)
{
	size_t all = s->n + s->missed;
	printf("missed_pct %.2f\n", all ? 100.0 * (double)s->missed / (double)all : 100.0);
}

void
samples_print(struct samples *s, const char *prefix)
{
	if (s->n) {
		qsort(s->ns, s->n, sizeof(*s->ns), compare);
		print(s, prefix, "p50_ms", 0.50);
		print(s, prefix, "p95_ms", 0.95);
		print(s, prefix, "p99_ms", 0.99);
		print(s, prefix, "max_ms", 1);
	}
	free(s->ns);
	*s = (struct samples){0};
}

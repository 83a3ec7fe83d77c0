#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"

/* A log as services write it: lines of 60 to 90 characters that resemble each other. */

static const char *const levels[] = {"info", "info", "info", "debug", "warn", "error"};
static const char *const units[] = {"gateway", "billing", "search", "session", "mailer", "indexer"};
static const char *const phrases[] = {
	"request finished", "connection accepted", "cache entry expired", "retrying upstream",
	"row written", "job picked up", "token refreshed", "queue drained", "lease renewed",
};
#define PICK(list, r) (list[(r) % (sizeof(list) / sizeof(*(list)))])

static int
write_line(char *out, size_t room, unsigned n, uint32_t *random)
{
	unsigned ms = n * 10 / 9, s = ms / 1000;
	uint32_t r = bench_random(random);
	return snprintf(out, room, "12:%02u:%02u.%03u %-5s %-8s %s id=%08x user=%u in %u.%u ms\n",
		s / 60 % 60, s % 60, ms % 1000, PICK(levels, r), PICK(units, r >> 4),
		PICK(phrases, r >> 8), bench_random(random), r >> 20 & 0xfff,
		r >> 12 & 0x7f, r >> 19 & 7);
}

/* Written in pieces of a hundredth of a second; unpaced, in pieces of a screen. */
#define PIECES 100
#define UNPACED 60

int
log_main(int argc, char **argv)
{
	struct options o = {.rate = 900, .seconds = 10};
	char text[32768];
	uint32_t random = 2463534242u;
	unsigned lines = 0;

	options_read(&o, argc, argv);
	uint64_t start = rd_clock_ns(), limit = (uint64_t)(o.seconds * RD_NS_PER_S);
	for (uint64_t piece = 1; rd_clock_ns() - start < limit; piece++) {
		uint64_t due = o.rate > 0 ? (uint64_t)(o.rate * (double)piece / PIECES) : lines + UNPACED;
		size_t used = 0;
		while (lines < due && used + 256 < sizeof(text))
			used += (size_t)write_line(text + used, sizeof(text) - used, lines++, &random);
		for (size_t done = 0; done < used;) {
			ssize_t put = write(STDOUT_FILENO, text + done, used - done);
			if (put <= 0)
				return 1;
			done += (size_t)put;
		}
		if (o.rate > 0)
			bench_sleep_until(start + piece * RD_NS_PER_S / PIECES);
	}
	return 0;
}

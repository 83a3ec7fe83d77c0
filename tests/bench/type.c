#include <stdio.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/xclient.h"

/* Somebody types on the host, evenly, a line of text at a time. */

static const char line[] = "the quick brown fox jumps over the lazy dog while pack my box with\r";
#define LINE (sizeof(line) - 1)

static uint32_t
keysym(char c)
{
	/* XK_Return; Latin-1 is its own keysym. */
	return c == '\r' ? 0xff0d : (uint32_t)(unsigned char)c;
}

int
type_main(int argc, char **argv)
{
	struct options o = {.rate = 8, .seconds = 10};
	uint8_t codes[LINE];
	struct xclient host;

	options_read(&o, argc, argv);
	xclient_open(&host, bench_env("BENCH_HOST"));
	xclient_focus(&host);
	for (size_t i = 0; i < LINE; i++)
		codes[i] = xclient_keycode(&host, keysym(line[i]));
	int keys = (int)(o.rate * o.seconds);
	uint64_t start = rd_clock_ns();
	for (int i = 0; i < keys; i++) {
		bench_sleep_until(start + (uint64_t)((double)i / o.rate * RD_NS_PER_S));
		xclient_key(&host, codes[(size_t)i % LINE]);
	}
	bench_sleep_until(start + (uint64_t)(o.seconds * RD_NS_PER_S));
	printf("keys %d\n", keys);
	xclient_close(&host);
	return 0;
}

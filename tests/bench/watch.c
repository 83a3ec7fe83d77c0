#include <stdio.h>

#include "base/clock.h"
#include "bench/bench.h"

/*
 * Pictures that the viewer shows a second, whatever is in them: its screen is
 * looked at every 2 ms, in rows close enough that no line of text escapes. What
 * changes at consecutive looks is one picture being painted.
 */
#define WATCH_NS (2 * RD_NS_PER_MS)
#define WATCH_ROWS 24

int
watch_main(int argc, char **argv)
{
	struct options o = {.seconds = 10};
	struct framebuffer viewer = bench_viewer();
	uint64_t last = framebuffer_glance(&viewer, WATCH_ROWS);
	uint64_t gap = 0, shown_ns = 0;
	unsigned shown = 0;
	bool painting = false;

	options_read(&o, argc, argv);
	uint64_t start = rd_clock_ns(), now = start;
	uint64_t limit = (uint64_t)(o.seconds * RD_NS_PER_S);
	for (uint64_t next = start; now - start < limit; now = rd_clock_ns()) {
		uint64_t glance = framebuffer_glance(&viewer, WATCH_ROWS);
		if (glance != last && !painting) {
			if (shown++ && now - shown_ns > gap)
				gap = now - shown_ns;
			shown_ns = now;
		}
		painting = glance != last;
		last = glance;
		bench_sleep_until(next += WATCH_NS);
	}
	printf("fps %.2f\n", (double)shown / ((double)(now - start) / 1e9));
	printf("gap_ms %.1f\n", (double)gap / 1e6);
	return 0;
}

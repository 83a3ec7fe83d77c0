#include <stdio.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/xclient.h"

/* Where the picture stands on the viewer's screen, and whether it has arrived. */

#define CELL 12
#define CELLS 6
static const uint32_t marker[CELLS] = {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0x00ffff, 0xff00ff};

static bool
marker_at(const struct framebuffer *fb, int x, int y)
{
	for (int i = 0; i < CELLS; i++)
		if (!colour_near(framebuffer_pixel(fb, x + i * CELL + CELL / 2, y + CELL / 2),
			    (int32_t)marker[i], BENCH_NEAR))
			return false;
	return true;
}

/* Its top left corner: the last step left and the last step up that still fit. */
static bool
find(const struct framebuffer *fb, int *x, int *y)
{
	for (*y = 0; *y < fb->height; *y += CELL / 2)
		for (*x = 0; *x < fb->width; (*x)++) {
			if (!marker_at(fb, *x, *y))
				continue;
			int right = *x, bottom = *y;
			while (marker_at(fb, right + 1, *y))
				right++;
			while (marker_at(fb, *x, bottom + 1))
				bottom++;
			/* Inside a cell it fits at CELL places in each direction. */
			*x = right - CELL / 2 + 1;
			*y = bottom - CELL / 2 + 1;
			return true;
		}
	return false;
}

#define MARKER_LEFT 480
#define MARKER_TOP 360

int
find_main(int argc, char **argv)
{
	struct options o = {.seconds = 10};
	struct framebuffer viewer = bench_viewer();
	struct xclient host;
	int x, y;

	options_read(&o, argc, argv);
	xclient_open(&host, bench_env("BENCH_HOST"));
	xclient_window(&host, MARKER_LEFT, MARKER_TOP, CELLS * CELL, CELL);
	for (int i = 0; i < CELLS; i++)
		xclient_fill(&host, i * CELL, 0, CELL, CELL, marker[i]);
	uint64_t end = rd_clock_ns() + (uint64_t)(o.seconds * RD_NS_PER_S);
	while (!find(&viewer, &x, &y)) {
		if (rd_clock_ns() > end)
			bench_die("the host's picture does not appear on the viewer's screen");
		bench_sleep_ns(20 * RD_NS_PER_MS);
	}
	printf("offset %d,%d\n", x - MARKER_LEFT, y - MARKER_TOP);
	xclient_close(&host);
	return 0;
}

static size_t
pixels(const struct framebuffer *fb)
{
	return (size_t)fb->width * (size_t)fb->height;
}

static size_t
equal_now(const struct framebuffer *host, const struct framebuffer *viewer)
{
	return framebuffer_equal(host, viewer, 0, 0, host->width, host->height);
}

/* The host's screen rests when it has not changed for so long. */
#define REST_NS (300 * RD_NS_PER_MS)

int
settle_main(int argc, char **argv)
{
	struct options o = {.seconds = 5};
	struct framebuffer host = bench_host(), viewer = bench_viewer();
	uint64_t last = 0, changed_ns = 0, exact_ns = 0, now;

	options_read(&o, argc, argv);
	uint64_t start = rd_clock_ns(), limit = (uint64_t)(o.seconds * RD_NS_PER_S);
	while ((now = rd_clock_ns()) - start < limit &&
		!(exact_ns && now - changed_ns > REST_NS)) {
		uint64_t glance = framebuffer_glance(&host, 1);
		if (glance != last) {
			changed_ns = now;
			exact_ns = 0;
		}
		last = glance;
		if (!exact_ns && equal_now(&host, &viewer) == pixels(&host))
			exact_ns = now;
		bench_sleep_ns(5 * RD_NS_PER_MS);
	}
	if (exact_ns)
		printf("exact_ms %.1f\n", (double)(exact_ns - changed_ns) / 1e6);
	printf("equal_pct %.4f\n",
		100.0 * (double)equal_now(&host, &viewer) / (double)pixels(&host));
	return 0;
}

int
calm_main(int argc, char **argv)
{
	struct options o = {.seconds = 0.3};
	struct framebuffer host = bench_host();
	uint64_t last = framebuffer_glance(&host, 1);

	options_read(&o, argc, argv);
	uint64_t start = rd_clock_ns(), since = start;
	while (rd_clock_ns() - since < (uint64_t)(o.seconds * RD_NS_PER_S)) {
		bench_sleep_ns(20 * RD_NS_PER_MS);
		uint64_t glance = framebuffer_glance(&host, 1);
		if (glance != last)
			since = rd_clock_ns();
		last = glance;
		if (rd_clock_ns() - start > 20 * RD_NS_PER_S)
			bench_die("the host's screen does not come to rest");
	}
	return 0;
}

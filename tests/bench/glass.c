#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench/bench.h"
#include "bench/samples.h"
#include "bench/xclient.h"

/*
 * How long until what a program draws, or what a key makes it draw, is in the
 * viewer's framebuffer. The rectangle is as small as a letter or two, so that
 * the time is the way's and not the picture's.
 */
#define LEFT 40
#define TOP 1056
#define WIDTH 32
#define HEIGHT 16
#define GIVE_UP_NS (2 * RD_NS_PER_S)
/* After so many that never came there is nothing to measure. */
#define MISSES 20

/* Gaps are random so that no sender's rhythm is met by chance. */
#define GAP_MIN_NS (5 * RD_NS_PER_MS)
#define GAP_SPREAD_US 35000

struct probe {
	struct framebuffer viewer;
	struct xclient host;
	uint32_t random;
	int32_t colour;
};

static void
probe_open(struct probe *p)
{
	*p = (struct probe){.viewer = bench_viewer(), .random = 2463534242u};
	xclient_open(&p->host, bench_env("BENCH_HOST"));
	xclient_window(&p->host, LEFT, TOP, WIDTH, HEIGHT);
}

static int32_t
seen(const struct probe *p)
{
	return framebuffer_pixel(&p->viewer, LEFT + WIDTH / 2, TOP + HEIGHT / 2);
}

/* One that cannot be mistaken for the last, however lossy the way. */
static void
next_colour(struct probe *p)
{
	int32_t last = p->colour;
	do
		p->colour = (int32_t)(bench_random(&p->random) & 0xffffff);
	while (colour_near(p->colour, last, 4 * BENCH_NEAR));
}

static void
draw(struct probe *p)
{
	xclient_fill(&p->host, 0, 0, WIDTH, HEIGHT, (uint32_t)p->colour);
}

static bool
arrived(const struct probe *p)
{
	return colour_near(seen(p), p->colour, BENCH_NEAR);
}

static void
gap(struct probe *p)
{
	bench_sleep_ns(GAP_MIN_NS + bench_random(&p->random) % GAP_SPREAD_US * UINT64_C(1000));
}

static void
take(struct samples *s, bool ok, uint64_t since)
{
	if (ok)
		samples_add(s, rd_clock_ns() - since);
	else
		s->missed++;
}

int
glass_main(int argc, char **argv)
{
	struct options o = {.count = 200};
	struct samples s = {0};
	struct probe p;

	options_read(&o, argc, argv);
	probe_open(&p);
	/* The first ones only warm up: the window itself has to arrive. */
	for (int i = -5; i < o.count && s.missed < MISSES; i++) {
		gap(&p);
		next_colour(&p);
		uint64_t start = rd_clock_ns();
		draw(&p);
		while (!arrived(&p) && rd_clock_ns() - start < GIVE_UP_NS)
			bench_sleep_ns(BENCH_LOOK_NS);
		if (i >= 0)
			take(&s, arrived(&p), start);
	}
	samples_print_missed(&s);
	samples_print(&s, "");
	xclient_close(&p.host);
	return 0;
}

/* XK_a, of X11/keysymdef.h. */
#define THE_KEY 0x61

int
key_main(int argc, char **argv)
{
	struct options o = {.count = 200, .seconds = 3600};
	struct samples s = {0}, there = {0};
	struct xclient viewer;
	struct probe p;

	options_read(&o, argc, argv);
	probe_open(&p);
	xclient_open(&viewer, bench_env("BENCH_VIEWER"));
	xclient_focus(&viewer);
	/* The last word is the host's: for the floor both are one server. */
	xclient_focus(&p.host);
	uint8_t key = xclient_keycode(&viewer, THE_KEY);
	uint64_t end = rd_clock_ns() + (uint64_t)(o.seconds * RD_NS_PER_S);
	for (int i = -5; i < o.count && s.missed < MISSES && rd_clock_ns() < end; i++) {
		gap(&p);
		xclient_pressed(&p.host);
		next_colour(&p);
		uint64_t start = rd_clock_ns();
		xclient_key(&viewer, key);
		bool drawn = false;
		while (!arrived(&p) && rd_clock_ns() - start < GIVE_UP_NS) {
			if (!drawn && xclient_pressed(&p.host)) {
				if (i >= 0)
					samples_add(&there, rd_clock_ns() - start);
				draw(&p);
				drawn = true;
				continue;
			}
			bench_sleep_ns(BENCH_LOOK_NS);
		}
		if (i >= 0)
			take(&s, arrived(&p), start);
	}
	samples_print_missed(&s);
	samples_print(&s, "");
	samples_print(&there, "there_");
	xclient_close(&viewer);
	xclient_close(&p.host);
	return 0;
}

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "bench/bench.h"

void
bench_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("rd-bench: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	exit(1);
}

const char *
bench_env(const char *name)
{
	const char *value = getenv(name);
	if (!value)
		bench_die("%s is not set", name);
	return value;
}

struct framebuffer
bench_host(void)
{
	struct framebuffer fb;
	framebuffer_open(&fb, bench_env("BENCH_HOST_FB"));
	return fb;
}

struct framebuffer
bench_viewer(void)
{
	struct framebuffer fb;
	const char *offset = getenv("BENCH_OFFSET");

	framebuffer_open(&fb, bench_env("BENCH_VIEWER_FB"));
	if (offset && sscanf(offset, "%d,%d", &fb.x, &fb.y) != 2)
		bench_die("BENCH_OFFSET is not X,Y: %s", offset);
	return fb;
}

void
options_read(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+n:r:t:w:p:")) != -1) {
		if (c == 'n')
			o->count = atoi(optarg);
		else if (c == 'r')
			o->rate = atof(optarg);
		else if (c == 't')
			o->seconds = atof(optarg);
		else if (c == 'w')
			o->way = optarg;
		else if (c == 'p')
			o->server = (pid_t)atol(optarg);
		else
			exit(2);
	}
	o->rest = argv + optind;
}

void
bench_sleep_ns(uint64_t ns)
{
	struct timespec ts = {
		.tv_sec = (time_t)(ns / RD_NS_PER_S),
		.tv_nsec = (long)(ns % RD_NS_PER_S),
	};
	nanosleep(&ts, NULL);
}

void
bench_sleep_until(uint64_t ns)
{
	uint64_t now;
	while ((now = rd_clock_ns()) < ns)
		bench_sleep_ns(ns - now);
}

/* xorshift32 (Marsaglia, "Xorshift RNGs", 2003); the state must not be 0. */
uint32_t
bench_random(uint32_t *state)
{
	uint32_t x = *state;
	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return *state = x;
}

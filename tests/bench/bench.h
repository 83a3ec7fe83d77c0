#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <sys/types.h>

#include "bench/framebuffer.h"

/*
 * rd-bench: the parts of `make bench` that a shell cannot do, one command
 * each. They print "name value" lines, which tests/bench/run gathers.
 *
 * Where things are comes from the environment, once for a whole session:
 * BENCH_HOST and BENCH_VIEWER name two X servers, BENCH_HOST_FB and
 * BENCH_VIEWER_FB their framebuffer files (Xvfb -fbdir), BENCH_OFFSET ("X,Y")
 * where the host's pixel 0,0 is seen on the viewer's screen.
 */
struct options {
	int count;	/* -n */
	double rate;	/* -r, a second; 0: as fast as it goes */
	double seconds;	/* -t */
	const char *way;	/* -w; NULL: the rest is a command */
	pid_t server;	/* -p; 0: none */
	char **rest;	/* what follows the options, up to NULL */
};

/* Exit status 2 and a line on stderr for what it does not know. */
void options_read(struct options *o, int argc, char **argv);
/* The variable's value, or the end of the program. */
const char *bench_env(const char *name);
/* Both framebuffers, the viewer's moved by $BENCH_OFFSET. */
struct framebuffer bench_host(void);
struct framebuffer bench_viewer(void);
/* A line on stderr, and exit status 1. */
void bench_die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void bench_sleep_ns(uint64_t ns);
/* Until CLOCK_MONOTONIC says so. */
void bench_sleep_until(uint64_t ns);
/* Time the machine's processors were busy, or were taken from it, in ns. */
double bench_machine_ns(void);
/* A small deterministic generator: the workloads are the same in every run. */
uint32_t bench_random(uint32_t *state);

/* A screen is looked at so often: the figures' resolution. */
#define BENCH_LOOK_NS UINT64_C(100000)
/* A colour channel of a lossy peer may be off by so much. */
#define BENCH_NEAR 24

int find_main(int argc, char **argv);
int settle_main(int argc, char **argv);
int calm_main(int argc, char **argv);
int glass_main(int argc, char **argv);
int key_main(int argc, char **argv);
int type_main(int argc, char **argv);
int log_main(int argc, char **argv);
int watch_main(int argc, char **argv);
int film_main(int argc, char **argv);
int meter_main(int argc, char **argv);
int session_main(int argc, char **argv);
int handshake_main(int argc, char **argv);
int strangers_main(int argc, char **argv);
int sealing_main(int argc, char **argv);
int bulk_main(int argc, char **argv);
int echo_main(int argc, char **argv);
int producer_main(int argc, char **argv);
int talk_main(int argc, char **argv);
int relay_main(int argc, char **argv);
int peers_main(int argc, char **argv);

#endif

#ifndef TESTS_NET_DICE_H
#define TESTS_NET_DICE_H

/*
 * Random numbers of a test, from a seed that is printed; $RD_SEED repeats a
 * run.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t dice_state;

/* splitmix64 (Steele, Lea, Flood 2014): any seed will do. */
static inline uint64_t
dice(void)
{
	uint64_t z = dice_state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Told at once: a test that is killed, or aborts, writes nothing any more. */
static inline void
dice_seed(void)
{
	const char *given = getenv("RD_SEED");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	dice_state = given ? strtoull(given, NULL, 0) :
		((uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec) * 2654435761u;
	printf("seed 0x%llx (RD_SEED=… repeats it)\n", (unsigned long long)dice_state);
	fflush(stdout);
}

/* 0 … n - 1. */
static inline uint64_t
dice_below(uint64_t n)
{
	return dice() % n;
}

static inline void
dice_bytes(uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)dice();
}

#endif

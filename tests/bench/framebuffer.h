#ifndef BENCH_FRAMEBUFFER_H
#define BENCH_FRAMEBUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The screen of an Xvfb, looked at without asking it: a shared mapping of the
 * file that -fbdir makes, four bytes a pixel, BGRX. Looking costs the server
 * nothing and does not wake it up.
 */
struct framebuffer {
	const uint8_t *pixels;
	int width, height;
	size_t stride;
	int x, y;	/* added to every coordinate */
};

/* Ends the program where that is no such file. */
void framebuffer_open(struct framebuffer *fb, const char *path);
/* 0xRRGGBB; -1 outside. */
int32_t framebuffer_pixel(const struct framebuffer *fb, int x, int y);
/* Whether two colours differ by at most `by` in every channel. */
bool colour_near(int32_t a, int32_t b, int by);
/* How many pixels of a rectangle are equal in both, the X byte aside. */
size_t framebuffer_equal(const struct framebuffer *a, const struct framebuffer *b,
	int x, int y, int width, int height);
/* Which part of a grid of points of a rectangle is as good as the same: some peers are lossy. */
double framebuffer_alike(const struct framebuffer *a, const struct framebuffer *b,
	int x, int y, int width, int height);
/* A hash over every `step`th row: it changes when the picture does. */
uint64_t framebuffer_glance(const struct framebuffer *fb, int step);

#endif

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

#include "bench/bench.h"
#include "bench/framebuffer.h"

/*
 * An XWD file (X11/XWDFile.h): big endian words, of which these are ours; then
 * the window's name, up to header_size; then ncolors entries of 12 bytes; then
 * the pixels.
 */
enum { HEADER_SIZE = 0, WIDTH = 4, HEIGHT = 5, BITS = 11, STRIDE = 12, NCOLORS = 19, WORDS = 25 };

static uint32_t
word(const uint8_t *file, int n)
{
	const uint8_t *p = file + 4 * n;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

void
framebuffer_open(struct framebuffer *fb, const char *path)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		bench_die("%s: %s", path, strerror(errno));
	if (st.st_size < 4 * WORDS)
		bench_die("%s is too short", path);
	const uint8_t *file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (file == MAP_FAILED)
		bench_die("%s: %s", path, strerror(errno));
	close(fd);

	size_t at = word(file, HEADER_SIZE) + (size_t)word(file, NCOLORS) * 12;
	*fb = (struct framebuffer){
		.pixels = file + at,
		.width = (int)word(file, WIDTH),
		.height = (int)word(file, HEIGHT),
		.stride = word(file, STRIDE),
	};
	if (word(file, BITS) != 32 || at + fb->stride * (size_t)fb->height > (size_t)st.st_size)
		bench_die("%s: not 32 bits a pixel, or cut short", path);
}

static const uint8_t *
at(const struct framebuffer *fb, int x, int y)
{
	return fb->pixels + fb->stride * (size_t)(y + fb->y) + 4 * (size_t)(x + fb->x);
}

static bool
inside(const struct framebuffer *fb, int x, int y)
{
	x += fb->x;
	y += fb->y;
	return x >= 0 && y >= 0 && x < fb->width && y < fb->height;
}

int32_t
framebuffer_pixel(const struct framebuffer *fb, int x, int y)
{
	if (!inside(fb, x, y))
		return -1;
	return (int32_t)(*(const volatile uint32_t *)at(fb, x, y) & 0xffffff);
}

bool
colour_near(int32_t a, int32_t b, int by)
{
	if (a < 0 || b < 0)
		return false;
	for (int shift = 0; shift < 24; shift += 8)
		if (abs((a >> shift & 0xff) - (b >> shift & 0xff)) > by)
			return false;
	return true;
}

size_t
framebuffer_equal(const struct framebuffer *a, const struct framebuffer *b,
	int x, int y, int width, int height)
{
	size_t equal = 0;

	for (int row = y; row < y + height; row++) {
		if (!inside(a, x, row) || !inside(b, x, row) || !inside(a, x + width - 1, row) ||
			!inside(b, x + width - 1, row))
			continue;
		const uint32_t *p = (const uint32_t *)at(a, x, row);
		const uint32_t *q = (const uint32_t *)at(b, x, row);
		for (int i = 0; i < width; i++)
			equal += ((p[i] ^ q[i]) & 0xffffff) == 0;
	}
	return equal;
}

#define GRID 8

double
framebuffer_alike(const struct framebuffer *a, const struct framebuffer *b,
	int x, int y, int width, int height)
{
	size_t good = 0, all = 0;

	for (int row = y + GRID / 2; row < y + height; row += GRID)
		for (int column = x + GRID / 2; column < x + width; column += GRID, all++)
			good += colour_near(framebuffer_pixel(a, column, row),
				framebuffer_pixel(b, column, row), BENCH_NEAR);
	return (double)good / (double)(all ? all : 1);
}

uint64_t
framebuffer_glance(const struct framebuffer *fb, int step)
{
	uint64_t hash = 0;
	for (int y = step / 2; y < fb->height; y += step)
		hash = XXH3_64bits_withSeed(fb->pixels + fb->stride * (size_t)y,
			4 * (size_t)fb->width, hash);
	return hash;
}

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "bench/bench.h"
#include "bench/picture.h"

/* The landscape: a square that repeats, three channels of floats. */
#define SIDE 1024
#define CHANNELS 3

static float
smooth(float t)
{
	return t * t * (3 - 2 * t);
}

/* Value noise of one size: a grid of random values and smooth ways between. */
static void
add_octave(float *land, int size, float amplitude, uint32_t *random)
{
	int n = SIDE / size;
	float *grid = xcalloc((size_t)n * (size_t)n, sizeof(*grid));

	for (int i = 0; i < n * n; i++)
		grid[i] = amplitude * ((float)(bench_random(random) & 0xffff) / 32768.0f - 1);
	for (int y = 0; y < SIDE; y++) {
		int j = y / size, k = (j + 1) % n;
		float v = smooth((float)(y % size) / (float)size);
		for (int x = 0; x < SIDE; x++) {
			int i = x / size, l = (i + 1) % n;
			float u = smooth((float)(x % size) / (float)size);
			float top = grid[j * n + i] * (1 - u) + grid[j * n + l] * u;
			float bottom = grid[k * n + i] * (1 - u) + grid[k * n + l] * u;
			land[(y * SIDE + x) * CHANNELS] += top * (1 - v) + bottom * v;
		}
	}
	free(grid);
}

/* Things with an edge: discs of one colour. */
static void
add_disc(float *land, uint32_t *random)
{
	int x0 = (int)(bench_random(random) % SIDE), y0 = (int)(bench_random(random) % SIDE);
	int r = 12 + (int)(bench_random(random) % 60);
	float colour[CHANNELS];

	for (int c = 0; c < CHANNELS; c++)
		colour[c] = (float)(bench_random(random) % 256);
	for (int y = -r; y <= r; y++)
		for (int x = -r; x <= r; x++)
			if (x * x + y * y <= r * r)
				memcpy(land + ((((y0 + y) & (SIDE - 1)) * SIDE) +
					((x0 + x) & (SIDE - 1))) * CHANNELS, colour, sizeof(colour));
}

static float *
landscape(void)
{
	float *land = xcalloc((size_t)SIDE * SIDE * CHANNELS, sizeof(*land));
	uint32_t random = 88172645u;

	for (int i = 0; i < SIDE * SIDE * CHANNELS; i++)
		land[i] = 128;
	for (int c = 0; c < CHANNELS; c++)
		for (int size = 256; size >= 4; size /= 2)
			add_octave(land + c, size, 3 * sqrtf((float)size), &random);
	for (int i = 0; i < 40; i++)
		add_disc(land, &random);
	return land;
}

static uint8_t
clamp(float v)
{
	return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)(v + 0.5f);
}

/* Bilinear, where the landscape repeats. */
static void
sample(const float *land, float x, float y, uint8_t *out)
{
	int i = (int)floorf(x), j = (int)floorf(y);
	float u = x - (float)i, v = y - (float)j;
	const float *p[4];

	for (int k = 0; k < 4; k++)
		p[k] = land + (((j + k / 2) & (SIDE - 1)) * SIDE + ((i + k % 2) & (SIDE - 1))) * CHANNELS;
	for (int c = 0; c < CHANNELS; c++)
		out[c] = clamp((p[0][c] * (1 - u) + p[1][c] * u) * (1 - v) +
			(p[2][c] * (1 - u) + p[3][c] * u) * v);
}

static void
draw_frame(const float *land, int n, uint8_t *out)
{
	/* Forth and back, so that the last frame meets the first. */
	float t = (float)n / FILM_FRAMES * 2 * (float)M_PI, swing = sinf(t);
	float zoom = 1 + 0.2f * swing, turn = 0.15f * swing;
	float ux = zoom * cosf(turn), uy = zoom * sinf(turn);
	float x0 = 500 + 180 * cosf(t), y0 = 500 + 60 * sinf(t);

	for (int y = 0; y < FILM_HEIGHT; y++)
		for (int x = 0; x < FILM_WIDTH; x++) {
			float dx = (float)(x - FILM_WIDTH / 2), dy = (float)(y - FILM_HEIGHT / 2);
			sample(land, x0 + dx * ux - dy * uy, y0 + dx * uy + dy * ux,
				out + ((size_t)y * FILM_WIDTH + (size_t)x) * 4);
		}
}

static void
draw_number(int n, uint8_t *out)
{
	unsigned gray = (unsigned)n ^ (unsigned)n >> 1;
	for (int y = 0; y < FILM_CELL; y++)
		for (int x = 0; x < FILM_CELL * FILM_CELLS; x++)
			memset(out + ((size_t)y * FILM_WIDTH + (size_t)x) * 4,
				gray >> (x / FILM_CELL) & 1 ? 0xf0 : 0x10, 3);
}

unsigned
picture_number(unsigned cells)
{
	unsigned n = 0;
	for (; cells; cells >>= 1)
		n ^= cells;
	return n;
}

void
picture_make(uint8_t *frames)
{
	float *land = landscape();
	for (int n = 0; n < FILM_FRAMES; n++) {
		draw_frame(land, n, frames + (size_t)n * FILM_BYTES);
		draw_number(n, frames + (size_t)n * FILM_BYTES);
	}
	free(land);
}

/* BT.601 luma. */
static double
luma(const uint8_t *p)
{
	return 0.114 * p[0] + 0.587 * p[1] + 0.299 * p[2];
}

/* SSIM of a window of 8x8 (Wang et al. 2004), and the sum of squared errors. */
#define WINDOW 8
static double
window_ssim(const uint8_t *a, const uint8_t *b, double *squares)
{
	const double c1 = 6.5025, c2 = 58.5225, n = WINDOW * WINDOW;
	double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;

	for (int y = 0; y < WINDOW; y++)
		for (int x = 0; x < WINDOW; x++) {
			size_t at = ((size_t)y * FILM_WIDTH + (size_t)x) * 4;
			double p = luma(a + at), q = luma(b + at);
			sa += p;
			sb += q;
			saa += p * p;
			sbb += q * q;
			sab += p * q;
			*squares += (p - q) * (p - q);
		}
	double ma = sa / n, mb = sb / n;
	double va = saa / n - ma * ma, vb = sbb / n - mb * mb, cov = sab / n - ma * mb;
	return (2 * ma * mb + c1) * (2 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2));
}

struct likeness
picture_compare(const uint8_t *a, const uint8_t *b)
{
	double squares = 0, ssim = 0, windows = 0;

	for (int y = FILM_CELL; y + WINDOW <= FILM_HEIGHT; y += WINDOW)
		for (int x = 0; x + WINDOW <= FILM_WIDTH; x += WINDOW) {
			size_t at = ((size_t)y * FILM_WIDTH + (size_t)x) * 4;
			ssim += window_ssim(a + at, b + at, &squares);
			windows++;
		}
	double mse = squares / (windows * WINDOW * WINDOW);
	/* 99 dB stands for equal. */
	return (struct likeness){
		.psnr_db = mse > 0 ? fmin(99, 10 * log10(255 * 255 / mse)) : 99,
		.ssim = ssim / windows,
	};
}

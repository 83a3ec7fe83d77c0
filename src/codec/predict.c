#include "codec/predict.h"

#include <string.h>

/* Rows are predicted in pieces that fit here, so that nothing is allocated. */
#define PIECE 1024

static inline int
lesser(int a, int b)
{
	return a < b ? a : b;
}

static inline int
greater(int a, int b)
{
	return a > b ? a : b;
}

/*
 * The median edge detector: of left, above and left + above - corner, the one
 * in the middle. Without branches, so that the loop over bytes vectorises.
 */
static inline int
median(int left, int above, int corner)
{
	int lo = lesser(left, above), hi = greater(left, above);

	return greater(lo, lesser(hi, left + above - corner));
}

/* A row of `n` bytes less its prediction; `left` and `corner` are 4 bytes behind. */
static void
differ(uint8_t *restrict out, const uint8_t *restrict row, const uint8_t *restrict left,
	const uint8_t *restrict above, const uint8_t *restrict corner, int n)
{
	for (int i = 0; i < n; i++)
		out[i] = (uint8_t)(row[i] - median(left[i], above[i], corner[i]));
}

/* 4-byte differences to g, b - g, r - g. */
static void
pack(uint8_t *restrict out, const uint8_t *restrict d, int pixels)
{
	for (int x = 0; x < pixels; x++, out += 3, d += 4) {
		out[0] = d[1];
		out[1] = d[0] - d[1];
		out[2] = d[2] - d[1];
	}
}

void
rd_predict_forward(const struct rd_image *im, struct rd_rect r, uint8_t *out)
{
	static const uint8_t black[PIECE * 4 + 4];
	uint8_t d[PIECE * 4];

	for (int y = 0; y < r.h; y++) {
		for (int x = 0; x < r.w; x += PIECE) {
			int n = lesser(PIECE, r.w - x);
			const uint8_t *row = rd_image_at(im, r.x + x, r.y + y);
			const uint8_t *above = y ? row - im->stride : black + 4;
			int first = x ? 0 : 4;

			/* The first pixel of a row has neither left nor corner. */
			if (!x)
				differ(d, row, black, above, black, 4);
			differ(d + first, row + first, row + first - 4, above + first,
				above + first - 4, n * 4 - first);
			pack(out, d, n);
			out += n * 3;
		}
	}
}

void
rd_predict_inverse(struct rd_image *im, struct rd_rect r, const uint8_t *in)
{
	static const uint8_t black[4];

	for (int y = 0; y < r.h; y++) {
		uint8_t *p = rd_image_at(im, r.x, r.y + y);
		const uint8_t *left = black, *corner = black, *above = y ? p - im->stride : black;
		int step = y ? 4 : 0;

		for (int x = 0; x < r.w; x++, in += 3) {
			int g = in[0];

			p[0] = (uint8_t)(in[1] + g + median(left[0], above[0], corner[0]));
			p[1] = (uint8_t)(g + median(left[1], above[1], corner[1]));
			p[2] = (uint8_t)(in[2] + g + median(left[2], above[2], corner[2]));
			p[3] = 0;
			left = p;
			corner = above;
			above += step;
			p += 4;
		}
	}
}

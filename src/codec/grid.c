#include "codec/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PITCH_MIN 8
#define PITCH_MAX 40
/* What an area must have to be looked at. */
#define LINES_MIN 3
#define WIDTH_MIN 32
/* Rows between lines have at most this share of a row's mean ink, percent. */
#define GAP_INK 35

/* Ink of a row: how often the colour changes along it. */
static int
ink_of_row(const struct rd_image *im, struct rd_rect area, int y)
{
	const uint8_t *p = rd_image_at(im, area.x, y);
	uint32_t left, here;
	int ink = 0;

	memcpy(&left, p, 4);
	for (int x = 1; x < area.w; x++) {
		p += 4;
		memcpy(&here, p, 4);
		ink += here != left;
		left = here;
	}
	return ink;
}

/*
 * How well the rows repeat at this distance: sum of products of the deviation
 * from the mean, per row (autocovariance).
 */
static double
repeats(const int *ink, int rows, double mean, int lag)
{
	double sum = 0;

	for (int y = 0; y + lag < rows; y++)
		sum += (ink[y] - mean) * (ink[y + lag] - mean);
	return sum / (rows - lag);
}

/* The distance at which rows repeat best; 0 when they do not. */
static int
find_pitch(const int *ink, int rows, double mean)
{
	double best = 0, self = repeats(ink, rows, mean, 0);
	int pitch = 0, most = rows / LINES_MIN < PITCH_MAX ? rows / LINES_MIN : PITCH_MAX;

	for (int lag = PITCH_MIN; lag <= most; lag++) {
		double r = repeats(ink, rows, mean, lag);

		/* A multiple of the pitch fits as well: it must fit clearly better. */
		if (r > best * 1.1) {
			best = r;
			pitch = lag;
		}
	}
	return self > 0 && best > self * 0.3 ? pitch : 0;
}

/*
 * The row at which lines begin: the one after the emptiest pair of rows, all
 * lines taken together. -1 when there is no gap.
 */
static int
find_phase(const int *ink, int rows, double mean, int pitch)
{
	int sum[PITCH_MAX] = {0}, count[PITCH_MAX] = {0}, best = 0;
	double least = 0;

	for (int y = 0; y < rows; y++) {
		sum[y % pitch] += ink[y];
		count[y % pitch]++;
	}
	for (int i = 0; i < pitch; i++) {
		int before = (i + pitch - 1) % pitch;
		double gap = 2.0 * sum[before] / count[before] + (double)sum[i] / count[i];

		if (i == 0 || gap < least) {
			least = gap;
			best = i;
		}
	}
	return least / 3 <= mean * GAP_INK / 100 ? best : -1;
}

static struct rd_grid *
entry_for(struct rd_grids *g, struct rd_rect area, int pitch, int phase)
{
	struct rd_grid *oldest = &g->v[0];

	for (int i = 0; i < RD_GRIDS; i++) {
		struct rd_grid *e = &g->v[i];

		if (e->pitch == pitch && e->phase == phase
		    && !rd_rect_empty(rd_rect_intersect(e->area, area)))
			return e;
		if (e->used < oldest->used)
			oldest = e;
	}
	*oldest = (struct rd_grid){0};
	return oldest;
}

void
rd_grids_learn(struct rd_grids *g, const struct rd_image *im, struct rd_rect area)
{
	struct rd_grid *e;
	double mean = 0;
	int pitch, phase, *ink;

	if (area.h < PITCH_MIN * LINES_MIN || area.w < WIDTH_MIN)
		return;
	ink = xcalloc(area.h, sizeof(*ink));
	for (int y = 0; y < area.h; y++) {
		ink[y] = ink_of_row(im, area, area.y + y);
		mean += ink[y];
	}
	mean /= area.h;
	pitch = find_pitch(ink, area.h, mean);
	phase = pitch ? find_phase(ink, area.h, mean, pitch) : -1;
	free(ink);
	if (phase < 0)
		return;

	phase = (area.y + phase) % pitch;
	e = entry_for(g, area, pitch, phase);
	e->area = rd_rect_bound(e->area, area);
	e->pitch = pitch;
	e->phase = phase;
	e->used = ++g->clock;
}

const struct rd_grid *
rd_grids_at(struct rd_grids *g, struct rd_rect r)
{
	struct rd_grid *best = NULL;

	for (int i = 0; i < RD_GRIDS; i++) {
		struct rd_grid *e = &g->v[i];
		int64_t shared = rd_rect_area(rd_rect_intersect(e->area, r));

		if (e->pitch && shared * 2 > rd_rect_area(r) && (!best || e->used > best->used))
			best = e;
	}
	return best;
}

void
rd_grids_clear(struct rd_grids *g)
{
	*g = (struct rd_grids){0};
}

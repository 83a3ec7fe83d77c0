#include "codec/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_CELLS (RD_IMAGE_MAX_WIDTH / RD_CELL_WIDTH + 1)

struct boxes {
	pixman_box32_t *v;
	int n, cap;
};

static void
boxes_add(struct boxes *b, int x1, int y1, int x2, int y2)
{
	if (b->n == b->cap) {
		b->cap = b->cap ? b->cap * 2 : 256;
		b->v = xreallocarray(b->v, b->cap, sizeof(*b->v));
	}
	b->v[b->n++] = (pixman_box32_t){x1, y1, x2, y2};
}

static int
min(int a, int b)
{
	return a < b ? a : b;
}

/* The first and last pixel of a row that differ, joined to *x1 and *x2. */
static void
widen(const struct rd_image *a, const struct rd_image *b, pixman_box32_t run, int y, int *x1, int *x2)
{
	int x;

	for (x = run.x1; x < *x1; x++)
		if (memcmp(rd_image_at(a, x, y), rd_image_at(b, x, y), 4) != 0)
			*x1 = x;
	for (x = run.x2; x > *x2; x--)
		if (memcmp(rd_image_at(a, x - 1, y), rd_image_at(b, x - 1, y), 4) != 0)
			*x2 = x;
}

/*
 * Adds a run of cells: as it is, so that neighbours join, or only what differs
 * in it where that is less than half, as along the edge of a moved window.
 */
static void
add_run(const struct rd_image *a, const struct rd_image *b, pixman_box32_t run, struct boxes *out)
{
	int x1 = run.x2, x2 = run.x1, y1 = run.y2, y2 = run.y1;
	size_t width = (size_t)(run.x2 - run.x1) * 4;

	for (int y = run.y1; y < run.y2; y++) {
		if (memcmp(rd_image_at(a, run.x1, y), rd_image_at(b, run.x1, y), width) == 0)
			continue;
		widen(a, b, run, y, &x1, &x2);
		y1 = min(y1, y);
		y2 = y + 1;
	}
	if ((x2 - x1) * (y2 - y1) * 2 < (run.x2 - run.x1) * (run.y2 - run.y1))
		boxes_add(out, x1, y1, x2, y2);
	else
		boxes_add(out, run.x1, run.y1, run.x2, run.y2);
}

/*
 * One band of rows of a box, at most one cell high: marks the cells that
 * differ, and adds runs of them.
 */
static void
diff_band(const struct rd_image *a, const struct rd_image *b, pixman_box32_t band,
	struct boxes *out)
{
	bool differs[MAX_CELLS] = {false};
	int first = band.x1 / RD_CELL_WIDTH, cells = (band.x2 - 1) / RD_CELL_WIDTH - first + 1;
	size_t width = (size_t)(band.x2 - band.x1) * 4;
	int found = 0;

	for (int y = band.y1; y < band.y2 && found < cells; y++) {
		if (memcmp(rd_image_at(a, band.x1, y), rd_image_at(b, band.x1, y), width) == 0)
			continue;
		for (int c = 0; c < cells; c++) {
			int x1 = c ? (first + c) * RD_CELL_WIDTH : band.x1;
			int x2 = min((first + c + 1) * RD_CELL_WIDTH, band.x2);

			if (differs[c])
				continue;
			differs[c] = memcmp(rd_image_at(a, x1, y), rd_image_at(b, x1, y),
				(size_t)(x2 - x1) * 4) != 0;
			found += differs[c];
		}
	}
	for (int c = 0, from; c < cells; c++) {
		if (!differs[c])
			continue;
		for (from = c; c < cells && differs[c]; c++)
			;
		add_run(a, b, (pixman_box32_t){from ? (first + from) * RD_CELL_WIDTH : band.x1,
			band.y1, min((first + c) * RD_CELL_WIDTH, band.x2), band.y2}, out);
	}
}

static void
diff_box(const struct rd_image *a, const struct rd_image *b, pixman_box32_t box, struct boxes *out)
{
	if (box.y2 - box.y1 <= RD_LINE_MAX) {
		diff_band(a, b, box, out);
		return;
	}
	for (int y = box.y1; y < box.y2;) {
		int next = min((y / RD_CELL_HEIGHT + 1) * RD_CELL_HEIGHT, box.y2);

		diff_band(a, b, (pixman_box32_t){box.x1, y, box.x2, next}, out);
		y = next;
	}
}

void
rd_diff(const struct rd_image *a, const struct rd_image *b, const pixman_region32_t *within,
	pixman_region32_t *changed)
{
	struct boxes found = {0};
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles((pixman_region32_t *)within, &n);

	for (int i = 0; i < n; i++)
		diff_box(a, b, boxes[i], &found);
	pixman_region32_fini(changed);
	pixman_region32_init_rects(changed, found.v, found.n);
	free(found.v);
}

#include "codec/motion.h"

#include <stdlib.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "base/mem.h"

/* Vertical search: pieces of rows this wide, and how many must agree. */
#define PIECE 64
#define PIECES_MIN 12
/*
 * Search in all directions: width of what is hashed, how many hashes are about
 * right (one window in 8 to 32 chooses itself), and the votes needed.
 */
#define WINDOW 16
#define SAMPLES (64 << 10)
#define SAMPLES_MIN 16
/* Tables: powers of two. */
#define ROWS_SLOTS 4096
#define PLACE_SLOTS 131072
#define VOTE_SLOTS 4096
#define MISSES_MAX 32
#define MATCH_WIDTH 32
#define MATCH_ROWS 8

struct place {
	uint64_t hash;
	int16_t x, y;
	bool twice;	/* says nothing: it occurs more than once */
};

struct vote {
	int16_t dx, dy;
	int count;
};

struct rd_motion {
	struct place *rows;	/* ROWS_SLOTS */
	struct place *places;	/* PLACE_SLOTS */
	struct vote votes[VOTE_SLOTS];
	/* of the search in all directions */
	unsigned sample_mask;
	int misses, wait;
};

struct rd_motion *
rd_motion_new(void)
{
	struct rd_motion *m = xcalloc(1, sizeof(*m));

	m->rows = xcalloc(ROWS_SLOTS, sizeof(*m->rows));
	m->places = xcalloc(PLACE_SLOTS, sizeof(*m->places));
	return m;
}

void
rd_motion_free(struct rd_motion *m)
{
	if (!m)
		return;
	free(m->rows);
	free(m->places);
	free(m);
}

/* Enters a hash; the same hash again makes both worthless. Full tables take no more. */
static void
enter(struct place *table, unsigned slots, uint64_t hash, int x, int y)
{
	unsigned s = hash & (slots - 1);

	for (int tries = 0; tries < 16; tries++, s = (s + 1) & (slots - 1)) {
		if (!table[s].hash) {
			table[s] = (struct place){hash, x, y, false};
			return;
		}
		if (table[s].hash == hash) {
			table[s].twice = true;
			return;
		}
	}
}

static const struct place *
look_up(const struct place *table, unsigned slots, uint64_t hash)
{
	unsigned s = hash & (slots - 1);

	for (int tries = 0; tries < 16 && table[s].hash; tries++, s = (s + 1) & (slots - 1))
		if (table[s].hash == hash)
			return table[s].twice ? NULL : &table[s];
	return NULL;
}

static void
vote(struct rd_motion *m, int dx, int dy)
{
	unsigned s = ((unsigned)dx * 2654435761u + (unsigned)dy * 40503u) & (VOTE_SLOTS - 1);

	for (int tries = 0; tries < 8; tries++, s = (s + 1) & (VOTE_SLOTS - 1)) {
		struct vote *v = &m->votes[s];

		if (!v->count || (v->dx == dx && v->dy == dy)) {
			v->dx = dx;
			v->dy = dy;
			v->count++;
			return;
		}
	}
}

/* The vector with most votes, if it is not rest and has at least `least`. */
static bool
elect(const struct rd_motion *m, int least, int *dx, int *dy)
{
	const struct vote *best = NULL;

	for (int i = 0; i < VOTE_SLOTS; i++)
		if (m->votes[i].count && (m->votes[i].dx || m->votes[i].dy)
		    && (!best || m->votes[i].count > best->count))
			best = &m->votes[i];
	if (!best || best->count < least)
		return false;
	*dx = best->dx;
	*dy = best->dy;
	return true;
}

static uint64_t
hash_piece(const struct rd_image *im, int x, int y)
{
	return XXH3_64bits(rd_image_at(im, x, y), PIECE * 4) | 1;
}

/* Up or down: in each column of pieces, where did this row's piece stand before? */
bool
rd_motion_vertical(struct rd_motion *m, const struct rd_image *now, const struct rd_image *old,
	struct rd_rect area, int *dx, int *dy)
{
	int columns = area.w / PIECE;
	/* Eight columns of text say as much as thirty. */
	int step = columns > 8 ? columns / 8 : 1;

	memset(m->votes, 0, sizeof(m->votes));
	for (int c = 0; c < columns; c += step) {
		int x = area.x + c * PIECE;

		memset(m->rows, 0, ROWS_SLOTS * sizeof(*m->rows));
		for (int y = area.y; y < area.y + area.h; y++)
			enter(m->rows, ROWS_SLOTS, hash_piece(old, x, y), x, y);
		for (int y = area.y; y < area.y + area.h; y++) {
			const struct place *p = look_up(m->rows, ROWS_SLOTS, hash_piece(now, x, y));

			if (p)
				vote(m, 0, y - p->y);
		}
	}
	return elect(m, PIECES_MIN, dx, dy);
}

/*
 * Calls `found` for the places of a row whose window's hash says so: the same
 * content chooses itself wherever it stands. Windows of one colour are passed
 * over.
 */
static void
sample_row(struct rd_motion *m, const struct rd_image *im, struct rd_rect area, int y,
	void (*found)(struct rd_motion *m, uint64_t hash, int x, int y))
{
	const uint64_t mul = UINT64_C(0x9e3779b97f4a7c15);
	const uint8_t *row = rd_image_at(im, area.x, y);
	uint64_t hash = 0, out = 1;
	uint32_t p, gone, last = 0;
	int same = 0;

	for (int i = 0; i < WINDOW; i++)
		out *= mul;
	for (int x = 0; x < area.w; x++) {
		memcpy(&p, row + (size_t)x * 4, 4);
		hash = hash * mul + p;
		if (x >= WINDOW) {
			memcpy(&gone, row + (size_t)(x - WINDOW) * 4, 4);
			hash -= gone * out;
		}
		same = p == last ? same + 1 : 0;
		last = p;
		if (x >= WINDOW && same < WINDOW && ((hash >> 40) & m->sample_mask) == 0)
			found(m, hash | 1, area.x + x, y);
	}
}

static void
enter_place(struct rd_motion *m, uint64_t hash, int x, int y)
{
	enter(m->places, PLACE_SLOTS, hash, x, y);
}

static void
vote_place(struct rd_motion *m, uint64_t hash, int x, int y)
{
	const struct place *p = look_up(m->places, PLACE_SLOTS, hash);

	if (p)
		vote(m, x - p->x, y - p->y);
}

bool
rd_motion_any(struct rd_motion *m, const struct rd_image *now, const struct rd_image *old,
	struct rd_rect area, int *dx, int *dy)
{
	m->sample_mask = 7;
	while (rd_rect_area(area) / (m->sample_mask + 1) > SAMPLES && m->sample_mask < 31)
		m->sample_mask = m->sample_mask * 2 + 1;
	memset(m->votes, 0, sizeof(m->votes));
	memset(m->places, 0, PLACE_SLOTS * sizeof(*m->places));
	for (int y = area.y; y < area.y + area.h; y++)
		sample_row(m, old, area, y, enter_place);
	for (int y = area.y; y < area.y + area.h; y++)
		sample_row(m, now, area, y, vote_place);
	return elect(m, SAMPLES_MIN, dx, dy);
}

bool
rd_motion_any_ready(struct rd_motion *m)
{
	if (m->wait > 0) {
		m->wait--;
		return false;
	}
	return true;
}

void
rd_motion_any_was(struct rd_motion *m, bool useful)
{
	m->misses = useful ? 0 : m->misses ? m->misses * 2 : 1;
	if (m->misses > MISSES_MAX)
		m->misses = MISSES_MAX;
	m->wait = m->misses;
}

/* Adds the runs of matching rows of one piece of columns. */
static int
match_column(const struct rd_image *now, const struct rd_image *old, struct rd_rect c, int dx,
	int dy, pixman_box32_t *boxes)
{
	int n = 0, from = -1;

	for (int y = c.y; y <= c.y + c.h; y++) {
		bool same = y < c.y + c.h
			&& memcmp(rd_image_at(now, c.x, y), rd_image_at(old, c.x - dx, y - dy),
				(size_t)c.w * 4) == 0;

		if (same && from < 0)
			from = y;
		if (!same && from >= 0) {
			if (y - from >= MATCH_ROWS)
				boxes[n++] = (pixman_box32_t){c.x, from, c.x + c.w, y};
			from = -1;
		}
	}
	return n;
}

/* How many columns of pixels match beside a box, from x in steps of `step`, below MATCH_WIDTH. */
static int
match_beside(const struct rd_image *now, const struct rd_image *old, const pixman_box32_t *box,
	int x, int step, struct rd_rect r, int dx, int dy)
{
	int n = 0;

	for (; n < MATCH_WIDTH && x >= r.x && x < r.x + r.w; n++, x += step)
		for (int y = box->y1; y < box->y2; y++)
			if (memcmp(rd_image_at(now, x, y), rd_image_at(old, x - dx, y - dy), 4) != 0)
				return n;
	return n;
}

/* Boxes end where the pieces do; what moved need not: grows them to its edges. */
static void
grow(const struct rd_image *now, const struct rd_image *old, struct rd_rect r, int dx, int dy,
	pixman_region32_t *match)
{
	pixman_region32_t edges;
	int n;
	const pixman_box32_t *boxes = pixman_region32_rectangles(match, &n);

	pixman_region32_init(&edges);
	for (int i = 0; i < n; i++) {
		int left = match_beside(now, old, &boxes[i], boxes[i].x1 - 1, -1, r, dx, dy);
		int right = match_beside(now, old, &boxes[i], boxes[i].x2, 1, r, dx, dy);
		int h = boxes[i].y2 - boxes[i].y1;

		rd_region_add(&edges, (struct rd_rect){boxes[i].x1 - left, boxes[i].y1, left, h});
		rd_region_add(&edges, (struct rd_rect){boxes[i].x2, boxes[i].y1, right, h});
	}
	pixman_region32_union(match, match, &edges);
	pixman_region32_fini(&edges);
}

void
rd_motion_match(const struct rd_image *now, const struct rd_image *old, struct rd_rect area,
	int dx, int dy, pixman_region32_t *match)
{
	struct rd_rect source = rd_rect_intersect((struct rd_rect){0, 0, old->width, old->height},
		(struct rd_rect){area.x - dx, area.y - dy, area.w, area.h});
	struct rd_rect r = {source.x + dx, source.y + dy, source.w, source.h};
	int columns = (r.w + MATCH_WIDTH - 1) / MATCH_WIDTH, n = 0;
	pixman_box32_t *boxes;

	if (rd_rect_empty(source)) {
		pixman_region32_clear(match);
		return;
	}
	boxes = xcalloc((size_t)columns * (r.h / MATCH_ROWS + 1), sizeof(*boxes));
	for (int c = 0; c < columns; c++) {
		int x = r.x + c * MATCH_WIDTH;
		int w = r.x + r.w - x < MATCH_WIDTH ? r.x + r.w - x : MATCH_WIDTH;

		n += match_column(now, old, (struct rd_rect){x, r.y, w, r.h}, dx, dy, boxes + n);
	}
	pixman_region32_fini(match);
	pixman_region32_init_rects(match, boxes, n);
	free(boxes);
	grow(now, old, r, dx, dy, match);
}

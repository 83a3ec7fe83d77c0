#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-view/terminal_paint.h"

/*
 * Sixel, the VT340's: six rows at a time, colour by colour. The palette stays
 * while the picture does, so that a part that is sent later looks like its
 * neighbours: a cube of colours, and the most frequent colours of the first
 * picture exactly; what is neither is dithered in a pattern that stands still.
 * A palette chosen for each part (as chafa and others do) would show seams.
 */
#define REGISTERS_MIN 8
#define REGISTERS_MAX 256
#define HASH_SIZE 8192
/* Pixels that are counted, about. */
#define SAMPLES 200000

struct slot {
	uint32_t rgb1;	/* colour + 1; 0: empty */
	uint32_t count;
};

struct terminal_palette {
	int levels;		/* of the cube, each way */
	int exact;		/* registers after it */
	uint32_t rgb[REGISTERS_MAX];
	struct slot hash[HASH_SIZE];	/* of exact colours: count is the register */
};

static uint32_t
pixel(const struct rd_image *im, int x, int y)
{
	const uint8_t *p = rd_image_at(im, x, y);
	return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

/* Where that colour is or would be; NULL: the table is full. */
static struct slot *
find(struct slot *hash, uint32_t rgb)
{
	uint32_t h = rgb * 2654435761u >> 19;
	for (int i = 0; i < 64; i++) {
		struct slot *s = &hash[(h + (uint32_t)i) % HASH_SIZE];
		if (s->rgb1 == 0 || s->rgb1 == rgb + 1)
			return s;
	}
	return NULL;
}

static void
count_colors(struct slot *hash, const struct rd_image *im)
{
	int64_t all = (int64_t)im->width * im->height;
	int step = (int)(all / SAMPLES) + 1;
	for (int y = 0; y < im->height; y++) {
		for (int x = y * 7 % step; x < im->width; x += step) {
			struct slot *s = find(hash, pixel(im, x, y));
			if (!s)
				continue;
			s->rgb1 = pixel(im, x, y) + 1;
			s->count++;
		}
	}
}

static int
more_frequent(const void *a, const void *b)
{
	const struct slot *s = a, *t = b;
	if (s->count != t->count)
		return s->count < t->count ? 1 : -1;
	return s->rgb1 < t->rgb1 ? -1 : s->rgb1 > t->rgb1;
}

static uint32_t
level(const struct terminal_palette *p, int i)
{
	return (uint32_t)(i * 255 / (p->levels - 1));
}

static void
make_palette(struct terminal_palette *p, const struct rd_image *im, int registers)
{
	struct slot *counts = xcalloc(HASH_SIZE, sizeof(*counts));
	int cube, n = 0;
	/* A terminal with fewer than the least cube has not many to show. */
	registers = registers < REGISTERS_MIN ? REGISTERS_MIN
		: registers > REGISTERS_MAX ? REGISTERS_MAX : registers;
	memset(p, 0, sizeof(*p));
	/* About five of six registers are the cube's: 6 * 6 * 6 of 256, 2 * 2 * 2 of 16. */
	for (p->levels = 2; (p->levels + 1) * (p->levels + 1) * (p->levels + 1) <= registers * 7 / 8;)
		p->levels++;
	cube = p->levels * p->levels * p->levels;
	for (int i = 0; i < cube; i++)
		p->rgb[n++] = level(p, i / p->levels / p->levels) << 16 |
			level(p, i / p->levels % p->levels) << 8 | level(p, i % p->levels);
	count_colors(counts, im);
	qsort(counts, HASH_SIZE, sizeof(*counts), more_frequent);
	for (int i = 0; n < registers && i < HASH_SIZE && counts[i].count; i++) {
		struct slot *s = find(p->hash, counts[i].rgb1 - 1);
		if (!s)
			continue;
		s->rgb1 = counts[i].rgb1;
		s->count = (uint32_t)n;
		p->rgb[n++] = s->rgb1 - 1;
	}
	p->exact = n - cube;
	free(counts);
}

/* The register of a pixel. */
static int
index_of(struct terminal_palette *p, uint32_t rgb, int x, int y)
{
	static const uint8_t bayer[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
	const struct slot *s = find(p->hash, rgb);
	int at = 0, threshold = bayer[y & 3][x & 3] * 16 + 8;
	if (s && s->rgb1)
		return (int)s->count;
	for (int shift = 16; shift >= 0; shift -= 8) {
		int v = (int)(rgb >> shift & 0xff) * (p->levels - 1);
		/* Up to the next level as often as it is near. */
		at = at * p->levels + v / 255 + (v % 255 * 256 > threshold * 255);
	}
	return at;
}

/* A letter n times. */
static void
put_run(struct rd_buf *out, int letter, int n)
{
	if (n > 3)
		terminal_put(out, "!%d", n);
	else
		for (int i = 1; i < n; i++)
			rd_buf_u8(out, (uint8_t)letter);
	if (n > 0)
		rd_buf_u8(out, (uint8_t)letter);
}

/* One colour of a band: mask[x] has a bit for each of six rows. */
static void
put_color(struct rd_buf *out, int reg, const uint8_t *mask, int w)
{
	int run = 0;
	while (w > 0 && !mask[w - 1])
		w--;
	terminal_put(out, "#%d", reg);
	for (int x = 0; x < w; x++) {
		run++;
		if (x + 1 == w || mask[x + 1] != mask[x]) {
			put_run(out, '?' + mask[x], run);
			run = 0;
		}
	}
}

struct band {
	uint8_t *masks;		/* REGISTERS_MAX rows of w */
	int used[REGISTERS_MAX], count;
};

static void
fill_band(struct band *b, struct terminal_palette *p, const struct rd_image *im,
	struct rd_rect r, int y0)
{
	bool has[REGISTERS_MAX] = {false};
	b->count = 0;
	for (int y = y0; y < y0 + 6 && y < r.y + r.h; y++) {
		for (int x = 0; x < r.w; x++) {
			int reg = index_of(p, pixel(im, r.x + x, y), r.x + x, y);
			uint8_t *mask = b->masks + (size_t)reg * (size_t)r.w;
			if (!has[reg]) {
				has[reg] = true;
				b->used[b->count++] = reg;
				memset(mask, 0, (size_t)r.w);
			}
			mask[x] |= (uint8_t)(1u << (y - y0));
		}
	}
}

static void
define_colors(const struct terminal_palette *p, struct rd_buf *out, const struct band *b, bool *told)
{
	for (int i = 0; i < b->count; i++) {
		int reg = b->used[i];
		uint32_t c = p->rgb[reg];
		if (told[reg])
			continue;
		told[reg] = true;
		/* In percent. */
		terminal_put(out, "#%d;2;%u;%u;%u", reg, ((c >> 16) * 100 + 127) / 255,
			((c >> 8 & 0xff) * 100 + 127) / 255, ((c & 0xff) * 100 + 127) / 255);
	}
}

/* Each image says its colours: in some terminals they are its own. */
static void
put_image(struct terminal_painter *p, struct rd_buf *out, const struct rd_image *im, struct rd_rect r)
{
	struct band b = {.masks = xmalloc((size_t)REGISTERS_MAX * (size_t)r.w)};
	bool told[REGISTERS_MAX] = {false};
	terminal_put_cursor(out, p->place.col + r.x / p->place.dots_x,
		p->place.row + r.y / p->place.dots_y);
	/* What is not drawn stays (P2 = 1); pixels are square. */
	terminal_put(out, "\033P0;1;0q\"1;1;%d;%d", r.w, r.h);
	for (int y = r.y; y < r.y + r.h; y += 6) {
		fill_band(&b, p->palette, im, r, y);
		define_colors(p->palette, out, &b, told);
		for (int i = 0; i < b.count; i++) {
			if (i > 0)
				rd_buf_u8(out, '$');
			put_color(out, b.used[i], b.masks + (size_t)b.used[i] * (size_t)r.w, r.w);
		}
		if (y + 6 < r.y + r.h)
			rd_buf_u8(out, '-');
	}
	terminal_put(out, "\033\\");
	free(b.masks);
}

static void
sixel_fit(struct terminal_painter *p)
{
	terminal_tiles_fit(p);
	free(p->palette);
	p->palette = NULL;
}

static struct rd_rect
joined(struct rd_rect a, struct rd_rect b)
{
	return (struct rd_rect){a.x, a.y, b.x + b.w - a.x, a.h};
}

/* Tiles that changed and stand side by side become one image. */
static void
sixel_paint(struct terminal_painter *p, struct rd_buf *out, const struct rd_image *im,
	struct rd_rect r)
{
	int w = TERMINAL_TILE_COLS * p->place.dots_x, h = TERMINAL_TILE_ROWS * p->place.dots_y;
	if (!p->palette) {
		p->palette = xmalloc(sizeof(*p->palette));
		make_palette(p->palette, im, p->registers);
	}
	for (int ty = r.y / h; ty * h < r.y + r.h; ty++) {
		struct rd_rect row = {0};
		for (int tx = r.x / w; tx * w < r.x + r.w; tx++) {
			bool changed = terminal_tiles_take(p, im, tx, ty);
			struct rd_rect t = terminal_tiles_rect(p, tx, ty);
			bool room = !p->image_w || row.w + t.w <= p->image_w;
			if (row.w && (!changed || !room)) {
				put_image(p, out, im, row);
				row.w = 0;
			}
			if (changed)
				row = row.w ? joined(row, t) : t;
		}
		if (row.w)
			put_image(p, out, im, row);
	}
}

static void
sixel_close(struct terminal_painter *p)
{
	rd_image_finish(&p->shown);
	free(p->known);
	free(p->palette);
	p->known = NULL;
	p->palette = NULL;
}

const struct terminal_painter_ops terminal_sixel = {
	.name = "sixel",
	.fit = sixel_fit,
	.paint = sixel_paint,
	.close = sixel_close,
};

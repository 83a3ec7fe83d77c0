#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "media/glyphs.h"
#include "media/testcard.h"

/* Blocks: 16 in each of three rows. */
#define COLUMNS 16
#define BLOCKS (3 * COLUMNS)
/* The least difference between black and white that a reader believes. */
#define CONTRAST_MIN 64

#define BOX_EDGE 0x203848
#define BOX_INSIDE 0xff8000
#define TEXT_PAPER 0x181c20
#define TEXT_INK 0xe0e0e0

/* The sentence gains a letter every this many frames. */
#define TYPE_EVERY 8
#define SENTENCE "The quick brown fox jumps over the lazy dog."
/* Room for the longest line of each, the last column being space. */
#define NUMBER_COLUMNS 17	/* "frame 4294967295" */
#define SENTENCE_COLUMNS 45

/* A line of text where it stands; scale 0 where it does not fit. */
struct line {
	int x, y, scale;
	char text[SENTENCE_COLUMNS + 1];
};

/* All that a frame is made of, in pixels of the whole picture. */
struct card {
	int width, height;
	uint64_t blocks;	/* BLOCKS bits, highest first */
	struct rd_rect box, box_inside;
	struct line number, sentence;
};

/* The part of a picture that is being drawn. */
struct view {
	struct rd_image *out;
	int x, y;
};

static int
sixteenths(int length, int n)
{
	return length * n / 16;
}

/* CRC-16/CCITT-FALSE: polynomial 0x1021, from 0xffff. Of 0 it is not 0. */
static uint16_t
check(uint32_t number)
{
	uint16_t crc = 0xffff;
	for (int bit = 31; bit >= 0; bit--) {
		const bool flip = (crc >> 15 ^ (number >> bit & 1)) & 1;
		crc = (uint16_t)(crc << 1);
		if (flip)
			crc ^= 0x1021;
	}
	return crc;
}

static uint64_t
blocks_of(uint32_t number)
{
	return (uint64_t)number << 16 | check(number);
}

static struct rd_rect
block_rect(int width, int height, int i)
{
	const int column = i % COLUMNS, row = i / COLUMNS;
	const int x = sixteenths(width, column), y = sixteenths(height, row);
	return (struct rd_rect){x, y, sixteenths(width, column + 1) - x,
		sixteenths(height, row + 1) - y};
}

/* Position after `n` frames of one that goes to and fro between 0 and range. */
static int
bounce(uint32_t n, int speed, int range)
{
	if (range <= 0)
		return 0;
	const int64_t at = (int64_t)n * speed % (2 * (int64_t)range);
	return (int)(at <= range ? at : 2 * (int64_t)range - at);
}

/* The box bounces between the blocks and the text. */
static void
place_box(struct card *c, uint32_t number)
{
	const int size = (c->width < c->height ? c->width : c->height) / 6;
	const int top = sixteenths(c->height, 3), bottom = sixteenths(c->height, 11);
	const int edge = size / 8 + 1;
	c->box = (struct rd_rect){
		bounce(number, c->width / 128 + 1, c->width - size),
		top + bounce(number, c->height / 256 + 1, bottom - top - size),
		size, size};
	c->box_inside = (struct rd_rect){c->box.x + edge, c->box.y + edge,
		size - 2 * edge, size - 2 * edge};
}

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static void
place_text(struct card *c, uint32_t number)
{
	const int y = sixteenths(c->height, 11);
	const int line = (c->height - y) / 2;
	struct line *n = &c->number, *s = &c->sentence;

	n->scale = min(line / RD_GLYPH_HEIGHT, c->width / (NUMBER_COLUMNS * RD_GLYPH_WIDTH));
	n->x = n->scale * RD_GLYPH_WIDTH / 2;
	n->y = y + (line - n->scale * RD_GLYPH_HEIGHT) / 2;
	snprintf(n->text, sizeof(n->text), "frame %u", number);

	s->scale = min(line / RD_GLYPH_HEIGHT, c->width / (SENTENCE_COLUMNS * RD_GLYPH_WIDTH));
	s->x = s->scale * RD_GLYPH_WIDTH / 2;
	s->y = y + line + (line - s->scale * RD_GLYPH_HEIGHT) / 2;
	snprintf(s->text, sizeof(s->text), "%.*s",
		(int)(number / TYPE_EVERY % sizeof(SENTENCE)), SENTENCE);
}

static struct card
card_of(int width, int height, uint32_t number)
{
	assert(width >= RD_TESTCARD_MIN && height >= RD_TESTCARD_MIN);
	struct card c = {.width = width, .height = height, .blocks = blocks_of(number)};
	place_box(&c, number);
	place_text(&c, number);
	return c;
}

static bool
block_is_white(const struct card *c, int i)
{
	return c->blocks >> (BLOCKS - 1 - i) & 1;
}

static void
fill(const struct view *v, struct rd_rect r, uint32_t bgrx)
{
	const struct rd_rect seen = rd_rect_intersect(
		(struct rd_rect){r.x - v->x, r.y - v->y, r.w, r.h},
		(struct rd_rect){0, 0, v->out->width, v->out->height});
	if (!rd_rect_empty(seen))
		rd_image_fill(v->out, seen, bgrx);
}

/* The bars of SMPTE EG 1, 75 %, left to right. */
static void
draw_bars(const struct view *v, const struct card *c)
{
	static const uint32_t bars[] = {
		0xbfbfbf, 0xbfbf00, 0x00bfbf, 0x00bf00, 0xbf00bf, 0xbf0000, 0x0000bf,
	};
	const int n = (int)(sizeof(bars) / sizeof(bars[0]));
	const int y = sixteenths(c->height, 3), end = sixteenths(c->height, 9);
	for (int i = 0; i < n; i++) {
		const int x = c->width * i / n;
		fill(v, (struct rd_rect){x, y, c->width * (i + 1) / n - x, end - y}, bars[i]);
	}
}

static void
draw_gradient(const struct view *v, const struct card *c)
{
	const int y = sixteenths(c->height, 9), end = sixteenths(c->height, 11);
	for (int i = 0; i < v->out->width; i++) {
		const uint32_t grey = (uint32_t)((v->x + i) * 255 / (c->width - 1));
		fill(v, (struct rd_rect){v->x + i, y, 1, end - y}, grey * 0x010101);
	}
}

static void
draw_line(const struct view *v, const struct line *l)
{
	if (l->scale > 0)
		rd_glyphs_draw(v->out, l->x - v->x, l->y - v->y, l->scale, TEXT_INK, l->text);
}

void
rd_testcard_draw(struct rd_image *out, int x, int y, int width, int height, uint32_t number)
{
	const struct card c = card_of(width, height, number);
	const struct view v = {out, x, y};
	for (int i = 0; i < BLOCKS; i++)
		fill(&v, block_rect(width, height, i), block_is_white(&c, i) ? 0xffffff : 0);
	draw_bars(&v, &c);
	draw_gradient(&v, &c);
	const int text = sixteenths(height, 11);
	fill(&v, (struct rd_rect){0, text, width, height - text}, TEXT_PAPER);
	draw_line(&v, &c.number);
	draw_line(&v, &c.sentence);
	fill(&v, c.box, BOX_EDGE);
	fill(&v, c.box_inside, BOX_INSIDE);
}

/* What lies in one of the two and not in both. */
static void
damage_moved(pixman_region32_t *damage, struct rd_rect a, struct rd_rect b)
{
	pixman_region32_t either, both;
	pixman_region32_init(&either);
	pixman_region32_init(&both);
	rd_region_add(&either, a);
	rd_region_add(&either, b);
	rd_region_add(&both, rd_rect_intersect(a, b));
	pixman_region32_subtract(&either, &either, &both);
	pixman_region32_union(damage, damage, &either);
	pixman_region32_fini(&both);
	pixman_region32_fini(&either);
}

/* The cells of letters that differ; what follows a text is space. */
static void
damage_text(pixman_region32_t *damage, const struct card *c, const struct line *a,
	const struct line *b)
{
	const size_t la = strlen(a->text), lb = strlen(b->text);
	const int w = RD_GLYPH_WIDTH * a->scale, h = RD_GLYPH_HEIGHT * a->scale;
	for (size_t i = 0; i < la || i < lb; i++) {
		const char was = i < la ? a->text[i] : ' ';
		const char is = i < lb ? b->text[i] : ' ';
		const struct rd_rect cell = {a->x + (int)i * w, a->y, w, h};
		if (was != is)
			rd_region_add(damage, rd_rect_intersect(cell,
				(struct rd_rect){0, 0, c->width, c->height}));
	}
}

void
rd_testcard_damage(pixman_region32_t *damage, int width, int height, uint32_t number)
{
	if (number == 0) {
		rd_region_add(damage, (struct rd_rect){0, 0, width, height});
		return;
	}
	const struct card was = card_of(width, height, number - 1);
	const struct card is = card_of(width, height, number);
	for (int i = 0; i < BLOCKS; i++) {
		if (block_is_white(&was, i) != block_is_white(&is, i))
			rd_region_add(damage, block_rect(width, height, i));
	}
	damage_moved(damage, was.box, is.box);
	damage_moved(damage, was.box_inside, is.box_inside);
	damage_text(damage, &is, &was.number, &is.number);
	damage_text(damage, &is, &was.sentence, &is.sentence);
}

/* Mean brightness of the middle of a block, away from blurred edges. */
static int
brightness(const struct rd_image *im, struct rd_rect r)
{
	const int x0 = r.x + r.w / 4, x1 = x0 + (r.w + 1) / 2;
	const int y0 = r.y + r.h / 4, y1 = y0 + (r.h + 1) / 2;
	int64_t sum = 0;
	for (int y = y0; y < y1; y++) {
		const uint8_t *p = rd_image_at(im, x0, y);
		for (int x = x0; x < x1; x++, p += 4)
			sum += p[0] + 2 * p[1] + p[2];
	}
	return (int)(sum / (4 * (int64_t)(x1 - x0) * (y1 - y0)));
}

int
rd_testcard_read(const struct rd_image *im, uint32_t *number)
{
	if (im->width < RD_TESTCARD_MIN || im->height < RD_TESTCARD_MIN)
		return -EPROTO;
	int level[BLOCKS], low = 255, high = 0;
	for (int i = 0; i < BLOCKS; i++) {
		level[i] = brightness(im, block_rect(im->width, im->height, i));
		low = level[i] < low ? level[i] : low;
		high = level[i] > high ? level[i] : high;
	}
	if (high - low < CONTRAST_MIN)
		return -EPROTO;
	uint64_t blocks = 0;
	for (int i = 0; i < BLOCKS; i++)
		blocks = blocks << 1 | (level[i] > (low + high) / 2);
	*number = (uint32_t)(blocks >> 16);
	return blocks == blocks_of(*number) ? 0 : -EPROTO;
}

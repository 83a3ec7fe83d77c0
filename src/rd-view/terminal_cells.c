#include <stdlib.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "rd-view/terminal_paint.h"

/*
 * Characters: an upper half block has a dot's colour above and another's
 * below. Without colours the four quarters of a cell are lit or not, in a
 * pattern that stands still (ordered dithering); where the terminal does not
 * read UTF-8 a cell is one dot, a blank on a colour or a sign of that darkness.
 */
struct terminal_cell {
	uint32_t sign;		/* code point; 0: nothing is known to be there */
	uint32_t fg, bg;	/* 0xrrggbb, or numbers of a palette */
};

enum kind { KIND_HALVES, KIND_QUARTERS, KIND_BLANKS, KIND_SIGNS };

static enum kind
kind_of(const struct terminal_painter *p)
{
	bool mono = p->colors == TERMINAL_COLORS_NONE;
	return p->utf8 ? (mono ? KIND_QUARTERS : KIND_HALVES) : mono ? KIND_SIGNS : KIND_BLANKS;
}

void
terminal_painter_dots(const struct terminal_painter *p, struct terminal_place *place)
{
	bool blocks = p->ops == &terminal_cells;
	enum kind k = kind_of(p);
	place->enlarge = blocks;
	place->dots_x = !blocks ? place->cell_w : k == KIND_QUARTERS ? 2 : 1;
	place->dots_y = !blocks ? place->cell_h : k == KIND_QUARTERS || k == KIND_HALVES ? 2 : 1;
}

static uint32_t
dot(const struct rd_image *im, int x, int y)
{
	/* Beside the picture is black. */
	if (x >= im->width || y >= im->height)
		return 0;
	const uint8_t *p = rd_image_at(im, x, y);
	return (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static int
distance(uint32_t a, uint32_t b)
{
	int r = (int)(a >> 16) - (int)(b >> 16);
	int g = (int)(a >> 8 & 0xff) - (int)(b >> 8 & 0xff), l = (int)(a & 0xff) - (int)(b & 0xff);
	/* About how much the eye makes of each. */
	return 3 * r * r + 6 * g * g + l * l;
}

/* Of xterm's 256 the nearest: a cube of 6 * 6 * 6, and 24 greys. */
static uint32_t
nearest_256(uint32_t rgb)
{
	static const int levels[] = {0, 95, 135, 175, 215, 255};
	uint32_t cube = 0, cube_rgb = 0;
	int sum = 0;
	for (int shift = 16; shift >= 0; shift -= 8) {
		int v = (int)(rgb >> shift & 0xff), i = v < 48 ? 0 : v < 115 ? 1 : (v - 35) / 40;
		cube = cube * 6 + (uint32_t)i;
		cube_rgb = cube_rgb << 8 | (uint32_t)levels[i];
		sum += v;
	}
	int grey = (sum / 3 - 3) / 10;
	grey = sum / 3 < 3 ? 0 : grey > 23 ? 23 : grey;
	uint32_t g = (uint32_t)(8 + 10 * grey);
	return distance(rgb, g << 16 | g << 8 | g) < distance(rgb, cube_rgb) ? 232 + (uint32_t)grey
		: 16 + cube;
}

/* Terminals differ in these; xterm's are taken. */
static uint32_t
nearest_16(uint32_t rgb)
{
	static const uint32_t colors[16] = {
		0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
		0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
	};
	uint32_t best = 0;
	for (uint32_t i = 1; i < 16; i++)
		if (distance(rgb, colors[i]) < distance(rgb, colors[best]))
			best = i;
	return best;
}

static uint32_t
color(const struct terminal_painter *p, uint32_t rgb)
{
	switch (p->colors) {
	case TERMINAL_COLORS_256:
		return nearest_256(rgb);
	case TERMINAL_COLORS_16:
		return nearest_16(rgb);
	default:
		return rgb;
	}
}

static int
brightness(uint32_t rgb)
{
	return (int)((rgb >> 16) * 77 + (rgb >> 8 & 0xff) * 150 + (rgb & 0xff) * 29) >> 8;
}

/* One bit of a dot: Bayer's 4 x 4 matrix. */
static bool
lit(uint32_t rgb, int x, int y)
{
	static const uint8_t bayer[4][4] = {{0, 8, 2, 10}, {12, 4, 14, 6}, {3, 11, 1, 9}, {15, 7, 13, 5}};
	return brightness(rgb) > bayer[y & 3][x & 3] * 16 + 7;
}

static uint32_t
quarters(const struct rd_image *im, int x, int y)
{
	/* By bits: top left, top right, bottom left, bottom right. */
	static const uint16_t signs[16] = {
		' ', 0x2598, 0x259d, 0x2580, 0x2596, 0x258c, 0x259e, 0x259b,
		0x2597, 0x259a, 0x2590, 0x259c, 0x2584, 0x2599, 0x259f, 0x2588,
	};
	unsigned bits = 0;
	for (int i = 0; i < 4; i++)
		bits |= (unsigned)lit(dot(im, x + i % 2, y + i / 2), x + i % 2, y + i / 2) << i;
	return signs[bits];
}

static struct terminal_cell
cell_at(const struct terminal_painter *p, const struct rd_image *im, int cx, int cy)
{
	static const char darkness[] = " .:-=+*#%@";
	struct terminal_cell c = {.sign = ' '};
	switch (kind_of(p)) {
	case KIND_HALVES:
		c.fg = color(p, dot(im, cx, 2 * cy));
		c.bg = color(p, dot(im, cx, 2 * cy + 1));
		if (c.fg != c.bg)
			c.sign = 0x2580;
		break;
	case KIND_QUARTERS:
		c.sign = quarters(im, 2 * cx, 2 * cy);
		break;
	case KIND_BLANKS:
		c.fg = c.bg = color(p, dot(im, cx, cy));
		break;
	case KIND_SIGNS:
		c.sign = (uint8_t)darkness[brightness(dot(im, cx, cy)) * 10 / 256];
		break;
	}
	return c;
}

static void
put_color(const struct terminal_painter *p, struct rd_buf *out, bool ground, uint32_t c)
{
	unsigned base = ground ? 40 : 30;
	if (p->colors == TERMINAL_COLORS_24BIT)
		terminal_put(out, "\033[%u;2;%u;%u;%um", base + 8, c >> 16, c >> 8 & 0xff, c & 0xff);
	else if (p->colors == TERMINAL_COLORS_256)
		terminal_put(out, "\033[%u;5;%um", base + 8, c);
	else
		terminal_put(out, "\033[%um", c < 8 ? base + c : base + 60 + c - 8);
}

/* Where the terminal's cursor is and what it draws with, as far as we know. */
struct pen {
	int col, row;
	uint32_t fg, bg;
	bool has_fg, has_bg;
};

static void
put_cell(const struct terminal_painter *p, struct rd_buf *out, struct pen *pen, int cx, int cy,
	const struct terminal_cell *c)
{
	bool colored = p->colors != TERMINAL_COLORS_NONE;
	if (pen->col != cx || pen->row != cy)
		terminal_put_cursor(out, p->place.col + cx, p->place.row + cy);
	if (colored && (!pen->has_bg || pen->bg != c->bg))
		put_color(p, out, true, pen->bg = c->bg);
	pen->has_bg = true;
	/* A blank shows no foreground. */
	if (colored && c->sign != ' ' && (!pen->has_fg || pen->fg != c->fg)) {
		put_color(p, out, false, pen->fg = c->fg);
		pen->has_fg = true;
	}
	rd_utf8_put(out, c->sign);
	pen->col = cx + 1;
	/* Past the last column the cursor is where terminals disagree. */
	pen->row = p->place.col + cx + 1 < p->place.cols ? cy : -1;
}

static int
cells_across(const struct terminal_painter *p)
{
	return (p->place.width + p->place.dots_x - 1) / p->place.dots_x;
}

static int
cells_down(const struct terminal_painter *p)
{
	return (p->place.height + p->place.dots_y - 1) / p->place.dots_y;
}

static void
cells_fit(struct terminal_painter *p)
{
	free(p->cells);
	p->cells = xcalloc((size_t)cells_across(p) * (size_t)cells_down(p), sizeof(*p->cells));
}

static void
cells_paint(struct terminal_painter *p, struct rd_buf *out, const struct rd_image *im,
	struct rd_rect r)
{
	struct pen pen = {.row = -1};
	int x0 = r.x / p->place.dots_x, x1 = (r.x + r.w + p->place.dots_x - 1) / p->place.dots_x;
	int y0 = r.y / p->place.dots_y, y1 = (r.y + r.h + p->place.dots_y - 1) / p->place.dots_y;
	bool any = false;
	for (int y = y0; y < y1; y++) {
		struct terminal_cell *was = p->cells + y * cells_across(p);
		for (int x = x0; x < x1; x++) {
			struct terminal_cell c = cell_at(p, im, x, y);
			if (c.sign == was[x].sign && c.fg == was[x].fg && c.bg == was[x].bg)
				continue;
			put_cell(p, out, &pen, x, y, &c);
			was[x] = c;
			any = true;
		}
	}
	if (any && p->colors != TERMINAL_COLORS_NONE)
		terminal_put(out, "\033[m");
}

static void
cells_close(struct terminal_painter *p)
{
	free(p->cells);
	p->cells = NULL;
}

void
terminal_painter_finish(struct terminal_painter *p)
{
	if (p->ops)
		p->ops->close(p);
	p->ops = NULL;
}

const struct terminal_painter_ops terminal_cells = {
	.name = "blocks",
	.fit = cells_fit,
	.paint = cells_paint,
	.close = cells_close,
};

#ifndef RD_VIEW_TERMINAL_PAINT_H
#define RD_VIEW_TERMINAL_PAINT_H

#include <stdbool.h>

#include "base/bytes.h"
#include "media/image.h"

/*
 * The picture in a terminal: where it stands (terminal_place.c) and how it is
 * drawn, pure, pixels in and bytes out. Three ways:
 *
 *	kitty	pixels, in tiles that replace each other; exact
 *	sixel	pixels of a palette
 *	blocks	characters, each of two colours
 *
 * A picture's pixels, once scaled for the terminal, are called dots: a cell of
 * the terminal has dots_x * dots_y of them.
 */
enum terminal_graphics {
	TERMINAL_GRAPHICS_AUTO, TERMINAL_GRAPHICS_KITTY, TERMINAL_GRAPHICS_SIXEL,
	TERMINAL_GRAPHICS_BLOCKS,
};

enum terminal_colors {
	TERMINAL_COLORS_AUTO, TERMINAL_COLORS_24BIT, TERMINAL_COLORS_256, TERMINAL_COLORS_16,
	TERMINAL_COLORS_NONE,
};

struct terminal_place {
	int cols, rows;		/* of the terminal, without the line of figures; at least 1 */
	int cell_w, cell_h;	/* pixels; where nobody knows, in that proportion */
	int dots_x, dots_y;
	bool enlarge;		/* beyond one dot for a pixel */
	/* by terminal_place_fit */
	int im_width, im_height;	/* of the picture */
	int width, height;	/* dots */
	int col, row;		/* the cell of its top left, from 0 */
};

/* As large as fits with its shape kept, in the middle. */
void terminal_place_fit(struct terminal_place *p, int im_width, int im_height);
/*
 * From the terminal to the picture's pixels: (x, y) in units of which a cell
 * has unit_w * unit_h. False: beside the picture; x and y are then the nearest.
 */
bool terminal_place_to_picture(const struct terminal_place *p, int unit_w, int unit_h,
	int *x, int *y);
/* The dots that show these pixels. */
struct rd_rect terminal_place_to_dots(const struct terminal_place *p, struct rd_rect r);

struct terminal_painter;

struct terminal_painter_ops {
	const char *name;
	/* The place is another one, and nothing is on the screen. */
	void (*fit)(struct terminal_painter *p);
	/* Makes the screen show `im` where it differs inside `r` (dots). */
	void (*paint)(struct terminal_painter *p, struct rd_buf *out, const struct rd_image *im,
		struct rd_rect r);
	/* Takes back what clearing the screen does not. */
	void (*clear)(struct terminal_painter *p, struct rd_buf *out);
	void (*close)(struct terminal_painter *p);
};

extern const struct terminal_painter_ops terminal_cells, terminal_kitty, terminal_sixel;

struct terminal_painter {
	const struct terminal_painter_ops *ops;
	struct terminal_place place;
	enum terminal_colors colors;	/* blocks */
	bool utf8;			/* blocks: the terminal reads it */
	int registers;			/* sixel: how many colours */
	int image_w;			/* sixel: the widest image; 0: any */
	struct rd_image shown;		/* kitty, sixel: what is on the screen … */
	bool *known;			/* … in these tiles */
	struct terminal_cell *cells;	/* blocks: what is on the screen */
	struct terminal_palette *palette;	/* sixel */
};

/* Sets place.dots_* and .enlarge as that painter wants them. */
void terminal_painter_dots(const struct terminal_painter *p, struct terminal_place *place);
void terminal_painter_finish(struct terminal_painter *p);

/* terminal_tiles.c: 8 cells wide and 4 high, what kitty and sixel compare and send. */
#define TERMINAL_TILE_COLS 8
#define TERMINAL_TILE_ROWS 4

void terminal_tiles_fit(struct terminal_painter *p);
int terminal_tiles_across(const struct terminal_painter *p);
int terminal_tiles_down(const struct terminal_painter *p);
struct rd_rect terminal_tiles_rect(const struct terminal_painter *p, int tx, int ty);
/* Whether the screen shows another thing there; if so it is now taken to show `im`. */
bool terminal_tiles_take(struct terminal_painter *p, const struct rd_image *im, int tx, int ty);

/* Words for the terminal. */
void terminal_put(struct rd_buf *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The cursor to a cell, counted from 0. */
void terminal_put_cursor(struct rd_buf *out, int col, int row);

#endif

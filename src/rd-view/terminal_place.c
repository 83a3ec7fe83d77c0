#include <stdarg.h>
#include <stdio.h>

#include "rd-view/terminal_paint.h"

static int
rounded(int64_t a, int64_t b)
{
	return (int)((a + b / 2) / b);
}

static int
bounded(int64_t v, int least, int most)
{
	return v < least ? least : v > most ? most : (int)v;
}

void
terminal_place_fit(struct terminal_place *p, int im_width, int im_height)
{
	/* Room in pixels, and the factor as a fraction num / den. */
	int64_t room_w = (int64_t)p->cols * p->cell_w, room_h = (int64_t)p->rows * p->cell_h;
	bool wide = room_w * im_height <= room_h * im_width;
	int64_t num = wide ? room_w : room_h, den = wide ? im_width : im_height;
	if (!p->enlarge && num > den)
		num = den = 1;
	p->im_width = im_width;
	p->im_height = im_height;
	p->width = bounded(rounded(im_width * num * p->dots_x, den * p->cell_w), 1,
		p->cols * p->dots_x);
	p->height = bounded(rounded(im_height * num * p->dots_y, den * p->cell_h), 1,
		p->rows * p->dots_y);
	p->col = (p->cols - (p->width + p->dots_x - 1) / p->dots_x) / 2;
	p->row = (p->rows - (p->height + p->dots_y - 1) / p->dots_y) / 2;
}

/* The pixel in the middle of what `at`, of a cell's `unit`, covers. */
static int
to_pixel(int at, int unit, int origin, int dots, int size, int im_size)
{
	/* Twice the dots from the picture's edge to the middle of the unit, times unit. */
	int64_t d = (2 * (int64_t)at + 1) * dots - 2 * (int64_t)origin * dots * unit;
	int64_t v = d * im_size;
	int64_t by = 2 * (int64_t)unit * size;
	return (int)(v < 0 ? -1 : v / by);
}

bool
terminal_place_to_picture(const struct terminal_place *p, int unit_w, int unit_h, int *x, int *y)
{
	int px = to_pixel(*x, unit_w, p->col, p->dots_x, p->width, p->im_width);
	int py = to_pixel(*y, unit_h, p->row, p->dots_y, p->height, p->im_height);
	*x = bounded(px, 0, p->im_width - 1);
	*y = bounded(py, 0, p->im_height - 1);
	return *x == px && *y == py;
}

/* One more on each side: scaling looks at neighbours. */
struct rd_rect
terminal_place_to_dots(const struct terminal_place *p, struct rd_rect r)
{
	int x0 = bounded((int64_t)r.x * p->width / p->im_width - 1, 0, p->width);
	int y0 = bounded((int64_t)r.y * p->height / p->im_height - 1, 0, p->height);
	int x1 = bounded(((int64_t)(r.x + r.w) * p->width + p->im_width - 1) / p->im_width + 1, 0,
		p->width);
	int y1 = bounded(((int64_t)(r.y + r.h) * p->height + p->im_height - 1) / p->im_height + 1, 0,
		p->height);
	return (struct rd_rect){x0, y0, x1 - x0, y1 - y0};
}

void
terminal_put(struct rd_buf *out, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	rd_buf_bytes(out, text, n < (int)sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

void
terminal_put_cursor(struct rd_buf *out, int col, int row)
{
	terminal_put(out, "\033[%d;%dH", row + 1, col + 1);
}

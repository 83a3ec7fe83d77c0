#include <stdlib.h>

#include "base/log.h"
#include "rd-view/terminal.h"

/* Where nobody says: cells are about twice as high as wide. */
#define CELL_W 10
#define CELL_H 20

void
terminal_scale(struct terminal *t, const struct rd_image *im, struct rd_rect pixels)
{
	struct rd_rect r = terminal_place_to_dots(&t->painter.place, pixels);
	if (r.w == 0 || r.h == 0)
		return;
	rd_image_scale_clip(&t->scaled, im, r);
	t->dirty = rd_rect_bound(t->dirty, r);
}

/* What a cell is in pixels, by the terminal or the kernel. False: nobody says. */
static bool
measure(struct terminal *t, struct terminal_place *p)
{
	int width, height;
	tty_size(t->tty, &t->cols, &t->rows, &width, &height);
	p->cols = t->cols;
	p->rows = t->rows > 1 ? t->rows - 1 : 1;
	p->cell_w = t->can.cell_w ? t->can.cell_w : width / t->cols;
	p->cell_h = t->can.cell_h ? t->can.cell_h : height / t->rows;
	if (p->cell_w < 1 || p->cell_h < 1) {
		p->cell_w = CELL_W;
		p->cell_h = CELL_H;
		return false;
	}
	return true;
}

void
terminal_fit(struct terminal *t)
{
	const struct rd_image im = t->cfg.host->picture(t->cfg.ctx);
	struct terminal_painter *p = &t->painter;
	measure(t, &p->place);
	terminal_painter_dots(p, &p->place);
	t->clear = true;
	t->dirty = (struct rd_rect){0};
	rd_image_finish(&t->scaled);
	if (!im.data)
		return;
	terminal_place_fit(&p->place, im.width, im.height);
	p->ops->fit(p);
	if (rd_image_init(&t->scaled, p->place.width, p->place.height) != 0) {
		t->scaled = (struct rd_image){0};
		return;
	}
	terminal_scale(t, &im, (struct rd_rect){0, 0, im.width, im.height});
}

static const struct terminal_painter_ops *
painter_of(enum terminal_graphics g)
{
	return g == TERMINAL_GRAPHICS_KITTY ? &terminal_kitty
		: g == TERMINAL_GRAPHICS_SIXEL ? &terminal_sixel : &terminal_cells;
}

static enum terminal_graphics
choose_graphics(struct terminal *t)
{
	struct terminal_can can = t->can;
	struct terminal_place place;
	/* xterm keeps the answer to itself unless it is told otherwise, and tells the kernel. */
	bool known = measure(t, &place);
	can.cell_w = known ? place.cell_w : 0;
	can.cell_h = known ? place.cell_h : 0;
	return terminal_choose_graphics(&can, (enum terminal_graphics)t->cfg.options->graphics);
}

static void
choose_painter(struct terminal *t, enum terminal_graphics g)
{
	const struct options *o = t->cfg.options;
	const struct terminal_env env = {
		.term = getenv("TERM"), .colorterm = getenv("COLORTERM"), .no_color = getenv("NO_COLOR"),
	};
	terminal_painter_finish(&t->painter);
	t->painter = (struct terminal_painter){
		.ops = painter_of(g),
		.colors = terminal_choose_colors(&t->can, (enum terminal_colors)o->colors, &env),
		/* One that does not answer is taken for one of today. */
		.utf8 = t->can.utf8 || !t->can.answers,
		.registers = t->can.registers ? t->can.registers : 16,
		.image_w = t->can.sixel_w,
	};
	rd_debug("terminal: %s, colours %d, cell %dx%d, answers %d, keyboard %d", t->painter.ops->name,
		t->painter.colors, t->can.cell_w, t->can.cell_h, t->can.answers, t->can.keyboard);
}

/* What is left behind to be undone is noted, and keys and places asked for as they can be had. */
static void
set_up(struct terminal *t, enum terminal_graphics g)
{
	if (t->can.answers)
		tty_mark(t->tty, TTY_ANSWERS);
	if (g == TERMINAL_GRAPHICS_KITTY)
		tty_mark(t->tty, TTY_IMAGES);
	if (t->can.keyboard && !tty_is(t->tty, TTY_KEYS)) {
		tty_mark(t->tty, TTY_KEYS);
		/* Ambiguity, events, other keys of the layout, all as codes, what they type. */
		terminal_say(t, "\033[>31u");
	}
	if (t->controls && t->can.pixel_mouse && t->can.cell_w)
		terminal_say(t, "\033[?1016h");
}

void
terminal_choose(struct terminal *t)
{
	enum terminal_graphics g = choose_graphics(t);
	t->asked = true;
	t->input.asking = false;
	choose_painter(t, g);
	set_up(t, g);
	terminal_fit(t);
}

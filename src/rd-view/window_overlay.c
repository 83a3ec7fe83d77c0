#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "media/glyphs.h"
#include "rd-view/window.h"

#define STATS_EVERY_NS RD_NS_PER_S
#define NOTICE_NS (6 * RD_NS_PER_S)
#define MARGIN 12

/* Letters grow with the window, and stay legible on a small one. */
static int
scale_for(const struct pane *p, int lines)
{
	int scale = p->present.height / (lines * RD_GLYPH_HEIGHT);
	return scale < 1 ? 1 : scale > 3 ? 3 : scale;
}

/* How many letters of that scale find room beside each other, with margins. */
static int
columns_for(const struct pane *p, int scale, int most)
{
	int n = (p->present.width - 4 * MARGIN) / (RD_GLYPH_WIDTH * scale);
	return n < 8 ? 8 : n > most ? most : n;
}

static void
place_stats(struct pane *p)
{
	present_move(&p->present, SPRITE_STATS, MARGIN, MARGIN);
}

static void
place_notice(struct pane *p)
{
	const struct rd_image *im = &p->present.sprites[SPRITE_NOTICE].im;
	present_move(&p->present, SPRITE_NOTICE, (p->present.width - im->width) / 2,
		p->present.height - im->height - 2 * MARGIN);
}

static void
place_end(struct pane *p)
{
	const struct rd_image *im = &p->present.sprites[SPRITE_END].im;
	present_move(&p->present, SPRITE_END, (p->present.width - im->width) / 2,
		(p->present.height - im->height) / 2);
}

static void
place_pointer(struct pane *p)
{
	const struct window *w = p->w;
	int x = w->other.x - p->part.x, y = w->other.y - p->part.y;
	present_to_window(&p->present, &x, &y);
	present_move(&p->present, SPRITE_POINTER, x - w->other_hot_x, y - w->other_hot_y);
}

static void
draw_stats(struct pane *p)
{
	char text[1024];
	p->stats_drawn_ns = p->w->cfg.stats->since_ns;
	stats_text(p->w->cfg.stats, text, sizeof(text));
	int scale = scale_for(p, 45);
	present_sprite(&p->present, SPRITE_STATS,
		sprite_text(text, columns_for(p, scale, 64), scale, false));
	place_stats(p);
}

static void
draw_notice(struct pane *p)
{
	int scale = scale_for(p, 30);
	present_sprite(&p->present, SPRITE_NOTICE,
		sprite_text(p->notice, columns_for(p, scale, 80), scale, false));
	place_notice(p);
}

/* Its lines are broken for the width that the window has now. */
void
window_overlay_place(struct pane *p)
{
	if (p->stats_on)
		draw_stats(p);
	if (p->notice)
		draw_notice(p);
	place_end(p);
	place_pointer(p);
}

/* Runs while frames come, and for a second after: a still window sleeps. */
static void
on_stats(void *ctx)
{
	struct pane *p = ctx;
	if (!p->stats_on)
		return;
	stats_turn(p->w->cfg.stats, rd_clock_ns());
	draw_stats(p);
	if (!stats_idle(p->w->cfg.stats))
		rd_timer_set(&p->stats_timer, STATS_EVERY_NS);
}

void
window_overlay_stats(struct pane *p, bool on)
{
	p->stats_on = on;
	if (on) {
		draw_stats(p);
		rd_timer_set(&p->stats_timer, STATS_EVERY_NS);
	} else {
		present_sprite(&p->present, SPRITE_STATS, (struct sprite){0});
	}
}

void
window_overlay_figures(struct pane *p)
{
	if (!p->stats_on)
		return;
	draw_stats(p);
	pane_flush(p);
}

void
window_overlay_frame(struct pane *p)
{
	if (!p->stats_on)
		return;
	if (p->stats_drawn_ns != p->w->cfg.stats->since_ns)
		draw_stats(p);
	if (!p->stats_timer.set)
		rd_timer_set(&p->stats_timer, STATS_EVERY_NS);
}

static void
forget_notice(struct pane *p)
{
	free(p->notice);
	p->notice = NULL;
	present_sprite(&p->present, SPRITE_NOTICE, (struct sprite){0});
}

/* What nobody could read yet waits for its window. */
static void
on_notice_over(void *ctx)
{
	struct pane *p = ctx;
	if (p->shown)
		forget_notice(p);
}

void
window_overlay_notice(struct pane *p, const char *text)
{
	free(p->notice);
	p->notice = xstrdup(text);
	draw_notice(p);
	rd_timer_set(&p->notice_timer, NOTICE_NS);
}

void
window_overlay_shown(struct pane *p)
{
	if (p->notice)
		rd_timer_set(&p->notice_timer, NOTICE_NS);
}

void
window_overlay_end(struct pane *p, const struct view_end *end)
{
	pane_flush(p);
	int scale = scale_for(p, 18);
	char *text = end->failed
		? xasprintf("The picture has stopped\n%s\n \nEscape or Return closes this window.",
			end->reason)
		: xstrdup("The stream is over\nEscape or Return closes this window.");
	forget_notice(p);
	for (int i = 0; i < SPRITE_END; i++)
		present_sprite(&p->present, (enum sprite_id)i, (struct sprite){0});
	p->stats_on = false;
	present_dim(&p->present);
	present_sprite(&p->present, SPRITE_END,
		sprite_text(text, columns_for(p, scale, 56), scale, true));
	place_end(p);
	window_title(p->w);
	free(text);
}

/* For one who only watches, or whose own pointer stands for nothing. */
static bool
is_painted(const struct pane *p)
{
	const struct window *w = p->w;
	const struct rd_pointer_at *at = &w->other;
	struct rd_rect r = p->part;
	bool in = at->x >= r.x && at->y >= r.y && at->x < r.x + r.w && at->y < r.y + r.h;
	return at->on && in && (!w->controls || w->relative);
}

void
window_overlay_aimed(struct pane *p)
{
	const struct rd_image *im = &p->w->other_shape.im;
	struct sprite s = {0};
	if (p->w->holding)
		return;
	if (im->data)
		s = sprite_new(im->width, im->height);
	if (s.im.data)
		memcpy(s.im.data, im->data, im->stride * (size_t)im->height);
	s.hidden = !is_painted(p);
	present_sprite(&p->present, SPRITE_POINTER, s);
	place_pointer(p);
}

void
window_overlay_other(struct window *w)
{
	for (int i = 0; i < w->pane_count; i++) {
		present_hide(&w->panes[i]->present, SPRITE_POINTER, !is_painted(w->panes[i]));
		place_pointer(w->panes[i]);
	}
}

void
window_overlay_shape(struct window *w, const struct rd_cursor *shape)
{
	struct sprite *s = &w->other_shape;
	sprite_finish(s);
	if (shape->width && shape->height)
		*s = sprite_new(shape->width, shape->height);
	if (s->im.data)
		memcpy(s->im.data, shape->pixels, s->im.stride * (size_t)s->im.height);
	w->other_hot_x = shape->hot_x;
	w->other_hot_y = shape->hot_y;
	for (int i = 0; i < w->pane_count; i++)
		window_overlay_aimed(w->panes[i]);
}

void
window_overlay_pointer(struct window *w, const struct rd_pointer_at *at)
{
	w->other = *at;
	window_overlay_other(w);
}

void
window_overlay_open(struct pane *p)
{
	rd_timer_open(&p->stats_timer, p->w->loop, on_stats, p);
	rd_timer_open(&p->notice_timer, p->w->loop, on_notice_over, p);
}

void
window_overlay_close(struct pane *p)
{
	rd_timer_close(&p->stats_timer);
	rd_timer_close(&p->notice_timer);
	free(p->notice);
}

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
scale_for(const struct window *w, int lines)
{
	int scale = w->present.height / (lines * RD_GLYPH_HEIGHT);
	return scale < 1 ? 1 : scale > 3 ? 3 : scale;
}

/* How many letters of that scale find room beside each other, with margins. */
static int
columns_for(const struct window *w, int scale, int most)
{
	int n = (w->present.width - 4 * MARGIN) / (RD_GLYPH_WIDTH * scale);
	return n < 8 ? 8 : n > most ? most : n;
}

static void
place_stats(struct window *w)
{
	present_move(&w->present, SPRITE_STATS, MARGIN, MARGIN);
}

static void
place_notice(struct window *w)
{
	const struct rd_image *im = &w->present.sprites[SPRITE_NOTICE].im;
	present_move(&w->present, SPRITE_NOTICE, (w->present.width - im->width) / 2,
		w->present.height - im->height - 2 * MARGIN);
}

static void
place_end(struct window *w)
{
	const struct rd_image *im = &w->present.sprites[SPRITE_END].im;
	present_move(&w->present, SPRITE_END, (w->present.width - im->width) / 2,
		(w->present.height - im->height) / 2);
}

static void
place_pointer(struct window *w)
{
	int x = w->other.x, y = w->other.y;
	present_to_window(&w->present, &x, &y);
	present_move(&w->present, SPRITE_POINTER, x - w->other_hot_x, y - w->other_hot_y);
}

static void
draw_stats(struct window *w)
{
	char text[1024];
	w->stats_drawn_ns = w->cfg.stats->since_ns;
	stats_text(w->cfg.stats, text, sizeof(text));
	int scale = scale_for(w, 45);
	present_sprite(&w->present, SPRITE_STATS,
		sprite_text(text, columns_for(w, scale, 64), scale, false));
	place_stats(w);
}

void
window_overlay_place(struct window *w)
{
	if (w->stats_on)
		draw_stats(w);
	place_notice(w);
	place_end(w);
	place_pointer(w);
}

/* Runs while frames come, and for a second after: a still window sleeps. */
static void
on_stats(void *ctx)
{
	struct window *w = ctx;
	if (!w->stats_on)
		return;
	stats_turn(w->cfg.stats, rd_clock_ns());
	draw_stats(w);
	if (!stats_idle(w->cfg.stats))
		rd_timer_set(&w->stats_timer, STATS_EVERY_NS);
}

void
window_overlay_stats(struct window *w, bool on)
{
	w->stats_on = on;
	if (on) {
		draw_stats(w);
		rd_timer_set(&w->stats_timer, STATS_EVERY_NS);
	} else {
		present_sprite(&w->present, SPRITE_STATS, (struct sprite){0});
	}
}

void
window_overlay_figures(struct window *w)
{
	if (!w->stats_on)
		return;
	draw_stats(w);
	present_flush(&w->present, rd_screen_image(w->cfg.screen));
}

void
window_overlay_frame(struct window *w)
{
	if (!w->stats_on)
		return;
	if (w->stats_drawn_ns != w->cfg.stats->since_ns)
		draw_stats(w);
	if (!w->stats_timer.set)
		rd_timer_set(&w->stats_timer, STATS_EVERY_NS);
}

static void
on_notice_over(void *ctx)
{
	struct window *w = ctx;
	present_sprite(&w->present, SPRITE_NOTICE, (struct sprite){0});
}

void
window_overlay_notice(struct window *w, const char *text)
{
	int scale = scale_for(w, 30);
	present_sprite(&w->present, SPRITE_NOTICE,
		sprite_text(text, columns_for(w, scale, 80), scale, false));
	place_notice(w);
	rd_timer_set(&w->notice_timer, NOTICE_NS);
}

void
window_overlay_end(struct window *w, const struct view_end *end)
{
	present_flush(&w->present, rd_screen_image(w->cfg.screen));
	int scale = scale_for(w, 18);
	char *text = end->failed
		? xasprintf("The picture has stopped\n%s\n \nEscape or Return closes this window.",
			end->reason)
		: xstrdup("The stream is over\nEscape or Return closes this window.");
	for (int i = 0; i < SPRITE_END; i++)
		present_sprite(&w->present, (enum sprite_id)i, (struct sprite){0});
	w->stats_on = false;
	present_dim(&w->present);
	present_sprite(&w->present, SPRITE_END,
		sprite_text(text, columns_for(w, scale, 56), scale, true));
	place_end(w);
	window_title(w);
	free(text);
}

/* For one who only watches, or whose own pointer stands for nothing. */
static bool
is_painted(const struct window *w)
{
	return w->other.on && (!w->controls || w->relative);
}

void
window_overlay_other(struct window *w)
{
	present_hide(&w->present, SPRITE_POINTER, !is_painted(w));
	place_pointer(w);
}

void
window_overlay_shape(struct window *w, const struct rd_cursor *shape)
{
	struct sprite s = {0};
	if (w->holding)
		return;
	if (shape->width && shape->height)
		s = sprite_new(shape->width, shape->height);
	if (s.im.data)
		memcpy(s.im.data, shape->pixels, s.im.stride * (size_t)s.im.height);
	s.hidden = !is_painted(w);
	w->other_hot_x = shape->hot_x;
	w->other_hot_y = shape->hot_y;
	present_sprite(&w->present, SPRITE_POINTER, s);
	place_pointer(w);
}

void
window_overlay_pointer(struct window *w, const struct rd_pointer_at *at)
{
	w->other = *at;
	window_overlay_other(w);
}

void
window_overlay_open(struct window *w)
{
	rd_timer_open(&w->stats_timer, w->loop, on_stats, w);
	rd_timer_open(&w->notice_timer, w->loop, on_notice_over, w);
}

void
window_overlay_close(struct window *w)
{
	rd_timer_close(&w->stats_timer);
	rd_timer_close(&w->notice_timer);
}

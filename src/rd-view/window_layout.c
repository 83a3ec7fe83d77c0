#include "base/clock.h"
#include "rd-view/window.h"

/* While an edge is dragged nothing is asked for: every size would cost a picture. */
#define REST_NS (150 * RD_NS_PER_MS)

static void
on_rest(void *ctx)
{
	struct window *w = ctx;
	struct window_layout *l = &w->layout;
	int width, height;
	SDL_GetWindowSize(w->sdl, &width, &height);
	if (!w->controls || width <= 0 || height <= 0 || (width == l->width && height == l->height))
		return;
	l->width = width;
	l->height = height;
	w->cfg.host->layout(w->cfg.ctx, width, height);
}

void
window_layout_open(struct window *w)
{
	rd_timer_open(&w->layout.rest, w->loop, on_rest, w);
}

void
window_layout_close(struct window *w)
{
	rd_timer_close(&w->layout.rest);
}

bool
window_layout_follows(const struct window *w)
{
	return w->controls && w->cfg.options->resize && w->cfg.host->can_layout(w->cfg.ctx);
}

void
window_layout_shown(struct window *w)
{
	w->layout.width = w->im_width;
	w->layout.height = w->im_height;
	window_layout_changed(w);
}

void
window_layout_changed(struct window *w)
{
	if (w->shown && window_layout_follows(w))
		rd_timer_set(&w->layout.rest, REST_NS);
}

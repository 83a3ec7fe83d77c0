#include "base/clock.h"
#include "rd-view/window.h"

/* While an edge is dragged nothing is asked for: every size would cost a picture. */
#define REST_NS (150 * RD_NS_PER_MS)

static void
on_rest(void *ctx)
{
	struct pane *p = ctx;
	struct window *w = p->w;
	struct window_layout *l = &p->layout;
	int width, height;
	SDL_GetWindowSize(p->sdl, &width, &height);
	width = (int)(width / p->scale + 0.5);
	height = (int)(height / p->scale + 0.5);
	if (!w->controls || width <= 0 || height <= 0 || (width == l->width && height == l->height))
		return;
	if (!w->cfg.host->layout(w->cfg.ctx, p->name, width, height)) {
		rd_timer_set(&l->rest, REST_NS);
		return;
	}
	l->width = width;
	l->height = height;
}

void
window_layout_open(struct pane *p)
{
	rd_timer_open(&p->layout.rest, p->w->loop, on_rest, p);
}

void
window_layout_close(struct pane *p)
{
	rd_timer_close(&p->layout.rest);
}

bool
window_layout_follows(const struct pane *p)
{
	const struct view_config *c = &p->w->cfg;
	return p->w->controls && c->options->resize && c->host->can_layout(c->ctx, p->name);
}

void
window_layout_shown(struct pane *p)
{
	p->layout.width = p->part.w;
	p->layout.height = p->part.h;
	window_layout_changed(p);
}

void
window_layout_changed(struct pane *p)
{
	if (p->shown && window_layout_follows(p))
		rd_timer_set(&p->layout.rest, REST_NS);
}

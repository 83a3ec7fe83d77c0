#include "base/clock.h"
#include "rd-view/window.h"

void
window_relative(struct window *w, bool on)
{
	if (on == w->relative || (on && !w->controls))
		return;
	if (SDL_SetRelativeMouseMode(on ? SDL_TRUE : SDL_FALSE) != 0) {
		window_overlay_notice(window_front(w), "this window system has no relative pointer");
		return;
	}
	w->relative = on;
	window_overlay_other(w);
	window_title(w);
	if (on)
		window_overlay_notice(window_front(w), "The pointer stays here, and only how it moves is sent.\n"
			"Ctrl-Alt-Shift-M gives it back.");
}

void
window_wheel(struct window *w, const SDL_MouseWheelEvent *e)
{
	int32_t x, y;
	if (wheel_turn(&w->wheel, (double)e->preciseX, (double)e->preciseY, &x, &y))
		forward_wheel(&w->forward, x, y);
}

static void
act(struct window *w, const struct touch_act *a)
{
	int x = (int)a->x, y = (int)a->y;
	int32_t right, up;
	switch (a->kind) {
	case TOUCH_MOVE:
		pane_to_picture(w->touched ? w->touched : window_front(w), &x, &y);
		forward_pointer(&w->forward, x, y);
		break;
	case TOUCH_PRESS:
	case TOUCH_RELEASE:
		forward_button(&w->forward, a->button, a->kind == TOUCH_PRESS);
		break;
	case TOUCH_TURN:
		if (wheel_turn(&w->wheel, a->x, a->y, &right, &up))
			forward_wheel(&w->forward, right, up);
		break;
	}
}

static void
do_acts(struct window *w, const struct touch_act *acts, int n)
{
	uint64_t due = touch_due(&w->touch), now = rd_clock_ns();
	for (int i = 0; i < n; i++)
		act(w, &acts[i]);
	if (due == UINT64_MAX)
		rd_timer_clear(&w->touch_timer);
	else
		rd_timer_set(&w->touch_timer, due > now ? due - now : 0);
}

static void
on_rested(void *ctx)
{
	struct window *w = ctx;
	struct touch_act acts[TOUCH_ACTS];
	int n = touch_rested(&w->touch, rd_clock_ns(), acts);
	do_acts(w, acts, n);
}

/* As with a button: what begins beside the picture means nothing. Nor do fingers of two panes. */
static int
put_down(struct window *w, struct pane *p, const SDL_TouchFingerEvent *e, struct touch_act *acts)
{
	double x = (double)e->x * p->present.width, y = (double)e->y * p->present.height;
	int at_x = (int)x, at_y = (int)y;
	if (!pane_to_picture(p, &at_x, &at_y) || (w->touch.count && p != w->touched))
		return 0;
	w->touched = p;
	return touch_down(&w->touch, e->fingerId, x, y, rd_clock_ns(), acts);
}

void
window_touch(struct window *w, const SDL_TouchFingerEvent *e)
{
	struct touch_act acts[TOUCH_ACTS];
	struct pane *p = window_pane_of(w, e->windowID);
	int n = 0;
	/* Wherever it is, or was: else it would be down for ever. */
	if (e->type == SDL_FINGERUP)
		n = touch_up(&w->touch, e->fingerId, acts);
	else if (w->controls && p && e->type == SDL_FINGERDOWN)
		n = put_down(w, p, e, acts);
	else if (w->controls && p && p == w->touched)
		n = touch_motion(&w->touch, e->fingerId, (double)e->x * p->present.width,
			(double)e->y * p->present.height, acts);
	do_acts(w, acts, n);
}

void
window_touch_cancel(struct window *w)
{
	touch_cancel(&w->touch);
	rd_timer_clear(&w->touch_timer);
}

void
window_touch_forget(struct window *w)
{
	w->touch = (struct touch){0};
	w->touched = NULL;
	rd_timer_clear(&w->touch_timer);
}

void
window_pointer_open(struct window *w)
{
	rd_timer_open(&w->touch_timer, w->loop, on_rested, w);
}

void
window_pointer_close(struct window *w)
{
	rd_timer_close(&w->touch_timer);
}

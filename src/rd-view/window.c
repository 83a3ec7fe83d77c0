#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/window.h"
#include "rd-view/window_x11.h"

/* Before SDL starts: what it would do that we have no use for, or do ourselves. */
static void
set_hints(void)
{
	SDL_SetMainReady();
	/* Else every update of a window's surface passes through OpenGL, whole. */
	SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	/* Talks to the session bus otherwise; and to watch is not to be busy. */
	SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
	/* A compositor that steps aside makes every start and end flicker. */
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
	/* Ctrl-Alt-Shift-Q and the window's close button are enough. */
	SDL_SetHint(SDL_HINT_WINDOWS_NO_CLOSE_ON_ALT_F4, "1");
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
	/* Fingers are not a mouse that presses at once: touch.h. */
	SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
	/* An input method shows itself what it composes: here nobody would. */
	SDL_SetHint(SDL_HINT_IME_INTERNAL_EDITING, "1");
	SDL_SetHint(SDL_HINT_APP_NAME, "rd-view");
	SDL_SetHint("SDL_VIDEO_X11_WMCLASS", "rd-view");
}

/* X's library says on stderr that it was refused, and not whose window that was to be. */
static int
init_quietly(void)
{
	int words = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	int nowhere = words < 0 ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (nowhere >= 0)
		dup2(nowhere, STDERR_FILENO);
	int err = SDL_Init(SDL_INIT_VIDEO);
	if (nowhere >= 0) {
		dup2(words, STDERR_FILENO);
		close(nowhere);
	}
	if (words >= 0)
		close(words);
	return err;
}

/*
 * The window systems there are. Left alone SDL tries more, down to one that
 * shows nothing and says that all is well.
 */
static int
init_sdl(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");
	bool has_x = x && *x, has_wayland = wayland && *wayland;
	if (!getenv("SDL_VIDEODRIVER")) {
		if (!has_x && !has_wayland)
			return SDL_SetError("DISPLAY is not set");
		SDL_SetHint(SDL_HINT_VIDEODRIVER,
			!has_wayland ? "x11" : has_x ? "x11,wayland" : "wayland");
	}
	return init_quietly();
}

static int
open_sdl(struct window *w)
{
	int code;
	set_hints();
	if (init_sdl() != 0) {
		rd_error("no display for a window (%s): set DISPLAY, or write elsewhere with "
			"--to png:FILE, --to hash", SDL_GetError());
		return RD_EXIT_NO_DISPLAY;
	}
	struct pane *first = pane_open(w, &code);
	if (!first)
		return code;
	w->panes[w->pane_count++] = first;
	window_x11_handle_loss(first->sdl);
	rd_debug("%s window, painted by %s", SDL_GetCurrentVideoDriver(), first->present.ops->name);
	return 0;
}

static void
window_close(struct view *v)
{
	struct window *w = (struct window *)v;
	window_events_close(w);
	window_pointer_close(w);
	window_grab_close(w);
	forward_close(&w->forward);
	cursors_finish(&w->cursors);
	sprite_finish(&w->other_shape);
	window_panes_close(w);
	SDL_Quit();
	free(w);
}

static int
window_open(struct view **out, struct rd_loop *loop, const struct view_config *cfg)
{
	struct window *w = xcalloc(1, sizeof(*w));
	w->view.ops = &view_window;
	w->loop = loop;
	w->cfg = *cfg;
	w->fullscreen = cfg->options->fullscreen;
	forward_open(&w->forward, loop, cfg->host, cfg->ctx);
	window_pointer_open(w);
	window_panes_open(w);
	window_grab_open(w);
	int code = open_sdl(w);
	if (!code && window_events_open(w) != 0) {
		rd_error("cannot wait for the window system");
		code = RD_EXIT_FAILURE;
	}
	if (code) {
		window_close(&w->view);
		return code;
	}
	w->keyboard = cfg->options->keyboard;
	window_keyboard(w, w->keyboard);
	window_title(w);
	*out = &w->view;
	return 0;
}

static void
window_started(struct view *v, bool controls)
{
	struct window *w = (struct window *)v;
	w->controls = controls;
	w->forward.on = controls;
	window_locks_started(w, controls && w->cfg.host->can_locks(w->cfg.ctx));
	window_title(w);
}

static int
window_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct window *w = (struct window *)v;
	(void)f;
	if (im->width != w->im_width || im->height != w->im_height)
		window_panes_picture(w, im->width, im->height);
	for (int i = 0; i < w->pane_count; i++)
		pane_frame(w->panes[i], im, damage);
	return 0;
}

static void
window_monitors(struct view *v)
{
	struct window *w = (struct window *)v;
	if (w->im_width && !w->holding)
		window_panes_settle(w);
}

static void
window_cursor(struct view *v, const struct rd_cursor *c)
{
	struct window *w = (struct window *)v;
	if (w->controls)
		cursors_show(&w->cursors, c);
	window_overlay_shape(w, c);
}

static void
window_pointer(struct view *v, const struct rd_pointer_at *at)
{
	window_overlay_pointer((struct window *)v, at);
}

static void
window_notice(struct view *v, const char *text)
{
	window_overlay_notice(window_front((struct window *)v), text);
}

static int
window_keyboard_now(const struct view *v)
{
	return ((const struct window *)v)->keyboard;
}

static void
window_set_keyboard(struct view *v, int keyboard)
{
	window_keyboard((struct window *)v, keyboard);
}

static void
window_locked(struct view *v, const struct rd_locks *there)
{
	window_locks_told((struct window *)v, *there);
}

/* NULL, or why not. */
static const char *
window_set_relative(struct view *v, bool on)
{
	struct window *w = (struct window *)v;
	if (on && !w->controls)
		return "it is not controlled from here";
	window_relative(w, on);
	return w->relative == on ? NULL : "this window system has no relative pointer";
}

static bool
window_is_relative(const struct view *v)
{
	return ((const struct window *)v)->relative;
}

static void
window_path(struct view *v, const struct rd_path_now *path)
{
	struct window *w = (struct window *)v;
	if (strcmp(w->path, path->text) != 0) {
		memcpy(w->path, path->text, sizeof(w->path));
		window_title(w);
	}
	for (int i = 0; i < w->pane_count; i++)
		window_overlay_figures(w->panes[i]);
}

bool
window_is_x11(const struct view *v)
{
	return window_x11_is(((const struct window *)v)->panes[0]->sdl);
}

static void
window_unheard(struct view *v)
{
	struct window *w = (struct window *)v;
	forward_release_all(&w->forward);
	w->forward.on = w->controls = false;
	window_touch_forget(w);
	window_grab(w, false);
	window_relative(w, false);
	window_overlay_other(w);
	cursors_default();
}

static void
window_hold(struct view *v, const struct view_end *end)
{
	struct window *w = (struct window *)v;
	w->holding = true;
	w->path[0] = '\0';
	window_unheard(v);
	for (int i = 0; i < w->pane_count; i++) {
		if (!w->panes[i]->shown)
			pane_show(w->panes[i], PANE_EMPTY_WIDTH, PANE_EMPTY_HEIGHT);
		window_overlay_end(w->panes[i], end);
	}
}

const struct view_ops view_window = {
	.name = "window",
	.help = "a window",
	.paced = true,
	.open = window_open,
	.started = window_started,
	.frame = window_frame,
	.cursor = window_cursor,
	.pointer = window_pointer,
	.monitors = window_monitors,
	.notice = window_notice,
	.keyboard = window_keyboard_now,
	.set_keyboard = window_set_keyboard,
	.path = window_path,
	.locked = window_locked,
	.set_relative = window_set_relative,
	.is_relative = window_is_relative,
	.unheard = window_unheard,
	.hold = window_hold,
	.close = window_close,
};

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

/* Where there is no picture to take a size from. */
#define EMPTY_WIDTH 640
#define EMPTY_HEIGHT 360

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
	SDL_SetHint(SDL_HINT_APP_NAME, "rd-view");
	SDL_SetHint("SDL_VIDEO_X11_WMCLASS", "rd-view");
}

void
window_title(struct window *w)
{
	const struct options *o = w->cfg.options;
	const char *state = w->controls ? " - Ctrl-Alt-Shift-G grabs the keyboard" : " - view only";
	if (w->holding) {
		state = " - ended";
		w->path[0] = '\0';
	} else if (w->stopped)
		state = " - paused, Space goes on";
	else if (w->grabbed)
		state = " - keyboard grabbed, Ctrl-Alt-Shift-G gives it back";
	/* No dash of another kind: in the C locale SDL gives such a title to nobody. */
	char *title = xasprintf("%s%s%s - rd-view%s", o->title ? o->title : w->cfg.name,
		w->path[0] ? " - " : "", w->path, state);
	SDL_SetWindowTitle(w->sdl, title);
	free(title);
}

void
window_grab(struct window *w, bool on)
{
	w->grabbed = on;
	SDL_SetWindowKeyboardGrab(w->sdl, on ? SDL_TRUE : SDL_FALSE);
	window_title(w);
}

/* What a window manager would do, where none does: over the whole display, or back. */
static void
cover_display(struct window *w, bool on)
{
	SDL_Rect to = w->before;
	int display = SDL_GetWindowDisplayIndex(w->sdl);
	if (on) {
		SDL_GetWindowPosition(w->sdl, &w->before.x, &w->before.y);
		SDL_GetWindowSize(w->sdl, &w->before.w, &w->before.h);
		if (SDL_GetDisplayBounds(display < 0 ? 0 : display, &to) != 0)
			return;
	}
	SDL_SetWindowPosition(w->sdl, to.x, to.y);
	SDL_SetWindowSize(w->sdl, to.w, to.h);
}

void
window_fullscreen(struct window *w, bool on)
{
	bool by_sdl = SDL_GetWindowFlags(w->sdl) & SDL_WINDOW_FULLSCREEN_DESKTOP;
	if (on == w->fullscreen)
		return;
	w->fullscreen = on;
	if (on ? window_x11_has_fullscreen(w->sdl) : by_sdl)
		SDL_SetWindowFullscreen(w->sdl, on ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0);
	else
		cover_display(w, on);
}

/* The desktop without its panels; false: not known. */
static bool
desktop_room(struct window *w, SDL_Rect *room)
{
	int display = SDL_GetWindowDisplayIndex(w->sdl);
	return SDL_GetDisplayUsableBounds(display < 0 ? 0 : display, room) == 0;
}

/* One to one where the desktop has room for it, else as large as fits. */
static void
fit_to_desktop(struct window *w, int *width, int *height)
{
	SDL_Rect room;
	if (!desktop_room(w, &room))
		return;
	if (*width > room.w) {
		*height = (int)((int64_t)*height * room.w / *width);
		*width = room.w;
	}
	if (*height > room.h) {
		*width = (int)((int64_t)*width * room.h / *height);
		*height = room.h;
	}
	*width = *width < 1 ? 1 : *width;
	*height = *height < 1 ? 1 : *height;
}

static int
shifted(int at, int size, int room_at, int room_size)
{
	if (at + size > room_at + room_size)
		at = room_at + room_size - size;
	return at < room_at ? room_at : at;
}

/* A window that has grown stays on the desktop. */
static void
keep_on_desktop(struct window *w, int width, int height)
{
	SDL_Rect room;
	int x, y;
	if (!desktop_room(w, &room))
		return;
	SDL_GetWindowPosition(w->sdl, &x, &y);
	int new_x = shifted(x, width, room.x, room.w);
	int new_y = shifted(y, height, room.y, room.h);
	if (new_x != x || new_y != y)
		SDL_SetWindowPosition(w->sdl, new_x, new_y);
}

/* Over a connection of its own the window appears when there is something to see. */
static void
show_first(struct window *w)
{
	w->shown = true;
	SDL_ShowWindow(w->sdl);
	if (w->cfg.options->fullscreen)
		window_fullscreen(w, true);
	if (w->cfg.options->grab)
		window_grab(w, true);
	if (w->cfg.options->stats)
		window_overlay_stats(w, true);
}

void
window_show(struct window *w, int width, int height)
{
	w->im_width = width;
	w->im_height = height;
	bool keep = w->shown && window_layout_follows(w);
	if (!keep && !w->fullscreen && !(SDL_GetWindowFlags(w->sdl) & SDL_WINDOW_MAXIMIZED)) {
		fit_to_desktop(w, &width, &height);
		SDL_SetWindowSize(w->sdl, width, height);
		if (!w->shown)
			SDL_SetWindowPosition(w->sdl, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED);
		else
			keep_on_desktop(w, width, height);
	}
	if (!w->shown) {
		show_first(w);
		window_layout_shown(w);
	}
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
	const Uint32 flags = SDL_WINDOW_HIDDEN | SDL_WINDOW_RESIZABLE;
	set_hints();
	if (init_sdl() != 0) {
		rd_error("no display for a window (%s): set DISPLAY, or write elsewhere with "
			"--to png:FILE, --to hash", SDL_GetError());
		return RD_EXIT_NO_DISPLAY;
	}
	w->sdl = SDL_CreateWindow("rd-view", SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
		EMPTY_WIDTH, EMPTY_HEIGHT, flags);
	if (!w->sdl) {
		rd_error("no window: %s", SDL_GetError());
		return RD_EXIT_NO_DISPLAY;
	}
	window_x11_handle_loss(w->sdl);
	if (present_open(&w->present, w->sdl, (enum render)w->cfg.options->render) != 0) {
		rd_error("the window cannot be painted: %s", SDL_GetError());
		return RD_EXIT_UNSUPPORTED;
	}
	rd_debug("%s window, painted by %s", SDL_GetCurrentVideoDriver(), w->present.ops->name);
	return 0;
}

static void
window_close(struct view *v)
{
	struct window *w = (struct window *)v;
	window_events_close(w);
	window_layout_close(w);
	window_overlay_close(w);
	forward_close(&w->forward);
	cursors_finish(&w->cursors);
	if (w->present.window)
		present_close(&w->present);
	if (w->sdl)
		SDL_DestroyWindow(w->sdl);
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
	forward_open(&w->forward, loop, cfg->host, cfg->ctx);
	window_layout_open(w);
	window_overlay_open(w);
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
	window_title(w);
}

static int
window_frame(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
	const struct rd_screen_frame *f)
{
	struct window *w = (struct window *)v;
	(void)f;
	if (im->width != w->im_width || im->height != w->im_height)
		window_show(w, im->width, im->height);
	if (present_is_stale(&w->present, im)) {
		present_fit(&w->present, im);
		window_overlay_place(w);
	} else {
		present_damage(&w->present, im, damage);
	}
	window_overlay_frame(w);
	present_flush(&w->present, im);
	return 0;
}

static void
window_cursor(struct view *v, const struct rd_cursor *c)
{
	struct window *w = (struct window *)v;
	if (w->controls)
		cursors_show(&w->cursors, c);
	else
		window_overlay_shape(w, c);
}

static void
window_pointer(struct view *v, const struct rd_pointer_at *at)
{
	struct window *w = (struct window *)v;
	if (!w->controls)
		window_overlay_pointer(w, at);
}

static void
window_notice(struct view *v, const char *text)
{
	window_overlay_notice((struct window *)v, text);
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
window_path(struct view *v, const struct rd_path_now *path)
{
	struct window *w = (struct window *)v;
	if (strcmp(w->path, path->text) != 0) {
		memcpy(w->path, path->text, sizeof(w->path));
		window_title(w);
	}
	window_overlay_figures(w);
}

bool
window_is_x11(const struct view *v)
{
	return window_x11_fd(((const struct window *)v)->sdl) >= 0;
}

static void
window_hold(struct view *v, const struct view_end *end)
{
	struct window *w = (struct window *)v;
	w->holding = true;
	forward_release_all(&w->forward);
	w->forward.on = w->controls = false;
	window_grab(w, false);
	SDL_SetRelativeMouseMode(SDL_FALSE);
	cursors_default();
	if (!w->shown)
		window_show(w, EMPTY_WIDTH, EMPTY_HEIGHT);
	window_overlay_end(w, end);
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
	.notice = window_notice,
	.keyboard = window_keyboard_now,
	.set_keyboard = window_set_keyboard,
	.path = window_path,
	.hold = window_hold,
	.close = window_close,
};

#include <unistd.h>

#include <SDL_syswm.h>
#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>

#include "base/exit.h"
#include "base/log.h"
#include "media/input.h"
#include "rd-view/window_x11.h"

/* X's keycodes are Linux's key numbers and 8, since Xorg's evdev driver. */
#define KEYCODE_OFFSET 8

static Display *
display_of(SDL_Window *w)
{
	SDL_SysWMinfo info;
	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(w, &info) || info.subsystem != SDL_SYSWM_X11)
		return NULL;
	return info.info.x11.display;
}

int
window_x11_fd(SDL_Window *w)
{
	Display *d = display_of(w);
	return d ? ConnectionNumber(d) : -1;
}

/* Control, Alt and Super make a command of a key, and not another key. */
static uint32_t
name_of(Display *d, unsigned keycode, unsigned state)
{
	unsigned unused;
	KeySym sym = NoSymbol;
	XkbLookupKeySym(d, (KeyCode)keycode, state & ~(unsigned)(ControlMask | Mod1Mask | Mod4Mask),
		&unused, &sym);
	return (uint32_t)sym;
}

bool
window_x11_is(SDL_Window *w)
{
	return display_of(w) != NULL;
}

uint32_t
window_x11_name_now(SDL_Window *w, uint16_t code)
{
	Display *d = display_of(w);
	XkbStateRec now;
	if (!d || !code || XkbGetState(d, XkbUseCoreKbd, &now) != Success)
		return 0;
	return name_of(d, code + KEYCODE_OFFSET, XkbBuildCoreState(now.mods, now.group));
}

/* As SDL finds out itself, which drops what controls something (2.26). */
static bool
types(XKeyEvent e)
{
	char text[32];
	KeySym name = NoSymbol;
	int n = e.type == KeyPress ? XLookupString(&e, text, sizeof(text), &name, NULL) : 0;
	if (n > 0)
		return (unsigned char)text[0] >= ' ' && text[0] != 0x7f;
	/* It knows Latin-1 alone, and SDL asks for UTF-8. */
	return rd_keysym_to_unicode((uint32_t)name) > 0;
}

bool
window_x11_key(const SDL_SysWMmsg *event, struct window_x11_key *key)
{
	const XKeyEvent *e = &event->msg.x11.event.xkey;
	*key = (struct window_x11_key){.down = e->type == KeyPress};
	if (event->subsystem != SDL_SYSWM_X11 || (e->type != KeyPress && e->type != KeyRelease))
		return false;
	/* That has keycode 0, and the time of the last of them; texts of a server have none. */
	key->composed = e->keycode == 0 && e->time != 0;
	if (e->keycode <= KEYCODE_OFFSET)
		return false;
	key->code = (uint16_t)(e->keycode - KEYCODE_OFFSET);
	key->name = name_of(e->display, e->keycode, e->state);
	key->types = types(*e);
	return true;
}

bool
window_x11_grab(SDL_Window *w)
{
	SDL_SysWMinfo info;
	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(w, &info) || info.subsystem != SDL_SYSWM_X11)
		return true;
	return XGrabKeyboard(info.info.x11.display, info.info.x11.window, True, GrabModeAsync,
		GrabModeAsync, CurrentTime) == GrabSuccess;
}

bool
window_x11_tells_keys(const SDL_SysWMmsg *event)
{
	return event->subsystem == SDL_SYSWM_X11 && event->msg.x11.event.type == KeymapNotify;
}

/* In the order of RD_LOCK_*. A keyboard need not have each of them. */
static struct rd_locks
locks_among(Display *d, unsigned locked)
{
	static const KeySym sym[RD_LOCK_COUNT] = {XK_Caps_Lock, XK_Num_Lock, XK_Scroll_Lock};
	struct rd_locks locks = {0};
	for (int i = 0; i < RD_LOCK_COUNT; i++) {
		unsigned mods = XkbKeysymToModifiers(d, sym[i]);
		locks.known |= (uint8_t)(mods ? 1u << i : 0);
		locks.on |= (uint8_t)(mods & locked ? 1u << i : 0);
	}
	return locks;
}

bool
window_x11_locks(SDL_Window *w, struct rd_locks *now)
{
	Display *d = display_of(w);
	XkbStateRec state;
	if (!d || XkbGetState(d, XkbUseCoreKbd, &state) != Success)
		return false;
	*now = locks_among(d, state.locked_mods);
	return true;
}

void
window_x11_watch_locks(SDL_Window *w)
{
	Display *d = display_of(w);
	/* Beside what SDL wants to know, which is the layout. */
	if (d)
		XkbSelectEventDetails(d, XkbUseCoreKbd, XkbStateNotify, XkbModifierLockMask,
			XkbModifierLockMask);
}

bool
window_x11_locks_changed(SDL_Window *w, const SDL_SysWMmsg *event, struct rd_locks *now,
	uint16_t *code)
{
	Display *d = display_of(w);
	int opcode, base, error, major = XkbMajorVersion, minor = XkbMinorVersion;
	if (!d || event->subsystem != SDL_SYSWM_X11 ||
			!XkbQueryExtension(d, &opcode, &base, &error, &major, &minor))
		return false;
	const XkbEvent *e = (const XkbEvent *)&event->msg.x11.event;
	if (e->type != base || e->any.xkb_type != XkbStateNotify || !(e->state.changed & XkbModifierLockMask))
		return false;
	*now = locks_among(d, e->state.locked_mods);
	bool pressed = e->state.event_type == KeyPress && e->state.keycode > KEYCODE_OFFSET;
	*code = pressed ? (uint16_t)(e->state.keycode - KEYCODE_OFFSET) : 0;
	return true;
}

bool
window_x11_dragged(const SDL_SysWMmsg *event, int *x, int *y)
{
	const XEvent *e = &event->msg.x11.event;
	if (event->subsystem != SDL_SYSWM_X11 || (e->type != MotionNotify && e->type != ButtonRelease))
		return false;
	*x = e->type == MotionNotify ? e->xmotion.x_root : e->xbutton.x_root;
	*y = e->type == MotionNotify ? e->xmotion.y_root : e->xbutton.y_root;
	return true;
}

bool
window_x11_has_fullscreen(SDL_Window *w)
{
	Display *d = display_of(w);
	if (!d)
		return true;
	Atom wanted = XInternAtom(d, "_NET_WM_STATE_FULLSCREEN", False);
	Atom *supported = NULL, type;
	unsigned long count = 0, left;
	int format;
	bool found = false;
	/* 1024 words: more atoms than any window manager names. */
	XGetWindowProperty(d, DefaultRootWindow(d), XInternAtom(d, "_NET_SUPPORTED", False), 0, 1024,
		False, XA_ATOM, &type, &format, &count, &left, (unsigned char **)&supported);
	for (unsigned long i = 0; supported && format == 32 && i < count; i++)
		found |= supported[i] == wanted;
	if (supported)
		XFree(supported);
	return found;
}

static int
ignore(Display *d, XErrorEvent *e)
{
	(void)d, (void)e;
	return 0;
}

/* Who had it may be gone by now. */
static void
give_back(Display *d, Window had, int revert)
{
	XErrorHandler before = XSetErrorHandler(ignore);
	XSetInputFocus(d, had, revert, CurrentTime);
	XSync(d, False);
	XSetErrorHandler(before);
}

void
window_x11_show_quietly(SDL_Window *w)
{
	const unsigned long never = 0;
	Window had, has;
	int revert, unused;
	SDL_SysWMinfo info;
	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(w, &info) || info.subsystem != SDL_SYSWM_X11) {
		SDL_ShowWindow(w);
		return;
	}
	Display *d = info.info.x11.display;
	/* A window manager gives it no keyboard then; where there is none SDL does. */
	XChangeProperty(d, info.info.x11.window, XInternAtom(d, "_NET_WM_USER_TIME", False), XA_CARDINAL,
		32, PropModeReplace, (const unsigned char *)&never, 1);
	XGetInputFocus(d, &had, &revert);
	SDL_ShowWindow(w);
	XGetInputFocus(d, &has, &unused);
	if (has == info.info.x11.window && had != has)
		give_back(d, had, revert);
}

/* Xlib calls exit() itself when this returns; nothing of ours is half written. */
static int
on_loss(Display *d)
{
	(void)d;
	rd_error("the X server is gone");
	_exit(RD_EXIT_NO_DISPLAY);
}

void
window_x11_handle_loss(SDL_Window *w)
{
	if (display_of(w))
		XSetIOErrorHandler(on_loss);
}

#include <unistd.h>

#include <SDL_syswm.h>
#include <X11/XKBlib.h>
#include <X11/Xatom.h>
#include <X11/Xlib.h>

#include "base/exit.h"
#include "base/log.h"
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

uint32_t
window_x11_keysym(SDL_Window *w, uint16_t code)
{
	Display *d = display_of(w);
	XkbStateRec now;
	if (!d || !code || XkbGetState(d, XkbUseCoreKbd, &now) != Success)
		return 0;
	unsigned mods = now.mods & ~(unsigned)(ControlMask | Mod1Mask | Mod4Mask);
	unsigned unused;
	KeySym sym = NoSymbol;
	XkbLookupKeySym(d, (KeyCode)(code + KEYCODE_OFFSET), XkbBuildCoreState(mods, now.group),
		&unused, &sym);
	return (uint32_t)sym;
}

uint16_t
window_x11_released(const SDL_SysWMmsg *event)
{
	const XEvent *e = &event->msg.x11.event;
	if (event->subsystem != SDL_SYSWM_X11 || e->type != KeyRelease)
		return 0;
	return e->xkey.keycode > KEYCODE_OFFSET ? (uint16_t)(e->xkey.keycode - KEYCODE_OFFSET) : 0;
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

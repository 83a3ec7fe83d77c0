/*
 * A window as large as the screen that takes the focus and prints what
 * arrives, a line an event, until SIGTERM:
 *
 *	ready
 *	key 38 down 0x61 state 0x0 text a
 *	key 38 up
 *	button 1 down at 10 20 state 0x0
 *	button 1 up
 *	motion 10 20
 *
 * Text is what an ordinary Xlib program makes of the key; what it composes of
 * dead keys comes as keycode 0. What the server repeats says "repeat" for
 * "down".
 */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <X11/XKBlib.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>

static volatile sig_atomic_t over;

static void
on_term(int sig)
{
	(void)sig;
	over = 1;
}

struct keys {
	Display *dpy;
	Window window;
	XIM im;
	XIC ic;
	bool held[256];
};

static void
open_window(struct keys *k)
{
	XSetWindowAttributes attr = {
		.override_redirect = True,
		.event_mask = KeyPressMask | KeyReleaseMask | ButtonPressMask | ButtonReleaseMask |
			PointerMotionMask | ExposureMask,
	};
	int screen = DefaultScreen(k->dpy);

	k->window = XCreateWindow(k->dpy, DefaultRootWindow(k->dpy), 0, 0,
		(unsigned)DisplayWidth(k->dpy, screen), (unsigned)DisplayHeight(k->dpy, screen), 0,
		CopyFromParent, InputOutput, CopyFromParent,
		CWOverrideRedirect | CWEventMask, &attr);
	XStoreName(k->dpy, k->window, "xkeys");
	k->im = XOpenIM(k->dpy, NULL, NULL, NULL);
	if (k->im)
		k->ic = XCreateIC(k->im, XNInputStyle, XIMPreeditNothing | XIMStatusNothing,
			XNClientWindow, k->window, NULL);
	XkbSetDetectableAutoRepeat(k->dpy, True, NULL);
	XMapRaised(k->dpy, k->window);
}

static void
take_focus(struct keys *k)
{
	XSetInputFocus(k->dpy, k->window, RevertToPointerRoot, CurrentTime);
	if (k->ic)
		XSetICFocus(k->ic);
	XSync(k->dpy, False);
	puts("ready");
}

static void
print_press(struct keys *k, XKeyEvent *e, bool filtered)
{
	char text[64] = "";
	KeySym keysym = NoSymbol;
	Status status = XLookupNone;
	int n = 0;

	if (k->ic && !filtered)
		n = Xutf8LookupString(k->ic, e, text, sizeof(text) - 1, &keysym, &status);
	else
		XLookupString(e, NULL, 0, &keysym, NULL);
	text[n > 0 && status != XBufferOverflow ? n : 0] = '\0';
	printf("key %u %s 0x%lx state 0x%x text ", e->keycode,
		k->held[e->keycode & 255] ? "repeat" : "down", keysym, e->state);
	for (const char *p = text; *p; p++)
		printf((unsigned char)*p < ' ' || *p == 0x7f ? "\\x%02x" : "%c", (unsigned char)*p);
	putchar('\n');
	if (e->keycode)
		k->held[e->keycode & 255] = true;
}

static void
print_event(struct keys *k, XEvent *e)
{
	bool filtered = XFilterEvent(e, None);

	switch (e->type) {
	case Expose:
		if (e->xexpose.count == 0)
			take_focus(k);
		break;
	case MappingNotify:
		XRefreshKeyboardMapping(&e->xmapping);
		break;
	case KeyPress:
		print_press(k, &e->xkey, filtered);
		break;
	case KeyRelease:
		k->held[e->xkey.keycode & 255] = false;
		printf("key %u up\n", e->xkey.keycode);
		break;
	case ButtonPress:
		printf("button %u down at %d %d state 0x%x\n", e->xbutton.button,
			e->xbutton.x_root, e->xbutton.y_root, e->xbutton.state);
		break;
	case ButtonRelease:
		printf("button %u up\n", e->xbutton.button);
		break;
	case MotionNotify:
		printf("motion %d %d\n", e->xmotion.x_root, e->xmotion.y_root);
		break;
	}
}

static void
run(struct keys *k, const sigset_t *during)
{
	struct pollfd pfd = {.fd = ConnectionNumber(k->dpy), .events = POLLIN};
	XEvent e;

	while (!over) {
		while (XPending(k->dpy)) {
			XNextEvent(k->dpy, &e);
			print_event(k, &e);
		}
		fflush(stdout);
		ppoll(&pfd, 1, NULL, during);
	}
}

int
main(void)
{
	struct sigaction act = {.sa_handler = on_term};
	struct keys k = {0};
	sigset_t term, before;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	sigaction(SIGTERM, &act, NULL);
	setlocale(LC_ALL, "C.UTF-8");
	XSetLocaleModifiers("@im=none");
	k.dpy = XOpenDisplay(NULL);
	if (!k.dpy) {
		fprintf(stderr, "xkeys: no display\n");
		return 1;
	}
	open_window(&k);
	run(&k, &before);
	if (k.ic)
		XDestroyIC(k.ic);
	if (k.im)
		XCloseIM(k.im);
	XCloseDisplay(k.dpy);
	return 0;
}

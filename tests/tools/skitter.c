/*
 * A window of one colour that nothing else has, f13ca7, and that is nowhere for long:
 * until SIGTERM it does as fast as it can what its first argument says.
 *
 *	skitter move	one window is moved, resized, raised, unmapped and mapped
 *	skitter come	a window is made, mapped, moved and destroyed, and the next one
 *	skitter name	one window has the colour only while its title says so
 *	skitter menu	the window rests, and menus of its program come and go
 *	skitter late	likewise, but they are made as windows of their own, and made
 *			menus when they have been looked at
 *	skitter gone	likewise, upon a window without a background: at each SIGUSR1 a menu
 *			comes and goes, and "gone" is printed
 *	skitter title	the window rests, and its title changes
 *	skitter rest	the window rests, and the colour with it
 *	skitter paint	no such window: all the screen behind others is painted over
 *			and over, in other colours, so that all of it is fetched
 *
 * With a second argument it rests so many microseconds after each step.
 * Its title is "skitter secret", its class "Secret". It prints "window NUMBER" once
 * it is there, and every 1000 steps "steps N".
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>

#define COLOUR 0xf13ca7
#define OTHER 0x306030
#define SIDE 40
#define STRIDE 41

static volatile sig_atomic_t over;

static void
on_signal(int sig)
{
	if (sig == SIGTERM)
		over = 1;
}

struct skitter {
	Display *dpy;
	Window window, menu;
	Bool open;		/* the menu is mapped */
	int width, height;	/* of the screen */
	int x, y;		/* where the window goes next: every place in turn */
	uint32_t dice;
};

/* The same in every run: Marsaglia's xorshift. */
static unsigned
roll(struct skitter *s, unsigned sides)
{
	s->dice ^= s->dice << 13;
	s->dice ^= s->dice >> 17;
	s->dice ^= s->dice << 5;
	return s->dice % sides;
}

static void
go_on(struct skitter *s)
{
	s->x += STRIDE;
	if (s->x > s->width) {
		s->x = -SIDE / 2;
		s->y += STRIDE;
	}
	if (s->y > s->height)
		s->y = -SIDE / 2;
}

static void
move(struct skitter *s, Window w)
{
	go_on(s);
	XMoveWindow(s->dpy, w, s->x, s->y);
}

static Window
make(struct skitter *s, unsigned long colour, Bool bare)
{
	XSetWindowAttributes attr = {.background_pixel = colour, .override_redirect = bare};
	return XCreateWindow(s->dpy, DefaultRootWindow(s->dpy), 30, 40, SIDE, SIDE, 0, CopyFromParent,
		InputOutput, CopyFromParent, CWBackPixel | CWOverrideRedirect, &attr);
}

static Window
make_named(struct skitter *s, const char *title, unsigned long colour)
{
	char name[] = "skitter", kind[] = "Secret";
	XClassHint class = {name, kind};
	Window w = make(s, colour, False);
	XStoreName(s->dpy, w, title);
	XSetClassHint(s->dpy, w, &class);
	return w;
}

static void
step_move(struct skitter *s)
{
	switch (roll(s, 40)) {
	case 0:
		XUnmapWindow(s->dpy, s->window);
		break;
	case 1:
		XMapRaised(s->dpy, s->window);
		break;
	case 2:
		XResizeWindow(s->dpy, s->window, 10 + roll(s, SIDE), 10 + roll(s, SIDE));
		break;
	default:
		XMapWindow(s->dpy, s->window);
		move(s, s->window);
	}
}

static void
step_come(struct skitter *s)
{
	if (roll(s, 4) == 0 && s->window) {
		XDestroyWindow(s->dpy, s->window);
		s->window = 0;
	} else if (!s->window) {
		s->window = make_named(s, "skitter secret", COLOUR);
		XMapRaised(s->dpy, s->window);
	} else {
		move(s, s->window);
	}
}

/* The secret is there after the title, and goes before it. */
static void
step_name(struct skitter *s)
{
	XStoreName(s->dpy, s->window, "skitter secret");
	XSetWindowBackground(s->dpy, s->window, COLOUR);
	XClearWindow(s->dpy, s->window);
	move(s, s->window);
	XSetWindowBackground(s->dpy, s->window, OTHER);
	XClearWindow(s->dpy, s->window);
	XStoreName(s->dpy, s->window, "skitter, nothing special");
}

static void
step_menu(struct skitter *s)
{
	if (roll(s, 3) == 0 && s->menu) {
		XDestroyWindow(s->dpy, s->menu);
		s->menu = 0;
	} else if (!s->menu) {
		s->menu = make(s, COLOUR, True);
		move(s, s->menu);
		XMapRaised(s->dpy, s->menu);
	} else {
		XUnmapWindow(s->dpy, s->menu);
		move(s, s->menu);
		XMapRaised(s->dpy, s->menu);
	}
}

static void
step_late(struct skitter *s)
{
	XSetWindowAttributes attr = {.override_redirect = True};
	if (!s->menu) {
		s->menu = make(s, COLOUR, False);
	} else if (!s->open) {
		XChangeWindowAttributes(s->dpy, s->menu, CWOverrideRedirect, &attr);
		move(s, s->menu);
		XMapRaised(s->dpy, s->menu);
		s->open = True;
	} else {
		XDestroyWindow(s->dpy, s->menu);
		s->menu = 0;
		s->open = False;
	}
}

/* What was seen of it stays on the screen. */
static void
step_gone(struct skitter *s)
{
	pause();
	Window menu = make(s, COLOUR, True);
	XMoveWindow(s->dpy, menu, 200, 150);
	XMapRaised(s->dpy, menu);
	XSync(s->dpy, False);
	XDestroyWindow(s->dpy, menu);
	XSync(s->dpy, False);
	puts("gone");
	fflush(stdout);
}

static void
make_bare(struct skitter *s)
{
	XSetWindowAttributes attr = {.background_pixmap = None};
	Window w = XCreateWindow(s->dpy, DefaultRootWindow(s->dpy), 100, 100, 400, 300, 0, CopyFromParent,
		InputOutput, CopyFromParent, CWBackPixmap, &attr);
	XMapWindow(s->dpy, w);
}

static void
step_title(struct skitter *s)
{
	char title[32];
	snprintf(title, sizeof(title), "skitter secret %u", roll(s, 1000));
	XStoreName(s->dpy, s->window, title);
}

static void
step_rest(struct skitter *s)
{
	(void)s;
	pause();
}

static void
step_paint(struct skitter *s)
{
	XSetWindowBackground(s->dpy, s->window, 0x100000 + roll(s, 0x300000));
	XClearWindow(s->dpy, s->window);
}

static const struct {
	const char *name;
	void (*step)(struct skitter *s);
} ways[] = {
	{"move", step_move}, {"come", step_come}, {"name", step_name}, {"menu", step_menu},
	{"late", step_late}, {"gone", step_gone}, {"title", step_title},
	{"rest", step_rest}, {"paint", step_paint},
};

int
main(int argc, char **argv)
{
	struct skitter s = {.dpy = XOpenDisplay(NULL), .dice = 2463534242u};
	void (*step)(struct skitter *s) = NULL;
	for (size_t i = 0; argc >= 2 && i < sizeof(ways) / sizeof(*ways); i++) {
		if (strcmp(ways[i].name, argv[1]) == 0)
			step = ways[i].step;
	}
	if (!step || !s.dpy) {
		fputs(step ? "skitter: no display\n" : "usage: skitter move|come|name|menu|late|gone|title|rest|paint [MICROSECONDS]\n", stderr);
		return 2;
	}
	unsigned pause_us = argc > 2 ? (unsigned)atoi(argv[2]) : 0;
	struct sigaction act = {.sa_handler = on_signal};
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	s.width = DisplayWidth(s.dpy, DefaultScreen(s.dpy));
	s.height = DisplayHeight(s.dpy, DefaultScreen(s.dpy));
	if (step == step_paint) {
		s.window = make(&s, OTHER, False);
		XMoveResizeWindow(s.dpy, s.window, 0, 0, (unsigned)s.width, (unsigned)s.height);
		XLowerWindow(s.dpy, s.window);
	} else {
		s.window = make_named(&s, "skitter secret", step == step_name ? OTHER : COLOUR);
		XRaiseWindow(s.dpy, s.window);
	}
	if (step == step_gone)
		make_bare(&s);
	XMapWindow(s.dpy, s.window);
	XSync(s.dpy, False);
	printf("window %lu\n", s.window);
	fflush(stdout);
	for (unsigned long n = 1; !over; n++) {
		step(&s);
		/* Not further ahead of the server than that. */
		if (n % 8 == 0 || pause_us)
			XSync(s.dpy, True);
		if (pause_us)
			usleep(pause_us);
		if (n % 1000 == 0) {
			printf("steps %lu\n", n);
			fflush(stdout);
		}
	}
	XCloseDisplay(s.dpy);
	return 0;
}

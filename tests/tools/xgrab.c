/*
 * Has all keys of a display, as a window manager's menu has; says "ready" when it does,
 * and gives them back when it is ended.
 */
#include <stdio.h>
#include <unistd.h>

#include <X11/Xlib.h>

int
main(void)
{
	Display *dpy = XOpenDisplay(NULL);
	if (!dpy || XGrabKeyboard(dpy, DefaultRootWindow(dpy), False, GrabModeAsync, GrabModeAsync,
			CurrentTime) != GrabSuccess)
		return 2;
	XSync(dpy, False);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

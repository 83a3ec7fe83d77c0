/*
 * xclose WINDOW: what a window manager does when somebody clicks on the button that
 * closes a window.
 */
#include <stdlib.h>

#include <X11/Xlib.h>

int
main(int argc, char **argv)
{
	Display *dpy = XOpenDisplay(NULL);
	if (!dpy || argc != 2)
		return 2;
	XEvent e = {.xclient = {
		.type = ClientMessage,
		.window = strtoul(argv[1], NULL, 0),
		.message_type = XInternAtom(dpy, "WM_PROTOCOLS", False),
		.format = 32,
		.data.l = {(long)XInternAtom(dpy, "WM_DELETE_WINDOW", False), CurrentTime},
	}};
	XSendEvent(dpy, e.xclient.window, False, NoEventMask, &e);
	XCloseDisplay(dpy);
	return 0;
}

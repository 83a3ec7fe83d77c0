/*
 * xgrab: takes the keyboard for itself, as an open menu and a screen lock do.
 * xgrab KEYSYM: that key with Control, Alt and Shift, as a window manager does.
 * Says so on stdout, and a line for each key that goes down, until it is killed.
 */
#include <stdio.h>

#include <X11/Xlib.h>

int
main(int argc, char **argv)
{
	Display *dpy = XOpenDisplay(NULL);
	XEvent e;
	if (!dpy || argc > 2)
		return 2;
	Window root = DefaultRootWindow(dpy);
	if (argc == 2)
		XGrabKey(dpy, XKeysymToKeycode(dpy, XStringToKeysym(argv[1])),
			ControlMask | Mod1Mask | ShiftMask, root, False, GrabModeAsync, GrabModeAsync);
	else if (XGrabKeyboard(dpy, root, False, GrabModeAsync, GrabModeAsync, CurrentTime) != GrabSuccess)
		return 1;
	XSync(dpy, False);
	for (const char *word = "grabbed";; word = "key") {
		puts(word);
		fflush(stdout);
		do
			XNextEvent(dpy, &e);
		while (e.type != KeyPress);
	}
}

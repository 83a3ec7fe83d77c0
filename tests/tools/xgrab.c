/*
 * xgrab: has all keys of a display, as a window manager's menu and a screen lock have.
 * xgrab KEYSYM: that key with Control, Alt and Shift, as a window manager has its own.
 * Says "ready" when it does, and gives them back when it is ended.
 */
#include <stdio.h>
#include <unistd.h>

#include <X11/Xlib.h>

int
main(int argc, char **argv)
{
	Display *dpy = XOpenDisplay(NULL);
	if (!dpy)
		return 2;
	Window root = DefaultRootWindow(dpy);
	if (argc == 2)
		XGrabKey(dpy, XKeysymToKeycode(dpy, XStringToKeysym(argv[1])),
			ControlMask | Mod1Mask | ShiftMask, root, False, GrabModeAsync, GrabModeAsync);
	else if (XGrabKeyboard(dpy, root, False, GrabModeAsync, GrabModeAsync, CurrentTime) != GrabSuccess)
		return 2;
	XSync(dpy, False);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

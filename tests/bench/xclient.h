#ifndef BENCH_XCLIENT_H
#define BENCH_XCLIENT_H

#include <stdint.h>

#include <xcb/xcb.h>

/* A client of one of the two X servers. Failures end the program. */
struct xclient {
	xcb_connection_t *c;
	xcb_window_t root;
	xcb_window_t window;
	xcb_gcontext_t gc;
};

void xclient_open(struct xclient *x, const char *display);
void xclient_close(struct xclient *x);
/* A window in front of all others and without a window manager; waits until it is there. */
void xclient_window(struct xclient *x, int left, int top, int width, int height);
/* Draws at once, as far as a client can. */
void xclient_fill(struct xclient *x, int left, int top, int width, int height, uint32_t colour);
/* Keys go to our window, or without one to the largest of the screen. */
void xclient_focus(struct xclient *x);
/* Presses and lets go a key of the server's keyboard (XTEST). */
void xclient_key(struct xclient *x, uint8_t keycode);
/* The keycode that has this keysym without modifiers. */
uint8_t xclient_keycode(struct xclient *x, uint32_t keysym);
/* Whether a key was pressed in our window since; reads what has come. */
int xclient_pressed(struct xclient *x);

#endif

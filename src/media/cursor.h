#ifndef RD_MEDIA_CURSOR_H
#define RD_MEDIA_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

/* Largest pointer shape we take, pixels each way. */
#define RD_CURSOR_MAX 256

/* A pointer shape. `pixels` is w*h*4 bytes, BGRA with premultiplied alpha. */
struct rd_cursor {
	int width, height;	/* 0 x 0: no pointer is shown */
	int hot_x, hot_y;	/* the pixel that points, inside the shape */
	const uint8_t *pixels;	/* borrowed */
};

#endif

#ifndef RD_DESKTOP_X11_FORMAT_H
#define RD_DESKTOP_X11_FORMAT_H

#include <stddef.h>

#include "desktop/x11.h"

/* How a server lays out pixels, and how they become BGRX. */
struct rd_x11_format {
	unsigned bpp;		/* bits a pixel */
	unsigned pad;		/* rows are a multiple of so many bytes */
	uint32_t plane_mask;	/* for GetImage: the bits that are colour */
	bool direct;		/* it is BGRX already */
	void (*convert)(const uint8_t *from, size_t stride, uint8_t *to, int w, int h);
};

/* -ENOTSUP with *why for what we cannot read. */
int rd_x11_format_find(struct rd_x11_format *f, const struct rd_x11 *x, xcb_visualid_t visual,
	uint8_t depth, char **why);
/* Bytes of a row of w pixels. */
size_t rd_x11_format_stride(const struct rd_x11_format *f, int w);

#endif

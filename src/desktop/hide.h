#ifndef RD_DESKTOP_HIDE_H
#define RD_DESKTOP_HIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "media/rect.h"

/*
 * What of a desktop is never captured: rectangles, and windows by what they are
 * called. Where it lies is painted in one colour, by us, in a picture into which the
 * pixels beneath were never fetched.
 */
#define RD_HIDE_MAX 64
#define RD_HIDE_COLOUR 0x00404040u	/* of BGRX, as a word */

struct rd_hide_window {
	uint32_t id;		/* X's number; 0: by its text */
	const char *text;	/* borrowed; a part of the title, or … */
	bool class;		/* … one of the two names of its class */
};

struct rd_hide {
	struct rd_rect rect[RD_HIDE_MAX];	/* in the desktop's pixels */
	int rects;
	struct rd_hide_window window[RD_HIDE_MAX];
	int windows;
	bool strict;		/* a rectangle beyond the screen is a mistake */
};

/*
 * Add what a person wrote: "WIDTHxHEIGHT+X+Y"; a window's number, a part of its title,
 * or "class:NAME". 0, or -EINVAL with *error, a static sentence. They have the form of
 * an option's `set` (base/opt.h), and `hide` is a struct rd_hide.
 */
int rd_hide_add_rect(void *hide, const char *text, const char **error);
int rd_hide_add_window(void *hide, const char *text, const char **error);
bool rd_hide_any(const struct rd_hide *h);

/* What a window says of itself; bytes as they came, NULL and 0 where it says nothing. */
struct rd_hide_look {
	struct { const char *data; size_t len; } title[2], class;
	bool cut;	/* a title goes on where this one ends */
};
/*
 * Whether a window that looks so is to be hidden, whatever its number. Capital and small letters of ASCII
 * are one, and of a title that is not known whole the rest is taken to match: here a
 * window too many is better than one too few.
 */
bool rd_hide_matches(const struct rd_hide *h, const struct rd_hide_look *look);

/* What becomes of a picture's damage. */
struct rd_hide_parts {
	pixman_region32_t fetched;	/* from the server: nothing hidden is in it */
	pixman_region32_t solid;	/* painted by us */
	pixman_region32_t owed;		/* left for the next picture: it would be too many rectangles */
};
void rd_hide_parts_init(struct rd_hide_parts *p);
void rd_hide_parts_finish(struct rd_hide_parts *p);
/*
 * Divides what is wanted. What is fetched is joined to about `few` rectangles first, and
 * may be more than is wanted; then nothing has more than `max`. `whole`: `wanted` is all of a
 * picture, which the two have to cover.
 */
void rd_hide_split(struct rd_hide_parts *p, const pixman_region32_t *wanted,
	const pixman_region32_t *hidden, bool whole, int few, int max);

#endif

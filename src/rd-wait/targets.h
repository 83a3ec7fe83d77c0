#ifndef RD_WAIT_TARGETS_H
#define RD_WAIT_TARGETS_H

#include <stdio.h>

#include "media/find.h"
#include "rd-wait/options.h"

/*
 * What is waited for, and what of it is there. Pure but for the files of images,
 * which are opened before confinement and read after it: pictures, texts
 * and the time are handed in. The first of several, in the order of the command
 * line, counts.
 */
struct targets {
	const struct options *o;
	FILE *file[TARGETS_MAX];
	struct rd_needle *needle[TARGETS_MAX];
	int tolerance;		/* of 255 */
	pixman_region32_t ignored;
	struct rd_image first, last; /* pictures, where something asks for them */
	int width, height;	/* of the picture; 0: there was none */
	uint64_t changed_ns;	/* when something changed that is to be still */
};

/* 0, or an exit code after saying why; close it in both cases. */
int targets_open(struct targets *t, const struct options *o);
int targets_load(struct targets *t);
void targets_close(struct targets *t);

/* One that is met: its number, or -1; *at is where. `damage` NULL: everything. */
int targets_frame(struct targets *t, const struct rd_image *im, const pixman_region32_t *damage,
	uint64_t now_ns, struct rd_rect *at);
/* The same for the time alone; when that can be is targets_due, or UINT64_MAX. */
int targets_time(const struct targets *t, uint64_t now_ns, struct rd_rect *at);
uint64_t targets_due(const struct targets *t);
/* The same for what was read of `part`, made larger by `scale`. */
int targets_text(const struct targets *t, const char *tsv, size_t len, struct rd_rect part,
	int scale, struct rd_rect *at);
/* Whether a text is waited for. */
bool targets_want_text(const struct targets *t);
/* Where images and texts may be. */
struct rd_rect targets_area(const struct targets *t);

/* A region that has no pixel of that picture, in which nothing will come; false: there is none. */
bool targets_outside(const struct targets *t, const struct rd_image *im, struct rd_rect *region);

/* The image that is nearest to be seen: its number, or -1; off of `of` pixels differ. */
int targets_nearest(const struct targets *t, const struct rd_image *im, struct rd_rect *at,
	int64_t *off, int64_t *of);

#endif

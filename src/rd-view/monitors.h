#ifndef RD_VIEW_MONITORS_H
#define RD_VIEW_MONITORS_H

#include <stdbool.h>
#include <stddef.h>

#include "media/monitor.h"

/*
 * Which monitors of the desktop are to be seen: those there are, what the person
 * wants, and the parts of the picture that come of both. Pure.
 */
#define MONITORS_SHOWN_MAX 16	/* beside each other */

struct monitors {
	bool told;			/* the peer has said which there are */
	struct rd_monitors there;
	char wanted[RD_MONITOR_NAME_MAX + 1]; /* "all", "each", "primary", a name, a number */
	unsigned choices;		/* how often that was said */
};

struct monitor_part {
	const struct rd_monitor *of;	/* NULL: all of the picture */
	struct rd_rect rect;		/* of the picture, and in it */
};

/* False: no monitor is called that. */
bool monitors_want(struct monitors *m, const char *wanted);
bool monitors_want_each(const struct monitors *m);
/* Whether a single one is wanted, there or not. */
bool monitors_want_one(const struct monitors *m);
/* That one; NULL: it is not there, or all or each are wanted. A name goes before a number. */
const struct rd_monitor *monitors_one(const struct monitors *m);
/*
 * What to show of a picture of that size, at least one part: all of it where what is
 * wanted is not there. Of mirrored monitors the first counts, and one that lies
 * outside the picture does not.
 */
int monitors_parts(const struct monitors *m, int width, int height,
	struct monitor_part out[static MONITORS_SHOWN_MAX]);
/* "1 DP-1, 2 HDMI-1", as they are called here; what does not fit is left out. */
void monitors_list(const struct monitors *m, char *out, size_t cap);

#endif

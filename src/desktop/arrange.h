#ifndef RD_DESKTOP_ARRANGE_H
#define RD_DESKTOP_ARRANGE_H

#include "media/rect.h"

/* More monitors than that are not arranged. */
#define RD_ARRANGE_MAX 32

/*
 * Monitors lie side by side, and get other sizes: they go where they were as seen from
 * their neighbours. None covers one that it did not cover before, all that hung together
 * hang together, and the top left of all is 0,0; with the sizes that they have all stay
 * as they are, seen from there. Numbers may grow beyond what a screen has; that is the
 * caller's to judge. Of `sizes` only w and h count, and neither is 0. Pure.
 */
void rd_arrange(struct rd_rect *v, int n, const struct rd_rect *sizes);
/* Around all of them. */
struct rd_rect rd_arrange_bound(const struct rd_rect *v, int n);

#endif

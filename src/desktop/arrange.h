#ifndef RD_DESKTOP_ARRANGE_H
#define RD_DESKTOP_ARRANGE_H

#include "media/rect.h"

/* More monitors than that are not arranged. */
#define RD_ARRANGE_MAX 32

/*
 * Monitors lie side by side, and one of them gets another size: the others keep theirs,
 * and go where they were as seen from their neighbours. None covers one that it did not
 * cover before, all that hung together hang together, and the top left of all is 0,0.
 * Numbers may grow beyond what a screen has; that is the caller's to judge. Pure.
 */
void rd_arrange(struct rd_rect *v, int n, int which, int width, int height);
/* Around all of them. */
struct rd_rect rd_arrange_bound(const struct rd_rect *v, int n);

#endif

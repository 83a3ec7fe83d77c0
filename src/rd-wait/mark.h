#ifndef RD_WAIT_MARK_H
#define RD_WAIT_MARK_H

#include "media/find.h"

/*
 * Makes of a picture one that shows what is missing from an image at that
 * place: all else is dark, a frame is around it, pixels that differ are red.
 */
void mark_difference(struct rd_image *im, const struct rd_needle *n, struct rd_rect at);

#endif

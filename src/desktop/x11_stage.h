#ifndef RD_DESKTOP_X11_STAGE_H
#define RD_DESKTOP_X11_STAGE_H

#include <xcb/shm.h>

#include "base/blob.h"
#include "desktop/x11.h"

/*
 * Memory of ours that the server writes into and we copy from, where it cannot
 * write into a picture's blob. Zeroed memory is none.
 */
struct rd_x11_stage {
	uint8_t *data;
	size_t size;
	xcb_shm_seg_t seg;
	struct rd_blob *blob;	/* a memfd; NULL: System V shared memory */
};

/* Makes it at least that large. `sysv`: of that kind. 0 or a negative errno. */
int rd_x11_stage_ensure(struct rd_x11_stage *s, const struct rd_x11 *x, bool sysv, size_t size);
void rd_x11_stage_drop(struct rd_x11_stage *s, const struct rd_x11 *x);

/* Attaches a memfd without waiting whether that works; fd stays the caller's. */
int rd_x11_attach_fd(const struct rd_x11 *x, xcb_shm_seg_t seg, int fd);

#endif

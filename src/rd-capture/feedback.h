#ifndef RD_CAPTURE_FEEDBACK_H
#define RD_CAPTURE_FEEDBACK_H

#include "desktop/inject.h"
#include "rd-capture/leaving.h"
#include "wire/link.h"

/* What comes back from the viewer; the context is the struct stream. */
extern const struct rd_link_ops feedback_ops;

/*
 * Does what a message of the input class says; one of another class, or of a
 * kind we do not know, is none of ours. Returns 0; -EPROTO for nonsense; or
 * the desktop's error, once, when it is gone.
 */
int feedback_input(struct rd_inject *inject, struct leaving *leaving, const struct rd_msg *m);
/* Says that the TAKE of that token is done. Who hears nothing asks again. */
void feedback_taken(struct rd_link *link, uint64_t now_ns, uint64_t token);
/* How Caps Lock and such are at the desktop now. */
void feedback_locked(struct rd_link *link, uint64_t now_ns, const struct rd_locks *now);

#endif

#ifndef RD_RECV_CLIPS_H
#define RD_RECV_CLIPS_H

#include "base/bytes.h"
#include "wire/msg_clipboard.h"

/*
 * What our reader has said of its clipboard: a host that is met again may be
 * served by another producer, which has not heard it.
 */
struct clips {
	struct rd_buf watch;	/* the last WATCH's body; empty: none */
	struct rd_buf offer[RD_CLIP_SELECTIONS]; /* … and OFFER's */
};

void clips_finish(struct clips *c);
/* A message on its way up. */
void clips_note(struct clips *c, const struct rd_msg *m);
/* Says it all again. */
void clips_again(const struct clips *c, void (*say)(void *ctx, const struct rd_msg *m), void *ctx);

#endif

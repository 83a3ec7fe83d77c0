#ifndef RD_CHAN_CHAN_H
#define RD_CHAN_CHAN_H

#include <stdbool.h>
#include <stdint.h>

#include "net/mux.h"
#include "wire/msg.h"

/*
 * Messages over a session: each is sent the way of its class (travel.h) and
 * comes out whole at the other end, as it went in. Both ends use this; rights
 * are the caller's. Pure, as the session is.
 *
 * Ways overtake each other, except that units wait for HELLO. So END is to be
 * sent only when rd_chan_queued says that no picture is on its way any more.
 *
 * A chan is made before its session: rd_conn_ops of the session are
 * {.mux = rd_chan_mux_ops, …} and their ctx is the chan; rd_chan_ctx gives the
 * owner of it back. Once the session stands, bind it to rd_conn_mux.
 */
struct rd_chan;

/* Screens (channels) a session carries pictures of. */
#define RD_CHAN_SCREENS 16
/* Bytes of pictures not yet sent, or of streams not yet acknowledged: busy above, room below. */
#define RD_CHAN_HIGH ((uint64_t)512 << 10)
#define RD_CHAN_LOW ((uint64_t)128 << 10)

struct rd_chan_ops {
	/*
	 * A message, session class and HELLO and END included. Borrowed. Negative:
	 * nothing more is delivered; ending the session is the caller's.
	 */
	int (*message)(void *ctx, const struct rd_msg *m);
	/*
	 * Of what we sent, frames first … last of that screen will not arrive
	 * (late, or they stood on one that will not). Sending goes on at the next
	 * sync point. May come from within rd_chan_send.
	 */
	void (*lost)(void *ctx, uint8_t channel, uint32_t first, uint32_t last);
	/* The queue has room again after rd_chan_busy; from rd_chan_check. */
	void (*room)(void *ctx);
	/* The peer sent what is no message, or one over its limit: the session must end. */
	void (*foreign)(void *ctx, const char *why);
};

struct rd_chan *rd_chan_new(const struct rd_chan_ops *ops, void *ctx);
void rd_chan_free(struct rd_chan *ch);
void *rd_chan_ctx(const struct rd_chan *ch);
/* NULL unbinds: the session is over. */
void rd_chan_bind(struct rd_chan *ch, struct rd_mux *mux);
extern const struct rd_mux_ops rd_chan_mux_ops;
/*
 * While guarded, the peer may say only what two ends say to each other (classes
 * link and session, a few KiB, on the control stream): nobody has let it in, and
 * nothing is kept for it. Whatever else it sends is foreign.
 */
void rd_chan_guard(struct rd_chan *ch, bool guarded);

/*
 * Queues a message. Picture messages gather from BEGIN to SHOW. After a frame
 * was dropped, frames are passed over (and told through `lost`) until one that
 * begins with SYNC and finds the queue not busy. Pictures of a stream whose
 * HELLO lacks RD_CAP_LIVE are never late, nor are those that wait behind a
 * sync point on its way. 0; -EMSGSIZE: longer than a session carries (a raw 8K
 * picture: put rd-encode before); -EAGAIN: an event too many, it was dropped;
 * -ENOTCONN: not bound; -ENOTSUP: a picture of a screen too many.
 */
int rd_chan_send(struct rd_chan *ch, const struct rd_msg *m, uint64_t now_ns);
/* Frames of some screen that has had any are being passed over until a sync point. */
bool rd_chan_skipping(const struct rd_chan *ch);
/*
 * Passes over frames until a sync point; and gives up what is queued of
 * pictures, unless a sync point on its way is among it.
 */
void rd_chan_skip(struct rd_chan *ch);
/* More is queued than a producer should add to. */
bool rd_chan_busy(struct rd_chan *ch);
/* Calls `room` when it is due; to be called when the session has done something. */
void rd_chan_check(struct rd_chan *ch);
/* Bytes of the clipboard's messages not acknowledged. */
uint64_t rd_chan_clipboard_queued(const struct rd_chan *ch);
uint64_t rd_chan_queued(const struct rd_chan *ch);	/* bytes of pictures unacknowledged */
/*
 * The reader of our output is full (hold) or has room again: while held no
 * credit is given, so the peer's queue is where things wait.
 */
void rd_chan_hold(struct rd_chan *ch, bool hold);
/* All that was sent on the control stream has arrived (END, before closing). */
bool rd_chan_drained(const struct rd_chan *ch);

#endif

#ifndef RD_LOOK_WATCH_H
#define RD_LOOK_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "codec/screen.h"
#include "look/source.h"
#include "media/cursor.h"
#include "media/input.h"
#include "wire/msg.h"
#include "wire/msg_cursor.h"
#include "wire/msg_link.h"

/*
 * One stream and the screen it describes, for tools that look at pictures
 * without showing them: acknowledges frames, asks for what is lost, answers for
 * signals and --timeout, and ends the loop with the exit status that fits.
 * What is about the stream itself has then been said.
 */
struct rd_watch;

/* All but `over` may be NULL. */
struct rd_watch_ops {
	void (*started)(void *ctx, const struct rd_hello *peer);
	/* A whole frame; `damage` is what changed since the last one. */
	void (*frame)(void *ctx, const struct rd_image *im, const pixman_region32_t *damage,
		const struct rd_screen_frame *f);
	void (*pong)(void *ctx, uint64_t asked_ns);
	void (*taken)(void *ctx, uint64_t token);
	/* A message of class CLIPBOARD: 0, or a negative errno for what makes no sense. */
	int (*clipboard)(void *ctx, const struct rd_msg *m);
	/* The way to the peer has room again after rd_watch_say returned false. */
	void (*room)(void *ctx);
	/*
	 * The stream ended as it should, and we are still here: the exit status, or
	 * -1: not yet, rd_watch_leave follows.
	 */
	int (*over)(void *ctx);
	/* --timeout: the exit status; what is to be said about it is the tool's. */
	int (*late)(void *ctx);
};

struct rd_watch_config {
	const char *program;	/* as HELLO names us */
	const struct rd_source *source;
	int guard_fd;		/* of rd_guard_work */
	uint64_t timeout_ns;	/* 0: none */
	const struct rd_watch_ops *ops;
	void *ctx;
};

/* 0, or an exit code after saying why; close it in both cases. */
int rd_watch_open(struct rd_watch **out, struct rd_loop *loop, const struct rd_watch_config *cfg);
void rd_watch_close(struct rd_watch *w);

/* There is a way back, and it is open. */
bool rd_watch_duplex(const struct rd_watch *w);
/* The peer's, once it has come, or NULL. */
const struct rd_hello *rd_watch_peer(const struct rd_watch *w);
/* The picture; empty before the first frame. */
const struct rd_image *rd_watch_image(const struct rd_watch *w);
/* What the pointer looks like, and where it is; NULL while it is not to be seen. */
const struct rd_cursor *rd_watch_cursor(const struct rd_watch *w, struct rd_pointer_at *at);

/* A sync point, please. */
void rd_watch_refresh(struct rd_watch *w);
/* Asks the peer for its clock: `pong` follows, or not where its way to us is full. */
void rd_watch_ping(struct rd_watch *w, uint64_t now_ns);
/* False: there is no room now, and nothing was sent; or nobody is there. */
bool rd_watch_say(struct rd_watch *w, const struct rd_input *in);
/* A message whose sender bounds what is on its way by itself; false: nobody is there. */
bool rd_watch_send(struct rd_watch *w, uint16_t type, struct rd_buf *body);
/* More waits for the peer than should be added to; `room` follows. */
bool rd_watch_busy(const struct rd_watch *w);
/* We are done: tells the peer so, and ends the loop with that exit status soon. */
void rd_watch_leave(struct rd_watch *w, int code, const char *text);

#endif

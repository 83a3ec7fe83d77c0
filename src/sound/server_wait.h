#ifndef RD_SOUND_SERVER_WAIT_H
#define RD_SOUND_SERVER_WAIT_H

#include "base/loop.h"

/*
 * Waits, without waking up, until a socket of the sound server may be there:
 * something appears in its folder, or in the one above that.
 */
struct server_wait {
	int fd;			/* inotify; -1: not waiting */
	struct rd_fd watch;
	void (*appeared)(void *ctx);
	void *ctx;
};

/* 0, or a negative errno: there is no folder to look at. */
int server_wait_begin(struct server_wait *w, struct rd_loop *loop, void (*appeared)(void *ctx),
	void *ctx);
void server_wait_end(struct server_wait *w);

#endif

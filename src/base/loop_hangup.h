#ifndef RD_BASE_LOOP_HANGUP_H
#define RD_BASE_LOOP_HANGUP_H

#include "base/loop.h"

/*
 * RD_HANGUP for loop.c, which alone includes this. libevent reports an error
 * on a descriptor as "readable and writable", and only to those who wait for
 * these; a watch that waits for neither would hear nothing, while the kernel
 * woke the loop for it again and again. So an epoll of our own holds the
 * descriptors whose hang-up is wanted, each told once, and libevent watches
 * that epoll.
 */
struct hangups {
	int epoll;
};

int hangups_open(struct hangups *h);
void hangups_close(struct hangups *h);
/* 0 if fd can be watched at all: -EPERM for regular files, -EBADF, … */
int hangups_accepts(struct hangups *h, int fd);
int hangups_add(struct hangups *h, struct rd_fd *w);
void hangups_remove(struct hangups *h, struct rd_fd *w);
/* The next watch whose other side has closed, or NULL. */
struct rd_fd *hangups_take(struct hangups *h);

#endif

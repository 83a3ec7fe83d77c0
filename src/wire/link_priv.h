#ifndef RD_WIRE_LINK_PRIV_H
#define RD_WIRE_LINK_PRIV_H

#include <stdarg.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/exit.h"
#include "wire/link.h"

/*
 * Inside a link, for link*.c only:
 *
 *	link.c		the object, and what it says to its owner
 *	link_in.c	bytes to messages
 *	link_deliver.c	what is done with a message
 *	link_out.c	messages to bytes, and the queue
 *	link_share.c	bodies that travel as memfds
 *	link_io.c	the descriptors themselves
 */

/* One direction's descriptor. fd -1: there is none, or no more. */
struct link_port {
	int fd;
	enum link_kind { LINK_SOCKET, LINK_STREAM, LINK_FILE } kind;
	bool ours;	/* opened anew by us: O_NONBLOCK, and closed by us */
	bool local;	/* an AF_UNIX socket: it carries descriptors */
	struct rd_fd watch;
};

/* Descriptors that came in and wait for their BUFFER. */
#define LINK_FDS 8
struct link_fds {
	int fd[LINK_FDS];
	unsigned n;
};

int link_port_open_in(struct link_port *p, int fd);
int link_port_open_out(struct link_port *p, int fd);
/* Watches it; what epoll refuses becomes a LINK_FILE, which is always ready. */
int link_port_watch(struct link_port *p, struct rd_loop *loop,
	void (*ready)(void *ctx, unsigned events), void *ctx);
void link_port_close(struct link_port *p);
/*
 * Never block, except on a LINK_FILE. Bytes moved; 0 is end of file; -EAGAIN;
 * -EPIPE however the other side went away. `fd` is attached to the first byte
 * unless -1.
 */
ssize_t link_port_read(struct link_port *p, struct iovec *iov, int n, struct link_fds *fds);
ssize_t link_port_write(struct link_port *p, struct iovec *iov, int n, int fd);
/* Whether nobody will ever read what is written there. */
bool link_port_gone(const struct link_port *p);
/* Whether somebody has read any of the `put` bytes that we wrote, as far as can be known. */
bool link_port_read_of(const struct link_port *p, uint64_t put);
/* No more will be written: tells the peer, where that can be told. */
void link_port_shut(struct link_port *p);

struct link_in {
	struct link_port port;
	uint8_t *buf;		/* LINK_CHUNK bytes; [start, end) is yet to be read as messages */
	size_t start, end;
	struct rd_msg msg;	/* whose body is gathered in `body`, if that is not NULL */
	struct rd_blob *body;
	size_t have;		/* bytes of it that have come */
	size_t trust;		/* the largest body that really came so far */
	struct link_fds fds;
	bool paused;
	bool behind;		/* whole messages may lie in memory, for the next turn of the loop */
	bool over;
};

/* One piece of what is to be written. */
struct link_item {
	struct link_item *next;
	struct rd_blob *blob;	/* kept until it is written; NULL: none */
	const uint8_t *p;	/* in `copy` or in the blob */
	size_t len;
	int fd;			/* to be attached to the first byte; the blob's */
	uint8_t copy[];
};

struct link_out {
	struct link_port port;
	struct link_item *head, **tail;
	size_t queued;
	bool greeted;		/* our HELLO is sent */
	bool corked;
	bool full;		/* was over RD_LINK_HIGH: say `room` when it has sunk */
	bool room;		/* to be said */
	bool finishing;		/* close when the queue is empty */
	bool over;
	bool read;		/* … by a reader who had taken some of it from a pipe, and went */
	bool told;		/* `closed` was called */
	int error;		/* what it will be, or was, told */
};

/* A blob of ours that the peer has mapped. */
struct link_lent {
	uint64_t dev, ino;	/* which memfd: a pointer or descriptor may be reused */
	size_t size;		/* 0: the slot is free */
	unsigned uses;		/* messages not RELEASEd; each holds a reference */
	struct rd_blob *blob;	/* valid while uses > 0 */
	uint64_t used;		/* when last, in messages */
};

struct link_map;

struct link_share {
	bool able;		/* one AF_UNIX socket both ways */
	bool offered;		/* we said so in our HELLO */
	bool proven;		/* a descriptor came with the peer's HELLO */
	struct link_lent lent[RD_BUFFER_IDS];
	uint64_t lent_bytes;
	uint64_t clock;
	struct link_map *maps[RD_BUFFER_IDS];
	uint64_t mapped_bytes;
	unsigned owed;		/* RELEASEs queued since the queue was last empty */
};

struct rd_link {
	struct rd_loop *loop;
	const struct rd_link_ops *ops;
	void *ctx;
	struct link_in in;
	struct link_out out;
	struct link_share share;
	struct rd_timer turn;	/* what must wait for the next turn of the loop */
	struct rd_hello peer;
	bool greeted;		/* the peer's HELLO is there */
	bool duplex;		/* in and out are one socket */
	struct rd_link_count count;
	unsigned depth;		/* of callbacks we are in */
	bool closed;		/* by its owner: say nothing more, free at depth 0 */
};

/* Around everything that calls the owner: the link outlives its own callbacks. */
void link_enter(struct rd_link *l);
void link_leave(struct rd_link *l);
/* Comes back from the loop: to tell, to read a file on, to go on after a pause. */
void link_later(struct rd_link *l);

int link_in_open(struct rd_link *l, int fd);
/* The descriptor that came with the message at hand, the callee's to close; or -1. */
int link_in_take_fd(struct rd_link *l);
/* Reads and delivers once. False: nothing there, over, paused or closed. */
bool link_in_step(struct rd_link *l);
/* Delivers what already lies in memory, and asks for more. */
void link_in_resume(struct rd_link *l);
/* The incoming direction ends here, for a reason of ours. */
void link_in_fail(struct rd_link *l, enum rd_exit code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The incoming direction is over; says so, once. */
void link_in_end(struct rd_link *l, const struct rd_end_msg *end);
void link_in_finish(struct rd_link *l);

/* A message of class LINK is dealt with, any other goes to the owner. */
void link_deliver(struct rd_link *l, const struct rd_msg *m);
/* "EXACT", or "0x02ff" in buf. */
const char *link_type_name(uint16_t type, char buf[static 16]);

int link_out_open(struct rd_link *l, int fd);
/*
 * Sends a header and a body now or as soon as possible. `blob` holds the body,
 * or holds `fd`, until it is written; NULL: the body is copied.
 */
void link_out_put(struct rd_link *l, const struct rd_msg *head, const void *body, size_t len,
	struct rd_blob *blob, int fd);
void link_out_flush(struct rd_link *l);
void link_out_fail(struct rd_link *l, int error);
void link_out_finish(struct rd_link *l);

/* True if only the message's name had to travel. */
bool link_share_send(struct rd_link *l, const struct rd_msg *m);
/* Each 0 or a negative errno; -EPROTO: the peer broke the rules. */
int link_share_buffer(struct rd_link *l, const struct rd_buffer_msg *m);
int link_share_release(struct rd_link *l, uint32_t id);
/* Turns a message whose body is a name into the real one; unref full->blob. */
int link_share_resolve(struct rd_link *l, const struct rd_msg *name, struct rd_msg *full);
/* No RELEASE can come any more. */
void link_share_forget(struct rd_link *l);
void link_share_finish(struct rd_link *l);

#endif

#ifndef RD_WIRE_LINK_H
#define RD_WIRE_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/loop.h"
#include "wire/msg.h"
#include "wire/msg_link.h"

/*
 * One neighbour in the pipe: a duplex socket, or one or two pipes or files.
 * The link frames and checks messages, queues what cannot be written yet,
 * carries big bodies in memfds where the peer offered to take them, and says
 * once how it ended. It never drops and never reorders.
 *
 * Descriptors are the caller's and stay open. A pipe inherited from a shell
 * may be shared with other processes, so its flags are never touched: sockets
 * are used with MSG_DONTWAIT, pipes are opened anew through /proc/self/fd (or,
 * where that fails, written a piece at a time that is known to fit). Regular
 * files and /dev/null are read and written without waiting.
 */
struct rd_link;

struct rd_link_ops {
	/* The peer's HELLO, once, before any message. */
	void (*hello)(void *ctx, const struct rd_hello *peer);
	/*
	 * A message, any class but LINK. Borrowed for the call; to keep a body
	 * that lies in a blob take a reference (m->blob may be NULL: copy).
	 * Negative errno: the link ends with it, as if the peer had sent nonsense.
	 */
	int (*message)(void *ctx, const struct rd_msg *m);
	/*
	 * The queue fell below RD_LINK_LOW again after rd_link_busy was true, or
	 * the peer gave a shared body back (a pool may have a blob again).
	 */
	void (*room)(void *ctx);
	/*
	 * The incoming direction is over, once. `end` is the peer's END, or one
	 * made here: CUT_SHORT for end of file without END, FAILED with a code of
	 * rd-exit(7) and a text for what is no stream or breaks its rules.
	 */
	void (*end)(void *ctx, const struct rd_end_msg *end);
	/*
	 * The outgoing direction is over, once: 0 after rd_link_finish and all
	 * is written; -EPIPE when the reader is gone, -ENOSPC, … With an error,
	 * what had already arrived from the peer is delivered first, so that its
	 * own END, if it said one, comes before the news that it is gone.
	 */
	void (*closed)(void *ctx, int error);
};

/*
 * in and out may be the same descriptor (a socket), or -1 for a direction
 * that does not exist. Callbacks come from the loop, never from inside open
 * or send; one that is NULL is not called. Hang-up of an output is noticed
 * even while nothing is written. -EISDIR for a directory, -EPROTOTYPE for a socket
 * that is no stream.
 */
int rd_link_open(struct rd_link **out, struct rd_loop *loop, int in_fd, int out_fd,
	const struct rd_link_ops *ops, void *ctx);
/* Drops what is queued; `closed` and `end` do not come any more. NULL is fine. */
void rd_link_close(struct rd_link *link);

/*
 * Our own HELLO: must be the first thing sent. RD_CAP_BUFFERS is added or
 * taken away here, by whether the transport can carry descriptors; the peer's
 * is believed only when a descriptor came with its HELLO.
 */
void rd_link_hello(struct rd_link *link, const struct rd_hello *mine);
/* NULL until the peer's HELLO has come: until then the link is open loop. */
const struct rd_hello *rd_link_peer(const struct rd_link *link);

/*
 * Queues a message. The body is copied, except where m->blob holds it: then a
 * reference is kept, and if the blob has a descriptor and the peer takes
 * them, only its name travels and the reference is held until the peer's
 * RELEASE. After the outgoing direction is over this does nothing.
 */
void rd_link_send(struct rd_link *link, const struct rd_msg *m);
/* The same for a small body packed into `b`, which is then reset. */
void rd_link_send_buf(struct rd_link *link, uint16_t type, uint64_t time_ns, struct rd_buf *b);
/*
 * Between cork and uncork messages gather into one write, as those of a frame
 * should: one system call here and one wake-up there. They do not nest.
 */
void rd_link_cork(struct rd_link *link, bool cork);
/* Bytes not yet taken by the kernel. */
size_t rd_link_queued(const struct rd_link *link);
/* More is queued than a producer should add to (RD_LINK_HIGH bytes). */
bool rd_link_busy(const struct rd_link *link);
#define RD_LINK_HIGH ((size_t)256 << 10)
#define RD_LINK_LOW ((size_t)32 << 10)

/* Stops and resumes reading: how back-pressure reaches the peer. */
void rd_link_pause(struct rd_link *link, bool pause);
/* Whether in and out are there and a reply can come at all. */
bool rd_link_duplex(const struct rd_link *link);
/* Queues END, writes everything, then closes that direction and says so. */
void rd_link_finish(struct rd_link *link, enum rd_end reason, int code, const char *text);

/*
 * After `closed` said -EPIPE: our reader had a pipe without a way back, had read
 * some, and went. It may well have what it wanted, and could not say so.
 */
bool rd_link_left(const struct rd_link *link);

/* Bytes that crossed, headers included, shared bodies not. */
struct rd_link_count { uint64_t in, out; };
struct rd_link_count rd_link_count(const struct rd_link *link);

/*
 * Which descriptors a tool without a producer of its own uses: stdout for the
 * stream, and stdout again for what comes back when $RD_LINK says that this
 * socket is ours. -1 in *in otherwise.
 */
void rd_link_stdout(int *in, int *out);
/* A tool with a producer: what comes back is on stdin if that is a pipe or socket. */
void rd_link_stdio(int *in, int *out);

#endif

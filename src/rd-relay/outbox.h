#ifndef RD_RELAY_OUTBOX_H
#define RD_RELAY_OUTBOX_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "rd-relay/listen.h"
#include "rd-relay/metrics.h"

/*
 * Datagrams on their way out of one thread, gathered until outbox_flush: then
 * one system call takes all that leave by the same socket, and those of one size
 * to one address travel as a train that the kernel (or the card) cuts up
 * (UDP_SEGMENT, udp(7)), whether they came as one or not. So the more waits when
 * we look, the less each costs.
 */
#define OUT_LETTERS 256
#define OUT_PIECES 512
#define OUT_HASH 512
#define OUT_ARENA (128u << 10)
#define OUT_SEGMENTS 64		/* of one train: what every kernel takes */
#define OUT_TRAIN 60000		/* bytes of one */

union out_control {
	struct cmsghdr head;
	char space[CMSG_SPACE(sizeof(struct in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t))];
};

struct letter {
	const struct place *place;
	struct rd_addr to;
	size_t segment, len;
	unsigned segments;
	bool full;		/* its last datagram is shorter: nothing may follow */
	unsigned first, last;	/* its pieces, a list; numbers count from 1 */
};

struct out_piece { struct iovec at; unsigned next; };

struct outbox {
	const struct udp *udp;
	unsigned thread;	/* whose sockets these are */
	struct counters *counters;
	unsigned count, pieces;
	size_t copied;
	struct letter letter[OUT_LETTERS];
	uint16_t latest[OUT_HASH];	/* by address: the last letter there, counted from 1 */
	struct out_piece piece[OUT_PIECES];
	struct mmsghdr m[OUT_LETTERS];
	struct iovec iov[OUT_PIECES];	/* the pieces, in the order of letters */
	struct sockaddr_storage name[OUT_LETTERS];
	union out_control control[OUT_LETTERS];
	uint8_t arena[OUT_ARENA];
};

/* `len` bytes in datagrams of `segment`, the last may be shorter; borrowed until the flush. */
void outbox_put(struct outbox *o, const struct rd_addr *to, uint8_t *data, size_t len,
	size_t segment);
/* One datagram, copied. */
void outbox_copy(struct outbox *o, const struct rd_addr *to, const uint8_t *data, size_t len);
/* What cannot be sent is lost, and counted. */
void outbox_flush(struct outbox *o);

#endif

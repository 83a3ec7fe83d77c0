#ifndef RD_RECV_SPLICE_H
#define RD_RECV_SPLICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "chan/chan.h"
#include "wire/msg.h"
#include "wire/msg_link.h"

/*
 * Several sessions with a host, one after another, as one stream: the first
 * HELLO is the stream's; what later ones say is in its time, with frame
 * numbers that go on, from a sync point on. What comes back is turned the
 * other way round, and what is about an earlier session is left out. Pure.
 */
struct splice {
	bool begun;		/* the stream has a HELLO */
	bool greeted;		/* so has this session */
	struct rd_hello hello;	/* the stream's */
	int64_t shift_ns;	/* from this session's time to the stream's */
	uint64_t newest_ns;	/* the latest time of the stream so far */
	uint64_t floor_ns;	/* what it was when this session began: no time is before it */
	uint32_t numbers;	/* from this session's frame numbers to the stream's */
	uint32_t newest;	/* the greatest number of the stream so far */
	uint32_t first;		/* the smallest of this session's frames, in the stream's numbers */
	uint16_t waiting;	/* screens whose sync point has not come yet, bit by bit */
	struct rd_buf body;	/* of a message that had to be written anew */
};

void splice_finish(struct splice *s);
/* A session begins. */
void splice_session(struct splice *s);
/*
 * HELLO of a session, before all else. 1: it is the stream's first, to be passed on; 0;
 * or -EPROTO: a session has one.
 */
int splice_hello(struct splice *s, const struct rd_hello *h);
/*
 * A message down: 1: *out is to be passed on (its body stays until the next
 * call); 0: it is left out; negative: it is broken.
 */
int splice_down(struct splice *s, const struct rd_msg *m, struct rd_msg *out);
/* The same, up. */
int splice_up(struct splice *s, const struct rd_msg *m, struct rd_msg *out);

#endif

#ifndef RD_NET_INITS_H
#define RD_NET_INITS_H

#include "net/cookie.h"
#include "net/noise.h"

/*
 * The INITs of one handshake before the last, whose answers may still be under way.
 *
 * Who answers INITs takes none that is older than one it has had of that key, from
 * somebody else who holds it, too: however often it comes. So an initiator that
 * hears nothing says a new one, of a time of its own, from the second repetition
 * on, under the same index. Far away they may all be answered, only later than it
 * asks; so an answer to any of these counts.
 *
 * Zeroed memory is a valid empty one.
 */
#define RD_INITS 8	/* of 10 s, which is as long as an unconfirmed one is remembered: one every
			 * 2 s, and a few more in the first */
struct rd_inits {
	unsigned kept;		/* so far */
	struct rd_inits_past *past;	/* a ring; NULL while there is none */
};

void rd_inits_finish(struct rd_inits *inits);
/* Before another one is made: the handshake of the last, and its datagram. */
void rd_inits_keep(struct rd_inits *inits, const struct rd_noise *noise, const uint8_t *init,
	size_t len);
/*
 * As rd_noise_read, of what answers the last, whose handshake is `noise`, or one before it;
 * that handshake is then in `noise`, which does not change where none is answered.
 */
int rd_inits_read(const struct rd_inits *inits, struct rd_noise *noise, const struct rd_packet *p,
	uint8_t *payload);
/*
 * As rd_cookie_open, of what answers the last, which is `init`, or one before it; else
 * `cookie` does not change.
 */
int rd_inits_cookie(const struct rd_inits *inits, const uint8_t *init, size_t len,
	const struct rd_packet *p, const struct rd_key *key, uint8_t cookie[static RD_COOKIE]);

#endif

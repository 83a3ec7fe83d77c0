#ifndef RD_NET_STUN_H
#define RD_NET_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"

/*
 * STUN (RFC 8489), as much of it as tells a machine by which address others
 * see it: Binding requests and their answers. Pure. A relay answers it on two
 * ports, and on two addresses where it has them (RFC 5780's idea, not its
 * attributes): three answers tell what kind of NAT there is (net/nat.h).
 *
 * Layout, big endian: {u16 type, u16 length, u32 0x2112A442, id[12]},
 * attributes {u16 type, u16 length, bytes, padding to 4}. Written are
 * XOR-MAPPED-ADDRESS (section 14.2), FINGERPRINT (14.7) last; read besides is
 * MAPPED-ADDRESS (14.1), of old servers. Comprehension-required attributes
 * (below 0x8000) that we do not know make a request bad (section 6.3.1).
 */
#define RD_STUN_ID 12
#define RD_STUN_REQUEST 64	/* bytes of ours: padded, so that no answer is longer */
#define RD_STUN_MAX 64		/* bytes of an answer of ours */

enum rd_stun_kind { RD_STUN_BINDING = 0x0001, RD_STUN_SUCCESS = 0x0101, RD_STUN_ERROR = 0x0111 };

struct rd_stun {
	enum rd_stun_kind kind;
	uint8_t id[RD_STUN_ID];
	struct rd_addr mapped;		/* SUCCESS: family 0: it says none */
	uint16_t error;			/* ERROR: 300 to 699 */
};

/* The first bytes are STUN's (20 or more): such a datagram is no other of ours. */
bool rd_stun_is(const uint8_t *data, size_t len);
/*
 * 0, or -EPROTO (also: a wrong FINGERPRINT). Others' requests may be as short as 20
 * bytes: whoever answers looks that the answer is no longer.
 */
int rd_stun_parse(struct rd_stun *s, const uint8_t *data, size_t len);
/* Writes at most RD_STUN_MAX bytes (a request: RD_STUN_REQUEST); how many. */
size_t rd_stun_put(uint8_t out[static RD_STUN_MAX], const struct rd_stun *s);

#endif

#ifndef RD_NET_TICKET_H
#define RD_NET_TICKET_H

#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"

/*
 * What a relay gives each end of a session so that it forwards for it: all that
 * forwarding needs, sealed by a key that only the relay (or the relays of one
 * cluster) has. So a relay that was started anew, or another of its cluster,
 * takes a leg over from its ticket alone.
 *
 * {u8 version 1, u8 leg (0 viewer, 1 host), u16 node, u64 session, u64 not after
 * (Unix seconds), u32 kbit/s, u64 bytes, handle[6] of this leg, handle[6] of the
 * other, address of the end it was issued to {u8 family, u8 stream, u16 port,
 * ip[16]}, u32 viewer's tag, u32 host's tag}, mac[16]: BLAKE2b-128 keyed.
 * A tag: the first 4 bytes of BLAKE2b-256("rd-tag", public key), for the audit
 * log and limits only.
 */
#define RD_TICKET_BODY 72
#define RD_TICKET (RD_TICKET_BODY + 16)
#define RD_TICKET_KEY 32

struct rd_ticket {
	uint8_t leg;
	uint16_t node;
	uint64_t session;
	uint64_t not_after_s;
	uint32_t kbps;
	uint64_t max_bytes;		/* 0: no bound */
	uint8_t handle[6], other[6];
	struct rd_addr issued_to;	/* from there it is bound without a cookie */
	uint32_t tag_viewer, tag_host;
};

uint32_t rd_ticket_tag(const struct rd_key *k);
void rd_ticket_seal(const struct rd_ticket *t, const uint8_t key[static RD_TICKET_KEY],
	uint8_t out[static RD_TICKET]);
/* 0, -EBADMSG (another key's, or changed), -EPROTO (of another version). Whether it is too old the caller says. */
int rd_ticket_open(struct rd_ticket *t, const uint8_t key[static RD_TICKET_KEY],
	const uint8_t in[static RD_TICKET]);

#endif

#ifndef RD_RELAY_LEGS_H
#define RD_RELAY_LEGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/key.h"
#include "net/relay_packet.h"
#include "net/ticket.h"
#include "rd-relay/where.h"

/*
 * The forwarding table. A handle is 48 bits: the lower 20 say where its leg is
 * in the table, the others are random. Writers hold core.lock; core_route takes
 * no lock (leg.c says why that is right). Places are drawn by chance, so that
 * tickets of before a restart find theirs free.
 */
#define LEG_PLACE_BITS 20
#define LEGS_SESSIONS_MAX (1u << (LEG_PLACE_BITS - 2))	/* legs: at most half of the places */
#define SESSION_NONE UINT32_MAX

struct leg {
	/* What core_route reads, of both legs; under `sequence`. */
	_Alignas(64) _Atomic uint32_t sequence;	/* odd: being written */
	_Atomic uint64_t handle;	/* 0: free */
	_Atomic uint64_t at[4];		/* struct where; nowhere: not bound */
	_Atomic uint64_t other;		/* the other leg's handle */
	_Atomic uint32_t session;
	/* What it writes, of the leg that a datagram came by. */
	_Alignas(64) _Atomic uint64_t heard_ns;
	_Atomic uint64_t bytes, packets;
	uint32_t carrier_next;		/* core.lock: the next one on such a stream; place + 1 */
};

/* What core_route looks at of a session: it has the same number as that. */
struct meter {
	_Atomic uint64_t bucket_ns;	/* see bucket_take */
	_Atomic uint64_t max_bytes;	/* 0: no bound */
	_Atomic uint32_t kbps;
};

/* Under core.lock. */
struct session {
	bool used;
	bool stream;			/* an end of it came through a stream, once at least */
	bool cut;			/* it had more to say than its host's day has left */
	bool met;			/* by a CONNECT, not a ticket: then these are known */
	bool named;			/* the viewer asked for this program: by a code it has come there */
	uint16_t request;
	uint32_t session;		/* the viewer's peer.index when it was heard of last */
	uint32_t slot;
	uint32_t program;		/* of the host's key: whom it was offered */
	struct rd_key viewer, host;
	uint64_t id, began_ns, ends_ns, not_after_s, offered_ns, max_bytes;
	uint64_t turned_ns;		/* since when it is offered to that program */
	uint64_t carried;		/* of legs_bytes, what carried_fold has seen */
	uint32_t kbps;
	uint64_t handle[2];		/* viewer's, host's */
	uint32_t tag[2];
	uint32_t tag_next[2];		/* chains of equal tags; session + 1 */
	uint32_t live;			/* its place in legs.live */
};

struct legs {
	void *memory;			/* of `leg`, which is aligned */
	struct leg *leg;
	uint32_t mask;			/* places - 1 */
	_Atomic uint8_t marks;		/* RD_RELAYED_CE while all together are too many, or 0 */
	struct meter *meter;
	struct session *session;
	uint32_t *live, count;		/* sessions in use; behind them those that are free */
	uint32_t streams;		/* of those in use, with `stream` */
	uint32_t max, limit;		/* there is room for; as many are let */
	uint32_t *tag[2], tag_mask;
	uint32_t carrier[4096];
	uint32_t cursor;
	uint8_t secret[16];
};

/* A leg as it was at one moment. */
struct leg_view {
	uint64_t handle, other;
	struct where at;
	uint32_t session;
};
/* False: no such handle now, or it is being written at this moment. Takes no lock. */
bool leg_read(const struct legs *t, uint64_t handle, struct leg_view *v);
/* Under core.lock. */
void leg_write(struct legs *t, uint32_t place, const struct leg_view *v);

/* What a session begins with. */
struct session_new {
	uint64_t id, not_after_s, max_bytes, ends_ns;
	uint64_t handle[2];		/* 0: drawn */
	struct where at[2];		/* nowhere: not bound yet */
	uint32_t tag[2], kbps;
};

void legs_init(struct legs *t, uint32_t max_sessions);
void legs_finish(struct legs *t);
/* NULL: no room, or the place of a handle that was given is taken. */
struct session *legs_add(struct legs *t, const struct session_new *n, uint64_t now_ns);
void legs_remove(struct legs *t, struct session *s);
/* Leg 0 (viewer) or 1 is at that address from now on. */
void legs_bind(struct legs *t, struct session *s, unsigned leg, const struct where *at,
	uint64_t now_ns);
void legs_unbind(struct legs *t, struct session *s, unsigned leg);
/* So many bytes may come by both of its legs from its beginning on; 0: no bound. */
void legs_allow(struct legs *t, struct session *s, uint64_t max_bytes);
struct where legs_at(const struct legs *t, uint64_t handle);
/* Whose handle that is, or NULL; *free: its place is there and nobody's. */
struct session *legs_find(const struct legs *t, uint64_t handle, bool *free);
/* The sessions whose viewer (0) or host (1) has that tag: the first, and the next. */
struct session *legs_of_tag(const struct legs *t, unsigned leg, uint32_t tag,
	const struct session *after);
uint64_t legs_heard_ns(const struct legs *t, const struct session *s, unsigned leg);
/* Bytes that came by that leg; by both. */
uint64_t legs_said(const struct legs *t, const struct session *s, unsigned leg);
uint64_t legs_bytes(const struct legs *t, const struct session *s);
uint64_t legs_packets(const struct legs *t, const struct session *s, unsigned leg);
void legs_cut_carrier(struct legs *t, uint32_t carrier);

uint64_t handle_number(const uint8_t handle[static RD_HANDLE]);
void handle_bytes(uint64_t number, uint8_t handle[static RD_HANDLE]);

#endif

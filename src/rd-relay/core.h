#ifndef RD_RELAY_CORE_H
#define RD_RELAY_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/identity.h"
#include "net/relay_msg.h"
#include "net/relay_packet.h"

/*
 * The relay itself, without I/O: who is registered, slots, meeting, and which
 * datagram goes on to whom. Every thread of the relay calls it; what it has is
 * locked inside (core_priv.h says which lock guards what), and the road of a
 * forwarded datagram takes none.
 *
 *	peers.c		who has a session with us: 256 bytes each
 *	hosts.c		who of a key's hosts is met by it
 *	greet.c		handshakes, cookies, what strangers ask
 *	half.c		handshakes that nobody has confirmed yet
 *	serve.c		requests: REGISTER, KEEP, SLOT …
 *	meet.c		CONNECT
 *	slots.c		codes' slots, and for ten minutes why one is over
 *	legs.c		the forwarding table
 *	bind.c		binding by ticket
 *	admit.c		who may: join key, list, limits
 *	accounts.c	bytes of each host's day
 *	carried.c	what all sessions carry: hosts' days, the whole rate
 */
struct core;

/*
 * Copied; core_reload takes another one, but for key, node, max_peers and the
 * room for max_sessions (of which it may let fewer). Zero: the default named here.
 */
struct core_config {
	struct rd_keypair key;
	uint16_t node;
	bool has_join, open;		/* open: anybody may register */
	uint8_t join[RD_JOIN_KEY];
	struct rd_key *listed;		/* hosts that need no join key; borrowed until it is copied */
	size_t listed_count;
	enum rd_path_policy policy;
	unsigned max_peers;		/* 200 000 */
	unsigned max_sessions;		/* 65 536 */
	unsigned sessions_each;		/* of one peer: 8 */
	uint32_t session_kbps;		/* 50 000, with a burst of one second */
	uint64_t session_bytes;		/* none */
	uint64_t host_day_bytes;	/* of one host, on one day of UTC: none */
	uint64_t total_bps;		/* of all that is forwarded; what the line can carry: none */
	uint32_t connects_minute;	/* to one host: 30 */
	uint64_t session_life_s;	/* 24 h */
	uint64_t idle_ns;		/* of a leg: 60 s */
	unsigned inits_busy;		/* INITs a second, then cookies: 2000; about half of what the cores can */
	uint64_t wall_offset_ns;	/* what CLOCK_REALTIME is ahead of now_ns: tickets have dates */
};

/* Where answers go. Datagrams to streams (TLS) as well. `data` is valid for the call. */
struct core_out {
	void (*send)(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len);
	void *ctx;
};

/* What the log, the audit log and the metrics hear; called with no lock held. */
struct core_event {
	enum { CORE_REGISTERED, CORE_LEFT, CORE_REFUSED, CORE_CONNECT, CORE_SESSION_BEGAN,
		CORE_SESSION_ENDED, CORE_SLOT, CORE_SLOT_OVER } what;
	const struct rd_key *key;	/* whose; NULL where nobody's */
	const struct rd_addr *from;
	uint32_t slot;
	uint8_t why;			/* enum rd_relay_no, enum rd_slot_over */
	uint64_t session, began_ns, bytes, packets;
	uint32_t tag_viewer, tag_host;	/* of rd_ticket_tag */
	struct rd_key viewer, host;	/* CORE_SESSION_ENDED, zeros where only the tags are known */
	bool stream;			/* SESSION_ENDED: an end of it came through a stream */
};

struct core *core_new(const struct core_config *cfg,
	void (*event)(void *ctx, const struct core_event *e), void *ctx);
void core_free(struct core *c);
void core_reload(struct core *c, const struct core_config *cfg);

/*
 * Any datagram but RELAYED of a known leg (core_route): INIT, ASK, DATA to the
 * relay, BIND, STUN. Answers, and offers to others, leave through `out`. data is
 * used for decryption in place. No answer is larger than what asks for it before
 * an address is proven.
 */
void core_datagram(struct core *c, const struct core_out *out, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns);

/*
 * The road of what is forwarded, any thread, without a lock: `count` datagrams of
 * `bytes` together came from there with that handle. True: they go to `to`, with
 * `handle` in their headers, and `marks` added to their types. False: dropped,
 * *why says why (for the metrics). On DROP_UNKNOWN and DROP_ADDRESS call core_gone,
 * which answers a GONE (within limits): whoever has the ticket binds its leg to
 * where it is now.
 */
enum core_drop { DROP_UNKNOWN, DROP_ADDRESS /* its leg is not bound to there */,
	DROP_UNBOUND /* the other leg is bound to nowhere */, DROP_RATE, DROP_QUOTA, DROP_QUEUE,
	DROP_MALFORMED, DROPS };
struct core_route { struct rd_addr to; uint8_t handle[RD_HANDLE], marks; };
bool core_route(struct core *c, const struct rd_addr *from, const uint8_t handle[static RD_HANDLE],
	unsigned count, size_t bytes, uint64_t now_ns, struct core_route *r, enum core_drop *why);
void core_gone(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t handle[static RD_HANDLE], uint64_t now_ns);

/* Of one thread, about ten times a second: what has expired goes. */
void core_tick(struct core *c, const struct core_out *out, uint64_t now_ns);
/* CLOCK_REALTIME may have been set: what it is ahead of now_ns now. */
void core_clock(struct core *c, uint64_t wall_offset_ns);
/* From now on nobody new; hosts are told. */
void core_drain(struct core *c, const struct core_out *out, uint32_t seconds, uint64_t now_ns);
/* Nothing is served any more: ends all sessions, so that they are told of. */
void core_stop(struct core *c);
/* A TLS connection has ended: what was bound to it is not any more. */
void core_carrier_gone(struct core *c, uint32_t carrier);

enum core_count { COUNT_HANDSHAKES_OK, COUNT_HANDSHAKES_BAD, COUNT_COOKIES, COUNT_STUN,
	COUNT_BIND_OK, COUNT_BIND_BAD, COUNT_RATELIMITED_SOURCE, COUNT_RATELIMITED_PEER,
	COUNT_RATELIMITED_HOST, COUNT_RATELIMITED_RELAY, COUNT_CONNECT_OK, COUNT_CONNECT_NO,
	COUNT_QUOTA_SESSION, COUNT_QUOTA_HOST, CORE_COUNTS };
struct core_stats {
	uint64_t count[CORE_COUNTS];
	unsigned peers_udp, peers_tls, hosts, slots, half_open;
	unsigned sessions, sessions_tls;	/* of these, with an end by TLS */
	bool crowded;			/* nobody new: all together near total_bps */
};
void core_stats(struct core *c, struct core_stats *s);

#endif

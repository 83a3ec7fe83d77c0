#ifndef RD_RELAY_PEERS_H
#define RD_RELAY_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sodium.h>

#include "net/key.h"
#include "net/relay_msg.h"
#include "rd-relay/where.h"

/*
 * Who has a session with us. All of it is guarded by core.lock.
 *
 * A peer is small, since there are 100 000 of them and they do nothing for
 * hours. They live in slabs and never move; a peer's number is its place there.
 * Two tables of numbers find them, by our index of the session and by their
 * key: open addressing, as large as max_peers will ever need.
 *
 * A key may have several hosts: a service, and beside it whoever shows this desktop
 * by a code. Each is a program, which has drawn a number; a newer session of the
 * same program takes the place of its older one, and of programs the one is met by
 * the key that is the first of them: who has been heard lately before who has not,
 * who is there for all before who is there for a code, and then the one that began
 * last, since an older one may be what is left of it after a crash.
 */
#define PEER_LIFE_NS (UINT64_C(90) * 1000000000)
#define PEER_QUIET_NS (UINT64_C(40) * 1000000000)	/* one that is there would have said KEEP */
#define PEER_SLOTS 3		/* live slots of one host */
#define PEERS_OF_KEY 16		/* sessions of one key; the oldest viewer's goes */
#define HOSTS_OF_KEY 8		/* of these, hosts: programs that serve with that key */
#define SLAB 1024
#define SLABS 1024
#define PEERS_MAX 983040	/* 15 of 16 places */
_Static_assert(PEERS_MAX == SLAB * SLABS / 16 * 15, "15 of 16 places");
#define STAMPS 16384
#define PEER_SOURCES 4096	/* what 12 bits tell apart */

enum admitted { ADMITTED_OPEN, ADMITTED_LIST, ADMITTED_JOIN };

struct peer {
	uint8_t recv[32], send[32];	/* as rd_noise_split gave them */
	struct rd_key key;
	struct where at;		/* nowhere: its TLS connection has ended */
	union {
		uint8_t proof[32];	/* until it registers: what REGISTER must bring */
		struct {		/* a host */
			uint64_t connects_ns;	/* its bucket of CONNECTs, see bucket_take */
			uint64_t since_ns : 63;	/* when its program registered at first */
			uint64_t by_code : 1;	/* it is there for a code */
			uint32_t slot[PEER_SLOTS];	/* 0: none */
			uint32_t program;	/* 0 of all that name none */
		};
	};
	uint64_t timestamp;		/* of its INIT */
	uint64_t sent;			/* the number of our next DATA */
	uint64_t next, window;		/* of theirs: one above the greatest; bit i: next - 1 - i came */
	uint64_t heard_ns;
	uint64_t requests_ns;		/* its bucket of requests */
	uint32_t index, theirs;		/* ours of the session, 0: this peer is free; the peer's */
	uint32_t chain;			/* the next one on such a carrier, or free; number + 1 */
	uint16_t join_gen;		/* of the join key that `proof` was made with */
	uint16_t source : 12;		/* peers_source of where its INIT came from */
	uint16_t admitted : 2;		/* enum admitted, of a host */
	bool registered : 1, unproven : 1;	/* unproven: its newest address has only been claimed */
};

_Static_assert(PEER_SOURCES == 1 << 12, "a source fits into a peer");
/* Two words in tables that are three eighths full when 100 000 of 200 000 are there. */
#define PEER_SHARE 22
_Static_assert(sizeof(struct peer) + PEER_SHARE <= 256, "what an idle peer may cost");

/* What is remembered of a key whose session is over. */
struct stamp { uint64_t key, value; };

struct peers {
	struct peer *slab[SLABS];
	uint32_t *by_index, *by_key;	/* number + 1; 0: empty */
	uint32_t mask;
	unsigned max, made, count, hosts, tls;
	uint32_t free;			/* number + 1 */
	uint32_t sources[PEER_SOURCES];	/* how many viewers of each */
	uint32_t carrier[4096];		/* chains of peers on streams, by carrier */
	uint32_t cursor;		/* where the next sweep goes on */
	uint8_t secret[crypto_shorthash_KEYBYTES];
	struct stamp *stamps;
};

void peers_init(struct peers *p, unsigned max);
void peers_finish(struct peers *p);
struct peer *peers_find(const struct peers *p, uint32_t index);
/* The peers of a key one after another: *cursor is UINT32_MAX before the first. */
struct peer *peers_of_key(const struct peers *p, const struct rd_key *key, uint32_t *cursor);
/* The first host of that key, or NULL. It may be out of date (peer_alive) or nowhere. */
struct peer *peers_host(const struct peers *p, const struct rd_key *key, uint64_t now_ns);
/* The one that comes after that; behind the last one the first, which may be itself. */
struct peer *peers_next_host(const struct peers *p, const struct peer *after, uint64_t now_ns);
/* That program's, or NULL. */
struct peer *peers_program(const struct peers *p, const struct rd_key *key, uint32_t program);
/* How many hosts that key has, and which was heard longest ago (NULL: none). */
unsigned peers_hosts(const struct peers *p, const struct rd_key *key, struct peer **quietest);
/*
 * A copy of `as` (its index, key, address and keys count) is added; NULL: there
 * is no room. Strangers get at most half of it, and where that is full one goes of
 * a source that has more than the newcomer's. A host will register at once; one
 * that takes an older session's place is let in beyond the bound, too, since a
 * moment later that one is gone. An oldest viewer of the key goes when that has too
 * many.
 */
enum peers_as { PEERS_VIEWER, PEERS_HOST, PEERS_HOST_AGAIN };
struct peer *peers_add(struct peers *p, const struct peer *as, enum peers_as what);
void peers_remove(struct peers *p, struct peer *peer);
/* A number for its address (IPv6: its /64); a few share one, and their blame. */
uint16_t peers_source(const struct peers *p, const struct rd_addr *from);
void peers_move(struct peers *p, struct peer *peer, const struct where *to);
/* As that program; the session of it that it replaces is gone, its slots are this one's. */
void peers_register(struct peers *p, struct peer *peer, struct peer *old, uint32_t program,
	uint64_t now_ns);
/* The next one that is on that stream, or NULL; it is nowhere from now on. */
struct peer *peers_cut_carrier(struct peers *p, uint32_t carrier);
/* The `n`-th there has ever been, or NULL where it is free. */
struct peer *peers_at(const struct peers *p, uint32_t n);
/* A session of that key was not older than this. */
bool peers_replayed(const struct peers *p, const struct rd_key *key, uint64_t timestamp);

/* A host that has not been heard for longer than one that is there is silent. */
static inline bool
peer_quiet(const struct peer *peer, uint64_t now_ns)
{
	return now_ns >= peer->heard_ns + PEER_QUIET_NS;
}

static inline bool
peer_alive(const struct peer *peer, uint64_t now_ns)
{
	return now_ns < peer->heard_ns + PEER_LIFE_NS;
}

/* No DATA of that number has come; and now it has. */
bool peer_fresh(const struct peer *peer, uint64_t number);
void peer_mark(struct peer *peer, uint64_t number);
/* Seals `len` bytes that stand RD_PACKET_DATA_HEADER bytes into `datagram`; its length. */
size_t peer_seal(struct peer *peer, uint8_t *datagram, size_t len);

#endif

#ifndef RD_RELAY_CORE_PRIV_H
#define RD_RELAY_CORE_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "net/cookie.h"
#include "net/limit.h"
#include "net/packet.h"
#include "rd-relay/accounts.h"
#include "rd-relay/core.h"
#include "rd-relay/half.h"
#include "rd-relay/legs.h"
#include "rd-relay/peers.h"
#include "rd-relay/slots.h"

/*
 * What the files of the core share, and which lock guards what:
 *
 *	core.lock	peers, halves, slots, sessions, the configuration
 *	limit.lock	that limit's table; jar_lock: the cookies' secrets. Each is
 *			held for a moment and may be taken with core.lock held
 *	none		legs, as legs.c says; counters
 *
 * With core.lock held nothing is sent, nobody is told, and no Diffie-Hellman is
 * done: what is to leave waits in the caller's `struct work`.
 */
#define NS_PER_S UINT64_C(1000000000)
#define SESSION_LIFE_MAX_S UINT64_C(604800)	/* a week: what times can be reckoned with */
#define DATAGRAM_MAX 1280	/* of a session with us, either way */
#define WORK_DATAGRAMS 3
#define WORK_EVENTS 12	/* more than one request causes */

struct work {
	unsigned datagrams, events;
	struct { struct rd_addr to; size_t len; uint8_t data[DATAGRAM_MAX]; }
		datagram[WORK_DATAGRAMS];
	struct { struct core_event e; struct rd_key key; struct rd_addr from; } event[WORK_EVENTS];
};

struct limit {
	pthread_mutex_t lock;
	struct rd_limit *table;
};

/*
 * What sessions with a bound of bytes have carried, after their end: their tickets
 * make them anew, but not their bytes. Of some thousand sessions, by their number.
 */
#define SPENT 8192
struct spent { uint64_t session, bytes; };

/* The rate of all that is forwarded, averaged over about a second. */
struct crowd {
	uint64_t bytes, since_ns;	/* since the last tick, which was then */
	double bps;
	bool crowded;
};

/* Numbers of slots that there are none of, by source. */
struct guesses;

struct core {
	pthread_mutex_t lock;
	struct core_config cfg;		/* `listed` is ours, sorted */
	uint16_t join_gen;		/* counts join keys */
	bool draining;
	uint64_t drain_until_ns;
	uint32_t drain_cursor;		/* who is told next; UINT32_MAX: nobody */
	struct peers peers;
	struct halves halves;
	struct slots slots;
	struct legs legs;
	struct guesses *guesses;
	struct spent *spent;		/* SPENT */
	struct accounts accounts;
	struct crowd crowd;
	uint8_t ticket_key[RD_TICKET_KEY];

	struct rd_keypair own;		/* never changes */
	void (*event)(void *ctx, const struct core_event *e);
	void *ctx;

	/* admit.c; see the names of its limits */
	struct limit init, proven, ask, stun, bind, gone, connect, connect_each, slot, moved;
	_Atomic uint64_t gone_ns, cookies_ns;	/* buckets of all GONE, all COOKIE together */
	_Atomic unsigned inits_busy;	/* these two of cfg, for those who hold no lock */
	_Atomic uint64_t wall_offset_ns;
	pthread_mutex_t jar_lock;
	struct rd_cookie_jar jar;
	_Atomic uint64_t second;	/* the second that in_second counts in */
	_Atomic unsigned in_second;
	_Atomic uint64_t busy_until_ns;
	_Atomic uint64_t count[CORE_COUNTS];
};

/* --- work.c --- */
void core_count(struct core *c, enum core_count what);
/* Sends and tells what waits, and empties it. core.lock is not held. */
void work_done(struct core *c, const struct core_out *out, struct work *w);
static inline bool
work_full(const struct work *w)
{
	return w->datagrams == WORK_DATAGRAMS || w->events > WORK_EVENTS - 5;
}
/* Key and address are copied; each may be NULL. */
void work_tell(struct work *w, const struct core_event *e, const struct rd_key *key,
	const struct rd_addr *from);
/* A message to a peer, sealed. `asked`: the size of what it answers; 0: no answer. */
void work_say(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns);
/* A peer goes, and its slots. */
void core_forget(struct core *c, struct work *w, struct peer *peer, uint64_t now_ns);
/* A session is over. */
void core_end(struct core *c, struct work *w, struct session *s);
/* Bytes that sessions of that number have carried, as far as is remembered. */
uint64_t core_spent(const struct core *c, uint64_t session);
void core_slot_over(struct core *c, struct work *w, uint32_t number, enum slot_state why,
	uint64_t now_ns);
/* Of CLOCK_REALTIME. */
static inline uint64_t
core_wall_ns(const struct core *c, uint64_t now_ns)
{
	return now_ns + atomic_load_explicit(&c->wall_offset_ns, memory_order_relaxed);
}
static inline uint64_t
core_wall_s(const struct core *c, uint64_t now_ns)
{
	return core_wall_ns(c, now_ns) / NS_PER_S;
}

/* --- greet.c: strangers --- */
void greet_init(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, const uint8_t *data, size_t len, uint64_t now_ns);
void greet_ask(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, uint64_t now_ns);
void greet_stun(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns);

/* --- data.c --- */
void data_receive(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, uint8_t *data, size_t len, uint64_t now_ns);

/* --- serve.c: what a session says; core.lock is held --- */
void serve_request(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns);
void serve_no(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	enum rd_relay_no why, uint32_t retry_s, size_t asked, uint64_t now_ns);
/* --- meet.c --- */
void meet_connect(struct core *c, struct work *w, struct peer *peer, const struct rd_relay_msg *m,
	size_t asked, uint64_t now_ns);
/*
 * There is room for one more session of these two (tags of viewer and host): one
 * that its host never answered makes room. 0, or the count of who has too many.
 */
int meet_room(struct core *c, struct work *w, const uint32_t tag[static 2], uint64_t now_ns);

/* --- carried.c; core.lock is held --- */
/*
 * What a session has carried since the last time is its host's, and everybody's;
 * how much more it may. At its beginning, every second or so, and at its end.
 */
void carried_fold(struct core *c, struct session *s);
/* What day it is. */
void carried_day(struct core *c, uint64_t now_ns);
/* Each tick: whether all together are too many. */
void carried_crowd(struct core *c, uint64_t now_ns);

/* --- bind.c --- */
void bind_leg(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns);

/* --- admit.c --- */
void admit_init(struct core *c);
/* connects_minute is another one; core.lock is held. */
void admit_reload(struct core *c);
void admit_finish(struct core *c);
bool limit_allow(struct limit *l, const struct rd_addr *from, uint64_t now_ns);
/* Whom limits count for what that peer asks: those whose address is only claimed are one. */
struct rd_addr admit_source(const struct peer *peer);
/* That source does not use up alone what a host is offered by all. */
bool admit_connect(struct core *c, const struct rd_addr *source, const struct rd_key *host,
	uint64_t now_ns);
/* Counts an INIT; true: there are so many that a cookie is asked of everybody. */
bool admit_busy(struct core *c, uint64_t now_ns);
/* The secrets as they are now, to be used without a lock. */
void admit_jar(struct core *c, struct rd_cookie_jar *jar, uint64_t now_ns);
/* A sorted copy; the caller frees it. */
struct rd_key *admit_list(const struct rd_key *keys, size_t count);
/* 0, or enum rd_relay_no: that peer may register; `how` says why. */
int admit_host(const struct core *c, const struct peer *peer, const struct rd_relay_msg *m,
	enum admitted *how);
/* A host that was admitted by an earlier configuration still would be. */
bool admit_still(const struct core *c, const struct peer *host);
/* That source has asked for too many slots that are none. */
bool admit_guesser(struct core *c, const struct rd_addr *from, uint64_t now_ns);
void admit_guessed(struct core *c, const struct rd_addr *from, uint64_t now_ns);
/*
 * A bucket that is one number: the time at which it will be full again (the
 * virtual scheduling of ITU-T I.371). True: `cost_ns` of it were there.
 */
bool bucket_take(uint64_t *full_ns, uint64_t cost_ns, uint64_t burst_ns, uint64_t now_ns);
bool bucket_take_atomic(_Atomic uint64_t *full_ns, uint64_t cost_ns, uint64_t burst_ns,
	uint64_t now_ns);

#endif

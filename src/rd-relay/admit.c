#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "rd-relay/core_priv.h"

#define GUESSES 20		/* unknown slots in a minute; then none for a minute */
#define GUESS_NS (60 * NS_PER_S)
#define GUESS_SETS 512
#define GUESS_WAYS 8

/*
 * Of one source a second: 0.23 ms of a core each, so that one costs 0.1 %. Twice
 * that is let in, since who has used it up gets a cookie and by that a second
 * share. It is enough for all of an office behind one address after a restart of
 * the relay: its hosts notice by their next KEEP, so they come over 25 s, 200 of
 * them at 8 a second (tests/rd-relay/greet.c has them). A source is an address
 * and not its /24: neighbours there are strangers, and one could keep the
 * others' hosts away.
 */
#define HANDSHAKES 5
#define HANDSHAKES_BURST 20

struct guess { uint8_t source[RD_ADDR_SOURCE_MAX]; uint8_t count; uint64_t began_ns, until_ns; };
struct guesses { uint8_t secret[crypto_shorthash_KEYBYTES]; struct guess set[GUESS_SETS][GUESS_WAYS]; };

static void
limit_init(struct limit *l, double per_s, unsigned burst)
{
	pthread_mutex_init(&l->lock, NULL);
	l->table = rd_limit_new(per_s, burst);
}

/* A third of what may come to one host, of one source. */
static struct rd_limit *
new_connect_each(const struct core *c)
{
	return rd_limit_new(c->cfg.connects_minute / 60.0 / 3, 10);
}

void
admit_init(struct core *c)
{
	limit_init(&c->init, HANDSHAKES, HANDSHAKES_BURST);
	limit_init(&c->proven, HANDSHAKES, HANDSHAKES_BURST);
	limit_init(&c->ask, 20, 40);
	limit_init(&c->stun, 20, 40);
	limit_init(&c->bind, 50, 200);	/* all of an office, after a restart */
	limit_init(&c->gone, 5, 20);
	limit_init(&c->connect, 1, 10);
	pthread_mutex_init(&c->connect_each.lock, NULL);
	c->connect_each.table = new_connect_each(c);
	limit_init(&c->slot, 0.5, 30);	/* a slot stays taken for ten minutes after its end */
	limit_init(&c->moved, 20, 40);
	pthread_mutex_init(&c->jar_lock, NULL);
	c->guesses = xcalloc(1, sizeof(*c->guesses));
	randombytes_buf(c->guesses->secret, sizeof(c->guesses->secret));
}

void
admit_reload(struct core *c)
{
	struct limit *l = &c->connect_each;
	struct rd_limit *fresh = new_connect_each(c);
	pthread_mutex_lock(&l->lock);
	rd_limit_free(l->table);
	l->table = fresh;
	pthread_mutex_unlock(&l->lock);
}

static void
limit_finish(struct limit *l)
{
	pthread_mutex_destroy(&l->lock);
	rd_limit_free(l->table);
}

void
admit_finish(struct core *c)
{
	struct limit *all[] = {&c->init, &c->proven, &c->ask, &c->stun, &c->bind, &c->gone,
		&c->connect, &c->connect_each, &c->slot, &c->moved};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		limit_finish(all[i]);
	pthread_mutex_destroy(&c->jar_lock);
	free(c->guesses);
}

bool
limit_allow(struct limit *l, const struct rd_addr *from, uint64_t now_ns)
{
	pthread_mutex_lock(&l->lock);
	bool allow = rd_limit_allow(l->table, from, now_ns);
	pthread_mutex_unlock(&l->lock);
	return allow;
}

/* Else a session's owner could use up the share of whose address he names as his own. */
struct rd_addr
admit_source(const struct peer *peer)
{
	return peer->unproven ? (struct rd_addr){0} : where_addr(&peer->at);
}

/* Source and host as one source, by a keyed hash: what a limit's table looks at of IPv6. */
bool
admit_connect(struct core *c, const struct rd_addr *source, const struct rd_key *host,
	uint64_t now_ns)
{
	struct { uint8_t source[RD_ADDR_SOURCE_MAX]; struct rd_key host; } both = {.host = *host};
	struct rd_addr pair = {.family = 6};
	_Static_assert(sizeof(both) == RD_ADDR_SOURCE_MAX + sizeof(*host), "without holes");
	rd_addr_source(source, both.source);
	crypto_shorthash(pair.ip, (const uint8_t *)&both, sizeof(both), c->guesses->secret);
	return limit_allow(&c->connect_each, &pair, now_ns);
}

/* Threads may count a few into the wrong second: it is only a threshold. */
bool
admit_busy(struct core *c, uint64_t now_ns)
{
	uint64_t second = now_ns / NS_PER_S;
	if (atomic_exchange_explicit(&c->second, second, memory_order_relaxed) != second)
		atomic_store_explicit(&c->in_second, 0, memory_order_relaxed);
	unsigned n = atomic_fetch_add_explicit(&c->in_second, 1, memory_order_relaxed) + 1;
	/* One second longer than the load lasts, as WireGuard. */
	if (n > atomic_load_explicit(&c->inits_busy, memory_order_relaxed))
		atomic_store_explicit(&c->busy_until_ns, now_ns + NS_PER_S, memory_order_relaxed);
	return now_ns < atomic_load_explicit(&c->busy_until_ns, memory_order_relaxed);
}

void
admit_jar(struct core *c, struct rd_cookie_jar *jar, uint64_t now_ns)
{
	uint8_t cookie[RD_COOKIE];
	pthread_mutex_lock(&c->jar_lock);
	/* For its side effect: secrets that are too old are made anew. */
	rd_cookie_make(&c->jar, &(struct rd_addr){0}, now_ns, cookie);
	*jar = c->jar;
	pthread_mutex_unlock(&c->jar_lock);
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct rd_key));
}

struct rd_key *
admit_list(const struct rd_key *keys, size_t count)
{
	struct rd_key *list = xreallocarray(NULL, count + 1, sizeof(*list));
	if (count)
		memcpy(list, keys, count * sizeof(*list));
	qsort(list, count, sizeof(*list), compare_keys);
	return list;
}

static bool
is_listed(const struct core *c, const struct rd_key *key)
{
	return c->cfg.listed_count && bsearch(key, c->cfg.listed, c->cfg.listed_count,
		sizeof(*key), compare_keys);
}

int
admit_host(const struct core *c, const struct peer *peer, const struct rd_relay_msg *m,
	enum admitted *how)
{
	bool proven = m->has_proof && c->cfg.has_join && peer->join_gen == c->join_gen &&
		sodium_memcmp(m->proof, peer->proof, sizeof(peer->proof)) == 0;
	*how = proven ? ADMITTED_JOIN : is_listed(c, &peer->key) ? ADMITTED_LIST : ADMITTED_OPEN;
	if (*how != ADMITTED_OPEN || c->cfg.open)
		return 0;
	return m->has_proof ? RD_NO_JOIN_KEY : RD_NO_ADMISSION;
}

bool
admit_still(const struct core *c, const struct peer *host)
{
	if (c->cfg.open)
		return true;
	if (host->admitted == ADMITTED_JOIN && c->cfg.has_join && host->join_gen == c->join_gen)
		return true;
	return is_listed(c, &host->key);
}

/* --- guessing of slots --- */

static struct guess *
guess_of(struct core *c, const struct rd_addr *from)
{
	uint8_t source[RD_ADDR_SOURCE_MAX] = {0};
	uint64_t hash;
	rd_addr_source(from, source);
	crypto_shorthash((uint8_t *)&hash, source, sizeof(source), c->guesses->secret);
	struct guess *set = c->guesses->set[hash % GUESS_SETS], *oldest = &set[0];
	for (unsigned i = 0; i < GUESS_WAYS; i++) {
		if (memcmp(set[i].source, source, sizeof(source)) == 0)
			return &set[i];
		if (set[i].began_ns < oldest->began_ns)
			oldest = &set[i];
	}
	*oldest = (struct guess){0};
	memcpy(oldest->source, source, sizeof(source));
	return oldest;
}

bool
admit_guesser(struct core *c, const struct rd_addr *from, uint64_t now_ns)
{
	return now_ns < guess_of(c, from)->until_ns;
}

void
admit_guessed(struct core *c, const struct rd_addr *from, uint64_t now_ns)
{
	struct guess *g = guess_of(c, from);
	if (!g->count || now_ns >= g->began_ns + GUESS_NS) {
		g->began_ns = now_ns;
		g->count = 0;
	}
	if (++g->count < GUESSES)
		return;
	g->until_ns = now_ns + GUESS_NS;
	g->count = 0;
}

/* --- buckets --- */

/* The time at which it will be full again once that is taken; 0: not so much is there. */
static uint64_t
bucket_after(uint64_t full_ns, uint64_t cost_ns, uint64_t burst_ns, uint64_t now_ns)
{
	uint64_t after = (full_ns > now_ns ? full_ns : now_ns) + cost_ns;
	return after <= now_ns + burst_ns ? after : 0;
}

bool
bucket_take(uint64_t *full_ns, uint64_t cost_ns, uint64_t burst_ns, uint64_t now_ns)
{
	uint64_t after = bucket_after(*full_ns, cost_ns, burst_ns, now_ns);
	if (after)
		*full_ns = after;
	return after != 0;
}

bool
bucket_take_atomic(_Atomic uint64_t *full_ns, uint64_t cost_ns, uint64_t burst_ns, uint64_t now_ns)
{
	/* Relaxed: it is one number, and guards nothing else. */
	uint64_t full = atomic_load_explicit(full_ns, memory_order_relaxed), after;
	do {
		after = bucket_after(full, cost_ns, burst_ns, now_ns);
		if (!after)
			return false;
	} while (!atomic_compare_exchange_weak_explicit(full_ns, &full, after,
		memory_order_relaxed, memory_order_relaxed));
	return true;
}

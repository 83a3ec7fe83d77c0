#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/packet.h"
#include "rd-relay/peers.h"

#define CHAINS (sizeof(((struct peers *)0)->carrier) / sizeof(uint32_t))
#define STAMP_WAYS 4
#define LOOKS 32	/* at viewers by chance, of whom one is to go */

static uint32_t
table_size(unsigned max)
{
	uint32_t size = 64;
	while (size < max + max / 4)
		size *= 2;
	return size;
}

void
peers_init(struct peers *p, unsigned max)
{
	p->max = max > PEERS_MAX ? PEERS_MAX : max;
	uint32_t size = table_size(p->max);
	p->mask = size - 1;
	p->by_index = xcalloc(size, sizeof(*p->by_index));
	p->by_key = xcalloc(size, sizeof(*p->by_key));
	p->stamps = xcalloc(STAMPS, sizeof(*p->stamps));
	randombytes_buf(p->secret, sizeof(p->secret));
}

void
peers_finish(struct peers *p)
{
	for (unsigned i = 0; i < SLABS && p->slab[i]; i++) {
		sodium_memzero(p->slab[i], SLAB * sizeof(struct peer));
		free(p->slab[i]);
	}
	free(p->by_index);
	free(p->by_key);
	free(p->stamps);
}

static struct peer *
numbered(const struct peers *p, uint32_t n)
{
	return &p->slab[n / SLAB][n % SLAB];
}

static uint64_t
key_hash(const struct peers *p, const struct rd_key *key)
{
	uint64_t hash;
	_Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "a hash is a number");
	crypto_shorthash((uint8_t *)&hash, key->bytes, sizeof(key->bytes), p->secret);
	return hash;
}

/* --- the two tables: linear probing, no graves --- */

static uint32_t
home(const struct peers *p, const uint32_t *table, const struct peer *peer)
{
	/* Our indices are random numbers already. */
	return (table == p->by_index ? peer->index : (uint32_t)key_hash(p, &peer->key)) & p->mask;
}

static void
table_put(const struct peers *p, uint32_t *table, uint32_t number)
{
	uint32_t at = home(p, table, numbered(p, number));
	while (table[at])
		at = (at + 1) & p->mask;
	table[at] = number + 1;
}

/* Those behind it that may move up do (Knuth, volume 3, 6.4, algorithm R). */
static void
table_take(const struct peers *p, uint32_t *table, uint32_t number)
{
	uint32_t hole = home(p, table, numbered(p, number));
	while (table[hole] != number + 1)
		hole = (hole + 1) & p->mask;
	for (uint32_t at = (hole + 1) & p->mask; table[at]; at = (at + 1) & p->mask) {
		uint32_t want = home(p, table, numbered(p, table[at] - 1));
		if (((at - want) & p->mask) < ((at - hole) & p->mask))
			continue;
		table[hole] = table[at];
		hole = at;
	}
	table[hole] = 0;
}

struct peer *
peers_find(const struct peers *p, uint32_t index)
{
	for (uint32_t at = index & p->mask; p->by_index[at]; at = (at + 1) & p->mask) {
		struct peer *peer = numbered(p, p->by_index[at] - 1);
		if (peer->index == index)
			return peer;
	}
	return NULL;
}

struct peer *
peers_of_key(const struct peers *p, const struct rd_key *key, uint32_t *cursor)
{
	uint32_t at = *cursor == UINT32_MAX ? (uint32_t)key_hash(p, key) & p->mask
		: (*cursor + 1) & p->mask;
	for (; p->by_key[at]; at = (at + 1) & p->mask) {
		struct peer *peer = numbered(p, p->by_key[at] - 1);
		if (!rd_key_equal(&peer->key, key))
			continue;
		*cursor = at;
		return peer;
	}
	return NULL;
}

struct peer *
peers_at(const struct peers *p, uint32_t n)
{
	struct peer *peer = n < p->made ? numbered(p, n) : NULL;
	return peer && peer->index ? peer : NULL;
}

/* --- peers on streams, by carrier --- */

static uint32_t
number_of(const struct peers *p, const struct peer *peer)
{
	/* By our tables: a peer does not know its number, which saves four bytes. */
	uint32_t at = peer->index & p->mask;
	while (numbered(p, p->by_index[at] - 1) != peer)
		at = (at + 1) & p->mask;
	return p->by_index[at] - 1;
}

static void
chain_put(struct peers *p, struct peer *peer)
{
	if (!where_stream(&peer->at))
		return;
	uint32_t *head = &p->carrier[where_carrier(&peer->at) % CHAINS];
	peer->chain = *head;
	*head = number_of(p, peer) + 1;
	p->tls++;
}

static void
chain_take(struct peers *p, struct peer *peer)
{
	if (!where_stream(&peer->at))
		return;
	uint32_t *link = &p->carrier[where_carrier(&peer->at) % CHAINS];
	while (numbered(p, *link - 1) != peer)
		link = &numbered(p, *link - 1)->chain;
	*link = peer->chain;
	p->tls--;
}

void
peers_move(struct peers *p, struct peer *peer, const struct where *to)
{
	chain_take(p, peer);
	peer->at = *to;
	chain_put(p, peer);
}

struct peer *
peers_cut_carrier(struct peers *p, uint32_t carrier)
{
	for (uint32_t n = p->carrier[carrier % CHAINS]; n;) {
		struct peer *peer = numbered(p, n - 1);
		n = peer->chain;
		if (where_carrier(&peer->at) != carrier)
			continue;
		peers_move(p, peer, &(struct where){0});
		return peer;
	}
	return NULL;
}

/* --- who crowds --- */

uint16_t
peers_source(const struct peers *p, const struct rd_addr *from)
{
	uint8_t source[RD_ADDR_SOURCE_MAX] = {0};
	uint64_t hash;
	rd_addr_source(from, source);
	crypto_shorthash((uint8_t *)&hash, source, sizeof(source), p->secret);
	return (uint16_t)(hash % PEER_SOURCES);
}

/*
 * Strangers' room is full: one of a source that has many makes room, if the
 * newcomer's has fewer. Whoever has a large part of it is found by few looks.
 */
static void
make_room_of_source(struct peers *p, const struct peer *as)
{
	struct peer *found = NULL;
	uint32_t most = p->sources[as->source] + 1;
	for (unsigned i = 0; i < LOOKS && p->made; i++) {
		struct peer *peer = peers_at(p, randombytes_uniform(p->made));
		if (!peer || peer->registered || p->sources[peer->source] <= most)
			continue;
		most = p->sources[peer->source];
		found = peer;
	}
	if (found)
		peers_remove(p, found);
}

/* --- coming and going --- */

static uint32_t
take_number(struct peers *p)
{
	if (p->free) {
		uint32_t n = p->free - 1;
		p->free = numbered(p, n)->chain;
		return n;
	}
	if (p->made % SLAB == 0)
		p->slab[p->made / SLAB] = xcalloc(SLAB, sizeof(struct peer));
	return p->made++;
}

/* One key's sessions stay few, or a search by that key would become long. */
static void
make_room_of_key(struct peers *p, const struct rd_key *key)
{
	uint32_t cursor = UINT32_MAX;
	struct peer *peer, *oldest = NULL;
	unsigned n = 0;
	while ((peer = peers_of_key(p, key, &cursor))) {
		n++;
		if (!peer->registered && (!oldest || peer->timestamp < oldest->timestamp))
			oldest = peer;
	}
	if (n >= PEERS_OF_KEY && oldest)
		peers_remove(p, oldest);
}

/* Hosts have been let in by somebody. */
static bool
has_room(const struct peers *p, enum peers_as what)
{
	if (what == PEERS_VIEWER)
		return p->count < p->max && p->count - p->hosts < (p->max + 1) / 2;
	return p->count < p->max + (what == PEERS_HOST_AGAIN ? p->max / 16 + 1 : 0);
}

struct peer *
peers_add(struct peers *p, const struct peer *as, enum peers_as what)
{
	assert(as->index && !as->registered);
	make_room_of_key(p, &as->key);
	if (what == PEERS_VIEWER && !has_room(p, what))
		make_room_of_source(p, as);
	if (!has_room(p, what))
		return NULL;
	uint32_t n = take_number(p);
	struct peer *peer = numbered(p, n);
	*peer = *as;
	table_put(p, p->by_index, n);
	table_put(p, p->by_key, n);
	chain_put(p, peer);
	p->count++;
	p->sources[peer->source]++;
	return peer;
}

static struct stamp *
stamp_of(const struct peers *p, uint64_t hash)
{
	struct stamp *set = &p->stamps[hash % (STAMPS / STAMP_WAYS) * STAMP_WAYS];
	for (unsigned i = 0; i < STAMP_WAYS; i++)
		if (set[i].key == hash)
			return &set[i];
	return NULL;
}

/* Of keys that share a set, the one with the oldest stamp is forgotten. */
static void
remember(struct peers *p, const struct peer *peer)
{
	uint64_t hash = key_hash(p, &peer->key);
	struct stamp *s = stamp_of(p, hash);
	struct stamp *set = &p->stamps[hash % (STAMPS / STAMP_WAYS) * STAMP_WAYS];
	if (!s)
		s = &set[0];
	for (unsigned i = 0; i < STAMP_WAYS && s->key != hash; i++)
		if (set[i].value < s->value)
			s = &set[i];
	if (s->key != hash || s->value < peer->timestamp)
		*s = (struct stamp){.key = hash, .value = peer->timestamp};
}

void
peers_remove(struct peers *p, struct peer *peer)
{
	uint32_t n = number_of(p, peer);
	remember(p, peer);
	chain_take(p, peer);
	table_take(p, p->by_key, n);
	table_take(p, p->by_index, n);
	p->count--;
	p->hosts -= peer->registered;
	p->sources[peer->source] -= !peer->registered;
	sodium_memzero(peer, sizeof(*peer));
	peer->chain = p->free;
	p->free = n + 1;
}

void
peers_register(struct peers *p, struct peer *peer, struct peer *old, uint32_t program,
	uint64_t now_ns)
{
	sodium_memzero(peer->proof, sizeof(peer->proof));
	peer->program = program;
	peer->since_ns = old ? old->since_ns : now_ns;
	if (old) {
		memcpy(peer->slot, old->slot, sizeof(peer->slot));
		peer->connects_ns = old->connects_ns;
		peers_remove(p, old);
	}
	peer->registered = true;
	p->sources[peer->source]--;
	p->hosts++;
}

bool
peers_replayed(const struct peers *p, const struct rd_key *key, uint64_t timestamp)
{
	uint32_t cursor = UINT32_MAX;
	const struct peer *peer;
	while ((peer = peers_of_key(p, key, &cursor)))
		if (timestamp <= peer->timestamp)
			return true;
	const struct stamp *s = stamp_of(p, key_hash(p, key));
	return s && timestamp <= s->value;
}


#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/limit.h"

#define WAYS 8	/* slots of a set */
#define SETS (RD_LIMIT_SLOTS / WAYS)

struct slot {
	uint8_t source[RD_ADDR_SOURCE_MAX];
	bool used;
	double tokens;
	uint64_t seen_ns;
};

struct rd_limit {
	double per_ns, burst;
	uint8_t key[crypto_shorthash_KEYBYTES];	/* so that nobody can aim at a set */
	struct slot slot[SETS][WAYS];
};

struct rd_limit *
rd_limit_new(double per_s, unsigned burst)
{
	struct rd_limit *l = xcalloc(1, sizeof(*l));

	l->per_ns = per_s / (double)RD_NS_PER_S;
	l->burst = burst;
	randombytes_buf(l->key, sizeof(l->key));
	return l;
}

void
rd_limit_free(struct rd_limit *l)
{
	free(l);
}

/* Of a source that has none: the free slot, or the one quiet longest. */
static struct slot *
find_slot(struct rd_limit *l, const uint8_t source[static RD_ADDR_SOURCE_MAX], uint64_t now_ns)
{
	uint64_t hash;

	_Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "a hash is a number");
	crypto_shorthash((uint8_t *)&hash, source, RD_ADDR_SOURCE_MAX, l->key);
	struct slot *set = l->slot[hash % SETS], *victim = &set[0];
	for (unsigned i = 0; i < WAYS; i++) {
		struct slot *s = &set[i];
		if (s->used && memcmp(s->source, source, RD_ADDR_SOURCE_MAX) == 0)
			return s;
		if (victim->used && (!s->used || s->seen_ns < victim->seen_ns))
			victim = s;
	}
	memcpy(victim->source, source, RD_ADDR_SOURCE_MAX);
	victim->used = true;
	victim->tokens = l->burst;
	victim->seen_ns = now_ns;
	return victim;
}

bool
rd_limit_allow(struct rd_limit *l, const struct rd_addr *from, uint64_t now_ns)
{
	uint8_t source[RD_ADDR_SOURCE_MAX] = {0};

	rd_addr_source(from, source);
	struct slot *s = find_slot(l, source, now_ns);
	if (now_ns > s->seen_ns) {
		s->tokens += (double)(now_ns - s->seen_ns) * l->per_ns;
		s->seen_ns = now_ns;
	}
	if (s->tokens > l->burst)
		s->tokens = l->burst;
	if (s->tokens < 1)
		return false;
	s->tokens -= 1;
	return true;
}

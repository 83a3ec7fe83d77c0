#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-relay/half.h"

void
halves_init(struct halves *h)
{
	h->half = xcalloc(HALVES, sizeof(*h->half));
	h->oldest = h->newest = h->free = HALF_NONE;
}

void
halves_finish(struct halves *h)
{
	sodium_memzero(h->half, h->made * sizeof(*h->half));
	free(h->half);
}

static unsigned
seen_place(const uint8_t mac1[static 16])
{
	return (unsigned)(mac1[0] | mac1[1] << 8) % HALF_PLACES;
}

void
halves_remove(struct halves *h, struct half *half)
{
	uint16_t n = (uint16_t)(half - h->half);
	h->place[half->peer.index % HALF_PLACES] = 0;
	uint16_t *seen = &h->seen[seen_place(half->mac1)];
	if (*seen == n + 1)
		*seen = 0;
	h->sources[half->peer.source]--;
	*(half->older == HALF_NONE ? &h->oldest : &h->half[half->older].newer) = half->newer;
	*(half->newer == HALF_NONE ? &h->newest : &h->half[half->newer].older) = half->older;
	h->count--;
	sodium_memzero(half, sizeof(*half));
	half->newer = h->free;
	h->free = n;
}

/* Of sources that have as many as any other has, the oldest. */
static void
make_room(struct halves *h)
{
	struct half *found = NULL;
	for (uint16_t n = h->oldest; n != HALF_NONE; n = h->half[n].newer)
		if (!found || h->sources[h->half[n].peer.source] > h->sources[found->peer.source])
			found = &h->half[n];
	if (found)
		halves_remove(h, found);
}

/* 0 is what datagrams name that have no receiver. */
static uint32_t
free_index(const struct halves *h, const struct peers *p)
{
	uint32_t index;
	do
		index = randombytes_random();
	while (index == 0 || h->place[index % HALF_PLACES] || peers_find(p, index));
	return index;
}

/* One that was used before, by `newer`; else one that never was, whose memory is not touched yet. */
static uint16_t
take_number(struct halves *h)
{
	uint16_t n = h->free;
	if (n == HALF_NONE)
		return h->made++;
	h->free = h->half[n].newer;
	return n;
}

struct half *
halves_add(struct halves *h, const struct peers *p, const struct rd_addr *from,
	const uint8_t mac1[static 16], uint64_t now_ns)
{
	_Static_assert(HALVES < HALF_PLACES && HALF_PLACES <= UINT16_MAX, "a free index is found soon");
	if (h->count == HALVES)
		make_room(h);
	uint16_t n = take_number(h);
	struct half *half = &h->half[n];
	*half = (struct half){.born_ns = now_ns, .older = h->newest, .newer = HALF_NONE,
		.peer = {.index = free_index(h, p), .at = where_of(from),
			.source = peers_source(p, from)}};
	memcpy(half->mac1, mac1, sizeof(half->mac1));
	*(h->newest == HALF_NONE ? &h->oldest : &h->half[h->newest].newer) = n;
	h->newest = n;
	h->place[half->peer.index % HALF_PLACES] = (uint16_t)(n + 1);
	h->seen[seen_place(mac1)] = (uint16_t)(n + 1);
	h->sources[half->peer.source]++;
	h->count++;
	return half;
}

struct half *
halves_find(const struct halves *h, uint32_t index)
{
	uint16_t n = h->place[index % HALF_PLACES];
	return n && h->half[n - 1].peer.index == index ? &h->half[n - 1] : NULL;
}

struct half *
halves_seen(const struct halves *h, const uint8_t mac1[static 16], const struct where *at)
{
	uint16_t n = h->seen[seen_place(mac1)];
	struct half *half = n ? &h->half[n - 1] : NULL;
	if (!half || !half->ready || memcmp(half->mac1, mac1, 16) != 0 ||
		!where_equal(&half->peer.at, at))
		return NULL;
	return half;
}

void
halves_expire(struct halves *h, uint64_t now_ns)
{
	while (h->oldest != HALF_NONE && now_ns >= h->half[h->oldest].born_ns + HALF_LIFE_NS)
		halves_remove(h, &h->half[h->oldest]);
}

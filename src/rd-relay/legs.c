#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "rd-relay/legs.h"

#define CHAINS (sizeof(((struct legs *)0)->carrier) / sizeof(uint32_t))
#define PLACE_MASK ((1u << LEG_PLACE_BITS) - 1)

static uint32_t
power_of_two(uint32_t least)
{
	uint32_t n = 64;
	while (n < least)
		n *= 2;
	return n;
}

void
legs_init(struct legs *t, uint32_t max_sessions)
{
	t->max = max_sessions > LEGS_SESSIONS_MAX ? LEGS_SESSIONS_MAX : max_sessions;
	t->limit = t->max;
	uint32_t places = power_of_two(4 * t->max);
	t->mask = places - 1;
	/* Zeros by calloc, and not by memset: pages that no session uses are never touched. */
	t->memory = xcalloc((size_t)places + 1, sizeof(*t->leg));
	uintptr_t past = (uintptr_t)t->memory % _Alignof(struct leg);
	t->leg = (struct leg *)((uint8_t *)t->memory + (past ? _Alignof(struct leg) - past : 0));
	t->meter = xcalloc(t->max, sizeof(*t->meter));
	t->session = xcalloc(t->max, sizeof(*t->session));
	t->live = xcalloc(t->max, sizeof(*t->live));
	for (uint32_t i = 0; i < t->max; i++)
		t->live[i] = i;
	uint32_t tags = power_of_two(t->max);
	t->tag_mask = tags - 1;
	t->tag[0] = xcalloc(tags, sizeof(uint32_t));
	t->tag[1] = xcalloc(tags, sizeof(uint32_t));
	randombytes_buf(t->secret, sizeof(t->secret));
}

void
legs_finish(struct legs *t)
{
	free(t->memory);
	free(t->meter);
	free(t->session);
	free(t->live);
	free(t->tag[0]);
	free(t->tag[1]);
}

uint64_t
handle_number(const uint8_t handle[static RD_HANDLE])
{
	uint64_t n = 0;
	for (unsigned i = 0; i < RD_HANDLE; i++)
		n |= (uint64_t)handle[i] << 8 * i;
	return n;
}

void
handle_bytes(uint64_t number, uint8_t handle[static RD_HANDLE])
{
	for (unsigned i = 0; i < RD_HANDLE; i++)
		handle[i] = (uint8_t)(number >> 8 * i);
}

static uint32_t
place_of(uint64_t handle)
{
	return (uint32_t)handle & PLACE_MASK;
}

/* Under core.lock nobody else writes: what a place has is not torn. */
static uint64_t
handle_at(const struct legs *t, uint32_t place)
{
	return atomic_load_explicit(&t->leg[place].handle, memory_order_relaxed);
}

/* --- sessions by tag; aimed at by nobody, since the hash is keyed --- */

static uint32_t *
tag_chain(const struct legs *t, unsigned leg, uint32_t tag)
{
	uint64_t hash;
	_Static_assert(sizeof(t->secret) == crypto_shorthash_KEYBYTES, "a key of siphash");
	crypto_shorthash((uint8_t *)&hash, (const uint8_t *)&tag, sizeof(tag), t->secret);
	return &t->tag[leg][hash & t->tag_mask];
}

static void
tag_put(struct legs *t, struct session *s, unsigned leg)
{
	uint32_t *head = tag_chain(t, leg, s->tag[leg]);
	s->tag_next[leg] = *head;
	*head = (uint32_t)(s - t->session) + 1;
}

static void
tag_take(struct legs *t, struct session *s, unsigned leg)
{
	uint32_t *link = tag_chain(t, leg, s->tag[leg]);
	while (&t->session[*link - 1] != s)
		link = &t->session[*link - 1].tag_next[leg];
	*link = s->tag_next[leg];
}

struct session *
legs_of_tag(const struct legs *t, unsigned leg, uint32_t tag, const struct session *after)
{
	uint32_t n = after ? after->tag_next[leg] : *tag_chain(t, leg, tag);
	while (n && t->session[n - 1].tag[leg] != tag)
		n = t->session[n - 1].tag_next[leg];
	return n ? &t->session[n - 1] : NULL;
}

/* --- legs on streams, by carrier --- */

static void
chain_put(struct legs *t, uint32_t place, const struct where *at)
{
	if (!where_stream(at))
		return;
	uint32_t *head = &t->carrier[where_carrier(at) % CHAINS];
	t->leg[place].carrier_next = *head;
	*head = place + 1;
}

static void
chain_take(struct legs *t, uint32_t place, const struct where *at)
{
	if (!where_stream(at))
		return;
	uint32_t *link = &t->carrier[where_carrier(at) % CHAINS];
	while (*link != place + 1)
		link = &t->leg[*link - 1].carrier_next;
	*link = t->leg[place].carrier_next;
}

struct where
legs_at(const struct legs *t, uint64_t handle)
{
	struct leg_view v;
	return leg_read(t, handle, &v) ? v.at : (struct where){0};
}

static void
set_at(struct legs *t, struct session *s, unsigned leg, const struct where *at)
{
	uint64_t handle = s->handle[leg];
	uint32_t place = place_of(handle);
	struct where was = legs_at(t, handle);
	chain_take(t, place, &was);
	leg_write(t, place, &(struct leg_view){.handle = handle, .other = s->handle[!leg],
		.at = *at, .session = (uint32_t)(s - t->session)});
	chain_put(t, place, at);
}

void
legs_bind(struct legs *t, struct session *s, unsigned leg, const struct where *at,
	uint64_t now_ns)
{
	/* First: or it might look idle when it is bound. */
	atomic_store_explicit(&t->leg[place_of(s->handle[leg])].heard_ns, now_ns,
		memory_order_relaxed);
	if (where_stream(at) && !s->stream) {
		s->stream = true;
		t->streams++;
	}
	set_at(t, s, leg, at);
}

void
legs_unbind(struct legs *t, struct session *s, unsigned leg)
{
	set_at(t, s, leg, &(struct where){0});
}

void
legs_allow(struct legs *t, struct session *s, uint64_t max_bytes)
{
	atomic_store_explicit(&t->meter[s - t->session].max_bytes, max_bytes, memory_order_relaxed);
}

void
legs_cut_carrier(struct legs *t, uint32_t carrier)
{
	for (uint32_t n = t->carrier[carrier % CHAINS]; n;) {
		struct leg_view v;
		uint32_t place = n - 1;
		n = t->leg[place].carrier_next;
		if (!leg_read(t, handle_at(t, place), &v) || where_carrier(&v.at) != carrier)
			continue;
		struct session *s = &t->session[v.session];
		legs_unbind(t, s, s->handle[1] == v.handle);
	}
}

/* --- coming and going --- */

/* At most half of the places are taken, so this ends soon. */
static uint64_t
draw_handle(const struct legs *t, uint64_t besides)
{
	uint64_t handle;
	do {
		uint32_t place = randombytes_random() & t->mask;
		handle = (uint64_t)(randombytes_random() >> 4 | 1) << LEG_PLACE_BITS | place;
	} while (handle_at(t, place_of(handle)) || place_of(handle) == place_of(besides));
	return handle;
}

static bool
place_free(const struct legs *t, uint64_t handle)
{
	return handle && place_of(handle) <= t->mask && !handle_at(t, place_of(handle));
}

static bool
choose_handles(const struct legs *t, const struct session_new *n, uint64_t handle[2])
{
	memcpy(handle, n->handle, 2 * sizeof(*handle));
	if (handle[0] || handle[1])
		return place_free(t, handle[0]) && place_free(t, handle[1]) &&
			place_of(handle[0]) != place_of(handle[1]);
	handle[1] = draw_handle(t, ~UINT64_C(0));
	handle[0] = draw_handle(t, handle[1]);
	return true;
}

struct session *
legs_add(struct legs *t, const struct session_new *n, uint64_t now_ns)
{
	uint64_t handle[2];
	if (t->count >= t->limit || !choose_handles(t, n, handle))
		return NULL;
	uint32_t number = t->live[t->count];
	struct session *s = &t->session[number];
	*s = (struct session){.used = true, .id = n->id, .began_ns = now_ns, .ends_ns = n->ends_ns,
		.not_after_s = n->not_after_s, .max_bytes = n->max_bytes, .kbps = n->kbps,
		.handle = {handle[0], handle[1]}, .tag = {n->tag[0], n->tag[1]}, .live = t->count++};
	/* Atomics, since a datagram of whoever had this place before may still be on its way. */
	struct meter *m = &t->meter[number];
	atomic_store_explicit(&m->bucket_ns, 0, memory_order_relaxed);
	atomic_store_explicit(&m->max_bytes, n->max_bytes, memory_order_relaxed);
	atomic_store_explicit(&m->kbps, n->kbps, memory_order_relaxed);
	for (unsigned i = 0; i < 2; i++) {
		struct leg *l = &t->leg[place_of(handle[i])];
		atomic_store_explicit(&l->bytes, 0, memory_order_relaxed);
		atomic_store_explicit(&l->packets, 0, memory_order_relaxed);
		tag_put(t, s, i);
		legs_bind(t, s, i, &n->at[i], now_ns);
	}
	return s;
}

void
legs_remove(struct legs *t, struct session *s)
{
	for (unsigned i = 0; i < 2; i++) {
		uint32_t place = place_of(s->handle[i]);
		struct where at = legs_at(t, s->handle[i]);
		chain_take(t, place, &at);
		leg_write(t, place, &(struct leg_view){0});
		tag_take(t, s, i);
	}
	s->used = false;
	t->streams -= s->stream;
	t->count--;
	uint32_t number = t->live[s->live], last = t->live[t->count];
	t->session[last].live = s->live;
	t->live[s->live] = last;
	t->live[t->count] = number;
}

struct session *
legs_find(const struct legs *t, uint64_t handle, bool *free)
{
	struct leg_view v;
	*free = place_free(t, handle);
	return !*free && leg_read(t, handle, &v) ? &t->session[v.session] : NULL;
}

/* --- what core_route counts --- */

static const struct leg *
leg_of(const struct legs *t, const struct session *s, unsigned leg)
{
	return &t->leg[place_of(s->handle[leg])];
}

uint64_t
legs_heard_ns(const struct legs *t, const struct session *s, unsigned leg)
{
	return atomic_load_explicit(&leg_of(t, s, leg)->heard_ns, memory_order_relaxed);
}

uint64_t
legs_said(const struct legs *t, const struct session *s, unsigned leg)
{
	return atomic_load_explicit(&leg_of(t, s, leg)->bytes, memory_order_relaxed);
}

uint64_t
legs_bytes(const struct legs *t, const struct session *s)
{
	uint64_t n = 0;
	for (unsigned i = 0; i < 2; i++)
		n += legs_said(t, s, i);
	return n;
}

uint64_t
legs_packets(const struct legs *t, const struct session *s, unsigned leg)
{
	return atomic_load_explicit(&leg_of(t, s, leg)->packets, memory_order_relaxed);
}

#include "rd-relay/core_priv.h"

#define GONE_A_SECOND 2000	/* to everybody together */

static struct leg *
leg_at(struct core *c, uint64_t handle)
{
	return &c->legs.leg[handle & c->legs.mask];
}

static bool
over_quota(struct core *c, const struct meter *m, const struct leg_view *mine)
{
	uint64_t max = atomic_load_explicit(&m->max_bytes, memory_order_relaxed);
	if (!max)
		return false;
	return atomic_load_explicit(&leg_at(c, mine->handle)->bytes, memory_order_relaxed) +
		atomic_load_explicit(&leg_at(c, mine->other)->bytes, memory_order_relaxed) >= max;
}

static bool
over_rate(struct meter *m, size_t bytes, uint64_t now_ns)
{
	uint32_t kbps = atomic_load_explicit(&m->kbps, memory_order_relaxed);
	return kbps && !bucket_take_atomic(&m->bucket_ns, (uint64_t)bytes * 8 * 1000000 / kbps,
		NS_PER_S, now_ns);
}

static bool
drop(enum core_drop *why, enum core_drop which)
{
	*why = which;
	return false;
}

/*
 * Between the two looks at the legs the session may have ended and another one
 * have got its places: then the other's handle is not the one that ours names.
 * Its meter may be another one's, too: then that is charged for
 * one datagram, and nothing else happens.
 */
bool
core_route(struct core *c, const struct rd_addr *from, const uint8_t handle[static RD_HANDLE],
	unsigned count, size_t bytes, uint64_t now_ns, struct core_route *r, enum core_drop *why)
{
	struct leg_view mine, other;
	struct where at = where_of(from);
	if (!leg_read(&c->legs, handle_number(handle), &mine))
		return drop(why, DROP_UNKNOWN);
	if (!where_equal(&mine.at, &at))
		return drop(why, DROP_ADDRESS);
	struct leg *l = leg_at(c, mine.handle);
	struct meter *m = &c->legs.meter[mine.session];
	/* Relaxed, as the counters: nothing is ordered by them. */
	atomic_store_explicit(&l->heard_ns, now_ns, memory_order_relaxed);
	if (!leg_read(&c->legs, mine.other, &other) || where_nowhere(&other.at))
		return drop(why, DROP_UNBOUND);
	if (over_quota(c, m, &mine))
		return drop(why, DROP_QUOTA);
	if (over_rate(m, bytes, now_ns))
		return drop(why, DROP_RATE);
	atomic_fetch_add_explicit(&l->bytes, bytes, memory_order_relaxed);
	atomic_fetch_add_explicit(&l->packets, count, memory_order_relaxed);
	r->to = where_addr(&other.at);
	r->marks = atomic_load_explicit(&c->legs.marks, memory_order_relaxed);
	handle_bytes(other.handle, r->handle);
	return true;
}

void
core_gone(struct core *c, const struct core_out *out, const struct rd_addr *from,
	const uint8_t handle[static RD_HANDLE], uint64_t now_ns)
{
	uint8_t room[RD_RELAYED_HEADER];
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	if (!bucket_take_atomic(&c->gone_ns, NS_PER_S / GONE_A_SECOND, NS_PER_S / 10, now_ns) ||
		!limit_allow(&c->gone, from, now_ns))
		return;
	rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_GONE, .handle = handle});
	out->send(out->ctx, from, b.data, b.len);
}

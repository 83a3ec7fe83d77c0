#include <string.h>

#include "net/punch_priv.h"

static enum rd_path_how
how_of(enum rd_candidate_kind kind)
{
	return kind == RD_CANDIDATE_MAPPED ? RD_HOW_MAPPED :
		kind == RD_CANDIDATE_PREDICTED ? RD_HOW_PREDICTED : RD_HOW_DIRECT;
}

static struct punch_target *
find_target(struct punch_target *targets, unsigned count, const struct rd_addr *addr)
{
	for (unsigned i = 0; i < count; i++)
		if (rd_addr_equal(addr, &targets[i].addr))
			return &targets[i];
	return NULL;
}

/*
 * It would be ourselves whom we reach: a peer with the same private address, or
 * one that names a loopback though we do not live there with it.
 */
static bool
is_own(const struct rd_punch *p, const struct rd_addr *addr)
{
	bool loopback = false;
	for (unsigned i = 0; i < p->own.count; i++) {
		loopback = loopback || rd_addr_is_loopback(&p->own.list[i].addr);
		if (rd_addr_equal(addr, &p->own.list[i].addr))
			return true;
	}
	return rd_addr_is_loopback(addr) && !loopback;
}

/* What lives at the address that was seen needs no opener: there is no port to be changed. */
static void
add_target(struct rd_punch *p, const struct punch_target *old, unsigned old_count,
	enum rd_candidate_kind kind, const struct rd_addr *addr)
{
	struct punch_target *t = find_target(p->targets, p->count, addr);
	if (t) {
		if (kind == RD_CANDIDATE_HOST)
			t->kind = kind;
		return;
	}
	if (p->count == PUNCH_TARGETS || is_own(p, addr))
		return;
	t = &p->targets[p->count++];
	*t = (struct punch_target){.addr = *addr, .kind = kind, .how = how_of(kind)};
	const struct punch_target *was =
		find_target((struct punch_target *)(uintptr_t)old, old_count, addr);
	if (was) {
		t->opened = was->opened;
		t->ready_ns = was->ready_ns;
		t->wanted = was->wanted;
		if (kind == RD_CANDIDATE_PEER)
			t->how = was->how;
	}
}

static void
add_kind(struct rd_punch *p, const struct punch_target *old, unsigned old_count,
	enum rd_candidate_kind kind)
{
	for (unsigned i = 0; i < p->peer.count; i++)
		if (p->peer.list[i].kind == kind)
			add_target(p, old, old_count, kind, &p->peer.list[i].addr);
}

static void
add_predicted(struct rd_punch *p, const struct punch_target *old, unsigned old_count)
{
	struct rd_addr addr;
	for (unsigned k = 1; k <= PUNCH_PREDICTED; k++)
		if (punch_predict(&p->peer.nat, k, &addr))
			add_target(p, old, old_count, RD_CANDIDATE_PREDICTED, &addr);
}

void
punch_targets_list(struct rd_punch *p)
{
	struct punch_target old[PUNCH_TARGETS];
	unsigned n = p->count;
	memcpy(old, p->targets, sizeof(old));
	p->count = 0;
	if (punch_lock_step(p))
		add_predicted(p, old, n);
	add_kind(p, old, n, RD_CANDIDATE_REFLEXIVE);
	add_predicted(p, old, n);
	add_kind(p, old, n, RD_CANDIDATE_MAPPED);
	add_kind(p, old, n, RD_CANDIDATE_HOST);
	for (unsigned i = 0; i < n; i++)
		if (old[i].kind == RD_CANDIDATE_PEER)
			add_target(p, old, n, RD_CANDIDATE_PEER, &old[i].addr);
	p->cursor = p->count;
}

static enum rd_path_how
heard_how(const struct rd_punch *p, const struct rd_addr *from)
{
	return punch_birthday_carrier(p, from->carrier) ? RD_HOW_BIRTHDAY : RD_HOW_DIRECT;
}

/* Of those only heard of the oldest goes. */
static struct punch_target *
room_for_heard(struct rd_punch *p)
{
	unsigned heard = 0, oldest = PUNCH_TARGETS;
	for (unsigned i = p->count; i-- > 0;)
		if (p->targets[i].kind == RD_CANDIDATE_PEER) {
			heard++;
			oldest = i;
		}
	if (heard == PUNCH_HEARD) {
		p->count--;
		memmove(&p->targets[oldest], &p->targets[oldest + 1],
			(p->count - oldest) * sizeof(p->targets[0]));
		p->cursor -= p->cursor > oldest;
	}
	bool idle = p->cursor >= p->count;
	struct punch_target *t = &p->targets[p->count++];
	p->cursor = idle ? p->count : p->cursor;
	return t;
}

enum rd_path_how
rd_punch_how(const struct rd_punch *p, const struct rd_addr *path)
{
	const struct punch_path *is = punch_path_find(p, path);
	if (is)
		return is->proven.how;
	for (unsigned i = 0; i < p->count; i++)
		if (rd_addr_equal(path, &p->targets[i].addr))
			return p->targets[i].how;
	return path->relayed ? RD_HOW_RELAY : heard_how(p, path);
}

void
rd_punch_heard(struct rd_punch *p, const struct rd_addr *from, uint64_t now_ns)
{
	if (from->relayed || from->stream || !from->family || !from->port)
		return;
	const struct punch_path *path = punch_path_find(p, from);
	if (path && punch_path_fresh(path, now_ns))
		return;
	struct punch_target *t = find_target(p->targets, p->count, from);
	if (!t) {
		t = room_for_heard(p);
		*t = (struct punch_target){.addr = *from, .kind = RD_CANDIDATE_PEER,
			.how = heard_how(p, from)};
		t->addr.hops = t->addr.traffic = 0;
	}
	t->wanted = true;
}

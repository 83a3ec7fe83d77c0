#include <string.h>

#include "net/punch_priv.h"

#define WARM_NS (20 * PUNCH_S)	/* a NAT forgets UDP after 30 s at the earliest */
#define WATCH_NS (5 * PUNCH_S)	/* a relay that carries us: started anew it does not know us */
#define RETRY_NS (1 * PUNCH_S)	/* when that was not answered */
#define RETRIES 3
#define FRESH_NS (45 * PUNCH_S)	/* proven lately */
#define BETTER_NS (5 * PUNCH_MS)	/* and a tenth: what a change of path must gain */
#define FULL_TRIES 4
#define FULL_NS (200 * PUNCH_MS)	/* until the next full probe; doubles */
#define FULL_AGAIN_NS (60 * PUNCH_S)	/* where none came through */
#define AGAIN_NS (30 * PUNCH_S)	/* one that dies so soon after it died is barred */
#define BAR_NS (1 * PUNCH_S)	/* at first; doubles */
#define BAR_MAX 6		/* … up to a minute */

struct punch_path *
punch_path_find(const struct rd_punch *p, const struct rd_addr *addr)
{
	for (unsigned i = 0; i < p->path_count; i++)
		if (rd_addr_equal(addr, &p->paths[i].proven.addr))
			return (struct punch_path *)(uintptr_t)&p->paths[i];
	return NULL;
}

bool
punch_path_fresh(const struct punch_path *path, uint64_t now_ns)
{
	return path->proven.proven_ns && now_ns < path->proven.proven_ns + FRESH_NS &&
		path->unanswered <= RETRIES;
}

static bool
is_direct(const struct punch_path *path)
{
	return !path->proven.addr.relayed && !path->proven.addr.stream;
}

bool
punch_direct(const struct rd_punch *p, uint64_t now_ns)
{
	for (unsigned i = 0; i < p->path_count; i++)
		if (is_direct(&p->paths[i]) && punch_path_fresh(&p->paths[i], now_ns))
			return true;
	return false;
}

static struct punch_strike *
find_strike(const struct rd_punch *p, const struct rd_addr *addr)
{
	for (unsigned i = 0; i < PUNCH_STRIKES; i++)
		if (p->strikes[i].died_ns && rd_addr_equal(addr, &p->strikes[i].addr))
			return (struct punch_strike *)(uintptr_t)&p->strikes[i];
	return NULL;
}

static uint64_t
barred_until(const struct rd_punch *p, const struct rd_addr *addr)
{
	const struct punch_strike *s = find_strike(p, addr);
	return s ? s->barred_ns : 0;
}

/* How much is lost with it: the one in use, one that is kept, any other. */
static unsigned
worth(const struct rd_punch *p, const struct punch_path *path)
{
	return rd_addr_equal(&p->used, &path->proven.addr) ? 2 : path->kept;
}

/* When all places are taken, of what is worth least the one goes that was proven longest ago. */
static struct punch_path *
new_path(struct rd_punch *p)
{
	struct punch_path *oldest = NULL;
	if (p->path_count < RD_PUNCH_PATHS)
		return &p->paths[p->path_count++];
	for (unsigned i = 0; i < p->path_count; i++) {
		struct punch_path *path = &p->paths[i];
		if (!oldest || worth(p, path) < worth(p, oldest) ||
			(worth(p, path) == worth(p, oldest) &&
			path->proven.proven_ns < oldest->proven.proven_ns))
			oldest = path;
	}
	return oldest;
}

/* Nobody has answered there for long. */
static void
forget_stale(struct rd_punch *p, uint64_t now_ns)
{
	for (unsigned i = p->path_count; i-- > 0;)
		if (worth(p, &p->paths[i]) == 0 && p->paths[i].unanswered > RETRIES &&
			!punch_path_fresh(&p->paths[i], now_ns))
			p->paths[i] = p->paths[--p->path_count];
}

/*
 * Who only listens would not notice that the relay has lost its leg, and nothing
 * reaches him until he says something.
 */
static bool
watched(const struct rd_punch *p, const struct punch_path *path)
{
	return path->proven.addr.relayed && rd_addr_equal(&p->used, &path->proven.addr);
}

void
rd_punch_use(struct rd_punch *p, const struct rd_addr *path)
{
	p->used = *path;
}

void
punch_path_proven(struct rd_punch *p, const struct punch_asked *asked, uint64_t now_ns,
	struct rd_punched *out)
{
	struct punch_path *path = punch_path_find(p, &asked->to);
	uint64_t rtt = now_ns - asked->sent_ns;
	if (!path) {
		path = new_path(p);
		*path = (struct punch_path){.proven = {.addr = asked->to, .how = asked->how},
			.full_ns = now_ns};
		path->proven.addr.hops = path->proven.addr.traffic = 0;
	}
	uint64_t was = path->proven.rtt_ns;
	/* A short one is no accident; a long one may be. */
	path->proven.rtt_ns = was && rtt > was ? was + (rtt - was) / 4 : rtt ? rtt : 1;
	path->proven.proven_ns = now_ns;
	path->unanswered = 0;
	path->due_ns = now_ns + (watched(p, path) ? WATCH_NS : WARM_NS);
	if (asked->full) {
		path->full = true;
		path->narrow = false;
	}
	/* One that is barred is looked at again when it no longer is. */
	uint64_t barred = barred_until(p, &asked->to);
	if (barred > now_ns && barred < path->due_ns)
		path->due_ns = barred;
	*out = path->proven;
}

void
rd_punch_keep(struct rd_punch *p, const struct rd_addr *addr, uint64_t now_ns)
{
	struct punch_path *path = punch_path_find(p, addr);
	if (!addr->family)
		return;
	if (!path) {
		path = new_path(p);
		*path = (struct punch_path){.proven = {.addr = *addr, .proven_ns = now_ns,
			.how = addr->relayed ? RD_HOW_RELAY : RD_HOW_GIVEN}, .due_ns = now_ns + RETRY_NS};
		path->proven.addr.hops = path->proven.addr.traffic = 0;
	}
	path->kept = true;
}

void
rd_punch_alive(struct rd_punch *p, const struct rd_addr *addr, uint64_t now_ns)
{
	struct punch_path *path = punch_path_find(p, addr);
	if (!path)
		return;
	path->proven.proven_ns = now_ns;
	path->unanswered = 0;
}

static bool
may_probe(const struct rd_punch *p, const struct punch_path *path)
{
	return !is_direct(path) || rd_punch_active(p);
}

/* What passes relays and TCP need not be found out: the handshake has passed there. */
static bool
wants_full(const struct rd_punch *p, const struct punch_path *path)
{
	return is_direct(path) && path->proven.proven_ns && !path->full && may_probe(p, path);
}

/* Large ones are lost again and again where small ones are answered. */
static void
judge_size(struct rd_punch *p, struct punch_path *path, uint64_t now_ns)
{
	if (path->narrow || path->tries < FULL_TRIES || now_ns < path->full_ns)
		return;
	path->narrow = p->narrowed = true;
	path->full_ns = now_ns + FULL_AGAIN_NS;
}

struct punch_path *
punch_path_due(struct rd_punch *p, bool *full, uint64_t now_ns)
{
	forget_stale(p, now_ns);
	for (unsigned i = 0; i < p->path_count; i++) {
		struct punch_path *path = &p->paths[i];
		if (wants_full(p, path))
			judge_size(p, path, now_ns);
		*full = wants_full(p, path) && now_ns >= path->full_ns;
		if (*full || (now_ns >= path->due_ns && may_probe(p, path)))
			return path;
	}
	return NULL;
}

void
punch_path_probed(struct rd_punch *p, struct punch_path *path, bool full, uint64_t now_ns)
{
	if (full) {
		path->full_ns = now_ns + (path->narrow ? FULL_AGAIN_NS : FULL_NS << path->tries);
		path->tries += path->tries < FULL_TRIES;
		return;
	}
	path->unanswered++;
	path->due_ns = now_ns + (path->unanswered <= RETRIES ? RETRY_NS :
		watched(p, path) ? WATCH_NS : WARM_NS);
}

uint64_t
punch_path_deadline(const struct rd_punch *p)
{
	uint64_t due = UINT64_MAX;
	for (unsigned i = 0; i < p->path_count; i++) {
		const struct punch_path *path = &p->paths[i];
		if (path->due_ns < due && may_probe(p, path))
			due = path->due_ns;
		if (wants_full(p, path) && path->full_ns < due)
			due = path->full_ns;
	}
	return due;
}

/* --- paths that die --- */

static void
strike(struct rd_punch *p, const struct rd_addr *addr, uint64_t now_ns)
{
	struct punch_strike *s = find_strike(p, addr), *oldest = &p->strikes[0];
	for (unsigned i = 1; i < PUNCH_STRIKES; i++)
		if (p->strikes[i].died_ns < oldest->died_ns)
			oldest = &p->strikes[i];
	if (!s) {
		s = oldest;
		*s = (struct punch_strike){.addr = *addr};
	} else if (now_ns > s->died_ns + AGAIN_NS + (BAR_NS << s->count)) {
		s->count = 0;
	} else {
		s->count += s->count < BAR_MAX;
	}
	s->died_ns = now_ns;
	s->barred_ns = s->count ? now_ns + (BAR_NS << (s->count - 1)) : 0;
}

/*
 * Others to the same machine have most likely died with it, and to try one after
 * another takes too long: they count again when they have answered again.
 */
static void
doubt(struct rd_punch *p, const struct rd_addr *dead, uint64_t now_ns)
{
	for (unsigned i = 0; i < p->path_count; i++) {
		struct punch_path *path = &p->paths[i];
		if (!rd_addr_same_ip(&path->proven.addr, dead) ||
			path->proven.addr.relayed != dead->relayed)
			continue;
		path->proven.proven_ns = 0;
		path->due_ns = now_ns;
		path->unanswered = 0;
	}
}

void
rd_punch_dead(struct rd_punch *p, const struct rd_addr *addr, uint64_t now_ns)
{
	struct punch_path *path = punch_path_find(p, addr);
	strike(p, addr, now_ns);
	doubt(p, addr, now_ns);
	/* Whether it takes large ones is to be seen anew; but not if it has not been seen yet. */
	if (path && path->full) {
		path->full = false;
		path->tries = 0;
		path->full_ns = now_ns;
	}
	rd_punch_heard(p, addr, now_ns);
	rd_punch_again(p, now_ns);
}

/* --- which is the best --- */

static bool
allowed(enum rd_path_policy policy, const struct rd_addr *addr)
{
	return policy == RD_PATH_AUTO || (policy == RD_PATH_RELAY) == addr->relayed;
}

/* A TCP connection is better than a relay, and no more. */
static unsigned
rank(const struct rd_addr *addr)
{
	return addr->relayed ? 2 : addr->stream ? 1 : 0;
}

/* An address of the peer's own: what is as near keeps a router out of it. */
static bool
is_peers_own(const struct rd_punch *p, const struct rd_addr *addr)
{
	for (unsigned i = 0; i < p->peer.count; i++)
		if (p->peer.list[i].kind == RD_CANDIDATE_HOST &&
			p->peer.list[i].addr.port == addr->port &&
			rd_addr_same_ip(&p->peer.list[i].addr, addr))
			return true;
	return false;
}

static uint64_t
nearness(const struct rd_punch *p, const struct rd_punched *is)
{
	return is->rtt_ns + (is_peers_own(p, &is->addr) ? 0 : BETTER_NS);
}

static bool
shorter(const struct rd_punch *p, const struct rd_punched *a, const struct rd_punched *b)
{
	return a->rtt_ns && (!b->rtt_ns || nearness(p, a) < nearness(p, b));
}

static bool
worth_it(const struct rd_punch *p, const struct rd_punched *to, const struct rd_punched *from)
{
	if (rank(&to->addr) != rank(&from->addr))
		return rank(&to->addr) < rank(&from->addr);
	if (is_peers_own(p, &to->addr) && !is_peers_own(p, &from->addr) &&
		to->rtt_ns <= from->rtt_ns + BETTER_NS)
		return true;
	return to->rtt_ns && from->rtt_ns && to->rtt_ns + BETTER_NS < from->rtt_ns &&
		to->rtt_ns < from->rtt_ns - from->rtt_ns / 10;
}

static bool
usable(const struct rd_punch *p, const struct punch_path *path, enum rd_path_policy policy,
	uint64_t now_ns)
{
	return punch_path_fresh(path, now_ns) && !path->narrow && allowed(policy, &path->proven.addr) &&
		now_ns >= barred_until(p, &path->proven.addr);
}

const struct rd_punched *
rd_punch_best(const struct rd_punch *p, enum rd_path_policy policy, const struct rd_addr *current,
	uint64_t now_ns)
{
	const struct rd_punched *best = NULL, *stay = NULL;
	for (unsigned i = 0; i < p->path_count; i++) {
		const struct rd_punched *is = &p->paths[i].proven;
		if (!usable(p, &p->paths[i], policy, now_ns))
			continue;
		if (current && rd_addr_equal(current, &is->addr))
			stay = is;
		if (!best || rank(&is->addr) < rank(&best->addr) ||
			(rank(&is->addr) == rank(&best->addr) && shorter(p, is, best)))
			best = is;
	}
	return stay && !worth_it(p, best, stay) ? stay : best;
}

const struct rd_punched *
rd_punch_find(const struct rd_punch *p, const struct rd_addr *addr, uint64_t now_ns)
{
	const struct punch_path *path = punch_path_find(p, addr);
	return path && punch_path_fresh(path, now_ns) ? &path->proven : NULL;
}

uint64_t
rd_punch_rtt(const struct rd_punch *p, const struct rd_addr *addr)
{
	const struct punch_path *path = punch_path_find(p, addr);
	return path ? path->proven.rtt_ns : 0;
}

const struct rd_addr *
rd_punch_resort(const struct rd_punch *p, const struct rd_addr *current)
{
	for (unsigned i = 0; i < p->path_count; i++) {
		const struct punch_path *path = &p->paths[i];
		if (path->kept && path->proven.addr.relayed &&
			!(current && rd_addr_equal(current, &path->proven.addr)))
			return &path->proven.addr;
	}
	return NULL;
}

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/punch_priv.h"

#define TA_NS (5 * PUNCH_MS)	/* between two probes, RFC 8445 section 14.2 */
#define BURST 4			/* of the first round, at once */
#define BURST_AGAIN_NS PUNCH_S
#define BEHIND_NS (20 * PUNCH_MS)	/* from an opener to the probe that is to arrive */
#define LAG_MAX_NS (300 * PUNCH_MS)
#define MINUTE_NS (60 * PUNCH_S)
#define ANSWER_LATE_NS (10 * PUNCH_S)	/* later than that an answer counts no more */
#define ROUNDS_BETTER 3		/* so many, though a direct path stands: there may be a better one */

static const uint16_t rounds_ms[] = {0, 50, 150, 350, 750, 1750, 2750, 3750, 4750, 5750};
#define ROUNDS (sizeof(rounds_ms) / sizeof(rounds_ms[0]))

const char *
rd_path_how_name(enum rd_path_how how)
{
	static const char *const names[] = {
		[RD_HOW_GIVEN] = "given",
		[RD_HOW_DIRECT] = "direct",
		[RD_HOW_MAPPED] = "port mapping",
		[RD_HOW_PREDICTED] = "predicted port",
		[RD_HOW_BIRTHDAY] = "guessed port",
		[RD_HOW_RELAY] = "relay",
	};
	return (size_t)how < sizeof(names) / sizeof(names[0]) ? names[how] : "?";
}

struct rd_punch *
rd_punch_new(uint64_t now_ns)
{
	struct rd_punch *p = xcalloc(1, sizeof(*p));
	p->begun_ns = p->pace_ns = now_ns;
	p->round_ns = p->birthday.start_ns = p->anew.due_ns = UINT64_MAX;
	return p;
}

void
rd_punch_free(struct rd_punch *p)
{
	if (!p)
		return;
	punch_birthday_end(p);
	sodium_memzero(p, sizeof(*p));
	free(p);
}

bool
rd_punch_active(const struct rd_punch *p)
{
	return p->has_own && p->has_peer && p->own.policy != RD_PATH_RELAY &&
		p->peer.policy != RD_PATH_RELAY;
}

bool
rd_punch_tired(const struct rd_punch *p)
{
	return p->round >= ROUNDS && p->cursor >= p->count && !p->birthday.running &&
		!p->anew.holding;
}

/* --- rounds --- */

static bool
needs_opener(const struct punch_target *t)
{
	return !t->opened &&
		(t->kind == RD_CANDIDATE_REFLEXIVE || t->kind == RD_CANDIDATE_PREDICTED);
}

static uint64_t
round_at(const struct rd_punch *p, unsigned round)
{
	if (round < ROUNDS)
		return p->begun_ns + rounds_ms[round] * PUNCH_MS + (round ? p->shift_ns : 0);
	return p->begun_ns + rounds_ms[ROUNDS - 1] * PUNCH_MS + p->shift_ns +
		(round - ROUNDS + 1) * MINUTE_NS;
}

/* The second round comes right behind openers, but not before the peer's are under way. */
static void
begin_rounds(struct rd_punch *p, uint64_t now_ns)
{
	bool openers = false;
	for (unsigned i = 0; i < p->count; i++)
		openers = openers || needs_opener(&p->targets[i]);
	uint64_t second = rounds_ms[1] * PUNCH_MS;
	p->shift_ns = 0;
	if (openers && BEHIND_NS + p->lag_ns > second)
		p->shift_ns = BEHIND_NS + p->lag_ns - second;
	p->begun_ns = p->round_ns = now_ns;
	p->round = 0;
	p->cursor = p->count;
	/* However often a peer makes us begin anew. */
	if (!p->credit_ns || now_ns >= p->credit_ns + BURST_AGAIN_NS) {
		p->credit = BURST;
		p->credit_ns = now_ns;
	}
	p->resting = false;
	punch_anew_reset(p);
	punch_birthday_schedule(p);
}

void
rd_punch_again(struct rd_punch *p, uint64_t now_ns)
{
	if (rd_punch_active(p))
		begin_rounds(p, now_ns);
}

/* The second round after openers: as soon as what it asks may arrive. */
static uint64_t
second_at(const struct rd_punch *p, bool opened)
{
	uint64_t at = p->begun_ns + BEHIND_NS + p->lag_ns;
	return opened && at < round_at(p, 1) ? at : round_at(p, 1);
}

static void
advance(struct rd_punch *p, uint64_t now_ns)
{
	if (!rd_punch_active(p))
		return;
	bool direct = punch_direct(p, now_ns);
	if (p->resting && !direct)
		begin_rounds(p, now_ns);
	if (p->cursor < p->count || now_ns < p->round_ns || p->resting || p->anew.holding)
		return;
	if (direct && p->round >= ROUNDS_BETTER) {
		p->resting = true;
		return;
	}
	bool openers = false;
	for (unsigned i = 0; i < p->count && p->round == 0; i++)
		openers = openers || needs_opener(&p->targets[i]);
	p->cursor = 0;
	p->round++;
	/* What was slept through is not made up for. */
	p->round_ns = p->round == 1 ? second_at(p, openers) : round_at(p, p->round);
	while (p->round_ns <= now_ns)
		p->round_ns = round_at(p, ++p->round);
}

/* What a round leaves out: what is proven, and guesses once something is. */
static bool
passed_over(const struct rd_punch *p, const struct punch_target *t, bool direct, uint64_t now_ns)
{
	const struct punch_path *path = punch_path_find(p, &t->addr);
	if ((path && punch_path_fresh(path, now_ns)) || now_ns < t->ready_ns)
		return true;
	return direct && t->kind == RD_CANDIDATE_PREDICTED;
}

static struct punch_target *
next_target(struct rd_punch *p, uint64_t now_ns)
{
	bool direct = punch_direct(p, now_ns);
	for (unsigned i = 0; i < p->count; i++)
		if (p->targets[i].wanted)
			return &p->targets[i];
	while (p->cursor < p->count) {
		struct punch_target *t = &p->targets[p->cursor++];
		if (!passed_over(p, t, direct, now_ns))
			return t;
	}
	return NULL;
}

/* --- what is told --- */

/* Somewhere else, or another policy. */
static bool
has_moved(const struct rd_candidates *from, const struct rd_candidates *to)
{
	return from->policy != to->policy || !rd_addr_same_ip(&from->nat.seen, &to->nat.seen);
}

void
rd_punch_own(struct rd_punch *p, const struct rd_candidates *own, uint64_t now_ns)
{
	bool news = !p->has_own || !rd_candidates_same(own, &p->own);
	bool moved = !p->has_own || has_moved(&p->own, own);
	/* Behind another NAT nothing is open. */
	if (p->has_own && !rd_addr_same_ip(&own->nat.seen, &p->own.nat.seen))
		for (unsigned i = 0; i < p->count; i++)
			p->targets[i].opened = false;
	p->own = *own;
	p->has_own = true;
	if (news)
		punch_targets_list(p);
	if (!punch_anew_own(p, moved, now_ns) && news)
		rd_punch_again(p, now_ns);
}

void
rd_punch_peer(struct rd_punch *p, const struct rd_candidates *peer, uint64_t now_ns)
{
	bool news = !p->has_peer || !rd_candidates_same(peer, &p->peer);
	bool moved = !p->has_peer || has_moved(&p->peer, peer);
	p->peer = *peer;
	p->has_peer = true;
	if (news)
		punch_targets_list(p);
	if (!punch_anew_peer(p, moved, now_ns) && news)
		rd_punch_again(p, now_ns);
}

void
rd_punch_lag(struct rd_punch *p, uint64_t lag_ns)
{
	p->lag_ns = lag_ns < LAG_MAX_NS ? lag_ns : LAG_MAX_NS;
}

/* --- probes --- */

struct punch_asked *
punch_ask(struct rd_punch *p, const struct rd_addr *to, enum rd_path_how how,
	uint8_t data[static 8], uint64_t now_ns)
{
	struct punch_asked *a = &p->asked[p->next_asked++ % PUNCH_ASKED];
	*a = (struct punch_asked){.to = *to, .how = how, .sent_ns = now_ns};
	randombytes_buf(a->data, sizeof(a->data));
	memcpy(data, a->data, sizeof(a->data));
	return a;
}

static bool
probe_target(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8], uint64_t now_ns)
{
	if (!rd_punch_active(p))
		return false;
	struct punch_target *t = next_target(p, now_ns);
	/* The rest of a round was left out, and the next one is due. */
	if (!t) {
		advance(p, now_ns);
		t = next_target(p, now_ns);
	}
	if (!t)
		return false;
	punch_ask(p, &t->addr, t->how, data, now_ns);
	*to = t->addr;
	if (needs_opener(t) && !t->wanted) {
		to->hops = PUNCH_OPENER_HOPS;
		t->ready_ns = p->begun_ns + BEHIND_NS + p->lag_ns;
	}
	t->opened = true;
	t->wanted = false;
	return true;
}

static bool
probe_path(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8], uint64_t now_ns)
{
	bool full;
	struct punch_path *path = punch_path_due(p, &full, now_ns);
	if (!path)
		return false;
	punch_ask(p, &path->proven.addr, path->proven.how, data, now_ns)->full = p->full = full;
	punch_path_probed(p, path, full, now_ns);
	*to = path->proven.addr;
	return true;
}

bool
rd_punch_next(struct rd_punch *p, struct rd_addr *to, uint8_t data[static 8], uint64_t now_ns)
{
	p->full = false;
	advance(p, now_ns);
	punch_birthday_advance(p, now_ns);
	punch_anew_advance(p, now_ns);
	if ((p->credit || now_ns >= p->pace_ns) &&
		(probe_target(p, to, data, now_ns) || probe_path(p, to, data, now_ns))) {
		if (p->credit)
			p->credit--;
		p->pace_ns = now_ns + TA_NS;
		return true;
	}
	return punch_birthday_next(p, to, data, now_ns);
}

bool
rd_punch_full(const struct rd_punch *p)
{
	return p->full;
}

bool
rd_punch_narrowed(struct rd_punch *p)
{
	bool news = p->narrowed;
	p->narrowed = false;
	return news;
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t
rd_punch_deadline(const struct rd_punch *p)
{
	uint64_t due = punch_path_deadline(p);
	if (rd_punch_active(p)) {
		for (unsigned i = 0; i < p->count; i++)
			if (p->targets[i].wanted)
				due = 0;
		if (p->cursor < p->count)
			due = 0;
		else if (!p->resting && !p->anew.holding)
			due = earlier(due, p->round_ns);
	}
	due = earlier(due, p->anew.due_ns);
	if (!p->credit && due < p->pace_ns)
		due = p->pace_ns;
	return earlier(due, punch_birthday_deadline(p));
}

bool
rd_punch_answered(struct rd_punch *p, const uint8_t data[static 8], const struct rd_addr *from,
	uint64_t now_ns, struct rd_punched *out)
{
	struct punch_asked guess = {.to = *from, .how = RD_HOW_BIRTHDAY};
	for (unsigned i = 0; i < PUNCH_ASKED; i++) {
		struct punch_asked *a = &p->asked[i];
		if (!a->to.family || sodium_memcmp(data, a->data, sizeof(a->data)) != 0)
			continue;
		/* RFC 8445 section 7.2.5.2.1: from elsewhere it proves nothing. */
		bool counts = rd_addr_equal(from, &a->to) && now_ns <= a->sent_ns + ANSWER_LATE_NS;
		struct punch_asked found = *a;
		memset(a, 0, sizeof(*a));
		if (counts)
			punch_path_proven(p, &found, now_ns, out);
		return counts;
	}
	if (!punch_birthday_answered(p, data, from, &guess.sent_ns))
		return false;
	punch_path_proven(p, &guess, now_ns, out);
	return true;
}

unsigned
rd_punch_wants(const struct rd_punch *p)
{
	return p->birthday.running && p->birthday.hard ? RD_PUNCH_SOCKETS : 0;
}

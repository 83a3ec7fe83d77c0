#include <sodium.h>

#include "net/punch_priv.h"

/*
 * A second chance (rd-session(5), Probing): the rounds are over, none of them has
 * found a path, and what the NATs do promises one. Something else took a port that
 * had been worked out, or guesses had bad luck. Both ends find out anew where they
 * are, and neither spends a port before it knows where the other is by then.
 */
#define CHANCES 3
#define CHANCES_FEW 1		/* where guesses are all there is, or nothing is known yet */
#define HOUR_NS (3600 * PUNCH_S)
#define HOURLY 12		/* a NAT may show another address each time; so may a peer, at will */
#define JITTER_MS 1000
#define HOLD_NS (2 * PUNCH_S)	/* for the peer, who has to ask its relay first */

/* After the rounds' beginning. */
static const uint64_t waits_ns[CHANCES] = {6 * PUNCH_S, 15 * PUNCH_S, 60 * PUNCH_S};

/* How many there are for these two NATs. */
static unsigned
chances(const struct rd_punch *p)
{
	const struct rd_nat *own = &p->own.nat, *peer = &p->peer.nat;
	bool hard = rd_nat_is_hard(own), peer_hard = rd_nat_is_hard(peer);
	if (own->mapping == RD_NAT_BLOCKED || peer->mapping == RD_NAT_BLOCKED)
		return 0;
	if (hard && peer_hard)
		return punch_lock_step(p) ? CHANCES : 0;
	if (own->mapping == RD_NAT_UNKNOWN || peer->mapping == RD_NAT_UNKNOWN)
		return CHANCES_FEW;
	bool counts = own->mapping == RD_NAT_SEQUENTIAL || peer->mapping == RD_NAT_SEQUENTIAL;
	return (hard || peer_hard) && !counts ? CHANCES_FEW : CHANCES;
}

void
punch_anew_reset(struct rd_punch *p)
{
	p->anew.holding = p->anew.own = p->anew.peer = p->anew.ask = false;
	p->anew.due_ns = UINT64_MAX;
}

static bool
too_many(const struct punch_anew *a, uint64_t now_ns)
{
	return a->in_hour >= HOURLY && now_ns < a->hour_ns + HOUR_NS;
}

static bool
may_begin(const struct rd_punch *p, uint64_t now_ns)
{
	return rd_punch_active(p) && rd_punch_tired(p) && !p->anew.holding &&
		!punch_direct(p, now_ns) && p->anew.taken < chances(p) &&
		!too_many(&p->anew, now_ns);
}

static void
hold(struct rd_punch *p, bool own, bool peer, uint64_t now_ns)
{
	if (now_ns >= p->anew.hour_ns + HOUR_NS) {
		p->anew.hour_ns = now_ns;
		p->anew.in_hour = 0;
	}
	p->anew.in_hour++;
	p->anew.taken++;
	p->anew.holding = true;
	p->anew.own = own;
	p->anew.peer = peer;
	p->anew.ask = !own;
	p->anew.due_ns = now_ns + HOLD_NS;
	p->cursor = p->count;
}

/* The rounds begin with what is known. */
static void
end_hold(struct rd_punch *p, uint64_t now_ns)
{
	punch_anew_reset(p);
	p->birthday.once_more = true;
	rd_punch_again(p, now_ns);
}

bool
punch_anew_own(struct rd_punch *p, bool moved, uint64_t now_ns)
{
	struct punch_anew *a = &p->anew;
	if (moved)
		a->taken = 0;
	if (!a->holding && !moved && may_begin(p, now_ns))
		hold(p, true, false, now_ns);
	a->own = a->own || a->holding;
	a->ask = a->ask && !a->own;
	if (a->holding && a->peer)
		end_hold(p, now_ns);
	return a->holding;
}

bool
punch_anew_peer(struct rd_punch *p, bool moved, uint64_t now_ns)
{
	struct punch_anew *a = &p->anew;
	if (!a->holding && !moved && may_begin(p, now_ns))
		hold(p, false, true, now_ns);
	a->peer = a->peer || a->holding;
	if (a->holding && a->own)
		end_hold(p, now_ns);
	return a->holding;
}

void
punch_anew_advance(struct rd_punch *p, uint64_t now_ns)
{
	struct punch_anew *a = &p->anew;
	if (a->holding) {
		if (now_ns >= a->due_ns || !rd_punch_active(p))
			end_hold(p, now_ns);
		return;
	}
	if (punch_direct(p, now_ns))
		a->taken = 0;
	if (!may_begin(p, now_ns)) {
		a->due_ns = UINT64_MAX;
	} else if (a->due_ns == UINT64_MAX) {
		uint64_t at = p->begun_ns + waits_ns[a->taken];
		a->due_ns = (at > now_ns ? at : now_ns) + randombytes_uniform(JITTER_MS) * PUNCH_MS;
	} else if (now_ns >= a->due_ns) {
		hold(p, false, false, now_ns);
	}
}

bool
rd_punch_anew(struct rd_punch *p)
{
	bool ask = p->anew.ask;
	p->anew.ask = false;
	return ask;
}

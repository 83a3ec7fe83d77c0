#include "rd-relay/core_priv.h"

/*
 * What sessions have carried, for bounds of more than one session. core_route
 * counts by leg, as it does anyway; here that is folded into sums, of a session
 * when the tick looks at it, about once a second, and at its end. So these bounds
 * cost a datagram nothing, and are passed by a second's worth.
 */

/*
 * To a session whose host has used its day up. Introducing costs us little, and
 * most go on directly: those of tests/tools/nat-matrix-1 that do had 11 800 bytes
 * through us until then, a small picture among them. Thirty CONNECTs a minute
 * make 2 MB of it.
 */
#define MEET_BYTES (UINT64_C(64) << 10)

#define CROWDED 85	/* per cent of the rate: from there on nobody new */
#define ROOMY 75	/* below that again */
#define AVERAGE_S 1.0

void
carried_fold(struct core *c, struct session *s)
{
	uint64_t bytes = legs_bytes(&c->legs, s), fresh = bytes - s->carried;
	uint64_t used = accounts_charge(&c->accounts, s->tag[1], fresh), max = s->max_bytes;
	bool over = c->cfg.host_day_bytes && used >= c->cfg.host_day_bytes;
	s->carried = bytes;
	c->crowd.bytes += fresh;
	if (over && (max == 0 || max > MEET_BYTES))
		max = MEET_BYTES;
	/* One that has gone on directly meanwhile was not cut off. After midnight nobody is. */
	s->cut = over && bytes >= MEET_BYTES && (s->cut || fresh > 0);
	legs_allow(&c->legs, s, max);
}

void
carried_day(struct core *c, uint64_t now_ns)
{
	c->accounts.day = (uint32_t)(core_wall_s(c, now_ns) / 86400);
}

void
carried_crowd(struct core *c, uint64_t now_ns)
{
	struct crowd *m = &c->crowd;
	double s = (double)(now_ns - m->since_ns) / (double)NS_PER_S, full = (double)c->cfg.total_bps;
	/* Ticks may come at once, and the first one has none before it. */
	if (m->since_ns && s > 0) {
		double part = s < AVERAGE_S ? s / AVERAGE_S : 1;
		m->bps += ((double)m->bytes * 8 / s - m->bps) * part;
	}
	if (!m->since_ns || s > 0) {
		m->since_ns = now_ns;
		m->bytes = 0;
	}
	m->crowded = full > 0 && m->bps * 100 >= full * (m->crowded ? ROOMY : CROWDED);
	atomic_store_explicit(&c->legs.marks, m->crowded ? RD_RELAYED_CE : 0, memory_order_relaxed);
}

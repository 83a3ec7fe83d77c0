#include "base/clock.h"
#include "rd-view/peer_clock.h"

#define ASK_EVERY_NS (5 * RD_NS_PER_S)

void
peer_clock_init(struct peer_clock *c, const struct rd_hello *mine, const struct rd_hello *peer,
	bool live)
{
	*c = (struct peer_clock){
		.live = live,
		.same = rd_hello_same_boot(mine, peer),
		.zero_ns = peer->mono_ns,
		.error_ns = UINT64_MAX,
		.since_ns = mine->mono_ns,
	};
}

bool
peer_clock_ask(struct peer_clock *c, uint64_t now_ns)
{
	if (!c->live || c->same || (c->asked_ns && now_ns - c->asked_ns < ASK_EVERY_NS))
		return false;
	c->asked_ns = now_ns;
	return true;
}

void
peer_clock_answer(struct peer_clock *c, const struct rd_pong *pong, uint64_t now_ns)
{
	/* Only to the last question, and a peer can answer what it likes. */
	if (!c->asked_ns || pong->asked_ns != c->asked_ns)
		return;
	uint64_t half = (now_ns - pong->asked_ns) / 2;
	if (c->error_ns <= half)
		return;
	c->offset_ns = pong->stream_ns + half - now_ns;
	c->error_ns = half;
}

uint64_t
peer_clock_age(struct peer_clock *c, uint64_t time_ns, uint64_t now_ns, uint64_t *error_ns)
{
	uint64_t then = c->same ? c->zero_ns + time_ns : time_ns - c->offset_ns;
	bool fresh = time_ns >= c->next_ns;
	if (fresh)
		c->next_ns = time_ns + 1;
	*error_ns = c->same ? 0 : c->error_ns;
	if (!c->live || !fresh || *error_ns == UINT64_MAX)
		return UINT64_MAX;
	/* Both are of our clock, where less than zero is before it began. */
	if ((int64_t)(then - c->since_ns) < 0 || (int64_t)(now_ns - then) < 0)
		return UINT64_MAX;
	return now_ns - then;
}

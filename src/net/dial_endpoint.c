#include "base/clock.h"
#include "net/dial_priv.h"

static void
take_answer(struct attempt *a, const uint8_t *data, size_t len)
{
	struct rd_dial *d = a->d;
	struct rd_key host;
	unsigned ways;
	if (d->over || !dial_ask_take(a, data, len, &host, &ways))
		return;
	d->over = true;
	dial_attempt_won(a);
	a->state = ATTEMPT_DONE;
	d->ops.told(d->ctx, &host, ways);
}

/* True: it was for this attempt. */
static bool
offer(struct attempt *a, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct rd_dial *d = a->d;
	uint64_t now = rd_clock_ns();
	if (a->state != ATTEMPT_RUNNING || a->to.stream != from->stream ||
			(from->stream && a->to.carrier != from->carrier))
		return false;
	if (d->asking) {
		take_answer(a, data, len);
		return false;
	}
	if (rd_conn_receive(a->conn, from, data, len, now) != 0)
		return false;
	a->heard = true;
	dial_relay_heard(d, now);
	/* A password tried in two ways at once counts as two guesses. */
	d->quiet_ns = d->cfg.how.host ? now + RD_DIAL_TCP_NS : UINT64_MAX;
	return true;
}

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct rd_dial *d = ctx;
	struct rd_addr at = *from;
	dial_enter(d);
	bool taken = d->closed || dial_relay_receive(d, &at, &data, &len);
	for (unsigned i = 0; i < d->count && !taken && !d->closed; i++)
		taken = offer(&d->attempts[i], &at, data, len);
	dial_leave(d);
}

static void
on_turn(void *ctx)
{
	struct rd_dial *d = ctx;
	dial_enter(d);
	dial_run(d);
	dial_leave(d);
}

/* Where it would go now: a session that came through a relay may be elsewhere by now. */
static bool
can_send(struct rd_dial *d, const struct attempt *a)
{
	const struct rd_addr *path = a->to.relayed && a->conn ? rd_conn_path(a->conn) : &a->to;
	return path->relayed ? dial_relay_can_send(d) : rd_endpoint_can_send(d->endpoint, path);
}

static size_t
next_of(struct attempt *a, struct rd_addr *to, uint8_t *out, size_t cap, uint64_t now)
{
	struct rd_dial *d = a->d;
	size_t n;
	*to = a->to;
	while ((n = d->asking ? dial_ask_next(a, out, cap, now)
			: rd_conn_send(a->conn, to, out, cap, now)) > 0) {
		if (!to->relayed)
			return n;
		if ((n = dial_relay_send(d, to, out, n, now)) > 0)
			return n;
		*to = a->to;
	}
	return 0;
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct rd_dial *d = ctx;
	uint64_t now = rd_clock_ns();
	size_t agents = d->relay.agent ? rd_agent_send(d->relay.agent, to, out, cap) : 0;
	if (agents > 0)
		return agents;
	for (unsigned i = 0; i < d->count; i++) {
		struct attempt *a = &d->attempts[(d->turn + i) % d->count];
		if (a->state != ATTEMPT_RUNNING || !can_send(d, a))
			continue;
		size_t n = next_of(a, to, out, cap, now);
		if (n > 0) {
			d->turn = (d->turn + i) % d->count;
			return n;
		}
	}
	return 0;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	struct rd_dial *d = ctx;
	dial_enter(d);
	bool taken = d->closed ||
		(d->relay.agent && rd_agent_carrier(d->relay.agent, peer, error));
	if (!taken && !d->closed)
		dial_carrier(d, peer, error, rd_clock_ns());
	dial_run(d);
	dial_leave(d);
}

const struct rd_endpoint_ops dial_endpoint_ops = {
	.datagram = on_datagram,
	.turn = on_turn,
	.next = next,
	.carrier = on_carrier,
};

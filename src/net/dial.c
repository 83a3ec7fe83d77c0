#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/dial_priv.h"

/* As in host.c: what is due and waits for a socket must not make the timer spin. */
#define BLOCKED_NS (5 * RD_NS_PER_MS)

static void
destroy(struct rd_dial *d)
{
	dial_relay_close(d);
	for (unsigned i = 0; i < d->count; i++)
		rd_conn_free(d->attempts[i].conn);
	rd_endpoint_close(d->endpoint);
	rd_timer_close(&d->timer);
	rd_keypair_wipe(&d->own);
	sodium_memzero(&d->stretched, sizeof(d->stretched));
	free(d);
}

void
dial_enter(struct rd_dial *d)
{
	d->depth++;
}

/* Sessions of attempts that are over; they could not go from within their own callbacks. */
static void
reap(struct rd_dial *d)
{
	for (unsigned i = 0; i < d->count; i++) {
		struct attempt *a = &d->attempts[i];
		if (a->state != ATTEMPT_DONE)
			continue;
		rd_conn_free(a->conn);
		a->conn = NULL;
	}
}

void
dial_leave(struct rd_dial *d)
{
	if (d->depth > 1) {
		d->depth--;
		return;
	}
	reap(d);
	if (!d->closed && !d->over && !d->winner)
		dial_fail(d);
	d->depth--;
	if (d->closed)
		destroy(d);
}

void
dial_attempt_won(struct attempt *a)
{
	struct rd_dial *d = a->d;
	d->winner = a;
	for (unsigned i = 0; i < d->count; i++)
		if (&d->attempts[i] != a)
			dial_attempt_done(&d->attempts[i], RD_CLOSE_NO_ANSWER, "");
}

void
dial_up(struct rd_dial *d)
{
	d->up = true;
	d->relay.held_ns = 0;
	d->ops.conn.established(d->ctx);
}

uint64_t
dial_patience(const struct rd_dial *d)
{
	return d->cfg.how.patience_ns ? d->cfg.how.patience_ns : RD_CONN_HALF_OPEN_NS;
}

void
dial_attempt_talk(struct attempt *a, uint64_t now)
{
	a->state = ATTEMPT_RUNNING;
	if (a->d->asking)
		dial_ask_start(a, now);
	else
		dial_conn_start(a, now);
}

static void
begin(struct attempt *a, uint64_t now)
{
	struct rd_dial *d = a->d;
	a->end_ns = now + dial_patience(d);
	if (a->to.relayed) {
		dial_relay_begin(d, now);
		return;
	}
	if (!a->to.stream) {
		dial_attempt_talk(a, now);
		return;
	}
	a->state = ATTEMPT_CONNECTING;
	int err = rd_endpoint_connect(d->endpoint, &a->to);
	if (err)
		dial_attempt_done(a, RD_CLOSE_NO_ANSWER, strerror(-err));
}

/* --- time --- */

static uint64_t
due(const struct attempt *a)
{
	const struct rd_dial *d = a->d;
	switch (a->state) {
	case ATTEMPT_WAITING:
		return a->due_ns > d->quiet_ns ? a->due_ns : d->quiet_ns;
	case ATTEMPT_CONNECTING:
		return a->end_ns;
	case ATTEMPT_RUNNING:
		if (!d->asking)
			return a->to.relayed && !d->winner && a->end_ns < rd_conn_deadline(a->conn) ?
				a->end_ns : rd_conn_deadline(a->conn);
		return a->ask.send_ns < a->end_ns ? a->ask.send_ns : a->end_ns;
	default:
		return UINT64_MAX;
	}
}

static void
tick(struct attempt *a, uint64_t now)
{
	struct rd_dial *d = a->d;
	if (now < due(a))
		return;
	if (a->state == ATTEMPT_WAITING)
		begin(a, now);
	else if (a->state == ATTEMPT_RUNNING && !d->asking && rd_conn_deadline(a->conn) <= now)
		rd_conn_tick(a->conn, now);
	else if (now >= a->end_ns && a->to.relayed && !d->relay.leg)
		dial_attempt_done(a, RD_CLOSE_RELAY, d->relay.why);
	else if (now >= a->end_ns)
		dial_attempt_done(a, RD_CLOSE_NO_ANSWER, "nobody answers");
}

/* An attempt is due that waits for nothing but the timer. */
static bool
begins(const struct rd_dial *d, uint64_t now)
{
	for (unsigned i = 0; i < d->count; i++)
		if (d->attempts[i].state == ATTEMPT_WAITING && due(&d->attempts[i]) <= now)
			return true;
	return false;
}

/* Sends what is to be sent now, and sets the timer for what comes later. */
static void
run(struct rd_dial *d)
{
	if (d->closed)
		return;
	rd_endpoint_flush(d->endpoint);
	uint64_t at = d->again.due_ns, relay = dial_relay_deadline(d);
	at = relay < at ? relay : at;
	for (unsigned i = 0; i < d->count; i++)
		if (due(&d->attempts[i]) < at)
			at = due(&d->attempts[i]);
	uint64_t now = rd_clock_ns();
	if (at == UINT64_MAX)
		rd_timer_clear(&d->timer);
	else
		rd_timer_set(&d->timer, at > now ? at - now : begins(d, now) ? 0 : BLOCKED_NS);
}

static void
on_timer(void *ctx)
{
	struct rd_dial *d = ctx;
	uint64_t now = rd_clock_ns();
	dial_enter(d);
	for (unsigned i = 0; i < d->count && !d->closed; i++)
		tick(&d->attempts[i], now);
	if (now >= d->again.due_ns && !d->closed)
		dial_carrier_again(d, now);
	if (!d->closed)
		dial_relay_tick(d, now);
	run(d);
	dial_leave(d);
}

/* --- the endpoint's --- */

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
	run(d);
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
	run(d);
	dial_leave(d);
}

static const struct rd_endpoint_ops endpoint_ops = {
	.datagram = on_datagram,
	.turn = on_turn,
	.next = next,
	.carrier = on_carrier,
};

/* --- for the owner --- */

static void
add_attempts(struct rd_dial *d, bool stream, uint64_t first_ns)
{
	for (unsigned i = 0; i < d->cfg.count; i++) {
		struct attempt *a = &d->attempts[d->count++];
		*a = (struct attempt){.d = d, .to = d->cfg.addrs[i]};
		a->to.stream = stream;
		a->to.carrier = 0;
		a->due_ns = first_ns + i * RD_DIAL_NEXT_NS;
	}
}

static int
open_dial(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx, bool asking)
{
	uint64_t now = rd_clock_ns();
	bool relay = cfg->relay && (cfg->how.slot || cfg->how.host);
	if ((cfg->count == 0 && !relay) || cfg->count > RD_DIAL_ADDRS)
		return -EINVAL;
	struct rd_dial *d = xcalloc(1, sizeof(*d));
	*d = (struct rd_dial){.loop = loop, .cfg = *cfg, .ops = *ops, .ctx = ctx, .began_ns = now,
		.asking = asking};
	d->code = RD_CLOSE_NO_ANSWER;
	d->again.due_ns = d->relay.again_ns = UINT64_MAX;
	/* A code is one relay's. */
	if (cfg->how.slot)
		d->cfg.count = 0;
	if (cfg->conn.own)
		d->own = *cfg->conn.own;
	d->cfg.conn.own = &d->own;
	if (cfg->how.host) {
		d->host = *cfg->how.host;
		d->cfg.how.host = &d->host;
	}
	rd_timer_open(&d->timer, loop, on_timer, d);
	int err = rd_endpoint_open(&d->endpoint, loop, &endpoint_ops, d);
	if (!err && (cfg->way != RD_DIAL_TCP || relay))
		err = rd_endpoint_udp(d->endpoint);
	if (!err && cfg->way != RD_DIAL_TCP)
		add_attempts(d, false, now);
	if (!err && relay)
		err = dial_relay_open(d, cfg->relay);
	if (err) {
		destroy(d);
		return err;
	}
	if (cfg->way != RD_DIAL_UDP)
		add_attempts(d, true, cfg->way == RD_DIAL_TCP ? now : now + RD_DIAL_TCP_NS);
	if (relay)
		d->relay.attempt = &d->attempts[d->count];
	if (relay)
		d->attempts[d->count++] = (struct attempt){.d = d, .due_ns = now,
			.to = {.family = 4, .relayed = true, .carrier = DIAL_LEG}};
	d->cfg.addrs = NULL;
	d->cfg.relay = NULL;
	rd_timer_set(&d->timer, 0);
	*out = d;
	return 0;
}

int
rd_dial_open(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx)
{
	return open_dial(out, loop, cfg, ops, ctx, false);
}

int
rd_dial_ask(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx)
{
	return open_dial(out, loop, cfg, ops, ctx, true);
}

void
rd_dial_close(struct rd_dial *d)
{
	if (!d)
		return;
	dial_enter(d);
	d->closed = true;
	/* The last words of a session that was just closed. */
	if (d->depth == 1)
		rd_endpoint_flush(d->endpoint);
	dial_leave(d);
}

struct rd_conn *
rd_dial_conn(struct rd_dial *d)
{
	return d->winner ? d->winner->conn : NULL;
}

void
rd_dial_poke(struct rd_dial *d)
{
	if (!d->closed)
		rd_timer_set(&d->timer, 0);
}

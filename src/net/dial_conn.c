#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "net/dial_priv.h"

/*
 * The session of one attempt. Its callbacks know which attempt it is of; those
 * of the one that stands go on to the owner, with the owner's ctx.
 */

static struct rd_dial *
owner(const struct attempt *a)
{
	struct rd_dial *d = a->d;
	return d->winner == a && !d->closed && !d->over ? d : NULL;
}

/*
 * For what the peer says: whoever held `established` back, so that a direct path
 * might come first, has to tell it now.
 */
static struct rd_dial *
owner_up(const struct attempt *a)
{
	struct rd_dial *d = owner(a);
	if (d && !d->up)
		dial_up(d);
	return owner(a);
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.stream)
		d->ops.conn.mux.stream(d->ctx, id, data, len, fin);
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.reset)
		d->ops.conn.mux.reset(d->ctx, id, code);
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.unit)
		d->ops.conn.mux.unit(d->ctx, traffic, data, len);
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.gap)
		d->ops.conn.mux.gap(d->ctx, traffic);
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.event)
		d->ops.conn.mux.event(d->ctx, data, len);
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	struct rd_dial *d = owner_up(ctx);
	if (d && d->ops.conn.mux.dropped)
		d->ops.conn.mux.dropped(d->ctx, traffic, tag);
}

/* Two that stand at once: the second goes, before its host has seen a packet of it. */
static void
on_established(void *ctx)
{
	struct attempt *a = ctx;
	struct rd_dial *d = a->d;
	if (d->closed || d->over || a->state != ATTEMPT_RUNNING)
		return;
	dial_attempt_won(a);
	if (a->to.stream)
		rd_endpoint_proven(d->endpoint, a->to.carrier);
	if (!dial_relay_won(d, rd_clock_ns()))
		dial_up(d);
}

static void
on_moved(void *ctx, const struct rd_addr *to)
{
	struct rd_dial *d = owner(ctx);
	if (d && !d->up)
		dial_relay_moved(d, to);
	else if (d && d->ops.conn.moved)
		d->ops.conn.moved(d->ctx, to);
}

static void
on_silent(void *ctx, bool silent)
{
	struct rd_dial *d = owner(ctx);
	if (d && d->up && d->ops.conn.silent)
		d->ops.conn.silent(d->ctx, silent);
}

static void
on_sockets(void *ctx, unsigned count)
{
	struct attempt *a = ctx;
	if (!a->d->closed)
		dial_relay_sockets(a->d, count);
}

static void
on_stuck(void *ctx, const struct rd_addr *path)
{
	struct attempt *a = ctx;
	if (!a->d->closed)
		dial_relay_stuck(a->d, path);
}

/* The session of a standing one stays: it may have more to send. */
static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct attempt *a = ctx;
	struct rd_dial *d = owner_up(a);
	if (!d) {
		if (a->d->winner != a)
			dial_attempt_done(a, code, text);
		return;
	}
	d->over = true;
	d->ops.conn.closed(d->ctx, code, text);
}

static const struct rd_conn_ops conn_ops = {
	.mux = {
		.stream = on_stream,
		.reset = on_reset,
		.unit = on_unit,
		.gap = on_gap,
		.event = on_event,
		.dropped = on_dropped,
	},
	.established = on_established,
	.moved = on_moved,
	.silent = on_silent,
	.closed = on_closed,
};

/* Stretching is made to be slow: for all attempts and one salt it is done once. */
static bool
stretch(void *ctx, const uint8_t salt[static DIAL_SALT], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct attempt *a = ctx;
	struct rd_dial *d = a->d;
	if (!d->stretched.known || memcmp(d->stretched.salt, salt, DIAL_SALT) != 0) {
		d->stretched.known = d->cfg.how.stretch(d->ctx, salt, d->stretched.prs);
		memcpy(d->stretched.salt, salt, DIAL_SALT);
	}
	if (d->stretched.known)
		memcpy(prs, d->stretched.prs, RD_CONN_PRF_SIZE);
	return d->stretched.known;
}

void
dial_conn_start(struct attempt *a, uint64_t now_ns)
{
	struct rd_dial *d = a->d;
	struct rd_conn_dial how = d->cfg.how;
	how.to = a->to;
	/* Each attempt's INIT is of its own time: else one shuts the others out. */
	how.wall_ns += now_ns - d->began_ns;
	if (how.stretch)
		how.stretch = stretch;
	struct rd_conn_ops ops = conn_ops;
	if (a->to.relayed) {
		ops.sockets = on_sockets;
		ops.stuck = on_stuck;
		/* Its time begins when the relay has been reached; before that it is dial_attempt_due's. */
		how.patience_ns = 2 * dial_patience(d);
		if (how.slot)
			how.relay = *rd_relay_client_key(rd_agent_client(d->relay.agent));
	}
	a->conn = rd_conn_dial(&d->cfg.conn, &how, &ops, a, now_ns);
	if (a->to.relayed)
		dial_relay_started(d, a, now_ns);
}

#include <errno.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/dial_priv.h"

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

static bool
has_relay(const struct rd_dial_config *cfg)
{
	return cfg->relay && (cfg->how.slot || cfg->how.host);
}

/* UDP first, TCP when that has said nothing for a while, the relay at once. */
static void
list_attempts(struct rd_dial *d, uint64_t now)
{
	const struct rd_dial_config *cfg = &d->cfg;
	if (cfg->way != RD_DIAL_TCP)
		add_attempts(d, false, now);
	if (cfg->way != RD_DIAL_UDP)
		add_attempts(d, true, cfg->way == RD_DIAL_TCP ? now : now + RD_DIAL_TCP_NS);
	if (!has_relay(cfg))
		return;
	d->relay.attempt = &d->attempts[d->count++];
	*d->relay.attempt = (struct attempt){.d = d, .due_ns = now,
		.to = {.family = 4, .relayed = true, .carrier = DIAL_LEG}};
}

/* Copies what the configuration points to, as far as it is needed later. */
static void
keep(struct rd_dial *d, const struct rd_dial_config *cfg)
{
	d->cfg = *cfg;
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
}

static int
open_sockets(struct rd_dial *d)
{
	bool relay = has_relay(&d->cfg);
	int err = rd_endpoint_open(&d->endpoint, d->loop, &dial_endpoint_ops, d);
	if (!err && (d->cfg.way != RD_DIAL_TCP || relay))
		err = rd_endpoint_udp(d->endpoint);
	if (!err && relay)
		err = dial_relay_open(d, d->cfg.relay);
	return err;
}

static int
open_dial(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx, bool asking)
{
	uint64_t now = rd_clock_ns();
	if ((cfg->count == 0 && !has_relay(cfg)) || cfg->count > RD_DIAL_ADDRS)
		return -EINVAL;
	struct rd_dial *d = xcalloc(1, sizeof(*d));
	*d = (struct rd_dial){.loop = loop, .ops = *ops, .ctx = ctx, .began_ns = now,
		.asking = asking, .code = RD_CLOSE_NO_ANSWER};
	d->again.due_ns = d->relay.again_ns = UINT64_MAX;
	keep(d, cfg);
	list_attempts(d, now);
	rd_timer_open(&d->timer, loop, dial_on_timer, d);
	int err = open_sockets(d);
	if (err) {
		dial_destroy(d);
		return err;
	}
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

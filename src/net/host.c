#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/host_priv.h"
#include "net/packet.h"

/*
 * What is due and cannot be done waits for a socket; the endpoint goes on by
 * itself, and the timer must not spin meanwhile.
 */
#define BLOCKED_NS (5 * RD_NS_PER_MS)

static void
destroy(struct rd_host *h)
{
	host_relay_close(h);
	rd_timer_close(&h->timer);
	if (h->chores.fire)
		rd_timer_close(&h->chores);
	rd_server_free(h->server);
	rd_endpoint_close(h->endpoint);
	free(h);
}

void
host_enter(struct rd_host *h)
{
	h->depth++;
}

void
host_leave(struct rd_host *h)
{
	if (--h->depth == 0 && h->closed)
		destroy(h);
}

/* Sends what is to be sent now, and sets the timer for what comes later. */
static void
run(struct rd_host *h)
{
	rd_endpoint_flush(h->endpoint);
	uint64_t at = rd_server_deadline(h->server), now = rd_clock_ns();
	if (at == UINT64_MAX)
		rd_timer_clear(&h->timer);
	else
		rd_timer_set(&h->timer, at > now ? at - now : BLOCKED_NS);
}

static void
on_timer(void *ctx)
{
	struct rd_host *h = ctx;
	host_enter(h);
	rd_server_tick(h->server, rd_clock_ns());
	run(h);
	host_leave(h);
}

/* --- the endpoint's --- */

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct rd_host *h = ctx;
	struct rd_addr at = *from;
	host_enter(h);
	if (!h->closed && !host_relay_receive(h, &at, &data, &len) && !h->closed)
		rd_server_receive(h->server, &at, data, len, rd_clock_ns());
	host_leave(h);
}

static void
on_turn(void *ctx)
{
	struct rd_host *h = ctx;
	host_enter(h);
	run(h);
	host_leave(h);
}

/*
 * The server answers with DATA only where a packet of a session came from: a
 * connection that gets one is proven, also when a session has moved to it. What
 * is for a leg that there is no more goes nowhere.
 */
static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct rd_host *h = ctx;
	size_t n = h->agent ? rd_agent_send(h->agent, to, out, cap) : 0;
	if (n > 0)
		return n;
	while ((n = rd_server_send(h->server, to, out, cap, rd_clock_ns())) > 0) {
		if (!to->relayed)
			break;
		if (h->agent && (n = rd_agent_wrap(h->agent, to, out, n)) > 0)
			return n;
	}
	if (n > 0 && to->stream && out[0] == RD_PACKET_DATA)
		rd_endpoint_proven(h->endpoint, to->carrier);
	return n;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	struct rd_host *h = ctx;
	host_enter(h);
	bool taken = h->closed || (h->agent && rd_agent_carrier(h->agent, peer, error));
	if (error && !taken && !h->closed)
		rd_server_carrier_gone(h->server, peer->carrier, rd_clock_ns());
	host_leave(h);
}

static const struct rd_endpoint_ops endpoint_ops = {
	.datagram = on_datagram,
	.turn = on_turn,
	.next = next,
	.carrier = on_carrier,
};

/* --- the server's --- */

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct rd_host *h = ctx;
	if (h->closed || !h->ops.accept(h->ctx, conn, ops, conn_ctx))
		return false;
	host_relay_accepted(h, conn, ops);
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct rd_host *h = ctx;
	const struct rd_addr *path = rd_conn_path(conn);
	host_relay_gone(h, conn);
	if (path->stream)
		rd_endpoint_hang_up(h->endpoint, path->carrier);
	if (h->ops.gone)
		h->ops.gone(h->ctx, conn, conn_ctx);
}

static bool
on_can_send(void *ctx, const struct rd_addr *to)
{
	struct rd_host *h = ctx;
	if (to->relayed)
		return h->agent && rd_agent_can_send(h->agent, to);
	return rd_endpoint_can_send(h->endpoint, to);
}

static uint32_t
on_slot(void *ctx, const struct rd_addr *from)
{
	return host_relay_slot(ctx, from);
}

static void
on_code_over(void *ctx, uint32_t slot, enum rd_code_end end)
{
	struct rd_host *h = ctx;
	if (h->ops.code_over)
		h->ops.code_over(h->ctx, slot, end);
}

static void
on_note(void *ctx, const struct rd_addr *from, const char *what)
{
	struct rd_host *h = ctx;
	if (h->ops.note)
		h->ops.note(h->ctx, from, what);
}

static const struct rd_server_ops server_ops = {
	.accept = on_accept,
	.gone = on_gone,
	.can_send = on_can_send,
	.slot = on_slot,
	.code_over = on_code_over,
	.note = on_note,
};

/* --- for the owner --- */

int
rd_host_open(struct rd_host **out, struct rd_loop *loop, const struct rd_server_config *cfg,
	const struct rd_server_ops *ops, void *ctx)
{
	struct rd_host *h = xcalloc(1, sizeof(*h));
	h->loop = loop;
	h->ops = *ops;
	h->ctx = ctx;
	int err = rd_endpoint_open(&h->endpoint, loop, &endpoint_ops, h);
	if (err) {
		free(h);
		return err;
	}
	h->server = rd_server_new(cfg, &server_ops, h);
	rd_timer_open(&h->timer, loop, on_timer, h);
	*out = h;
	return 0;
}

void
rd_host_close(struct rd_host *h)
{
	if (!h)
		return;
	host_enter(h);
	/* The last words of sessions that were just closed. */
	if (h->depth == 1)
		rd_endpoint_flush(h->endpoint);
	h->closed = true;
	host_relay_close(h);
	host_leave(h);
}

struct rd_server *
rd_host_server(struct rd_host *h)
{
	return h->server;
}

struct rd_endpoint *
rd_host_endpoint(struct rd_host *h)
{
	return h->endpoint;
}

void
rd_host_poke(struct rd_host *h)
{
	if (!h->closed)
		rd_timer_set(&h->timer, 0);
}

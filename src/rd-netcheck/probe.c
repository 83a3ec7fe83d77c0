#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/nat.h"
#include "net/relay_choose.h"
#include "rd-netcheck/probe.h"

/* A router that has said nothing by then opens nothing; and NATs are known sooner. */
#define PORTMAP_NS (3 * RD_NS_PER_S)

struct side {
	struct probe *probe;
	struct rd_endpoint *endpoint;
	struct rd_agent *agent;
	struct rd_keypair own;	/* of this look only; of each, since of one key a relay hears the newest */
	struct reached *found;
	bool over;
};

struct probe {
	struct rd_loop *loop;
	struct rd_agent_relay relay;
	struct rd_portmap *portmap;
	struct finding found;
	struct side udp, tls;
	struct rd_timer limit, settle;
	bool settled;			/* the router has had its time */
	uint64_t begun_ns, limit_ns;
};

static void
stop_if_done(struct probe *p)
{
	if (p->udp.over && p->tls.over && p->settled)
		rd_loop_stop(p->loop, 0);
}

/* --- the agents' --- */

static void
over(struct side *s, bool stands, const char *text)
{
	if (s->over)
		return;
	s->over = true;
	s->found->stands = stands;
	s->found->after_ns = rd_clock_ns() - s->probe->begun_ns;
	snprintf(stands ? s->found->how : s->found->why,
		stands ? sizeof(s->found->how) : sizeof(s->found->why), "%s", text);
	stop_if_done(s->probe);
}

/* No key is known: any will do to see whether it answers; none is kept. */
static void
on_told(void *ctx, const struct rd_key *key)
{
	struct side *s = ctx;
	s->probe->found.key = *key;
	s->probe->found.has_key = true;
	rd_agent_trust(s->agent, key);
}

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct side *s = ctx;
	const char *way = rd_agent_way(s->agent);
	(void)seen, (void)policy;
	over(s, true, way ? way : s == &s->probe->tls ? "TLS" : "UDP");
}

/* It is there, whatever it thinks of us. */
static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	(void)of, (void)why, (void)retry_s;
	on_ready(ctx, NULL, RD_PATH_AUTO);
}

static void
on_other_key(void *ctx, const struct rd_key *key)
{
	struct side *s = ctx;
	s->probe->found.other_key = s->probe->found.has_key = true;
	s->probe->found.key = *key;
	over(s, false, "it has another key than the one that is known");
}

static void
on_way(void *ctx, const char *way, const char *why)
{
	struct side *s = ctx;
	if (!way)
		over(s, false, why && *why ? why : "no answer");
}

static const struct rd_agent_ops agent_ops = {
	.relay = {.told = on_told, .ready = on_ready, .no = on_no, .other_key = on_other_key},
	.way = on_way,
};

/* --- the endpoints' --- */

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct side *s = ctx;
	struct rd_addr at = *from;
	if (s->agent)
		rd_agent_receive(s->agent, &at, &data, &len);
}

static void
on_turn(void *ctx)
{
	struct side *s = ctx;
	rd_endpoint_flush(s->endpoint);
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct side *s = ctx;
	return s->agent ? rd_agent_send(s->agent, to, out, cap) : 0;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	struct side *s = ctx;
	if (s->agent)
		rd_agent_carrier(s->agent, peer, error);
}

static const struct rd_endpoint_ops endpoint_ops = {
	.datagram = on_datagram,
	.turn = on_turn,
	.next = next,
	.carrier = on_carrier,
};

static int
open_side(struct side *s, struct probe *p, struct reached *found, bool udp)
{
	struct rd_agent_relay relay = p->relay;
	struct rd_agent_config cfg = {
		.own = &s->own, .role = RD_ROLE_VIEWER, .relay = &relay,
		.portmap = udp ? p->portmap : NULL,
	};
	*s = (struct side){.probe = p, .found = found};
	rd_keypair_new(&s->own);
	found->tried = true;
	relay.udp = udp;
	relay.tls = !udp;
	int err = rd_endpoint_open(&s->endpoint, p->loop, &endpoint_ops, s);
	if (!err && udp)
		err = rd_endpoint_udp(s->endpoint);
	if (!err)
		err = rd_agent_open(&s->agent, p->loop, s->endpoint, &cfg, &agent_ops, s);
	rd_agent_relay_wipe(&relay);
	if (err)
		over(s, false, strerror(-err));
	return err;
}

static void
close_side(struct side *s)
{
	struct rd_agent *a = s->agent;
	rd_agent_close(a);
	s->agent = NULL;
	rd_endpoint_close(s->endpoint);
	rd_keypair_wipe(&s->own);
}

/* --- the rest --- */

static void
on_mapped(void *ctx, const struct rd_addr *outside, const char *by)
{
	struct probe *p = ctx;
	p->found.mapped = *outside;
	snprintf(p->found.mapped_by, sizeof(p->found.mapped_by), "%.15s", outside->family ? by : "");
	if (p->udp.agent)
		rd_agent_mapped(p->udp.agent, outside);
	p->settled = true;
	stop_if_done(p);
}

static void
on_settle(void *ctx)
{
	struct probe *p = ctx;
	p->settled = true;
	stop_if_done(p);
}

static void
on_limit(void *ctx)
{
	struct probe *p = ctx;
	over(&p->udp, false, "no answer");
	over(&p->tls, false, "no answer");
	rd_loop_stop(p->loop, 0);
}

int
probe_open(struct probe **out, const struct rd_agent_relay *relay, uint64_t limit_ns, int portmap)
{
	static const struct rd_portmap_ops ops = {.mapped = on_mapped};
	struct probe *p = *out = xcalloc(1, sizeof(*p));
	p->loop = rd_loop_new();
	p->relay = *relay;
	p->limit_ns = limit_ns;
	rd_timer_open(&p->limit, p->loop, on_limit, p);
	rd_timer_open(&p->settle, p->loop, on_settle, p);
	if (portmap >= 0 && rd_portmap_open(&p->portmap, p->loop, portmap, &ops, p) != 0)
		p->portmap = NULL;
	p->begun_ns = rd_clock_ns();
	int err = rd_tunnel_prepare(relay->ca_file);
	if (err && relay->ca_file) {
		rd_error("--ca-file %s: %s", relay->ca_file, rd_tunnel_why(err));
		return RD_EXIT_INPUT;
	}
	if (err)
		rd_warn("no certificates to check the relay's against");
	rd_endpoint_prepare();
	err = open_side(&p->udp, p, &p->found.udp, true);
	int other = open_side(&p->tls, p, &p->found.tls, false);
	if (!err || !other)
		return 0;
	rd_error("no network: %s", strerror(-err));
	return RD_EXIT_FAILURE;
}

void
probe_run(struct probe *p, struct finding *f)
{
	p->begun_ns = rd_clock_ns();
	rd_timer_set(&p->limit, p->limit_ns);
	rd_timer_set(&p->settle, p->portmap ? PORTMAP_NS : RD_NAT_BUDGET_NS * 2);
	rd_loop_run(p->loop);
	const struct rd_agent_relay *named = f->relay;
	*f = p->found;
	f->relay = named;
	for (unsigned i = 0; i < p->relay.count; i++) {
		f->relay_has_v4 = f->relay_has_v4 || p->relay.addrs[i].family == 4;
		f->relay_has_v6 = f->relay_has_v6 || p->relay.addrs[i].family == 6;
	}
	if (!p->udp.agent)
		return;
	const struct rd_addr *seen6 = rd_agent_seen(p->udp.agent, 6);
	f->own = *rd_agent_own(p->udp.agent);
	if (seen6)
		f->seen6 = *seen6;
}

void
probe_close(struct probe *p)
{
	close_side(&p->udp);
	close_side(&p->tls);
	rd_portmap_close(p->portmap);
	rd_timer_close(&p->limit);
	rd_timer_close(&p->settle);
	rd_loop_free(p->loop);
	rd_agent_relay_wipe(&p->relay);
	free(p);
}

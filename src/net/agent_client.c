#include "base/clock.h"
#include "net/agent_priv.h"

/*
 * What the session with the relay says: most of it is the owner's, whose agent
 * may be closed by what it is told.
 */

static void
on_told(void *ctx, const struct rd_key *key)
{
	struct rd_agent *a = ctx;
	a->ways.asking = true;
	if (!a->closed && a->ops.relay.told)
		a->ops.relay.told(a->ctx, key);
}

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct rd_agent *a = ctx;
	bool other = policy != a->relay_policy;
	if (a->closed)
		return;
	a->relay_policy = policy;
	agent_way_stands(a, rd_clock_ns());
	if (!a->closed && a->ops.relay.ready)
		a->ops.relay.ready(a->ctx, seen, policy);
	if (!a->closed && other)
		agent_gather_tell(a);
}

static void
on_lost(void *ctx)
{
	struct rd_agent *a = ctx;
	if (a->closed)
		return;
	agent_way_begin(a, rd_clock_ns());
	if (a->ops.relay.lost)
		a->ops.relay.lost(a->ctx);
}

static void
on_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.slot)
		a->ops.relay.slot(a->ctx, slot, lifetime_s);
}

static void
on_slot_gone(void *ctx, uint32_t slot)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.slot_gone)
		a->ops.relay.slot_gone(a->ctx, slot);
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct rd_agent *a = ctx;
	if (a->closed)
		return;
	agent_gather_fresh(a, rd_clock_ns());
	if (a->ops.relay.leg)
		a->ops.relay.leg(a->ctx, leg, data, len);
}

static void
on_leg_bound(void *ctx, uint32_t number)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.leg_bound)
		a->ops.relay.leg_bound(a->ctx, number);
}

static void
on_leg_gone(void *ctx, uint32_t number)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.leg_gone)
		a->ops.relay.leg_gone(a->ctx, number);
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.no)
		a->ops.relay.no(a->ctx, of, why, retry_s);
}

static void
on_drain(void *ctx, uint32_t seconds)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.drain)
		a->ops.relay.drain(a->ctx, seconds);
}

static void
on_other_key(void *ctx, const struct rd_key *key)
{
	struct rd_agent *a = ctx;
	if (!a->closed && a->ops.relay.other_key)
		a->ops.relay.other_key(a->ctx, key);
}

const struct rd_relay_client_ops agent_client_ops = {
	.told = on_told,
	.ready = on_ready,
	.lost = on_lost,
	.slot = on_slot,
	.slot_gone = on_slot_gone,
	.leg = on_leg,
	.leg_bound = on_leg_bound,
	.leg_gone = on_leg_gone,
	.no = on_no,
	.drain = on_drain,
	.other_key = on_other_key,
};

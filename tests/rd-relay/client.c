#include "rd-relay/world.h"

#include "net/relay_client.h"

/*
 * The ends as they are (net/relay_client.h) and the relay's core: they agree.
 * Both are pure, so the network between them is a loop that may lose.
 */
struct party {
	struct world *w;
	struct rd_relay_client *client;
	struct rd_keypair keys;
	struct rd_addr addr;		/* as the relay sees it */
	unsigned ready, lost, legs, gone, slots, slots_gone, drained;
	enum rd_relay_no why;
	uint32_t slot, leg;
	uint8_t first[64];
	size_t first_len;
	unsigned received;		/* payloads of its leg */
};

struct net {
	struct world w;
	struct party host, viewer;
	unsigned lose;			/* of a hundred */
};

static const struct rd_addr relay_addr = {.family = 4, .ip = {10, 9, 9, 9}, .port = RD_RELAY_PORT};

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct party *p = ctx;
	assert_true(rd_addr_equal(seen, &p->addr));
	assert_int_equal(policy, RD_PATH_AUTO);
	p->ready++;
}

static void
on_lost(void *ctx)
{
	((struct party *)ctx)->lost++;
}

static void
on_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct party *p = ctx;
	assert_in_range(lifetime_s, 1, 600);
	p->slot = slot;
	p->slots++;
}

static void
on_slot_gone(void *ctx, uint32_t slot)
{
	struct party *p = ctx;
	assert_int_equal(slot, p->slot);
	p->slots_gone++;
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	struct party *p = ctx;
	p->leg = leg->number;
	p->legs++;
	p->first_len = len;
	if (len)
		memcpy(p->first, data, len);
}

static void
on_leg_gone(void *ctx, uint32_t number)
{
	struct party *p = ctx;
	assert_int_equal(number, p->leg);
	p->gone++;
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	(void)of;
	(void)retry_s;
	((struct party *)ctx)->why = why;
}

static void
on_drain(void *ctx, uint32_t seconds)
{
	(void)seconds;
	((struct party *)ctx)->drained++;
}

static const struct rd_relay_client_ops ops = {.ready = on_ready, .lost = on_lost, .slot = on_slot,
	.slot_gone = on_slot_gone, .leg = on_leg, .leg_gone = on_leg_gone, .no = on_no,
	.drain = on_drain};

static void
party_init(struct party *p, struct world *w, enum rd_relay_role role, unsigned host)
{
	*p = (struct party){.w = w, .addr = addr_of(host, 5000)};
	rd_keypair_new(&p->keys);
	p->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &p->keys, .role = role,
		.relay = &w->cfg.key.public, .join = w->cfg.join, .wall_ns = 1700000000 * S}, &ops, p,
		w->now_ns);
	rd_relay_client_to(p->client, &relay_addr, w->now_ns);
}

static void
net_init(struct net *n)
{
	memset(n, 0, sizeof(*n));
	world_init(&n->w);
	party_init(&n->host, &n->w, RD_ROLE_HOST, 1);
	party_init(&n->viewer, &n->w, RD_ROLE_VIEWER, 2);
}

static void
net_finish(struct net *n)
{
	rd_relay_client_free(n->host.client);
	rd_relay_client_free(n->viewer.client);
	world_finish(&n->w);
}

static bool
lost(const struct net *n)
{
	return randombytes_uniform(100) < n->lose;
}

static void
deliver(struct net *n, const struct rd_addr *to, uint8_t *data, size_t len)
{
	struct party *p = rd_addr_equal(to, &n->host.addr) ? &n->host : &n->viewer;
	uint32_t leg;
	uint8_t *payload;
	size_t payload_len;
	if (!rd_addr_equal(to, &p->addr) || lost(n))
		return;
	rd_relay_client_receive(p->client, &relay_addr, data, len, n->w.now_ns, &leg, &payload,
		&payload_len);
	p->received += leg != 0;
}

/* As the worker around the core does it. */
static void
relay(struct net *n, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct core_route r;
	enum core_drop why;
	if ((data[0] & 0xf4) != RD_RELAY_RELAYED) {
		core_datagram(n->w.core, &n->w.out, from, data, len, n->w.now_ns);
	} else if (core_route(n->w.core, from, data + 2, 1, len, n->w.now_ns, &r, &why)) {
		memcpy(data + 2, r.handle, RD_HANDLE);
		deliver(n, &r.to, data, len);
	} else if (why == DROP_UNKNOWN || why == DROP_ADDRESS) {
		core_gone(n->w.core, &n->w.out, from, data + 2, n->w.now_ns);
	}
}

static bool
send_one(struct net *n, struct party *p)
{
	struct rd_addr to;
	uint8_t data[1500];
	size_t len = rd_relay_client_send(p->client, &to, data, sizeof(data), n->w.now_ns);
	if (len && !lost(n))
		relay(n, &p->addr, data, len);
	return len != 0;
}

static void
speak(struct net *n, struct party *p)
{
	struct rd_addr to;
	uint8_t data[RD_RELAYED_HEADER + 100] = {0};
	if (p->leg && rd_relay_client_wrap(p->client, p->leg, 0, data, &to) && !lost(n))
		relay(n, &p->addr, data, sizeof(data));
}

/* Both ends' sessions say something through the leg every 200 ms. */
static void
net_wait(struct net *n, uint64_t ns)
{
	uint64_t end = n->w.now_ns + ns;
	struct party *both[] = {&n->host, &n->viewer};
	for (unsigned i = 0; n->w.now_ns < end; i++, n->w.now_ns += 10 * MS) {
		for (unsigned k = 0; k < 2; k++) {
			rd_relay_client_tick(both[k]->client, n->w.now_ns);
			while (send_one(n, both[k]))
				;
			if (i % 20 == 0)
				speak(n, both[k]);
		}
		if (i % 10 == 0)
			core_tick(n->w.core, &n->w.out, n->w.now_ns);
		while (n->w.read < n->w.sent) {
			struct mail m = n->w.mail[n->w.read++ % MAIL];
			deliver(n, &m.to, m.data, m.len);
		}
	}
}

/* Something comes through the leg, both ways. */
static void
assert_talking(struct net *n)
{
	n->host.received = n->viewer.received = 0;
	net_wait(n, n->lose ? 10 * S : S);
	assert_true(n->host.received > 0);
	assert_true(n->viewer.received > 0);
}

static void
meet(struct net *n)
{
	net_wait(n, n->lose ? 20 * S : S / 10);
	assert_true(rd_relay_client_stands(n->host.client));
	rd_relay_client_want_slot(n->host.client, n->w.now_ns);
	net_wait(n, n->lose ? 20 * S : S / 10);
	assert_true(n->host.slot > 0);
	/* A client tries for ten seconds; whoever dials tries again after that. */
	for (unsigned i = 0; i < 8 && !n->host.legs; i++) {
		rd_relay_client_connect(n->viewer.client, n->host.slot, NULL, (const uint8_t *)"ask", 3,
			n->w.now_ns);
		net_wait(n, n->lose ? 12 * S : S / 10);
	}
	assert_true(n->host.legs > 0 && n->viewer.legs > 0);
	assert_true(n->lose || (n->host.legs == 1 && n->viewer.legs == 1));
	assert_int_equal(n->host.first_len, 3);
	assert_memory_equal(n->host.first, "ask", 3);
	assert_true(n->lose || world_stats(&n->w).sessions == 1);
	assert_talking(n);
}

static void
meeting(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	meet(&n);
	net_finish(&n);
}

static void
meeting_with_loss(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct net n;
		net_init(&n);
		n.lose = 25;
		meet(&n);
		net_finish(&n);
	}
}

/* For three hours: new keys every hour, and nobody notices. */
static void
staying(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	meet(&n);
	for (unsigned i = 0; i < 12; i++) {
		net_wait(&n, 900 * S);
		assert_talking(&n);
	}
	assert_int_equal(n.host.lost, 0);
	assert_int_equal(n.host.gone + n.viewer.gone, 0);
	assert_int_equal(n.w.events[CORE_REGISTERED], 1);
	assert_int_equal(n.w.events[CORE_LEFT], 0);
	assert_true(world_stats(&n.w).count[COUNT_HANDSHAKES_OK] >= 5);
	net_finish(&n);
}

/* A session that was lost for a while comes back to the same slot. */
static void
a_slot_outlives_a_lost_session(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	meet(&n);
	uint32_t slot = n.host.slot;
	rd_relay_client_again(n.host.client, n.w.now_ns);
	net_wait(&n, 5 * S);
	assert_true(rd_relay_client_stands(n.host.client));
	assert_int_equal(n.host.slot, slot);
	assert_int_equal(n.host.slots_gone, 0);
	assert_int_equal(world_stats(&n.w).slots, 1);
	net_finish(&n);
}

static void
a_relay_started_anew(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	meet(&n);
	world_restart(&n.w);
	net_wait(&n, 5 * S);
	/* What is forwarded goes on at once: GONE, and BIND. */
	assert_talking(&n);
	assert_int_equal(n.host.gone + n.viewer.gone, 0);
	net_wait(&n, 60 * S);
	assert_true(rd_relay_client_stands(n.host.client));
	assert_int_equal(world_stats(&n.w).hosts, 1);
	assert_int_equal(world_stats(&n.w).sessions, 1);
	net_finish(&n);
}

/* A NAT in between gives an end another address; neither end is told. */
static void
an_end_that_moves(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	meet(&n);
	n.viewer.addr.port++;
	net_wait(&n, 3 * S);
	assert_talking(&n);
	n.host.addr = addr_of(77, 7777);
	net_wait(&n, 3 * S);
	assert_talking(&n);
	net_wait(&n, 60 * S);
	assert_true(rd_relay_client_stands(n.host.client));
	assert_int_equal(n.host.gone + n.viewer.gone, 0);
	net_finish(&n);
}

static void
noes_and_drains(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	net_wait(&n, S);
	rd_relay_client_connect(n.viewer.client, 77, NULL, (const uint8_t *)"ask", 3, n.w.now_ns);
	net_wait(&n, S);
	assert_int_equal(n.viewer.why, RD_NO_SLOT);
	core_drain(n.w.core, &n.w.out, 30, n.w.now_ns);
	net_wait(&n, S);
	assert_true(n.host.drained > 0);
	rd_relay_client_connect(n.viewer.client, 0, &n.host.keys.public, (const uint8_t *)"ask", 3,
		n.w.now_ns);
	net_wait(&n, S);
	assert_int_equal(n.viewer.why, RD_NO_DRAINING);
	net_finish(&n);
}

/*
 * A machine that starts with yesterday's clock, at a relay that remembers today's: it is
 * served when the clock is set, without being started again. One whose clock is set back
 * goes on.
 */
static void
a_clock_that_is_set(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	net_wait(&n, S);
	assert_true(rd_relay_client_stands(n.host.client));
	struct rd_keypair keys = n.host.keys;
	rd_relay_client_free(n.host.client);
	n.host.client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &keys,
		.role = RD_ROLE_HOST, .relay = &n.w.cfg.key.public, .join = n.w.cfg.join,
		.wall_ns = 1699900000 * S}, &ops, &n.host, n.w.now_ns);
	rd_relay_client_to(n.host.client, &relay_addr, n.w.now_ns);
	net_wait(&n, 60 * S);
	assert_false(rd_relay_client_stands(n.host.client));
	rd_relay_client_clock(n.host.client, 1700000100 * S, n.w.now_ns);
	net_wait(&n, 40 * S);
	assert_true(rd_relay_client_stands(n.host.client));

	rd_relay_client_clock(n.host.client, 1699900000 * S, n.w.now_ns);
	world_restart(&n.w);
	net_wait(&n, 120 * S);
	assert_true(rd_relay_client_stands(n.host.client));
	net_wait(&n, 4000 * S);
	assert_true(rd_relay_client_stands(n.host.client));
	assert_int_equal(world_stats(&n.w).hosts, 1);
	net_finish(&n);
}

static void
a_foreign_join_key(void **state)
{
	struct net n;
	(void)state;
	net_init(&n);
	n.w.cfg.join[0] ^= 1;
	world_restart(&n.w);
	net_wait(&n, S);
	assert_int_equal(n.host.why, RD_NO_JOIN_KEY);
	assert_int_equal(n.host.ready, 0);
	net_finish(&n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meeting),
		cmocka_unit_test(meeting_with_loss),
		cmocka_unit_test(staying),
		cmocka_unit_test(a_slot_outlives_a_lost_session),
		cmocka_unit_test(a_relay_started_anew),
		cmocka_unit_test(an_end_that_moves),
		cmocka_unit_test(noes_and_drains),
		cmocka_unit_test(a_clock_that_is_set),
		cmocka_unit_test(a_foreign_join_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/relaynet.h"

static const uint8_t join_key[RD_JOIN_KEY] = "a join key that is of 32 bytes.";

static bool
all_ready(struct relaynet *n)
{
	for (unsigned i = 0; i < n->count; i++)
		if (!n->ends[i].ready)
			return false;
	return true;
}

static bool
has_slot(struct relaynet *n)
{
	return n->ends[0].slot != 0;
}

static bool
viewer_has_leg(struct relaynet *n)
{
	return n->ends[1].leg;
}

static bool
both_have_legs(struct relaynet *n)
{
	return n->ends[0].leg && n->ends[1].leg;
}

static bool
both_have_heard(struct relaynet *n)
{
	return n->ends[0].payloads && n->ends[1].payloads;
}

static bool
first_stands(struct relaynet *n)
{
	return rd_relay_client_stands(n->ends[0].client);
}

static bool
first_is_lost(struct relaynet *n)
{
	return n->ends[0].lost;
}

/* A host that is registered, and its slot; then a viewer that is connected to it. */
static void
open_host(struct relaynet *n)
{
	relaynet_init(n);
	struct relay_end *host = relaynet_add(n, RD_ROLE_HOST, true, NULL);
	rd_relay_client_want_slot(host->client, n->v.now_ns);
	assert_true(relaynet_run(n, 5 * S, has_slot));
}

static void
open_both(struct relaynet *n)
{
	open_host(n);
	struct relay_end *viewer = relaynet_add(n, RD_ROLE_VIEWER, true, NULL);
	rd_relay_client_connect(viewer->client, n->ends[0].slot, NULL, (const uint8_t *)"first", 5,
		n->v.now_ns);
	assert_true(relaynet_run(n, 5 * S, both_have_legs));
}

static void
talk(struct relaynet *n)
{
	n->ends[0].payloads = n->ends[1].payloads = 0;
	relaynet_say(n, &n->ends[0], "from the host");
	relaynet_say(n, &n->ends[1], "from the viewer");
	assert_true(relaynet_run(n, 1 * S, both_have_heard));
	assert_string_equal((char *)n->ends[0].last, "from the viewer");
	assert_string_equal((char *)n->ends[1].last, "from the host");
}

/* --- registering --- */

static void
registers_and_gets_a_slot(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	n.relay.has_join = true;
	memcpy(n.relay.join, join_key, sizeof(join_key));
	n.relay.policy = RD_PATH_DIRECT;
	struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true, join_key);
	uint64_t t0 = n.v.now_ns;
	rd_relay_client_want_slot(host->client, n.v.now_ns);
	assert_true(relaynet_run(&n, 5 * S, has_slot));
	/* INIT, REGISTER, SLOT: a round trip each. */
	assert_int_equal(n.v.now_ns - t0, 60 * MS);
	assert_int_equal(host->ready_ns - t0, 40 * MS);
	assert_true(rd_relay_client_stands(host->client));
	assert_true(rd_addr_equal(&host->seen, &host->addr));
	assert_int_equal(host->policy, RD_PATH_DIRECT);
	assert_int_equal(n.relay.asks, 0);
	/* Idle, it says KEEP every 25 s. */
	relaynet_run(&n, 1000 * S, NULL);
	assert_in_range(n.relay.keeps, 36, 46);
	assert_int_equal(host->ready, 1);
	assert_int_equal(host->lost, 0);
	relaynet_finish(&n);
}

static void
unadmitted(void **state)
{
	static const struct { bool has; uint8_t why; } cases[] = {
		{false, RD_NO_ADMISSION}, {true, RD_NO_JOIN_KEY}};
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct relaynet n;
		uint8_t other[RD_JOIN_KEY] = {1};
		relaynet_init(&n);
		n.relay.has_join = true;
		struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true,
			cases[i].has ? other : NULL);
		relaynet_run(&n, 100 * S, NULL);
		assert_int_equal(host->nos, 1);
		assert_int_equal(host->no_of, RD_RELAY_REGISTER);
		assert_int_equal(host->no_why, cases[i].why);
		assert_int_equal(n.relay.registers, 1);
		assert_int_equal(rd_relay_client_deadline(host->client), UINT64_MAX);
		relaynet_finish(&n);
	}
}

static void
asks_for_a_key_and_trusts_it(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, false, NULL);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(viewer->told, 1);
	assert_true(rd_key_equal(&viewer->key, &n.relay.key.public));
	assert_int_equal(n.relay.inits, 0);
	/* Nothing more is asked while its owner thinks. */
	assert_int_equal(n.relay.asks, 1);
	rd_relay_client_trust(viewer->client, &viewer->key, n.v.now_ns);
	assert_true(relaynet_run(&n, 1 * S, all_ready));
	relaynet_finish(&n);
}

/* Its answer to ASK names another key: told at the next repeat, and not tried eagerly any more. */
static void
another_key(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true, NULL);
	rd_keypair_new(&n.relay.key);
	relaynet_run(&n, 3 * S, NULL);
	assert_int_equal(host->other_key, 1);
	assert_true(rd_key_equal(&host->key, &n.relay.key.public));
	assert_int_equal(host->ready, 0);
	unsigned inits = n.relay.inits;
	relaynet_run(&n, 60 * S, NULL);
	assert_int_equal(host->other_key, 1);
	assert_in_range(n.relay.inits, inits + 1, inits + 4);
	relaynet_finish(&n);
}

static void
asked_for_a_cookie(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	n.relay.busy = true;
	relaynet_add(&n, RD_ROLE_HOST, true, NULL);
	assert_true(relaynet_run(&n, 5 * S, all_ready));
	assert_int_equal(n.relay.inits, 2);
	relaynet_finish(&n);
}

static void
refused_for_a_while(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	n.relay.no_register = RD_NO_DRAINING;
	n.relay.retry_s = 10;
	struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true, NULL);
	relaynet_run(&n, 7 * S, NULL);
	assert_int_equal(host->no_why, RD_NO_DRAINING);
	assert_int_equal(host->no_retry, 10);
	assert_int_equal(n.relay.registers, 1);
	n.relay.no_register = 0;
	assert_true(relaynet_run(&n, 6 * S, all_ready));
	relaynet_finish(&n);
}

/* New keys every hour, beside the old ones: nobody notices. */
static void
new_keys_every_hour(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	unsigned inits = n.relay.inits;
	for (unsigned i = 0; i < 240; i++) {
		relaynet_run(&n, 30 * S, NULL);
		talk(&n);
	}
	assert_in_range(n.relay.inits - inits, 2, 6);
	assert_int_equal(n.ends[0].ready, 1);
	assert_int_equal(n.ends[0].lost + n.ends[1].lost, 0);
	assert_true(first_stands(&n));
	relaynet_finish(&n);
}

/* --- meeting --- */

static void
meets_by_slot(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	struct relay_end *host = &n.ends[0], *viewer = &n.ends[1];
	assert_int_equal(host->leg_slot, host->slot);
	assert_true(rd_key_equal(&host->leg_peer, &viewer->keys.public));
	assert_int_equal(host->first_len, 5);
	assert_memory_equal(host->first, "first", 5);
	assert_int_equal(host->legs, 1);
	assert_int_equal(viewer->legs, 1);
	talk(&n);
	/* Both are bound to where their sessions with the relay are. */
	assert_int_equal(n.relay.binds, 0);
	rd_relay_client_drop(host->client, host->leg);
	uint8_t header[RD_RELAYED_HEADER];
	struct rd_addr to;
	assert_false(rd_relay_client_wrap(host->client, host->leg, 0, header, &to));
	relaynet_finish(&n);
}

static void
meets_by_key(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, true, NULL);
	uint64_t t0 = n.v.now_ns;
	rd_relay_client_connect(viewer->client, 0, &n.ends[0].keys.public, (const uint8_t *)"x", 1,
		t0);
	assert_true(relaynet_run(&n, 5 * S, both_have_legs));
	/* INIT and CONNECT: two round trips, of which the host sees half of the second one. */
	assert_int_equal(n.v.now_ns - t0, 40 * MS);
	assert_int_equal(n.ends[0].leg_slot, 0);
	talk(&n);
	relaynet_finish(&n);
}

static void
told_no(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *host = &n.ends[0];
	struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, true, NULL);
	rd_relay_client_connect(viewer->client, 4711, NULL, NULL, 0, n.v.now_ns);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(viewer->no_why, RD_NO_SLOT);
	rd_relay_client_unslot(host->client, host->slot, RD_SLOT_BURNT, n.v.now_ns);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(n.relay.unslots, 1);
	rd_relay_client_connect(viewer->client, host->slot, NULL, NULL, 0, n.v.now_ns);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(viewer->no_why, RD_NO_SLOT_BURNT);
	rd_relay_client_connect(viewer->client, 0, &viewer->keys.public, NULL, 0, n.v.now_ns);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(viewer->no_why, RD_NO_HOST);
	assert_int_equal(viewer->nos, 3);
	assert_int_equal(n.relay.connects, 3);
	relaynet_finish(&n);
}

static void
viewers_without_legs_keep_still(void **state)
{
	struct relaynet n;
	(void)state;
	relaynet_init(&n);
	relaynet_add(&n, RD_ROLE_VIEWER, true, NULL);
	relaynet_run(&n, 1000 * S, NULL);
	assert_int_equal(n.relay.keeps, 1);
	assert_int_equal(n.relay.inits, 1);
	relaynet_finish(&n);
}

/* Then the relay forgets them; when they want something again, they begin anew. */
static void
forgotten_and_here_again(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, true, NULL);
	relaynet_run(&n, 200 * S, NULL);
	assert_false(rd_relay_client_stands(viewer->client));
	assert_int_equal(viewer->lost, 0);
	rd_relay_client_connect(viewer->client, n.ends[0].slot, NULL, NULL, 0, n.v.now_ns);
	uint64_t t0 = n.v.now_ns;
	assert_true(relaynet_run(&n, 5 * S, both_have_legs));
	assert_int_equal(n.v.now_ns - t0, 40 * MS);
	talk(&n);
	relaynet_finish(&n);
}

static void
legs_are_bounded(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, true, NULL);
	for (unsigned i = 0; i < 6; i++)
		rd_relay_client_connect(viewer->client, n.ends[0].slot, NULL, NULL, 0, n.v.now_ns);
	relaynet_run(&n, 5 * S, NULL);
	assert_int_equal(viewer->legs, 4);
	relaynet_finish(&n);
}

static void
drained(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	fakerelay_drain(&n.relay, 30);
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(n.ends[0].drained, 30);
	talk(&n);
	relaynet_finish(&n);
}

static void
says_bye(void **state)
{
	struct relaynet n;
	uint8_t out[RD_PACKET_MAX];
	(void)state;
	open_host(&n);
	struct vnet_datagram d = {.from = n.ends[0].addr, .data = out};
	d.len = rd_relay_client_bye(n.ends[0].client, &d.to, out, sizeof(out));
	assert_true(d.len > 0);
	vnet_send(&n.v, &n.vends[0], &d);
	relaynet_run(&n, 100 * S, NULL);
	assert_int_equal(n.relay.byes, 1);
	assert_int_equal(rd_relay_client_bye(n.ends[0].client, &d.to, out, sizeof(out)), 0);
	relaynet_finish(&n);
}

/* --- what goes wrong --- */

static void
bad_weather(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++) {
		struct relaynet n;
		relaynet_init(&n);
		n.v.weather = (struct vnet_weather){.loss = 200, .twice = 200, .replay = 50,
			.reflect = 50, .delay_ns = 5 * MS, .jitter_ns = 40 * MS};
		n.relay.busy = i % 2;
		struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true, NULL);
		rd_relay_client_want_slot(host->client, n.v.now_ns);
		assert_true(relaynet_run(&n, 120 * S, has_slot));
		struct relay_end *viewer = relaynet_add(&n, RD_ROLE_VIEWER, i % 3 != 0, NULL);
		if (i % 3 == 0)
			rd_relay_client_trust(viewer->client, &n.relay.key.public, n.v.now_ns);
		/* CONNECT is repeated for 10 s: whoever has met nobody by then asks anew. */
		unsigned asked = 0;
		do {
			assert_true(++asked <= 3);
			rd_relay_client_drop(viewer->client, viewer->leg);
			viewer->leg = 0;
			rd_relay_client_connect(viewer->client, host->slot, NULL, (const uint8_t *)"1", 1,
				n.v.now_ns);
			assert_true(relaynet_run(&n, 120 * S, viewer_has_leg));
		} while (!relaynet_run(&n, 12 * S, both_have_legs));
		assert_int_equal(host->slots, 1);
		assert_int_equal(viewer->legs, asked);
		assert_in_range(host->legs, 1, 2); /* a relay session lost may connect again */
		relaynet_finish(&n);
	}
}

/* Changed bytes: nothing of them has an effect. */
static void
forgeries(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		struct relaynet n;
		relaynet_init(&n);
		n.v.weather = (struct vnet_weather){.harm = 900, .replay = 300, .reflect = 300,
			.delay_ns = 5 * MS, .jitter_ns = 5 * MS};
		struct relay_end *host = relaynet_add(&n, RD_ROLE_HOST, true, NULL);
		rd_relay_client_want_slot(host->client, n.v.now_ns);
		assert_true(relaynet_run(&n, 30 * S, has_slot));
		relaynet_run(&n, 100 * S, NULL);
		assert_int_equal(host->slots, 1);
		assert_int_equal(host->lost, 0);
		assert_int_equal(host->other_key, 0);
		relaynet_finish(&n);
	}
}

static void
restarted(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	struct relay_end *host = &n.ends[0], *viewer = &n.ends[1];
	uint32_t slot = host->slot;
	fakerelay_restart(&n.relay);
	/* What is sent through the legs tells (GONE), and these are bound again by their tickets. */
	uint64_t t0 = n.v.now_ns;
	relaynet_say(&n, host, "lost");
	relaynet_say(&n, viewer, "lost");
	relaynet_run(&n, 200 * MS, NULL);
	assert_int_equal(host->legs_gone + viewer->legs_gone, 0);
	talk(&n);
	assert_true(n.v.now_ns - t0 < 300 * MS);
	/* Then both find out that they are not known, and the host gets another slot. */
	relaynet_run(&n, 10 * S, NULL);
	assert_int_equal(host->lost, 1);
	assert_int_equal(host->ready, 2);
	assert_int_equal(host->slots, 2);
	assert_int_equal(host->slots_gone, 1);
	assert_int_equal(host->slot_gone, slot);
	assert_true(host->slot != slot);
	talk(&n);
	relaynet_finish(&n);
}

/* Out for a while; at work again within a second of its return. */
static void
killed_and_back(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct relaynet n;
		open_both(&n);
		struct relay_end *host = &n.ends[0], *viewer = &n.ends[1];
		n.relay.deaf = true;
		relaynet_run(&n, 300 * MS, NULL);
		/* Sessions notice that nothing is acknowledged. */
		rd_relay_client_rebind(host->client, host->leg, n.v.now_ns);
		rd_relay_client_rebind(viewer->client, viewer->leg, n.v.now_ns);
		relaynet_run(&n, 10 * S + dice_below(10 * S), NULL);
		assert_int_equal(host->lost, 1);
		fakerelay_restart(&n.relay);
		n.relay.deaf = false;
		relaynet_run(&n, 1 * S, NULL);
		talk(&n);
		assert_true(relaynet_run(&n, 3 * S, first_stands));
		relaynet_finish(&n);
	}
}

/* Its tickets are worth nothing any more, as after a change of keys. */
static void
legs_refused(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	fakerelay_restart(&n.relay);
	n.relay.forget_tickets = true;
	relaynet_say(&n, &n.ends[0], "lost");
	relaynet_run(&n, 1 * S, NULL);
	assert_int_equal(n.ends[0].legs_gone, 1);
	assert_int_equal(n.ends[0].leg, 0);
	relaynet_finish(&n);
}

/* A GONE that anybody may send costs a BIND now and then. */
static void
gone_is_no_amplifier(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	for (unsigned i = 0; i < 1000; i++) {
		struct rd_buf b = {0};
		struct rd_addr to = n.ends[0].addr;
		rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_GONE,
			.handle = rd_relay_client_leg(n.ends[0].client, n.ends[0].leg)->handle});
		relaynet_relay_send(&n, &to, b.data, b.len);
		rd_buf_finish(&b);
		relaynet_run(&n, 1 * MS, NULL);
	}
	assert_in_range(n.relay.binds, 1, 3);
	assert_int_equal(n.ends[0].lost, 0);
	talk(&n);
	relaynet_finish(&n);
}

static void
lost_and_found(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *host = &n.ends[0];
	uint32_t slot = host->slot;
	n.relay.deaf = true;
	assert_true(relaynet_run(&n, 40 * S, first_is_lost));
	assert_false(first_stands(&n));
	n.v.weather.loss = 0;
	relaynet_run(&n, 600 * S - (n.v.now_ns - S), NULL);
	uint64_t sent = n.vends[0].sent;
	relaynet_run(&n, 1000 * S, NULL);
	/* Every 30 s, INIT and ASK. */
	assert_in_range(n.vends[0].sent - sent, 40, 100);
	n.relay.deaf = false;
	assert_true(relaynet_run(&n, 37 * S, first_stands));
	/* The slot's time is over by now. */
	assert_int_equal(host->slot, slot);
	assert_int_equal(host->slots, 1);
	relaynet_finish(&n);
}

/* A short time without a network: the relay knows the host, and the slot stays. */
static void
slots_outlive_a_gap(void **state)
{
	struct relaynet n;
	(void)state;
	open_host(&n);
	struct relay_end *host = &n.ends[0];
	n.relay.deaf = true;
	assert_true(relaynet_run(&n, 40 * S, first_is_lost));
	n.relay.deaf = false;
	assert_true(relaynet_run(&n, 5 * S, first_stands));
	relaynet_run(&n, 2 * S, NULL);
	assert_int_equal(host->slots, 1);
	assert_int_equal(host->slots_gone, 0);
	relaynet_finish(&n);
}

/* Our address changes: told to go on from there, session and legs follow at once. */
static void
moves(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	struct relay_end *host = &n.ends[0];
	host->addr.port = 6000;
	n.vends[0].addr = host->addr;
	rd_relay_client_to(host->client, &n.relay_end.addr, n.v.now_ns);
	relaynet_run(&n, 100 * MS, NULL);
	assert_int_equal(n.relay.challenges, 1);
	assert_int_equal(host->seen.port, 6000);
	talk(&n);
	/* And new keys, by which the relay knows for certain where it is. */
	assert_int_equal(n.relay.inits, 3);
	/* On into a tunnel, a stream. */
	struct rd_addr tunnel = n.relay_end.addr;
	tunnel.stream = true;
	tunnel.carrier = 5;
	rd_relay_client_to(host->client, &tunnel, n.v.now_ns);
	relaynet_run(&n, 100 * MS, NULL);
	talk(&n);
	struct rd_addr to;
	uint8_t header[RD_RELAYED_HEADER];
	assert_true(rd_relay_client_wrap(host->client, host->leg, 0, header, &to));
	assert_true(to.stream);
	assert_int_equal(host->lost, 0);
	assert_int_equal(n.relay.inits, 3);
	relaynet_finish(&n);
}

/* A NAT gives us another port by itself: the next KEEP tells, and legs follow. */
static void
moved_by_a_nat(void **state)
{
	struct relaynet n;
	(void)state;
	open_both(&n);
	struct relay_end *host = &n.ends[0];
	host->addr.port = 6000;
	n.vends[0].addr = host->addr;
	relaynet_run(&n, 30 * S, NULL);
	assert_int_equal(host->seen.port, 6000);
	assert_int_equal(host->ready, 2);
	talk(&n);
	relaynet_finish(&n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registers_and_gets_a_slot),
		cmocka_unit_test(unadmitted),
		cmocka_unit_test(asks_for_a_key_and_trusts_it),
		cmocka_unit_test(another_key),
		cmocka_unit_test(asked_for_a_cookie),
		cmocka_unit_test(refused_for_a_while),
		cmocka_unit_test(new_keys_every_hour),
		cmocka_unit_test(meets_by_slot),
		cmocka_unit_test(meets_by_key),
		cmocka_unit_test(told_no),
		cmocka_unit_test(viewers_without_legs_keep_still),
		cmocka_unit_test(forgotten_and_here_again),
		cmocka_unit_test(legs_are_bounded),
		cmocka_unit_test(drained),
		cmocka_unit_test(says_bye),
		cmocka_unit_test(bad_weather),
		cmocka_unit_test(forgeries),
		cmocka_unit_test(restarted),
		cmocka_unit_test(killed_and_back),
		cmocka_unit_test(legs_refused),
		cmocka_unit_test(gone_is_no_amplifier),
		cmocka_unit_test(lost_and_found),
		cmocka_unit_test(slots_outlive_a_gap),
		cmocka_unit_test(moves),
		cmocka_unit_test(moved_by_a_nat),
	};
	dice_seed();
	if (vnet_sodium() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "rd-relay/world.h"

static const struct rd_relay_msg keep = {.type = RD_RELAY_KEEP}, slot = {.type = RD_RELAY_SLOT};

static void
hosts_with_the_join_key_are_served(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	w.cfg.policy = RD_PATH_DIRECT;
	world_restart(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	assert_true(end_open(&e));
	struct rd_relay_msg m = end_asks(&e, register_with(&e, w.cfg.join));
	assert_int_equal(m.type, RD_RELAY_REGISTERED);
	assert_int_equal(m.seconds, 90);
	assert_int_equal(m.policy, RD_PATH_DIRECT);
	assert_true(rd_addr_equal(&m.addr, &e.addr));
	assert_int_equal(w.events[CORE_REGISTERED], 1);
	/* Its answer was lost: it asks again, and nothing happens twice. */
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	assert_int_equal(w.events[CORE_REGISTERED], 1);
	assert_int_equal(world_stats(&w).hosts, 1);
	world_finish(&w);
}

static void
others_are_not(void **state)
{
	struct world w;
	struct end e, other;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	assert_true(end_open(&e));
	uint8_t wrong[RD_JOIN_KEY] = {1};
	assert_int_equal(end_is_refused(&e, register_with(&e, NULL)), RD_NO_ADMISSION);
	assert_int_equal(end_is_refused(&e, register_with(&e, wrong)), RD_NO_JOIN_KEY);
	/* A proof is of one handshake. */
	end_init(&other, &w, RD_ROLE_HOST, 2);
	assert_true(end_open(&other));
	assert_int_equal(end_is_refused(&e, register_with(&other, w.cfg.join)), RD_NO_JOIN_KEY);
	assert_int_equal(w.events[CORE_REFUSED], 3);
	assert_int_equal(w.last[CORE_REFUSED].why, RD_NO_JOIN_KEY);
	assert_int_equal(world_stats(&w).hosts, 0);
	/* It may still think of the right one. */
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	world_finish(&w);
}

static void
a_relay_without_a_join_key(void **state)
{
	struct world w;
	struct end e;
	uint8_t zeros[RD_JOIN_KEY] = {0};
	(void)state;
	world_init(&w);
	w.cfg.has_join = false;
	memset(w.cfg.join, 0, sizeof(w.cfg.join));
	world_restart(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	assert_true(end_open(&e));
	assert_int_equal(end_is_refused(&e, register_with(&e, NULL)), RD_NO_ADMISSION);
	assert_int_equal(end_is_refused(&e, register_with(&e, zeros)), RD_NO_JOIN_KEY);
	struct rd_relay_msg nothing = {.type = RD_RELAY_REGISTER, .has_proof = true};
	assert_int_equal(end_is_refused(&e, nothing), RD_NO_JOIN_KEY);
	world_finish(&w);
}

static void
listed_hosts_need_none(void **state)
{
	struct world w;
	struct end e, other;
	uint8_t wrong[RD_JOIN_KEY] = {1};
	struct rd_key listed[3];
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	end_init(&other, &w, RD_ROLE_HOST, 2);
	randombytes_buf(listed, sizeof(listed));
	listed[1] = e.keys.public;
	w.cfg.listed = listed;
	w.cfg.listed_count = 3;
	world_restart(&w);
	memset(listed, 0, sizeof(listed));	/* it was copied */
	assert_true(end_open(&e));
	assert_true(end_open(&other));
	assert_int_equal(end_is_refused(&other, register_with(&other, NULL)), RD_NO_ADMISSION);
	assert_int_equal(end_asks(&e, register_with(&e, wrong)).type, RD_RELAY_REGISTERED);
	world_finish(&w);
}

static void
an_open_relay(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	w.cfg.open = true;
	world_restart(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, register_with(&e, NULL)).type, RD_RELAY_REGISTERED);
	world_finish(&w);
}

static void
reloading_lets_go_who_would_not_be_let_in(void **state)
{
	struct world w;
	struct end listed, joined, proven;
	(void)state;
	world_init(&w);
	end_init(&listed, &w, RD_ROLE_HOST, 1);
	w.cfg.listed = &listed.keys.public;
	w.cfg.listed_count = 1;
	world_restart(&w);
	assert_true(end_open(&listed));
	assert_int_equal(end_asks(&listed, register_with(&listed, NULL)).type, RD_RELAY_REGISTERED);
	end_host(&joined, &w, 2);
	core_reload(w.core, &w.cfg);
	assert_int_equal(world_stats(&w).hosts, 2);
	/* One that has shaken hands under the old key, and registers under the new one. */
	end_init(&proven, &w, RD_ROLE_HOST, 3);
	assert_true(end_open(&proven));
	struct rd_relay_msg old = register_with(&proven, w.cfg.join);
	w.cfg.join[0]++;
	core_reload(w.core, &w.cfg);
	assert_int_equal(world_stats(&w).hosts, 1);
	assert_int_equal(w.events[CORE_LEFT], 1);
	assert_int_equal(end_asks(&joined, keep).type, 0);
	assert_int_equal(end_asks(&listed, keep).type, RD_RELAY_KEPT);
	assert_int_equal(end_is_refused(&proven, old), RD_NO_JOIN_KEY);
	w.cfg.listed_count = 0;
	core_reload(w.core, &w.cfg);
	assert_int_equal(world_stats(&w).hosts, 0);
	assert_int_equal(end_asks(&listed, keep).type, 0);
	/* And the new key is taken. */
	assert_true(end_open(&joined));
	assert_int_equal(end_asks(&joined, register_with(&joined, w.cfg.join)).type,
		RD_RELAY_REGISTERED);
	world_finish(&w);
}

static void
a_host_is_gone_without_keep(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	uint32_t number = end_slot(&e);
	for (unsigned i = 0; i < 10; i++) {
		world_wait(&w, 80 * S);
		assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	}
	number = end_slot(&e);
	w.now_ns += 89 * S;
	end_viewer(&viewer, &w, 2);
	assert_int_equal(end_asks(&viewer, connect_slot(number)).type, RD_RELAY_CONNECTED);
	w.now_ns += S;
	/* No tick has come yet. */
	assert_int_equal(end_is_refused(&viewer, connect_key(&e)), RD_NO_HOST);
	assert_int_equal(end_is_refused(&viewer, connect_slot(number)), RD_NO_HOST);
	assert_int_equal(end_asks(&e, keep).type, 0);
	assert_int_equal(w.events[CORE_LEFT], 1);
	world_finish(&w);
}

static void
a_tick_finds_who_is_gone(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	end_viewer(&viewer, &w, 2);
	end_asks(&viewer, keep);
	end_slot(&e);
	world_wait(&w, 101 * S);
	struct core_stats s = world_stats(&w);
	assert_int_equal(s.hosts, 0);
	assert_int_equal(s.slots, 0);
	assert_int_equal(s.peers_udp, 0);
	assert_int_equal(w.events[CORE_LEFT], 1);	/* viewers are not spoken of */
	assert_int_equal(w.events[CORE_SLOT_OVER], 1);
	world_finish(&w);
}

static void
bye(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	uint32_t number = end_slot(&e);
	end_say(&e, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(world_stats(&w).hosts, 0);
	end_viewer(&viewer, &w, 2);
	assert_int_equal(end_is_refused(&viewer, connect_slot(number)), RD_NO_HOST);
	assert_int_equal(end_asks(&e, keep).type, 0);
	world_finish(&w);
}

/* New keys every hour, or a program that was started anew. */
static void
a_newer_session_takes_over(void **state)
{
	struct world w;
	struct end old, new, viewer;
	(void)state;
	world_init(&w);
	end_host(&old, &w, 1);
	uint32_t number = end_slot(&old);
	new = old;
	new.addr = addr_of(1, 5001);
	assert_true(end_open(&new));
	/* Shaking hands alone changes nothing. */
	assert_int_equal(end_asks(&old, keep).type, RD_RELAY_KEPT);
	end_viewer(&viewer, &w, 2);
	ends_meet(&viewer, &old, connect_slot(number));
	assert_int_equal(end_asks(&new, register_with(&new, w.cfg.join)).type, RD_RELAY_REGISTERED);
	assert_int_equal(end_asks(&old, keep).type, 0);
	assert_int_equal(world_stats(&w).hosts, 1);
	assert_int_equal(world_stats(&w).slots, 1);
	assert_int_equal(w.events[CORE_LEFT], 0);
	ends_meet(&viewer, &new, connect_slot(number));
	struct rd_relay_msg used = {.type = RD_RELAY_UNSLOT, .slot = number, .why = RD_SLOT_USED};
	assert_int_equal(end_asks(&new, used).type, RD_RELAY_UNSLOTTED);
	assert_int_equal(end_is_refused(&viewer, connect_slot(number)), RD_NO_SLOT_USED);
	world_finish(&w);
}

static void
a_viewer_of_the_same_key_takes_nothing(void **state)
{
	struct world w;
	struct end host, viewer;
	(void)state;
	world_init(&w);
	end_host(&host, &w, 1);
	viewer = host;
	viewer.role = RD_ROLE_VIEWER;
	viewer.addr = addr_of(1, 5001);
	assert_true(end_open(&viewer));
	assert_int_equal(end_asks(&viewer, keep).type, RD_RELAY_KEPT);
	assert_int_equal(end_asks(&host, keep).type, RD_RELAY_KEPT);
	ends_meet(&viewer, &host, connect_key(&host));
	world_finish(&w);
}

/* However many sessions somebody has of one key, they stay few, and the host's stays. */
static void
sessions_of_one_key_are_few(void **state)
{
	struct world w;
	struct end host, viewer;
	(void)state;
	world_init(&w);
	end_host(&host, &w, 1);
	viewer = host;
	for (unsigned i = 0; i < 40; i++) {
		viewer.addr = addr_of(100 + i, 1);
		assert_true(end_open(&viewer));
		assert_int_equal(end_asks(&viewer, keep).type, RD_RELAY_KEPT);
	}
	assert_int_equal(world_stats(&w).peers_udp, PEERS_OF_KEY);
	assert_int_equal(end_asks(&host, keep).type, RD_RELAY_KEPT);
	world_finish(&w);
}

static void
strangers_leave_room_for_hosts(void **state)
{
	struct world w;
	struct end e, hosts[12];
	unsigned refused = 0;
	(void)state;
	world_init(&w);
	w.cfg.max_peers = 20;
	world_restart(&w);
	for (unsigned i = 0; i < 15; i++) {
		end_viewer(&e, &w, 10 + i);
		struct rd_relay_msg m = end_asks(&e, keep);
		refused += m.type == RD_RELAY_NO && m.why == RD_NO_BUSY;
	}
	assert_int_equal(refused, 5);
	assert_int_equal(world_stats(&w).half_open, 0);
	/* Hosts find all of the other places, and new keys where there is none. */
	for (unsigned i = 0; i < 12; i++) {
		end_init(&hosts[i], &w, RD_ROLE_HOST, 100 + i);
		assert_true(end_open(&hosts[i]));
		end_asks(&hosts[i], register_with(&hosts[i], w.cfg.join));
	}
	assert_int_equal(world_stats(&w).hosts, 10);
	assert_int_equal(world_stats(&w).peers_udp, 20);
	for (unsigned i = 0; i < 10; i++) {
		assert_true(end_open(&hosts[i]));
		assert_int_equal(end_asks(&hosts[i], register_with(&hosts[i], w.cfg.join)).type,
			RD_RELAY_REGISTERED);
	}
	assert_int_equal(world_stats(&w).peers_udp, 20);
	world_finish(&w);
}

/* Who fills the strangers' room alone makes room for others, down to a part like theirs. */
static void
one_source_leaves_room_for_others(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	w.cfg.max_peers = 20;
	world_restart(&w);
	for (unsigned i = 0; i < 10; i++) {
		end_viewer(&e, &w, 10);
		assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	}
	end_viewer(&e, &w, 10);
	assert_int_equal(end_is_refused(&e, keep), RD_NO_BUSY);
	/* A source is 12 bits: one in 4096 is taken for the other, and has nobody to push out. */
	unsigned kept = 0;
	for (unsigned i = 0; i < 16 && kept < 8; i++) {
		end_viewer(&e, &w, 100 + i);
		kept += end_asks(&e, keep).type == RD_RELAY_KEPT;
	}
	assert_int_equal(kept, 8);
	assert_int_equal(world_stats(&w).peers_udp, 10);
	world_finish(&w);
}

/* --- slots --- */

static void
slots_are_of_hosts(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_viewer(&e, &w, 1);
	assert_int_equal(end_is_refused(&e, slot), RD_NO_NOT_REGISTERED);
	assert_int_equal(end_is_refused(&e, (struct rd_relay_msg){.type = RD_RELAY_UNSLOT, .slot = 1,
		.why = RD_SLOT_USED}), RD_NO_NOT_REGISTERED);
	world_finish(&w);
}

static void
a_slot_asked_for_twice_is_one(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	struct rd_relay_msg m = slot;
	m.request = 9;
	struct rd_relay_msg first = end_asks(&e, m);
	assert_int_equal(first.type, RD_RELAY_SLOT_IS);
	assert_int_equal(first.request, 9);
	assert_int_equal(first.seconds, 600);
	assert_in_range(first.slot, 1, 99);
	w.now_ns += 10 * S;
	struct rd_relay_msg again = end_asks(&e, m);
	assert_int_equal(again.slot, first.slot);
	assert_int_equal(again.seconds, 590);
	assert_int_equal(world_stats(&w).slots, 1);
	/* Also in a new session: it does not know whether the relay is another one. */
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	assert_int_equal(end_asks(&e, m).slot, first.slot);
	assert_int_equal(world_stats(&w).slots, 1);
	assert_int_equal(w.events[CORE_SLOT], 1);
	world_finish(&w);
}

static void
three_slots_of_one_host(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	uint32_t first = end_slot(&e);
	end_slot(&e);
	end_slot(&e);
	assert_int_equal(end_is_refused(&e, slot), RD_NO_BUSY);
	struct rd_relay_msg withdrawn = {.type = RD_RELAY_UNSLOT, .slot = first,
		.why = RD_SLOT_WITHDRAWN};
	assert_int_equal(end_asks(&e, withdrawn).type, RD_RELAY_UNSLOTTED);
	end_slot(&e);
	assert_int_equal(end_is_refused(&e, slot), RD_NO_BUSY);
	/* A program that was killed three times left three; the fourth gets one all the same. */
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	end_slot(&e);
	assert_int_equal(world_stats(&w).slots, 3);
	world_finish(&w);
}

static void
why_a_slot_is_over_is_told_for_ten_minutes(void **state)
{
	static const struct { uint8_t why; unsigned no; } cases[] = {
		{RD_SLOT_USED, RD_NO_SLOT_USED}, {RD_SLOT_BURNT, RD_NO_SLOT_BURNT},
		{RD_SLOT_WITHDRAWN, RD_NO_SLOT_EXPIRED},
	};
	struct world w;
	struct end e, viewer;
	uint32_t number[3];
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	end_viewer(&viewer, &w, 2);
	for (unsigned i = 0; i < 3; i++) {
		number[i] = end_slot(&e);
		ends_meet(&viewer, &e, connect_slot(number[i]));
		struct rd_relay_msg over = {.type = RD_RELAY_UNSLOT, .slot = number[i],
			.why = cases[i].why};
		assert_int_equal(end_asks(&e, over).type, RD_RELAY_UNSLOTTED);
		assert_int_equal(w.last[CORE_SLOT_OVER].why, cases[i].why);
		assert_int_equal(w.last[CORE_SLOT_OVER].slot, number[i]);
		/* Once more changes nothing, nor does another reason. */
		over.why = RD_SLOT_WITHDRAWN;
		assert_int_equal(end_asks(&e, over).type, RD_RELAY_UNSLOTTED);
		assert_int_equal(end_is_refused(&viewer, connect_slot(number[i])), cases[i].no);
	}
	assert_int_equal(world_stats(&w).slots, 0);
	for (unsigned i = 0; i < 8; i++) {
		world_wait(&w, 80 * S);
		end_asks(&viewer, keep);
	}
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(end_is_refused(&viewer, connect_slot(number[i])), RD_NO_SLOT);
	world_finish(&w);
}

/* A host that ends takes its code back and leaves: whoever has the code hears that it is gone. */
static void
a_slot_of_a_host_that_has_left(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	end_viewer(&viewer, &w, 2);
	uint32_t live = end_slot(&e), back = end_slot(&e), used = end_slot(&e);
	struct rd_relay_msg over = {.type = RD_RELAY_UNSLOT, .slot = back,
		.why = RD_SLOT_WITHDRAWN};
	assert_int_equal(end_asks(&e, over).type, RD_RELAY_UNSLOTTED);
	over.slot = used;
	over.why = RD_SLOT_USED;
	assert_int_equal(end_asks(&e, over).type, RD_RELAY_UNSLOTTED);
	assert_int_equal(end_is_refused(&viewer, connect_slot(back)), RD_NO_SLOT_EXPIRED);
	end_say(&e, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(end_is_refused(&viewer, connect_slot(back)), RD_NO_HOST);
	assert_int_equal(end_is_refused(&viewer, connect_slot(live)), RD_NO_HOST);
	assert_int_equal(end_is_refused(&viewer, connect_slot(used)), RD_NO_SLOT_USED);
	world_finish(&w);
}

static void
a_slot_lives_ten_minutes(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	end_viewer(&viewer, &w, 2);
	uint32_t number = end_slot(&e);
	for (unsigned i = 0; i < 10; i++) {
		w.now_ns += 599 * S / 10;
		end_asks(&e, keep);
		end_asks(&viewer, keep);
	}
	ends_meet(&viewer, &e, connect_slot(number));
	w.now_ns += 2 * S;
	assert_int_equal(end_is_refused(&viewer, connect_slot(number)), RD_NO_SLOT_EXPIRED);
	assert_int_equal(world_stats(&w).slots, 0);
	assert_int_equal(w.last[CORE_SLOT_OVER].why, 0);
	world_finish(&w);
}

/* A number that was one host's is another's after a while: the first has no say in it. */
static void
a_number_goes_on_to_another_host(void **state)
{
	struct world w;
	struct end a, b;
	(void)state;
	world_init(&w);
	end_host(&a, &w, 1);
	end_host(&b, &w, 2);
	uint32_t number = end_slot(&a);
	for (unsigned i = 0; i < 20; i++) {
		world_wait(&w, 70 * S);
		end_asks(&a, keep);
		end_asks(&b, keep);
	}
	struct slots *s = &w.core->slots;
	assert_int_equal(s->slot[number].state, SLOT_FREE);
	/* As slots_new would do, if it drew that one. */
	s->slot[number] = (struct slot){.host = b.keys.public, .until_ns = w.now_ns + 600 * S,
		.state = SLOT_LIVE};
	s->live++;
	s->taken++;
	struct rd_relay_msg burnt = {.type = RD_RELAY_UNSLOT, .slot = number, .why = RD_SLOT_BURNT};
	assert_int_equal(end_asks(&a, burnt).type, RD_RELAY_UNSLOTTED);
	assert_int_equal(s->slot[number].state, SLOT_LIVE);
	for (unsigned i = 0; i < 3; i++)
		assert_true(end_slot(&a) != number);
	end_say(&a, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(s->slot[number].state, SLOT_LIVE);
	world_finish(&w);
}

static void
slots_stay_short_and_differ(void **state)
{
	struct slots s = {0};
	struct rd_key host = {{1}};
	(void)state;
	slots_init(&s);
	for (unsigned i = 0; i < 5000; i++) {
		uint32_t number = slots_new(&s, &host, 1, 1, 1, 1);
		assert_in_range(number, 1, i < 20 ? 99 : i < 300 ? 999 : 9999);
	}
	assert_int_equal(s.live, 5000);
	unsigned more = 0;
	while (slots_new(&s, &host, 1, 1, 1, 1))
		more++;
	assert_true(more > 40000 && s.live == 5000 + more && s.live <= SLOT_LAST);
	slots_finish(&s);
}

/* --- limits, draining --- */

static void
requests_are_limited(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_viewer(&e, &w, 1);
	for (unsigned i = 0; i < 100; i++)
		end_say(&e, keep);
	assert_int_equal(w.sent, 1 + 40);
	assert_int_equal(world_stats(&w).count[COUNT_RATELIMITED_PEER], 60);
	w.now_ns += S;
	assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	world_finish(&w);
}

static void
nonsense_is_passed_over(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_viewer(&e, &w, 1);
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEPT}).type, 0);
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_DRAIN}).type, 0);
	uint8_t data[DATAGRAM_MAX + 1] = {RD_PACKET_DATA};
	world_give(&w, &e.addr, data, sizeof(data));
	world_give(&w, &e.addr, data, 0);
	world_give(&w, &e.addr, data, 3);
	assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	world_finish(&w);
}

static void
draining(void **state)
{
	struct world w;
	struct end host, other, viewer, late;
	(void)state;
	world_init(&w);
	end_host(&host, &w, 1);
	end_host(&other, &w, 2);
	end_viewer(&viewer, &w, 3);
	end_viewer(&late, &w, 4);
	end_asks(&late, keep);
	uint32_t number = end_slot(&host);
	struct rd_relay_msg first = connect_slot(number);
	first.request = 77;
	struct met met = ends_meet(&viewer, &host, first);
	w.read = w.sent;
	core_drain(w.core, &w.out, 30, w.now_ns);
	unsigned from = w.read;
	struct rd_relay_msg m = end_hear(&host);
	assert_int_equal(m.type, RD_RELAY_DRAIN);
	assert_int_equal(m.seconds, 30);
	assert_int_equal(m.request, 0);
	w.read = from;
	assert_int_equal(end_hear(&other).type, RD_RELAY_DRAIN);
	w.read = from;
	assert_int_equal(end_hear(&late).type, 0);
	/* Nobody new; who is there is kept, and told again. */
	assert_int_equal(end_is_refused(&late, connect_slot(number)), RD_NO_DRAINING);
	assert_int_equal(end_is_refused(&host, slot), RD_NO_DRAINING);
	end_init(&late, &w, RD_ROLE_HOST, 5);
	assert_true(end_open(&late));
	assert_int_equal(end_is_refused(&late, register_with(&late, w.cfg.join)), RD_NO_DRAINING);
	assert_int_equal(end_asks(&host, keep).type, RD_RELAY_KEPT);
	assert_int_equal(end_hear(&host).type, RD_RELAY_DRAIN);
	/* The legs go on, and a CONNECT that was under way is answered. */
	assert_routed(&w, &viewer.addr, met.viewer.handle, &host.addr, met.host.handle);
	assert_int_equal(end_asks(&viewer, first).type, RD_RELAY_CONNECTED);
	world_finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_with_the_join_key_are_served),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(a_relay_without_a_join_key),
		cmocka_unit_test(listed_hosts_need_none),
		cmocka_unit_test(an_open_relay),
		cmocka_unit_test(reloading_lets_go_who_would_not_be_let_in),
		cmocka_unit_test(a_host_is_gone_without_keep),
		cmocka_unit_test(a_tick_finds_who_is_gone),
		cmocka_unit_test(bye),
		cmocka_unit_test(a_newer_session_takes_over),
		cmocka_unit_test(a_viewer_of_the_same_key_takes_nothing),
		cmocka_unit_test(sessions_of_one_key_are_few),
		cmocka_unit_test(strangers_leave_room_for_hosts),
		cmocka_unit_test(one_source_leaves_room_for_others),
		cmocka_unit_test(slots_are_of_hosts),
		cmocka_unit_test(a_slot_asked_for_twice_is_one),
		cmocka_unit_test(three_slots_of_one_host),
		cmocka_unit_test(why_a_slot_is_over_is_told_for_ten_minutes),
		cmocka_unit_test(a_slot_of_a_host_that_has_left),
		cmocka_unit_test(a_slot_lives_ten_minutes),
		cmocka_unit_test(a_number_goes_on_to_another_host),
		cmocka_unit_test(slots_stay_short_and_differ),
		cmocka_unit_test(requests_are_limited),
		cmocka_unit_test(nonsense_is_passed_over),
		cmocka_unit_test(draining),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

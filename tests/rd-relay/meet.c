#include "rd-relay/world.h"

static const struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};

/* Two ends of a relay, one of them with a slot. */
struct pair { struct world w; struct end host, viewer; uint32_t slot; };

static void
pair_init(struct pair *p)
{
	world_init(&p->w);
	end_host(&p->host, &p->w, 1);
	end_viewer(&p->viewer, &p->w, 2);
	p->slot = end_slot(&p->host);
}

static void
meeting_by_slot(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	assert_int_equal(met.host.slot, p.slot);
	assert_int_equal(met.host.request, 0);
	assert_memory_equal(&met.host.key, &p.viewer.keys.public, 32);
	assert_int_equal(met.host.datagram_len, 5);
	assert_memory_equal(met.host.datagram, "first", 5);
	/* Both are bound at once. */
	assert_routed(&p.w, &p.viewer.addr, met.viewer.handle, &p.host.addr, met.host.handle);
	assert_routed(&p.w, &p.host.addr, met.host.handle, &p.viewer.addr, met.viewer.handle);
	assert_int_equal(p.w.events[CORE_CONNECT], 1);
	assert_int_equal(p.w.events[CORE_SESSION_BEGAN], 1);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	/* The slot is there until its host says otherwise. */
	struct end second;
	end_viewer(&second, &p.w, 3);
	ends_meet(&second, &p.host, connect_slot(p.slot));
	world_finish(&p.w);
}

static void
meeting_by_key(void **state)
{
	struct pair p;
	struct rd_ticket t;
	(void)state;
	pair_init(&p);
	struct met met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	assert_int_equal(met.host.slot, 0);
	assert_int_equal(rd_ticket_open(&t, p.w.core->ticket_key, met.viewer.ticket), 0);
	assert_int_equal(t.leg, 0);
	assert_memory_equal(t.handle, met.viewer.handle, RD_HANDLE);
	assert_memory_equal(t.other, met.host.handle, RD_HANDLE);
	assert_true(rd_addr_equal(&t.issued_to, &p.viewer.addr));
	assert_int_equal(t.tag_host, rd_ticket_tag(&p.host.keys.public));
	assert_int_equal(t.kbps, 50000);
	assert_int_equal(t.not_after_s, 1700000000 + 1000 + 24 * 3600);
	struct end nobody;
	end_init(&nobody, &p.w, RD_ROLE_HOST, 9);
	assert_int_equal(end_is_refused(&p.viewer, connect_key(&nobody)), RD_NO_HOST);
	/* A viewer is no host. */
	assert_int_equal(end_is_refused(&p.viewer, connect_key(&p.viewer)), RD_NO_HOST);
	assert_int_equal(world_stats(&p.w).count[COUNT_CONNECT_OK], 1);
	assert_int_equal(world_stats(&p.w).count[COUNT_CONNECT_NO], 2);
	world_finish(&p.w);
}

/* CONNECTED was lost, or OFFER, or both: the same legs again, and the OFFER again. */
static void
connect_repeated(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	struct rd_relay_msg m = connect_slot(p.slot);
	m.request = 5;
	struct met first = ends_meet(&p.viewer, &p.host, m);
	p.w.now_ns += 250 * MS;
	struct met second = ends_meet(&p.viewer, &p.host, m);
	assert_memory_equal(first.viewer.handle, second.viewer.handle, RD_HANDLE);
	assert_memory_equal(first.viewer.ticket, second.viewer.ticket, RD_TICKET);
	assert_memory_equal(first.host.ticket, second.host.ticket, RD_TICKET);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	assert_int_equal(p.w.events[CORE_CONNECT], 1);
	/* In a hurry: the viewer is answered, the host is not flooded. */
	assert_int_equal(end_asks(&p.viewer, m).type, RD_RELAY_CONNECTED);
	assert_int_equal(end_hear(&p.host).type, 0);
	/* The slot is used up meanwhile: that changes nothing for this one. */
	struct rd_relay_msg used = {.type = RD_RELAY_UNSLOT, .slot = p.slot, .why = RD_SLOT_USED};
	assert_int_equal(end_asks(&p.host, used).type, RD_RELAY_UNSLOTTED);
	assert_int_equal(end_asks(&p.viewer, m).type, RD_RELAY_CONNECTED);
	m.request = 6;
	assert_int_equal(end_is_refused(&p.viewer, m), RD_NO_SLOT_USED);
	world_finish(&p.w);
}

/* The viewer heard nothing and began anew, from elsewhere: it is the same CONNECT. */
static void
connect_repeated_in_another_session(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	struct rd_relay_msg m = connect_slot(p.slot);
	m.request = 5;
	struct met first = ends_meet(&p.viewer, &p.host, m);
	p.viewer.addr = addr_of(3, 6000);
	assert_true(end_open(&p.viewer));
	p.w.now_ns += S;
	struct met second = ends_meet(&p.viewer, &p.host, m);
	assert_memory_equal(first.viewer.handle, second.viewer.handle, RD_HANDLE);
	assert_routed(&p.w, &p.host.addr, first.host.handle, &p.viewer.addr, first.viewer.handle);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	/* The same number for another one is another one. */
	p.w.now_ns += S;
	struct rd_relay_msg other = connect_key(&p.viewer);
	other.request = 5;
	assert_int_equal(end_is_refused(&p.viewer, other), RD_NO_HOST);
	world_finish(&p.w);
}

/* The same number of a request, of two viewers. */
static void
two_viewers_do_not_share_legs(void **state)
{
	struct pair p;
	struct end second;
	(void)state;
	pair_init(&p);
	end_viewer(&second, &p.w, 3);
	struct rd_relay_msg m = connect_slot(p.slot);
	m.request = 5;
	struct met a = ends_meet(&p.viewer, &p.host, m), b = ends_meet(&second, &p.host, m);
	assert_memory_not_equal(a.viewer.handle, b.viewer.handle, RD_HANDLE);
	assert_memory_not_equal(a.host.handle, b.host.handle, RD_HANDLE);
	/* Swapped handles, and those of the other end. */
	assert_dropped(&p.w, &p.viewer.addr, b.viewer.handle, DROP_ADDRESS);
	assert_dropped(&p.w, &second.addr, a.viewer.handle, DROP_ADDRESS);
	assert_dropped(&p.w, &p.viewer.addr, a.host.handle, DROP_ADDRESS);
	assert_dropped(&p.w, &p.host.addr, a.viewer.handle, DROP_ADDRESS);
	struct rd_addr port = p.viewer.addr;
	port.port++;
	assert_dropped(&p.w, &port, a.viewer.handle, DROP_ADDRESS);
	world_finish(&p.w);
}

static void
unknown_handles(void **state)
{
	struct pair p;
	uint8_t handle[RD_HANDLE];
	(void)state;
	pair_init(&p);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	for (unsigned bit = 0; bit < 8 * RD_HANDLE; bit++) {
		memcpy(handle, met.viewer.handle, RD_HANDLE);
		handle[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_dropped(&p.w, &p.viewer.addr, handle, DROP_UNKNOWN);
	}
	memset(handle, 0, sizeof(handle));
	assert_dropped(&p.w, &p.viewer.addr, handle, DROP_UNKNOWN);
	memset(handle, 0xff, sizeof(handle));
	assert_dropped(&p.w, &p.viewer.addr, handle, DROP_UNKNOWN);
	/* GONE, not larger than the least RELAYED, and not often. */
	unsigned before = p.w.sent;
	for (unsigned i = 0; i < 100; i++)
		core_gone(p.w.core, &p.w.out, &p.viewer.addr, handle, p.w.now_ns);
	assert_int_equal(p.w.sent - before, 20);
	struct rd_relay_packet gone;
	const struct mail *m = world_mail(&p.w, &p.viewer.addr);
	assert_int_equal(rd_relay_packet_parse(&gone, m->data, m->len), 0);
	assert_int_equal(gone.type, RD_RELAY_GONE);
	assert_memory_equal(gone.handle, handle, RD_HANDLE);
	assert_true(m->len <= RD_RELAYED_HEADER);
	/* All together get no more than so many. */
	before = p.w.sent;
	for (unsigned i = 0; i < 3000; i++) {
		struct rd_addr from = addr_of(10000 + i, 1);
		core_gone(p.w.core, &p.w.out, &from, handle, p.w.now_ns);
	}
	assert_true(p.w.sent - before <= 200);
	world_finish(&p.w);
}

/* --- limits --- */

static void
guessing_of_slots(void **state)
{
	struct pair p;
	unsigned unknown = 0, busy = 0;
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 30; i++) {
		p.w.now_ns += 1100 * MS;
		unsigned why = end_is_refused(&p.viewer, connect_slot(200 + i));
		unknown += why == RD_NO_SLOT;
		busy += why == RD_NO_BUSY;
	}
	assert_int_equal(unknown, 20);
	assert_int_equal(busy, 10);
	/* Nor the right one now, of whatever port and key; by key, though. */
	struct end second;
	end_viewer(&second, &p.w, 2);
	second.addr.port++;
	assert_int_equal(end_is_refused(&second, connect_slot(p.slot)), RD_NO_BUSY);
	p.w.now_ns += 2 * S;
	assert_int_equal(end_asks(&second, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	end_asks(&p.host, keep);
	/* Others are not concerned: also not those whose address somebody has claimed as his. */
	end_viewer(&second, &p.w, 4);
	second.addr = addr_of(3, 5000);
	for (unsigned i = 0; i < 30; i++) {
		p.w.now_ns += 1100 * MS;
		end_is_refused(&second, connect_slot(200 + i));
	}
	end_asks(&p.host, keep);
	end_viewer(&second, &p.w, 3);
	assert_int_equal(end_asks(&second, connect_slot(p.slot)).type, RD_RELAY_CONNECTED);
	p.w.now_ns += 60 * S;
	assert_int_equal(end_asks(&p.viewer, connect_slot(p.slot)).type, RD_RELAY_CONNECTED);
	world_finish(&p.w);
}

static void
connecting_often(void **state)
{
	struct pair p;
	unsigned refused = 0;
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 15; i++)
		refused += end_is_refused(&p.viewer, connect_slot(300)) == RD_NO_BUSY;
	assert_int_equal(refused, 5);
	assert_int_equal(world_stats(&p.w).count[COUNT_RATELIMITED_SOURCE], 5);
	world_finish(&p.w);
}

/* Thirty a minute to one host, however many ask. */
static void
one_host_is_asked_often(void **state)
{
	struct pair p;
	struct end v;
	unsigned busy = 0;
	(void)state;
	pair_init(&p);
	p.w.cfg.sessions_each = 1000;
	core_reload(p.w.core, &p.w.cfg);
	for (unsigned i = 0; i < 40; i++) {
		end_viewer(&v, &p.w, 10 + i);
		struct rd_relay_msg m = end_asks(&v, connect_slot(p.slot));
		busy += m.type == RD_RELAY_NO && m.why == RD_NO_BUSY;
	}
	assert_int_equal(busy, 10);
	assert_int_equal(world_stats(&p.w).count[COUNT_RATELIMITED_HOST], 10);
	world_finish(&p.w);
}

/* One source is not let use that up alone: a third of it, and a burst of ten. */
static void
one_source_asks_often_for_one_host(void **state)
{
	struct pair p;
	struct end v;
	unsigned busy = 0;
	(void)state;
	pair_init(&p);
	p.w.cfg.sessions_each = 1000;
	core_reload(p.w.core, &p.w.cfg);
	for (unsigned i = 0; i < 60; i++) {
		p.w.now_ns += S;
		if (i % 10 == 0)
			end_asks(&p.host, keep);
		end_viewer(&v, &p.w, 10);
		struct rd_relay_msg m = end_asks(&v, connect_key(&p.host));
		busy += m.type == RD_RELAY_NO && m.why == RD_NO_BUSY;
	}
	assert_in_range(busy, 40, 41);
	assert_int_equal(world_stats(&p.w).count[COUNT_RATELIMITED_HOST], 0);
	end_viewer(&v, &p.w, 11);
	assert_int_equal(end_asks(&v, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	p.w.cfg.connects_minute = 3000;
	core_reload(p.w.core, &p.w.cfg);
	for (unsigned i = 0; i < 20; i++) {
		p.w.now_ns += S;
		end_viewer(&v, &p.w, 10);
		assert_int_equal(end_asks(&v, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	}
	world_finish(&p.w);
}

/* A host answers strangers, too: that alone does not keep their sessions. */
static void
strangers_hold_no_places(void **state)
{
	struct pair p;
	struct end v;
	struct met met[8];
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 8; i++) {
		end_viewer(&v, &p.w, 10 + i);
		met[i] = ends_meet(&v, &p.host, connect_key(&p.host));
		for (unsigned k = 0; k <= i; k++)
			assert_routed(&p.w, &p.host.addr, met[i].host.handle, &v.addr,
				met[i].viewer.handle);
	}
	assert_int_equal(end_is_refused(&p.viewer, connect_key(&p.host)), RD_NO_BUSY);
	p.w.now_ns += 5 * S;
	/* The one that was told least. */
	assert_int_equal(end_asks(&p.viewer, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	assert_dropped(&p.w, &p.host.addr, met[0].host.handle, DROP_UNKNOWN);
	assert_routed(&p.w, &p.host.addr, met[1].host.handle, &(struct rd_addr){.family = 4,
		.ip = {10, 0, 0, 11}, .port = 5000}, met[1].viewer.handle);
	world_finish(&p.w);
}

/* Eight sessions of one viewer, and of one host; those that hosts say little in make room. */
static void
sessions_of_one_end(void **state)
{
	struct pair p;
	struct met met[8];
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 8; i++) {
		p.w.now_ns += S;
		met[i] = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
		for (unsigned k = 0; k < 1100 && i != 3; k++)
			assert_routed(&p.w, &p.host.addr, met[i].host.handle, &p.viewer.addr,
				met[i].viewer.handle);
	}
	p.w.now_ns += 2 * S;
	/* The fourth is answered by nobody, and is five seconds old. */
	assert_int_equal(end_asks(&p.viewer, connect_key(&p.host)).type, RD_RELAY_CONNECTED);
	assert_dropped(&p.w, &p.viewer.addr, met[3].viewer.handle, DROP_UNKNOWN);
	assert_int_equal(p.w.events[CORE_SESSION_ENDED], 1);
	p.w.now_ns += S;
	assert_int_equal(end_is_refused(&p.viewer, connect_key(&p.host)), RD_NO_BUSY);
	struct end other;
	end_viewer(&other, &p.w, 3);
	assert_int_equal(end_is_refused(&other, connect_key(&p.host)), RD_NO_BUSY);
	assert_int_equal(world_stats(&p.w).sessions, 8);
	assert_int_equal(world_stats(&p.w).count[COUNT_RATELIMITED_PEER], 1);
	assert_int_equal(world_stats(&p.w).count[COUNT_RATELIMITED_HOST], 1);
	world_finish(&p.w);
}

static void
sessions_of_all(void **state)
{
	struct world w;
	struct end host, v;
	unsigned met = 0;
	(void)state;
	world_init(&w);
	w.cfg.max_sessions = 10;
	w.cfg.sessions_each = 100;
	world_restart(&w);
	end_host(&host, &w, 1);
	for (unsigned i = 0; i < 15; i++) {
		end_viewer(&v, &w, 10 + i);
		struct rd_relay_msg m = end_asks(&v, connect_key(&host));
		met += m.type == RD_RELAY_CONNECTED;
	}
	assert_int_equal(met, 10);
	/* Fewer by a reload, and never more than there is room for. */
	w.cfg.max_sessions = 1000;
	core_reload(w.core, &w.cfg);
	end_viewer(&v, &w, 50);
	assert_int_equal(end_is_refused(&v, connect_key(&host)), RD_NO_BUSY);
	world_finish(&w);
}

/* --- what goes through --- */

static void
rate(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	p.w.cfg.session_kbps = 8000;	/* 1 MB a second, and as much at once */
	core_reload(p.w.core, &p.w.cfg);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	size_t passed = 0;
	for (unsigned i = 0; i < 1500; i++) {
		/* Both ways are one session's. */
		const struct end *from = i % 2 ? &p.viewer : &p.host;
		const uint8_t *handle = i % 2 ? met.viewer.handle : met.host.handle;
		if (routed(&p.w, &from->addr, handle, &r, &why))
			passed += 1000;
		else
			assert_int_equal(why, DROP_RATE);
	}
	assert_int_equal(passed, 1000000);
	p.w.now_ns += S / 2;
	passed = 0;
	while (core_route(p.w.core, &p.viewer.addr, met.viewer.handle, 10, 10000, p.w.now_ns, &r, &why))
		passed += 10000;
	assert_int_equal(passed, 500000);
	world_finish(&p.w);
}

static void
quota(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	p.w.cfg.session_bytes = 10000;
	core_reload(p.w.core, &p.w.cfg);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	for (unsigned i = 0; i < 5; i++) {
		assert_true(routed(&p.w, &p.viewer.addr, met.viewer.handle, &r, &why));
		assert_true(routed(&p.w, &p.host.addr, met.host.handle, &r, &why));
	}
	assert_dropped(&p.w, &p.viewer.addr, met.viewer.handle, DROP_QUOTA);
	assert_dropped(&p.w, &p.host.addr, met.host.handle, DROP_QUOTA);
	assert_int_equal(world_stats(&p.w).count[COUNT_QUOTA_SESSION], 0);
	world_wait(&p.w, 62 * S);
	assert_int_equal(world_stats(&p.w).count[COUNT_QUOTA_SESSION], 1);
	assert_int_equal(world_stats(&p.w).count[COUNT_QUOTA_HOST], 0);
	world_finish(&p.w);
}

static void
idle_legs_are_unbound_and_sessions_end(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	for (unsigned i = 0; i < 8; i++) {
		world_wait(&p.w, 10 * S);
		struct core_route r;
		enum core_drop why;
		routed(&p.w, &p.viewer.addr, met.viewer.handle, &r, &why);
	}
	/* The host has said nothing for 80 s. */
	assert_dropped(&p.w, &p.viewer.addr, met.viewer.handle, DROP_UNBOUND);
	assert_dropped(&p.w, &p.host.addr, met.host.handle, DROP_ADDRESS);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	world_wait(&p.w, 62 * S);
	assert_int_equal(world_stats(&p.w).sessions, 0);
	assert_dropped(&p.w, &p.viewer.addr, met.viewer.handle, DROP_UNKNOWN);
	assert_int_equal(p.w.events[CORE_SESSION_ENDED], 1);
	const struct core_event *e = &p.w.last[CORE_SESSION_ENDED];
	assert_true(e->packets >= 5 && e->packets <= 7 && e->bytes == e->packets * 1000);
	assert_int_equal(e->tag_viewer, rd_ticket_tag(&p.viewer.keys.public));
	assert_memory_equal(&e->viewer, &p.viewer.keys.public, sizeof(e->viewer));
	assert_memory_equal(&e->host, &p.host.keys.public, sizeof(e->host));
	world_finish(&p.w);
}

static void
a_session_has_a_longest_life(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	p.w.cfg.session_life_s = 100;
	core_reload(p.w.core, &p.w.cfg);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	for (unsigned i = 0; i < 99; i++) {
		world_wait(&p.w, S);
		assert_true(routed(&p.w, &p.viewer.addr, met.viewer.handle, &r, &why));
		assert_true(routed(&p.w, &p.host.addr, met.host.handle, &r, &why));
	}
	world_wait(&p.w, 3 * S);
	assert_dropped(&p.w, &p.viewer.addr, met.viewer.handle, DROP_UNKNOWN);
	world_finish(&p.w);
}

/* The ends' sessions with the relay may go; what they forward does not. */
static void
legs_outlive_the_registration(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	struct met met = ends_meet(&p.viewer, &p.host, connect_slot(p.slot));
	end_say(&p.viewer, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	end_say(&p.host, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	for (unsigned i = 0; i < 20; i++) {
		world_wait(&p.w, 20 * S);
		assert_true(routed(&p.w, &p.viewer.addr, met.viewer.handle, &r, &why));
		assert_true(routed(&p.w, &p.host.addr, met.host.handle, &r, &why));
	}
	world_finish(&p.w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meeting_by_slot),
		cmocka_unit_test(meeting_by_key),
		cmocka_unit_test(connect_repeated),
		cmocka_unit_test(connect_repeated_in_another_session),
		cmocka_unit_test(two_viewers_do_not_share_legs),
		cmocka_unit_test(unknown_handles),
		cmocka_unit_test(guessing_of_slots),
		cmocka_unit_test(connecting_often),
		cmocka_unit_test(one_host_is_asked_often),
		cmocka_unit_test(one_source_asks_often_for_one_host),
		cmocka_unit_test(strangers_hold_no_places),
		cmocka_unit_test(sessions_of_one_end),
		cmocka_unit_test(sessions_of_all),
		cmocka_unit_test(rate),
		cmocka_unit_test(quota),
		cmocka_unit_test(idle_legs_are_unbound_and_sessions_end),
		cmocka_unit_test(a_session_has_a_longest_life),
		cmocka_unit_test(legs_outlive_the_registration),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

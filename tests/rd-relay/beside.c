#include "rd-relay/world.h"

#include "net/relay_client.h"

/* Several hosts of one key: a service, and beside it who shows the desktop by a code. */

static const struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};

/* The same key, elsewhere: another program, or the same one started anew. */
static struct end
beside(const struct end *host, unsigned port)
{
	struct end e = *host;
	e.addr.port = (uint16_t)port;
	return e;
}

static struct rd_relay_msg
register_as(const struct end *e, uint32_t program, bool by_code)
{
	struct rd_relay_msg m = register_with(e, e->w->cfg.join);
	m.program = program;
	m.by_code = by_code;
	return m;
}

/* INITs of one key have times of their own: those of all its programs are counted together. */
static unsigned
registers(struct end *e, uint32_t program, bool by_code)
{
	static uint64_t time_ns = 1000;
	e->time_ns = ++time_ns;
	assert_true(end_open(e));
	struct rd_relay_msg m = end_asks(e, register_as(e, program, by_code));
	return m.type == RD_RELAY_NO ? m.why : m.type == RD_RELAY_REGISTERED ? 0 : UINT32_MAX;
}

struct scene { struct world w; struct end service, share, viewer; uint32_t slot; };

static void
scene_init(struct scene *s)
{
	world_init(&s->w);
	end_init(&s->service, &s->w, RD_ROLE_HOST, 1);
	s->share = beside(&s->service, 5001);
	assert_int_equal(registers(&s->service, 11, false), 0);
	s->w.now_ns += S;
	assert_int_equal(registers(&s->share, 22, true), 0);
	s->slot = end_slot(&s->share);
	end_viewer(&s->viewer, &s->w, 2);
	end_asks(&s->viewer, keep);
}

static struct rd_relay_msg
by_key(const struct scene *s, uint16_t request, uint32_t program)
{
	struct rd_relay_msg m = connect_key(&s->service);
	m.request = request;
	m.program = program;
	return m;
}

/* Both stay, and each gets what is its. */
static void
both_live(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	for (unsigned i = 0; i < 24; i++) {
		world_wait(&s.w, 25 * S);
		assert_int_equal(end_asks(&s.service, keep).type, RD_RELAY_KEPT);
		assert_int_equal(end_asks(&s.share, keep).type, RD_RELAY_KEPT);
		end_asks(&s.viewer, keep);
		if (i == 20) {
			struct met met = ends_meet(&s.viewer, &s.share, connect_slot(s.slot));
			assert_int_equal(met.viewer.program, 22);
			met = ends_meet(&s.viewer, &s.service, by_key(&s, 500, 0));
			assert_int_equal(met.viewer.program, 11);
		}
	}
	assert_int_equal(world_stats(&s.w).hosts, 2);
	assert_int_equal(s.w.events[CORE_REGISTERED], 2);
	assert_int_equal(s.w.events[CORE_LEFT], 0);
	world_finish(&s.w);
}

/* Whichever came first; what was there for a code comes after what is there for all. */
static void
the_service_is_met_by_the_key(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	ends_meet(&s.viewer, &s.service, by_key(&s, 500, 0));
	/* New keys change nothing in that. */
	s.w.now_ns += S;
	assert_int_equal(registers(&s.share, 22, true), 0);
	ends_meet(&s.viewer, &s.service, by_key(&s, 501, 0));
	ends_meet(&s.viewer, &s.share, connect_slot(s.slot));
	end_say(&s.service, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(s.w.events[CORE_LEFT], 1);
	ends_meet(&s.viewer, &s.share, by_key(&s, 502, 0));
	/* It comes back, as another program. */
	assert_int_equal(registers(&s.service, 12, false), 0);
	ends_meet(&s.viewer, &s.service, by_key(&s, 503, 0));
	assert_int_equal(world_stats(&s.w).hosts, 2);
	world_finish(&s.w);
}

static void
a_slot_is_its_programs(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	struct rd_relay_msg over = {.type = RD_RELAY_UNSLOT, .slot = s.slot, .why = RD_SLOT_BURNT};
	assert_int_equal(end_asks(&s.service, over).type, RD_RELAY_UNSLOTTED);
	ends_meet(&s.viewer, &s.share, connect_slot(s.slot));
	/* The same number of a request is another's. */
	struct rd_relay_msg slot = {.type = RD_RELAY_SLOT, .request = s.share.request};
	assert_true(end_asks(&s.service, slot).slot != s.slot);
	/* Its new session has it; its end ends it, though the key is still there. */
	assert_int_equal(registers(&s.share, 22, true), 0);
	ends_meet(&s.viewer, &s.share, connect_slot(s.slot));
	end_say(&s.share, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(world_stats(&s.w).slots, 1);
	assert_int_equal(end_is_refused(&s.viewer, connect_slot(s.slot)), RD_NO_HOST);
	assert_int_equal(end_asks(&s.service, keep).type, RD_RELAY_KEPT);
	world_finish(&s.w);
}

/* A viewer that comes again comes to where it was, if that is there. */
static void
a_viewer_names_a_program(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	ends_meet(&s.viewer, &s.share, by_key(&s, 500, 22));
	ends_meet(&s.viewer, &s.service, by_key(&s, 501, 11));
	ends_meet(&s.viewer, &s.service, by_key(&s, 502, 99));
	end_say(&s.share, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	ends_meet(&s.viewer, &s.service, by_key(&s, 503, 22));
	world_finish(&s.w);
}

/* Killed and started anew: nobody is led to what is left of it. */
static void
a_ghost_is_passed_over(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	s.w.now_ns += S;
	struct end again = beside(&s.service, 5002);
	assert_int_equal(registers(&again, 33, false), 0);
	struct met met = ends_meet(&s.viewer, &again, by_key(&s, 500, 0));
	assert_routed(&s.w, &again.addr, met.host.handle, &s.viewer.addr, met.viewer.handle);
	/* Of a code's, too. */
	s.w.now_ns += S;
	struct end other = beside(&s.share, 5003);
	assert_int_equal(registers(&other, 44, true), 0);
	end_say(&again, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	for (unsigned i = 0; i < 5; i++) {
		world_wait(&s.w, 20 * S);
		end_asks(&other, keep);
		end_asks(&s.viewer, keep);
	}
	assert_int_equal(world_stats(&s.w).hosts, 1);
	assert_int_equal(world_stats(&s.w).slots, 0);
	assert_int_equal(s.w.events[CORE_LEFT], 3);
	ends_meet(&s.viewer, &other, by_key(&s, 501, 0));
	world_finish(&s.w);
}

/* The service was killed and is not started anew: who asks again gets to the other one. */
static void
silence_is_somebody_elses_turn(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	struct rd_relay_msg m = by_key(&s, 500, 0);
	struct met first = ends_meet(&s.viewer, &s.service, m);
	s.w.now_ns += 500 * MS;
	ends_meet(&s.viewer, &s.service, m);
	s.w.now_ns += 1000 * MS;
	struct met met = ends_meet(&s.viewer, &s.share, m);
	assert_int_equal(met.viewer.program, 22);
	assert_memory_equal(met.viewer.handle, first.viewer.handle, RD_HANDLE);
	assert_memory_equal(met.viewer.ticket, first.viewer.ticket, RD_TICKET);
	assert_memory_equal(met.host.handle, first.host.handle, RD_HANDLE);
	assert_routed(&s.w, &s.viewer.addr, met.viewer.handle, &s.share.addr, met.host.handle);
	assert_routed(&s.w, &s.share.addr, met.host.handle, &s.viewer.addr, met.viewer.handle);
	assert_int_equal(world_stats(&s.w).sessions, 1);
	assert_int_equal(s.w.events[CORE_CONNECT], 1);
	/* That one has spoken: it keeps it. */
	s.w.now_ns += 2 * S;
	ends_meet(&s.viewer, &s.share, m);
	/* Who came by a code waits for who made that. */
	struct rd_relay_msg again = by_key(&s, 600, 22);
	for (unsigned i = 0; i < 3; i++) {
		ends_meet(&s.viewer, &s.share, again);
		s.w.now_ns += 2 * S;
	}
	/* And once it would have said KEEP nobody waits for it at all. */
	world_wait(&s.w, 31 * S);
	end_asks(&s.share, keep);
	end_asks(&s.viewer, keep);
	ends_meet(&s.viewer, &s.share, by_key(&s, 501, 0));
	world_finish(&s.w);
}

/* A code is for who made it, however silent; and so is a host that is alone. */
static void
no_turn_for_others(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	struct rd_relay_msg m = connect_slot(s.slot);
	m.request = 500;
	ends_meet(&s.viewer, &s.share, m);
	s.w.now_ns += 2 * S;
	ends_meet(&s.viewer, &s.share, m);
	end_say(&s.share, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(end_asks(&s.viewer, m).type, RD_RELAY_CONNECTED);
	assert_int_equal(end_hear(&s.service).type, 0);
	m = by_key(&s, 501, 0);
	for (unsigned i = 0; i < 3; i++) {
		ends_meet(&s.viewer, &s.service, m);
		s.w.now_ns += 2 * S;
	}
	world_finish(&s.w);
}

/* Only who made the code is waited for, not whoever comes in its place. */
static void
no_wait_for_a_substitute(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	struct end other = beside(&s.service, 5002);
	assert_int_equal(registers(&other, 33, false), 0);
	s.w.now_ns += S;
	end_asks(&s.viewer, keep);
	struct rd_relay_msg m = by_key(&s, 500, 22);
	ends_meet(&s.viewer, &s.share, m);
	end_say(&s.share, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	s.w.now_ns += 2 * S;
	ends_meet(&s.viewer, &other, m);
	s.w.now_ns += 2 * S;
	ends_meet(&s.viewer, &s.service, m);
	world_finish(&s.w);
}

/* However often a viewer asks, and however many hosts there are that say nothing. */
static void
few_offers_to_the_silent(void **state)
{
	struct scene s;
	unsigned offers = 0;
	(void)state;
	scene_init(&s);
	struct end cut = beside(&s.service, 5002);
	cut.addr.stream = true;
	cut.addr.carrier = 9;
	assert_int_equal(registers(&cut, 33, false), 0);
	struct rd_relay_msg m = by_key(&s, 500, 0);
	ends_meet(&s.viewer, &cut, m);
	core_carrier_gone(s.w.core, 9);
	for (unsigned i = 0; i < 5000; i++, s.w.now_ns += MS) {
		s.w.read = s.w.sent;
		end_say(&s.viewer, m);
		for (; s.w.read < s.w.sent; s.w.read++)
			offers += !rd_addr_equal(&s.w.mail[s.w.read % MAIL].to, &s.viewer.addr);
	}
	/* Ten a second, and one more where it is another one's turn. */
	assert_in_range(offers, 45, 56);
	world_finish(&s.w);
}

/* Its TLS connection has ended: it is known to be nowhere. */
static void
a_cut_connection_is_no_host(void **state)
{
	struct scene s;
	(void)state;
	world_init(&s.w);
	end_init(&s.service, &s.w, RD_ROLE_HOST, 1);
	s.share = beside(&s.service, 5001);
	s.service.addr.stream = true;
	s.service.addr.carrier = 9;
	assert_int_equal(registers(&s.service, 11, false), 0);
	assert_int_equal(registers(&s.share, 22, true), 0);
	end_viewer(&s.viewer, &s.w, 2);
	ends_meet(&s.viewer, &s.service, by_key(&s, 500, 0));
	core_carrier_gone(s.w.core, 9);
	ends_meet(&s.viewer, &s.share, by_key(&s, 501, 0));
	world_finish(&s.w);
}

/* Of one key there are few; who says nothing any more makes room, who is there does not. */
static void
programs_of_one_key_are_few(void **state)
{
	struct world w;
	struct end e[HOSTS_OF_KEY + 1];
	(void)state;
	world_init(&w);
	end_init(&e[0], &w, RD_ROLE_HOST, 1);
	for (unsigned i = 0; i < HOSTS_OF_KEY; i++) {
		e[i] = beside(&e[0], 5000 + i);
		assert_int_equal(registers(&e[i], 1 + i, false), 0);
	}
	struct end *late = &e[HOSTS_OF_KEY];
	*late = beside(&e[0], 6000);
	for (unsigned i = 0; i < 5; i++) {
		assert_int_equal(registers(late, 99, false), RD_NO_BUSY);
		assert_int_equal(world_stats(&w).hosts, HOSTS_OF_KEY);
		world_wait(&w, 5 * S);
	}
	/* Those that are there are let in again. */
	assert_int_equal(registers(&e[3], 4, false), 0);
	for (unsigned i = 0; i < HOSTS_OF_KEY; i++)
		if (i != 2)
			assert_int_equal(end_asks(&e[i], keep).type, RD_RELAY_KEPT);
	world_wait(&w, 20 * S);
	assert_int_equal(w.events[CORE_LEFT], 0);
	assert_int_equal(registers(late, 99, false), 0);
	assert_int_equal(w.events[CORE_LEFT], 1);
	assert_int_equal(world_stats(&w).hosts, HOSTS_OF_KEY);
	assert_int_equal(end_asks(&e[2], keep).type, 0);
	assert_true(world_stats(&w).peers_udp <= PEERS_OF_KEY);
	world_finish(&w);
}

/* Where there is no room, new keys find some, and another program does not. */
static void
no_room_beyond_for_another(void **state)
{
	struct world w;
	struct end e[4], other;
	(void)state;
	world_init(&w);
	w.cfg.max_peers = 4;
	world_restart(&w);
	for (unsigned i = 0; i < 4; i++) {
		end_init(&e[i], &w, RD_ROLE_HOST, 1 + i);
		assert_int_equal(registers(&e[i], 1, false), 0);
	}
	other = beside(&e[0], 6000);
	assert_int_equal(registers(&other, 2, false), RD_NO_BUSY);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(registers(&e[i], 1, false), 0);
	assert_int_equal(world_stats(&w).hosts, 4);
	assert_int_equal(w.events[CORE_LEFT], 0);
	world_finish(&w);
}

/* --- the ends as they are --- */

struct program {
	struct rd_relay_client *client;
	struct rd_addr addr;
	unsigned lost, slots, slots_gone, legs;
	uint32_t slot;
};

static void
on_lost(void *ctx)
{
	((struct program *)ctx)->lost++;
}

static void
on_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct program *p = ctx;
	(void)lifetime_s;
	p->slot = slot;
	p->slots++;
}

static void
on_slot_gone(void *ctx, uint32_t slot)
{
	(void)slot;
	((struct program *)ctx)->slots_gone++;
}

static void
on_leg(void *ctx, const struct rd_relay_leg *leg, uint8_t *data, size_t len)
{
	(void)leg;
	(void)data;
	(void)len;
	((struct program *)ctx)->legs++;
}

static const struct rd_relay_client_ops ops = {.lost = on_lost, .slot = on_slot,
	.slot_gone = on_slot_gone, .leg = on_leg};

static void
program_start(struct program *p, struct world *w, const struct rd_keypair *keys,
	enum rd_relay_role role, unsigned host, bool by_code)
{
	static const struct rd_addr relay = {.family = 4, .ip = {10, 9, 9, 9}, .port = RD_RELAY_PORT};
	*p = (struct program){.addr = addr_of(host, 5000)};
	p->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = keys, .role = role,
		.relay = &w->cfg.key.public, .join = w->cfg.join, .by_code = by_code,
		.wall_ns = 1700000000 * S + w->now_ns}, &ops, p, w->now_ns);
	rd_relay_client_to(p->client, &relay, w->now_ns);
}

static void
step(struct world *w, struct program *p)
{
	struct rd_addr to;
	uint8_t data[1500], *payload;
	uint32_t leg;
	size_t len, payload_len;
	rd_relay_client_tick(p->client, w->now_ns);
	while ((len = rd_relay_client_send(p->client, &to, data, sizeof(data), w->now_ns)) > 0)
		core_datagram(w->core, &w->out, &p->addr, data, len, w->now_ns);
	while (w->read < w->sent && rd_addr_equal(&w->mail[w->read % MAIL].to, &p->addr)) {
		struct mail m = w->mail[w->read++ % MAIL];
		rd_relay_client_receive(p->client, &to, m.data, m.len, w->now_ns, &leg, &payload,
			&payload_len);
	}
}

static void
run(struct world *w, struct program *p, unsigned count, uint64_t ns)
{
	for (uint64_t end = w->now_ns + ns; w->now_ns < end; w->now_ns += 20 * MS) {
		for (unsigned i = 0; i < count; i++)
			step(w, &p[i]);
		for (unsigned i = 0; i < count; i++)
			step(w, &p[i]);
		core_tick(w->core, &w->out, w->now_ns);
	}
}

/* What was the fault: each removed the other, 16 times in ten minutes. */
static void
two_programs_do_not_fight(void **state)
{
	struct world w;
	struct program p[3];
	struct rd_keypair keys, viewers;
	(void)state;
	world_init(&w);
	rd_keypair_new(&keys);
	rd_keypair_new(&viewers);
	program_start(&p[0], &w, &keys, RD_ROLE_HOST, 1, false);
	run(&w, p, 1, 3 * S);
	program_start(&p[1], &w, &keys, RD_ROLE_HOST, 2, true);
	rd_relay_client_want_slot(p[1].client, w.now_ns);
	run(&w, p, 2, 500 * S);
	assert_true(p[1].slot > 0);
	program_start(&p[2], &w, &viewers, RD_ROLE_VIEWER, 3, false);
	rd_relay_client_connect(p[2].client, p[1].slot, NULL, NULL, 0, w.now_ns);
	run(&w, p, 3, S);
	assert_int_equal(p[1].legs, 1);
	assert_true(rd_relay_client_program(p[2].client) != 0);
	assert_int_equal(rd_relay_client_program(p[2].client), rd_relay_client_program(p[1].client));
	/* The same viewer by its key comes to where it was; another one to the service. */
	rd_relay_client_connect(p[2].client, 0, &keys.public, NULL, 0, w.now_ns);
	run(&w, p, 3, S / 2);
	assert_int_equal(p[1].legs, 2);
	rd_relay_client_free(p[2].client);
	program_start(&p[2], &w, &viewers, RD_ROLE_VIEWER, 4, false);
	rd_relay_client_connect(p[2].client, 0, &keys.public, NULL, 0, w.now_ns);
	run(&w, p, 3, S / 2);
	assert_int_equal(p[0].legs, 1);
	assert_int_equal(p[1].legs, 2);
	run(&w, p, 2, 600 * S);
	/* Through new keys, too. */
	run(&w, p, 2, 4000 * S);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(rd_relay_client_stands(p[i].client));
		assert_int_equal(p[i].lost, 0);
		assert_int_equal(p[i].slots_gone, 0);
	}
	assert_int_equal(w.events[CORE_REGISTERED], 2);
	assert_int_equal(w.events[CORE_LEFT], 0);
	assert_int_equal(world_stats(&w).hosts, 2);
	for (unsigned i = 0; i < 3; i++)
		rd_relay_client_free(p[i].client);
	world_finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_live),
		cmocka_unit_test(the_service_is_met_by_the_key),
		cmocka_unit_test(a_slot_is_its_programs),
		cmocka_unit_test(a_viewer_names_a_program),
		cmocka_unit_test(a_ghost_is_passed_over),
		cmocka_unit_test(silence_is_somebody_elses_turn),
		cmocka_unit_test(no_turn_for_others),
		cmocka_unit_test(no_wait_for_a_substitute),
		cmocka_unit_test(few_offers_to_the_silent),
		cmocka_unit_test(a_cut_connection_is_no_host),
		cmocka_unit_test(programs_of_one_key_are_few),
		cmocka_unit_test(no_room_beyond_for_another),
		cmocka_unit_test(two_programs_do_not_fight),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "rd-relay/world.h"

#include "net/examples.h"

static const struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};

/* Two ends that have met. */
struct pair { struct world w; struct end host, viewer; struct met met; };

static void
pair_init(struct pair *p)
{
	world_init(&p->w);
	end_host(&p->host, &p->w, 1);
	end_viewer(&p->viewer, &p->w, 2);
	p->met = ends_meet(&p->viewer, &p->host, connect_key(&p->host));
}

/* Says BIND, and what is answered. */
static struct rd_relay_packet
binds(struct world *w, const struct rd_addr *from, const uint8_t *ticket, const uint8_t *cookie)
{
	static const uint8_t none[RD_RELAY_COOKIE];
	uint8_t room[RD_BIND_SIZE];
	struct rd_buf b = {.data = room, .cap = sizeof(room)};
	struct rd_relay_packet p = {0};
	rd_relay_packet_pack(&b, &(struct rd_relay_packet){.type = RD_RELAY_BIND, .mark = 4711,
		.ticket = ticket, .cookie = cookie ? cookie : none});
	assert_int_equal(b.len, RD_BIND_SIZE);
	w->read = w->sent;
	world_give(w, from, room, b.len);
	const struct mail *m = world_mail(w, from);
	if (!m)
		return p;
	assert_true(m->len <= b.len);
	assert_int_equal(rd_relay_packet_parse(&p, m->data, m->len), 0);
	assert_int_equal(p.mark, 4711);
	return p;
}

static void
assert_bound(const struct rd_relay_packet *p, const uint8_t *handle)
{
	assert_int_equal(p->type, RD_RELAY_BOUND);
	assert_int_equal(p->why, RD_BOUND_OK);
	assert_memory_equal(p->handle, handle, RD_HANDLE);
}

static void
assert_not_bound(const struct rd_relay_packet *p, enum rd_bound why)
{
	assert_int_equal(p->type, RD_RELAY_BOUND);
	assert_int_equal(p->why, why);
}

/* By a cookie, as from an address that the relay does not know of. */
static void
bind_elsewhere(struct world *w, const struct rd_addr *from, const uint8_t *ticket,
	const uint8_t *handle)
{
	uint8_t cookie[RD_RELAY_COOKIE];
	struct rd_relay_packet p = binds(w, from, ticket, NULL);
	assert_int_equal(p.type, RD_RELAY_CHALLENGED);
	memcpy(cookie, p.cookie, sizeof(cookie));
	p = binds(w, from, ticket, cookie);
	assert_bound(&p, handle);
}

static void
binding_anew_where_it_is(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	assert_routed(&p.w, &p.host.addr, p.met.host.handle, &p.viewer.addr, p.met.viewer.handle);
	assert_int_equal(world_stats(&p.w).count[COUNT_BIND_OK], 1);
	world_finish(&p.w);
}

/* Forged tickets from somebody's address do not keep him from binding. */
static void
forgers_use_up_nobodys_share(void **state)
{
	struct pair p;
	uint8_t forged[RD_TICKET];
	(void)state;
	pair_init(&p);
	memcpy(forged, p.met.viewer.ticket, sizeof(forged));
	forged[0] ^= 1;
	for (unsigned i = 0; i < 1000; i++)
		binds(&p.w, &p.viewer.addr, forged, NULL);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	world_finish(&p.w);
}

/* A session that ended is there again by its tickets, but not what it may carry. */
static void
a_quota_is_not_had_twice(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	p.w.cfg.session_bytes = 10000;
	core_reload(p.w.core, &p.w.cfg);
	p.met = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	for (unsigned part = 0; part < 2; part++) {
		for (unsigned i = 0; i < 5; i++)
			assert_true(routed(&p.w, &p.viewer.addr, p.met.viewer.handle, &r, &why));
		world_wait(&p.w, 62 * S);
		assert_int_equal(world_stats(&p.w).sessions, 0);
		struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
		if (part == 0)
			assert_bound(&b, p.met.viewer.handle);
		else
			assert_not_bound(&b, RD_BOUND_TICKET);
		if (part == 0)
			binds(&p.w, &p.host.addr, p.met.host.ticket, NULL);
	}
	world_finish(&p.w);
}

static void
binding_elsewhere_needs_a_cookie(void **state)
{
	struct pair p;
	struct rd_addr away = addr_of(3, 6000), further = addr_of(4, 6000);
	(void)state;
	pair_init(&p);
	bind_elsewhere(&p.w, &away, p.met.viewer.ticket, p.met.viewer.handle);
	assert_routed(&p.w, &p.host.addr, p.met.host.handle, &away, p.met.viewer.handle);
	assert_routed(&p.w, &away, p.met.viewer.handle, &p.host.addr, p.met.host.handle);
	assert_dropped(&p.w, &p.viewer.addr, p.met.viewer.handle, DROP_ADDRESS);
	/* A cookie is of one address … */
	struct rd_relay_packet b = binds(&p.w, &further, p.met.viewer.ticket, NULL);
	assert_int_equal(b.type, RD_RELAY_CHALLENGED);
	uint8_t cookie[RD_RELAY_COOKIE];
	memcpy(cookie, b.cookie, sizeof(cookie));
	struct rd_addr other = addr_of(5, 6000);
	b = binds(&p.w, &other, p.met.viewer.ticket, cookie);
	assert_int_equal(b.type, RD_RELAY_CHALLENGED);
	/* … of one ticket, and of a few minutes. */
	b = binds(&p.w, &further, p.met.host.ticket, cookie);
	assert_int_equal(b.type, RD_RELAY_CHALLENGED);
	p.w.now_ns += 100 * S;
	b = binds(&p.w, &further, p.met.viewer.ticket, cookie);
	assert_bound(&b, p.met.viewer.handle);
	p.w.now_ns += 300 * S;
	b = binds(&p.w, &away, p.met.viewer.ticket, cookie);
	assert_int_equal(b.type, RD_RELAY_CHALLENGED);
	world_finish(&p.w);
}

/* An old BIND that somebody kept, sent again from the forged address it was issued to. */
static void
an_old_bind_does_not_take_a_leg_back(void **state)
{
	struct pair p;
	struct rd_addr away = addr_of(3, 6000);
	(void)state;
	pair_init(&p);
	bind_elsewhere(&p.w, &away, p.met.viewer.ticket, p.met.viewer.handle);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_int_equal(b.type, RD_RELAY_CHALLENGED);
	assert_routed(&p.w, &away, p.met.viewer.handle, &p.host.addr, p.met.host.handle);
	world_finish(&p.w);
}

static void
an_unbound_leg_is_bound_again(void **state)
{
	struct pair p;
	struct core_route r;
	enum core_drop why;
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 7; i++) {
		world_wait(&p.w, 10 * S);
		routed(&p.w, &p.host.addr, p.met.host.handle, &r, &why);
	}
	assert_dropped(&p.w, &p.host.addr, p.met.host.handle, DROP_UNBOUND);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	assert_routed(&p.w, &p.host.addr, p.met.host.handle, &p.viewer.addr, p.met.viewer.handle);
	world_finish(&p.w);
}

static void
forged_tickets(void **state)
{
	struct pair p;
	uint8_t ticket[RD_TICKET], key[RD_TICKET_KEY] = {1};
	struct rd_ticket t;
	(void)state;
	pair_init(&p);
	for (unsigned at = 0; at < RD_TICKET; at++) {
		struct rd_addr from = addr_of(100 + at, 1);
		memcpy(ticket, p.met.viewer.ticket, sizeof(ticket));
		ticket[at] ^= 1;
		struct rd_relay_packet b = binds(&p.w, &from, ticket, NULL);
		assert_not_bound(&b, RD_BOUND_TICKET);
	}
	assert_int_equal(rd_ticket_open(&t, p.w.core->ticket_key, p.met.viewer.ticket), 0);
	rd_ticket_seal(&t, key, ticket);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TICKET);
	assert_int_equal(world_stats(&p.w).count[COUNT_BIND_BAD], RD_TICKET + 1);
	/* Of ours, but of a date that makes no sense, or of another session at that place. */
	t.not_after_s += 1000000000;
	rd_ticket_seal(&t, p.w.core->ticket_key, ticket);
	b = binds(&p.w, &p.viewer.addr, ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TICKET);
	t.not_after_s -= 1000000000;
	t.session++;
	rd_ticket_seal(&t, p.w.core->ticket_key, ticket);
	b = binds(&p.w, &p.viewer.addr, ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TAKEN);
	world_finish(&p.w);
}

static void
a_relay_started_anew_takes_tickets(void **state)
{
	struct pair p;
	struct rd_addr away = addr_of(3, 6000);
	(void)state;
	pair_init(&p);
	world_restart(&p.w);
	assert_dropped(&p.w, &p.viewer.addr, p.met.viewer.handle, DROP_UNKNOWN);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	assert_dropped(&p.w, &p.viewer.addr, p.met.viewer.handle, DROP_UNBOUND);
	/* The other has moved meanwhile. */
	bind_elsewhere(&p.w, &away, p.met.host.ticket, p.met.host.handle);
	assert_routed(&p.w, &p.viewer.addr, p.met.viewer.handle, &away, p.met.host.handle);
	assert_routed(&p.w, &away, p.met.host.handle, &p.viewer.addr, p.met.viewer.handle);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	assert_int_equal(p.w.events[CORE_SESSION_BEGAN], 2);
	/* Another relay's tickets are worth nothing. */
	rd_keypair_new(&p.w.cfg.key);
	world_restart(&p.w);
	b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TICKET);
	world_finish(&p.w);
}

static void
a_ticket_that_is_too_old(void **state)
{
	struct pair p;
	(void)state;
	pair_init(&p);
	world_restart(&p.w);
	p.w.now_ns += 86399 * S;
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	world_wait(&p.w, 3 * S);
	assert_dropped(&p.w, &p.viewer.addr, p.met.viewer.handle, DROP_UNKNOWN);
	b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TICKET);
	world_finish(&p.w);
}

/* After a restart a place went to others before its ticket came back. */
static void
a_place_that_is_taken(void **state)
{
	struct pair p;
	struct rd_ticket t;
	(void)state;
	pair_init(&p);
	world_restart(&p.w);
	assert_int_equal(rd_ticket_open(&t, p.w.core->ticket_key, p.met.host.ticket), 0);
	uint64_t place = handle_number(t.handle) ^ UINT64_C(1) << 40;
	struct session_new n = {.id = 1, .ends_ns = UINT64_MAX, .handle = {place ^ 1, place}};
	assert_non_null(legs_add(&p.w.core->legs, &n, p.w.now_ns));
	struct rd_relay_packet b = binds(&p.w, &p.host.addr, p.met.host.ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TAKEN);
	/* The other leg's place is free, but a session has two. */
	b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_not_bound(&b, RD_BOUND_TAKEN);
	assert_int_equal(world_stats(&p.w).sessions, 1);
	world_finish(&p.w);
}

/* Tickets that somebody kept do not make more sessions than he may have. */
static void
old_tickets_count_as_sessions(void **state)
{
	struct pair p;
	struct met met[12];
	unsigned bound = 0;
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 12; i++) {
		world_wait(&p.w, 63 * S);
		end_asks(&p.host, keep);
		met[i] = ends_meet(&p.viewer, &p.host, connect_key(&p.host));
	}
	world_wait(&p.w, 63 * S);
	assert_int_equal(world_stats(&p.w).sessions, 0);
	for (unsigned i = 0; i < 12; i++) {
		struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, met[i].viewer.ticket, NULL);
		assert_int_equal(b.type, RD_RELAY_BOUND);
		bound += b.why == RD_BOUND_OK;
		/* By chance the later ones may have the places of earlier ones. */
		assert_true(b.why != RD_BOUND_TICKET);
	}
	assert_in_range(bound, 1, 8);
	world_finish(&p.w);
}

static void
draining(void **state)
{
	struct pair p;
	struct rd_addr away = addr_of(3, 6000);
	(void)state;
	pair_init(&p);
	core_drain(p.w.core, &p.w.out, 10, p.w.now_ns);
	/* Who is here may move; from elsewhere nobody comes. */
	bind_elsewhere(&p.w, &away, p.met.viewer.ticket, p.met.viewer.handle);
	world_restart(&p.w);
	core_drain(p.w.core, &p.w.out, 10, p.w.now_ns);
	struct rd_relay_packet b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_not_bound(&b, RD_BOUND_FULL);
	world_finish(&p.w);
}

/* A viewer that names an address which it has not proven: nothing is sent there on its word. */
static void
a_leg_of_an_unproven_address(void **state)
{
	struct world w;
	struct end host, viewer;
	(void)state;
	world_init(&w);
	end_host(&host, &w, 1);
	end_viewer(&viewer, &w, 2);
	end_asks(&viewer, keep);
	viewer.addr = addr_of(66, 6666);
	struct met met = ends_meet(&viewer, &host, connect_key(&host));
	assert_dropped(&w, &host.addr, met.host.handle, DROP_UNBOUND);
	bind_elsewhere(&w, &viewer.addr, met.viewer.ticket, met.viewer.handle);
	assert_routed(&w, &host.addr, met.host.handle, &viewer.addr, met.viewer.handle);
	world_finish(&w);
}

static void
binding_often(void **state)
{
	struct pair p;
	unsigned answered = 0;
	(void)state;
	pair_init(&p);
	for (unsigned i = 0; i < 1000; i++)
		answered += binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL).type != 0;
	assert_int_equal(answered, 200);
	world_finish(&p.w);
}

/* --- through TLS --- */

static void
a_stream_needs_no_cookie_and_ends(void **state)
{
	struct pair p;
	struct rd_addr tls = {.family = 4, .ip = {10, 0, 0, 9}, .port = 999, .stream = true,
		.carrier = 4097};
	struct rd_addr again = tls;
	(void)state;
	pair_init(&p);
	again.carrier = 1;	/* of the same chain */
	struct rd_relay_packet b = binds(&p.w, &tls, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	assert_routed(&p.w, &p.host.addr, p.met.host.handle, &tls, p.met.viewer.handle);
	assert_int_equal(world_stats(&p.w).sessions_tls, 1);
	b = binds(&p.w, &again, p.met.host.ticket, NULL);
	assert_bound(&b, p.met.host.handle);
	assert_dropped(&p.w, &again, p.met.viewer.handle, DROP_ADDRESS);
	core_carrier_gone(p.w.core, tls.carrier);
	assert_dropped(&p.w, &again, p.met.host.handle, DROP_UNBOUND);
	assert_dropped(&p.w, &tls, p.met.viewer.handle, DROP_ADDRESS);
	b = binds(&p.w, &p.viewer.addr, p.met.viewer.ticket, NULL);
	assert_bound(&b, p.met.viewer.handle);
	assert_routed(&p.w, &p.viewer.addr, p.met.viewer.handle, &again, p.met.host.handle);
	assert_int_equal(world_stats(&p.w).sessions_tls, 1);
	world_wait(&p.w, 62 * S);
	assert_int_equal(world_stats(&p.w).sessions, 0);
	assert_int_equal(world_stats(&p.w).sessions_tls, 0);
	world_finish(&p.w);
}

static void
a_host_by_tls(void **state)
{
	struct world w;
	struct end host, viewer;
	(void)state;
	world_init(&w);
	end_init(&host, &w, RD_ROLE_HOST, 1);
	host.addr.stream = true;
	host.addr.carrier = 5;
	assert_true(end_open(&host));
	assert_int_equal(end_asks(&host, register_with(&host, w.cfg.join)).type, RD_RELAY_REGISTERED);
	assert_int_equal(world_stats(&w).peers_tls, 1);
	end_viewer(&viewer, &w, 2);
	ends_meet(&viewer, &host, connect_key(&host));
	/* Its connection ends: nobody can reach it; it comes back by another one with the same session. */
	core_carrier_gone(w.core, 5);
	core_carrier_gone(w.core, 5);
	assert_int_equal(world_stats(&w).peers_tls, 0);
	assert_int_equal(end_is_refused(&viewer, connect_key(&host)), RD_NO_HOST);
	host.addr.carrier = 6;
	assert_int_equal(end_asks(&host, keep).type, RD_RELAY_KEPT);
	assert_int_equal(world_stats(&w).peers_tls, 1);
	ends_meet(&viewer, &host, connect_key(&host));
	host.addr.stream = false;
	host.addr.carrier = 0;
	assert_int_equal(end_asks(&host, keep).type, RD_RELAY_KEPT);
	assert_int_equal(world_stats(&w).peers_tls, 0);
	world_finish(&w);
}

/* --- the examples of rd-relay(5), as this relay sees them --- */

static struct rd_addr
example_addr(const uint8_t ip[4], uint16_t port)
{
	struct rd_addr a = {.family = 4, .port = port};
	memcpy(a.ip, ip, 4);
	return a;
}

/* The page's ticket, key and questions are this core's: not only what a test can make of them. */
static void
examples_of_the_page(void **state)
{
	const struct rd_addr viewer = example_addr((const uint8_t[]){198, 51, 100, 9}, 50000);
	const struct rd_addr host = example_addr((const uint8_t[]){192, 0, 2, 7}, 40000);
	struct examples e;
	struct world w;
	(void)state;
	examples_read(&e, "man/rd-relay.5");
	world_init(&w);
	w.cfg.max_sessions = 65536;	/* the handles' places are those of a large table */
	memcpy(&w.cfg.key.secret, example_find(&e, "S-RELAY")->data, sizeof(w.cfg.key.secret));
	memcpy(&w.cfg.key.public, example_find(&e, "P-RELAY")->data, sizeof(w.cfg.key.public));
	world_restart(&w);
	assert_memory_equal(w.core->ticket_key, example_find(&e, "TICKET-KEY")->data, RD_TICKET_KEY);

	const uint8_t *ticket = example_find(&e, "TICKET")->data;
	struct rd_relay_packet b = binds(&w, &viewer, ticket, NULL);
	assert_bound(&b, ticket + 32);

	const struct rd_buf *asked = example_find(&e, "STUN");
	const struct rd_buf *answer = example_find(&e, "STUN-ANSWER");
	world_give(&w, &host, asked->data, asked->len);
	const struct mail *m = world_mail(&w, &host);
	assert_non_null(m);
	assert_int_equal(m->len, answer->len);
	assert_memory_equal(m->data, answer->data, m->len);

	asked = example_find(&e, "INIT");
	world_give(&w, &host, asked->data, asked->len);
	m = world_mail(&w, &host);
	assert_non_null(m);
	assert_int_equal(m->len, example_find(&e, "RESPONSE")->len);
	assert_int_equal(m->data[0], example_find(&e, "RESPONSE")->data[0]);
	world_finish(&w);
	examples_finish(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binding_anew_where_it_is),
		cmocka_unit_test(forgers_use_up_nobodys_share),
		cmocka_unit_test(a_quota_is_not_had_twice),
		cmocka_unit_test(binding_elsewhere_needs_a_cookie),
		cmocka_unit_test(an_old_bind_does_not_take_a_leg_back),
		cmocka_unit_test(an_unbound_leg_is_bound_again),
		cmocka_unit_test(forged_tickets),
		cmocka_unit_test(a_relay_started_anew_takes_tickets),
		cmocka_unit_test(a_ticket_that_is_too_old),
		cmocka_unit_test(a_place_that_is_taken),
		cmocka_unit_test(old_tickets_count_as_sessions),
		cmocka_unit_test(draining),
		cmocka_unit_test(a_leg_of_an_unproven_address),
		cmocka_unit_test(binding_often),
		cmocka_unit_test(a_stream_needs_no_cookie_and_ends),
		cmocka_unit_test(a_host_by_tls),
		cmocka_unit_test(examples_of_the_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

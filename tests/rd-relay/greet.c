#include "rd-relay/world.h"

#include "net/stun.h"

static void
a_handshake_and_its_first_data(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	assert_true(end_open(&e));
	assert_int_equal(world_stats(&w).half_open, 1);
	assert_int_equal(world_stats(&w).peers_udp, 0);
	struct rd_relay_msg m = end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEEP});
	assert_int_equal(m.type, RD_RELAY_KEPT);
	assert_int_equal(m.request, 1);
	assert_true(rd_addr_equal(&m.addr, &e.addr));
	assert_int_equal(world_stats(&w).half_open, 0);
	assert_int_equal(world_stats(&w).peers_udp, 1);
	assert_int_equal(world_stats(&w).count[COUNT_HANDSHAKES_OK], 1);
	world_finish(&w);
}

static void
the_same_init_gets_the_same_answer(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	assert_true(end_open(&e));
	uint32_t theirs = e.theirs;
	end_send(&e);
	assert_true(end_take_response(&e));
	assert_int_equal(e.theirs, theirs);
	assert_int_equal(world_stats(&w).half_open, 1);
	world_finish(&w);
}

static void
a_replayed_init_gets_nothing(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	end_make_init(&e);
	struct end old = e;
	end_send(&e);
	assert_true(end_take_response(&e));
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type,
		RD_RELAY_KEPT);
	end_send(&old);
	assert_false(end_take_response(&old));
	/* Nor when the session is over: BYE, and long after. */
	end_say(&e, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	assert_int_equal(world_stats(&w).peers_udp, 0);
	world_wait(&w, 300 * S);
	end_send(&old);
	assert_false(end_take_response(&old));
	assert_int_equal(world_stats(&w).count[COUNT_HANDSHAKES_BAD], 2);
	assert_true(end_open(&e));
	world_finish(&w);
}

/* Two were under way at once; the older one's DATA comes after the newer's. Both stand. */
static void
an_older_handshake_is_confirmed(void **state)
{
	struct world w;
	struct end old, new;
	(void)state;
	world_init(&w);
	end_init(&old, &w, RD_ROLE_VIEWER, 1);
	assert_true(end_open(&old));
	new = old;
	assert_true(end_open(&new));
	assert_int_equal(end_asks(&new, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type,
		RD_RELAY_KEPT);
	assert_int_equal(end_asks(&old, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type,
		RD_RELAY_KEPT);
	assert_int_equal(world_stats(&w).peers_udp, 2);
	assert_int_equal(world_stats(&w).half_open, 0);
	/* What is no newer than the newest is refused as before, in whatever order they go. */
	struct end late = new, *both[] = {&new, &old};
	for (unsigned i = 0; i < 2; i++) {
		late.time_ns = new.time_ns - 1;
		assert_false(end_open(&late));
		end_say(both[i], (struct rd_relay_msg){.type = RD_RELAY_BYE});
		late.time_ns = new.time_ns - 1;
		assert_false(end_open(&late));
	}
	assert_int_equal(world_stats(&w).peers_udp, 0);
	assert_true(end_open(&late));
	world_finish(&w);
}

/* A year ahead, and then right: the session stands meanwhile, and the next one a minute later. */
static void
a_clock_that_was_ahead_is_forgiven(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_HOST, 1);
	for (unsigned i = 0; i < 2; i++) {
		e.time_ns = w.cfg.wall_offset_ns + w.now_ns + 365 * 86400 * S;
		assert_true(end_open(&e));
		assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type,
			RD_RELAY_REGISTERED);
		world_wait(&w, 1 * S);
	}
	e.time_ns = w.cfg.wall_offset_ns + w.now_ns;
	assert_false(end_open(&e));
	world_wait(&w, 60 * S);
	e.time_ns = w.cfg.wall_offset_ns + w.now_ns;
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	assert_int_equal(world_stats(&w).hosts, 1);
	/* An old one is none the less: that of now is remembered as it was said. */
	e.time_ns -= 2;
	assert_false(end_open(&e));
	world_finish(&w);
}

/* The relay's own clock is set while it runs: from then on it counts, for tickets, too. */
static void
a_clock_of_ours_that_is_set(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	core_clock(w.core, w.cfg.wall_offset_ns + 1000 * S);
	assert_int_equal(core_wall_s(w.core, w.now_ns), 1700000000 + 1000 + 1000);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	e.time_ns = w.cfg.wall_offset_ns + w.now_ns + 900 * S;
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type,
		RD_RELAY_KEPT);
	e.time_ns -= 2;
	assert_false(end_open(&e));
	world_finish(&w);
}

static void
strangers_hear_nothing(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	end_make_init(&e);
	/* Each byte matters: the key's, the message's, the mac's. (mac2 is not looked at.) */
	for (size_t at = 0; at < e.last_len - RD_MAC; at++) {
		struct end f = e;
		f.addr = addr_of((unsigned)at + 100, 1);
		f.last[at] ^= 1;
		/* Well made for us, but not what was sealed. */
		if (at >= 8 && at < f.last_len - 2 * RD_MAC && at % 2)
			rd_mac1_put(f.last, f.last_len, &w.cfg.key.public);
		end_send(&f);
		assert_int_equal(w.sent, 0);
	}
	assert_int_equal(world_stats(&w).half_open, 0);
	/* A relay of another key. */
	struct world other = w;
	rd_keypair_new(&other.cfg.key);
	e.w = &other;
	end_make_init(&e);
	e.w = &w;
	end_send(&e);
	assert_int_equal(w.sent, 0);
	world_finish(&w);
}

/* The cookie that COOKIE brought, put into the INIT in `last`. */
static bool
take_cookie(struct end *e)
{
	struct rd_packet p;
	uint8_t cookie[RD_COOKIE];
	const struct mail *m = world_mail(e->w, &e->addr);
	if (!m || rd_packet_parse(&p, m->data, m->len) != 0 || p.type != RD_PACKET_COOKIE)
		return false;
	assert_true(m->len <= e->last_len);
	assert_int_equal(p.receiver, e->index);
	assert_int_equal(rd_cookie_open(&p, &e->w->cfg.key.public,
		e->last + e->last_len - 2 * RD_MAC, cookie), 0);
	rd_mac2_put(e->last, e->last_len, cookie);
	return true;
}

static void
under_load_cookies_are_asked_for(void **state)
{
	struct world w;
	struct end e;
	uint8_t init[200];
	(void)state;
	world_init(&w);
	w.cfg.inits_busy = 100;
	world_restart(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	end_make_init(&e);
	memcpy(init, e.last, e.last_len);
	init[20] ^= 1;
	rd_mac1_put(init, e.last_len, &w.cfg.key.public);
	for (unsigned i = 0; i < 200; i++) {
		struct rd_addr from = addr_of(1000 + i, 1);
		world_give(&w, &from, init, e.last_len);
	}
	assert_int_equal(w.sent, 100);	/* COOKIEs, each to whom it came from */
	w.read = w.sent;
	end_send(&e);
	assert_true(take_cookie(&e));
	struct end elsewhere = e;
	elsewhere.addr = addr_of(2, 5000);
	end_send(&elsewhere);
	assert_false(end_take_response(&elsewhere));
	end_send(&e);
	assert_true(end_take_response(&e));
	assert_true(world_stats(&w).count[COUNT_COOKIES] >= 101);
	/* When it is quiet again nobody needs one. */
	w.now_ns += 3 * S;
	end_make_init(&e);
	end_send(&e);
	assert_true(end_take_response(&e));
	world_finish(&w);
}

/* 5 a second, a burst of 20: but a forger does not use up what the real one has. */
static void
one_source_asks_often(void **state)
{
	struct world w;
	struct end e, forger;
	unsigned answered = 0;
	(void)state;
	world_init(&w);
	end_init(&forger, &w, RD_ROLE_VIEWER, 1);
	for (unsigned i = 0; i < 60; i++)
		answered += end_open(&forger);
	assert_int_equal(answered, 20);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	end_make_init(&e);
	end_send(&e);
	assert_true(take_cookie(&e));
	end_send(&e);
	assert_true(end_take_response(&e));
	/* With cookies there is a share, too. */
	answered = 0;
	for (unsigned i = 0; i < 60; i++) {
		end_make_init(&e);
		end_send(&e);
		if (!take_cookie(&e))
			continue;
		end_send(&e);
		answered += end_take_response(&e);
	}
	assert_int_equal(answered, 19);
	assert_int_equal(world_stats(&w).count[COUNT_RATELIMITED_SOURCE], 41);
	w.now_ns += S;
	answered = 0;
	for (unsigned i = 0; i < 20; i++)
		answered += end_open(&forger);
	assert_int_equal(answered, 5);
	world_finish(&w);
}

/* One INIT, and once more with the cookie if that is what comes. */
static bool
says_init(struct end *e)
{
	e->w->read = e->w->sent;
	end_make_init(e);
	end_send(e);
	unsigned read = e->w->read;
	if (end_take_response(e))
		return true;
	e->w->read = read;
	if (!take_cookie(e))
		return false;
	end_send(e);
	return end_take_response(e);
}

/*
 * The relay was restarted. Two hundred hosts behind one address notice by a KEEP
 * without an answer, so they come over 25 s; who is not let in asks again after
 * two seconds. Nobody has to do so often, and soon all are there.
 */
static void
an_office_comes_back(void **state)
{
	enum { HOSTS = 200, STEP = 125 };
	struct world w;
	static struct end host[HOSTS];
	static uint64_t due_ns[HOSTS];
	unsigned there = 0, refused = 0;
	(void)state;
	world_init(&w);
	uint64_t begun = w.now_ns;
	for (unsigned i = 0; i < HOSTS; i++) {
		end_init(&host[i], &w, RD_ROLE_HOST, 1);
		host[i].addr.port = (uint16_t)(5000 + i);
		due_ns[i] = begun + i * STEP * MS;
	}
	for (; there < HOSTS; w.now_ns += STEP * MS) {
		for (unsigned i = 0; i < HOSTS; i++) {
			if (w.now_ns < due_ns[i])
				continue;
			bool in = says_init(&host[i]);
			due_ns[i] = in ? UINT64_MAX : w.now_ns + 2 * S;
			there += in;
			refused += !in;
		}
		assert_true(w.now_ns < begun + 30 * S);
	}
	print_message("%u hosts in %u s, %u asked again\n", HOSTS,
		(unsigned)((w.now_ns - begun) / S), refused);
	world_finish(&w);
}

/* More than there are places, of a great many sources: state stays bounded, an honest one gets in. */
static void
half_open_ones_are_bounded(void **state)
{
	struct world w;
	struct end e;
	uint8_t mac1[16] = {0};
	(void)state;
	world_init(&w);
	for (unsigned i = 0; i < 2 * HALVES; i++) {
		/* A third of all is of one source. */
		struct rd_addr from = addr_of(i % 3 ? 10000 + i : 9999, 1);
		mac1[0] = (uint8_t)i;
		mac1[1] = (uint8_t)(i >> 8);
		halves_add(&w.core->halves, &w.core->peers, &from, mac1, w.now_ns);
		assert_true(w.core->halves.count <= HALVES);
	}
	assert_int_equal(world_stats(&w).half_open, HALVES);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	assert_true(end_open(&e));
	for (unsigned i = 0; i < 1000; i++) {
		struct rd_addr from = addr_of(9999, 1);
		halves_add(&w.core->halves, &w.core->peers, &from, mac1, w.now_ns);
	}
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type,
		RD_RELAY_KEPT);
	world_wait(&w, 11 * S);
	assert_int_equal(world_stats(&w).half_open, 0);
	world_finish(&w);
}

static void
a_half_open_one_goes_after_ten_seconds(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_init(&e, &w, RD_ROLE_VIEWER, 1);
	assert_true(end_open(&e));
	world_wait(&w, 10 * S);
	assert_int_equal(end_asks(&e, (struct rd_relay_msg){.type = RD_RELAY_KEEP}).type, 0);
	assert_int_equal(world_stats(&w).half_open, 0);
	world_finish(&w);
}

static void
data_counts_once_and_only_if_genuine(void **state)
{
	struct world w;
	struct end e;
	(void)state;
	world_init(&w);
	end_viewer(&e, &w, 1);
	struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};
	assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	end_send(&e);
	assert_int_equal(end_hear(&e).type, 0);
	end_seal(&e, &keep);
	for (size_t at = 0; at < e.last_len; at++) {
		e.last[at] ^= 0x40;
		end_send(&e);
		assert_int_equal(end_hear(&e).type, 0);
		e.last[at] ^= 0x40;
	}
	end_send(&e);
	assert_int_equal(end_hear(&e).type, RD_RELAY_KEPT);
	/* A window of 64. */
	e.number = 200;
	assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	e.number = 136;
	assert_int_equal(end_asks(&e, keep).type, 0);
	assert_int_equal(end_asks(&e, keep).type, RD_RELAY_KEPT);
	e.number = 137;
	assert_int_equal(end_asks(&e, keep).type, 0);
	world_finish(&w);
}

static void
a_peer_moves_with_its_newest_data(void **state)
{
	struct world w;
	struct end e, viewer;
	(void)state;
	world_init(&w);
	end_host(&e, &w, 1);
	struct rd_addr home = e.addr, away = addr_of(2, 6000);
	struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};
	end_seal(&e, &keep);
	struct end late = e;
	e.addr = away;
	struct rd_relay_msg m = end_asks(&e, keep);
	assert_int_equal(m.type, RD_RELAY_KEPT);
	assert_true(rd_addr_equal(&m.addr, &away));
	/* What was sent before, and comes late, does not move it back; the answer goes where it is. */
	late.addr = home;
	end_send(&late);
	assert_int_equal(end_hear(&late).type, 0);
	/* It is asked there; but what others send goes there once it has bound its leg. */
	end_viewer(&viewer, &w, 3);
	struct met met = ends_meet(&viewer, &e, connect_key(&e));
	assert_dropped(&w, &viewer.addr, met.viewer.handle, DROP_UNBOUND);
	assert_dropped(&w, &away, met.host.handle, DROP_ADDRESS);
	/* Or at once if its address is proven by a handshake. */
	assert_true(end_open(&e));
	assert_int_equal(end_asks(&e, register_with(&e, w.cfg.join)).type, RD_RELAY_REGISTERED);
	met = ends_meet(&viewer, &e, connect_key(&e));
	assert_routed(&w, &viewer.addr, met.viewer.handle, &away, met.host.handle);
	world_finish(&w);
}

/* Somebody with a session names a victim's address: not much is sent there. */
static void
a_peer_that_names_a_victim(void **state)
{
	struct rd_relay_msg keep = {.type = RD_RELAY_KEEP};
	struct world w;
	struct end e[4];
	(void)state;
	world_init(&w);
	for (unsigned k = 0; k < 4; k++) {
		end_viewer(&e[k], &w, 1 + k);
		end_asks(&e[k], keep);
	}
	unsigned before = w.sent;
	for (unsigned i = 0; i < 1000; i++) {
		/* Each is within what one session may ask: together they are not. */
		struct end *one = &e[i % 4];
		one->addr = addr_of(66, 1000 + i);
		end_say(one, keep);
		w.now_ns += 50 * MS / 10;
	}
	assert_true(w.sent - before <= 40 + 5 * 20);
	world_finish(&w);
}

static void
ask_is_told_the_key(void **state)
{
	struct world w;
	struct rd_addr from = addr_of(1, 1);
	uint8_t ask[RD_PACKET_ASK_SIZE], nonce[16] = "nonce";
	struct rd_buf b = {.data = ask, .cap = sizeof(ask)};
	struct rd_packet p;
	(void)state;
	world_init(&w);
	rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_ASK, .sender = 77, .nonce = nonce});
	world_give(&w, &from, ask, b.len);
	const struct mail *m = world_mail(&w, &from);
	assert_non_null(m);
	assert_true(m->len <= b.len);
	assert_int_equal(rd_packet_parse(&p, m->data, m->len), 0);
	assert_int_equal(p.type, RD_PACKET_TELL);
	assert_int_equal(p.receiver, 77);
	assert_memory_equal(p.nonce, nonce, 16);
	assert_memory_equal(p.key, w.cfg.key.public.bytes, 32);
	assert_int_equal(p.ways, RD_WAY_RELAY);
	for (unsigned i = 0; i < 200; i++)
		world_give(&w, &from, ask, b.len);
	assert_int_equal(w.sent, 40);
	world_finish(&w);
}

static void
stun_tells_an_address(void **state)
{
	struct world w;
	struct rd_addr from = addr_of(1, 4242);
	struct rd_stun s = {.kind = RD_STUN_BINDING, .id = "id of twelve"};
	uint8_t request[RD_STUN_MAX];
	(void)state;
	world_init(&w);
	size_t len = rd_stun_put(request, &s);
	assert_int_equal(len, RD_STUN_REQUEST);
	world_give(&w, &from, request, len);
	const struct mail *m = world_mail(&w, &from);
	assert_non_null(m);
	assert_true(m->len <= len);
	assert_int_equal(rd_stun_parse(&s, m->data, m->len), 0);
	assert_int_equal(s.kind, RD_STUN_SUCCESS);
	assert_memory_equal(s.id, "id of twelve", RD_STUN_ID);
	assert_true(rd_addr_equal(&s.mapped, &from));
	/* Others' short requests would get more than they sent. */
	uint8_t bare[20] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
	world_give(&w, &from, bare, sizeof(bare));
	assert_int_equal(w.sent, 1);
	for (unsigned i = 0; i < 200; i++)
		world_give(&w, &from, request, len);
	assert_true(w.sent <= 40);
	assert_int_equal(world_stats(&w).count[COUNT_STUN], w.sent);
	from.port++;	/* it is the machine that is limited */
	world_give(&w, &from, request, len);
	assert_null(world_mail(&w, &from));
	world_finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_handshake_and_its_first_data),
		cmocka_unit_test(the_same_init_gets_the_same_answer),
		cmocka_unit_test(a_replayed_init_gets_nothing),
		cmocka_unit_test(an_older_handshake_is_confirmed),
		cmocka_unit_test(a_clock_that_was_ahead_is_forgiven),
		cmocka_unit_test(a_clock_of_ours_that_is_set),
		cmocka_unit_test(strangers_hear_nothing),
		cmocka_unit_test(under_load_cookies_are_asked_for),
		cmocka_unit_test(one_source_asks_often),
		cmocka_unit_test(an_office_comes_back),
		cmocka_unit_test(half_open_ones_are_bounded),
		cmocka_unit_test(a_half_open_one_goes_after_ten_seconds),
		cmocka_unit_test(data_counts_once_and_only_if_genuine),
		cmocka_unit_test(a_peer_moves_with_its_newest_data),
		cmocka_unit_test(a_peer_that_names_a_victim),
		cmocka_unit_test(ask_is_told_the_key),
		cmocka_unit_test(stun_tells_an_address),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

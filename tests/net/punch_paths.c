/*
 * Sessions whose paths change: NATs behind NATs, both ends behind one, firewalls
 * without translation, NATs that forget, paths that die and come back, ends that
 * roam, and what either end asks for. On the virtual clock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/conn_priv.h"
#include "net/nat.h"
#include "net/natsim.h"

#define FAILOVER (400 * MS)	/* 300 ms without an acknowledgement, and what sending takes */

static unsigned talked[2];	/* events of the viewer's, of the host's */

static void
open_direct(struct natsim *s)
{
	talked[0] = talked[1] = 0;
	sim_dial(s);
	assert_true(sim_run(s, 5 * S, sim_open));
	assert_true(sim_run(s, 5 * S, sim_both_direct));
}

static void
begin(struct natsim *s, unsigned viewer, unsigned host)
{
	sim_init(s);
	sim_behind_kinds(s, sim_kinds[viewer], sim_kinds[host]);
	open_direct(s);
}

/* Both ends go on saying something: an event each so often. */
static uint64_t talk_ns;

static void
talk(struct natsim *s, uint64_t ns, uint64_t every_ns, bool (*done)(struct natsim *s))
{
	uint64_t end = s->net.now_ns + ns;
	uint8_t data[8] = {0};
	talk_ns = 0;
	while (s->net.now_ns < end) {
		struct sim_host *hosts[] = {&s->viewer, &s->host};
		for (unsigned i = 0; i < 2; i++)
			if (hosts[i]->party.conn && rd_conn_mux(hosts[i]->party.conn) &&
				rd_mux_event(rd_conn_mux(hosts[i]->party.conn), data, 8, s->net.now_ns) == 0)
				talked[i]++;
		if (sim_run(s, every_ns, done)) {
			talk_ns = s->net.now_ns;
			return;
		}
	}
}

static bool
both_relayed(struct natsim *s)
{
	return sim_none_direct(s);
}

static void
nothing_is_lost(const struct natsim *s)
{
	assert_int_equal(s->host.party.events, talked[0]);
	assert_int_equal(s->viewer.party.events, talked[1]);
	assert_int_equal(s->viewer.party.closed + s->host.party.closed, 0);
}

/* --- who is behind what --- */

static void
double_nat(void **state)
{
	static const unsigned outer[] = {FC, PRC, PRCX, SEQ};
	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct natsim s;
		sim_init(&s);
		s.viewer.inside[0] = sim_v4(192, 168, 1, 2, 0);
		sim_behind(&s.viewer, 0, sim_kinds[PRC], sim_v4(100, 64, 0, 9, 0));
		sim_behind(&s.viewer, 1, sim_kinds[outer[i]], sim_v4(198, 51, 100, 1, 0));
		sim_behind(&s.host, 0, sim_kinds[PRC], sim_v4(198, 51, 100, 2, 0));
		open_direct(&s);
		sim_finish(&s);
	}
}

/* One NAT, two LANs behind it: directly only if it turns packets back. */
static void
hairpin(void **state)
{
	(void)state;
	for (unsigned hairpins = 0; hairpins < 2; hairpins++) {
		struct natsim s;
		struct sim_kind kind = sim_kinds[PRC];
		kind.hairpin = hairpins;
		sim_init(&s);
		sim_behind(&s.viewer, 0, kind, sim_v4(198, 51, 100, 1, 0));
		s.host.chain[0][0] = s.viewer.chain[0][0];
		sim_dial(&s);
		assert_true(sim_run(&s, 5 * S, sim_open));
		assert_int_equal(sim_run(&s, 5 * S, sim_both_direct), hairpins);
		if (!hairpins)
			assert_string_equal(rd_conn_way(s.viewer.dialled).why, "a direct path is being looked for");
		sim_run(&s, 10 * S, NULL);
		if (!hairpins)
			assert_string_equal(rd_conn_way(s.viewer.dialled).why, "no answer to any probe");
		sim_finish(&s);
	}
}

static void
one_lan(void **state)
{
	struct natsim s;
	(void)state;
	sim_init(&s);
	s.host.lan = s.viewer.lan;
	sim_behind(&s.viewer, 0, sim_kinds[RND], sim_v4(198, 51, 100, 1, 0));
	s.host.chain[0][0] = s.viewer.chain[0][0];
	s.relay_ns = 0;
	open_direct(&s);
	assert_true(s.viewer.direct_ns - s.established_ns <= 50 * MS);
	assert_true(sim_is_private(rd_conn_path(s.viewer.dialled)));
	sim_finish(&s);
}

/* Two networks with the same private addresses: an end does not probe itself. */
static void
the_same_private_address(void **state)
{
	struct natsim s;
	(void)state;
	sim_init(&s);
	s.viewer.inside[0] = s.host.inside[0] = sim_v4(192, 168, 1, 2, 0);
	s.viewer.ports[0] = s.host.ports[0];
	sim_behind_kinds(&s, sim_kinds[PRC], sim_kinds[PRC]);
	open_direct(&s);
	assert_false(sim_is_private(rd_conn_path(s.viewer.dialled)));
	sim_finish(&s);
}

static void
ipv6_firewalls(void **state)
{
	(void)state;
	for (unsigned v4 = 0; v4 < 2; v4++) {
		struct natsim s;
		struct sim_kind wall = {.name = "wall", .mapping = SIM_ANY, .filtering = SIM_PLACE,
			.firewall = true};
		struct rd_addr a = {.family = 6, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 1}};
		struct rd_addr b = {.family = 6, .ip = {0x20, 0x01, 0x0d, 0xb8, 1, [15] = 2}};
		sim_init(&s);
		if (v4)
			sim_behind_kinds(&s, sim_kinds[RND], sim_kinds[RND]);
		else
			s.viewer.inside[0].family = s.host.inside[0].family = 0;
		s.viewer.inside[1] = a;
		s.host.inside[1] = b;
		s.viewer.chain[1][0] = sim_nat_new(wall, a);
		s.host.chain[1][0] = sim_nat_new(wall, b);
		open_direct(&s);
		assert_int_equal(rd_conn_path(s.viewer.dialled)->family, 6);
		sim_finish(&s);
	}
}

/* A public host, and a viewer whose NAT gives it few ports. */
static void
few_ports(void **state)
{
	struct natsim s;
	struct sim_kind kind = sim_kinds[RND];
	(void)state;
	kind.ports_max = 16;
	sim_init(&s);
	s.host.inside[0] = sim_v4(198, 51, 100, 2, 0);
	sim_behind(&s.viewer, 0, kind, sim_v4(198, 51, 100, 1, 0));
	open_direct(&s);
	sim_finish(&s);
	/* Where guessing would need more, the relay stays. */
	sim_init(&s);
	sim_behind_kinds(&s, kind, sim_kinds[PRC]);
	sim_dial(&s);
	assert_true(sim_run(&s, 5 * S, sim_open));
	sim_run(&s, 40 * S, NULL);
	assert_int_equal(s.viewer.party.closed + s.host.party.closed, 0);
	/* One search, and a second chance; each gives its sockets back. */
	assert_in_range(s.viewer.sockets_asked, 1, 2);
	assert_int_equal(s.viewer.sockets_gone, s.viewer.sockets_asked);
	sim_finish(&s);
}

/*
 * One packet of five is lost: soon, but for a rare try that loses too many of
 * them, and then within the minute after which a better path is looked for again.
 */
static void
loss(void **state)
{
	unsigned late = 0;
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct natsim s;
		sim_init(&s);
		s.loss = 200;
		sim_behind_kinds(&s, sim_kinds[PRC], sim_kinds[SEQ]);
		sim_dial(&s);
		assert_true(sim_run(&s, 5 * S, sim_open));
		if (!sim_run(&s, 5 * S, sim_both_direct)) {
			late++;
			assert_true(sim_run(&s, 65 * S, sim_both_direct));
		}
		sim_finish(&s);
	}
	assert_in_range(late, 0, 2);
}

/* --- what either end asks for --- */

static void
policies(void **state)
{
	struct natsim s;
	(void)state;
	for (unsigned who = 0; who < 2; who++) {
		sim_init(&s);
		sim_behind_kinds(&s, sim_kinds[FC], sim_kinds[FC]);
		sim_dial(&s);
		if (who)
			rd_server_policy(s.host.server, RD_PATH_RELAY);
		else
			rd_conn_policy(s.viewer.dialled, RD_PATH_RELAY, s.net.now_ns);
		assert_true(sim_run(&s, 5 * S, sim_open));
		assert_false(sim_run(&s, 20 * S, sim_both_direct));
		assert_int_equal(s.viewer.probes + s.host.probes, 0);
		assert_string_equal(rd_conn_way(s.viewer.dialled).why,
			who ? "the peer, or its relay's policy, asks for the relay"
				: "this end, or the relay's policy, asks for the relay");
		/* It thinks better of it, and then again. */
		for (unsigned again = 0; again < 2; again++) {
			enum rd_path_policy policy = again ? RD_PATH_RELAY : RD_PATH_AUTO;
			if (who)
				rd_server_policy(s.host.server, policy);
			else
				rd_conn_policy(s.viewer.dialled, policy, s.net.now_ns);
			assert_true(sim_run(&s, 2 * S, again ? both_relayed : sim_both_direct));
		}
		sim_finish(&s);
	}
}

/* Only a direct path is wanted: till there is one nothing of the session's own goes. */
static void
direct_only(void **state)
{
	struct natsim s;
	(void)state;
	for (unsigned meets = 0; meets < 2; meets++) {
		sim_init(&s);
		sim_behind_kinds(&s, sim_kinds[RND], sim_kinds[meets ? FC : RND]);
		sim_dial(&s);
		rd_conn_policy(s.viewer.dialled, RD_PATH_DIRECT, s.net.now_ns);
		assert_true(sim_run(&s, 5 * S, sim_open));
		assert_int_equal(rd_mux_event(rd_conn_mux(s.viewer.dialled), "x", 1, s.net.now_ns), 0);
		assert_int_equal(sim_run(&s, 8 * S, sim_both_direct), meets);
		sim_run(&s, S, NULL);
		assert_int_equal(s.host.party.events, meets);
		if (!meets)
			assert_string_equal(rd_conn_way(s.viewer.dialled).why, "both NATs choose ports at random");
		assert_int_equal(s.viewer.party.closed + s.host.party.closed, 0);
		sim_finish(&s);
	}
}

/* --- paths that change --- */

/* Its NAT was restarted: the peer sees it at another port, and nothing is lost. */
static void
nat_forgets(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 2; who++) {
		struct natsim s;
		begin(&s, PRC, FC);
		talk(&s, S, 20 * MS, NULL);
		sim_nat_restart(who ? s.host.chain[0][0] : s.viewer.chain[0][0]);
		uint64_t at = s.net.now_ns;
		unsigned events = s.viewer.party.events;
		/* Its agent asks around when the path is dead. */
		talk(&s, S, 20 * MS, NULL);
		assert_true(s.viewer.party.events > events + 20);
		talk(&s, 3 * S, 20 * MS, sim_both_direct);
		print_message("NAT of the %s restarted: direct after %.0f ms at most\n",
			who ? "host" : "viewer", (double)(s.net.now_ns - at) / 1e6);
		talk(&s, S, 20 * MS, NULL);
		assert_true(sim_both_direct(&s));
		sim_run(&s, 5 * S, NULL);
		nothing_is_lost(&s);
		sim_finish(&s);
	}
}

static void
direct_path_dies(void **state)
{
	(void)state;
	for (unsigned one_way = 0; one_way < 2; one_way++) {
		struct natsim s;
		begin(&s, PRC, PRC);
		talk(&s, 3 * S, 10 * MS, NULL);
		uint64_t at = s.net.now_ns;
		if (one_way)
			s.direct_down_to_viewer = true;
		else
			s.direct_down = true;
		talk(&s, 5 * S, 10 * MS, both_relayed);
		assert_true(talk_ns > 0);
		print_message("%s dead: both on the relay after %.0f ms\n", one_way ? "one way" : "both ways",
			(double)(talk_ns - at) / 1e6);
		assert_true(talk_ns - at <= FAILOVER);
		/* They stay there as long as it is down. */
		unsigned moved = s.viewer.party.moved;
		talk(&s, 3 * S, 10 * MS, NULL);
		assert_true(sim_none_direct(&s));
		assert_int_equal(s.viewer.party.moved, moved);
		at = s.net.now_ns;
		s.direct_down = s.direct_down_to_viewer = false;
		talk(&s, 10 * S, 10 * MS, sim_both_direct);
		assert_true(talk_ns > 0);
		print_message("… and back after %.0f ms\n", (double)(talk_ns - at) / 1e6);
		assert_true(talk_ns - at <= 1500 * MS);
		sim_run(&s, 3 * S, NULL);
		nothing_is_lost(&s);
		sim_finish(&s);
	}
}

/* Only the host has anything to say: it finds out, and the viewer follows. */
static void
the_host_finds_out(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, PRC, PRC);
	sim_run(&s, 2 * S, NULL);
	s.direct_down = true;
	uint64_t at = s.net.now_ns;
	uint8_t data[1000] = {0};
	while (!sim_none_direct(&s) && s.net.now_ns < at + 5 * S) {
		rd_mux_unit(rd_conn_mux(s.host.party.conn), RD_TRAFFIC_PICTURE, data, sizeof(data),
			UINT64_MAX, 0);
		sim_run(&s, 16 * MS, sim_none_direct);
	}
	assert_true(s.net.now_ns - at <= FAILOVER);
	sim_run(&s, S, NULL);
	assert_true(s.viewer.party.units >= 18);
	sim_finish(&s);
}

/* A path that dies as soon as it is used is left alone for longer and longer. */
static void
a_path_that_flaps(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, PRC, PRC);
	talk(&s, S, 10 * MS, NULL);
	unsigned before = s.viewer.party.moved;
	for (unsigned i = 0; i < 60; i++) {
		s.direct_down = sim_is_direct(&s.viewer);
		talk(&s, 500 * MS, 10 * MS, NULL);
	}
	print_message("a minute's half of flapping: %u moves\n", s.viewer.party.moved - before);
	assert_true(s.viewer.party.moved - before <= 16);
	sim_run(&s, 2 * S, NULL);
	nothing_is_lost(&s);
	sim_finish(&s);
}

/* The relay dies under a session that needs it, and comes back with other legs. */
static void
relay_dies(void **state)
{
	struct natsim s;
	(void)state;
	sim_init(&s);
	sim_behind_kinds(&s, sim_kinds[RND], sim_kinds[RND]);
	sim_dial(&s);
	talked[0] = talked[1] = 0;
	assert_true(sim_run(&s, 5 * S, sim_open));
	talk(&s, 2 * S, 20 * MS, NULL);
	s.relay_down = true;
	talk(&s, 3 * S, 20 * MS, NULL);
	assert_in_range(s.viewer.stuck, 2, 6);
	assert_in_range(s.host.stuck, 2, 6);
	s.relay_down = false;
	s.viewer.leg_lost = s.host.leg_lost = true;
	s.viewer.leg_back_ns = s.host.leg_back_ns = UINT64_MAX;
	unsigned events = s.viewer.party.events;
	talk(&s, 3 * S, 20 * MS, NULL);
	assert_true(s.viewer.party.events > events);
	sim_run(&s, 3 * S, NULL);
	nothing_is_lost(&s);
	sim_finish(&s);
}

/* A relay that is gone is no matter to a direct session, and its leg is not needed. */
static void
relay_dies_elsewhere(void **state)
{
	struct natsim s;
	(void)state;
	begin(&s, PRC, ADR);
	s.relay_down = true;
	talk(&s, 100 * S, 50 * MS, NULL);
	assert_true(sim_both_direct(&s));
	assert_int_equal(s.viewer.stuck + s.host.stuck, 0);
	/* Then the direct path dies, and the relay is back but knows nobody. */
	s.relay_down = false;
	s.viewer.leg_lost = s.host.leg_lost = true;
	s.viewer.leg_back_ns = s.host.leg_back_ns = UINT64_MAX;
	s.direct_down = true;
	uint64_t at = s.net.now_ns;
	unsigned events = s.viewer.party.events;
	while (s.viewer.party.events == events && s.net.now_ns < at + 10 * S)
		talk(&s, 20 * MS, 20 * MS, NULL);
	print_message("direct dead, legs lost: heard again after %.0f ms\n",
		(double)(s.net.now_ns - at) / 1e6);
	assert_true(s.net.now_ns - at <= 1500 * MS);
	sim_run(&s, 5 * S, NULL);
	nothing_is_lost(&s);
	sim_finish(&s);
}

/* Another network: other NAT, other addresses; the relay's leg is bound anew. */
static void
roaming(void **state)
{
	(void)state;
	for (unsigned who = 0; who < 2; who++) {
		struct natsim s;
		begin(&s, PRC, PRC);
		struct sim_host *h = who ? &s.host : &s.viewer, *peer = sim_other(h);
		talk(&s, 2 * S, 20 * MS, NULL);
		sim_nat_free(h->chain[0][0]);
		h->inside[0] = sim_v4(10, 9, 9, 9, 0);
		h->owd_ns = 20 * MS;
		sim_behind(h, 0, sim_kinds[PRCX], sim_v4(198, 51, 100, 77, 0));
		h->leg_lost = true;
		h->leg_back_ns = UINT64_MAX;
		uint64_t at = s.net.now_ns;
		unsigned events = peer->party.events;
		/* The agent hears of it, and has asked around. */
		talk(&s, 80 * MS, 20 * MS, NULL);
		h->leg_back_ns = s.net.now_ns + h->rebind_ns;
		sim_tell(h);
		while (peer->party.events == events && s.net.now_ns < at + 10 * S)
			talk(&s, 20 * MS, 20 * MS, NULL);
		print_message("%s roams: heard again after %.0f ms", who ? "host" : "viewer",
			(double)(s.net.now_ns - at) / 1e6);
		assert_true(s.net.now_ns - at <= S);
		talk(&s, 5 * S, 20 * MS, sim_both_direct);
		print_message(", directly after %.0f ms\n", (double)(s.net.now_ns - at) / 1e6);
		talk(&s, S, 20 * MS, NULL);
		assert_true(sim_both_direct(&s));
		sim_run(&s, 5 * S, NULL);
		nothing_is_lost(&s);
		sim_finish(&s);
	}
}

/* Nobody says anything for long: the NATs remember, the relay's leg stays warm. */
static void
idle(void **state)
{
	struct natsim s;
	(void)state;
	struct sim_kind kind = sim_kinds[PRC];
	kind.timeout_ns = 30 * S;
	sim_init(&s);
	sim_behind_kinds(&s, kind, kind);
	open_direct(&s);
	sim_run(&s, 10 * S, NULL);
	uint64_t sent = s.viewer.sent + s.host.sent;
	sim_run(&s, 300 * S, NULL);
	assert_true(sim_both_direct(&s));
	print_message("idle: %.2f datagrams a second\n",
		(double)(s.viewer.sent + s.host.sent - sent) / 300);
	assert_true(s.viewer.sent + s.host.sent - sent < 300 * 2);
	s.direct_down = true;
	uint64_t at = s.net.now_ns;
	talk(&s, 2 * S, 10 * MS, both_relayed);
	assert_true(talk_ns && talk_ns - at <= FAILOVER);
	sim_run(&s, S, NULL);
	nothing_is_lost(&s);
	sim_finish(&s);
}

/* A picture stream while the path changes from the relay to the direct one. */
static void
while_pictures_flow(void **state)
{
	struct natsim s;
	uint8_t data[20000] = {0};
	unsigned sent = 0;
	(void)state;
	sim_init(&s);
	sim_behind_kinds(&s, sim_kinds[PRC], sim_kinds[PRC]);
	sim_dial(&s);
	assert_true(sim_run(&s, 5 * S, sim_open));
	for (; sent < 300; sent++) {
		rd_mux_unit(rd_conn_mux(s.host.party.conn), RD_TRAFFIC_PICTURE, data, sizeof(data),
			s.net.now_ns + 2 * S, 0);
		rd_mux_event(rd_conn_mux(s.viewer.dialled), data, 8, s.net.now_ns);
		sim_run(&s, 16 * MS, NULL);
	}
	sim_run(&s, 3 * S, NULL);
	assert_true(sim_both_direct(&s));
	assert_int_equal(s.host.party.events, sent);
	assert_int_equal(s.viewer.party.units, sent);
	assert_int_equal(s.viewer.party.moved, 1);
	assert_int_equal(s.host.party.moved, 1);
	sim_finish(&s);
}

/* A tunnel on the way lets small datagrams pass and loses what pictures are made of. */
static void
only_small_ones_pass(void **state)
{
	struct natsim s;
	uint8_t data[3000] = {0};
	(void)state;
	sim_init(&s);
	s.mtu = 1000;
	sim_behind_kinds(&s, sim_kinds[PRC], sim_kinds[PRC]);
	open_direct(&s);
	uint64_t at = s.net.now_ns;
	for (unsigned i = 0; i < 600; i++) {
		rd_mux_unit(rd_conn_mux(s.host.party.conn), RD_TRAFFIC_PICTURE, data, sizeof(data),
			UINT64_MAX, 0);
		rd_mux_event(rd_conn_mux(s.host.party.conn), data, 8, s.net.now_ns);
		sim_run(&s, 16 * MS, NULL);
		if (sim_none_direct(&s) && at) {
			print_message("narrow path left after %.0f ms\n", (double)(s.net.now_ns - at) / 1e6);
			at = 0;
		}
	}
	assert_int_equal(at, 0);
	sim_run(&s, 5 * S, NULL);
	assert_int_equal(s.viewer.party.units, 600);
	assert_true(s.viewer.party.moved <= 6);
	/* The tunnel is gone: the next try finds out. */
	s.mtu = 0;
	sim_run(&s, 130 * S, sim_both_direct);
	assert_true(sim_both_direct(&s));
	sim_finish(&s);
}

/* What a relay is told about what it carries. */
static void
traffic_classes(void **state)
{
	struct natsim s;
	uint8_t out[RD_PACKET_MAX], data[3000] = {0};
	struct rd_addr to;
	size_t len;
	bool seen[RD_TRAFFICS] = {false};
	static const enum rd_traffic expected[] = {RD_TRAFFIC_INPUT, RD_TRAFFIC_SOUND,
		RD_TRAFFIC_PICTURE, RD_TRAFFIC_BULK};
	(void)state;
	sim_init(&s);
	sim_behind_kinds(&s, sim_kinds[RND], sim_kinds[RND]);
	sim_dial(&s);
	assert_true(sim_run(&s, 5 * S, sim_open));
	sim_run(&s, 8 * S, NULL);
	struct rd_mux *m = rd_conn_mux(s.viewer.dialled);
	int64_t bulk = rd_mux_stream_open(m, RD_TRAFFIC_BULK);
	for (unsigned i = 0; i < 4; i++) {
		if (i == 0)
			rd_mux_event(m, data, 8, s.net.now_ns);
		else if (i == 1)
			rd_mux_unit(m, RD_TRAFFIC_SOUND, data, 100, UINT64_MAX, 0);
		else if (i == 2)
			rd_mux_unit(m, RD_TRAFFIC_PICTURE, data, 3000, UINT64_MAX, 0);
		else
			rd_mux_stream_write(m, (uint64_t)bulk, data, 3000, false);
		memset(&to, 0, sizeof(to));
		while ((len = rd_conn_send(s.viewer.dialled, &to, out, sizeof(out), s.net.now_ns)) > 0) {
			assert_true(to.relayed);
			seen[to.traffic] = true;
			sim_send(&s.viewer, &to, out, len);
		}
		assert_true(seen[expected[i]]);
		sim_run(&s, 100 * MS, NULL);
	}
	assert_false(seen[RD_TRAFFIC_CLIPBOARD]);
	sim_finish(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(double_nat),
		cmocka_unit_test(hairpin),
		cmocka_unit_test(one_lan),
		cmocka_unit_test(the_same_private_address),
		cmocka_unit_test(ipv6_firewalls),
		cmocka_unit_test(few_ports),
		cmocka_unit_test(loss),
		cmocka_unit_test(policies),
		cmocka_unit_test(direct_only),
		cmocka_unit_test(nat_forgets),
		cmocka_unit_test(direct_path_dies),
		cmocka_unit_test(the_host_finds_out),
		cmocka_unit_test(a_path_that_flaps),
		cmocka_unit_test(relay_dies),
		cmocka_unit_test(relay_dies_elsewhere),
		cmocka_unit_test(roaming),
		cmocka_unit_test(idle),
		cmocka_unit_test(while_pictures_flow),
		cmocka_unit_test(only_small_ones_pass),
		cmocka_unit_test(traffic_classes),
	};
	if (vnet_sodium() < 0)
		return 1;
	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

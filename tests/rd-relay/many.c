#include "rd-relay/world.h"

#include <malloc.h>

/* Many of everything: what is kept stays bounded, and is found again. */
#define PEERS 100000

static struct peer
simulated(unsigned n)
{
	struct peer as = {.index = n * 2654435761u | 1, .theirs = n, .timestamp = n,
		.heard_ns = NS_PER_S};
	struct rd_addr at = addr_of(n, 5000);
	/* Every third by TLS. */
	at.stream = n % 3 == 0;
	at.carrier = at.stream ? n : 0;
	as.at = where_of(&at);
	memcpy(as.key.bytes, &n, sizeof(n));
	as.key.bytes[31] = 1;
	return as;
}

static bool
add_host(struct peers *p, unsigned n)
{
	struct peer as = simulated(n);
	struct peer *peer = peers_add(p, &as, PEERS_HOST);
	if (peer)
		peers_register(p, peer, NULL, 1, 1);
	return peer != NULL;
}

static void
a_hundred_thousand_peers(void **state)
{
	struct peers p = {0};
	(void)state;
	size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
	peers_init(&p, 200000);
	for (unsigned n = 0; n < PEERS; n++)
		assert_true(add_host(&p, n));
	size_t bytes = mallinfo2().uordblks + mallinfo2().hblkhd - before;
	print_message("%zu bytes for each of %u peers\n", bytes / PEERS, PEERS);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	/* All that they need, stamps of others too. */
	assert_true(bytes > 100 * (size_t)PEERS && bytes <= 256 * (size_t)PEERS);
#endif
	for (unsigned n = 0; n < PEERS; n++) {
		struct peer as = simulated(n);
		struct peer *peer = peers_find(&p, as.index);
		assert_non_null(peer);
		assert_int_equal(peer->theirs, n);
		assert_ptr_equal(peers_host(&p, &as.key, 1), peer);
	}
	assert_int_equal(p.hosts, PEERS);
	assert_int_equal(p.tls, PEERS / 3 + 1);
	peers_finish(&p);
}

/* Against a plain list: adding, removing, moving, by chance. */
static void
peers_come_and_go(void **state)
{
	enum { N = 3000 };
	struct peers p = {0};
	static bool there[N];
	(void)state;
	peers_init(&p, N);
	for (unsigned i = 0; i < 200000; i++) {
		unsigned n = randombytes_uniform(N);
		struct peer as = simulated(n), *peer = peers_find(&p, as.index);
		assert_int_equal(peer != NULL, there[n]);
		assert_ptr_equal(peers_host(&p, &as.key, 1), peer);
		if (!peer) {
			assert_true(add_host(&p, n));
		} else if (i % 4 == 0) {
			struct rd_addr at = addr_of(n, 7);
			at.stream = i % 8 == 0;
			at.carrier = n;
			struct where to = where_of(&at);
			peers_move(&p, peer, &to);
			continue;
		} else {
			peers_remove(&p, peer);
		}
		there[n] = !there[n];
	}
	unsigned count = 0;
	for (unsigned n = 0; n < N; n++) {
		struct peer as = simulated(n), *peer = peers_find(&p, as.index);
		assert_int_equal(peer != NULL, there[n]);
		count += there[n];
		/* What is on that connection is nowhere afterwards. */
		while (peers_cut_carrier(&p, n))
			;
		assert_true(!peer || !where_stream(&peer->at));
	}
	assert_int_equal(p.count, count);
	assert_int_equal(p.tls, 0);
	assert_true(p.made <= N);
	peers_finish(&p);
}

static void
peers_have_a_bound(void **state)
{
	struct peers p = {0};
	(void)state;
	peers_init(&p, 100);
	for (unsigned n = 0; n < 200; n++)
		assert_int_equal(add_host(&p, n), n < 100);
	peers_finish(&p);
}

static void
stamps_are_remembered(void **state)
{
	struct peers p = {0};
	(void)state;
	peers_init(&p, 100);
	for (unsigned n = 1; n <= 5000; n++) {
		add_host(&p, n);
		struct peer as = simulated(n);
		assert_true(peers_replayed(&p, &as.key, n));
		assert_false(peers_replayed(&p, &as.key, n + 1));
		peers_remove(&p, peers_find(&p, as.index));
		assert_true(peers_replayed(&p, &as.key, n));
		assert_false(peers_replayed(&p, &as.key, n + 1));
	}
	peers_finish(&p);
}

/* All that time ends is found by ticks, whatever there is of it. */
static void
ticks_find_all(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	w.cfg.max_peers = 20000;
	w.cfg.max_sessions = 5000;
	world_restart(&w);
	struct core *c = w.core;
	for (unsigned n = 0; n < 20000; n++) {
		struct peer as = simulated(n);
		as.heard_ns = w.now_ns;
		struct peer *peer = peers_add(&c->peers, &as, PEERS_HOST);
		assert_non_null(peer);
		peers_register(&c->peers, peer, NULL, 1, w.now_ns);
		if (n % 2)
			peer->slot[0] = slots_new(&c->slots, &as.key, 1, as.index, 1, w.now_ns);
	}
	struct where at = {.w = {1, 1, 1, 1}};
	for (unsigned n = 0; n < 5000; n++)
		assert_non_null(legs_add(&c->legs, &(struct session_new){.id = n,
			.ends_ns = UINT64_MAX, .at = {at, at}, .tag = {n, n % 7}}, w.now_ns));
	assert_null(legs_add(&c->legs, &(struct session_new){.id = 1}, w.now_ns));
	struct core_stats s = world_stats(&w);
	assert_int_equal(s.hosts, 20000);
	assert_int_equal(s.slots, 10000);
	assert_int_equal(s.sessions, 5000);
	world_wait(&w, 65 * S);
	assert_int_equal(world_stats(&w).sessions, 0);
	assert_int_equal(w.events[CORE_SESSION_ENDED], 5000);
	assert_int_equal(world_stats(&w).hosts, 20000);
	world_wait(&w, 40 * S);
	s = world_stats(&w);
	assert_int_equal(s.hosts, 0);
	assert_int_equal(s.slots, 0);
	assert_int_equal(w.events[CORE_LEFT], 20000);
	assert_int_equal(w.events[CORE_SLOT_OVER], 10000);
	world_finish(&w);
}

/* DRAIN reaches all, some in each tick. */
static void
all_hosts_are_told_of_a_drain(void **state)
{
	struct world w;
	(void)state;
	world_init(&w);
	w.cfg.max_peers = 20000;
	world_restart(&w);
	for (unsigned n = 0; n < 10000; n++) {
		struct peer as = simulated(n);
		as.heard_ns = w.now_ns;
		peers_register(&w.core->peers, peers_add(&w.core->peers, &as, PEERS_HOST), NULL, 1,
			w.now_ns);
	}
	core_drain(w.core, &w.out, 30, w.now_ns);
	assert_true(w.sent > 0 && w.sent < 10000);
	world_wait(&w, S);
	assert_int_equal(w.sent, 10000);
	world_wait(&w, S);
	assert_int_equal(w.sent, 10000);
	world_finish(&w);
}

static void
sessions_come_and_go(void **state)
{
	enum { N = 500 };
	struct legs t = {0};
	uint64_t handle[N][2] = {{0}};
	(void)state;
	legs_init(&t, N);
	for (unsigned i = 0; i < 100000; i++) {
		unsigned n = randombytes_uniform(N);
		bool free;
		struct session *s = legs_find(&t, handle[n][0], &free);
		if (handle[n][0]) {
			assert_non_null(s);
			assert_int_equal(s->id, n);
			assert_ptr_equal(legs_find(&t, handle[n][1], &free), s);
			legs_remove(&t, s);
			assert_null(legs_find(&t, handle[n][0], &free));
			assert_true(free);
			handle[n][0] = 0;
			continue;
		}
		struct rd_addr at = addr_of(n, 1);
		at.stream = n % 2;
		at.carrier = n;
		struct session_new begin = {.id = n, .at = {where_of(&at), where_of(&at)},
			.tag = {n % 5, n}};
		s = legs_add(&t, &begin, 1);
		assert_non_null(s);
		memcpy(handle[n], s->handle, sizeof(handle[n]));
	}
	unsigned of_tag[5] = {0}, count = 0;
	for (unsigned n = 0; n < N; n++) {
		count += handle[n][0] != 0;
		of_tag[n % 5] += handle[n][0] != 0;
	}
	assert_int_equal(t.count, count);
	for (unsigned tag = 0; tag < 5; tag++)
		for (struct session *s = NULL; (s = legs_of_tag(&t, 0, tag, s)); of_tag[tag]--)
			assert_int_equal(s->tag[0], tag);
	for (unsigned n = 0; n < N; n++) {
		assert_int_equal(of_tag[n % 5], 0);
		legs_cut_carrier(&t, n);
		struct where at = legs_at(&t, handle[n][0]);
		assert_true(!handle[n][0] || where_nowhere(&at) == n % 2);
	}
	legs_finish(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hundred_thousand_peers),
		cmocka_unit_test(peers_come_and_go),
		cmocka_unit_test(peers_have_a_bound),
		cmocka_unit_test(stamps_are_remembered),
		cmocka_unit_test(ticks_find_all),
		cmocka_unit_test(all_hosts_are_told_of_a_drain),
		cmocka_unit_test(sessions_come_and_go),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

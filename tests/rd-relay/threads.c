#include "rd-relay/world.h"

/*
 * Forwarding while sessions come and go, move and end: run it under
 * SAN=thread. What is routed never mixes two sessions: each has addresses of
 * its own, which say whose they are.
 */
#define SESSIONS 64
#define CHANGES 20000

struct shared {
	struct core *core;
	_Atomic uint64_t handle[SESSIONS][2];
	_Atomic bool done;
	_Atomic unsigned routed, wrong;
};

static struct rd_addr
leg_addr(unsigned n, unsigned leg, unsigned port)
{
	struct rd_addr a = addr_of(2 * n + leg, 1 + port);
	return a;
}

static void *
forward(void *ctx)
{
	struct shared *s = ctx;
	struct core_route r;
	enum core_drop why;
	uint8_t handle[RD_HANDLE];
	for (unsigned i = 0; !atomic_load(&s->done); i++) {
		unsigned n = i % SESSIONS, leg = i / SESSIONS % 2;
		struct rd_addr from = leg_addr(n, leg, i / 7 % 2);
		handle_bytes(atomic_load(&s->handle[n][leg]), handle);
		if (!core_route(s->core, &from, handle, 1, 100, i, &r, &why))
			continue;
		atomic_fetch_add(&s->routed, 1);
		struct rd_addr to = leg_addr(n, !leg, 0);
		if (!rd_addr_same_ip(&r.to, &to))
			atomic_fetch_add(&s->wrong, 1);
	}
	return NULL;
}

static void
begin(struct shared *s, unsigned n)
{
	struct rd_addr a = leg_addr(n, 0, 0), b = leg_addr(n, 1, 0);
	struct session_new begin = {.id = n, .ends_ns = UINT64_MAX, .kbps = 1000000,
		.max_bytes = 1 << 30, .at = {where_of(&a), where_of(&b)}, .tag = {n, n}};
	struct session *session = legs_add(&s->core->legs, &begin, 1);
	assert_non_null(session);
	for (unsigned leg = 0; leg < 2; leg++)
		atomic_store(&s->handle[n][leg], session->handle[leg]);
}

static void
change(struct shared *s, unsigned i)
{
	unsigned n = randombytes_uniform(SESSIONS), leg = i % 2;
	bool free;
	pthread_mutex_lock(&s->core->lock);
	struct session *session = legs_find(&s->core->legs, atomic_load(&s->handle[n][leg]), &free);
	if (!session) {
		begin(s, n);
	} else if (i % 4 == 0) {
		struct work w = {.datagrams = 0};
		core_end(s->core, &w, session);
	} else {
		struct rd_addr a = leg_addr(n, leg, i / 4 % 2);
		struct where at = where_of(&a);
		legs_bind(&s->core->legs, session, leg, &at, i);
	}
	pthread_mutex_unlock(&s->core->lock);
}

static void
forwarding_while_sessions_change(void **state)
{
	struct world w;
	struct shared s = {0};
	pthread_t thread[3];
	(void)state;
	world_init(&w);
	s.core = w.core;
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, forward, &s), 0);
	for (unsigned i = 0; i < CHANGES || !atomic_load(&s.routed); i++)
		change(&s, i);
	atomic_store(&s.done, true);
	for (unsigned i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	print_message("%u datagrams\n", atomic_load(&s.routed));
	assert_int_equal(s.wrong, 0);
	world_finish(&w);
}

/* --- whole ends, each in a thread, beside ticks --- */

static void
drop_mail(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	(void)to;
	(void)data;
	atomic_fetch_add((_Atomic unsigned *)ctx, (unsigned)(len > 0));
}

struct busy { struct world *w; unsigned n; _Atomic unsigned *heard; };

/* A host that comes, asks for things, is connected to, and leaves. */
static void *
live(void *ctx)
{
	struct busy *b = ctx;
	struct world own = *b->w;
	own.mail = xcalloc(MAIL, sizeof(*own.mail));
	own.out.ctx = &own;
	for (unsigned i = 0; i < 20; i++) {
		struct end host, viewer;
		own.now_ns += 3 * S;
		end_host(&host, &own, 2 * b->n);
		end_viewer(&viewer, &own, 2 * b->n + 1);
		uint32_t slot = end_slot(&host);
		struct met met = ends_meet(&viewer, &host, connect_slot(slot));
		assert_routed(&own, &viewer.addr, met.viewer.handle, &host.addr, met.host.handle);
		if (i % 2)
			end_say(&host, (struct rd_relay_msg){.type = RD_RELAY_BYE});
	}
	free(own.mail);
	return NULL;
}

static void *
tick(void *ctx)
{
	struct busy *b = ctx;
	struct core_out out = {.send = drop_mail, .ctx = (void *)b->heard};
	for (unsigned i = 0; i < 300; i++) {
		struct core_stats s;
		core_tick(b->w->core, &out, b->w->now_ns + i * MS);
		core_stats(b->w->core, &s);
		core_reload(b->w->core, &b->w->cfg);
		core_carrier_gone(b->w->core, i);
	}
	return NULL;
}

static void
ends_beside_each_other(void **state)
{
	struct world w;
	struct busy busy[3];
	pthread_t thread[3];
	_Atomic unsigned heard = 0;
	(void)state;
	world_init(&w);
	/* Told by several threads at once: the tally of the test is of one. */
	w.core->event = NULL;
	for (unsigned i = 0; i < 3; i++) {
		busy[i] = (struct busy){.w = &w, .n = i + 1, .heard = &heard};
		assert_int_equal(pthread_create(&thread[i], NULL, i ? live : tick, &busy[i]), 0);
	}
	for (unsigned i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	assert_int_equal(world_stats(&w).count[COUNT_CONNECT_OK], 40);
	world_finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forwarding_while_sessions_change),
		cmocka_unit_test(ends_beside_each_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

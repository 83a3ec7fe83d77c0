/* INIT after INIT to a relay: ends of one key at the same moment, and relays far away. */
#include "rd-relay/world.h"

#include "net/relay_client.h"

#define MANY 4
#define FLYING 512
#define KEPT 64
#define STEP_NS (10 * MS)
#define WALL_NS (1700000000 * S)

struct flying { uint64_t at_ns; bool up; struct rd_addr from, to; size_t len; uint8_t data[1500]; };

struct party {
	struct rd_relay_client *client;
	struct rd_addr addr;
	unsigned ready, lost, nos;
	uint64_t ready_ns;
	const struct world *w;
};

/* Both ways take as long. */
struct many {
	struct world w;
	struct rd_keypair keys;
	struct party parties[MANY];
	unsigned count;
	uint64_t way_ns;
	struct flying *flying;		/* a ring, in the order of arrival */
	unsigned first, last;
	unsigned lose_responses;	/* the first so many */
	unsigned inits, responses, cookies;
	struct { uint8_t data[RD_PACKET_HANDSHAKE_MAX]; size_t len; } init[KEPT];
};

static const struct rd_addr relay_addr = {.family = 4, .ip = {10, 9, 9, 9}, .port = RD_RELAY_PORT};

static void
on_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct party *p = ctx;
	assert_true(rd_addr_equal(seen, &p->addr));
	(void)policy;
	p->ready_ns = p->w->now_ns;
	p->ready++;
}

static void
on_lost(void *ctx)
{
	((struct party *)ctx)->lost++;
}

static void
on_no(void *ctx, enum rd_relay_msg_type of, enum rd_relay_no why, uint32_t retry_s)
{
	(void)of;
	(void)why;
	(void)retry_s;
	((struct party *)ctx)->nos++;
}

static const struct rd_relay_client_ops ops = {.ready = on_ready, .lost = on_lost, .no = on_no};

static void
many_init(struct many *c, uint64_t round_trip_ns)
{
	memset(c, 0, sizeof(*c));
	world_init(&c->w);
	rd_keypair_new(&c->keys);
	c->way_ns = round_trip_ns / 2;
	c->flying = xcalloc(FLYING, sizeof(*c->flying));
}

static void
many_finish(struct many *c)
{
	for (unsigned i = 0; i < c->count; i++)
		rd_relay_client_free(c->parties[i].client);
	free(c->flying);
	world_finish(&c->w);
}

static struct party *
join(struct many *c, enum rd_relay_role role, uint64_t wall_ns)
{
	struct party *p = &c->parties[c->count];
	*p = (struct party){.w = &c->w, .addr = addr_of(1, 5000 + c->count)};
	c->count++;
	p->client = rd_relay_client_new(&(struct rd_relay_client_config){.own = &c->keys,
		.role = role, .relay = &c->w.cfg.key.public, .join = c->w.cfg.join,
		.wall_ns = wall_ns}, &ops, p, c->w.now_ns);
	rd_relay_client_to(p->client, &relay_addr, c->w.now_ns);
	return p;
}

static void
note_init(struct many *c, const uint8_t *data, size_t len)
{
	assert_true(c->inits < KEPT && len <= sizeof(c->init[0].data));
	memcpy(c->init[c->inits].data, data, len);
	c->init[c->inits++].len = len;
}

static void
fly(struct many *c, bool up, const struct rd_addr *from, const struct rd_addr *to,
	const uint8_t *data, size_t len)
{
	assert_true(c->last - c->first < FLYING);
	struct flying *f = &c->flying[c->last % FLYING];
	*f = (struct flying){.at_ns = c->w.now_ns + c->way_ns, .up = up, .from = *from, .to = *to,
		.len = len};
	memcpy(f->data, data, len);
	c->cookies += data[0] == RD_PACKET_COOKIE;
	if (data[0] == RD_PACKET_INIT)
		note_init(c, data, len);
	if (data[0] != RD_PACKET_RESPONSE || c->responses++ >= c->lose_responses)
		c->last++;
}

static void
arrive(struct many *c, struct flying *f)
{
	uint32_t leg;
	uint8_t *payload;
	size_t len;
	if (f->up) {
		core_datagram(c->w.core, &c->w.out, &f->from, f->data, f->len, c->w.now_ns);
		return;
	}
	for (unsigned i = 0; i < c->count; i++)
		if (rd_addr_equal(&f->to, &c->parties[i].addr))
			rd_relay_client_receive(c->parties[i].client, &relay_addr, f->data, f->len,
				c->w.now_ns, &leg, &payload, &len);
}

static void
speak(struct many *c, struct party *p)
{
	struct rd_addr to;
	uint8_t data[1500];
	size_t len;
	rd_relay_client_tick(p->client, c->w.now_ns);
	while ((len = rd_relay_client_send(p->client, &to, data, sizeof(data), c->w.now_ns)))
		fly(c, true, &p->addr, &to, data, len);
}

static void
step(struct many *c)
{
	/* Whoever is last speaks first: so the newest is heard first. */
	for (unsigned i = c->count; i-- > 0;)
		speak(c, &c->parties[i]);
	while (c->first < c->last && c->flying[c->first % FLYING].at_ns <= c->w.now_ns)
		arrive(c, &c->flying[c->first++ % FLYING]);
	while (c->w.read < c->w.sent) {
		struct mail m = c->w.mail[c->w.read++ % MAIL];
		fly(c, false, &relay_addr, &m.to, m.data, m.len);
	}
	core_tick(c->w.core, &c->w.out, c->w.now_ns);
	c->w.now_ns += STEP_NS;
}

static bool
all_ready(const struct many *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (!rd_relay_client_stands(c->parties[i].client))
			return false;
	return true;
}

static void
go_on(struct many *c, uint64_t ns)
{
	for (uint64_t end = c->w.now_ns + ns; c->w.now_ns < end;)
		step(c);
}

static bool
ready_within(struct many *c, uint64_t ns)
{
	for (uint64_t end = c->w.now_ns + ns; c->w.now_ns < end && !all_ready(c);)
		step(c);
	return all_ready(c);
}

/* --- one moment --- */

/* `step_ns` is how much later than the one after it each says it is. */
static void
all_get_in(unsigned hosts, uint64_t step_ns, uint64_t round_trip_ns)
{
	struct many c;
	many_init(&c, round_trip_ns);
	for (unsigned i = 0; i < MANY; i++)
		join(&c, i < hosts ? RD_ROLE_HOST : RD_ROLE_VIEWER, WALL_NS - i * step_ns);
	/* Whoever dials has ten seconds, and needs some for what comes after. */
	assert_true(ready_within(&c, 5 * S + 2 * round_trip_ns));
	for (unsigned i = 0; i < MANY; i++) {
		assert_int_equal(c.parties[i].ready, 1);
		assert_int_equal(c.parties[i].lost + c.parties[i].nos, 0);
	}
	go_on(&c, 20 * S);
	assert_int_equal(world_stats(&c.w).half_open, 0);
	assert_int_equal(world_stats(&c.w).peers_udp, MANY);
	assert_int_equal(world_stats(&c.w).count[COUNT_HANDSHAKES_OK], MANY);
	many_finish(&c);
}

static void
one_key_at_one_moment(void **state)
{
	static const uint64_t steps[] = {0, 1, 1000, MS, 300 * MS};
	static const uint64_t trips[] = {0, 20 * MS, 700 * MS, 2 * S};
	(void)state;
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		for (size_t k = 0; k < sizeof(trips) / sizeof(trips[0]); k++)
			for (unsigned hosts = 0; hosts < 2; hosts++)
				all_get_in(hosts, steps[i], trips[k]);
}

/* The newer stands already when the INIT of the older comes: it was long on its way. */
static void
one_is_late(void **state)
{
	static const uint64_t behind[] = {0, MS, 300 * MS, 2 * S};
	(void)state;
	for (size_t i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		struct many c;
		many_init(&c, 20 * MS);
		join(&c, RD_ROLE_VIEWER, WALL_NS);
		assert_true(ready_within(&c, S));
		join(&c, RD_ROLE_VIEWER, WALL_NS - behind[i]);
		assert_true(ready_within(&c, 5 * S));
		assert_true(world_stats(&c.w).count[COUNT_HANDSHAKES_BAD] >= 1);
		assert_int_equal(c.parties[0].lost + c.parties[1].lost, 0);
		many_finish(&c);
	}
}

/* --- far away --- */

static void
alone(struct many *c, uint64_t round_trip_ns)
{
	many_init(c, round_trip_ns);
	join(c, RD_ROLE_VIEWER, WALL_NS);
}

/* One session, and soon nothing that waits. */
static void
assert_one_is_left(struct many *c)
{
	go_on(c, 20 * S);
	assert_true(all_ready(c));
	assert_int_equal(c->parties[0].ready, 1);
	assert_int_equal(c->parties[0].lost, 0);
	assert_int_equal(world_stats(&c->w).half_open, 0);
	assert_int_equal(world_stats(&c->w).peers_udp, 1);
	assert_int_equal(world_stats(&c->w).count[COUNT_HANDSHAKES_BAD], 0);
}

/* The first answer counts, however many INITs have gone since. */
static void
far_away(void **state)
{
	static const struct { uint64_t trip_ns; unsigned least, most; } far[] = {
		{20 * MS, 1, 1}, {700 * MS, 2, 3}, {2 * S, 4, 4}, {3 * S, 4, 4}, {5 * S, 5, 6},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct many c;
		alone(&c, far[i].trip_ns);
		uint64_t t0 = c.w.now_ns;
		assert_true(ready_within(&c, 20 * S));
		/* INIT and KEEP, a round trip each. */
		assert_in_range(c.parties[0].ready_ns - t0, 2 * far[i].trip_ns,
			2 * far[i].trip_ns + 4 * STEP_NS);
		assert_in_range(c.inits, far[i].least, far[i].most);
		assert_one_is_left(&c);
		many_finish(&c);
	}
}

static void
answers_that_are_lost(void **state)
{
	static const uint64_t trips[] = {20 * MS, 700 * MS, 2 * S};
	(void)state;
	for (unsigned lost = 1; lost <= 4; lost++)
		for (size_t i = 0; i < sizeof(trips) / sizeof(trips[0]); i++) {
			struct many c;
			alone(&c, trips[i]);
			c.lose_responses = lost;
			assert_true(ready_within(&c, 20 * S));
			assert_one_is_left(&c);
			many_finish(&c);
		}
}

/* A COOKIE for an INIT before the last is good for those to come. */
static void
a_busy_relay_far_away(void **state)
{
	static const struct { uint64_t trip_ns; unsigned lost; } far[] = {
		{20 * MS, 0}, {20 * MS, 3}, {600 * MS, 0}, {2500 * MS, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
		struct many c;
		alone(&c, far[i].trip_ns);
		c.w.core->busy_until_ns = UINT64_MAX;
		c.lose_responses = far[i].lost;
		uint64_t t0 = c.w.now_ns;
		assert_true(ready_within(&c, 20 * S));
		if (!far[i].lost)
			assert_in_range(c.parties[0].ready_ns - t0, 3 * far[i].trip_ns,
				3 * far[i].trip_ns + 6 * STEP_NS);
		assert_in_range(c.cookies, 1, 4);
		assert_one_is_left(&c);
		many_finish(&c);
	}
}

/* --- what is said --- */

static bool
same(const struct many *c, unsigned a, unsigned b)
{
	return c->init[a].len == c->init[b].len &&
		memcmp(c->init[a].data, c->init[b].data, c->init[a].len) == 0;
}

/* The first twice; then each is another, and of the same index. */
static void
each_is_another(void **state)
{
	struct many c;
	(void)state;
	alone(&c, 20 * MS);
	c.lose_responses = UINT32_MAX;
	go_on(&c, 6 * S);
	assert_true(c.inits >= 5);
	assert_true(same(&c, 0, 1));
	for (unsigned i = 1; i < c.inits; i++) {
		assert_memory_equal(c.init[i].data, c.init[0].data, 8);
		for (unsigned k = i + 1; k < c.inits; k++)
			assert_false(same(&c, i, k));
	}
	/* The relay has found all of them good, and forgets them. */
	assert_in_range(world_stats(&c.w).half_open, c.inits - 2, c.inits - 1);
	many_finish(&c);
}

/* Who has kept all of them gets no further with them than with one. */
static void
kept_and_said_again(void **state)
{
	struct many c;
	struct rd_addr thief = addr_of(66, 1);
	(void)state;
	alone(&c, 2 * S);
	assert_true(ready_within(&c, 20 * S));
	go_on(&c, 20 * S);
	unsigned inits = c.inits;
	assert_true(inits >= 4);
	for (unsigned i = 0; i < inits; i++)
		core_datagram(c.w.core, &c.w.out, &thief, c.init[i].data, c.init[i].len, c.w.now_ns);
	/* The first was confirmed; those after it wait for what only their maker can say. */
	assert_int_equal(world_stats(&c.w).half_open, inits - 2);
	assert_int_equal(world_stats(&c.w).count[COUNT_HANDSHAKES_BAD], 2);
	go_on(&c, 20 * S);
	assert_int_equal(world_stats(&c.w).half_open, 0);
	assert_int_equal(world_stats(&c.w).peers_udp, 1);
	assert_true(all_ready(&c));
	many_finish(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_key_at_one_moment),
		cmocka_unit_test(one_is_late),
		cmocka_unit_test(far_away),
		cmocka_unit_test(answers_that_are_lost),
		cmocka_unit_test(a_busy_relay_far_away),
		cmocka_unit_test(each_is_another),
		cmocka_unit_test(kept_and_said_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

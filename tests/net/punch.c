#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "dice.h"
#include "net/punch.h"

#define MS RD_NS_PER_MS
#define S RD_NS_PER_S
#define BEGUN S
#define LOG 8192

/* What a prober asks, and when. */
struct said { struct rd_addr to; uint8_t data[8]; uint64_t at; };
static struct said said[LOG];
static unsigned count;
static uint64_t now;
static bool narrow;		/* large probes get no answer; else at once, and are not noted */

static struct rd_addr
place(uint8_t last, uint16_t port)
{
	return (struct rd_addr){.family = 4, .port = port, .ip = {198, 51, 100, last}};
}

static struct rd_addr
leg(void)
{
	struct rd_addr a = place(200, 21120);
	a.relayed = true;
	a.carrier = 1;
	return a;
}

static struct rd_candidates
told(uint8_t last, enum rd_nat_mapping mapping)
{
	struct rd_candidates c = {.generation = 1,
		.nat = {.mapping = mapping, .step = mapping == RD_NAT_SEQUENTIAL, .seen = place(last, 7000)}};
	c.list[0].kind = RD_CANDIDATE_HOST;
	c.list[0].addr = (struct rd_addr){.family = 4, .port = 21118, .ip = {10, 0, 0, last}};
	c.list[1].kind = RD_CANDIDATE_REFLEXIVE;
	c.list[1].addr = c.nat.seen;
	c.count = 2;
	return c;
}

static void
pump(struct rd_punch *p)
{
	struct rd_punched out;
	unsigned here = 0;
	while (count < LOG && rd_punch_next(p, &said[count].to, said[count].data, now)) {
		if (rd_punch_full(p) && !narrow) {
			/* The LAN is 6 ms away, all else 10. */
			uint64_t rtt = said[count].to.port == 21118 ? 6 * MS : 10 * MS;
			assert_true(rd_punch_answered(p, said[count].data, &said[count].to, now + rtt, &out));
			continue;
		}
		said[count++].at = now;
		assert_true(++here <= 4); /* a burst, and no more */
	}
	assert_true(rd_punch_deadline(p) > now);
}

static void
run(struct rd_punch *p, uint64_t until)
{
	for (;;) {
		pump(p);
		uint64_t due = rd_punch_deadline(p);
		if (due > until)
			break;
		now = due;
	}
	now = until;
}

static struct rd_punch *
begin(const struct rd_candidates *own, const struct rd_candidates *peer)
{
	count = 0;
	now = BEGUN;
	struct rd_punch *p = rd_punch_new(now);
	rd_punch_own(p, own, now);
	rd_punch_peer(p, peer, now);
	return p;
}

static unsigned
times(const struct rd_addr *to)
{
	unsigned n = 0;
	for (unsigned i = 0; i < count; i++)
		n += rd_addr_equal(to, &said[i].to);
	return n;
}

static void
rounds(void **state)
{
	static const unsigned expected_ms[] = {0, 20, 150, 350, 750, 1750, 2750, 3750, 4750, 5750,
		65750, 125750};
	struct rd_candidates own = told(1, RD_NAT_RANDOM), peer = told(2, RD_NAT_RANDOM);
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	assert_true(rd_punch_active(p));
	run(p, BEGUN + 130 * S);
	unsigned n = 0;
	for (unsigned i = 0; i < count; i++) {
		if (!rd_addr_equal(&said[i].to, &peer.list[1].addr))
			continue;
		assert_true(n < sizeof(expected_ms) / sizeof(expected_ms[0]));
		assert_int_equal((said[i].at - BEGUN) / MS, expected_ms[n]);
		/* Only the first one is an opener. */
		assert_int_equal(said[i].to.hops, n == 0 ? 4 : 0);
		n++;
	}
	assert_int_equal(n, 12);
	assert_true(rd_punch_tired(p));
	assert_int_equal(times(&peer.list[0].addr), 12);
	assert_int_equal(count, 24);
	/* The peer may begin later than we: then what is to arrive waits for it. */
	rd_punch_free(p);
	count = 0;
	now = BEGUN;
	p = rd_punch_new(now);
	rd_punch_lag(p, 80 * MS);
	rd_punch_own(p, &own, now);
	rd_punch_peer(p, &peer, now);
	run(p, BEGUN + S);
	n = 0;
	for (unsigned i = 0; i < count; i++)
		if (rd_addr_equal(&said[i].to, &peer.list[1].addr) && n++ == 1)
			assert_int_equal((said[i].at - BEGUN) / MS, 100);
	rd_punch_free(p);
}

/* Between any two of many candidates pass 5 ms, but for the first four. */
static void
pacing(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_RANDOM), peer = told(2, RD_NAT_RANDOM);
	(void)state;
	for (unsigned i = 2; i < RD_CANDIDATES; i++) {
		struct rd_addr a = place(2, (uint16_t)(100 + i));
		rd_candidates_add(&peer, RD_CANDIDATE_HOST, &a);
	}
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + S);
	for (unsigned i = 4; i < count; i++)
		assert_true(said[i].at >= said[i - 1].at + 5 * MS);
	assert_true(said[3].at == BEGUN);
	for (unsigned i = 0; i < peer.count; i++)
		assert_in_range(times(&peer.list[i].addr), 4, 5);
	rd_punch_free(p);
}

static void
nothing_without_both(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	struct rd_addr to;
	uint8_t data[8];
	(void)state;
	for (unsigned who = 0; who < 4; who++) {
		struct rd_punch *p = rd_punch_new(BEGUN);
		own.policy = who == 2 ? RD_PATH_RELAY : RD_PATH_AUTO;
		peer.policy = who == 3 ? RD_PATH_RELAY : RD_PATH_AUTO;
		if (who != 0)
			rd_punch_own(p, &own, BEGUN);
		if (who != 1)
			rd_punch_peer(p, &peer, BEGUN);
		rd_punch_heard(p, &peer.list[0].addr, BEGUN);
		assert_false(rd_punch_active(p));
		assert_false(rd_punch_next(p, &to, data, BEGUN + 10 * S));
		assert_true(rd_punch_deadline(p) == UINT64_MAX);
		rd_punch_free(p);
	}
}

static const struct said *
last_to(const struct rd_addr *to)
{
	for (unsigned i = count; i-- > 0;)
		if (rd_addr_equal(to, &said[i].to))
			return &said[i];
	return NULL;
}

static void
proving(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	struct rd_punched out;
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + 10 * MS);
	const struct rd_addr *lan = &peer.list[0].addr, *wan = &peer.list[1].addr;
	const struct said *probe = last_to(wan);
	struct rd_addr elsewhere = place(9, 9);
	assert_false(rd_punch_answered(p, (const uint8_t *)"what???", wan, now, &out));
	assert_true(rd_punch_answered(p, probe->data, wan, now, &out));
	assert_true(rd_addr_equal(&out.addr, wan) && out.rtt_ns == 10 * MS);
	assert_int_equal(out.how, RD_HOW_DIRECT);
	/* Once, and from where it was sent. */
	assert_false(rd_punch_answered(p, probe->data, wan, now, &out));
	assert_false(rd_punch_answered(p, last_to(lan)->data, &elsewhere, now, &out));
	assert_false(rd_punch_answered(p, last_to(lan)->data, lan, now, &out));
	/* An address of its own is taken unless another is nearer by 5 ms and a tenth. */
	assert_ptr_equal(rd_punch_best(p, RD_PATH_AUTO, NULL, now), rd_punch_find(p, wan, now));
	run(p, BEGUN + 20 * MS);
	assert_true(rd_punch_answered(p, last_to(lan)->data, lan, last_to(lan)->at + 14 * MS, &out));
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, wan, now)->addr, lan));
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, lan, now)->addr, lan));
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, NULL, now)->addr, lan));
	assert_null(rd_punch_best(p, RD_PATH_RELAY, wan, now));
	/* Then the rounds are over, and both are asked every 20 s. */
	unsigned before = count;
	run(p, BEGUN + 19 * S);
	assert_int_equal(count, before);
	run(p, BEGUN + 21 * S);
	assert_int_equal(count, before + 2);
	/* Who answers no more is no path, and all begins anew. */
	run(p, BEGUN + 30 * S);
	assert_null(rd_punch_find(p, lan, now));
	assert_true(count > before + 10);
	rd_punch_free(p);
}

static void
the_relay_is_kept(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	struct rd_addr relay = leg();
	struct rd_punched out;
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	rd_punch_keep(p, &relay, now);
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, &relay, now)->addr, &relay));
	assert_null(rd_punch_best(p, RD_PATH_DIRECT, &relay, now));
	run(p, BEGUN + 1100 * MS);
	assert_int_equal(times(&relay), 1);
	assert_true(rd_punch_answered(p, last_to(&relay)->data, &relay, now, &out));
	assert_int_equal(out.how, RD_HOW_RELAY);
	/* However short the way through it: a direct one is better. */
	const struct rd_addr *wan = &peer.list[1].addr;
	assert_true(rd_punch_answered(p, last_to(wan)->data, wan, now + 500 * MS, &out));
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, &relay, now)->addr, wan));
	/* It dies: the relay is what is left, and all else is asked at once. */
	run(p, now + S);
	unsigned before = count;
	rd_punch_dead(p, wan, now);
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, NULL, now)->addr, &relay));
	run(p, now + 100 * MS);
	assert_true(count >= before + 4);
	/* It dies too: then it is the last resort. */
	rd_punch_dead(p, &relay, now);
	assert_null(rd_punch_best(p, RD_PATH_AUTO, NULL, now));
	assert_true(rd_addr_equal(rd_punch_resort(p, wan), &relay));
	assert_null(rd_punch_resort(p, &relay));
	rd_punch_alive(p, &relay, now);
	assert_non_null(rd_punch_best(p, RD_PATH_AUTO, NULL, now));
	rd_punch_free(p);
}

static void
large_ones_vanish(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	struct rd_addr relay = leg();
	struct rd_punched out;
	(void)state;
	narrow = true;
	struct rd_punch *p = begin(&own, &peer);
	rd_punch_keep(p, &relay, now);
	run(p, BEGUN + 10 * MS);
	const struct rd_addr *wan = &peer.list[1].addr;
	assert_true(rd_punch_answered(p, last_to(wan)->data, wan, now, &out));
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, wan, now)->addr, wan));
	/* It stays proven, as far as it goes, and is no longer taken. */
	for (unsigned i = 0; i < 400 && !rd_punch_narrowed(p); i++) {
		run(p, now + 10 * MS);
		rd_punch_alive(p, wan, now);
		rd_punch_alive(p, &relay, now);
	}
	assert_in_range(now, BEGUN + 3 * S, BEGUN + 3100 * MS);
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, wan, now)->addr, &relay));
	assert_non_null(rd_punch_find(p, wan, now));
	/* A minute later it is tried again. */
	narrow = false;
	for (unsigned i = 0; i < 61; i++) {
		run(p, now + S);
		rd_punch_alive(p, wan, now);
		rd_punch_alive(p, &relay, now);
	}
	assert_true(rd_addr_equal(&rd_punch_best(p, RD_PATH_AUTO, &relay, now)->addr, wan));
	rd_punch_free(p);
}

/* One that dies again and again is taken more and more rarely. */
static void
barred(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	struct rd_punched out;
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	const struct rd_addr *wan = &peer.list[1].addr;
	uint64_t waits[6] = {0};
	run(p, now + 10 * MS);
	for (unsigned i = 0; i < 6; i++) {
		uint64_t died = now;
		while (!rd_punch_best(p, RD_PATH_AUTO, NULL, now)) {
			run(p, now + 10 * MS);
			if (last_to(wan)->at + 10 * MS >= now)
				rd_punch_answered(p, last_to(wan)->data, wan, now, &out);
		}
		waits[i] = now - died;
		rd_punch_dead(p, wan, now);
	}
	assert_true(waits[1] < 100 * MS);
	assert_in_range(waits[2], S, 1200 * MS);
	assert_in_range(waits[3], 2 * S, 2200 * MS);
	assert_in_range(waits[5], 8 * S, 8200 * MS);
	rd_punch_free(p);
}

static void
heard(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_INDEPENDENT);
	struct rd_addr from = place(2, 31234), relay = leg(), stream = place(2, 99);
	(void)state;
	stream.stream = true;
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + 25 * MS);
	unsigned before = count;
	rd_punch_heard(p, &from, now);
	rd_punch_heard(p, &relay, now);
	rd_punch_heard(p, &stream, now);
	pump(p);
	run(p, now + 5 * MS);
	assert_int_equal(count, before + 1);
	assert_true(rd_addr_equal(&said[before].to, &from));
	assert_int_equal(said[before].to.hops, 0);
	/* It stays with the others, also when they are told anew. */
	peer.generation++;
	peer.list[0].addr.port++;
	rd_punch_peer(p, &peer, now);
	run(p, now + 10 * MS);
	assert_int_equal(times(&from), 2);
	/* Of many the newest are kept. */
	for (unsigned i = 0; i < 100; i++) {
		struct rd_addr many = place(2, (uint16_t)(40000 + i));
		rd_punch_heard(p, &many, now);
	}
	count = 0;
	run(p, now + 2 * S);
	for (unsigned i = 0; i < count; i++)
		assert_true(said[i].to.port < 40000 || said[i].to.port >= 40084);
	rd_punch_free(p);
}

/* Who only listens finds out soon that a relay knows him no more. */
static void
the_relay_in_use_is_watched(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_RANDOM), peer = told(2, RD_NAT_RANDOM);
	struct rd_addr relay = leg();
	struct rd_punched out;
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	rd_punch_keep(p, &relay, now);
	rd_punch_use(p, &relay);
	run(p, BEGUN + 1100 * MS);
	assert_true(rd_punch_answered(p, last_to(&relay)->data, &relay, now, &out));
	run(p, now + 4900 * MS);
	assert_int_equal(times(&relay), 1);
	run(p, now + 200 * MS);
	assert_int_equal(times(&relay), 2);
	rd_punch_free(p);
}

static void
prediction(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_INDEPENDENT), peer = told(2, RD_NAT_SEQUENTIAL);
	struct rd_punched out;
	(void)state;
	peer.nat.step = 2;
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + 60 * MS);
	for (unsigned k = 1; k <= 6; k++) {
		struct rd_addr a = place(2, (uint16_t)(7000 + 2 * k));
		assert_int_equal(times(&a), k <= 5 ? 2 : 0);
	}
	assert_true(rd_punch_answered(p, said[1].data, &said[1].to, now, &out));
	assert_int_equal(out.how, RD_HOW_PREDICTED);
	/* Before it is proven, too; what was only heard of was not foretold. */
	struct rd_addr next = place(2, 7004), other = place(2, 7003), relay = leg();
	assert_int_equal(rd_punch_how(p, &next), RD_HOW_PREDICTED);
	assert_int_equal(rd_punch_how(p, &other), RD_HOW_DIRECT);
	assert_int_equal(rd_punch_how(p, &relay), RD_HOW_RELAY);
	rd_punch_free(p);
	/* Both count: the ports come first, in order, and all else after them. */
	own = told(1, RD_NAT_SEQUENTIAL);
	peer.nat.step = 1;
	p = begin(&own, &peer);
	run(p, BEGUN + 19 * MS);
	for (unsigned k = 0; k < 5; k++)
		assert_int_equal(said[k].to.port, 7001 + k);
	assert_true(rd_addr_equal(&said[5].to, &peer.list[1].addr));
	rd_punch_free(p);
	/* Ports that there are not are left out. */
	peer.nat.seen.port = 65534;
	p = begin(&own, &peer);
	run(p, BEGUN + 19 * MS);
	assert_int_equal(said[0].to.port, 65535);
	assert_true(rd_addr_equal(&said[1].to, &peer.list[1].addr));
	rd_punch_free(p);
}

static unsigned
guesses(struct rd_punch *p, const struct rd_addr *at, uint64_t until)
{
	static bool seen[65536];
	unsigned n = 0;
	memset(seen, 0, sizeof(seen));
	count = 0;
	run(p, until);
	for (unsigned i = 0; i < count; i++) {
		if (!rd_addr_same_ip(&said[i].to, at) || said[i].to.port == at->port)
			continue;
		assert_false(seen[said[i].to.port]);
		assert_true(said[i].to.port >= 1024);
		seen[said[i].to.port] = true;
		n++;
	}
	return n;
}

static void
the_easy_side_guesses(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_INDEPENDENT), peer = told(2, RD_NAT_RANDOM);
	struct rd_punched out;
	(void)state;
	/* One that is not guessed, so that guesses can be told from rounds. */
	peer.nat.seen.port = peer.list[1].addr.port = 1000;
	struct rd_punch *p = begin(&own, &peer);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 1000 * MS), 0);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 2099 * MS), 1000);
	assert_int_equal(rd_punch_wants(p), 0);
	const struct said *hit = &said[count - 1];
	assert_false(rd_punch_answered(p, hit->data, &peer.nat.seen, now, &out));
	assert_true(rd_punch_answered(p, hit->data, &hit->to, now, &out));
	assert_int_equal(out.how, RD_HOW_BIRTHDAY);
	/* Found: no more of it. */
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 10 * S), 0);
	rd_punch_free(p);
	/* Not found: 2048 of them, once more, and again an hour later. */
	p = begin(&own, &peer);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 11 * S), RD_PUNCH_GUESSES);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 60 * S), RD_PUNCH_GUESSES);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 3600 * S), 0);
	assert_int_equal(guesses(p, &peer.nat.seen, BEGUN + 3700 * S), RD_PUNCH_GUESSES);
	/* A path that died is no reason to begin earlier; another network is. */
	rd_punch_again(p, now);
	assert_int_equal(guesses(p, &peer.nat.seen, now + 60 * S), 0);
	own.nat.seen.ip[3] = 77;
	own.generation++;
	rd_punch_own(p, &own, now);
	assert_int_equal(guesses(p, &peer.nat.seen, now + 11 * S), RD_PUNCH_GUESSES);
	/* A peer that names one address after another does not make us a flood. */
	unsigned runs = 0;
	for (unsigned i = 0; i < 20; i++) {
		peer.nat.seen.ip[2] = (uint8_t)i;
		peer.generation++;
		rd_punch_peer(p, &peer, now);
		runs += guesses(p, &peer.nat.seen, now + 12 * S) > 0;
	}
	assert_true(runs <= 2);
	rd_punch_free(p);
}

static void
a_peer_that_changes_its_mind(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_NONE), peer = told(2, RD_NAT_NONE);
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	for (unsigned i = 0; i < 2000; i++) {
		peer.list[0].addr.ip[1] = (uint8_t)i;
		peer.generation++;
		rd_punch_peer(p, &peer, now);
		run(p, now + MS);
	}
	assert_true(count <= 2000 / 5 + 4 * 3);
	rd_punch_free(p);
}

/* Who says the same, or another port, again and again gets three chances out of us. */
static void
a_peer_that_begins_again(void **state)
{
	(void)state;
	for (unsigned other = 0; other < 2; other++) {
		struct rd_candidates own = told(1, RD_NAT_SEQUENTIAL), peer = told(2, RD_NAT_SEQUENTIAL);
		struct rd_punch *p = begin(&own, &peer);
		unsigned chances = 0;
		for (unsigned i = 0; i < 600; i++) {
			run(p, now + S);
			count = 0;
			chances += rd_punch_anew(p);
			peer.nat.seen.port = (uint16_t)(peer.nat.seen.port + other * (i % 7 == 0));
			peer.generation++;
			rd_punch_peer(p, &peer, now);
			chances += rd_punch_anew(p);
		}
		assert_int_equal(chances, 3);
		rd_punch_free(p);
	}
}

/* Both find out anew; neither spends a port before it knows where the other is. */
static void
second_chance(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_SEQUENTIAL), peer = told(2, RD_NAT_SEQUENTIAL);
	(void)state;
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + 5990 * MS);
	assert_false(rd_punch_anew(p));
	run(p, BEGUN + 7001 * MS);
	assert_true(rd_punch_anew(p));
	assert_false(rd_punch_anew(p));
	assert_false(rd_punch_tired(p));
	count = 0;
	own.nat.seen.port += 20;
	rd_punch_own(p, &own, now);
	run(p, now + 500 * MS);
	assert_int_equal(count, 0);
	peer.nat.seen.port += 20;
	rd_punch_peer(p, &peer, now);
	run(p, now + 19 * MS);
	for (unsigned k = 0; k < 5; k++)
		assert_int_equal(said[k].to.port, 7021 + k);
	rd_punch_free(p);
	/* A peer that says nothing is not waited for longer than 2 s. */
	p = begin(&own, &peer);
	run(p, BEGUN + 7001 * MS);
	assert_true(rd_punch_anew(p));
	rd_punch_own(p, &own, now);
	count = 0;
	run(p, now + 2 * S);
	assert_true(count > 0);
	rd_punch_free(p);
	/* The peer begins: we are asked at once. */
	p = begin(&own, &peer);
	run(p, BEGUN + 5990 * MS);
	peer.generation++;
	rd_punch_peer(p, &peer, now);
	assert_true(rd_punch_anew(p));
	count = 0;
	run(p, now + 300 * MS);
	assert_int_equal(count, 0);
	rd_punch_own(p, &own, now);
	run(p, now + 19 * MS);
	assert_true(count > 0);
	rd_punch_free(p);
}

static void
the_hard_side_opens_sockets(void **state)
{
	struct rd_candidates own = told(1, RD_NAT_ADDRESS), peer = told(2, RD_NAT_NONE);
	struct rd_addr from = peer.nat.seen;
	struct rd_punched out;
	uint32_t carriers[RD_PUNCH_SOCKETS];
	(void)state;
	for (unsigned i = 0; i < RD_PUNCH_SOCKETS; i++)
		carriers[i] = 100 + i;
	struct rd_punch *p = begin(&own, &peer);
	run(p, BEGUN + 999 * MS);
	assert_int_equal(rd_punch_wants(p), 0);
	rd_punch_sockets(p, carriers, RD_PUNCH_SOCKETS, now); /* unasked */
	run(p, BEGUN + 1000 * MS);
	assert_int_equal(rd_punch_wants(p), RD_PUNCH_SOCKETS);
	rd_punch_sockets(p, carriers, RD_PUNCH_SOCKETS, now);
	count = 0;
	run(p, BEGUN + 1999 * MS);
	for (unsigned i = 0; i < RD_PUNCH_SOCKETS; i++) {
		from.carrier = 100 + i;
		assert_int_equal(times(&from), 1);
		assert_int_equal(last_to(&from)->to.hops, 4);
	}
	run(p, BEGUN + 2999 * MS);
	assert_int_equal(times(&from), 2);
	assert_int_equal(last_to(&from)->to.hops, 0);
	/* The peer has found one: it is asked by that one, and proven. */
	from.carrier = 107;
	rd_punch_heard(p, &from, now);
	count = 0;
	run(p, now + 5 * MS);
	assert_non_null(last_to(&from));
	assert_true(rd_punch_answered(p, last_to(&from)->data, &from, now, &out));
	assert_int_equal(out.how, RD_HOW_BIRTHDAY);
	run(p, now + 10 * MS);
	assert_int_equal(rd_punch_wants(p), 0);
	rd_punch_free(p);
	/* Nobody finds any: after 10 s they may go. */
	p = begin(&own, &peer);
	run(p, BEGUN + 1000 * MS);
	rd_punch_sockets(p, carriers, RD_PUNCH_SOCKETS, now);
	run(p, BEGUN + 10999 * MS);
	assert_int_equal(rd_punch_wants(p), RD_PUNCH_SOCKETS);
	run(p, BEGUN + 11001 * MS);
	assert_int_equal(rd_punch_wants(p), 0);
	rd_punch_free(p);
}

static void
never_hard_against_hard(void **state)
{
	static const enum rd_nat_mapping hard[] = {RD_NAT_ADDRESS, RD_NAT_SEQUENTIAL, RD_NAT_RANDOM,
		RD_NAT_UNKNOWN, RD_NAT_BLOCKED};
	(void)state;
	for (unsigned i = 0; i < 5; i++)
		for (unsigned k = 0; k < 5; k++) {
			struct rd_candidates own = told(1, hard[i]), peer = told(2, hard[k]);
			struct rd_punch *p = begin(&own, &peer);
			run(p, BEGUN + 60 * S);
			assert_int_equal(rd_punch_wants(p), 0);
			/* Eleven rounds of what was told, and five ports if it counts; chances. */
			unsigned begun = hard[i] == RD_NAT_SEQUENTIAL && hard[k] == RD_NAT_SEQUENTIAL ? 3 :
				(hard[i] == RD_NAT_UNKNOWN || hard[k] == RD_NAT_UNKNOWN) &&
				hard[i] != RD_NAT_BLOCKED && hard[k] != RD_NAT_BLOCKED ? 2 : 1;
			assert_true(count <= begun * (11 * 2 + 11 * 5));
			assert_true(begun == 1 || count > 11 * 2 + 11 * (k == 1 ? 5 : 0));
			rd_punch_free(p);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rounds),
		cmocka_unit_test(pacing),
		cmocka_unit_test(nothing_without_both),
		cmocka_unit_test(proving),
		cmocka_unit_test(the_relay_is_kept),
		cmocka_unit_test(large_ones_vanish),
		cmocka_unit_test(barred),
		cmocka_unit_test(heard),
		cmocka_unit_test(the_relay_in_use_is_watched),
		cmocka_unit_test(prediction),
		cmocka_unit_test(the_easy_side_guesses),
		cmocka_unit_test(a_peer_that_changes_its_mind),
		cmocka_unit_test(a_peer_that_begins_again),
		cmocka_unit_test(second_chance),
		cmocka_unit_test(the_hard_side_opens_sockets),
		cmocka_unit_test(never_hard_against_hard),
	};
	if (sodium_init() < 0)
		return 1;
	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

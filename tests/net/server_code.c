#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "net/pair.h"
#include "net/server_priv.h"

/*
 * A viewer and a host that meet through a relay, of which there is nothing here
 * but its mark on their addresses: legs 1 to 9 are met by the slots 11 to 19.
 */
#define LIFE (600 * S)

struct meeting {
	struct pair p;
	struct rd_key relay;
	uint8_t prs[RD_CONN_PRF_SIZE];
	unsigned over[RD_CODE_EXPIRED + 1];
	uint32_t over_slot;
	uint8_t ways;			/* of the last TELL */
	uint8_t salt[16];
	unsigned replies;		/* PAKE_REPLY */
	unsigned salted;		/* a code was asked for with a salt */
	bool hold;			/* XX1 does not go on, but is kept here */
	struct { struct rd_addr from; size_t len; uint8_t data[256]; } held[8];
	unsigned held_count;
};
static struct meeting m;		/* the callbacks know the pair only */

static uint32_t
slot_of(void *ctx, const struct rd_addr *from)
{
	(void)ctx;
	assert_true(from->relayed);
	return from->carrier ? 10 + from->carrier : 0;
}

static void
code_over(void *ctx, uint32_t slot, enum rd_code_end end)
{
	(void)ctx;
	m.over[end]++;
	m.over_slot = slot;
}

static bool
code_prs(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	static const uint8_t none[16];
	(void)ctx;
	m.salted += memcmp(salt, none, sizeof(none)) != 0;
	memcpy(prs, m.prs, sizeof(m.prs));
	return true;
}

static bool
watch(void *ctx, struct vnet_end *from, struct vnet_datagram *d)
{
	(void)ctx, (void)from;
	struct rd_packet p;
	if (rd_packet_parse(&p, d->data, d->len) != 0)
		return true;
	if (p.type == RD_PACKET_TELL) {
		m.ways = p.ways;
		memcpy(m.salt, p.salt, sizeof(m.salt));
	}
	m.replies += p.type == RD_PACKET_PAKE_REPLY;
	if (!m.hold || p.type != RD_PACKET_XX1)
		return true;
	m.held[m.held_count].from = d->from;
	m.held[m.held_count].len = d->len;
	memcpy(m.held[m.held_count++].data, d->data, d->len);
	return false;
}

static void
meet(bool introduce, bool has_password)
{
	static const struct rd_server_ops ops = {.accept = pair_accept, .gone = pair_gone,
		.note = pair_note, .slot = slot_of, .code_over = code_over};
	memset(&m, 0, sizeof(m));
	pair_init(&m.p, introduce, has_password);
	m.p.server->ops = &ops;
	m.p.net.filter = watch;
	dice_bytes(m.relay.bytes, sizeof(m.relay.bytes));
	dice_bytes(m.prs, sizeof(m.prs));
	m.p.viewer_end.addr.relayed = m.p.host_end.addr.relayed = true;
	m.p.host_end.addr.port = 21120;
}

static void
make_code(uint32_t slot)
{
	assert_int_equal(rd_server_code(m.p.server, slot, &m.relay, m.prs, m.p.net.now_ns + LIFE), 0);
}

/* Through that leg, for a code of that slot at that relay; 0: by password. */
static void
dial(uint32_t leg, uint32_t slot, const struct rd_key *relay)
{
	struct pair *p = &m.p;
	struct rd_conn_config cfg = pair_config(p, &p->viewer_keys);
	struct rd_conn_dial how = {.to = p->host_end.addr, .stretch = slot ? code_prs : pair_stretch,
		.slot = slot, .wall_ns = p->wall_ns++};
	how.to.carrier = leg;
	if (relay)
		how.relay = *relay;
	rd_conn_free(p->viewer.conn);
	memset(&p->viewer, 0, sizeof(p->viewer));
	p->host.established = 0;
	p->viewer.conn = rd_conn_dial(&cfg, &how, &pair_conn_ops, &p->viewer, p->net.now_ns);
	p->viewer_end.conn = p->viewer.conn;
}

static void
ends_with(uint64_t code)
{
	assert_true(pair_until(&m.p, 30 * S, pair_viewer_over));
	assert_int_equal(m.p.viewer.code, code);
	assert_int_equal(m.p.viewer.established, 0);
	assert_int_equal(m.p.host.established, 0);
}

/* Somebody who guesses. */
static void
guess_wrong(uint32_t leg, uint32_t slot)
{
	m.prs[5] ^= 1;
	dial(leg, slot, &m.relay);
	ends_with(RD_CLOSE_CODE);
	m.prs[5] ^= 1;
}

static void
nothing_is_over(void)
{
	for (unsigned i = 0; i <= RD_CODE_EXPIRED; i++)
		assert_int_equal(m.over[i], 0);
}

static void
the_right_code(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(m.ways, RD_WAY_KEYS | RD_WAY_CODE);
	assert_int_equal(m.over[RD_CODE_USED], 1);
	assert_int_equal(m.over_slot, 11);
	assert_int_equal(rd_conn_slot(m.p.viewer.conn), 11);
	assert_int_equal(rd_conn_slot(m.p.host.conn), 11);
	assert_true(rd_conn_by_password(m.p.host.conn));
	assert_true(rd_key_equal(rd_conn_peer(m.p.viewer.conn), &m.p.host_keys.public));
	assert_true(rd_key_equal(rd_conn_peer(m.p.host.conn), &m.p.viewer_keys.public));
	pair_wait(&m.p, LIFE);
	assert_int_equal(m.over[RD_CODE_EXPIRED], 0);
	pair_finish(&m.p);
}

/* A second viewer with the same code gets nothing, and the first keeps what it has. */
static void
used_twice(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	struct party first = m.p.viewer;
	m.p.viewer.conn = NULL;
	struct vnet_end viewer = m.p.viewer_end;
	m.p.viewer_end.addr.port++;
	dial(2, 11, &m.relay);
	ends_with(RD_CLOSE_NO_ANSWER); /* no strangers, and no code */
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_NO_ANSWER);
	assert_int_equal(m.over[RD_CODE_USED], 1);
	assert_int_equal(rd_server_count(m.p.server), 1);
	assert_int_equal(rd_server_stats(m.p.server).guesses, 0);
	rd_conn_free(m.p.viewer.conn);
	m.p.viewer = first;
	m.p.viewer_end = viewer;
	assert_int_equal(first.closed, 0);
	pair_finish(&m.p);
}

/* Two who know the code are half-way in when the first is through. */
static void
two_at_the_same_time(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	for (unsigned i = 0; i < 2; i++) {
		/* PAKE of a viewer that goes no further, and of one that does. */
		dial(1, 11, &m.relay);
		if (i == 0)
			pair_wait(&m.p, 30 * MS);
	}
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(m.replies, 2);
	assert_int_equal(rd_server_count(m.p.server), 1);
	pair_finish(&m.p);
}

static void
three_wrong_ones_burn_it(void **state)
{
	(void)state;
	meet(true, false);
	make_code(11);
	make_code(12);
	guess_wrong(1, 11);
	guess_wrong(1, 11);
	nothing_is_over();
	assert_string_equal(m.p.noted, "a wrong code");
	guess_wrong(1, 11);
	assert_int_equal(m.over[RD_CODE_BURNT], 1);
	assert_int_equal(m.over_slot, 11);
	assert_string_equal(m.p.noted, "a wrong code, for the last time: it is burnt");
	assert_int_equal(rd_server_stats(m.p.server).guesses, 3);
	assert_int_equal(rd_server_count(m.p.server), 0);
	/* The right one does not help any more, and TELL says that there is none. */
	m.replies = 0;
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(m.ways, RD_WAY_KEYS);
	assert_int_equal(m.replies, 0);
	/* Another code is another code. */
	dial(2, 12, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	pair_finish(&m.p);
}

/* After two wrong ones the right one is as good as ever. */
static void
two_wrong_ones(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	guess_wrong(1, 11);
	guess_wrong(1, 11);
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(m.over[RD_CODE_BURNT], 0);
	pair_finish(&m.p);
}

/* Many PAKEs that are answered before the first XX1 do not make more than three guesses. */
static void
guesses_side_by_side(void **state)
{
	enum { MANY = 5 };
	(void)state;
	meet(false, false);
	make_code(11);
	m.prs[5] ^= 1;
	m.hold = true;
	for (unsigned i = 0; i < MANY; i++) {
		dial(1, 11, &m.relay);
		pair_wait(&m.p, 50 * MS);
	}
	assert_int_equal(m.replies, MANY);
	assert_int_equal(m.held_count, MANY);
	assert_int_equal(rd_server_count(m.p.server), MANY);
	for (unsigned i = 0; i < MANY; i++)
		for (unsigned again = 0; again < 3; again++)
			rd_server_receive(m.p.server, &m.held[i].from, m.held[i].data, m.held[i].len,
				m.p.net.now_ns);
	assert_int_equal(rd_server_stats(m.p.server).guesses, 3);
	assert_int_equal(m.over[RD_CODE_BURNT], 1);
	assert_int_equal(rd_server_count(m.p.server), 0);
	pair_finish(&m.p);
}

static void
its_time_passes(void **state)
{
	(void)state;
	meet(true, false);
	make_code(11);
	pair_wait(&m.p, LIFE - 2 * S);
	nothing_is_over();
	assert_int_equal(rd_server_deadline(m.p.server), m.p.net.now_ns + 2 * S);
	/* Half-way in when it is over. */
	pair_wait(&m.p, 2 * S - 50 * MS);
	m.replies = 0;
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(m.replies, 1);
	assert_int_equal(m.over[RD_CODE_EXPIRED], 1);
	assert_int_equal(m.over_slot, 11);
	assert_int_equal(rd_server_count(m.p.server), 0);
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(m.ways, RD_WAY_KEYS);
	assert_int_equal(m.over[RD_CODE_EXPIRED], 1);
	pair_finish(&m.p);
}

/* The code of one slot tried through another, where there is one as well. */
static void
another_slot(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	uint8_t prs[RD_CONN_PRF_SIZE];
	memcpy(prs, m.prs, sizeof(prs));
	m.prs[0] ^= 1;
	make_code(12);
	memcpy(m.prs, prs, sizeof(prs));
	dial(2, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	/* The same words for both do not help either: the slot is part of the secret. */
	rd_server_code_drop(m.p.server, 12);
	make_code(12);
	dial(2, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(rd_server_stats(m.p.server).guesses, 2);
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	pair_finish(&m.p);
}

/* A relay that shows each end another key of its own. */
static void
another_relay(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	for (unsigned bit = 0; bit < 2; bit++) {
		struct rd_key other = m.relay;
		other.bytes[bit * 31] ^= 1;
		dial(1, 11, &other);
		ends_with(RD_CLOSE_CODE);
	}
	assert_int_equal(rd_server_stats(m.p.server).guesses, 2);
	pair_finish(&m.p);
}

/* Neither is tried where the other belongs. */
static void
passwords_and_codes_are_apart(void **state)
{
	static const uint8_t none[16];
	(void)state;
	meet(false, true);
	make_code(11);
	memcpy(m.prs, m.p.prs, sizeof(m.prs));
	/* The password through a slot: as a password, and as if it were a code. */
	dial(1, 0, NULL);
	ends_with(RD_CLOSE_NO_PASSWORD);
	assert_int_equal(m.ways, RD_WAY_KEYS | RD_WAY_CODE);
	assert_memory_equal(m.salt, none, sizeof(none));
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	/* A code without its slot: through the relay by key, and directly. */
	dial(0, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(m.ways, RD_WAY_KEYS | RD_WAY_PASSWORD);
	m.p.viewer_end.addr.relayed = m.p.host_end.addr.relayed = false;
	dial(1, 11, &m.relay);
	ends_with(RD_CLOSE_CODE);
	assert_int_equal(m.ways, RD_WAY_KEYS | RD_WAY_PASSWORD);
	/* And the password where it belongs. */
	dial(0, 0, NULL);
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(rd_conn_slot(m.p.host.conn), 0);
	assert_int_equal(m.salted, 0);
	nothing_is_over();
	pair_finish(&m.p);
}

/* Wrong codes take nothing from the password's guesses, nor the other way round. */
static void
their_guesses_are_apart(void **state)
{
	(void)state;
	meet(false, true);
	for (uint32_t i = 0; i < 4; i++) {
		make_code(11);
		for (unsigned k = 0; k < RD_CODE_GUESSES; k++)
			guess_wrong(1, 11);
	}
	assert_int_equal(m.over[RD_CODE_BURNT], 4);
	make_code(11);
	m.p.prs[3] ^= 1;
	for (unsigned i = 0; i < RD_SERVER_GUESSES; i++) {
		dial(0, 0, NULL);
		ends_with(RD_CLOSE_PASSWORD);
	}
	m.p.prs[3] ^= 1;
	dial(0, 0, NULL);
	ends_with(RD_CLOSE_NO_PASSWORD);
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	pair_finish(&m.p);
}

/* What is taken back, or made anew, ends what stood on it. */
static void
taken_back(void **state)
{
	(void)state;
	meet(true, true);
	for (unsigned anew = 0; anew < 2; anew++) {
		make_code(11);
		m.replies = 0;
		dial(1, 11, &m.relay);
		/* PAKE is answered, XX1 on its way */
		pair_wait(&m.p, 45 * MS);
		assert_int_equal(m.replies, 1);
		assert_int_equal(rd_server_count(m.p.server), 1);
		rd_server_code_drop(m.p.server, 11);
		if (anew) {
			m.prs[9] ^= 1;
			make_code(11);
		}
		assert_int_equal(rd_server_count(m.p.server), 0);
		ends_with(RD_CLOSE_CODE);
	}
	/* Another password is no reason. */
	dial(1, 11, &m.relay);
	pair_wait(&m.p, 45 * MS);
	rd_server_password(m.p.server, false, NULL, NULL);
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(m.over[RD_CODE_USED], 1);
	pair_finish(&m.p);
}

/* A host that has as many sessions as it takes keeps the code for later. */
static void
a_host_that_says_no(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	m.p.refuse = true;
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, 30 * S, pair_viewer_over));
	assert_int_equal(m.p.viewer.code, RD_CLOSE_BUSY);
	nothing_is_over();
	m.p.refuse = false;
	dial(1, 11, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	pair_finish(&m.p);
}

static void
as_many_as_there_is_room_for(void **state)
{
	(void)state;
	meet(false, false);
	for (uint32_t i = 0; i < RD_SERVER_CODES; i++)
		make_code(11 + i);
	assert_int_equal(rd_server_code(m.p.server, 99, &m.relay, m.prs, m.p.net.now_ns + S), -ENOSPC);
	make_code(13); /* in the place of that one */
	rd_server_code_drop(m.p.server, 12);
	rd_server_code_drop(m.p.server, 12);
	rd_server_code_drop(m.p.server, 0);
	make_code(99);
	assert_int_equal(rd_server_code(m.p.server, 0, &m.relay, m.prs, m.p.net.now_ns + S), -EINVAL);
	pair_wait(&m.p, LIFE + S);
	assert_int_equal(m.over[RD_CODE_EXPIRED], RD_SERVER_CODES);
	assert_int_equal(rd_server_deadline(m.p.server), UINT64_MAX);
	pair_finish(&m.p);
}

/* By key through a slot, as who was remembered at the first meeting: no code is spent. */
static void
a_key_needs_no_code(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	struct rd_addr to = m.p.host_end.addr;
	to.carrier = 1;
	pair_dial_to(&m.p, &m.p.host_keys.public, &to);
	assert_true(pair_until(&m.p, S, pair_is_open));
	assert_int_equal(rd_conn_slot(m.p.host.conn), 0);
	nothing_is_over();
	pair_finish(&m.p);
}

/* Who floods through one leg has that leg's limit, and crowds out nobody else's. */
static void
legs_are_sources(void **state)
{
	(void)state;
	meet(false, false);
	make_code(11);
	make_code(12);
	/* More PAKEs at once than a source has. */
	struct rd_conn *flood[20];
	m.prs[5] ^= 1;
	for (unsigned i = 0; i < 20; i++) {
		dial(1, 11, &m.relay);
		pair_wait(&m.p, 0);
		flood[i] = m.p.viewer.conn;
		m.p.viewer.conn = NULL;
		pair_wait(&m.p, 21 * MS);
		m.p.viewer_end.conn = NULL;
	}
	m.prs[5] ^= 1;
	pair_wait(&m.p, MS);
	uint64_t refused = rd_server_stats(m.p.server).refused;
	assert_true(refused > 0);
	dial(2, 12, &m.relay);
	assert_true(pair_until(&m.p, S, pair_is_open));
	for (unsigned i = 0; i < 20; i++)
		rd_conn_free(flood[i]);
	pair_finish(&m.p);
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_right_code),
		cmocka_unit_test(used_twice),
		cmocka_unit_test(two_at_the_same_time),
		cmocka_unit_test(three_wrong_ones_burn_it),
		cmocka_unit_test(two_wrong_ones),
		cmocka_unit_test(guesses_side_by_side),
		cmocka_unit_test(its_time_passes),
		cmocka_unit_test(another_slot),
		cmocka_unit_test(another_relay),
		cmocka_unit_test(passwords_and_codes_are_apart),
		cmocka_unit_test(their_guesses_are_apart),
		cmocka_unit_test(taken_back),
		cmocka_unit_test(a_host_that_says_no),
		cmocka_unit_test(as_many_as_there_is_room_for),
		cmocka_unit_test(a_key_needs_no_code),
		cmocka_unit_test(legs_are_sources),
	};
	return vnet_sodium() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}

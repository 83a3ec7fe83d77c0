#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/dial_priv.h"
#include "net/host.h"
#include "net/relayloop.h"

/*
 * A host and one who dials, who meet through a relay, all of them on loopback and
 * in one loop; a test goes on in steps as in endpoint.c. The dialler writes on
 * stream 0, the host answers the same.
 */
#define AMOUNT 100000

struct test {
	struct rd_loop *loop;
	struct relayloop relay;
	struct rd_host *host;
	struct rd_keypair host_key, own;
	struct rd_conn *accepted;
	unsigned accepts, gones, ready;
	uint64_t host_got;
	enum rd_path_policy host_policy, policy;
	struct rd_dial *dial;
	unsigned established, told, relay_told, moved, failed, closed, nos, ways;
	char way[32], host_way[32];
	enum rd_relay_no no;
	uint64_t code, got, wrote;
	char text[64];
	struct rd_key relay_key;
	bool path_at_established;	/* it was relayed */
	bool close_in_established, close_in_failed, close_in_told, trust_in_told;
	const char *ca_file;
	bool udp_only, direct_too;
	bool dead_first;		/* of the relay's addresses one does not answer */
	uint32_t slot;
	uint8_t prs[RD_CONN_PRF_SIZE], said[RD_CONN_PRF_SIZE];
	unsigned codes_over;
	enum rd_code_end code_end;
	bool (*const *steps)(struct test *t);
	unsigned step, count;
	uint64_t wait_ns, back_ns;
	struct rd_timer watchdog, look;
};

/* --- the host --- */

static void
host_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct test *t = ctx;
	(void)fin;
	t->host_got += len;
	struct rd_mux *mux = rd_conn_mux(t->accepted);
	rd_mux_consumed(mux, id, len);
	rd_mux_stream_write(mux, 0, data, len, false);
}

static void
nothing(void *ctx)
{
	(void)ctx;
}

static void
host_closed(void *ctx, uint64_t code, const char *text)
{
	(void)ctx, (void)code, (void)text;
}

static bool
on_accept(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	struct test *t = ctx;
	*ops = (struct rd_conn_ops){
		.mux.stream = host_stream, .established = nothing, .closed = host_closed,
	};
	*conn_ctx = t;
	t->accepted = conn;
	t->accepts++;
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct test *t = ctx;
	(void)conn, (void)conn_ctx;
	t->gones++;
}

static void
host_ready(void *ctx, const struct rd_addr *seen, enum rd_path_policy policy)
{
	struct test *t = ctx;
	(void)seen, (void)policy;
	t->ready++;
}

static void
host_slot(void *ctx, uint32_t slot, uint32_t lifetime_s)
{
	struct test *t = ctx;
	t->slot = slot;
	memset(t->prs, 7, sizeof(t->prs));
	assert_int_equal(rd_server_code(rd_host_server(t->host), slot, &t->relay.fake.key.public,
		t->prs, rd_clock_ns() + lifetime_s * RD_NS_PER_S), 0);
}

static void
on_code_over(void *ctx, uint32_t slot, enum rd_code_end end)
{
	static const enum rd_slot_over why[] = {[RD_CODE_USED] = RD_SLOT_USED,
		[RD_CODE_BURNT] = RD_SLOT_BURNT, [RD_CODE_EXPIRED] = RD_SLOT_WITHDRAWN};
	struct test *t = ctx;
	t->codes_over++;
	t->code_end = end;
	rd_relay_client_unslot(rd_agent_client(rd_host_agent(t->host)), slot, why[end],
		rd_clock_ns());
	rd_host_poke(t->host);
}

static void
host_on_way(void *ctx, const char *way, const char *why)
{
	struct test *t = ctx;
	(void)why;
	snprintf(t->host_way, sizeof(t->host_way), "%s", way ? way : "");
}

/* --- the dialler --- */

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct test *t = ctx;
	(void)fin;
	for (size_t i = 0; i < len; i++)
		assert_int_equal(data[i], (uint8_t)((t->got + i) * 7));
	t->got += len;
	rd_mux_consumed(rd_conn_mux(rd_dial_conn(t->dial)), id, len);
}

static void
close_dial(struct test *t)
{
	rd_dial_close(t->dial);
	t->dial = NULL;
}

static void
on_established(void *ctx)
{
	struct test *t = ctx;
	t->established++;
	t->path_at_established = rd_conn_path(rd_dial_conn(t->dial))->relayed;
	if (t->close_in_established)
		close_dial(t);
}

static void
on_moved(void *ctx, const struct rd_addr *to)
{
	struct test *t = ctx;
	(void)to;
	t->moved++;
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct test *t = ctx;
	t->closed++;
	t->code = code;
	snprintf(t->text, sizeof(t->text), "%s", text);
}

static void
on_failed(void *ctx, uint64_t code, const char *text)
{
	struct test *t = ctx;
	t->failed++;
	t->code = code;
	snprintf(t->text, sizeof(t->text), "%s", text);
	if (t->close_in_failed)
		close_dial(t);
}

static void
on_told(void *ctx, const struct rd_key *host, unsigned ways)
{
	struct test *t = ctx;
	(void)ways;
	t->told++;
	assert_true(rd_key_equal(host, &t->host_key.public));
}

static void
on_relay_told(void *ctx, const struct rd_key *key)
{
	struct test *t = ctx;
	t->relay_told++;
	t->relay_key = *key;
	if (t->close_in_told)
		close_dial(t);
	else if (t->trust_in_told)
		rd_dial_trust_relay(t->dial, key);
}

static void
on_no(void *ctx, enum rd_relay_no why, uint32_t retry_s)
{
	struct test *t = ctx;
	(void)retry_s;
	assert_int_equal(t->failed, 0);
	t->nos++;
	t->no = why;
}

static void
on_way(void *ctx, const char *way, const char *why)
{
	struct test *t = ctx;
	t->ways++;
	snprintf(t->way, sizeof(t->way), "%s", way ? way : why);
}

static const struct rd_dial_ops dial_ops = {
	.conn = {
		.mux.stream = on_stream,
		.established = on_established,
		.moved = on_moved,
		.closed = on_closed,
	},
	.failed = on_failed,
	.told = on_told,
	.relay_told = on_relay_told,
	.no = on_no,
	.relay_way = on_way,
};

/* --- the test --- */

static bool
on_prepare(void *ctx)
{
	struct test *t = ctx;
	while (t->step < t->count && t->steps[t->step](t))
		t->step++;
	if (t->step == t->count)
		rd_loop_stop(t->loop, 0);
	return false;
}

static void
on_look(void *ctx)
{
	struct test *t = ctx;
	rd_timer_set(&t->look, 10 * RD_NS_PER_MS);
}

static void
on_watchdog(void *ctx)
{
	struct test *t = ctx;
	print_error("step %u never came: ready %u accepts %u gones %u host got %llu; established %u "
		"failed %u closed %u (%llu %s) got %llu; relay: connects %u offers %u binds %u "
		"forwarded %u inits %u, way %s\n", t->step, t->ready, t->accepts, t->gones,
		(unsigned long long)t->host_got, t->established, t->failed, t->closed,
		(unsigned long long)t->code, t->text, (unsigned long long)t->got,
		t->relay.fake.connects, t->relay.fake.offers, t->relay.fake.binds,
		t->relay.fake.forwarded, t->relay.fake.inits, t->way);
	rd_loop_stop(t->loop, 1);
}

static void
relay_of(struct test *t, struct rd_agent_relay *r, bool knows)
{
	*r = (struct rd_agent_relay){.name = "relay.test", .addrs = {t->relay.at}, .count = 1,
		.key = t->relay.fake.key.public, .has_key = knows, .udp = true, .tls = !t->udp_only,
		.ca_file = t->ca_file};
	if (!t->dead_first)
		return;
	r->addrs[1] = r->addrs[0];
	r->addrs[0] = (struct rd_addr){.family = 4, .ip = {127, 0, 0, 1}, .port = 9};
	r->count = 2;
}

static void
open_host(struct test *t)
{
	static const struct rd_server_ops ops = {.accept = on_accept, .gone = on_gone,
		.code_over = on_code_over};
	static const struct rd_agent_ops agent_ops = {.relay.ready = host_ready,
		.relay.slot = host_slot, .way = host_on_way};
	struct rd_server_config cfg = {
		.conn = {.own = &t->host_key, .unit_max = 1 << 20},
		.introduce = true,
	};
	struct rd_agent_relay relay;
	struct rd_addr any = {0};
	relay_of(t, &relay, true);
	assert_int_equal(rd_host_open(&t->host, t->loop, &cfg, &ops, t), 0);
	assert_int_equal(rd_endpoint_listen(rd_host_endpoint(t->host), &any, true, false), 0);
	assert_int_equal(rd_host_relay(t->host, &(struct rd_agent_config){.own = &t->host_key,
		.role = RD_ROLE_HOST, .relay = &relay, .policy = t->host_policy, .obey_policy = true},
		&agent_ops, t), 0);
}

static struct test *
test_new(bool tls)
{
	struct test *t = xcalloc(1, sizeof(*t));
	rd_keypair_new(&t->host_key);
	rd_keypair_new(&t->own);
	t->loop = rd_loop_new();
	t->udp_only = !tls;
	rd_loop_prepare(t->loop, on_prepare, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	rd_timer_open(&t->look, t->loop, on_look, t);
	relayloop_open(&t->relay, t->loop, tls);
	return t;
}

static bool
say_code(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct test *t = ctx;
	(void)salt;
	memcpy(prs, t->said, sizeof(t->said));
	return true;
}

/* By its key, or else by its slot. */
static void
dial_with(struct test *t, bool knows, bool ask, const struct rd_key *host)
{
	struct rd_agent_relay relay;
	relay_of(t, &relay, knows);
	struct rd_agent_config agent = {.own = &t->own, .role = RD_ROLE_VIEWER, .relay = &relay,
		.policy = t->policy, .obey_policy = true};
	struct rd_addr direct = {.family = 4, .ip = {127, 0, 0, 1}};
	if (t->direct_too)
		direct.port = rd_endpoint_port(rd_host_endpoint(t->host));
	struct rd_dial_config cfg = {
		.conn = {.own = &t->own, .unit_max = 1 << 20},
		.how = {.host = host, .slot = host ? 0 : t->slot, .stretch = host ? NULL : say_code,
			.wall_ns = rd_clock_wall_ns(), .patience_ns = 5 * RD_NS_PER_S},
		.addrs = &direct,
		.count = t->direct_too,
		.relay = &agent,
	};
	int err = ask ? rd_dial_ask(&t->dial, t->loop, &cfg, &dial_ops, t)
		: rd_dial_open(&t->dial, t->loop, &cfg, &dial_ops, t);
	assert_int_equal(err, 0);
}

static void
dial(struct test *t)
{
	dial_with(t, true, false, &t->host_key.public);
}

static void
run(struct test *t, bool (*const *steps)(struct test *t), unsigned count)
{
	t->steps = steps;
	t->count = count;
	t->step = 0;
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	rd_timer_set(&t->look, 0);
	int failed = rd_loop_run(t->loop);
	assert_int_equal(failed, 0);
}
#define RUN(t, ...) do { \
	static bool (*const steps_[])(struct test *) = {__VA_ARGS__}; \
	run(t, steps_, sizeof(steps_) / sizeof(steps_[0])); \
} while (0)

static void
test_end(struct test *t)
{
	rd_dial_close(t->dial);
	rd_host_close(t->host);
	relayloop_close(&t->relay);
	rd_timer_close(&t->watchdog);
	rd_timer_close(&t->look);
	rd_loop_free(t->loop);
	free(t);
}

/* --- steps --- */

static bool
is_ready(struct test *t)
{
	return t->ready > 0;
}

static bool
dials(struct test *t)
{
	dial(t);
	return true;
}

static bool
stands(struct test *t)
{
	return t->established > 0;
}

static bool
has_failed(struct test *t)
{
	return t->failed > 0;
}

/* Writes a piece; its echo is waited for by `echoed`. */
static bool
writes(struct test *t)
{
	uint8_t data[AMOUNT];
	for (size_t i = 0; i < AMOUNT; i++)
		data[i] = (uint8_t)((t->wrote + i) * 7);
	struct rd_mux *mux = rd_conn_mux(rd_dial_conn(t->dial));
	int done = rd_mux_stream_write(mux, 0, data, AMOUNT, false);
	assert_int_equal(done, 0);
	t->wrote += AMOUNT;
	rd_dial_poke(t->dial);
	return true;
}

static bool
echoed(struct test *t)
{
	return t->got == t->wrote;
}

static bool
is_direct(struct test *t)
{
	return !rd_conn_path(rd_dial_conn(t->dial))->relayed &&
		!rd_conn_path(t->accepted)->relayed;
}

static bool
waits(struct test *t)
{
	if (!t->wait_ns)
		t->wait_ns = rd_clock_ns() + 500 * RD_NS_PER_MS;
	if (rd_clock_ns() < t->wait_ns)
		return false;
	t->wait_ns = 0;
	return true;
}

static bool
closes(struct test *t)
{
	rd_conn_close(rd_dial_conn(t->dial), RD_CLOSE_DONE, "", rd_clock_ns());
	rd_dial_poke(t->dial);
	return true;
}

static bool
has_closed(struct test *t)
{
	return t->closed > 0 && t->gones > 0;
}

static bool
drops_dial(struct test *t)
{
	close_dial(t);
	t->failed = 0;
	return true;
}

static unsigned
fake_hosts(const struct test *t)
{
	unsigned n = 0;
	for (unsigned i = 0; i < FAKE_PEERS; i++)
		n += t->relay.fake.peers[i].own && t->relay.fake.peers[i].role == RD_ROLE_VIEWER;
	return n;
}

static bool
viewer_has_left(struct test *t)
{
	return fake_hosts(t) == 0;
}

/* --- the tests --- */

static void
meets_by_key(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, is_direct, writes, echoed, closes, has_closed,
		drops_dial, viewer_has_left);
	assert_int_equal(t->accepts, 1);
	assert_int_equal(t->relay.fake.connects, 1);
	assert_string_equal(t->way, "UDP");
	assert_int_equal(t->relay.fake.byes, 1);
	test_end(t);
}

/* What comes first is not through the relay, unless both ends say so. */
static void
comes_first_by_a_direct_path(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_DIRECT;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed);
	assert_false(t->path_at_established);
	assert_true(is_direct(t));
	test_end(t);
}

static void
stays_with_the_relay(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, waits, writes, echoed);
	assert_true(t->path_at_established);
	assert_true(rd_conn_path(rd_dial_conn(t->dial))->relayed);
	assert_true(rd_conn_path(t->accepted)->relayed);
	assert_int_equal(t->moved, 0);
	assert_int_equal(rd_agent_own(rd_dial_agent(t->dial))->count, 0);
	test_end(t);
}

/* The relay asks for it, and both obey. */
static void
obeys_the_relay(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->relay.fake.policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, waits);
	assert_true(rd_conn_path(rd_dial_conn(t->dial))->relayed);
	test_end(t);
}

static void
finds_no_direct_path(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_DIRECT;
	t->host_policy = RD_PATH_RELAY;
	open_host(t);
	uint64_t t0 = rd_clock_ns();
	RUN(t, is_ready, dials, has_failed);
	assert_int_equal(t->code, RD_CLOSE_NO_DIRECT);
	assert_int_equal(t->established, 0);
	assert_true(rd_clock_ns() - t0 >= RD_DIAL_DIRECT_ONLY_NS);
	test_end(t);
}

static void
prefers_an_address_that_was_given(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->direct_too = true;
	open_host(t);
	/* The relay answers late. */
	t->relay.fake.no_connect = RD_NO_BUSY;
	RUN(t, is_ready, dials, stands, writes, echoed, viewer_has_left);
	assert_null(rd_dial_agent(t->dial));
	assert_int_equal(t->nos, 0);
	test_end(t);
}

static void
host_is_away(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	RUN(t, dials, has_failed);
	assert_int_equal(t->code, RD_CLOSE_RELAY_NO);
	assert_int_equal(t->nos, 1);
	assert_int_equal(t->no, RD_NO_HOST);
	test_end(t);
}

static void
relay_is_away(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->relay.fake.deaf = true;
	t->close_in_failed = true;
	RUN(t, dials, has_failed);
	assert_int_equal(t->code, RD_CLOSE_RELAY);
	assert_string_equal(t->text, "no answer by UDP");
	test_end(t);
}

/* It does not wait for one that is dead. */
static void
relay_has_a_dead_address(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->dead_first = true;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed);
	assert_string_equal(t->way, "UDP");
	assert_int_equal(t->relay.fake.connects, 1);
	test_end(t);
}

static void
relay_is_another(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	struct rd_keypair was = t->relay.fake.key, other;
	rd_keypair_new(&other);
	dial(t);
	t->relay.fake.key = other;
	RUN(t, has_failed);
	assert_int_equal(t->code, RD_CLOSE_RELAY_KEY);
	t->relay.fake.key = was;
	test_end(t);
}

static bool
dials_unknown(struct test *t)
{
	dial_with(t, false, false, &t->host_key.public);
	return true;
}

static bool
is_told(struct test *t)
{
	return t->relay_told > 0;
}

static bool
trusts(struct test *t)
{
	assert_true(rd_key_equal(&t->relay_key, &t->relay.fake.key.public));
	assert_int_equal(t->relay.fake.connects, 0);
	rd_dial_trust_relay(t->dial, &t->relay_key);
	return true;
}

static void
asks_whether_to_trust_a_relay(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	open_host(t);
	RUN(t, is_ready, dials_unknown, is_told, waits, trusts, stands, writes, echoed);
	assert_int_equal(t->relay_told, 1);
	test_end(t);
}

/* The answer may come before the attempt has begun. */
static void
trusts_a_relay_at_once(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		struct test *t = test_new(false);
		t->trust_in_told = true;
		open_host(t);
		RUN(t, is_ready, dials_unknown, stands, writes, echoed);
		test_end(t);
	}
}

static bool
asks(struct test *t)
{
	dial_with(t, true, true, &t->host_key.public);
	return true;
}

static bool
told(struct test *t)
{
	return t->told > 0;
}

static void
asks_who_the_host_is(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	open_host(t);
	RUN(t, is_ready, asks, told);
	assert_int_equal(t->accepts, 0);
	test_end(t);
}

static void
closed_in_callbacks(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct test *t = test_new(false);
		t->close_in_established = i == 0;
		t->close_in_told = i == 1;
		open_host(t);
		if (i == 0)
			RUN(t, is_ready, dials, stands, viewer_has_left);
		else
			RUN(t, is_ready, dials_unknown, is_told);
		assert_null(t->dial);
		test_end(t);
	}
}

/* --- by a code --- */

static bool
wants_a_slot(struct test *t)
{
	rd_relay_client_want_slot(rd_agent_client(rd_host_agent(t->host)), rd_clock_ns());
	rd_host_poke(t->host);
	return true;
}

static bool
has_slot(struct test *t)
{
	return t->slot != 0;
}

static bool
says_the_code(struct test *t)
{
	memcpy(t->said, t->prs, sizeof(t->said));
	dial_with(t, true, false, NULL);
	return true;
}

/* Of a viewer that does not know the relay either. */
static bool
says_the_code_to_a_stranger(struct test *t)
{
	memcpy(t->said, t->prs, sizeof(t->said));
	dial_with(t, false, false, NULL);
	return true;
}

static bool
says_another_code(struct test *t)
{
	memset(t->said, 8, sizeof(t->said));
	dial_with(t, true, false, NULL);
	return true;
}

static bool
code_is_over(struct test *t)
{
	return t->codes_over > 0 && t->relay.fake.unslots > 0;
}

static bool
used(struct test *t)
{
	assert_int_equal(t->code_end, RD_CODE_USED);
	assert_int_equal(rd_conn_slot(t->accepted), t->slot);
	return true;
}

static bool
is_wrong(struct test *t)
{
	if (t->failed)
		assert_int_equal(t->code, RD_CLOSE_CODE);
	return t->failed > 0;
}

static void
meets_by_code(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	open_host(t);
	RUN(t, is_ready, wants_a_slot, has_slot, says_the_code_to_a_stranger, is_told, trusts, stands,
		writes, echoed, code_is_over, used, drops_dial, says_the_code, has_failed);
	assert_int_equal(t->code, RD_CLOSE_RELAY_NO);
	assert_int_equal(t->no, RD_NO_SLOT_USED);
	test_end(t);
}

static void
burns_a_code(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	open_host(t);
	RUN(t, is_ready, wants_a_slot, has_slot, says_another_code, is_wrong, drops_dial,
		says_another_code, is_wrong, drops_dial, says_another_code, is_wrong, drops_dial,
		code_is_over, says_the_code, has_failed);
	assert_int_equal(t->code_end, RD_CODE_BURNT);
	assert_int_equal(t->code, RD_CLOSE_RELAY_NO);
	assert_int_equal(t->no, RD_NO_SLOT_BURNT);
	assert_int_equal(t->accepts, 0);
	test_end(t);
}

/* --- relays that fail --- */

static bool
restarts(struct test *t)
{
	fakerelay_restart(&t->relay.fake);
	return true;
}

static bool
dies(struct test *t)
{
	t->relay.fake.deaf = true;
	return true;
}

static bool
returns(struct test *t)
{
	fakerelay_restart(&t->relay.fake);
	t->relay.fake.deaf = false;
	t->back_ns = rd_clock_ns();
	return true;
}

static bool
registered_again(struct test *t)
{
	return t->ready > 1;
}

static bool
waits_long(struct test *t)
{
	if (!t->wait_ns)
		t->wait_ns = rd_clock_ns() + 3 * RD_NS_PER_S;
	if (rd_clock_ns() < t->wait_ns)
		return false;
	t->wait_ns = 0;
	return true;
}

static void
relay_starts_anew(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, restarts, writes, echoed, registered_again,
		writes, echoed);
	assert_int_equal(t->closed, 0);
	assert_true(rd_conn_path(rd_dial_conn(t->dial))->relayed);
	test_end(t);
}

static void
relay_is_killed_and_comes_back(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, dies, writes, waits_long, returns, echoed);
	print_message("on again %llu ms after the relay was back\n",
		(unsigned long long)((rd_clock_ns() - t->back_ns) / RD_NS_PER_MS));
	assert_int_equal(t->closed, 0);
	test_end(t);
}

static void
direct_sessions_do_not_notice(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_DIRECT;
	open_host(t);
	RUN(t, is_ready, dials, stands, dies, writes, echoed, waits, writes, echoed);
	assert_int_equal(t->closed, 0);
	test_end(t);
}

static bool
seems_blocked(struct test *t)
{
	return rd_agent_own(rd_host_agent(t->host))->nat.mapping == RD_NAT_BLOCKED;
}

static bool
seems_open(struct test *t)
{
	return !seems_blocked(t);
}

static bool
answers_stun(struct test *t)
{
	t->relay.fake.deaf_to_stun = false;
	return true;
}

/* Nobody has answered, and nothing changes from then on that would be told. */
static void
asks_around_again(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->relay.fake.deaf_to_stun = true;
	open_host(t);
	RUN(t, is_ready, seems_blocked, answers_stun, seems_open);
	test_end(t);
}

static bool
forgets_tickets(struct test *t)
{
	fakerelay_restart(&t->relay.fake);
	randombytes_buf(t->relay.fake.ticket_key, sizeof(t->relay.fake.ticket_key));
	return true;
}

/* Legs are worth nothing any more: the host is met anew, by its key, for the same session. */
static void
legs_are_lost(void **state)
{
	struct test *t = test_new(false);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, dials, stands, writes, echoed, forgets_tickets, writes, echoed);
	assert_int_equal(t->accepts, 1);
	assert_int_equal(t->closed, 0);
	assert_true(t->relay.fake.connects > 1);
	test_end(t);
}

/* --- by TLS --- */

static bool
is_by_tls(struct test *t)
{
	assert_string_equal(t->way, "TLS");
	assert_string_equal(t->host_way, "UDP");
	assert_true(t->relay.from_bridge > 50);
	return true;
}

static bool
opens_udp(struct test *t)
{
	t->relay.blocked = false;
	rd_agent_gather(rd_dial_agent(t->dial));
	return true;
}

static bool
by_udp(struct test *t)
{
	return strcmp(t->way, "UDP") == 0;
}

static bool
bridge_ends(struct test *t)
{
	listening_hang_up(&t->relay);
	return true;
}

static bool
blocks_udp(struct test *t)
{
	t->relay.blocked = true;
	t->relay.not_blocked = rd_endpoint_port(rd_host_endpoint(t->host));
	return true;
}

/* The viewer's UDP does not get through: TLS, with the session as it would be else. */
static void
through_tls_where_udp_is_blocked(void **state)
{
	struct test *t = test_new(true);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, blocks_udp, dials, stands, writes, echoed, is_by_tls, opens_udp, by_udp,
		writes, echoed);
	assert_int_equal(t->closed, 0);
	assert_int_equal(t->accepts, 1);
	test_end(t);
}

/* Its connection ends while it carries a session: another one, and the session goes on. */
static void
a_tunnel_ends(void **state)
{
	struct test *t = test_new(true);
	(void)state;
	t->policy = RD_PATH_RELAY;
	open_host(t);
	RUN(t, is_ready, blocks_udp, dials, stands, writes, echoed, bridge_ends, writes, echoed);
	assert_int_equal(t->closed, 0);
	assert_int_equal(t->accepts, 1);
	test_end(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meets_by_key),
		cmocka_unit_test(comes_first_by_a_direct_path),
		cmocka_unit_test(stays_with_the_relay),
		cmocka_unit_test(obeys_the_relay),
		cmocka_unit_test(finds_no_direct_path),
		cmocka_unit_test(prefers_an_address_that_was_given),
		cmocka_unit_test(host_is_away),
		cmocka_unit_test(relay_is_away),
		cmocka_unit_test(relay_has_a_dead_address),
		cmocka_unit_test(relay_is_another),
		cmocka_unit_test(asks_whether_to_trust_a_relay),
		cmocka_unit_test(trusts_a_relay_at_once),
		cmocka_unit_test(asks_who_the_host_is),
		cmocka_unit_test(closed_in_callbacks),
		cmocka_unit_test(meets_by_code),
		cmocka_unit_test(burns_a_code),
		cmocka_unit_test(relay_starts_anew),
		cmocka_unit_test(relay_is_killed_and_comes_back),
		cmocka_unit_test(direct_sessions_do_not_notice),
		cmocka_unit_test(asks_around_again),
		cmocka_unit_test(legs_are_lost),
		cmocka_unit_test(through_tls_where_udp_is_blocked),
		cmocka_unit_test(a_tunnel_ends),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

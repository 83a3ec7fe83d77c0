#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/dial_priv.h"
#include "net/host.h"
#include "net/password.h"

/*
 * A host and one who dials, on loopback, in one loop; a test goes on in steps
 * as in endpoint.c. The dialler writes on stream 0, the host answers the same.
 */
#define AMOUNT 300000

struct test {
	struct rd_loop *loop;
	struct rd_host *host;
	struct rd_keypair host_key, own;
	struct rd_conn *accepted;
	unsigned accepts, gones;
	uint64_t host_got;
	struct rd_dial *dial;
	unsigned established, told, moved, failed, closed;
	uint64_t code, got;
	char text[64];
	struct rd_key told_key;
	unsigned told_ways;
	bool close_in_established, close_in_failed, close_in_told;
	const char *password;
	unsigned stretched;
	struct rd_addr at;
	bool (*const *steps)(struct test *t);
	unsigned step, count;
	struct rd_timer watchdog;
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
	assert_true(rd_key_equal(rd_conn_peer(conn), &t->own.public));
	return true;
}

static void
on_gone(void *ctx, struct rd_conn *conn, void *conn_ctx)
{
	struct test *t = ctx;
	(void)conn, (void)conn_ctx;
	t->gones++;
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
on_established(void *ctx)
{
	struct test *t = ctx;
	t->established++;
	assert_non_null(rd_dial_conn(t->dial));
	if (!t->close_in_established)
		return;
	rd_dial_close(t->dial);
	t->dial = NULL;
}

static void
on_moved(void *ctx, const struct rd_addr *to)
{
	struct test *t = ctx;
	(void)to;
	t->moved++;
}

static void
note(struct test *t, uint64_t code, const char *text)
{
	t->code = code;
	strncpy(t->text, text, sizeof(t->text) - 1);
}

static void
on_closed(void *ctx, uint64_t code, const char *text)
{
	struct test *t = ctx;
	t->closed++;
	note(t, code, text);
}

static void
on_failed(void *ctx, uint64_t code, const char *text)
{
	struct test *t = ctx;
	t->failed++;
	note(t, code, text);
	if (!t->close_in_failed)
		return;
	rd_dial_close(t->dial);
	t->dial = NULL;
}

static void
on_told(void *ctx, const struct rd_key *host, unsigned ways)
{
	struct test *t = ctx;
	t->told++;
	t->told_key = *host;
	t->told_ways = ways;
	if (!t->close_in_told)
		return;
	rd_dial_close(t->dial);
	t->dial = NULL;
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
};

static bool
stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	struct test *t = ctx;
	t->stretched++;
	return rd_password_stretch(t->password, strlen(t->password), salt, prs) == 0;
}

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
on_watchdog(void *ctx)
{
	struct test *t = ctx;
	print_error("step %u never came: accepts %u gones %u host got %llu; established %u failed %u "
		"closed %u (%llu %s) got %llu\n", t->step, t->accepts, t->gones,
		(unsigned long long)t->host_got, t->established, t->failed, t->closed,
		(unsigned long long)t->code, t->text, (unsigned long long)t->got);
	rd_loop_stop(t->loop, 1);
}

static struct test *
test_new(bool udp, bool tcp, const char *password)
{
	static const struct rd_server_ops ops = {.accept = on_accept, .gone = on_gone};
	struct test *t = xcalloc(1, sizeof(*t));
	rd_keypair_new(&t->host_key);
	rd_keypair_new(&t->own);
	struct rd_server_config cfg = {
		.conn = {.own = &t->host_key, .unit_max = 1 << 20},
		.introduce = true,
	};
	if (password) {
		cfg.has_password = true;
		randombytes_buf(cfg.salt, sizeof(cfg.salt));
		assert_int_equal(rd_password_stretch(password, strlen(password), cfg.salt, cfg.prs), 0);
	}
	t->loop = rd_loop_new();
	rd_loop_prepare(t->loop, on_prepare, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	assert_int_equal(rd_host_open(&t->host, t->loop, &cfg, &ops, t), 0);
	t->at = (struct rd_addr){.family = 4, .ip = {127, 0, 0, 1}};
	assert_int_equal(rd_endpoint_listen(rd_host_endpoint(t->host), &t->at, udp, tcp), 0);
	t->at.port = rd_endpoint_port(rd_host_endpoint(t->host));
	return t;
}

static void
dial(struct test *t, enum rd_dial_way way, const struct rd_key *host)
{
	struct rd_addr addrs[2] = {t->at, t->at};
	struct rd_dial_config cfg = {
		.conn = {.own = &t->own, .unit_max = 1 << 20},
		.how = {
			.host = host,
			.stretch = host ? NULL : stretch,
			.wall_ns = rd_clock_wall_ns(),
			.patience_ns = 3 * RD_NS_PER_S,
		},
		.addrs = addrs,
		.count = 1,
		.way = way,
	};
	assert_int_equal(rd_dial_open(&t->dial, t->loop, &cfg, &dial_ops, t), 0);
}

static void
run(struct test *t, bool (*const *steps)(struct test *t), unsigned count)
{
	t->steps = steps;
	t->count = count;
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	assert_int_equal(rd_loop_run(t->loop), 0);
}

static void
done(struct test *t)
{
	rd_dial_close(t->dial);
	rd_host_close(t->host);
	rd_timer_close(&t->watchdog);
	rd_loop_free(t->loop);
	free(t);
}

#define RUN(t, ...) run(t, (bool (*const[])(struct test *)){__VA_ARGS__}, \
	sizeof((bool (*[])(struct test *)){__VA_ARGS__}) / sizeof(void *))

static bool
stands(struct test *t)
{
	return t->established == 1;
}

static bool
writes(struct test *t)
{
	uint8_t *data = xmalloc(AMOUNT);
	for (size_t i = 0; i < AMOUNT; i++)
		data[i] = (uint8_t)((t->got + i) * 7);
	rd_mux_stream_write(rd_conn_mux(rd_dial_conn(t->dial)), 0, data, AMOUNT, false);
	free(data);
	rd_dial_poke(t->dial);
	return true;
}

static bool
came_back(struct test *t)
{
	return t->got == AMOUNT && t->host_got == AMOUNT;
}

static bool
says_goodbye(struct test *t)
{
	rd_conn_close(rd_dial_conn(t->dial), RD_CLOSE_DONE, "", rd_clock_ns());
	rd_dial_poke(t->dial);
	return true;
}

static bool
host_heard_it(struct test *t)
{
	return t->gones == 1;
}

static void
there_and_back(enum rd_dial_way way, bool udp, bool tcp, bool stream)
{
	struct test *t = test_new(udp, tcp, NULL);
	dial(t, way, &t->host_key.public);
	RUN(t, stands, writes, came_back);
	assert_int_equal(rd_conn_path(rd_dial_conn(t->dial))->stream, stream);
	assert_int_equal(t->accepts, 1);
	assert_int_equal(t->failed + t->closed, 0);
	done(t);
}

static void
test_udp(void **state)
{
	(void)state;
	there_and_back(RD_DIAL_UDP, true, true, false);
	there_and_back(RD_DIAL_AUTO, true, true, false);
}

static void
test_tcp(void **state)
{
	(void)state;
	there_and_back(RD_DIAL_TCP, true, true, true);
}

/* Where UDP says nothing, TCP stands beside it. */
static void
test_udp_blocked(void **state)
{
	(void)state;
	there_and_back(RD_DIAL_AUTO, false, true, true);
}

static void
test_goodbye(void **state)
{
	(void)state;
	static const enum rd_dial_way ways[] = {RD_DIAL_UDP, RD_DIAL_TCP};
	for (int i = 0; i < 2; i++) {
		struct test *t = test_new(true, true, NULL);
		dial(t, ways[i], &t->host_key.public);
		RUN(t, stands, writes, came_back, says_goodbye, host_heard_it);
		done(t);
	}
}

static bool
has_failed(struct test *t)
{
	return t->failed == 1;
}

static void
test_other_key(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, NULL);
	struct rd_keypair other;
	rd_keypair_new(&other);
	dial(t, RD_DIAL_AUTO, &other.public);
	RUN(t, has_failed);
	assert_int_equal(t->code, RD_CLOSE_HOST_KEY);
	assert_int_equal(t->established + t->accepts, 0);
	done(t);
}

static void
test_nobody(void **state)
{
	(void)state;
	struct test *t = test_new(true, false, NULL);
	rd_host_close(t->host);
	t->host = NULL;
	t->close_in_failed = true;
	dial(t, RD_DIAL_AUTO, &t->host_key.public);
	RUN(t, has_failed);
	assert_int_equal(t->code, RD_CLOSE_NO_ANSWER);
	done(t);
}

static bool
was_told(struct test *t)
{
	return t->told == 1;
}

static void
test_ask(void **state)
{
	(void)state;
	static const enum rd_dial_way ways[] = {RD_DIAL_UDP, RD_DIAL_TCP};
	for (int i = 0; i < 4; i++) {
		struct test *t = test_new(true, true, i & 2 ? "correct horse" : NULL);
		struct rd_dial_config cfg = {.addrs = &t->at, .count = 1, .way = ways[i & 1]};
		t->close_in_told = i & 2;
		assert_int_equal(rd_dial_ask(&t->dial, t->loop, &cfg, &dial_ops, t), 0);
		RUN(t, was_told);
		assert_true(rd_key_equal(&t->told_key, &t->host_key.public));
		assert_int_equal(t->told_ways, RD_WAY_KEYS | (i & 2 ? RD_WAY_PASSWORD : 0u));
		done(t);
	}
}

/* TELL says ASK's nonce again: who has not seen that is not listened to. */
static void
test_told_by_a_stranger(void **state)
{
	(void)state;
	static const uint8_t zeros[32];
	struct attempt a = {0};
	struct rd_key host;
	unsigned ways = 0;
	dial_ask_start(&a, 1);
	for (int i = 0; i < 2; i++) {
		struct rd_buf b = {0};
		rd_packet_pack(&b, &(struct rd_packet){.type = RD_PACKET_TELL,
			.receiver = a.ask.index, .nonce = i ? a.ask.nonce : zeros, .nonce_host = zeros,
			.salt = zeros, .key = zeros, .ways = RD_WAY_KEYS});
		assert_int_equal(dial_ask_take(&a, b.data, b.len, &host, &ways), i);
		rd_buf_finish(&b);
	}
	assert_int_equal(ways, RD_WAY_KEYS);
}

static void
test_password(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, "correct horse");
	t->password = "correct horse";
	dial(t, RD_DIAL_AUTO, NULL);
	RUN(t, stands, writes, came_back);
	assert_true(rd_conn_by_password(rd_dial_conn(t->dial)));
	assert_true(rd_key_equal(rd_conn_peer(rd_dial_conn(t->dial)), &t->host_key.public));
	assert_int_equal(t->stretched, 1);
	done(t);
}

static void
test_wrong_password(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, "correct horse");
	t->password = "battery staple";
	dial(t, RD_DIAL_AUTO, NULL);
	RUN(t, has_failed);
	assert_int_equal(t->code, RD_CLOSE_PASSWORD);
	assert_int_equal(t->accepts, 0);
	done(t);
}

static bool
connection_breaks(struct test *t)
{
	if (t->host_got == 0)
		return false;
	rd_endpoint_hang_up(rd_host_endpoint(t->host), rd_conn_path(t->accepted)->carrier);
	rd_server_carrier_gone(rd_host_server(t->host), rd_conn_path(t->accepted)->carrier,
		rd_clock_ns());
	return true;
}

static bool
lives_elsewhere(struct test *t)
{
	return t->dial->again.due_ns == UINT64_MAX && t->dial->again.to.carrier == 0 &&
		t->dial->winner->to.carrier != 0;
}

/* A session over TCP goes on when its connection breaks. */
static void
test_tcp_breaks(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, NULL);
	dial(t, RD_DIAL_TCP, &t->host_key.public);
	RUN(t, stands, writes, connection_breaks, lives_elsewhere, came_back);
	assert_int_equal(t->accepts, 1);
	assert_int_equal(t->closed + t->failed, 0);
	done(t);
}

static bool
host_goes(struct test *t)
{
	rd_host_close(t->host);
	t->host = NULL;
	return true;
}

static bool
has_closed(struct test *t)
{
	return t->closed == 1;
}

/* Where nobody listens any more there is nobody to go on with. */
static void
test_tcp_host_gone(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, NULL);
	dial(t, RD_DIAL_TCP, &t->host_key.public);
	RUN(t, stands, host_goes, has_closed);
	assert_int_equal(t->code, RD_CLOSE_SILENT);
	done(t);
}

static bool
closed_itself(struct test *t)
{
	return t->dial == NULL;
}

static void
test_close_inside(void **state)
{
	(void)state;
	struct test *t = test_new(true, true, NULL);
	t->close_in_established = true;
	dial(t, RD_DIAL_AUTO, &t->host_key.public);
	RUN(t, closed_itself);
	done(t);
}

/* Several addresses, the first of them dead. */
static void
test_second_address(void **state)
{
	(void)state;
	struct test *t = test_new(true, false, NULL);
	struct rd_addr addrs[2] = {t->at, t->at};
	struct rd_dial_config cfg = {
		.conn = {.own = &t->own},
		.how = {.host = &t->host_key.public, .wall_ns = rd_clock_wall_ns()},
		.addrs = addrs,
		.count = 2,
	};
	addrs[0].port = 1;
	assert_int_equal(rd_dial_open(&t->dial, t->loop, &cfg, &dial_ops, t), 0);
	RUN(t, stands, writes, came_back);
	done(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_udp),
		cmocka_unit_test(test_tcp),
		cmocka_unit_test(test_udp_blocked),
		cmocka_unit_test(test_goodbye),
		cmocka_unit_test(test_other_key),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_ask),
		cmocka_unit_test(test_told_by_a_stranger),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_wrong_password),
		cmocka_unit_test(test_tcp_breaks),
		cmocka_unit_test(test_tcp_host_gone),
		cmocka_unit_test(test_close_inside),
		cmocka_unit_test(test_second_address),
	};
	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/confine.h"
#include "net/endpoint_priv.h"
#include "net/tunnel_peer.h"

#define CA_FILE "tunnel-ca.pem"
#define YEAR (365L * 24 * 3600)

static struct made authority, other_authority, good, expired, foreign;

/* One endpoint, one tunnel. */
struct test {
	struct rd_loop *loop;
	struct rd_timer watchdog;
	struct rd_endpoint *e;
	struct rd_addr to;
	unsigned send, sent, got, stands, ends;
	size_t size;
	int error;
	struct peer *silent;	/* the tunnel's time is over once this one says nothing more */
	struct rd_timer look;
	bool full;		/* it has been */
	bool close_in_carrier;
	bool (*done)(struct test *t);
};

static void
make(uint8_t *out, unsigned number, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(number * 37 + i * 11 + (i >> 8));
}

static void
on_datagram(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct test *t = ctx;
	uint8_t want[RD_PACKET_MAX];
	assert_true(rd_addr_equal(from, &t->to));
	assert_true(from->stream);
	if (t->send > 0) {
		assert_int_equal(len, t->size);
		make(want, t->got, len);
		assert_memory_equal(data, want, len);
	}
	t->got++;
}

static void
on_turn(void *ctx)
{
	struct test *t = ctx;
	if (t->e)
		rd_endpoint_flush(t->e);
}

static size_t
next(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct test *t = ctx;
	assert_true(t->size <= cap);
	if (t->sent == t->send || !t->stands)
		return 0;
	if (!rd_endpoint_can_send(t->e, &t->to)) {
		t->full = true;
		return 0;
	}
	*to = t->to;
	make(out, t->sent++, t->size);
	return t->size;
}

static void
on_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	struct test *t = ctx;
	assert_true(rd_addr_equal(peer, &t->to));
	t->error = error;
	if (error)
		t->ends++;
	else
		t->stands++;
	if (t->close_in_carrier) {
		rd_endpoint_close(t->e);
		t->e = NULL;
	}
}

static const struct rd_endpoint_ops ops = {
	.datagram = on_datagram, .turn = on_turn, .next = next, .carrier = on_carrier,
};

static bool
on_prepare(void *ctx)
{
	struct test *t = ctx;
	if (t->done(t))
		rd_loop_stop(t->loop, 0);
	return false;
}

static void
on_watchdog(void *ctx)
{
	struct test *t = ctx;
	print_error("never done: sent %u got %u stands %u ends %u (%d)\n", t->sent, t->got,
		t->stands, t->ends, t->error);
	rd_loop_stop(t->loop, 1);
}

static void
on_look(void *ctx)
{
	struct test *t = ctx;
	struct stream *s = endpoint_stream(t->e, t->to.carrier);
	if (!s || !s->connected || !t->silent->waits) {
		rd_timer_set(&t->look, 20 * RD_NS_PER_MS);
		return;
	}
	s->deadline_ns = rd_clock_ns() + 100 * RD_NS_PER_MS;
	endpoint_schedule(t->e);
}

static void
begin(struct test *t)
{
	*t = (struct test){.loop = rd_loop_new(), .size = 1200};
	rd_loop_prepare(t->loop, on_prepare, t);
	rd_timer_open(&t->watchdog, t->loop, on_watchdog, t);
	rd_timer_open(&t->look, t->loop, on_look, t);
	assert_int_equal(rd_endpoint_open(&t->e, t->loop, &ops, t), 0);
}

static int
run(struct test *t, bool (*done)(struct test *t))
{
	t->done = done;
	rd_timer_set(&t->watchdog, 60 * RD_NS_PER_S);
	return rd_loop_run(t->loop);
}

static void
end(struct test *t)
{
	rd_endpoint_close(t->e);
	rd_timer_close(&t->watchdog);
	rd_timer_close(&t->look);
	rd_loop_free(t->loop);
}

static struct rd_tunnel
tunnel_to(const char *name, uint16_t port)
{
	struct rd_tunnel c = {
		.to = {.family = 4, .ip = {127, 0, 0, 1}}, .port = port, .check = true, .ca_file = CA_FILE,
	};
	snprintf(c.name, sizeof(c.name), "%s", name);
	return c;
}

static bool
stands_or_ends(struct test *t)
{
	return t->stands + t->ends > 0;
}

static bool
all_back(struct test *t)
{
	return t->got == t->send || t->ends > 0;
}

/* --- that it works --- */

static void
there_and_back(enum peer_way way, unsigned count, size_t size, int version)
{
	struct peer peer;
	struct test t;
	peer_start(&peer, &good, version);
	peer.way = way;
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	assert_true(t.to.stream && t.to.carrier != 0);
	assert_false(rd_endpoint_can_send(t.e, &t.to));
	t.send = count;
	t.size = size;
	assert_int_equal(run(&t, all_back), 0);
	assert_int_equal(t.ends, 0);
	assert_int_equal(t.got, count);
	assert_true(rd_endpoint_can_send(t.e, &t.to));
	rd_endpoint_hang_up(t.e, t.to.carrier);
	end(&t);
	peer_stop(&peer);
	assert_true(peer.clean);
	assert_string_equal(peer.sni, "relay.example.org");
}

static void
test_stands(void **state)
{
	(void)state;
	there_and_back(PEER_ECHO, 100, 1200, TLS1_3_VERSION);
	there_and_back(PEER_ECHO, 40, RD_PACKET_MAX, TLS1_3_VERSION);
	there_and_back(PEER_ECHO, 100, 700, TLS1_2_VERSION);
	there_and_back(PEER_PIECES, 5, 300, TLS1_3_VERSION);
}

static bool
one_came(struct test *t)
{
	return t->got == 1 || t->ends > 0;
}

/* What comes in the same record as the answer is a datagram already. */
static void
test_early(void **state)
{
	(void)state;
	struct peer peer;
	struct test t;
	peer_start(&peer, &good, TLS1_3_VERSION);
	peer.way = PEER_EARLY;
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	assert_int_equal(run(&t, one_came), 0);
	assert_int_equal(t.ends, 0);
	end(&t);
	peer_stop(&peer);
}

static bool
is_full(struct test *t)
{
	return t->full;
}

/* A relay that does not read: nothing is queued here that can still be dropped. */
static void
test_full(void **state)
{
	(void)state;
	struct peer peer;
	struct test t;
	peer_start(&peer, &good, TLS1_3_VERSION);
	peer.way = PEER_DEAF;
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	t.send = 1000000;
	assert_int_equal(run(&t, is_full), 0);
	struct stream *s = endpoint_stream(t.e, t.to.carrier);
	assert_non_null(s);
	assert_true(s->out.len - s->sent <= ENDPOINT_GATHER + RD_PACKET_MAX);
	end(&t);
	(void)!write(peer.hang_up[1], "x", 1);
	peer_stop(&peer);
}

static bool
closed_inside(struct test *t)
{
	return t->e == NULL;
}

static void
test_close_inside(void **state)
{
	(void)state;
	static const enum peer_way ways[] = {PEER_EARLY, PEER_404, PEER_SSH};
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct peer peer;
		struct test t;
		peer_start(&peer, &good, TLS1_3_VERSION);
		peer.way = ways[i];
		begin(&t);
		t.close_in_carrier = true;
		struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
		assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
		assert_int_equal(run(&t, closed_inside), 0);
		end(&t);
		peer_stop(&peer);
	}
}

/* In a process without files, once the certificates were read. */
static void
test_confined(void **state)
{
	(void)state;
	struct peer peer;
	int status;
	peer_start(&peer, &good, TLS1_3_VERSION);
	assert_int_equal(rd_tunnel_prepare(CA_FILE), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct test t = {.loop = rd_loop_new(), .size = 1200, .send = 20};
		struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
		rd_loop_prepare(t.loop, on_prepare, &t);
		rd_timer_open(&t.watchdog, t.loop, on_watchdog, &t);
		rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_NETWORK});
		int bad = rd_endpoint_open(&t.e, t.loop, &ops, &t) != 0 ||
			rd_endpoint_tunnel(t.e, &cfg, &t.to) != 0 || run(&t, all_back) != 0 ||
			t.ends != 0;
		if (bad && t.e)
			print_error("%s\n", rd_endpoint_why(t.e));
		_exit(bad);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	peer_stop(&peer);
}

/* --- that it does not, and why --- */

struct failure {
	const char *name;	/* to check the certificate by; NULL: it is not checked */
	const struct made *cert;
	enum peer_way way;
	bool silent;
	int error;
	const char *why;
};

static void
fails(const struct failure *f)
{
	struct peer peer;
	struct test t;
	peer_start(&peer, f->cert, TLS1_3_VERSION);
	peer.way = f->way;
	begin(&t);
	t.silent = f->silent ? &peer : NULL;
	if (f->silent)
		rd_timer_set(&t.look, 1);
	struct rd_tunnel cfg = tunnel_to(f->name ? f->name : "any", peer.at.port);
	cfg.check = f->name != NULL;
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	assert_int_equal(run(&t, stands_or_ends), 0);
	if (f->error)
		assert_string_equal(rd_endpoint_why(t.e), f->why);
	assert_int_equal(t.error, f->error);
	end(&t);
	(void)!write(peer.hang_up[1], "x", 1);
	peer_stop(&peer);
}

static void
test_certificates(void **state)
{
	(void)state;
	const struct failure cases[] = {
		{"relay.example.org", &good, PEER_ECHO, false, 0, NULL},
		{"127.0.0.1", &good, PEER_ECHO, false, 0, NULL},
		{"127.0.0.2", &good, PEER_ECHO, false, -EKEYREJECTED, "the certificate is for another name"},
		{"other.example.org", &good, PEER_ECHO, false, -EKEYREJECTED,
			"the certificate is for another name"},
		{"relay.example.org", &expired, PEER_ECHO, false, -EKEYREJECTED,
			"the certificate has expired"},
		{"relay.example.org", &foreign, PEER_ECHO, false, -EKEYREJECTED,
			"the certificate is signed by nobody whom this machine trusts"},
		/* Where the relay's own key is known, none of that matters. */
		{NULL, &expired, PEER_ECHO, false, 0, NULL},
		{NULL, &foreign, PEER_ECHO, false, 0, NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		fails(&cases[i]);
}

static void
test_no_relay(void **state)
{
	(void)state;
	const struct failure cases[] = {
		{NULL, &good, PEER_404, false, -EPROTO, "answered 404 instead of 101: no relay there"},
		{NULL, &good, PEER_BUSY, false, -EPROTO, "answered 503 instead of 101: the relay is busy"},
		{NULL, &good, PEER_OTHER, false, -EPROTO, "it upgraded to something else: no relay there"},
		{NULL, &good, PEER_GARBAGE, false, -EPROTO, "no HTTP inside TLS: no relay there"},
		{NULL, &good, PEER_ENDS_INSIDE, false, -EPIPE,
			"the connection was closed inside TLS: no relay there"},
		{NULL, &good, PEER_SILENT_INSIDE, true, -ETIMEDOUT,
			"no answer inside TLS: no relay there"},
		{NULL, &good, PEER_SSH, false, -EPROTO, "no TLS there"},
		{NULL, &good, PEER_HTTP, false, -EPROTO, "no TLS there"},
		{NULL, &good, PEER_CLOSES, false, -EPROTO,
			"the connection was closed where TLS was to begin"},
		{NULL, &good, PEER_SILENT, true, -ETIMEDOUT, "no answer to TLS"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		fails(&cases[i]);
}

static void
test_nobody(void **state)
{
	(void)state;
	struct test t;
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("any", 1);
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	assert_int_equal(run(&t, stands_or_ends), 0);
	assert_int_equal(t.error, -ECONNREFUSED);
	assert_string_equal(rd_endpoint_why(t.e), "no connection to the relay: Connection refused");
	cfg.to.family = 0;
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), -EDESTADDRREQ);
	end(&t);
}

static void
test_no_certificates(void **state)
{
	(void)state;
	struct peer peer;
	struct test t;
	peer_start(&peer, &good, TLS1_3_VERSION);
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("relay.example.org", peer.at.port);
	cfg.ca_file = "/does/not/exist";
	assert_int_equal(rd_tunnel_prepare(cfg.ca_file), -ENOENT);
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	assert_int_equal(run(&t, stands_or_ends), 0);
	assert_string_equal(rd_endpoint_why(t.e), "no certificates to check the relay's by");
	end(&t);
	peer_stop(&peer);
}

/* --- through a proxy --- */

static void
through(enum proxy_way way, const char *url, int error, const char *why)
{
	struct peer peer;
	struct proxy proxy;
	struct test t;
	char text[128];
	peer_start(&peer, &good, TLS1_3_VERSION);
	proxy_start(&proxy, way, peer.at.port);
	begin(&t);
	struct rd_tunnel cfg = tunnel_to("relay.example.org", 443);
	snprintf(text, sizeof(text), url, (unsigned)proxy.at.port);
	assert_int_equal(rd_proxy_parse(&cfg.proxy, text), 0);
	cfg.to.family = 0;
	assert_int_equal(rd_endpoint_tunnel(t.e, &cfg, &t.to), 0);
	t.send = 20;
	assert_int_equal(run(&t, all_back), 0);
	assert_int_equal(t.error, error);
	if (error)
		assert_string_equal(rd_endpoint_why(t.e), why);
	else
		assert_int_equal(t.got, 20);
	end(&t);
	proxy_stop(&proxy);
	peer_stop(&peer);
	if (way == PROXY_HTTP)
		assert_string_equal(proxy.asked, "CONNECT relay.example.org:443 HTTP/1.1\r\n"
			"Host: relay.example.org:443\r\n\r\n");
}

static void
test_proxies(void **state)
{
	(void)state;
	through(PROXY_HTTP, "http://127.0.0.1:%u", 0, NULL);
	through(PROXY_HTTP_LOGIN, "http://me:secret@127.0.0.1:%u", 0, NULL);
	through(PROXY_SOCKS, "socks5://127.0.0.1:%u", 0, NULL);
	through(PROXY_SOCKS_LOGIN, "socks5://me:secret@127.0.0.1:%u", 0, NULL);
	through(PROXY_HTTP_LOGIN, "http://me:wrong@127.0.0.1:%u", -EACCES,
		"the proxy says 407 Proxy Authentication Required");
	through(PROXY_REFUSES, "http://127.0.0.1:%u", -EACCES,
		"the proxy says 407 Proxy Authentication Required");
	through(PROXY_SOCKS_LOGIN, "socks5://me:wrong@127.0.0.1:%u", -EACCES,
		"the proxy does not take that user and password");
	through(PROXY_SOCKS_REFUSES, "socks5://127.0.0.1:%u", -EACCES,
		"the proxy wants a user and a password");
	through(PROXY_TALKS, "http://127.0.0.1:%u", -EPROTO, "the proxy says too much");
	through(PROXY_CLOSES, "socks5://127.0.0.1:%u", -EPIPE, "the proxy closed the connection");
}

static int
make_certificates(void **state)
{
	(void)state;
	made_new(&authority, NULL, NULL, -60, YEAR);
	made_new(&other_authority, NULL, NULL, -60, YEAR);
	made_new(&good, &authority, "DNS:relay.example.org,IP:127.0.0.1", -60, YEAR);
	made_new(&expired, &authority, "DNS:relay.example.org", -YEAR, -60);
	made_new(&foreign, &other_authority, "DNS:relay.example.org", -60, YEAR);
	made_write(&authority, CA_FILE);
	return 0;
}

static int
free_certificates(void **state)
{
	(void)state;
	made_free(&authority);
	made_free(&other_authority);
	made_free(&good);
	made_free(&expired);
	made_free(&foreign);
	unlink(CA_FILE);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stands),
		cmocka_unit_test(test_early),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_close_inside),
		cmocka_unit_test(test_confined),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_no_relay),
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_no_certificates),
		cmocka_unit_test(test_proxies),
	};
	/* What a thread writes to a client that has gone. */
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, make_certificates, free_certificates);
}

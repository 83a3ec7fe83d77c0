#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net/tunnel_proxy.h"

/* --- names of proxies --- */

static void
test_parse(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum rd_proxy_kind kind;
		const char *host;
		uint16_t port;
		const char *user, *password;
		uint8_t family;
	} cases[] = {
		{"http://proxy.example.org", RD_PROXY_HTTP, "proxy.example.org", 80, "", "", 0},
		{"http://proxy.example.org:3128/", RD_PROXY_HTTP, "proxy.example.org", 3128, "", "", 0},
		{"proxy:8080", RD_PROXY_HTTP, "proxy", 8080, "", "", 0},
		{"HTTP://192.0.2.1:8080", RD_PROXY_HTTP, "192.0.2.1", 8080, "", "", 4},
		{"socks5://[2001:db8::1]", RD_PROXY_SOCKS5, "2001:db8::1", 1080, "", "", 6},
		{"socks5h://p:9", RD_PROXY_SOCKS5, "p", 9, "", "", 0},
		{"http://me:se%3acret%25@p:1", RD_PROXY_HTTP, "p", 1, "me", "se:cret%", 0},
		{"socks5://me@p", RD_PROXY_SOCKS5, "p", 1080, "me", "", 0},
		{"http://u:a@b@p", RD_PROXY_HTTP, "p", 80, "u", "a@b", 0},
	};
	static const char *const bad[] = {
		"", "http://", "http://:80", "https://proxy", "ftp://proxy", "http://p:0", "http://p:99999",
		"http://p/path", "http://u%0d%0ax@p", "http://u%zz@p", "http://u%3ax@p", "http://u%4@p",
		"http://u%00@p",
		"http://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu"
		"uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@p",
	};
	struct rd_proxy p;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(rd_proxy_parse(&p, cases[i].text), 0);
		assert_int_equal(p.kind, cases[i].kind);
		assert_string_equal(p.host, cases[i].host);
		assert_int_equal(p.port, cases[i].port);
		assert_string_equal(p.user, cases[i].user);
		assert_string_equal(p.password, cases[i].password);
		assert_int_equal(p.addr.family, cases[i].family);
		assert_int_equal(p.addr.port, cases[i].family ? cases[i].port : 0);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (rd_proxy_parse(&p, bad[i]) != -EINVAL)
			fail_msg("taken: %s", bad[i]);
}

static void
clear(void)
{
	static const char *const all[] = {
		"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy",
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		unsetenv(all[i]);
}

static void
test_environment(void **state)
{
	(void)state;
	struct rd_proxy p;
	clear();
	assert_int_equal(rd_proxy_from_environment(&p, "relay.example.org"), 0);
	assert_int_equal(p.kind, RD_PROXY_NONE);
	setenv("all_proxy", "socks5://s", 1);
	assert_int_equal(rd_proxy_from_environment(&p, "relay.example.org"), 0);
	assert_int_equal(p.kind, RD_PROXY_SOCKS5);
	setenv("https_proxy", "http://h", 1);
	setenv("HTTPS_PROXY", "", 1);
	assert_int_equal(rd_proxy_from_environment(&p, "relay.example.org"), 0);
	assert_string_equal(p.host, "h");
	static const struct { const char *list; bool named; } cases[] = {
		{"other.org", false}, {"example.org", true}, {".example.org", true}, {"*", true},
		{"x, RELAY.example.org", true}, {"ample.org", false}, {"relay.example.org:443", true},
		{",,", false}, {"relay.example.org.x", false},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		setenv("no_proxy", cases[i].list, 1);
		assert_int_equal(rd_proxy_from_environment(&p, "relay.example.org"), 0);
		assert_int_equal(p.kind, cases[i].named ? RD_PROXY_NONE : RD_PROXY_HTTP);
	}
	setenv("NO_PROXY", "2001:db8::1", 1);
	assert_int_equal(rd_proxy_from_environment(&p, "2001:db8::1"), 0);
	assert_int_equal(p.kind, RD_PROXY_NONE);
	setenv("HTTPS_PROXY", "gopher://h", 1);
	assert_int_equal(rd_proxy_from_environment(&p, "x"), -EINVAL);
	clear();
}

/* --- talking --- */

struct talk {
	struct rd_tunnel tunnel;
	struct rd_proxy_talk t;
	struct rd_buf out;
	size_t seen;		/* of out, already looked at */
};

static void
begin(struct talk *k, const char *proxy, const char *name, const char *ip)
{
	*k = (struct talk){.tunnel = {.port = 443}};
	assert_int_equal(rd_proxy_parse(&k->tunnel.proxy, proxy), 0);
	strncpy(k->tunnel.name, name, sizeof(k->tunnel.name) - 1);
	if (*ip) {
		struct rd_proxy p;
		assert_int_equal(rd_proxy_parse(&p, ip), 0);
		k->tunnel.to = p.addr;
	}
	rd_proxy_talk_begin(&k->t, &k->tunnel, &k->out);
}

static void
says(struct talk *k, const void *bytes, size_t len)
{
	assert_int_equal(k->out.len - k->seen, len);
	assert_memory_equal(k->out.data + k->seen, bytes, len);
	k->seen = k->out.len;
}

#define SAYS(k, text) says(k, text, sizeof(text) - 1)

/* Whole, and what is left over is not used. */
static void
hears(struct talk *k, const void *bytes, size_t len)
{
	size_t n = rd_proxy_talk_take(&k->t, bytes, len, &k->out);
	if (k->t.state != RD_PROXY_REFUSED)
		assert_int_equal(n, len);
}

#define HEARS(k, text) hears(k, text, sizeof(text) - 1)

static void
end(struct talk *k, const char *why)
{
	if (why) {
		assert_int_equal(k->t.state, RD_PROXY_REFUSED);
		assert_string_equal(k->t.why, why);
	} else {
		assert_int_equal(k->t.state, RD_PROXY_THROUGH);
	}
	rd_buf_finish(&k->out);
}

static void
test_http(void **state)
{
	(void)state;
	static const char answer[] = "HTTP/1.0 200 Connection established\r\nVia: x\r\n\r\n";
	struct talk k;
	begin(&k, "http://p", "relay.example.org", "");
	SAYS(&k, "CONNECT relay.example.org:443 HTTP/1.1\r\nHost: relay.example.org:443\r\n\r\n");
	for (size_t n = 1; n < sizeof(answer) - 1; n++)
		assert_int_equal(rd_proxy_talk_take(&k.t, (const uint8_t *)answer, n, &k.out), 0);
	HEARS(&k, answer);
	end(&k, NULL);
	begin(&k, "http://me:secret@p", "relay.example.org", "[2001:db8::1]:9");
	SAYS(&k, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n"
		"Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
	HEARS(&k, "HTTP/1.1 200\r\n\r\n");
	end(&k, NULL);
	begin(&k, "http://p", "2001:db8::1", "");
	SAYS(&k, "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n");
	HEARS(&k, "HTTP/1.1 204 x\n\n");
	end(&k, NULL);
}

static void
test_http_refused(void **state)
{
	(void)state;
	static const struct { const char *answer, *why; } cases[] = {
		{"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
			"the proxy says 407 Proxy Authentication Required"},
		{"HTTP/1.1 403\r\n\r\n", "the proxy says 403"},
		{"HTTP/1.1 502 \xff\r\n\r\n", "the proxy says 502 \\xff"},
		{"SSH-2.0", "the proxy does not speak HTTP"},
		{"HTTP/1.1 OK\r\n\r\n", "the proxy does not speak HTTP"},
	};
	struct talk k;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		begin(&k, "http://p", "r", "");
		hears(&k, cases[i].answer, strlen(cases[i].answer));
		end(&k, cases[i].why);
	}
}

static void
test_socks(void **state)
{
	(void)state;
	static const char reply[] = "\5\0\0\1\0\0\0\0\0\0";
	struct talk k;
	begin(&k, "socks5://p", "relay", "");
	SAYS(&k, "\5\1\0");
	HEARS(&k, "\5\0");
	SAYS(&k, "\5\1\0\3\5relay\1\xbb");
	for (size_t n = 1; n < sizeof(reply) - 1; n++)
		assert_int_equal(rd_proxy_talk_take(&k.t, (const uint8_t *)reply, n, &k.out), 0);
	HEARS(&k, reply);
	end(&k, NULL);
	begin(&k, "socks5://me:pw@p", "relay", "192.0.2.1");
	SAYS(&k, "\5\2\0\2");
	HEARS(&k, "\5\2");
	SAYS(&k, "\1\2me\2pw");
	HEARS(&k, "\1\0");
	SAYS(&k, "\5\1\0\1\xc0\0\2\1\1\xbb");
	/* A reply with a name, and one byte of what follows it. */
	static const uint8_t named[] = "\5\0\0\3\2xy\0\0\x16";
	assert_int_equal(rd_proxy_talk_take(&k.t, named, 10, &k.out), 9);
	end(&k, NULL);
}

static void
test_socks_refused(void **state)
{
	(void)state;
	struct talk k;
	begin(&k, "socks5://p", "r", "");
	HEARS(&k, "\5\xff");
	end(&k, "the proxy wants a user and a password");
	begin(&k, "socks5://u:p@p", "r", "");
	HEARS(&k, "\5\xff");
	end(&k, "the proxy takes no password");
	begin(&k, "socks5://u:p@p", "r", "");
	HEARS(&k, "\5\2");
	HEARS(&k, "\1\1");
	end(&k, "the proxy does not take that user and password");
	begin(&k, "socks5://p", "r", "");
	HEARS(&k, "\5\2");
	end(&k, "the proxy does not speak SOCKS5");
	begin(&k, "socks5://p", "r", "");
	HEARS(&k, "\4");
	end(&k, "the proxy does not speak SOCKS5");
	begin(&k, "socks5://p", "r", "");
	HEARS(&k, "\5\0");
	HEARS(&k, "\5\5");
	end(&k, "the proxy cannot reach the relay: the connection was refused");
	begin(&k, "socks5://p", "r", "");
	HEARS(&k, "\5\0");
	HEARS(&k, "\5\xee");
	end(&k, "the proxy cannot reach the relay: it does not say why");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_http),
		cmocka_unit_test(test_http_refused),
		cmocka_unit_test(test_socks),
		cmocka_unit_test(test_socks_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "net/tunnel_upgrade.h"

static ssize_t
request(struct rd_upgrade_request *r, const char *text)
{
	return rd_upgrade_request_parse(r, (const uint8_t *)text, strlen(text));
}

static ssize_t
answer(int *status, const char *text)
{
	return rd_upgrade_answer_parse(status, (const uint8_t *)text, strlen(text));
}

/* What one end says the other understands, and not before it has all of it. */
static void
test_both_ends(void **state)
{
	(void)state;
	struct rd_upgrade_request r;
	struct rd_buf b = {0};
	int status;
	rd_upgrade_request_put(&b, "relay.example.org", 443);
	assert_int_equal(b.len, strlen("GET /rd HTTP/1.1\r\nHost: relay.example.org\r\n"
		"Connection: Upgrade\r\nUpgrade: rd/1\r\n\r\n"));
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(rd_upgrade_request_parse(&r, b.data, n), -EAGAIN);
	size_t len = b.len;
	rd_buf_bytes(&b, "\x05\x00", 2); /* the first datagram behind it */
	assert_int_equal(rd_upgrade_request_parse(&r, b.data, b.len), len);
	assert_int_equal(r.status, 101);
	assert_string_equal(r.host, "relay.example.org");
	rd_buf_reset(&b);
	rd_upgrade_answer_put(&b, 101);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(rd_upgrade_answer_parse(&status, b.data, n), -EAGAIN);
	len = b.len;
	rd_buf_bytes(&b, "\x05\x00", 2);
	assert_int_equal(rd_upgrade_answer_parse(&status, b.data, b.len), len);
	assert_int_equal(status, 101);
	rd_buf_finish(&b);
}

static void
test_hosts(void **state)
{
	(void)state;
	static const struct { const char *name; uint16_t port; const char *host; } cases[] = {
		{"relay.example.org", 21120, "relay.example.org:21120"},
		{"192.0.2.1", 443, "192.0.2.1"},
		{"2001:db8::1", 443, "[2001:db8::1]"},
		{"2001:db8::1", 8443, "[2001:db8::1]:8443"},
	};
	struct rd_upgrade_request r;
	struct rd_buf b = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rd_buf_reset(&b);
		rd_upgrade_request_put(&b, cases[i].name, cases[i].port);
		assert_int_equal(rd_upgrade_request_parse(&r, b.data, b.len), b.len);
		assert_string_equal(r.host, cases[i].host);
	}
	rd_buf_finish(&b);
}

#define REST "Host: x\r\nConnection: keep-alive, upgrade\r\nUPGRADE: h2c, RD/1\r\n\r\n"

static void
test_requests(void **state)
{
	(void)state;
	static const struct { const char *text; int status; } cases[] = {
		{"GET /rd HTTP/1.1\r\n" REST, 101},
		{"GET /rd HTTP/1.1\n" REST, 101},
		{"GET /rd HTTP/1.1\r\nX-Forwarded-For: 192.0.2.1\r\n" REST, 101},
		{"GET / HTTP/1.1\r\n" REST, 404},
		{"GET /rdx HTTP/1.1\r\n" REST, 404},
		{"POST /rd HTTP/1.1\r\n" REST, 405},
		{"GET /rd HTTP/1.1\r\nHost: x\r\n\r\n", 426},
		{"GET /rd HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", 426},
		{"GET /rd HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: rd/1\r\n\r\n", 400},
		{"GET /rd HTTP/1.1\r\nHost: y\r\n" REST, 400},
		{"GET /rd HTTP/1.0\r\n" REST, 400},
		{"GET  /rd HTTP/1.1\r\n" REST, 400},
		{"GET /rd\r\n" REST, 400},
		{"GET /rd HTTP/1.1\r\n folded: x\r\n" REST, 400},
		{"GET /rd HTTP/1.1\r\nno field\r\n" REST, 400},
		{"GET /rd HTTP/1.1\r\nspace : x\r\n" REST, 400},
		{"GET /rd HTTP/1.1\r\nx: \x1b[2J\r\n" REST, 400},
	};
	struct rd_upgrade_request r;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(request(&r, cases[i].text), strlen(cases[i].text));
		assert_int_equal(r.status, cases[i].status);
	}
	assert_int_equal(request(&r, "\r\n"), -EPROTO);
	assert_int_equal(request(&r, "\x16\x03\x01"), -EPROTO);
}

static void
test_answers(void **state)
{
	(void)state;
	static const struct { const char *text; int result, status; } cases[] = {
		{"HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno.", -ECONNREFUSED, 404},
		{"HTTP/1.1 200\r\n\r\n", -ECONNREFUSED, 200},
		{"HTTP/1.0 503 \r\n\r\n", -ECONNREFUSED, 503},
		{"HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n", -ECONNREFUSED, 101},
		{"HTTP/1.1 101 x\r\nUpgrade: rd/1\r\n\r\n", -ECONNREFUSED, 101},
		{"HTTP/1.1 abc x\r\n\r\n", -EPROTO, 0},
		{"HTTP/1.1 99 x\r\n\r\n", -EPROTO, 0},
		{"HTTP/2 200\r\n\r\n", -EPROTO, 0},
		{"HTTP/1.1 1011 x\r\n\r\n", -EPROTO, 0},
		{"SSH-2.0-OpenSSH", -EPROTO, 0},
		{"H", -EAGAIN, 0},
		{"HTTP/1.1 10", -EAGAIN, 0},
		{"HTTP/1.1 101 Sw\0x", -EAGAIN, 0},
		{"", -EAGAIN, 0},
	};
	int status;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(answer(&status, cases[i].text), cases[i].result);
		assert_int_equal(status, cases[i].status);
	}
}

/* What a server says no with, a client reads. */
static void
test_refusals(void **state)
{
	(void)state;
	static const int all[] = {400, 404, 405, 408, 426, 429, 503};
	struct rd_buf b = {0};
	int status;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		rd_buf_reset(&b);
		rd_upgrade_answer_put(&b, all[i]);
		assert_int_equal(rd_upgrade_answer_parse(&status, b.data, b.len), -ECONNREFUSED);
		assert_int_equal(status, all[i]);
		assert_memory_equal(b.data + b.len - 4, "\r\n\r\n", 4);
	}
	rd_buf_finish(&b);
}

/* A head that never ends is not waited for. */
static void
test_limits(void **state)
{
	(void)state;
	uint8_t bytes[RD_HTTP_HEAD_MAX + 1];
	struct rd_upgrade_request r;
	int status;
	memset(bytes, 'a', sizeof(bytes));
	assert_int_equal(rd_upgrade_request_parse(&r, bytes, RD_HTTP_HEAD_MAX - 1), -EAGAIN);
	assert_int_equal(rd_upgrade_request_parse(&r, bytes, RD_HTTP_HEAD_MAX), -EPROTO);
	assert_int_equal(rd_upgrade_request_parse(&r, bytes, sizeof(bytes)), -EPROTO);
	memcpy(bytes, "HTTP/1.1 101 x\r\n", 16);
	assert_int_equal(rd_upgrade_answer_parse(&status, bytes, RD_HTTP_HEAD_MAX), -EPROTO);
	/* One that is just short enough. */
	memcpy(bytes, "GET /rd HTTP/1.1\r\nx:", 20);
	memcpy(bytes + RD_HTTP_HEAD_MAX - 4, "\r\n\r\n", 4);
	assert_int_equal(rd_upgrade_request_parse(&r, bytes, sizeof(bytes)), RD_HTTP_HEAD_MAX);
	memcpy(bytes + RD_HTTP_HEAD_MAX - 4, "a\r\n\r\n", 5);
	assert_int_equal(rd_upgrade_request_parse(&r, bytes, sizeof(bytes)), -EPROTO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_both_ends),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

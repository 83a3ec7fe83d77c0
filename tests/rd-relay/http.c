#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rd-relay/http.h"

static int
parse(struct http_head *h, const char *text)
{
	return http_parse(h, text, strlen(text));
}

static void
reads_a_request(void **state)
{
	struct http_head h;
	const char *text = "GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\nrest";
	(void)state;
	assert_int_equal(parse(&h, text), 0);
	assert_int_equal(h.method, HTTP_GET);
	assert_string_equal(h.path, "/metrics");
	assert_false(h.upgrade);
	assert_int_equal(h.len, strlen(text) - strlen("rest"));
	assert_int_equal(parse(&h, "HEAD / HTTP/1.0\n\n"), 0);
	assert_int_equal(h.method, HTTP_HEAD);
	assert_int_equal(parse(&h, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), 0);
	assert_int_equal(h.method, HTTP_OTHER);
}

static void
upgrades_when_both_fields_say_so(void **state)
{
	static const struct { const char *fields; bool upgrade; } some[] = {
		{"Connection: Upgrade\r\nUpgrade: rd/1\r\n", true},
		{"connection: keep-alive, UPGRADE\r\nupgrade: h2c ,\tRD/1\r\n", true},
		{"Connection: Upgrade\r\nUpgrade: rd/12\r\n", false},
		{"Connection: Upgrade\r\nUpgrade: websocket\r\n", false},
		{"Connection: close\r\nUpgrade: rd/1\r\n", false},
		{"Upgrade: rd/1\r\n", false},
	};
	struct http_head h;
	char text[256];
	(void)state;
	for (size_t i = 0; i < sizeof(some) / sizeof(*some); i++) {
		snprintf(text, sizeof(text), "GET /rd HTTP/1.1\r\n%s\r\n", some[i].fields);
		assert_int_equal(parse(&h, text), 0);
		assert_int_equal(h.upgrade, some[i].upgrade);
	}
}

static void
waits_for_the_end(void **state)
{
	static const char whole[] = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
	struct http_head h;
	(void)state;
	for (size_t n = 0; n < strlen(whole); n++)
		assert_int_equal(http_parse(&h, whole, n), -EAGAIN);
	assert_int_equal(http_parse(&h, whole, strlen(whole)), 0);
}

static void
refuses_what_is_no_request(void **state)
{
	static const char *const wrong[] = {
		"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/2\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
		"GET /\001 HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 x\r\n\r\n",
		"GET / HTTP/1.1\r\n: x\r\n\r\n", "GET / HTTP/1.1\r\nA : x\r\n\r\n",
		"GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n",
		"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
	};
	struct http_head h;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(parse(&h, wrong[i]), -EPROTO);
}

static void
has_a_bound(void **state)
{
	char text[HTTP_HEAD_MAX + 16];
	struct http_head h;
	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(http_parse(&h, text, HTTP_HEAD_MAX - 1), -EAGAIN);
	assert_int_equal(http_parse(&h, text, HTTP_HEAD_MAX), -EMSGSIZE);
	memcpy(text + HTTP_HEAD_MAX, "\r\n\r\n", 4);
	assert_int_equal(http_parse(&h, text, sizeof(text)), -EMSGSIZE);
}

static void
cuts_long_names(void **state)
{
	char text[512], name[301];
	struct http_head h;
	(void)state;
	memset(name, 'b', 300);
	name[300] = 0;
	snprintf(text, sizeof(text), "GET /%s HTTP/1.1\r\n\r\n", name);
	assert_int_equal(parse(&h, text), 0);
	assert_int_equal(strlen(h.path), sizeof(h.path) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(upgrades_when_both_fields_say_so),
		cmocka_unit_test(waits_for_the_end),
		cmocka_unit_test(refuses_what_is_no_request),
		cmocka_unit_test(has_a_bound),
		cmocka_unit_test(cuts_long_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

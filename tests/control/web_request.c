#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/web_request.h"

static int
parse(struct rd_web_request *q, const char *text)
{
	return rd_web_request_parse(q, (const uint8_t *)text, strlen(text));
}

static void
reads_a_request(void **state)
{
	struct rd_web_request q;
	static const char text[] = "GET /metrics?x=1 HTTP/1.1\r\nHost: a\r\n\r\nrest";
	(void)state;
	assert_int_equal(parse(&q, text), 0);
	assert_int_equal(q.method, RD_WEB_GET);
	assert_string_equal(q.path, "/metrics");
	assert_int_equal(parse(&q, "HEAD / HTTP/1.0\n\n"), 0);
	assert_int_equal(q.method, RD_WEB_HEAD);
	assert_int_equal(parse(&q, "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n"), 0);
	assert_int_equal(q.method, RD_WEB_OTHER);
}

static void
waits_for_the_end(void **state)
{
	static const uint8_t whole[] = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
	struct rd_web_request q;
	(void)state;
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_int_equal(rd_web_request_parse(&q, whole, n), -EAGAIN);
	assert_int_equal(rd_web_request_parse(&q, whole, sizeof(whole) - 1), 0);
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
	struct rd_web_request q;
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(parse(&q, wrong[i]), -EPROTO);
}

static void
has_a_bound(void **state)
{
	uint8_t text[RD_HTTP_HEAD_MAX + 16];
	struct rd_web_request q;
	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(rd_web_request_parse(&q, text, RD_HTTP_HEAD_MAX - 1), -EAGAIN);
	assert_int_equal(rd_web_request_parse(&q, text, RD_HTTP_HEAD_MAX), -EPROTO);
	memcpy(text + RD_HTTP_HEAD_MAX, "\r\n\r\n", 4);
	assert_int_equal(rd_web_request_parse(&q, text, sizeof(text)), -EPROTO);
}

static void
cuts_long_names(void **state)
{
	char text[512], name[301];
	struct rd_web_request q;
	(void)state;
	memset(name, 'b', 300);
	name[300] = 0;
	snprintf(text, sizeof(text), "GET /%s HTTP/1.1\r\n\r\n", name);
	assert_int_equal(parse(&q, text), 0);
	assert_int_equal(strlen(q.path), sizeof(q.path) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_request),
		cmocka_unit_test(waits_for_the_end),
		cmocka_unit_test(refuses_what_is_no_request),
		cmocka_unit_test(has_a_bound),
		cmocka_unit_test(cuts_long_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "rd-top/relay.h"

static int
parse(struct prom *p, const char *text, unsigned *line)
{
	return prom_parse(p, text, strlen(text), line);
}

static void
reads_what_prometheus_reads(void **state)
{
	struct prom p = {0};
	unsigned line;
	(void)state;
	assert_int_equal(parse(&p, "# HELP a b\n# TYPE a counter\n\na 1\r\n"
		"b{x=\"1\"} 2.5\nb{x=\"2\" , y=\"q\\\"\\\\\\n\",} 3e2 1700000000000\n"
		"  c{} +Inf\nd NaN\na:b_2\t7", &line), 0);
	assert_int_equal(p.count, 6);
	assert_true(prom_sum(&p, "a", NULL, NULL) == 1);
	assert_true(prom_sum(&p, "b", NULL, NULL) == 302.5);
	assert_true(prom_sum(&p, "b", "x", "2") == 300);
	assert_true(prom_sum(&p, "b", "y", "q\"\\\n") == 300);
	assert_true(isinf(prom_sum(&p, "c", NULL, NULL)));
	assert_true(isnan(prom_sum(&p, "b", "x", "3")));
	assert_true(isnan(prom_sum(&p, "none", NULL, NULL)));
	assert_true(prom_sum(&p, "a:b_2", NULL, NULL) == 7);
	prom_finish(&p);
}

static void
says_which_line_is_none(void **state)
{
	static const char *const wrong[] = {
		"<html>", "a", "a ", "a b", "a{ 1", "a{x} 1", "a{x=1} 1", "a{x=\"1} 1", "a{x=\"\\t\"} 1",
		"a{x=\"1\" y=\"2\"} 1", "a 1 2 3", "a 1x", "1a 1",
		"a{a=\"\",b=\"\",c=\"\",d=\"\",e=\"\"} 1",
		"a{x=\"0123456789012345678901234567890123456789\"} 1",
		"a1234567890123456789012345678901234567890123456789012345678901234567890 1",
	};
	(void)state;
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct prom p = {0};
		char text[256];
		unsigned line = 0;
		snprintf(text, sizeof(text), "ok 1\n# x\n%s\nok 2\n", wrong[i]);
		if (parse(&p, text, &line) != -EPROTO)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(line, 3);
		assert_int_equal(p.count, 0);
		prom_finish(&p);
	}
}

static void
is_bounded(void **state)
{
	struct prom p = {0};
	struct rd_buf text = {0};
	unsigned line;
	(void)state;
	for (unsigned i = 0; i < PROM_SAMPLES_MAX; i++)
		rd_buf_bytes(&text, "a 1\n", 4);
	assert_int_equal(prom_parse(&p, (char *)text.data, text.len, &line), 0);
	assert_int_equal(p.count, PROM_SAMPLES_MAX);
	rd_buf_bytes(&text, "a 1\n", 4);
	assert_int_equal(prom_parse(&p, (char *)text.data, text.len, &line), -EPROTO);
	rd_buf_finish(&text);
	prom_finish(&p);
}

#define S UINT64_C(1000000000)

static int
take(struct relay *r, uint64_t now, const char *text)
{
	return relay_take(r, text, strlen(text), now);
}

static void
rates_are_differences(void **state)
{
	struct relay r = {0};
	(void)state;
	assert_int_equal(take(&r, 10 * S, "rd_peers{transport=\"udp\"} 3\nrd_peers{transport=\"tls\"} 1\n"
		"rd_bytes_total{dir=\"in\"} 1000\nrd_drops_total{reason=\"rate\"} 5\n"), 0);
	assert_true(isnan(relay_rate(&r, "rd_bytes_total", "dir", "in")));
	assert_int_equal(take(&r, 12 * S, "rd_peers{transport=\"udp\"} 3\n"
		"rd_bytes_total{dir=\"in\"} 2000\nrd_drops_total{reason=\"rate\"} 11\n"), 0);
	assert_true(relay_rate(&r, "rd_bytes_total", "dir", "in") == 500);
	assert_true(ring_back(&r.in_bps, 0) == 4000);
	assert_true(isnan(ring_back(&r.in_bps, 1)));
	assert_true(relay_refused(&r) == 3);
	/* It began anew: less than before is no rate. */
	assert_int_equal(take(&r, 13 * S, "rd_peers 0\nrd_bytes_total{dir=\"in\"} 10\n"), 0);
	assert_true(isnan(relay_rate(&r, "rd_bytes_total", "dir", "in")));
	relay_finish(&r);
}

static void
what_is_none_changes_nothing(void **state)
{
	struct relay r = {0};
	(void)state;
	assert_int_equal(take(&r, 10 * S, "rd_peers 3\n"), 0);
	assert_int_equal(take(&r, 11 * S, "<html>\n"), -EPROTO);
	assert_string_equal(r.trouble, "line 1 of its page is none of metrics");
	assert_int_equal(take(&r, 11 * S, "up 1\n"), -EPROTO);
	assert_non_null(strstr(r.trouble, "rd-relay"));
	assert_true(relay_now(&r, "rd_peers", NULL, NULL) == 3);
	relay_miss(&r, "nobody answers there");
	assert_true(isnan(ring_back(&r.peers, 0)));
	assert_int_equal(take(&r, 13 * S, "rd_peers 4\n"), 0);
	assert_string_equal(r.trouble, "");
	relay_finish(&r);
}

static void
a_quantile_is_of_the_last_look(void **state)
{
	struct relay r = {0};
	(void)state;
	assert_int_equal(take(&r, 10 * S, "rd_peers 1\nh_bucket{le=\"1e-05\"} 100\n"
		"h_bucket{le=\"0.001\"} 100\nh_bucket{le=\"+Inf\"} 100\n"), 0);
	assert_true(relay_quantile(&r, "h", 0.5) == 1e-5);
	assert_int_equal(take(&r, 11 * S, "rd_peers 1\nh_bucket{le=\"1e-05\"} 140\n"
		"h_bucket{le=\"0.001\"} 199\nh_bucket{le=\"+Inf\"} 200\n"), 0);
	assert_true(relay_quantile(&r, "h", 0.4) == 1e-5);
	assert_true(relay_quantile(&r, "h", 0.5) == 1e-3);
	assert_true(isinf(relay_quantile(&r, "h", 0.999)));
	assert_true(isnan(relay_quantile(&r, "other", 0.5)));
	relay_finish(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_prometheus_reads),
		cmocka_unit_test(says_which_line_is_none),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(rates_are_differences),
		cmocka_unit_test(what_is_none_changes_nothing),
		cmocka_unit_test(a_quantile_is_of_the_last_look),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

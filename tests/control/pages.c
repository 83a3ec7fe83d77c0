#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "control/pages.h"

static struct rd_pages pages;
static struct rd_buf out;

static void
add(const char *text, const char *tool, long pid)
{
	rd_pages_add(&pages, text, strlen(text), tool, pid);
}

static void
makes(const char *want)
{
	rd_pages_put(&pages, &out);
	rd_buf_u8(&out, 0);
	assert_string_equal((char *)out.data, want);
	rd_buf_finish(&out);
	rd_pages_finish(&pages);
}

#define FRAMES "# HELP rd_frames_total that were shown\n# TYPE rd_frames_total counter\n"

static void
samples_of_all_stand_under_one_head(void **state)
{
	(void)state;
	add(FRAMES "rd_frames_total 7\n", "rd-view", 0);
	add("# HELP rd_frames_total that came\n# TYPE rd_frames_total counter\nrd_frames_total 9\n"
		"# HELP rd_x x\n# TYPE rd_x gauge\nrd_x{a=\"b\"} 1.5\n", "rd-recv", 11);
	add(FRAMES "rd_frames_total 5\n", "rd-recv", 12);
	makes("# HELP rd_frames_total that were shown; of rd-recv: that came\n"
		"# TYPE rd_frames_total counter\n"
		"rd_frames_total{tool=\"rd-view\"} 7\n"
		"rd_frames_total{tool=\"rd-recv\",pid=\"11\"} 9\n"
		"rd_frames_total{tool=\"rd-recv\",pid=\"12\"} 5\n"
		"# HELP rd_x x\n# TYPE rd_x gauge\nrd_x{tool=\"rd-recv\",pid=\"11\",a=\"b\"} 1.5\n");
}

static void
a_program_that_names_itself_does_so_once(void **state)
{
	(void)state;
	add("# HELP i i\n# TYPE i gauge\ni{name=\"a\",tool=\"rd-view\"} 1\n", "rd-view", 0);
	add("# HELP i i\n# TYPE i gauge\ni{tool=\"rd-recv\"} 1\n", "rd-recv", 3);
	makes("# HELP i i\n# TYPE i gauge\ni{name=\"a\",tool=\"rd-view\"} 1\ni{pid=\"3\",tool=\"rd-recv\"} 1\n");
}

static void
histograms_have_parts(void **state)
{
	(void)state;
	add("# HELP h h\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 2\nh_sum 0.5\nh_count 2\nh 1\nh_max 1\n",
		"t", 0);
	makes("# HELP h h\n# TYPE h histogram\nh_bucket{tool=\"t\",le=\"+Inf\"} 2\nh_sum{tool=\"t\"} 0.5\n"
		"h_count{tool=\"t\"} 2\n");
}

/* A page that is not as it should be cannot spoil what others say. */
static void
what_is_no_sample_is_left_out(void **state)
{
	static const char *const bad[] = {
		"b 1\n", "a\n", "a \n", "a x\n", "a 1 2\n", "a 1.2.3\n", "a{} 1\n", "a{x} 1\n", "a{x=1} 1\n",
		"a{x=\"1} 1\n", "a{x=\"1\"} \n", "a{x=\"1\",} 1\n", "a{x=\"1\"", "a{pid=\"1\"} 1\n",
		"a{x=\"1\",pid=\"1\"} 1\n", "a{x=\"\\\"} 1\n", "a 1\x01\n", "a{x=\"\t\"} 1\n", "a 1", "",
		"# TYPE a gauge\na 1\n", "# TYPE a\na 1\n", "# TYPE a counters\na 1\n", "#\n", "# x\n", "\n",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		add("# HELP a h\n# TYPE a counter\na{k=\"v\"} 1\n", "t", 0);
		add("# HELP a h\n# TYPE a counter\n", "u", 2);
		add(bad[i], "u", 2);
		char whole[256];
		snprintf(whole, sizeof(whole), "# HELP a h\n# TYPE a counter\n%s", bad[i]);
		add(whole, "u", 2);
		makes("# HELP a h\n# TYPE a counter\na{tool=\"t\",k=\"v\"} 1\n");
	}
}

static void
there_is_a_bound_to_all(void **state)
{
	char text[4096];
	(void)state;
	for (int i = 0; i < RD_PAGES_METRICS + 100; i++) {
		snprintf(text, sizeof(text), "# TYPE m%d gauge\nm%d 1\n", i, i);
		add(text, "t", 0);
	}
	assert_int_equal(pages.count, RD_PAGES_METRICS);
	memset(text, 'a', sizeof(text));
	memcpy(text, "# TYPE m1 gauge\nm1{a=\"", 22);
	memcpy(text + sizeof(text) - 6, "\"} 2\n", 6);
	add(text, "long", 0);
	rd_pages_put(&pages, &out);
	assert_null(memmem(out.data, out.len, "long", 4));
	rd_buf_finish(&out);
	rd_pages_finish(&pages);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(samples_of_all_stand_under_one_head),
		cmocka_unit_test(a_program_that_names_itself_does_so_once),
		cmocka_unit_test(histograms_have_parts),
		cmocka_unit_test(what_is_no_sample_is_left_out),
		cmocka_unit_test(there_is_a_bound_to_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

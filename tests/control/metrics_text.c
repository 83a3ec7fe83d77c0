#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/exposition.h"
#include "control/metrics_text.h"

static void
get_rtt(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_real(out, 12.5, 3);
}

static void
get_unknown(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_null(out);
}

static void
get_frames(void *ctx, struct rd_json *out)
{
	rd_json_count(out, *(const uint64_t *)ctx);
}

static void
get_paused(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_bool(out, true);
}

static void
get_state(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_text(out, "waiting");
}

static void
get_peer(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_text(out, "somebody");
}

static void
get_sessions(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_open(out, '[');
	for (int i = 0; i < 2; i++) {
		rd_json_open(out, '{');
		rd_json_put_text(out, "session", i ? "bb" : "aa");
		rd_json_put_text(out, "peer", "somebody");
		rd_json_put_text(out, "path", "direct");
		rd_json_put_number(out, "rate", 8000 * (i + 1));
		rd_json_key(out, "late_ms");
		if (i)
			rd_json_real(out, 2, 3);
		else
			rd_json_null(out);
		rd_json_close(out, '}');
	}
	rd_json_close(out, ']');
}

static void
get_kinds(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_open(out, '{');
	rd_json_key(out, "copy");
	rd_json_open(out, '{');
	rd_json_put_count(out, "pixels", 7);
	rd_json_close(out, '}');
	rd_json_close(out, '}');
}

static const struct rd_control_value values[] = {
	{"state", RD_CONTROL_TEXT, "", "what it does", get_state, NULL},
	{"peer", RD_CONTROL_TEXT, "", "who", get_peer, NULL},
	{"rtt-ms", RD_CONTROL_GAUGE, "ms", "round trip", get_rtt, NULL},
	{"least-ms", RD_CONTROL_GAUGE, "ms", "not known", get_unknown, NULL},
	{"frames", RD_CONTROL_COUNTER, "", "that came", get_frames, NULL},
	{"paused", RD_CONTROL_FLAG, "", "whether it is", get_paused, NULL},
	{"sessions", RD_CONTROL_LIST, "", "of each", get_sessions, NULL},
	{"kinds", RD_CONTROL_LIST, "", "pixels", get_kinds, NULL},
	{0},
};
static const struct rd_control_member session[] = {
	{"path", RD_CONTROL_TEXT, "", "how"},
	{"rate", RD_CONTROL_GAUGE, "bit/s", "of it"},
	{"late_ms", RD_CONTROL_GAUGE, "ms", "how late"},
	{0},
};
static const struct rd_control_member kind[] = {
	{"pixels", RD_CONTROL_COUNTER, "px", "so"},
	{0},
};
static const struct rd_control_list lists[] = {
	{"sessions", "session", "session", session},
	{"kinds", "update", "kind", kind},
	{0},
};
/* Shorter than the first bound, as long as the third, longer than all. */
static const struct rd_histogram *
of_encode(const void *ctx)
{
	static const struct rd_histogram h = {.count = {[0] = 2, [2] = 3, [RD_HISTOGRAM_BOUNDS] = 1},
		.sum_ns = UINT64_C(9004500000)};
	(void)ctx;
	return &h;
}

static const struct rd_histogram *
of_show(const void *ctx)
{
	static const struct rd_histogram none;
	(void)ctx;
	return &none;
}

static const struct rd_control_stage stages[] = {
	{"encode", "encoding it", of_encode},
	{"show", "showing it", of_show},
	{0},
};
static const struct rd_control_table table = {.values = values, .lists = lists, .stages = stages};

static char *
page(void)
{
	static struct rd_buf b;
	static uint64_t frames = 3;
	const struct rd_control_place place = {.fd = -1, .page = -1, .name = "a \\ b", .tool = "rd-test",
		.file = "x.rd-test.77", .leader = 70};
	const struct rd_control_subject s = {&place, &table, &frames, 0};
	rd_buf_reset(&b);
	rd_metrics_text(&b, &s);
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

static void
makes_a_metric_of_every_number(void **state)
{
	const char *text = page();
	(void)state;
	assert_non_null(strstr(text, "# HELP rd_rtt_seconds rtt_ms: round trip\n"
		"# TYPE rd_rtt_seconds gauge\nrd_rtt_seconds 0.0125\n"));
	assert_non_null(strstr(text, "# TYPE rd_frames_total counter\nrd_frames_total 3\n"));
	assert_non_null(strstr(text, "\nrd_paused 1\n"));
	assert_non_null(strstr(text, "\nrd_pid 77\n"));
	assert_non_null(strstr(text, "\nrd_leader 70\n"));
	assert_non_null(strstr(text, "\nprocess_cpu_seconds_total "));
	assert_null(strstr(text, "rd_least"));
}

static void
makes_labels_of_few_words_and_names_nobody(void **state)
{
	const char *text = page();
	(void)state;
	assert_non_null(strstr(text, "\nrd_state_info{state=\"waiting\"} 1\n"));
	assert_non_null(strstr(text, "rd_info{name=\"a \\\\ b\",tool=\"rd-test\",version=\""));
	assert_null(strstr(text, "somebody"));
}

static void
tells_members_apart_by_a_label(void **state)
{
	const char *text = page();
	(void)state;
	assert_non_null(strstr(text, "# TYPE rd_session_info gauge\n"
		"rd_session_info{session=\"aa\",path=\"direct\"} 1\n"
		"rd_session_info{session=\"bb\",path=\"direct\"} 1\n"));
	assert_non_null(strstr(text, "# TYPE rd_session_rate_bytes_per_second gauge\n"
		"rd_session_rate_bytes_per_second{session=\"aa\"} 1000\n"
		"rd_session_rate_bytes_per_second{session=\"bb\"} 2000\n"));
	assert_non_null(strstr(text, "# TYPE rd_session_late_seconds gauge\n"
		"rd_session_late_seconds{session=\"bb\"} 0.002\n"));
	assert_non_null(strstr(text, "\nrd_update_pixels_total{kind=\"copy\"} 7\n"));
	assert_null(strstr(text, "rd_update_info"));
}

/* Buckets hold all that are below, in seconds; the last is the count. */
static void
makes_one_histogram_of_the_stages(void **state)
{
	const char *text = page();
	(void)state;
	assert_non_null(strstr(text, "# TYPE rd_stage_seconds histogram\n"
		"rd_stage_seconds_bucket{stage=\"encode\",le=\"0.00025\"} 2\n"
		"rd_stage_seconds_bucket{stage=\"encode\",le=\"0.0005\"} 2\n"
		"rd_stage_seconds_bucket{stage=\"encode\",le=\"0.001\"} 5\n"));
	assert_non_null(strstr(text, "rd_stage_seconds_bucket{stage=\"encode\",le=\"5\"} 5\n"
		"rd_stage_seconds_bucket{stage=\"encode\",le=\"+Inf\"} 6\n"
		"rd_stage_seconds_sum{stage=\"encode\"} 9.004500000\n"
		"rd_stage_seconds_count{stage=\"encode\"} 6\n"
		"rd_stage_seconds_bucket{stage=\"show\",le=\"0.00025\"} 0\n"));
	assert_non_null(strstr(text, "rd_stage_seconds_count{stage=\"show\"} 0\n"));
}

static void
escapes_labels(void **state)
{
	struct rd_buf b = {0};
	(void)state;
	rd_exposition_label(&b, "a", "\"\\\nb");
	rd_buf_u8(&b, 0);
	assert_string_equal((char *)b.data, "a=\"\\\"\\\\\\nb\"");
	rd_buf_finish(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_a_metric_of_every_number),
		cmocka_unit_test(makes_labels_of_few_words_and_names_nobody),
		cmocka_unit_test(tells_members_apart_by_a_label),
		cmocka_unit_test(makes_one_histogram_of_the_stages),
		cmocka_unit_test(escapes_labels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "control/metric_name.h"

static void
has_its_unit_last(void **state)
{
	static const struct { const char *of, *key, *unit; bool counter; const char *name; double scale; } all[] = {
		{"", "rtt-ms", "ms", false, "rd_rtt_seconds", 1e-3},
		{"session", "rtt_min_ms", "ms", false, "rd_session_rtt_min_seconds", 1e-3},
		{"", "uptime", "s", true, "rd_uptime_seconds_total", 1},
		{"session", "seconds", "s", false, "rd_session_seconds", 1},
		{"", "bytes-in", "B", true, "rd_in_bytes_total", 1},
		{"", "kept-bytes", "B", false, "rd_kept_bytes", 1},
		{"", "rate-out", "bit/s", false, "rd_rate_out_bytes_per_second", 1. / 8},
		{"", "max-bitrate", "bit/s", false, "rd_max_rate_bytes_per_second", 1. / 8},
		{"", "fps", "1/s", false, "rd_frames_per_second", 1},
		{"", "max-fps", "1/s", false, "rd_max_frames_per_second", 1},
		{"update", "pixels", "px", true, "rd_update_pixels_total", 1},
		{"", "width", "px", false, "rd_width_pixels", 1},
		{"", "loss", "ratio", false, "rd_loss_ratio", 1},
		{"", "frames", "", true, "rd_frames_total", 1},
		{"", "viewers", "", false, "rd_viewers", 1},
	};
	char name[RD_METRIC_NAME];
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		double scale = rd_metric_name(name, all[i].of, all[i].key, all[i].unit, all[i].counter);
		assert_string_equal(name, all[i].name);
		assert_true(scale == all[i].scale);
	}
}

static void
has_a_bound(void **state)
{
	char key[600], name[RD_METRIC_NAME];
	(void)state;
	memset(key, 'a', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	rd_metric_name(name, "session", key, "ms", true);
	assert_int_equal(strlen(name), sizeof(name) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_its_unit_last),
		cmocka_unit_test(has_a_bound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

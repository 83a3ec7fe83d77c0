#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/event.h"
#include "base/exit.h"
#include "control/metrics.h"

static int
set(struct rd_metrics_where *w, const char *text)
{
	const char *error = NULL;
	*w = (struct rd_metrics_where){0};
	int err = rd_metrics_set(w, text, &error);
	assert_int_equal(err != 0, error != NULL);
	return err;
}

static void
takes_places_in_figures(void **state)
{
	static const char *const good[] = {
		"0", "9465", "65535", ":9465", "127.0.0.1:0", "[::1]:1", "localhost:80", "0.0.0.0:80",
	};
	static const char *const bad[] = {
		"", "x", "-1", "65536", "99999999999999999999", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
		"::1:80", "[::1]80", "[::1]", "[]:80", "[:80", "]:80", "host.example:80", "yes", "1.2.3:80",
		"1:2:3", "127.0.0.1:80 ",
		"0000000000000000000000000000000000000000000000000000000000000000000000000000:1",
	};
	struct rd_metrics_where w;
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(set(&w, good[i]), 0);
		assert_string_equal(w.text, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (set(&w, bad[i]) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
	assert_int_equal(set(&w, "off"), 0);
	assert_null(w.text);
}

static void
listens_on_this_machine_alone(void **state)
{
	struct rd_metrics_where w;
	struct rd_control_place place;
	(void)state;
	rd_event_print(false);
	rd_control_place_none(&place);
	assert_int_equal(set(&w, "0.0.0.0:0"), 0);
	assert_int_equal(rd_metrics_listen(&place, &w, "rd-test"), RD_EXIT_USAGE);
	assert_int_equal(place.page, -1);
	w.anywhere = true;
	assert_int_equal(rd_metrics_listen(&place, &w, "rd-test"), 0);
	assert_true(place.page >= 0);
	rd_control_place_close(&place);
	rd_control_place_none(&place);
	assert_int_equal(set(&w, "off"), 0);
	assert_int_equal(rd_metrics_listen(&place, &w, "rd-test"), 0);
	assert_int_equal(place.page, -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_places_in_figures),
		cmocka_unit_test(listens_on_this_machine_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

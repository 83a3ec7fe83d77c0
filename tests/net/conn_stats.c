#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "net/conn.h"

static void
loss_is_a_share_of_what_was_sent(void **state)
{
	(void)state;
	struct rd_conn_stats s = {.packets = {.sent = 10, .acked = 8, .lost = 3, .spurious = 1}};
	assert_true(fabs(rd_conn_loss(&s) - 0.2) < 1e-9);
}

static void
before_anything_was_sent_it_is_not_known(void **state)
{
	(void)state;
	struct rd_conn_stats s = {0};
	assert_true(isnan(rd_conn_loss(&s)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loss_is_a_share_of_what_was_sent),
		cmocka_unit_test(before_anything_was_sent_it_is_not_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

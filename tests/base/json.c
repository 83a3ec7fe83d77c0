#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/json.h"

static void
is(struct rd_json *j, const char *want)
{
	assert_int_equal(j->text.len, strlen(want));
	assert_memory_equal(j->text.data, want, j->text.len);
	rd_json_finish(j);
}

static void
commas_come_by_themselves(void **state)
{
	(void)state;
	struct rd_json j = {0};
	rd_json_open(&j, '{');
	rd_json_put_text(&j, "a", "x");
	rd_json_key(&j, "b");
	rd_json_open(&j, '[');
	rd_json_number(&j, -1);
	rd_json_open(&j, '{');
	rd_json_close(&j, '}');
	rd_json_open(&j, '[');
	rd_json_close(&j, ']');
	rd_json_close(&j, ']');
	rd_json_put_bool(&j, "c", true);
	rd_json_put_text(&j, "d", NULL);
	rd_json_close(&j, '}');
	rd_json_line(&j);
	is(&j, "{\"a\":\"x\",\"b\":[-1,{},[]],\"c\":true,\"d\":null}\n");
}

static void
what_a_terminal_obeys_is_escaped(void **state)
{
	(void)state;
	struct rd_json j = {0};
	rd_json_text(&j, "\"\\\n\x1b[2J\x7f\xc2\x9b \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7");
	is(&j, "\"\\\"\\\\\\u000a\\u001b[2J\\u007f\\u009b \xc3\xa4\xe2\x82\xac\xf0\x9f\x90\xa7\"");
	rd_json_text(&j, "\xe2\x80\xae \xe2\x81\xa6 \xe2\x80\xa8");
	is(&j, "\"\\u202e \\u2066 \\u2028\"");
}

static void
what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	struct rd_json j = {0};
	rd_json_text(&j, "a\xff\xc3");
	is(&j, "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
	rd_json_text_len(&j, "a\0b", 3);
	is(&j, "\"a\\u0000b\"");
}

static void
numbers_are_json(void **state)
{
	(void)state;
	struct rd_json j = {0};
	rd_json_open(&j, '[');
	rd_json_number(&j, INT64_MIN);
	rd_json_count(&j, UINT64_MAX);
	rd_json_real(&j, 1.0 / 3, 3);
	rd_json_real(&j, 2, 0);
	rd_json_real(&j, NAN, 3);
	rd_json_real(&j, -INFINITY, 3);
	rd_json_real(&j, 1e300, 3);
	rd_json_ms(&j, 1234567);
	rd_json_ms(&j, 0);
	rd_json_close(&j, ']');
	is(&j, "[-9223372036854775808,18446744073709551615,0.333,2,null,null,null,1.235,null]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_come_by_themselves),
		cmocka_unit_test(what_a_terminal_obeys_is_escaped),
		cmocka_unit_test(what_is_no_utf8_is_replaced),
		cmocka_unit_test(numbers_are_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "control/members.h"

static void
write_sample(struct rd_json *j)
{
	rd_json_open(j, '[');
	for (int i = 0; i < 2; i++) {
		rd_json_open(j, '{');
		rd_json_put_text(j, "name", "a \"b\\, {[]}");
		rd_json_key(j, "in");
		rd_json_open(j, '{');
		rd_json_put_number(j, "count", 9);
		rd_json_close(j, '}');
		rd_json_put_number(j, "count", i);
		rd_json_put_bool(j, "yes", true);
		rd_json_put_bool(j, "no", false);
		rd_json_key(j, "nothing");
		rd_json_null(j);
		rd_json_put_real(j, "real", -1.5, 3);
		rd_json_close(j, '}');
	}
	rd_json_close(j, ']');
}

static void
walks_through_what_json_h_writes(void **state)
{
	struct rd_json j = {0};
	struct rd_member m, f;
	char text[64];
	double n;
	(void)state;
	write_sample(&j);
	const char *at = (const char *)j.text.data, *end = at + j.text.len;
	for (int i = 0; i < 2; i++) {
		assert_true(rd_member_next(&m, &at, end));
		assert_null(m.key);
		assert_true(rd_member_find(&f, m.value, m.value_len, "count"));
		assert_true(rd_member_number(f.value, f.value_len, &n) && n == i);
		assert_true(rd_member_find(&f, m.value, m.value_len, "yes"));
		assert_true(rd_member_number(f.value, f.value_len, &n) && n == 1);
		assert_true(rd_member_find(&f, m.value, m.value_len, "no"));
		assert_true(rd_member_number(f.value, f.value_len, &n) && n == 0);
		assert_true(rd_member_find(&f, m.value, m.value_len, "real"));
		assert_true(rd_member_number(f.value, f.value_len, &n) && n == -1.5);
		assert_true(rd_member_find(&f, m.value, m.value_len, "nothing"));
		assert_false(rd_member_number(f.value, f.value_len, &n));
		assert_false(rd_member_text(f.value, f.value_len, text, sizeof(text)));
		assert_true(rd_member_find(&f, m.value, m.value_len, "name"));
		assert_false(rd_member_number(f.value, f.value_len, &n));
		assert_true(rd_member_text(f.value, f.value_len, text, sizeof(text)));
		assert_string_equal(text, "a \"b\\, {[]}");
		assert_false(rd_member_text(f.value, f.value_len, text, strlen(text)));
		assert_false(rd_member_find(&f, m.value, m.value_len, "none"));
	}
	assert_false(rd_member_next(&m, &at, end));
	rd_json_finish(&j);
}

static void
finds_nothing_in_what_is_no_container(void **state)
{
	static const char *const all[] = {"", "null", "12", "\"a\"", "{}", "[]", "true"};
	struct rd_member m;
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *at = all[i];
		assert_false(rd_member_next(&m, &at, at + strlen(at)));
	}
}

/* Cut anywhere, it stays within what there is. */
static void
stays_within_its_bytes(void **state)
{
	struct rd_json j = {0};
	struct rd_member m;
	(void)state;
	write_sample(&j);
	for (size_t n = 0; n <= j.text.len; n++) {
		const char *start = (const char *)j.text.data, *at = start;
		while (rd_member_next(&m, &at, start + n)) {
			assert_true(m.value >= start && m.value + m.value_len <= start + n);
			const char *inner = m.value;
			struct rd_member f;
			while (rd_member_next(&f, &inner, m.value + m.value_len))
				assert_true(f.value + f.value_len <= start + n);
		}
	}
	rd_json_finish(&j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(walks_through_what_json_h_writes),
		cmocka_unit_test(finds_nothing_in_what_is_no_container),
		cmocka_unit_test(stays_within_its_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

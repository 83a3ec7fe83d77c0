#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rd-indicator/people.h"

static enum people_news
take(struct people *p, const char *line)
{
	return people_take(p, line, strlen(line));
}

static void
test_comes_and_goes(void **state)
{
	struct people p = {0};
	char out[PEOPLE_SENTENCE];
	(void)state;
	assert_int_equal(take(&p, "{\"ok\":true}"), PEOPLE_SAME);
	assert_int_equal(take(&p, "{\"ok\":true,\"state\":\"serving\",\"sessions\":[{\"viewer\":3,"
		"\"peer\":\"ann\",\"rights\":\"view, input, sound\"}]}"), PEOPLE_CHANGED);
	assert_int_equal(p.count, 1);
	people_sentence(&p, 0, 100, out);
	assert_string_equal(out, "ann sees, hears and controls this desktop");
	/* A name is cut, but not all of it. */
	people_sentence(&p, 0, 3, out);
	assert_string_equal(out, "ann sees, hears and controls this desktop");
	assert_int_equal(take(&p, "{\"event\":\"granted\",\"viewer\":4,\"fingerprint\":\"5tmo-5gbr\","
		"\"rights\":\"view\"}"), PEOPLE_CHANGED);
	people_sentence(&p, 1, 100, out);
	assert_string_equal(out, "5tmo-5gbr sees this desktop");
	/* The same again, as the answer that was on its way has it. */
	take(&p, "{\"event\":\"granted\",\"viewer\":4,\"name\":\"bob\",\"rights\":\"view, microphone\"}");
	assert_int_equal(p.count, 2);
	people_sentence(&p, 1, 100, out);
	assert_string_equal(out, "bob sees and may speak on this desktop");
	assert_int_equal(take(&p, "{\"event\":\"closed\",\"viewer\":3}"), PEOPLE_CHANGED);
	assert_int_equal(take(&p, "{\"event\":\"closed\",\"viewer\":3}"), PEOPLE_SAME);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.who[0].id, 4);
	assert_int_equal(take(&p, "{\"event\":\"revoked\",\"viewer\":4}"), PEOPLE_CHANGED);
	assert_int_equal(p.count, 0);
}

static void
test_paused(void **state)
{
	struct people p = {0};
	char out[PEOPLE_SENTENCE];
	(void)state;
	take(&p, "{\"ok\":true,\"state\":\"paused\",\"sessions\":[{\"viewer\":1,\"peer\":\"ann\","
		"\"rights\":\"view\"}]}");
	assert_true(p.paused);
	people_sentence(&p, 0, 100, out);
	assert_string_equal(out, "paused: ann sees nothing");
	assert_int_equal(take(&p, "{\"event\":\"resumed\"}"), PEOPLE_CHANGED);
	assert_false(p.paused);
	assert_int_equal(take(&p, "{\"event\":\"paused\"}"), PEOPLE_CHANGED);
	assert_true(p.paused);
	assert_int_equal(take(&p, "{\"event\":\"moved\",\"viewer\":1}"), PEOPLE_SAME);
}

static void
test_strange_lines(void **state)
{
	struct people p = {0};
	char line[256], out[PEOPLE_SENTENCE];
	(void)state;
	assert_int_equal(take(&p, ""), PEOPLE_FOREIGN);
	assert_int_equal(take(&p, "[]"), PEOPLE_FOREIGN);
	assert_int_equal(take(&p, "{\"event\":\"granted\",\"viewer\":-1,\"name\":\"a\",\"rights\":\"view\"}"),
		PEOPLE_SAME);
	assert_int_equal(take(&p, "{\"event\":\"granted\",\"viewer\":1,\"rights\":\"view\"}"), PEOPLE_SAME);
	assert_int_equal(take(&p, "{\"sessions\":3}"), PEOPLE_CHANGED);
	assert_int_equal(p.count, 0);
	/* More than rd-send has are none; what our font has not is one mark each. */
	for (int i = 1; i <= PEOPLE_MAX + 2; i++) {
		snprintf(line, sizeof(line), "{\"event\":\"granted\",\"viewer\":%d,\"name\":\"Zo\xc3\xab\","
			"\"rights\":\"view\"}", i);
		take(&p, line);
	}
	assert_int_equal(p.count, PEOPLE_MAX);
	assert_string_equal(p.who[0].name, "Zo?");
	snprintf(p.who[0].name, PEOPLE_NAME, "A rather long name");
	people_sentence(&p, 0, 28, out);
	assert_string_equal(out, "A rather.. sees this desktop");
	assert_int_equal(take(&p, "{\"event\":\"closed\",\"viewer\":256}"), PEOPLE_SAME);
	assert_int_equal(take(&p, "{\"event\":\"closed\",\"viewer\":17}"), PEOPLE_CHANGED);
	assert_int_equal(p.count, PEOPLE_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_comes_and_goes),
		cmocka_unit_test(test_paused),
		cmocka_unit_test(test_strange_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

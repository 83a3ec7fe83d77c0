#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rd-top/once_local.h"
#include "world.h"

static char *
table_at(unsigned cols)
{
	struct model m = {0};
	struct rd_buf out = {0};
	world_fill(&m);
	world_add(&m, "long.rd-view.400", "{\"ok\":true,\"name\":\"a-name-of-more-than-twenty-letters\","
		"\"tool\":\"rd-view\",\"pid\":400,\"leader\":400,\"state\":\"showing\"}");
	model_look(&m);
	once_local_table(&out, &m, false, cols);
	rd_buf_u8(&out, 0);
	model_finish(&m);
	return (char *)out.data;
}

static size_t
longest(const char *text)
{
	size_t most = 0;
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (strcspn(line, "\n") > most)
			most = strcspn(line, "\n");
	return most;
}

static void
a_pipe_gets_whole_names(void **state)
{
	char *text = table_at(0);
	(void)state;
	assert_non_null(strstr(text, "a-name-of-more-than-twenty-letters view"));
	assert_non_null(strstr(text, "PROGRAMS"));
	assert_non_null(strstr(text, "PEERS"));
	free(text);
}

static void
a_terminal_gets_what_fits(void **state)
{
	(void)state;
	for (unsigned cols = 44; cols < 160; cols++) {
		char *text = table_at(cols);
		assert_in_range(longest(text), 1, cols);
		assert_non_null(strstr(text, "NAME"));
		assert_non_null(strstr(text, "STATE"));
		if (cols >= 80)
			assert_non_null(strstr(text, "LATENCY"));
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_gets_whole_names),
		cmocka_unit_test(a_terminal_gets_what_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

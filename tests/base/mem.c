#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/mem.h"
#include "base/words.h"

/* Under the address sanitizer an impossible size must be NULL, as elsewhere. */
const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *
__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

static void
gives_memory(void **state)
{
	(void)state;
	char *p = xmalloc(0);
	assert_non_null(p);
	p = xrealloc(p, 3);
	memcpy(p, "ab", 3);
	p = xreallocarray(p, 100, 10);
	assert_string_equal(p, "ab");
	free(p);
	p = xcalloc(3, 4);
	for (int i = 0; i < 12; i++)
		assert_int_equal(p[i], 0);
	free(p);
	free(xcalloc(0, 8));
	p = xstrdup("text");
	assert_string_equal(p, "text");
	free(p);
	p = xasprintf("%s-%d", "a", 7);
	assert_string_equal(p, "a-7");
	free(p);
}

static void *volatile sink;

static void
ask_malloc(size_t size)
{
	sink = xmalloc(size);
}

static void
ask_array(size_t size)
{
	sink = xreallocarray(NULL, size, 16);
}

static void
ask_calloc(size_t size)
{
	sink = xcalloc(size, 16);
}

static void
ends_when_there_is_none(void **state)
{
	(void)state;
	static void (*const ask[])(size_t) = {ask_malloc, ask_array, ask_calloc};
	for (size_t i = 0; i < 3; i++) {
		struct words w;
		words_catch(&w, 2);
		pid_t pid = fork();
		if (pid == 0) {
			ask[i](SIZE_MAX / 2);
			_exit(0);
		}
		int status;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		char *text = words_take(&w);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), RD_EXIT_MEMORY);
		assert_non_null(strstr(text, "out of memory\n"));
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_memory),
		cmocka_unit_test(ends_when_there_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

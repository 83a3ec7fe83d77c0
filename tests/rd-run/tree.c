#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rd-run/tree.h"

static void
reads_a_line_of_proc(void **state)
{
	(void)state;
	struct tree_stat st;
	assert_true(tree_parse(&st, "42 (sh) S 7 40 7 0 -1"));
	assert_int_equal(st.pid, 42);
	assert_int_equal(st.parent, 7);
	assert_int_equal(st.group, 40);
	assert_int_equal(st.state, 'S');
	assert_string_equal(st.name, "sh");
}

static void
a_name_may_hold_anything(void **state)
{
	(void)state;
	struct tree_stat st;
	assert_true(tree_parse(&st, "42 (a) R 1 (b) Z 9 8 7"));
	assert_string_equal(st.name, "a) R 1 (b");
	assert_int_equal(st.state, 'Z');
	assert_int_equal(st.parent, 9);
	assert_true(tree_parse(&st, "1 (a name that is longer than any that a kernel gives) S 2 3"));
	assert_int_equal(strlen(st.name), sizeof(st.name) - 1);
}

static void
refuses_what_is_no_line(void **state)
{
	(void)state;
	struct tree_stat st;
	static const char *const lines[] = {"", "42", "42 (sh", "42 sh) S 1 2", ")(", "x (sh) S 1 2",
		"42 (sh)", "42 (sh) S", "42 (sh) S 1"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(tree_parse(&st, lines[i]));
}

/* A child that has a child in a session of its own. */
static pid_t
family(pid_t *grandchild)
{
	int pipe_fd[2];
	assert_int_equal(pipe(pipe_fd), 0);
	pid_t child = fork();
	if (child == 0) {
		pid_t below = fork();
		if (below == 0) {
			setsid();
			below = getpid();
			(void)!write(pipe_fd[1], &below, sizeof(below));
		}
		for (;;)
			pause();
	}
	assert_int_equal(read(pipe_fd[0], grandchild, sizeof(*grandchild)), sizeof(*grandchild));
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	return child;
}

static void
finds_all_that_is_below(void **state)
{
	(void)state;
	pid_t below, child = family(&below);
	struct tree_ask all = {0}, group = {.group = getpgrp()}, not_it = {.spared = {child}};
	assert_int_equal(tree_signal(&all, 0), 2);
	assert_int_equal(tree_signal(&group, 0), 1);
	assert_int_equal(tree_signal(&not_it, 0), 0);
	assert_int_equal(tree_signal_children(&all, 0), 1);
	assert_int_equal(tree_signal_children(&not_it, SIGKILL), 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	/* The orphan is ours now. */
	assert_int_equal(tree_signal(&all, 0), 1);
	assert_int_equal(tree_signal_children(&all, SIGKILL), 1);
	assert_int_equal(waitpid(-1, NULL, 0), below);
	assert_int_equal(tree_signal(&all, 0), 0);
	assert_int_equal(tree_signal_children(&all, 0), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_line_of_proc),
		cmocka_unit_test(a_name_may_hold_anything),
		cmocka_unit_test(refuses_what_is_no_line),
		cmocka_unit_test(finds_all_that_is_below),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

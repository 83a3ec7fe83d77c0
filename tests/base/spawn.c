#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"

#define FOR_EVER 60000
#define ARGV(...) ((char **)(const char *[]){__VA_ARGS__, NULL})

static struct rd_child
started(char *const argv[])
{
	struct rd_child c;
	assert_int_equal(rd_child_spawn(&c, argv), 0);
	assert_true(c.pid > 0 && c.fd >= 0);
	return c;
}

static struct rd_child
shell(const char *script)
{
	return started(ARGV("sh", "-c", script));
}

/* All it writes until it ends. */
static char *
answer_of(struct rd_child *c)
{
	char *text = xcalloc(1, 4096);
	size_t len = 0;
	ssize_t n;
	while (len < 4095 && (n = read(c->fd, text + len, 4095 - len)) > 0)
		len += (size_t)n;
	return text;
}

static void
says(const char *script, const char *expected)
{
	struct rd_child c = shell(script);
	char *text = answer_of(&c);
	assert_string_equal(text, expected);
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 0);
	free(text);
}

static void
stdin_and_stdout_are_one_socket(void **state)
{
	(void)state;
	struct rd_child c = started(ARGV("cat"));
	assert_int_equal(write(c.fd, "hello", 5), 5);
	shutdown(c.fd, SHUT_WR);
	char *text = answer_of(&c);
	assert_string_equal(text, "hello");
	free(text);
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 0);
	assert_int_equal(c.pid, 0);
	assert_int_equal(c.fd, -1);
	says("test -S /dev/stdin && test /dev/stdin -ef /dev/stdout && printf same", "same");
}

static void
a_missing_command_is_told_at_once(void **state)
{
	(void)state;
	struct rd_child c;
	assert_int_equal(rd_child_spawn(&c, ARGV("rd-there-is-no-such-tool")), -ENOENT);
	assert_int_equal(c.pid, 0);
	assert_int_equal(c.fd, -1);
	assert_int_equal(rd_child_spawn(&c, ARGV("/")), -EACCES);
}

static void
the_status_is_a_shells(void **state)
{
	(void)state;
	struct rd_child c = shell("exit 7");
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 7);
	c = shell("kill -USR1 $$");
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 128 + SIGUSR1);
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 128 + SIGUSR1);
}

static void
polling_does_not_wait(void **state)
{
	(void)state;
	struct rd_child c = shell("read line; exit 5");
	int status = -1;
	assert_false(rd_child_poll(&c, &status));
	assert_int_equal(write(c.fd, "\n", 1), 1);
	while (!rd_child_poll(&c, &status))
		usleep(1000);
	assert_int_equal(status, 5);
	status = -1;
	assert_true(rd_child_poll(&c, &status));
	assert_int_equal(status, 5);
	assert_int_equal(rd_child_reap(&c, FOR_EVER), 5);
}

static void
who_does_not_end_is_ended(void **state)
{
	(void)state;
	/* The answer says that the trap is set. */
	struct rd_child c = shell("trap 'exit 9' TERM; echo; while :; do sleep 0.01; done");
	char byte;
	assert_int_equal(read(c.fd, &byte, 1), 1);
	assert_int_equal(rd_child_reap(&c, 2000), 9);
	c = shell("trap '' TERM; echo; while :; do sleep 0.01; done");
	assert_int_equal(read(c.fd, &byte, 1), 1);
	assert_int_equal(rd_child_reap(&c, 10), 128 + SIGKILL);
}

static void
it_inherits_nothing_but_stderr(void **state)
{
	(void)state;
	int leak = dup(STDERR_FILENO); /* no O_CLOEXEC */
	int far = fcntl(leak, F_DUPFD, 200);
	assert_true(far >= 200);
	/* ls has one open itself, to read the directory. */
	says("ls /proc/self/fd | tr '\\n' ' '", "0 1 2 3 ");
	close(leak);
	close(far);
}

static void
its_signals_are_as_at_login(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	sigset_t usr1, before;
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, &before);
	/* Signals 1 to 31; the C library keeps two beyond for itself. */
	says("for set in SigBlk SigIgn; do\n"
	     "	mask=0x$(sed -n \"s/^$set:.//p\" /proc/$$/status)\n"
	     "	printf '%s:%d ' $set $((mask & 0x7fffffff))\n"
	     "done", "SigBlk:0 SigIgn:0 ");
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
link_names_the_socket(void **state)
{
	(void)state;
	/* An inherited one must not survive beside ours. */
	setenv("RD_LINK", "1:2", 1);
	says("test \"$RD_LINK\" = \"$(stat -Lc %d:%i /dev/stdin)\" && env | grep -c ^RD_LINK=", "1\n");
	unsetenv("RD_LINK");
}

static void
only_the_named_socket_is_the_link(void **state)
{
	(void)state;
	int sv[2], p[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sv), 0);
	assert_int_equal(pipe(p), 0);
	struct stat st;
	assert_int_equal(fstat(sv[0], &st), 0);
	char name[64];
	snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);

	unsetenv("RD_LINK");
	assert_false(rd_link_env_is(sv[0]));
	setenv("RD_LINK", name, 1);
	assert_true(rd_link_env_is(sv[0]));
	assert_false(rd_link_env_is(sv[1]));
	assert_false(rd_link_env_is(-1));
	strcat(name, "x");
	setenv("RD_LINK", name, 1);
	assert_false(rd_link_env_is(sv[0]));
	setenv("RD_LINK", "", 1);
	assert_false(rd_link_env_is(sv[0]));

	assert_int_equal(fstat(p[0], &st), 0);
	snprintf(name, sizeof(name), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	setenv("RD_LINK", name, 1);
	assert_false(rd_link_env_is(p[0])); /* a pipe is no link */
	unsetenv("RD_LINK");
	close(sv[0]), close(sv[1]), close(p[0]), close(p[1]);
}

static void
write_script(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	assert_int_equal(chmod(path, 0755), 0);
}

/* "rd-…" lies beside the program that asks; PATH is second, and for others first. */
static void
our_own_tools_are_found_beside_us(void **state)
{
	(void)state;
	char dir[] = "bin.XXXXXX", self[PATH_MAX];
	assert_non_null(mkdtemp(dir));
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	assert_true(n > 0);
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	char *beside = xasprintf("%s/rd-spawn-test-tool", self);
	char *in_path = xasprintf("%s/rd-spawn-test-tool", dir);
	char *path = xasprintf("%s:%s", dir, getenv("PATH"));
	char *old_path = xstrdup(getenv("PATH"));
	setenv("PATH", path, 1);
	write_script(in_path, "printf path");
	write_script(beside, "printf beside");

	char **argv = ARGV("rd-spawn-test-tool");
	struct rd_child c = started(argv);
	char *text = answer_of(&c);
	assert_string_equal(text, "beside");
	free(text);
	rd_child_reap(&c, FOR_EVER);

	unlink(beside);
	c = started(argv);
	text = answer_of(&c);
	assert_string_equal(text, "path");
	free(text);
	rd_child_reap(&c, FOR_EVER);

	setenv("PATH", old_path, 1);
	unlink(in_path);
	rmdir(dir);
	free(beside), free(in_path), free(path), free(old_path);
}

static void
commands_are_found_as_they_would_be_run(void **state)
{
	(void)state;
	char *old_path = strdup(getenv("PATH"));
	assert_true(rd_command_exists("sh"));
	assert_true(rd_command_exists("/bin/sh"));
	assert_false(rd_command_exists("no-such-command-of-ours"));
	assert_false(rd_command_exists("/bin"));
	assert_false(rd_command_exists(""));
	setenv("PATH", "/nowhere", 1);
	assert_false(rd_command_exists("sh"));
	setenv("PATH", "/nowhere:/bin", 1);
	assert_true(rd_command_exists("sh"));
	setenv("PATH", old_path, 1);
	free(old_path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stdin_and_stdout_are_one_socket),
		cmocka_unit_test(a_missing_command_is_told_at_once),
		cmocka_unit_test(the_status_is_a_shells),
		cmocka_unit_test(polling_does_not_wait),
		cmocka_unit_test(who_does_not_end_is_ended),
		cmocka_unit_test(it_inherits_nothing_but_stderr),
		cmocka_unit_test(its_signals_are_as_at_login),
		cmocka_unit_test(link_names_the_socket),
		cmocka_unit_test(only_the_named_socket_is_the_link),
		cmocka_unit_test(our_own_tools_are_found_beside_us),
		cmocka_unit_test(commands_are_found_as_they_would_be_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

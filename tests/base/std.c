#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/std.h"

/* Descriptors 0 to 2 are the process's own: each case has one to itself. */
static int
apart(bool (*fn)(void))
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		_exit(fn() ? 0 : 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static bool
all_closed(void)
{
	char c;
	for (int fd = 0; fd < 3; fd++)
		close(fd);
	rd_std_open();
	int next = socket(AF_UNIX, SOCK_STREAM, 0);
	return next > 2 && read(0, &c, 1) < 0 && errno == EBADF && write(1, "x", 1) < 0 &&
		errno == EBADF && write(2, "x", 1) < 0 && errno == EBADF;
}

static bool
one_closed(void)
{
	close(1);
	rd_std_open();
	return socket(AF_UNIX, SOCK_STREAM, 0) > 2 && rd_std_output() == -EBADF;
}

static bool
stdout_is(int fd)
{
	return dup2(fd, 1) == 1 && close(fd) == 0;
}

static bool
none_closed(void)
{
	int fds[2];
	if (pipe(fds) < 0 || !stdout_is(fds[1]))
		return false;
	rd_std_open();
	char c = 0;
	return rd_std_output() == 0 && write(1, "x", 1) == 1 && read(fds[0], &c, 1) == 1 && c == 'x';
}

static bool
pipe_unread(void)
{
	int fds[2];
	return pipe(fds) == 0 && stdout_is(fds[1]) && close(fds[0]) == 0 && rd_std_output() == -EPIPE;
}

static bool
pipe_reversed(void)
{
	int fds[2];
	return pipe(fds) == 0 && stdout_is(fds[0]) && rd_std_output() == -EBADF;
}

/* Nothing is sent, not even an empty message. */
static bool
sockets(void)
{
	int fds[2];
	char c;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds) < 0 || !stdout_is(fds[1]))
		return false;
	if (rd_std_output() != 0 || recv(fds[0], &c, 1, MSG_DONTWAIT) >= 0)
		return false;
	close(fds[0]);
	return rd_std_output() == -EPIPE;
}

static bool
device_full(void)
{
	int fd = open("/dev/full", O_WRONLY);
	return fd < 0 || (stdout_is(fd) && rd_std_output() == -ENOSPC);
}

static void
closed_ones_are_filled(void **state)
{
	(void)state;
	assert_int_equal(apart(all_closed), 0);
	assert_int_equal(apart(one_closed), 0);
	assert_int_equal(apart(none_closed), 0);
}

static void
output_is_looked_at(void **state)
{
	(void)state;
	assert_int_equal(apart(pipe_unread), 0);
	assert_int_equal(apart(pipe_reversed), 0);
	assert_int_equal(apart(sockets), 0);
	assert_int_equal(apart(device_full), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closed_ones_are_filled),
		cmocka_unit_test(output_is_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

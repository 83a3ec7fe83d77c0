/* Messages and descriptors between a monitor and its child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/ipc.h"

static void
test_messages_stay_whole(void **state)
{
	int s[2], fd;
	char got[16];
	(void)state;
	assert_int_equal(rd_ipc_pair(s), 0);
	assert_int_equal(rd_ipc_send(s[0], "one", 3, -1), 0);
	assert_int_equal(rd_ipc_send(s[0], "three", 5, -1), 0);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 3);
	assert_memory_equal(got, "one", 3);
	assert_int_equal(fd, -1);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 0), 5);
	assert_memory_equal(got, "three", 5);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 0), -EAGAIN);
	close(s[0]);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 0);
	assert_int_equal(rd_ipc_send(s[1], "x", 1, -1), -EPIPE);
	close(s[1]);
}

static void
test_a_descriptor_goes_along(void **state)
{
	int s[2], p[2], fd;
	char got[8];
	(void)state;
	assert_int_equal(rd_ipc_pair(s), 0);
	assert_int_equal(pipe(p), 0);
	assert_int_equal(rd_ipc_send(s[0], "fd", 2, p[1]), 0);
	close(p[1]);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 2);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(write(fd, "!", 1), 1);
	assert_int_equal(read(p[0], got, 1), 1);
	assert_int_equal(got[0], '!');
	close(fd);
	close(p[0]);
	close(s[0]);
	close(s[1]);
}

static void
test_sizes_are_bounded(void **state)
{
	static char large[RD_IPC_MAX + 1];
	int s[2], p[2], fd;
	char got[4], byte;
	(void)state;
	assert_int_equal(rd_ipc_pair(s), 0);
	assert_int_equal(rd_ipc_send(s[0], large, sizeof(large), -1), -EMSGSIZE);
	assert_int_equal(rd_ipc_send(s[0], large, 0, -1), -EMSGSIZE);
	/* One too long for its reader is lost, its descriptor closed, the next is whole. */
	assert_int_equal(pipe(p), 0);
	assert_int_equal(rd_ipc_send(s[0], large, RD_IPC_MAX, p[1]), 0);
	close(p[1]);
	assert_int_equal(rd_ipc_send(s[0], "next", 4, -1), 0);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), -EMSGSIZE);
	assert_int_equal(fd, -1);
	assert_int_equal(read(p[0], &byte, 1), 0);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 4);
	close(p[0]);
	close(s[0]);
	close(s[1]);
}

/* As one would who has taken over the other end: two descriptors with one message. */
static void
send_two(int sock, int fd, const char *text, size_t len)
{
	union {
		struct cmsghdr head;
		char space[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	struct iovec iov = {.iov_base = (void *)text, .iov_len = len};
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fds[] = {fd, fd};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	assert_int_equal(sendmsg(sock, &m, 0), (ssize_t)len);
}

static void
test_no_descriptor_stays(void **state)
{
	int s[2], p[2], fd;
	char got[4], byte;
	(void)state;
	assert_int_equal(rd_ipc_pair(s), 0);
	assert_int_equal(pipe(p), 0);
	send_two(s[0], p[1], "two", 3);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 3);
	assert_true(fd >= 0);
	close(fd);
	/* A message without a byte is an end, and brings nothing. */
	send_two(s[0], p[1], "", 0);
	assert_int_equal(rd_ipc_recv(s[1], got, sizeof(got), &fd, 1), 0);
	assert_int_equal(fd, -1);
	close(p[1]);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	assert_int_equal(read(p[0], &byte, 1), 0);
	close(p[0]);
	close(s[0]);
	close(s[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_stay_whole),
		cmocka_unit_test(test_a_descriptor_goes_along),
		cmocka_unit_test(test_sizes_are_bounded),
		cmocka_unit_test(test_no_descriptor_stays),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

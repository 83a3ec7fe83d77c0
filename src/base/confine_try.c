#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"

static bool
try_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool
try_datagram(void)
{
	return socket(AF_INET6, SOCK_DGRAM, 0) >= 0;
}

static bool
try_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

/* Of the kernel's own; one that was opened before goes on (net/endpoint_own.c). */
static bool
try_netlink(void)
{
	return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) >= 0;
}

/* Of a name that cannot be read: allowed, it fails for that reason and no other. */
static bool
try_exec(void)
{
	return syscall(SYS_execve, (char *)-1, NULL, NULL) < 0 && errno == EFAULT;
}

/* What it makes ends at once. */
static bool
try_fork(void)
{
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return pid > 0;
}

/* By way of a descriptor that is ready. */
static bool
try_signal(void)
{
	return fcntl(STDERR_FILENO, F_SETOWN, getppid()) == 0;
}

static bool
try_limit(void)
{
	struct rlimit limit;
	return prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit) == 0;
}

static bool
try_write_file(void)
{
	int fd = open(P_tmpdir, O_TMPFILE | O_WRONLY, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool
try_read_home(void)
{
	int fd = open("/home", O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static const struct attempt {
	const char *what;
	bool (*succeeds)(void);
	bool network;	/* the business of a session's end */
} attempts[] = {
	{.what = "open a TCP socket", .succeeds = try_inet, .network = true},
	{.what = "open a UDP socket", .succeeds = try_datagram, .network = true},
	{.what = "open a local socket", .succeeds = try_unix},
	{.what = "open a netlink socket", .succeeds = try_netlink},
	{.what = "make a file", .succeeds = try_write_file},
	{.what = "read home directories", .succeeds = try_read_home},
	{.what = "start a process", .succeeds = try_fork},
	{.what = "run a program", .succeeds = try_exec},
	{.what = "have others signalled", .succeeds = try_signal},
	{.what = "limit other processes", .succeeds = try_limit},
};

bool
rd_confine_try(enum rd_confine_kind kind)
{
	bool all_refused = true;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		bool succeeds = attempts[i].succeeds();
		printf("%s: %s\n", attempts[i].what, succeeds ? "possible" : "refused");
		fflush(stdout);
		if (kind != RD_CONFINE_NETWORK || !attempts[i].network)
			all_refused &= !succeeds;
	}
	return all_refused;
}

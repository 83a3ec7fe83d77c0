#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rd-view/confine.h"

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
} attempts[] = {
	{"open a TCP socket", try_inet},
	{"open a UDP socket", try_datagram},
	{"open a local socket", try_unix},
	{"make a file", try_write_file},
	{"read home directories", try_read_home},
	{"start a process", try_fork},
	{"run a program", try_exec},
};

bool
confine_try(void)
{
	bool all_refused = true;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
		bool succeeds = attempts[i].succeeds();
		printf("%s: %s\n", attempts[i].what, succeeds ? "possible" : "refused");
		fflush(stdout);
		all_refused &= !succeeds;
	}
	return all_refused;
}

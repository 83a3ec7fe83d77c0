#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/std.h"

void
rd_std_open(void)
{
	/* A reader that is gone is an error of writing, which has a line and a code. */
	signal(SIGPIPE, SIG_IGN);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* The wrong way round: to use it stays an error. Lower ones are taken: it gets this number. */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(RD_EXIT_FAILURE);
	}
}

/* A pipe or socket whose other end is closed. */
static int
reader(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLHUP)) ? -EPIPE : 0;
}

int
rd_std_output(void)
{
	struct stat st;
	if (fstat(STDOUT_FILENO, &st) < 0)
		return -errno;
	if (S_ISSOCK(st.st_mode) || S_ISFIFO(st.st_mode)) {
		int flags = fcntl(STDOUT_FILENO, F_GETFL);
		return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY ? -EBADF : reader(STDOUT_FILENO);
	}
	/* Nothing is written, but whether it might be is looked at. */
	return write(STDOUT_FILENO, "", 0) < 0 ? -errno : 0;
}

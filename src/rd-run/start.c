#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"
#include "rd-run/start.h"

void
start_before(struct start_before *b)
{
	struct sigaction a;
	const char *notify = getenv("NOTIFY_SOCKET"), *config = getenv("RD_CONFIG");
	sigprocmask(SIG_SETMASK, NULL, &b->mask);
	for (int i = 1; i < 32; i++)
		b->ignored[i] = sigaction(i, NULL, &a) == 0 && a.sa_handler == SIG_IGN;
	/* dbus-daemon would say that we are ready, and so may others. */
	b->notify = notify ? xasprintf("NOTIFY_SOCKET=%s", notify) : NULL;
	unsetenv("NOTIFY_SOCKET");
	b->config = config ? xasprintf("RD_CONFIG=%s", config) : NULL;
}

void
start_before_finish(struct start_before *b)
{
	free(b->notify);
	free(b->config);
}

static void
put_back(const struct start_before *b)
{
	for (int i = 1; i < 32; i++)
		if (i != SIGKILL && i != SIGSTOP)
			signal(i, b->ignored[i] ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, &b->mask, NULL);
}

/* Descriptors 0 to 3 become those of `fd`. They may stand in each other's way. 0 or an errno. */
static int
take_descriptors(const int fd[4])
{
	int kept[4];
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 4; i++) {
		bool wanted = fd[i] >= 0 || i < 3;
		kept[i] = wanted ? fcntl(fd[i] < 0 ? null : fd[i], F_DUPFD_CLOEXEC, 4) : -1;
		if (wanted && kept[i] < 0)
			return EMFILE;
	}
	for (int i = 0; i < 4; i++)
		if (kept[i] >= 0)
			dup2(kept[i], i);
	close_range(kept[3] < 0 ? 3 : 4, ~0U, CLOSE_RANGE_CLOEXEC);
	return 0;
}

/* In the child: up to exec, or to an errno. */
static int
become(const struct start *s, pid_t parent)
{
	char path[PATH_MAX];
	prctl(PR_SET_PDEATHSIG, s->death);
	if (getppid() != parent)
		return ESRCH;
	if (s->session)
		setsid();
	else if (s->group)
		setpgid(0, s->group);
	int err = s->bare ? take_descriptors(s->fd) : 0;
	if (err)
		return err;
	put_back(s->before);
	if (rd_command_beside(s->argv[0], path))
		execve(path, s->argv, s->env);
	else
		execvpe(s->argv[0], s->argv, s->env);
	return errno;
}

static int
hear(int fd)
{
	int err = 0;
	ssize_t n;
	do
		n = read(fd, &err, sizeof(err));
	while (n < 0 && errno == EINTR);
	return n == sizeof(err) ? -err : 0;
}

int
start(pid_t *pid, const struct start *s)
{
	int pipe_fd[2];
	pid_t parent = getpid();
	if (pipe2(pipe_fd, O_CLOEXEC) < 0)
		return -errno;
	*pid = fork();
	if (*pid == 0) {
		/* Out of the way of take_descriptors. */
		int tell = fcntl(pipe_fd[1], F_DUPFD_CLOEXEC, 10);
		int err = become(s, parent);
		ssize_t n = write(tell, &err, sizeof(err));
		_exit(n == sizeof(err) ? 127 : 126);
	}
	int err = *pid < 0 ? -errno : 0;
	close(pipe_fd[1]);
	if (!err)
		err = hear(pipe_fd[0]);
	close(pipe_fd[0]);
	if (err && *pid > 0)
		waitpid(*pid, NULL, 0);
	if (err)
		*pid = 0;
	return err;
}

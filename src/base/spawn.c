#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spawn.h"

/*
 * Large, so that a producer writes a whole update at once and goes on. The
 * kernel takes what net.core.wmem_max allows.
 */
#define SOCKET_BUFFER (1 << 20)

int
rd_child_pair(int sv[static 2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sv) < 0)
		return -errno;
	int size = SOCKET_BUFFER;
	for (int i = 0; i < 2; i++) {
		setsockopt(sv[i], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
		setsockopt(sv[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	}
	return 0;
}

/* Our environment with RD_LINK for `fd`; the strings but the first are borrowed. */
static char **
environ_for(int fd)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return NULL;
	size_t n = 0;
	while (environ && environ[n])
		n++;
	char **env = xcalloc(n + 2, sizeof(*env));
	size_t out = 0;
	env[out++] = xasprintf("RD_LINK=%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], "RD_LINK=", 8) != 0)
			env[out++] = environ[i];
	return env;
}

static void
environ_free(char **env)
{
	if (env)
		free(env[0]);
	free(env);
}

bool
rd_command_beside(const char *name, char path[static PATH_MAX])
{
	if (strncmp(name, "rd-", 3) != 0 || strchr(name, '/'))
		return false;
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	char *slash = strrchr(path, '/');
	if (!slash)
		return false;
	char *base = slash + 1;
	size_t room = (size_t)(path + PATH_MAX - base), size = strlen(name) + 1;
	if (size > room)
		return false;
	memcpy(base, name, size);
	return access(path, X_OK) == 0;
}

/* A file: a folder may be searched, which is no way to run it. */
static bool
runnable(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

bool
rd_command_exists(const char *name)
{
	char path[PATH_MAX];
	const char *dirs = getenv("PATH");
	if (!*name || strchr(name, '/'))
		return runnable(name);
	if (rd_command_beside(name, path))
		return true;
	for (const char *dir = dirs ? dirs : "/usr/bin:/bin"; dir; dir = strchr(dir, ':')) {
		dir += *dir == ':';
		int len = (int)strcspn(dir, ":");
		int n = snprintf(path, sizeof(path), "%.*s/%s", len ? len : 1, len ? dir : ".", name);
		if (n > 0 && (size_t)n < sizeof(path) && runnable(path))
			return true;
	}
	return false;
}

static int
fill_actions(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attr, int fd, int more)
{
	int err = posix_spawn_file_actions_adddup2(actions, fd, STDIN_FILENO);
	if (!err)
		err = posix_spawn_file_actions_adddup2(actions, fd, STDOUT_FILENO);
	if (!err && more >= 0)
		err = posix_spawn_file_actions_adddup2(actions, more, RD_CHILD_FD);
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(actions,
			more >= 0 ? RD_CHILD_FD + 1 : RD_CHILD_FD);
	if (err)
		return -err;

	/* An ignored SIGPIPE or a blocked signal would survive the exec. */
	sigset_t all, none;
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(attr, &all);
	posix_spawnattr_setsigmask(attr, &none);
	return -posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

/* posix_spawn tells of a failed exec by itself, unlike fork and exec by hand. */
static int
start(pid_t *pid, char *const argv[], int fd, int more, char *const env[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attr);
	int err = fill_actions(&actions, &attr, fd, more);
	if (!err) {
		char path[PATH_MAX];
		if (rd_command_beside(argv[0], path))
			err = -posix_spawn(pid, path, &actions, &attr, argv, env);
		else
			err = -posix_spawnp(pid, argv[0], &actions, &attr, argv, env);
	}
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

int
rd_child_spawn(struct rd_child *c, char *const argv[])
{
	return rd_child_spawn_with(c, argv, -1);
}

int
rd_child_spawn_on(struct rd_child *c, char *const argv[], int sock, int fd)
{
	*c = (struct rd_child){.fd = -1};
	char **env = environ_for(sock);
	int err = env ? start(&c->pid, argv, sock, fd, env) : -errno;
	environ_free(env);
	if (err)
		c->pid = 0;
	return err;
}

int
rd_child_spawn_with(struct rd_child *c, char *const argv[], int fd)
{
	*c = (struct rd_child){.fd = -1};
	int sv[2];
	int err = rd_child_pair(sv);
	if (err)
		return err;
	err = rd_child_spawn_on(c, argv, sv[1], fd);
	close(sv[1]);
	if (err)
		close(sv[0]);
	else
		c->fd = sv[0];
	return err;
}

static int
shell_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

bool
rd_child_poll(struct rd_child *c, int *status)
{
	if (c->pid > 0) {
		int raw;
		pid_t got = waitpid(c->pid, &raw, WNOHANG);
		if (got == 0 || (got < 0 && errno == EINTR))
			return false;
		c->status = got > 0 ? shell_status(raw) : 127; /* 127: someone else reaped it */
		c->pid = 0;
	}
	*status = c->status;
	return true;
}

/* Returns when it has ended or the time is over. */
static void
wait_end(int pidfd, unsigned ms)
{
	struct pollfd p = {.fd = pidfd, .events = POLLIN};
	while (poll(&p, 1, (int)ms) < 0 && errno == EINTR)
		;
}

int
rd_child_reap(struct rd_child *c, unsigned grace_ms)
{
	static const int signals[] = {0, SIGTERM, SIGKILL};
	int status = 128 + SIGKILL;
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	if (rd_child_poll(c, &status))
		return status;
	int pidfd = pidfd_open(c->pid, 0); /* without one the waits are only longer */
	for (unsigned i = 0; i < 3; i++) {
		if (signals[i])
			kill(c->pid, signals[i]);
		wait_end(pidfd, i < 2 ? grace_ms : 1000);
		if (rd_child_poll(c, &status))
			break;
	}
	if (pidfd >= 0)
		close(pidfd);
	return status;
}

bool
rd_link_env_is(int fd)
{
	const char *text = getenv("RD_LINK");
	struct stat st;
	uintmax_t dev, ino;
	char rest;
	if (!text || sscanf(text, "%ju:%ju%c", &dev, &ino, &rest) != 2)
		return false;
	if (fstat(fd, &st) < 0 || !S_ISSOCK(st.st_mode))
		return false;
	return st.st_dev == dev && st.st_ino == ino;
}

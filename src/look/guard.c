#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/guard.h"

/*
 * How long the viewer may take to say goodbye, and then the command. A PNG of
 * 8K alone is seconds of work.
 */
#define VIEWER_GRACE_NS (10 * RD_NS_PER_S)
#define COMMAND_GRACE_MS 450

static void
watched_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

int
rd_guard_split(struct rd_guard *g)
{
	int pair[2];
	sigset_t watched, before;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	/* Before the fork: what ends at once is not missed. */
	watched_signals(&watched);
	sigprocmask(SIG_BLOCK, &watched, &before);
	g->viewer = fork();
	if (g->viewer < 0) {
		int err = -errno;
		sigprocmask(SIG_SETMASK, &before, NULL);
		close(pair[0]);
		close(pair[1]);
		return err;
	}
	bool is_viewer = g->viewer == 0;
	if (is_viewer)
		sigprocmask(SIG_SETMASK, &before, NULL);
	close(pair[is_viewer ? 0 : 1]);
	g->fd = pair[is_viewer ? 1 : 0];
	return 0;
}

/* The next signal, or 0 when `deadline_ns` has passed. */
static int
next_signal(const sigset_t *watched, uint64_t deadline_ns)
{
	uint64_t now = rd_clock_ns();
	if (deadline_ns == UINT64_MAX) {
		int sig;
		return sigwait(watched, &sig) == 0 ? sig : SIGCHLD;
	}
	if (now >= deadline_ns)
		return 0;
	struct timespec left = {
		.tv_sec = (time_t)((deadline_ns - now) / RD_NS_PER_S),
		.tv_nsec = (long)((deadline_ns - now) % RD_NS_PER_S),
	};
	int sig = sigtimedwait(watched, NULL, &left);
	return sig > 0 ? sig : errno == EAGAIN ? 0 : SIGCHLD;
}

static void
report(const struct rd_guard *g, int status)
{
	/* The viewer may be gone already: then nobody needs to know. */
	ssize_t n = send(g->fd, &status, sizeof(status), MSG_NOSIGNAL | MSG_DONTWAIT);
	(void)n;
}

static int
viewer_status(int wait_status)
{
	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	int sig = WTERMSIG(wait_status);
	if (sig != SIGINT && sig != SIGTERM && sig != SIGHUP && sig != SIGKILL) {
		rd_error("the decoding process was ended by signal %d (%s)", sig, strsignal(sig));
		return RD_EXIT_FAILURE;
	}
	return 128 + sig;
}

/* Until the viewer has ended; returns what it leaves behind. */
static int
watch(struct rd_guard *g, struct rd_child *command)
{
	sigset_t watched;
	uint64_t deadline = UINT64_MAX;
	bool running = true;
	watched_signals(&watched);
	for (;;) {
		int status;
		if (running && rd_child_poll(command, &status)) {
			running = false;
			report(g, status);
		}
		if (waitpid(g->viewer, &status, WNOHANG) == g->viewer)
			return viewer_status(status);
		int sig = next_signal(&watched, deadline);
		if (sig == 0) {
			kill(g->viewer, SIGKILL);
			deadline = UINT64_MAX;
		} else if (sig != SIGCHLD) {
			bool again = sig == SIGINT && deadline != UINT64_MAX;
			/* Who presses ^C twice does not want to wait. */
			kill(g->viewer, again ? SIGKILL : sig);
			if (deadline == UINT64_MAX)
				deadline = rd_clock_ns() + VIEWER_GRACE_NS;
		}
	}
}

int
rd_guard_run(struct rd_guard *g, struct rd_child *command)
{
	int code = watch(g, command);
	close(g->fd);
	rd_child_reap(command, COMMAND_GRACE_MS);
	return code;
}

int
rd_guard_work(struct rd_source *s, int (*work)(void *ctx, int guard_fd), void *ctx)
{
	struct rd_guard guard = {.fd = -1};
	if (!s->child.pid)
		return work(ctx, -1);
	int err = rd_guard_split(&guard);
	if (err) {
		rd_error("no second process: %s", strerror(-err));
		rd_source_close(s);
		rd_child_reap(&s->child, 0);
		return RD_EXIT_FAILURE;
	}
	if (guard.viewer == 0)
		return work(ctx, guard.fd);
	/* The viewer's alone, so that its end is noticed on the other side. */
	rd_source_close(s);
	return rd_guard_run(&guard, &s->child);
}

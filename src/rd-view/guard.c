#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-view/guard.h"

/*
 * How long the viewer may take to say goodbye, and then the command. A PNG of
 * 8K alone is seconds of work.
 */
#define VIEWER_GRACE_NS (10 * RD_NS_PER_S)
#define COMMAND_GRACE_MS 450

static void
watched_signals(const struct guard *g, sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	if (g->tty)
		sigaddset(set, SIGTSTP);
}

int
guard_split(struct guard *g, struct tty *tty, struct words *words)
{
	int pair[2];
	sigset_t watched, before;
	*g = (struct guard){.fd = -1, .signals = -1, .tty = tty, .words = words};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	/* Before the fork: what ends at once is not missed. */
	watched_signals(g, &watched);
	g->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
	if (g->signals < 0) {
		int err = -errno;
		close(pair[0]);
		close(pair[1]);
		return err;
	}
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
	if (is_viewer) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		close(g->signals);
		g->signals = -1;
	}
	close(pair[is_viewer ? 0 : 1]);
	g->fd = pair[is_viewer ? 1 : 0];
	return 0;
}

/* The next signal, or 0 when `deadline_ns` has passed. Words pass meanwhile. */
static int
next_signal(const struct guard *g, uint64_t deadline_ns)
{
	struct signalfd_siginfo info;
	for (;;) {
		struct pollfd p[] = {
			{.fd = g->signals, .events = POLLIN},
			{.fd = g->words ? g->words->in : -1, .events = POLLIN},
		};
		uint64_t now = rd_clock_ns();
		if (g->words)
			words_turn(g->words);
		if (read(g->signals, &info, sizeof(info)) == sizeof(info))
			return (int)info.ssi_signo;
		if (now >= deadline_ns)
			return 0;
		int ms = deadline_ns == UINT64_MAX ? -1 : (int)((deadline_ns - now) / RD_NS_PER_MS) + 1;
		if (poll(p, 2, ms) < 0 && errno != EINTR)
			return SIGCHLD;
	}
}

static void
report(const struct guard *g, int status)
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

/*
 * The viewer has stopped, after it gave the terminal back: so does all of the
 * job, as by ^Z, or the shell would wait for ever. And when we go on, it does.
 */
static void
stop_too(const struct guard *g)
{
	if (g->words)
		words_turn(g->words);
	kill(0, SIGTSTP);
	kill(getpid(), SIGSTOP);
	kill(g->viewer, SIGCONT);
}

/* Passes a signal on. */
static void
pass_on(const struct guard *g, int sig, uint64_t *deadline)
{
	bool again = sig == SIGINT && *deadline != UINT64_MAX;
	/* Who presses ^C twice does not want to wait. */
	kill(g->viewer, again ? SIGKILL : sig);
	if (sig != SIGTSTP && *deadline == UINT64_MAX)
		*deadline = rd_clock_ns() + VIEWER_GRACE_NS;
}

/* Until the viewer has ended; returns what it leaves behind. */
static int
watch(struct guard *g, struct rd_child *command)
{
	uint64_t deadline = UINT64_MAX;
	bool running = command->pid > 0;
	for (;;) {
		int status;
		if (running && rd_child_poll(command, &status)) {
			running = false;
			report(g, status);
		}
		pid_t ended = waitpid(g->viewer, &status, WNOHANG | (g->tty ? WUNTRACED : 0));
		if (ended == g->viewer && WIFSTOPPED(status))
			stop_too(g);
		else if (ended == g->viewer)
			return viewer_status(status);
		int sig = next_signal(g, deadline);
		if (sig == 0) {
			kill(g->viewer, SIGKILL);
			deadline = UINT64_MAX;
		} else if (sig != SIGCHLD) {
			pass_on(g, sig, &deadline);
		}
	}
}

int
guard_run(struct guard *g, struct rd_child *command)
{
	int code = watch(g, command);
	if (g->tty)
		tty_restore(g->tty);
	close(g->fd);
	rd_child_reap(command, COMMAND_GRACE_MS);
	close(g->signals);
	return code;
}

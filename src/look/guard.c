#include <errno.h>
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
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "look/guard.h"

/* The two processes, and what joins them; see guard.h. */
struct guard {
	pid_t viewer;	/* 0 in the viewer itself */
	int fd;		/* our end of the pair */
	const struct rd_guard_place *place; /* NULL: none */
};

/*
 * How long the viewer may take to say goodbye, and then the command. A PNG of
 * 8K alone is seconds of work.
 */
#define VIEWER_GRACE_NS (10 * RD_NS_PER_S)
#define COMMAND_GRACE_MS 450
/*
 * A ^C that comes so long after the first is a person's who does not want to wait.
 * Sooner it is most likely the same one twice: by a terminal and by a program, or
 * from timeout(1), which sends it to its child and then to the child's group.
 */
#define PATIENCE_NS (3 * RD_NS_PER_S)

static void
watched_signals(const struct guard *g, sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1);
	if (g->place)
		sigaddset(set, SIGTSTP);
}

/* Forks. In the child, viewer is 0 and this is the viewer; else the guard. 0 or a negative errno. */
static int
split(struct guard *g)
{
	int pair[2];
	sigset_t watched, before;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	/* Before the fork: what ends at once is not missed. */
	watched_signals(g, &watched);
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

void
rd_guard_ready(int guard_fd)
{
	if (guard_fd < 0)
		return;
	/* A guard that is gone is noticed by the end of file. */
	ssize_t n = write(guard_fd, "", 1);
	(void)n;
}

static int
ms_until(uint64_t deadline_ns)
{
	uint64_t now = rd_clock_ns();
	if (deadline_ns == UINT64_MAX)
		return -1;
	return now >= deadline_ns ? 0 : (int)((deadline_ns - now) / RD_NS_PER_MS + 1);
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

/* Whether the viewer has said that it can show something, or can no longer. */
static bool
heard(const struct guard *g, bool *ready)
{
	char byte;
	ssize_t n = recv(g->fd, &byte, 1, MSG_DONTWAIT);
	*ready = n == 1;
	return n >= 0 || (errno != EAGAIN && errno != EINTR);
}

/* What the guard knows while it waits. */
struct watch {
	struct guard *g;
	struct rd_source *source;
	int signals;		/* a signalfd */
	bool waiting;		/* for the viewer's word */
	bool running;		/* the command */
	int failed;		/* the exit code when it could not be started; 0 */
	uint64_t deadline_ns;	/* of the viewer's end; UINT64_MAX: it may go on */
	uint64_t asked_ns;	/* when it was told to end, once it was */
};

static void
turn(const struct guard *g)
{
	if (g->place)
		g->place->turn(g->place->ctx);
}

/*
 * The next signal, or 0 when `deadline_ns` has passed. SIGCHLD also when there
 * may be something else to look at.
 */
static int
next_signal(const struct watch *w)
{
	const struct rd_guard_place *place = w->g->place;
	struct pollfd p[3] = {
		{.fd = w->signals, .events = POLLIN},
		{.fd = w->waiting ? w->g->fd : -1, .events = POLLIN},
		{.fd = place ? place->in : -1, .events = POLLIN},
	};
	struct signalfd_siginfo info;
	int n = poll(p, 3, ms_until(w->deadline_ns));
	if (n == 0)
		return 0;
	if (n < 0 || !p[0].revents || read(w->signals, &info, sizeof(info)) != sizeof(info))
		return SIGCHLD;
	return (int)info.ssi_signo;
}

static void
end_viewer(struct watch *w, int sig)
{
	kill(w->g->viewer, sig);
	if (w->deadline_ns != UINT64_MAX)
		return;
	w->asked_ns = rd_clock_ns();
	w->deadline_ns = w->asked_ns + VIEWER_GRACE_NS;
}

/* It is told to end once: a second word could find it with its handlers gone. */
static void
end_by_signal(struct watch *w, int sig)
{
	bool told = w->deadline_ns != UINT64_MAX;
	if (!told)
		end_viewer(w, sig);
	else if (sig == SIGINT && rd_clock_ns() - w->asked_ns >= PATIENCE_NS)
		end_viewer(w, SIGKILL);
}

static void
start_when_ready(struct watch *w)
{
	bool ready = false;
	if (!w->waiting || !heard(w->g, &ready))
		return;
	w->waiting = false;
	if (!ready || w->deadline_ns != UINT64_MAX)
		return;
	w->failed = rd_source_start(w->source);
	w->running = !w->failed;
	/* Its end of the link stays open where it failed: the viewer has nothing to say of that. */
	if (w->failed)
		end_viewer(w, SIGTERM);
	else
		rd_source_close_far(w->source);
}

static void
look_at_command(struct watch *w)
{
	int status;
	if (!w->running || !rd_child_poll(&w->source->child, &status))
		return;
	w->running = false;
	report(w->g, status);
}

static void
obey(struct watch *w, int sig)
{
	if (sig == 0) {
		kill(w->g->viewer, SIGKILL);
		w->deadline_ns = UINT64_MAX;
	} else if (sig == SIGUSR1 || sig == SIGTSTP) {
		kill(w->g->viewer, sig);
	} else if (sig != SIGCHLD) {
		end_by_signal(w, sig);
	}
}

/*
 * The viewer has stopped, after it gave the terminal back: so does all of the
 * job, as by ^Z, or the shell would wait for ever. And when we go on, it does.
 */
static void
stop_too(const struct guard *g)
{
	turn(g);
	kill(0, SIGTSTP);
	kill(getpid(), SIGSTOP);
	kill(g->viewer, SIGCONT);
}

/* Until the viewer has ended; returns what it leaves behind. */
static int
watch(struct watch *w)
{
	for (;;) {
		int status;
		turn(w->g);
		start_when_ready(w);
		look_at_command(w);
		pid_t ended = waitpid(w->g->viewer, &status, WNOHANG | (w->g->place ? WUNTRACED : 0));
		if (ended == w->g->viewer && WIFSTOPPED(status))
			stop_too(w->g);
		else if (ended == w->g->viewer)
			return w->failed ? w->failed : viewer_status(status);
		obey(w, next_signal(w));
	}
}

/* The guard's whole life. Returns the exit status of the program. */
static int
run(struct guard *g, struct rd_source *source)
{
	sigset_t watched;
	watched_signals(g, &watched);
	struct watch w = {.g = g, .source = source, .signals = signalfd(-1, &watched, SFD_CLOEXEC),
		.waiting = source->argv != NULL, .deadline_ns = UINT64_MAX};
	int code;
	if (w.signals < 0) {
		rd_error("no way to wait for signals: %s", strerror(errno));
		kill(g->viewer, SIGKILL);
		code = RD_EXIT_FAILURE;
	} else {
		code = watch(&w);
		close(w.signals);
	}
	if (g->place)
		g->place->put_back(g->place->ctx);
	close(g->fd);
	rd_child_reap(&source->child, COMMAND_GRACE_MS);
	return code;
}

int
rd_guard_work(struct rd_source *s, const struct rd_guard_place *place,
	int (*work)(void *ctx, int guard_fd), void *ctx)
{
	struct guard guard = {.fd = -1, .place = place};
	if (!s->argv && !place)
		return work(ctx, -1);
	int err = split(&guard);
	if (err) {
		rd_error("no second process: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	if (guard.viewer == 0) {
		rd_source_close_far(s);
		return work(ctx, guard.fd);
	}
	/* The viewer's alone, so that its end is noticed on the other side. */
	rd_source_close_near(s);
	if (s->kind == RD_SOURCE_STDIN)
		rd_confine_stdio(true, false, false);
	return run(&guard, s);
}

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-run/front.h"
#include "rd-run/keeper.h"
#include "rd-run/run.h"

/* What a dead keeper's processes get to end by themselves: a film has to be completed. */
#define GRACE_MS 5000
#define LOOK_NS (20 * RD_NS_PER_MS)

struct front {
	const struct options *o;
	struct tell tell;
	const struct start_before *before;
	struct place place;
	struct door door;
	pid_t keeper;
	int fd;			/* to the keeper */
	int signals;
	struct display_trace display; /* to be swept */
	pid_t recorder;
	bool interrupted;	/* ^C at the terminal */
};

static void
watch_signals(struct front *f, sigset_t *set)
{
	static const int wanted[] = {SIGCHLD, SIGINT, SIGTERM, SIGQUIT, SIGUSR1, SIGUSR2, SIGHUP};
	sigemptyset(set);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		/* nohup(1) means us, too. */
		if (wanted[i] != SIGHUP || !f->before->ignored[SIGHUP])
			sigaddset(set, wanted[i]);
	/* One that is ignored would not come. */
	for (size_t i = 0; i + 1 < sizeof(wanted) / sizeof(wanted[0]); i++)
		signal(wanted[i], SIG_DFL);
	sigprocmask(SIG_BLOCK, set, NULL);
}

static void
keep(struct front *f, int fd, const sigset_t *set)
{
	struct keeper k;
	prctl(PR_SET_NAME, TREE_KEEPER);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	int signals = signalfd(-1, set, SFD_CLOEXEC);
	if (signals < 0) {
		/* Without it no end would ever be heard of. The folder is the front's to remove. */
		tell_error(&f->tell, "no second process: %s", strerror(errno));
		tell_end(&f->tell, RD_EXIT_FAILURE, true);
		_exit(RD_EXIT_FAILURE);
	}
	keeper_open(&k, f->o, f->before, &f->place, &f->door, fd, signals);
	setpgid(0, 0);
	int code = run(&k);
	keeper_close(&k);
	_exit(code);
}

static void
pass(struct front *f)
{
	struct signalfd_siginfo info;
	if (read(f->signals, &info, sizeof(info)) != sizeof(info) || info.ssi_signo == SIGCHLD)
		return;
	struct front_word w = {
		.signal = (int)info.ssi_signo,
		.terminal = info.ssi_code == SI_KERNEL,
	};
	f->interrupted = f->interrupted || (w.terminal && w.signal == SIGINT);
	send(f->fd, &w, sizeof(w), MSG_NOSIGNAL);
}

static void
hear(struct front *f)
{
	struct keeper_word w;
	while (recv(f->fd, &w, sizeof(w), MSG_DONTWAIT) == sizeof(w)) {
		f->display = w.display;
		f->recorder = w.recorder;
	}
}

/* No terminal stops the keeper: a test that does so to its parent must not keep us for ever. */
static bool
has_ended(pid_t pid, int status)
{
	if (WIFSTOPPED(status))
		kill(pid, SIGCONT);
	return !WIFSTOPPED(status);
}

/* Until the keeper has ended; returns its wait status. */
static int
wait_keeper(struct front *f)
{
	for (;;) {
		int status;
		pid_t pid;
		struct pollfd p = {.fd = f->signals, .events = POLLIN};
		while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0)
			if (pid == f->keeper && has_ended(pid, status))
				return status;
		if (poll(&p, 1, -1) > 0)
			pass(f);
	}
}

/* True: there are no children any more. Others may end as fast as they are reaped. */
static bool
reap_all(uint64_t until)
{
	pid_t pid;
	do
		pid = waitpid(-1, NULL, WNOHANG);
	while (pid > 0 && rd_clock_ns() < until);
	return pid < 0 && errno == ECHILD;
}

/* All children, which daemons have become, too; false: there are some after that time. */
static bool
wait_all(int sig, bool keepers)
{
	struct tree_ask ask = {.keepers = keepers};
	uint64_t until = rd_clock_ns() + GRACE_MS * RD_NS_PER_MS;
	while (rd_clock_ns() < until) {
		uint64_t next = rd_clock_ns() + LOOK_NS;
		if (sig)
			tree_signal(&ask, sig);
		do {
			if (reap_all(next))
				return true;
			if (!keepers || tree_signal_children(&ask, SIGKILL) == 0)
				poll(NULL, 0, 1);
		} while (rd_clock_ns() < next);
	}
	return false;
}

/* The display and the recorder have been told to end by the kernel, the command is killed. */
static int
clean_up(struct front *f, int status)
{
	struct tree_ask all = {0};
	hear(f);
	tell_error(&f->tell, "its keeper was killed by signal %d: everything is ended",
		WTERMSIG(status));
	tree_signal(&all, SIGTERM);
	if (!wait_all(0, false) && !wait_all(SIGKILL, false))
		wait_all(SIGKILL, true);
	display_sweep(&f->display);
	door_sweep(&f->door, f->recorder);
	tell_end(&f->tell, RD_EXIT_KEEPER, true);
	return RD_EXIT_KEEPER;
}

static int
failed(struct front *f, const char *what, int err)
{
	tell_error(&f->tell, "%s: %s", what, strerror(-err));
	place_remove(&f->place);
	return RD_EXIT_FAILURE;
}

/* A shell that runs a list of commands ends it when ^C has killed one of them. */
static int
leave(struct front *f, int code)
{
	if (f->interrupted && code == 128 + SIGINT) {
		sigset_t set;
		signal(SIGINT, SIG_DFL);
		sigemptyset(&set);
		sigaddset(&set, SIGINT);
		raise(SIGINT);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	return code;
}

int
front_run(const struct options *o, const struct start_before *before)
{
	struct front f = {
		.o = o, .before = before, .tell = {.json = o->json, .quiet = o->quiet}, .display = {.number = -1},
	};
	int pair[2];
	const char *what;
	sigset_t set;
	door_init(&f.door, o->record && o->control, o->name, o->command[0], getpid());
	watch_signals(&f, &set);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	int err = place_make(&f.place, &what);
	if (err)
		return failed(&f, what, err);
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return failed(&f, "no second process", -errno);
	f.signals = signalfd(-1, &set, SFD_CLOEXEC);
	f.keeper = f.signals < 0 ? -1 : fork();
	err = f.keeper < 0 ? -errno : 0;
	if (f.keeper == 0) {
		close(pair[0]);
		close(f.signals);
		keep(&f, pair[1], &set);
	}
	close(pair[1]);
	f.fd = pair[0];
	if (err)
		return failed(&f, "no second process", err);
	int status = wait_keeper(&f);
	int code = WIFSIGNALED(status) ? clean_up(&f, status) : WEXITSTATUS(status);
	/* The keeper has done that, where it could. */
	place_remove(&f.place);
	return leave(&f, code);
}

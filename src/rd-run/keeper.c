#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-run/keeper.h"

/* What has to be ended with nobody left to wait for it gets less time. */
#define GRACE_ALONE_NS RD_NS_PER_S
/* SIGKILL is sent again, to what was started meanwhile. */
#define AGAIN_NS (20 * RD_NS_PER_MS)
#define REAPED_MAX 256

enum { P_SIGNALS, P_FRONT, P_DISPLAY, P_BUS, P_FILM, P_MARK, P_COUNT };

void
keeper_open(struct keeper *k, const struct options *o, const struct start_before *before,
	const struct place *place, const struct door *door, int front, int signals)
{
	*k = (struct keeper){
		.o = o, .tell = {.json = o->json, .quiet = o->quiet}, .before = before,
		.front = front, .signals = signals, .group = getpgrp(),
		.grace_ns = o->grace_ns, .place = *place, .door = door,
		.display = {.fd = -1, .log = -1, .number = -1, .trace = {.number = -1}},
		.manager = {.log = -1}, .bus = {.fd = -1},
		.command = {.next_ns = UINT64_MAX},
	};
	film_init(&k->film, o);
	k->mark = open(k->place.mark, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

void
keeper_close(struct keeper *k)
{
	display_close(&k->display);
	bus_close(&k->bus);
	manager_close(&k->manager);
	free(k->desktop_command);
	film_close(&k->film);
	place_remove(&k->place);
	close(k->mark);
	close(k->signals);
	close(k->front);
}

void
keeper_tell_front(const struct keeper *k)
{
	struct keeper_word w = {k->display.trace, k->film.pid};
	send(k->front, &w, sizeof(w), MSG_NOSIGNAL);
}

bool
keeper_stopped(const struct keeper *k)
{
	return k->asked || k->front_gone;
}

int
keeper_stopped_code(const struct keeper *k)
{
	if (k->asked)
		return 128 + k->asked;
	return k->front_gone ? RD_EXIT_KEEPER : 0;
}

struct tree_ask
keeper_left(const struct keeper *k)
{
	return (struct tree_ask){.spared = {k->display.pid, k->manager.pid, k->film.pid,
		k->bus.pid}};
}

/* The command and those who share its process group, as a terminal would. */
static void
signal_command(const struct keeper *k, int sig)
{
	struct tree_ask ask = keeper_left(k);
	ask.group = k->group;
	if (getpgid(k->command.pid) != k->group)
		kill(k->command.pid, sig);
	tree_signal(&ask, sig);
}

static void
then(struct keeper *k, int sig, uint64_t in_ns)
{
	k->command.next = sig;
	k->command.next_ns = rd_clock_ns() + in_ns;
}

void
keeper_end_command(struct keeper *k, int sig)
{
	if (k->command.pid == 0)
		return;
	signal_command(k, sig);
	if (k->command.next_ns == UINT64_MAX)
		then(k, sig == SIGTERM ? SIGKILL : SIGTERM, k->grace_ns);
}

/* What the command gets, once its time has come. */
static void
escalate(struct keeper *k)
{
	struct tree_ask ask = keeper_left(k);
	if (rd_clock_ns() < k->command.next_ns)
		return;
	int sig = k->command.next;
	if (sig == SIGKILL && k->command.pid)
		kill(k->command.pid, sig);
	tree_signal(&ask, sig);
	then(k, SIGKILL, sig == SIGKILL ? AGAIN_NS : k->grace_ns);
}

static bool
ends(int sig)
{
	return sig == SIGTERM || sig == SIGINT || sig == SIGHUP || sig == SIGQUIT;
}

static void
take_signal(struct keeper *k, int sig, bool terminal)
{
	tell_signal(&k->tell, sig);
	k->hurry = k->hurry || (k->asked && k->command.over);
	if (!k->command.pid) {
		/* Before it runs; after it has ended the first one changes nothing. */
		if (ends(sig) && !k->asked)
			k->asked = sig;
		return;
	}
	/* A command may have its own mind about ^C; a terminal that is gone is an end. */
	if (terminal && sig != SIGHUP)
		return;
	if (ends(sig)) {
		k->asked = k->asked ? k->asked : sig;
		keeper_end_command(k, sig);
	} else {
		signal_command(k, sig);
	}
}

static void
lose_front(struct keeper *k)
{
	k->front_gone = true;
	k->grace_ns = k->grace_ns < GRACE_ALONE_NS ? k->grace_ns : GRACE_ALONE_NS;
	k->command.next_ns = UINT64_MAX;
	keeper_end_command(k, SIGTERM);
}

static void
hear_front(struct keeper *k)
{
	struct front_word w;
	ssize_t n = recv(k->front, &w, sizeof(w), MSG_DONTWAIT);
	if (n == sizeof(w))
		take_signal(k, w.signal, w.terminal);
	else if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		lose_front(k);
}

static void
note_end(struct keeper *k, pid_t pid, int status)
{
	int code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (pid == k->command.pid)
		command_ended(&k->command, status);
	else if (pid == k->film.pid)
		film_ended(&k->film, code);
	else if (pid == k->manager.pid)
		k->manager.pid = 0;
	else if (pid == k->display.pid)
		k->display.pid = 0;
	else if (pid == k->bus.pid)
		k->bus.pid = 0;
	else if (pid == k->desktop.pid)
		desktop_ended(&k->desktop, code);
	/* Else a daemon's, which has become our child. */
}

/* So many at most: others may end as fast as they are reaped. */
static void
reap(struct keeper *k)
{
	int status;
	pid_t pid = 0;
	for (int i = 0; i < REAPED_MAX && (pid = waitpid(-1, &status, WNOHANG)) > 0; i++)
		note_end(k, pid, status);
	k->more_ended = pid > 0;
}

static void
take_own_signal(struct keeper *k)
{
	struct signalfd_siginfo info;
	if (read(k->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo != SIGCHLD)
		take_signal(k, (int)info.ssi_signo, false);
}

/* With nobody to record them, chapters go nowhere; who writes them must not wait. */
static void
drain(struct keeper *k)
{
	char lost[4096];
	ssize_t n = read(k->mark, lost, sizeof(lost));
	(void)n;
}

/* The desktop is what the command is there for. */
static void
follow_desktop(struct keeper *k)
{
	struct desktop *d = &k->desktop;
	if (!d->over || d->told || !k->command.pid)
		return;
	d->told = true;
	if (d->status)
		tell_error(&k->tell, "the desktop has ended with status %d: %s", d->status,
			k->desktop_command);
	keeper_end_command(k, SIGTERM);
}

/* While the command runs, the film and the display are to last. */
static void
look_after(struct keeper *k)
{
	if (k->film.over && !k->film_ending && !k->film_told && k->film.begun) {
		/* In good order: somebody has asked it to, by rd-ctl or by a signal. */
		k->film_told = true;
		k->film.broken = k->film.status != 0;
		tell_error(&k->tell, "%s: the recording %s%s", k->film.path,
			k->film.broken ? "has broken off" : "was ended",
			k->command.pid ? "; the command goes on" : "");
	}
	if (k->command.pid && !k->display.pid && !k->display_gone) {
		k->display_gone = true;
		tell_error(&k->tell, "the display has ended under the command: it is ended, too");
		keeper_end_command(k, SIGTERM);
	}
}

static int
ms_until(uint64_t ns)
{
	uint64_t now = rd_clock_ns();
	if (ns == UINT64_MAX)
		return -1;
	uint64_t ms = now >= ns ? 0 : (ns - now) / RD_NS_PER_MS + 1;
	return ms < 1000000 ? (int)ms : 1000000;
}

static void
turn(struct keeper *k, uint64_t until_ns)
{
	struct pollfd p[P_COUNT] = {
		[P_SIGNALS] = {.fd = k->signals, .events = POLLIN},
		[P_FRONT] = {.fd = k->front_gone ? -1 : k->front, .events = POLLIN},
		[P_DISPLAY] = {.fd = k->display.fd, .events = POLLIN},
		[P_BUS] = {.fd = k->bus.fd, .events = POLLIN},
		[P_FILM] = {.fd = k->film.fd, .events = POLLIN},
		[P_MARK] = {.fd = k->film.pid ? -1 : k->mark, .events = POLLIN},
	};
	uint64_t next_ns = k->command.next_ns;
	int wait_ms = k->more_ended ? 0 : ms_until(until_ns < next_ns ? until_ns : next_ns);
	int n = poll(p, P_COUNT, wait_ms);
	if (n > 0 && p[P_SIGNALS].revents)
		take_own_signal(k);
	if (n > 0 && p[P_FRONT].revents)
		hear_front(k);
	if (n > 0 && p[P_DISPLAY].revents)
		display_read(&k->display);
	if (n > 0 && p[P_BUS].revents)
		bus_read(&k->bus);
	if (n > 0 && p[P_FILM].revents)
		film_read(&k->film, &k->tell);
	if (n > 0 && p[P_MARK].revents)
		drain(k);
	reap(k);
	escalate(k);
	look_after(k);
	follow_desktop(k);
}

bool
keeper_wait(struct keeper *k, bool (*done)(struct keeper *k), uint64_t until_ns)
{
	while (!done(k)) {
		if (rd_clock_ns() >= until_ns)
			return false;
		turn(k, until_ns);
	}
	return true;
}

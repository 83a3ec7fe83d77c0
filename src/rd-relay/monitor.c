#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/loop.h"
#include "rd-relay/monitor.h"
#include "rd-relay/network.h"

#define SIGNALS 4
/* Beyond the time of the drain, before the process at the network is ended. */
#define PATIENCE_NS (5 * RD_NS_PER_S)
#define SAID_A_TURN 32
#define NOT_TAKEN "serving; the new configuration was not taken, see the log"

struct monitor {
	const struct monitor_args *args;
	struct rd_loop *loop;
	struct rd_signal signals[SIGNALS];
	struct rd_timer patience;
	struct rd_fd heard;
	pid_t network;		/* 0: it has ended */
	uint64_t drain_ns;	/* of the configuration in force */
	unsigned stops;
	bool terminal[STDERR_FILENO + 1]; /* which of the three was one */
};

int
monitor_open_audit(const struct options *o)
{
	if (!o->audit)
		return -1;
	int fd = open(o->audit, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK,
		0640);
	if (fd >= 0)
		return fd;
	rd_error("%s: %s", o->audit, strerror(errno));
	return -2;
}

static void
say(struct monitor *m, enum monitor_says what, int fd)
{
	uint8_t byte = (uint8_t)what;
	/* Where it is gone, its end comes by SIGCHLD. */
	int err = rd_ipc_send(m->args->sock, &byte, sizeof(byte), fd);
	if (err)
		rd_debug("the process at the network does not listen: %s", strerror(-err));
}

/* --- what who started us as a service hears --- */

static void
ready(const struct monitor *m, const char *status)
{
	if (!m->stops)
		rd_notify_say(m->args->notify, "READY=1\nSTATUS=%s", status);
}

static void
on_said(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	uint8_t what;
	int fd, got = 1;
	(void)events;
	/* At most so many a turn: one that never stops talking keeps us from nothing else. */
	for (int i = 0; i < SAID_A_TURN && got > 0; i++) {
		got = rd_ipc_recv(m->args->sock, &what, sizeof(what), &fd, 0);
		if (got <= 0)
			break;
		if (fd >= 0)
			close(fd);
		ready(m, what == SAYS_READY ? "serving" : NOT_TAKEN);
	}
	/* Its end comes by SIGCHLD. */
	if (got <= 0 && got != -EAGAIN)
		rd_fd_want(&m->heard, 0);
}

/* --- the configuration, again --- */

static bool
same_places(const struct places *a, const struct places *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++)
		if (!rd_addr_equal(&a->at[i], &b->at[i]))
			return false;
	return true;
}

static void
complain(const char *what, bool changed)
{
	if (changed)
		rd_warn("%s: a new value takes effect when rd-relay is started anew", what);
}

/* What takes effect with the next start only, and was changed. */
static void
complain_fixed(const struct options *was, const struct options *is)
{
	complain("listen", !same_places(&was->udp, &is->udp));
	complain("tls", !same_places(&was->tls, &is->tls));
	complain("stun-port", was->stun_port != is->stun_port);
	complain("metrics", !rd_addr_equal(&was->metrics, &is->metrics));
	complain("threads", was->threads != is->threads);
	complain("node", was->node != is->node);
	complain("state", strcmp(was->state, is->state) != 0);
	complain("json", was->json != is->json);
	complain("confine", was->confine != is->confine);
	complain("peers", was->max_peers != is->max_peers);
	/* Fewer may be let in at once. */
	complain("sessions", was->max_sessions < is->max_sessions);
}

static int
send_settings(struct monitor *m, const struct options *o)
{
	struct settings s;
	int code = settings_read(&s, o, true);
	int fd = code ? -1 : settings_put(&s);
	if (!code && fd < 0) {
		rd_error("the configuration cannot be passed on: %s", strerror(-fd));
		code = RD_EXIT_FAILURE;
	}
	if (!code) {
		say(m, SAYS_SETTINGS, fd);
		close(fd);
	}
	settings_finish(&s);
	return code;
}

static void
reload(struct monitor *m)
{
	struct options o;
	int code;
	int audit = -2;
	rd_notify_reloading(m->args->notify);
	if (options_read(&o, m->args->argc, m->args->argv, &code))
		audit = monitor_open_audit(&o);
	if (audit != -2 && send_settings(m, &o) == 0) {
		complain_fixed(m->args->opt, &o);
		m->drain_ns = o.drain_ns;
		say(m, SAYS_AUDIT, audit);
	} else {
		rd_error("the configuration in force stays as it was");
		ready(m, NOT_TAKEN);
	}
	if (audit >= 0)
		close(audit);
	options_finish(&o);
}

/* --- signals --- */

static void
stop(struct monitor *m)
{
	m->stops++;
	rd_notify_say(m->args->notify, "STOPPING=1\nSTATUS=ending");
	if (m->stops > 2 && m->network)
		kill(m->network, SIGKILL);
	else
		say(m, SAYS_STOP, -1);
	rd_timer_set(&m->patience, m->stops > 1 ? PATIENCE_NS : m->drain_ns + PATIENCE_NS);
}

static void
on_patience(void *ctx)
{
	struct monitor *m = ctx;
	if (m->network)
		kill(m->network, SIGKILL);
}

/*
 * SIGHUP has two meanings: of a service it asks for its configuration, and of a
 * command at a terminal it says that this is gone. Which one is meant the terminal
 * itself tells: one that is gone answers nothing any more.
 */
static bool
terminal_is_gone(const struct monitor *m)
{
	struct termios now;
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (m->terminal[fd] && tcgetattr(fd, &now) < 0)
			return true;
	return false;
}

static void
hang_up(struct monitor *m)
{
	if (!terminal_is_gone(m))
		reload(m);
	else if (m->stops == 0) /* the kernel says it, and a shell again */
		stop(m);
}

static void
on_signal(void *ctx, int number)
{
	struct monitor *m = ctx;
	int status;
	if (number == SIGHUP) {
		hang_up(m);
		return;
	}
	if (number != SIGCHLD) {
		stop(m);
		return;
	}
	if (!m->network || waitpid(m->network, &status, WNOHANG) != m->network)
		return;
	m->network = 0;
	if (WIFSIGNALED(status))
		rd_error("the process at the network was ended by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	rd_loop_stop(m->loop, WIFEXITED(status) ? WEXITSTATUS(status) : RD_EXIT_FAILURE);
}

int
monitor_run(const struct monitor_args *args)
{
	static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD};
	struct monitor m = {.args = args, .loop = rd_loop_new(), .network = args->network,
		.drain_ns = args->opt->drain_ns};
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		m.terminal[fd] = isatty(fd);
	fcntl(args->sock, F_SETFL, fcntl(args->sock, F_GETFL) | O_NONBLOCK);
	for (int i = 0; i < SIGNALS; i++)
		rd_signal_open(&m.signals[i], m.loop, signals[i], on_signal, &m);
	rd_timer_open(&m.patience, m.loop, on_patience, &m);
	rd_fd_open(&m.heard, m.loop, args->sock, on_said, &m);
	rd_fd_want(&m.heard, RD_READ);
	/* One that ended before the signal was watched. */
	on_signal(&m, SIGCHLD);
	int code = rd_loop_run(m.loop);
	rd_timer_close(&m.patience);
	rd_fd_close(&m.heard);
	for (int i = 0; i < SIGNALS; i++)
		rd_signal_close(&m.signals[i]);
	rd_loop_free(m.loop);
	return code;
}

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "net/relay_choose.h"
#include "rd-send/judge.h"
#include "rd-send/monitor.h"

/* How long the other half may take to say goodbye to everybody. */
#define PATIENCE_NS (3 * RD_NS_PER_S)
#define SAID_A_TURN 32
/* One ^C comes twice, by the terminal and from who started us (rd-run). */
#define ONE_PRESS_NS (RD_NS_PER_S / 2)

void
monitor_stop(struct monitor *m)
{
	struct said s = {.type = SAID_STOP};
	if (m->stopping) {
		/* Who asks twice does not want to wait. */
		if (m->network && rd_clock_ns() - m->asked_ns >= ONE_PRESS_NS)
			kill(m->network, SIGKILL);
		return;
	}
	m->stopping = true;
	m->asked_ns = rd_clock_ns();
	ready_stopping(m);
	rd_timer_set(&m->patience, PATIENCE_NS);
	monitor_say(m, &s, -1);
}

void
monitor_pause(struct monitor *m, bool on)
{
	monitor_say(m, &(struct said){.type = SAID_PAUSE, .flag = on}, -1);
}

static void
on_patience(void *ctx)
{
	struct monitor *m = ctx;
	if (m->network)
		kill(m->network, SIGKILL);
}

void
monitor_say(struct monitor *m, const struct said *s, int fd)
{
	if (said_send(m->sock, s, fd) == 0 || !m->network)
		return;
	/* It is ending, or it does not read what we say: then it is not ours any more. */
	if (!rd_loop_stopped(m->loop) && !m->patience.set)
		rd_timer_set(&m->patience, PATIENCE_NS);
}

/* --- the other half --- */

static void
tell_listening(const struct monitor *m, unsigned port)
{
	char host[256] = "", key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT], suffix[8] = "";
	struct rd_event e;
	gethostname(host, sizeof(host) - 1);
	if (port != RD_PORT)
		snprintf(suffix, sizeof(suffix), ":%u", port & 0xffff);
	rd_key_fingerprint(&m->key, fingerprint);
	/* The one thing that who sits before it needs to know; with a code that is another line. */
	bool told = isatty(STDERR_FILENO) && !m->opt->json && (!m->opt->code || m->opt->listen_given);
	rd_log_put(told ? RD_LOG_WARN : RD_LOG_INFO,
		"to see this desktop: rd-view %s%s   (key %s)", host[0] ? host : "HOST", suffix,
		fingerprint);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "listening");
	rd_event_number(&e, "port", port);
	rd_event_text(&e, "host", host);
	rd_event_text(&e, "key", rd_key_text(&m->key, key));
	rd_event_text(&e, "fingerprint", fingerprint);
	rd_event_end(&e);
}

static void
obey(struct monitor *m, const struct said *s)
{
	switch (s->type) {
	case SAID_LISTENING:
		tell_listening(m, s->number);
		ready_listening(m, s->number);
		indicator_start(m);
		announce_start(m, s->number);
		lookup_start(m);
		break;
	case SAID_PEER:
		peers_new(m, s);
		break;
	case SAID_ANSWER:
		peers_answer(m, s);
		break;
	case SAID_START:
		producers_start(m, s->id);
		break;
	case SAID_STOPPED:
		producers_stopped(m, s->id);
		break;
	case SAID_GONE:
		peers_gone(m, s);
		break;
	case SAID_REMEMBER:
		peers_remember(m, s);
		break;
	case SAID_RESOLVE:
		lookup_start(m);
		break;
	case SAID_RELAY_KEY:
		relays_key(m, s);
		break;
	case SAID_RELAY_IS:
		relays_is(m, s);
		break;
	case SAID_CODE:
		relays_code(m, s);
		break;
	case SAID_CODE_OVER:
		relays_code_over(m, s);
		break;
	case SAID_PAUSED:
		m->paused = s->flag;
		terminal_paused(m);
		break;
	default:
		rd_error("the process at the network says what it has no business with");
		if (m->network)
			kill(m->network, SIGKILL);
	}
}

/* At most so many messages: one that never stops talking keeps us from nothing else. */
static void
hear(struct monitor *m, unsigned most)
{
	struct said s;
	int fd, got = 1;
	while (most-- > 0 && (got = said_recv(m->sock, &s, &fd)) > 0) {
		if (fd >= 0)
			close(fd);
		obey(m, &s);
		sodium_memzero(&s, sizeof(s));
	}
	ready_check(m);
	terminal_check(m);
	if (got >= 0)
		return;
	rd_fd_want(&m->heard, 0);
	if (got == -EPROTO && m->network)
		kill(m->network, SIGKILL);
	/* Its status comes with SIGCHLD. */
	rd_timer_set(&m->patience, PATIENCE_NS);
}

static void
on_said(void *ctx, unsigned events)
{
	(void)events;
	hear(ctx, SAID_A_TURN);
}

static void
network_ended(struct monitor *m, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : RD_EXIT_FAILURE;
	m->network = 0;
	if (WIFSIGNALED(status))
		rd_error("the process at the network was ended by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	/* What it said last: the socket holds no more. */
	hear(m, UINT_MAX);
	rd_loop_stop(m->loop, code);
}

static void
on_signal(void *ctx, int number)
{
	struct monitor *m = ctx;
	int status;
	if (number == SIGUSR1) {
		monitor_say(m, &(struct said){.type = SAID_MAKE_CODE}, -1);
		return;
	}
	if (number == SIGUSR2) {
		monitor_pause(m, !m->paused);
		return;
	}
	if (number == SIGCONT) {
		terminal_check(m);
		return;
	}
	if (number != SIGCHLD) {
		monitor_stop(m);
		return;
	}
	producers_reap(m);
	peers_reap(m);
	lookup_reap(m);
	announce_reap(m);
	remember_reap(m);
	indicator_reap(m);
	ready_check(m);
	terminal_check(m);
	if (m->network && waitpid(m->network, &status, WNOHANG) == m->network)
		network_ended(m, status);
}

/* --- the files --- */

static void
reload_password(struct monitor *m)
{
	struct said s = {.type = SAID_PASSWORD};
	uint8_t *prs = s.secret, *salt = s.secret + RD_CONN_PRF_SIZE;
	int err = rd_password_load(m->opt->password, prs, salt);
	if (err && err != -ENOENT)
		rd_error("%s: %s; no password is taken", m->opt->password, strerror(-err));
	s.flag = err == 0;
	monitor_say(m, &s, -1);
	sodium_memzero(&s, sizeof(s));
}

static void
on_file(struct monitor *m, const char *name)
{
	if (strcmp(name, "authorized_keys") == 0) {
		judge_complain(m->opt);
		peers_recheck(m);
	} else if (strcmp(name, "password") == 0) {
		reload_password(m);
	}
}

static void
on_changed(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	_Alignas(struct inotify_event) char bytes[4096];
	(void)events;
	ssize_t n = read(m->inotify, bytes, sizeof(bytes));
	for (ssize_t at = 0; at + (ssize_t)sizeof(struct inotify_event) <= n;) {
		const struct inotify_event *e = (const void *)(bytes + at);
		if (e->mask & IN_Q_OVERFLOW) {
			on_file(m, "authorized_keys");
			on_file(m, "password");
		} else if (e->len) {
			on_file(m, e->name);
		}
		at += (ssize_t)(sizeof(*e) + e->len);
	}
}

/* The folder, since files in it are replaced whole. */
static void
watch_files(struct monitor *m)
{
	m->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
	if (m->inotify < 0 || inotify_add_watch(m->inotify, m->opt->folder, mask) < 0) {
		rd_warn("%s: changes there end no session: %s", m->opt->folder, strerror(errno));
		return;
	}
	rd_fd_open(&m->changed, m->loop, m->inotify, on_changed, m);
	rd_fd_want(&m->changed, RD_READ);
}

static void
on_expiry(void *ctx)
{
	peers_recheck(ctx);
}

/* --- opening and closing --- */

void
monitor_forget(struct monitor *m)
{
	sodium_memzero(&m->totp, sizeof(m->totp));
}

static void
monitor_open(struct monitor *m)
{
	static const int signals[MONITOR_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR2,
		SIGCONT, SIGUSR1};
	/* The last is for codes, which need a relay. */
	for (int i = 0; i < MONITOR_SIGNALS - !m->has_relay; i++)
		rd_signal_open(&m->signals[i], m->loop, signals[i], on_signal, m);
	/* One that does not read what we say must not make us wait. */
	fcntl(m->sock, F_SETFL, fcntl(m->sock, F_GETFL) | O_NONBLOCK);
	rd_fd_open(&m->heard, m->loop, m->sock, on_said, m);
	rd_fd_want(&m->heard, RD_READ);
	rd_timer_open(&m->patience, m->loop, on_patience, m);
	rd_timer_open(&m->expiry, m->loop, on_expiry, m);
	terminal_open(m);
	lookup_open(m);
	announce_open(m);
	watch_files(m);
	judge_complain(m->opt);
}

static void
monitor_close(struct monitor *m)
{
	ready_close(m);
	terminal_close(m);
	indicator_close(m);
	peers_close(m);
	producers_close(m);
	rd_fd_close(&m->changed);
	if (m->inotify >= 0)
		close(m->inotify);
	rd_timer_close(&m->patience);
	rd_timer_close(&m->expiry);
	rd_fd_close(&m->heard);
	for (int i = 0; i < MONITOR_SIGNALS - !m->has_relay; i++)
		rd_signal_close(&m->signals[i]);
	announce_close(m);
	lookup_close(m);
	rd_agent_relay_wipe(&m->relay);
	monitor_forget(m);
}

int
monitor_run(const struct options *opt, const struct rd_key *key,
	const struct rd_agent_relay *relay, const struct rd_notify *notify, pid_t network,
	int sock)
{
	struct monitor m = {
		.opt = opt, .loop = rd_loop_new(), .key = *key, .network = network, .sock = sock,
		.inotify = -1, .indicator.fd = -1, .has_relay = relay != NULL, .lookup_fd = -1,
	};
	if (relay) {
		m.relay = *relay;
		sodium_memzero(m.relay.join, sizeof(m.relay.join));
	}
	monitor_open(&m);
	ready_open(&m, notify);
	/* One that ended before the signal was watched. */
	on_signal(&m, SIGCHLD);
	int code = rd_loop_run(m.loop);
	monitor_close(&m);
	rd_loop_free(m.loop);
	return code;
}

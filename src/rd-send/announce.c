#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/event.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/spawn.h"
#include "net/conn.h"
#include "net/lan.h"
#include "net/relay_choose.h"
#include "rd-send/monitor.h"

/*
 * Who announces is a process of its own: libavahi waits, and reads what comes by
 * D-Bus. It connects, is confined, and is told nothing after that: when it ends,
 * however, Avahi withdraws what it has announced. One that has ended is started
 * again, later after each time.
 */
#define AGAIN_FIRST_NS RD_NS_PER_S
#define AGAIN_MAX_NS (60 * RD_NS_PER_S)
#define GRACE_MS 100
/* Of names in a row no more are told: who takes one after the other would write our log. */
#define NAMES_TOLD 3

/* What it says to the monitor. */
struct word {
	uint8_t news;		/* enum rd_lan_news */
	char text[200];
};

static void
tell(void *ctx, enum rd_lan_news news, const char *text)
{
	const int *sock = ctx;
	struct word w = {.news = (uint8_t)news};
	strncpy(w.text, text, sizeof(w.text) - 1);
	if (rd_ipc_send(*sock, &w, sizeof(w), -1) != 0)
		_exit(1);
}

static struct rd_lan_announcement
announcement(const struct monitor *m)
{
	struct rd_lan_announcement a = {
		.port = (uint16_t)m->announce.port, .txt = {.version = RD_SESSION_VERSION},
	};
	memcpy(a.name, m->announce.name, sizeof(a.name));
	/* Whom the network's half tells nothing we tell nothing. */
	if (m->opt->introduce)
		rd_key_fingerprint(&m->key, a.txt.fingerprint);
	return a;
}

static void
child(struct monitor *m, pid_t parent, int sock)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD};
	struct rd_lan_announcement a = announcement(m);
	const char *why;
	monitor_forget(m);
	rd_agent_relay_wipe(&m->relay);
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	prctl(PR_SET_NAME, "rd-announce");
	rd_confine_descriptors(sock);
	rd_confine_stdio(true, true, true);
	struct rd_lan *lan = rd_lan_open(true, &why);
	if (!lan) {
		tell(&sock, RD_LAN_FAILED, why);
		_exit(1);
	}
	if (m->opt->confine)
		rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_OUTPUT});
	rd_lan_announce(lan, &a, tell, &sock);
	_exit(0);
}

/* --- what it says --- */

static void
announced(struct monitor *m, const char *name)
{
	struct rd_event e;
	struct announce *a = &m->announce;
	bool other = strcmp(name, a->name) != 0;
	a->wait_ns = 0;
	a->announced = true;
	a->complained = false;
	if (++a->names > NAMES_TOLD)
		return;
	rd_log_put(other ? RD_LOG_WARN : RD_LOG_INFO, "%s%s%sannounced on this network as \"%s\"",
		other ? "another host is called \"" : "", other ? a->name : "", other ? "\": " : "", name);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "announced");
	rd_event_text(&e, "name", name);
	rd_event_end(&e);
}

/* Serving matters more: it goes on, and is said once. */
static void
not_announced(struct monitor *m, const char *why)
{
	struct rd_event e;
	struct announce *a = &m->announce;
	bool was = a->announced;
	a->announced = false;
	if (a->complained)
		return;
	a->complained = true;
	rd_warn("not announced on this network%s: %s; serving all the same, and trying again",
		was ? " any more" : "", why);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "unannounced");
	rd_event_text(&e, "why", why);
	rd_event_end(&e);
}

static void
close_words(struct announce *a)
{
	rd_fd_close(&a->heard);
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

/* One word of it; false: there is none now, or it is not what it was. */
static bool
hear(struct monitor *m)
{
	struct word w;
	int fd, n = rd_ipc_recv(m->announce.fd, &w, sizeof(w), &fd, 0);
	if (fd >= 0)
		close(fd);
	if (n == -EAGAIN)
		return false;
	if (n != sizeof(w) || w.news > RD_LAN_FAILED || !memchr(w.text, 0, sizeof(w.text))) {
		/* Its end comes with SIGCHLD. */
		close_words(&m->announce);
		return false;
	}
	char *text = rd_log_escape(w.text, strlen(w.text), sizeof(w.text));
	if (w.news == RD_LAN_ANNOUNCED)
		announced(m, text);
	else
		not_announced(m, w.news == RD_LAN_WAITS ? "Avahi does not run, see avahi-daemon(8)" : text);
	free(text);
	return true;
}

static void
on_word(void *ctx, unsigned events)
{
	(void)events;
	hear(ctx);
}

/* --- its life --- */

static void
again_later(struct monitor *m)
{
	struct announce *a = &m->announce;
	uint64_t wait = a->wait_ns ? a->wait_ns * 2 : AGAIN_FIRST_NS;
	a->wait_ns = wait < AGAIN_MAX_NS ? wait : AGAIN_MAX_NS;
	rd_timer_set(&a->again, a->wait_ns);
}

static void
start(struct monitor *m)
{
	struct announce *a = &m->announce;
	int pair[2];
	if (a->pid || m->stopping)
		return;
	if (rd_ipc_pair(pair) != 0) {
		again_later(m);
		return;
	}
	pid_t parent = getpid();
	a->names = 0;
	a->pid = fork();
	if (a->pid == 0)
		child(m, parent, pair[1]);
	close(pair[1]);
	a->fd = pair[0];
	if (a->pid < 0) {
		a->pid = 0;
		close_words(a);
		again_later(m);
		return;
	}
	rd_fd_open(&a->heard, m->loop, a->fd, on_word, m);
	rd_fd_want(&a->heard, RD_READ);
}

static void
on_again(void *ctx)
{
	start(ctx);
}

/* A machine without a name is called something, too. */
static void
choose_name(struct announce *a, const char *wanted)
{
	char host[256] = "";
	if (strcmp(wanted, ANNOUNCE_AUTO) == 0) {
		gethostname(host, sizeof(host) - 1);
		wanted = rd_lan_name_ok(host) ? host : "rd";
	}
	/* Options, too, have been judged so. */
	memcpy(a->name, wanted, strlen(wanted) + 1);
}

void
announce_open(struct monitor *m)
{
	m->announce.fd = -1;
	rd_timer_open(&m->announce.again, m->loop, on_again, m);
}

void
announce_start(struct monitor *m, unsigned port)
{
	if (!m->opt->announce || port == 0 || port > UINT16_MAX)
		return;
	m->announce.port = port;
	choose_name(&m->announce, m->opt->announce);
	start(m);
}

void
announce_reap(struct monitor *m)
{
	struct announce *a = &m->announce;
	int status;
	if (!a->pid || waitpid(a->pid, &status, WNOHANG) != a->pid)
		return;
	a->pid = 0;
	/* What it said last. */
	while (a->fd >= 0 && hear(m))
		;
	close_words(a);
	if (a->announced)
		not_announced(m, "Avahi has gone");
	if (!m->stopping)
		again_later(m);
}

void
announce_close(struct monitor *m)
{
	struct announce *a = &m->announce;
	struct rd_child c = {.pid = a->pid, .fd = -1};
	rd_timer_close(&a->again);
	close_words(a);
	if (!a->pid)
		return;
	kill(a->pid, SIGTERM);
	rd_child_reap(&c, GRACE_MS);
	a->pid = 0;
}

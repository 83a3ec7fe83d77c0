#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/ipc.h"
#include "base/log.h"
#include "net/keyfile.h"
#include "net/prompt.h"
#include "rd-send/asking.h"
#include "rd-send/monitor.h"

/* For so long one that came by a code and was lost may come again by its key. */
#define MET_NS (600 * RD_NS_PER_S)
#define NAME_MAX_BYTES 100

/* --- who was lost --- */

void
remember_lost(struct monitor *m, const struct rd_key *key)
{
	m->met[m->met_at++ % MET_MAX] = (struct met){*key, rd_clock_ns() + MET_NS};
}

bool
remember_met(struct monitor *m, const struct rd_key *key)
{
	for (unsigned i = 0; i < MET_MAX; i++) {
		struct met *it = &m->met[i];
		if (it->until_ns <= rd_clock_ns() || !rd_key_equal(&it->key, key))
			continue;
		*it = (struct met){.until_ns = 0};
		return true;
	}
	return false;
}

/* --- for good --- */

static void
answer(struct monitor *m, uint32_t id, bool yes)
{
	monitor_say(m, &(struct said){.type = SAID_REMEMBERED, .id = id, .flag = yes}, -1);
}

/* For the desktop and no more: a line without options. */
static bool
write_down(struct monitor *m, const struct peer *p, const char *name)
{
	struct rd_key_entry e = {.key = p->key, .name = (char *)name};
	char print[RD_FINGERPRINT_TEXT];
	struct rd_event ev;
	rd_key_options_default(&e.opt);
	int err = rd_keyfile_add(m->opt->authorized, RD_KEYFILE_AUTHORIZED, &e, false);
	rd_key_options_finish(&e.opt);
	if (err && err != -EEXIST) {
		rd_error("%s: %s is not remembered: %s", m->opt->authorized, name, strerror(-err));
		return false;
	}
	rd_info("%s may come again without a code; its key: %s", name,
		rd_key_fingerprint(&p->key, print));
	if (rd_event_wanted()) {
		rd_event_begin(&ev, "remembered");
		rd_event_number(&ev, "viewer", p->id);
		rd_event_text(&ev, "name", name);
		rd_event_text(&ev, "fingerprint", print);
		rd_event_end(&ev);
	}
	return true;
}

/* The person's process: nothing of ours but the terminal. */
static void
ask(const struct peer *p, const char *itself, int sock)
{
	char print[RD_FINGERPRINT_TEXT], prompt[512], name[NAME_MAX_BYTES] = "";
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	snprintf(prompt, sizeof(prompt), "Who came by the code wants to come again without one. "
		"It calls itself %.64s; its key: %s\n"
		"A name for it, and it may see and control this desktop from now on (just Enter: no): ",
		*itself ? itself : "nothing", rd_key_fingerprint(&p->key, print));
	if (rd_prompt_in_front() && rd_prompt_line(prompt, name, sizeof(name)) != 0)
		name[0] = '\0';
	_exit(rd_ipc_send(sock, name, sizeof(name), -1) != 0);
}

/* It is over, whatever came of it. */
static void
finish(struct monitor *m, bool yes)
{
	struct remember *r = &m->remember;
	uint32_t id = r->id;
	rd_fd_close(&r->watch);
	close(r->fd);
	r->id = 0;
	answer(m, id, yes);
}

static void
on_name(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	char name[NAME_MAX_BYTES];
	int fd;
	(void)events;
	int n = rd_ipc_recv(m->remember.fd, name, sizeof(name), &fd, 0);
	if (n == -EAGAIN)
		return;
	struct peer *p = peers_granted(m, m->remember.id);
	bool named = n == sizeof(name) && name[0] && !name[sizeof(name) - 1];
	finish(m, named && p && write_down(m, p, name));
}

static void
ask_person(struct monitor *m, const struct peer *p, const char *itself)
{
	struct remember *r = &m->remember;
	int pair[2];
	pid_t parent = getpid();
	if (rd_ipc_pair(pair) != 0) {
		answer(m, p->id, false);
		return;
	}
	r->pid = fork();
	if (r->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent)
			_exit(1);
		close(m->sock);
		close(pair[0]);
		ask(p, itself, pair[1]);
	}
	close(pair[1]);
	r->fd = pair[0];
	r->id = p->id;
	rd_fd_open(&r->watch, m->loop, r->fd, on_name, m);
	rd_fd_want(&r->watch, RD_READ);
	if (r->pid < 0) {
		r->pid = 0;
		finish(m, false);
	}
}

bool
remember_asks(const struct monitor *m)
{
	for (const struct peer *p = m->peers; p; p = p->next)
		if (p->asking && !p->group)
			return true;
	return m->remember.pid != 0;
}

void
remember_wanted(struct monitor *m, struct peer *p, const char *itself)
{
	if (p->listed)
		answer(m, p->id, true);
	else if (m->opt->remember)
		answer(m, p->id, write_down(m, p, m->opt->remember));
	else if (!m->opt->ask || remember_asks(m))
		answer(m, p->id, false);
	else
		ask_person(m, p, itself);
}

void
remember_drop(struct monitor *m)
{
	struct remember *r = &m->remember;
	if (r->pid)
		asking_end(r->pid, false);
	r->pid = 0;
	if (r->id)
		finish(m, false);
}

void
remember_gone(struct monitor *m, const struct peer *p)
{
	if (m->remember.id == p->id)
		remember_drop(m);
}

void
remember_reap(struct monitor *m)
{
	int status;
	struct remember *r = &m->remember;
	if (!r->pid || waitpid(r->pid, &status, WNOHANG) != r->pid)
		return;
	r->pid = 0;
}

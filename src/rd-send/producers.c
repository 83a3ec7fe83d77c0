#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "chan/rights.h"
#include "rd-send/monitor.h"

/* A producer whose link is closed ends by itself, or after so long is told to, and then made to. */
#define GRACE_NS (1 * RD_NS_PER_S)
#define GRACE_MS 1000

static struct producer *
find(struct monitor *m, uint32_t id)
{
	for (struct producer *p = m->producers; p; p = p->next)
		if (p->id == id)
			return p;
	return NULL;
}

static void
drop(struct monitor *m, struct producer *p)
{
	struct producer **at = &m->producers;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	rd_timer_close(&p->grace);
	free(p);
}

static void
on_grace(void *ctx)
{
	struct producer *p = ctx;
	kill(p->child.pid, p->told++ ? SIGKILL : SIGTERM);
	rd_timer_set(&p->grace, GRACE_NS);
}

static void
say_not_started(struct monitor *m, uint32_t id, int code, const char *text)
{
	struct said s = {.type = SAID_PRODUCER, .id = id, .number = (uint32_t)code};
	said_set_text(&s, text);
	monitor_say(m, &s, -1);
}

static void
say_failed(struct monitor *m, uint32_t id, int err)
{
	char text[200];
	snprintf(text, sizeof(text), "cannot run %.100s: %s", m->opt->producer[0],
		err == -ENOENT ? "no such command" : strerror(-err));
	rd_error("%s", text);
	say_not_started(m, id, RD_EXIT_COMMAND, text);
}

/*
 * rd-capture takes the hint, and refuses input on its own, too. It is also the one that
 * locks: it knows the display, and leaves somebody behind who does it if it is killed.
 * A shared one is nobody's.
 */
static int
spawn(struct monitor *m, struct rd_child *child, uint32_t id, bool view_only)
{
	char viewer[16];
	snprintf(viewer, sizeof(viewer), "%u", id);
	/* For whoever looks at rd-encode's figures, and wonders whose they are. */
	if (!m->opt->shared)
		setenv("RD_VIEWER", viewer, 1);
	if (view_only)
		setenv("RD_VIEW_ONLY", "1", 1);
	if (m->opt->lock)
		setenv("RD_LOCK_ON_END", m->opt->lock, 1);
	if (m->opt->blank)
		setenv("RD_BLANK", m->opt->blank, 1);
	int err = rd_child_spawn(child, m->opt->producer);
	unsetenv("RD_VIEWER");
	unsetenv("RD_LOCK_ON_END");
	unsetenv("RD_BLANK");
	if (view_only)
		unsetenv("RD_VIEW_ONLY");
	return err;
}

static bool
runs(const struct monitor *m)
{
	for (const struct producer *p = m->producers; p; p = p->next)
		if (p->child.pid)
			return true;
	return false;
}

/* One at a time: the one before may still have a desktop to lock. */
static bool
may_share(struct monitor *m, uint32_t id)
{
	if (runs(m))
		m->next_shared = id;
	else if (peers_in(m) == 0)
		say_not_started(m, id, RD_EXIT_FAILURE, "its viewer has gone again");
	else
		return true;
	return false;
}

void
producers_start(struct monitor *m, uint32_t id)
{
	bool shared = m->opt->shared;
	const struct peer *peer = shared ? NULL : peers_granted(m, id);
	if (!m->opt->producer || m->stopping || find(m, id) || shared != (id >= SAID_SHARED))
		return;
	if (shared && !may_share(m, id))
		return;
	if (!shared && (!peer || peer->started))
		return;
	struct producer *p = xcalloc(1, sizeof(*p));
	int err = spawn(m, &p->child, id,
		shared ? m->opt->view_only : !(peer->rights & RD_RIGHT_INPUT));
	if (err) {
		free(p);
		say_failed(m, id, err);
		return;
	}
	p->monitor = m;
	p->id = id;
	rd_timer_open(&p->grace, m->loop, on_grace, p);
	p->next = m->producers;
	m->producers = p;
	if (!shared)
		peers_granted(m, id)->started = true;
	struct said s = {.type = SAID_PRODUCER, .id = id};
	monitor_say(m, &s, p->child.fd);
	/* The other half holds the only end now: when it closes it, or dies, the producer knows. */
	close(p->child.fd);
	p->child.fd = -1;
}

static void
start_next(struct monitor *m)
{
	uint32_t id = m->next_shared;
	if (!id || runs(m))
		return;
	m->next_shared = 0;
	producers_start(m, id);
}

/* Both have happened: its link is closed, and it has ended. */
static void
settle(struct monitor *m, struct producer *p)
{
	struct said s = {.type = SAID_STATUS, .id = p->id, .number = (uint32_t)p->child.status};
	if (p->child.pid)
		return;
	rd_timer_clear(&p->grace);
	if (!p->stopped)
		return;
	monitor_say(m, &s, -1);
	drop(m, p);
}

void
producers_stopped(struct monitor *m, uint32_t id)
{
	struct producer *p = find(m, id);
	if (id == m->next_shared)
		m->next_shared = 0;
	if (!p || p->stopped)
		return;
	p->stopped = true;
	rd_timer_set(&p->grace, GRACE_NS);
	settle(m, p);
}

void
producers_reap(struct monitor *m)
{
	for (struct producer *p = m->producers, *next; p; p = next) {
		int status;
		next = p->next;
		if (p->child.pid && rd_child_poll(&p->child, &status))
			settle(m, p);
	}
	start_next(m);
}

void
producers_close(struct monitor *m)
{
	while (m->producers) {
		rd_child_reap(&m->producers->child, GRACE_MS);
		drop(m, m->producers);
	}
}

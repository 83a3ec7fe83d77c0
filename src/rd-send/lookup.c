#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ipc.h"
#include "base/log.h"
#include "base/spawn.h"
#include "net/relay_choose.h"
#include "rd-send/monitor.h"

/*
 * A name's look-up may take long: a process of its own does it. One that failed
 * is tried again, twice as long after each time.
 */
#define AGAIN_FIRST_NS (5 * RD_NS_PER_S)
#define AGAIN_MAX_NS (60 * RD_NS_PER_S)
#define GRACE_MS 100

static void
fill(struct said *s, const struct rd_agent_relay *relay)
{
	struct rd_agent_relay r = *relay;
	const char *why = rd_relay_look_up(&r);
	*s = (struct said){.type = SAID_RELAY, .number = r.count};
	if (why)
		said_set_text(s, why);
	memcpy(s->relay, r.addrs, r.count * sizeof(r.addrs[0]));
	s->relay[SAID_RELAY_ADDRS - 1] = r.proxy.addr;
	rd_agent_relay_wipe(&r);
}

static void
child(struct monitor *m, int sock)
{
	struct said s;
	monitor_forget(m);
	signal(SIGTERM, SIG_DFL);
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	close(m->sock);
	fill(&s, &m->relay);
	_exit(said_send(sock, &s, -1) != 0);
}

static void
close_answer(struct monitor *m)
{
	rd_fd_close(&m->looked_up);
	if (m->lookup_fd >= 0)
		close(m->lookup_fd);
	m->lookup_fd = -1;
}

static void
again_later(struct monitor *m)
{
	uint64_t wait = m->look_wait_ns ? m->look_wait_ns * 2 : AGAIN_FIRST_NS;
	m->look_wait_ns = wait < AGAIN_MAX_NS ? wait : AGAIN_MAX_NS;
	rd_timer_set(&m->look_again, m->look_wait_ns);
}

static void
on_looked_up(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	struct said s;
	int fd;
	(void)events;
	int got = said_recv(m->lookup_fd, &s, &fd);
	if (got == 0)
		return;
	close_answer(m);
	if (got < 0)
		s = (struct said){.type = SAID_RELAY, .text = "the process that looks it up has failed"};
	bool found = s.number > 0 || s.relay[SAID_RELAY_ADDRS - 1].family;
	if (!found && m->look_wait_ns == 0)
		rd_warn("the relay %s cannot be found: %s; trying again", m->relay.name, s.text);
	if (found)
		m->look_wait_ns = 0;
	else
		again_later(m);
	monitor_say(m, &s, -1);
}

void
lookup_start(struct monitor *m)
{
	int pair[2];
	if (!m->has_relay || m->lookup || m->look_again.set || m->stopping)
		return;
	if (rd_ipc_pair(pair) != 0)
		return;
	m->lookup = fork();
	if (m->lookup == 0) {
		close(pair[0]);
		child(m, pair[1]);
	}
	close(pair[1]);
	m->lookup_fd = pair[0];
	if (m->lookup < 0) {
		m->lookup = 0;
		close_answer(m);
		again_later(m);
		return;
	}
	rd_fd_open(&m->looked_up, m->loop, m->lookup_fd, on_looked_up, m);
	rd_fd_want(&m->looked_up, RD_READ);
}

void
lookup_reap(struct monitor *m)
{
	int status;
	if (m->lookup && waitpid(m->lookup, &status, WNOHANG) == m->lookup)
		m->lookup = 0;
}

static void
on_again(void *ctx)
{
	lookup_start(ctx);
}

void
lookup_open(struct monitor *m)
{
	rd_timer_open(&m->look_again, m->loop, on_again, m);
}

void
lookup_close(struct monitor *m)
{
	struct rd_child c = {.pid = m->lookup, .fd = -1};
	rd_timer_close(&m->look_again);
	close_answer(m);
	if (!m->lookup)
		return;
	kill(m->lookup, SIGTERM);
	rd_child_reap(&c, GRACE_MS);
	m->lookup = 0;
}

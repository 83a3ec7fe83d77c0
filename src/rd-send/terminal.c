#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"
#include "rd-send/monitor.h"
#include "rd-send/tell.h"

/*
 * Lines, and not keys: the terminal stays as it is, whatever becomes of us, and
 * is anybody else's at any time.
 */

static void
say_help(const struct monitor *m)
{
	rd_warn("p and Enter: %s, e: end, e NAME: send one off, l: who is here",
		m->paused ? "go on" : "pause");
}

static void
list(const struct monitor *m)
{
	char line[512];
	if (m->paused)
		rd_warn("paused: p and Enter: go on");
	if (peers_in(m) == 0)
		rd_warn("nobody is here");
	for (const struct peer *p = m->peers; p; p = p->next)
		if (p->stage == PEER_GRANTED)
			rd_warn("%s", tell_viewer(p, line));
}

static void
send_off(struct monitor *m, const char *who)
{
	if (!peers_end(m, who))
		rd_warn("nobody is called that; l and Enter: who is here");
}

static void
obey(struct monitor *m, char *line)
{
	char *who = line + 1 + strspn(line + 1, " \t");
	who[strcspn(who, "\r\n")] = '\0';
	for (size_t n = strlen(who); n > 0 && who[n - 1] == ' '; n--)
		who[n - 1] = '\0';
	bool alone = !*who;
	if (line[0] == 'p' && alone)
		monitor_pause(m, !m->paused);
	else if ((line[0] == 'e' || line[0] == 'q') && alone)
		monitor_stop(m);
	else if (line[0] == 'e' && (line[1] == ' ' || line[1] == '\t'))
		send_off(m, who);
	else if (line[0] == 'l' && alone)
		list(m);
	else
		say_help(m);
}

/* Whether it is ours to read: in the background that would stop us, and who draws on it takes keys. */
static bool
is_ours(const struct terminal *t)
{
	struct termios now;
	return tcgetpgrp(t->fd) == getpgrp() && tcgetattr(t->fd, &now) == 0 && (now.c_lflag & ICANON);
}

static void
close_it(struct terminal *t)
{
	rd_fd_close(&t->watch);
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

static void
on_typed(void *ctx, unsigned events)
{
	struct monitor *m = ctx;
	struct terminal *t = &m->terminal;
	char line[256];
	(void)events;
	terminal_check(m);
	if (t->fd < 0 || !t->watch.want)
		return;
	ssize_t n = read(t->fd, line, sizeof(line) - 1);
	struct pollfd gone = {.fd = t->fd};
	if ((n < 0 && errno != EAGAIN && errno != EINTR) || (n == 0 && poll(&gone, 1, 0) != 0))
		close_it(t);
	if (n <= 0)
		return;
	line[n] = '\0';
	obey(m, line);
}

void
terminal_check(struct monitor *m)
{
	struct terminal *t = &m->terminal;
	bool reads = t->fd >= 0 && !m->stopping && !remember_asks(m) && is_ours(t);
	if (t->fd >= 0 && t->watch.want != (reads ? RD_READ : 0u))
		rd_fd_want(&t->watch, reads ? RD_READ : 0);
}

void
terminal_paused(struct monitor *m)
{
	rd_log_put(m->terminal.says ? RD_LOG_WARN : RD_LOG_INFO, "%s", m->paused
		? "paused: nothing is shown, and nothing that viewers do arrives" : "going on");
}

/* Once: what can be done here. */
void
terminal_came(struct monitor *m)
{
	struct terminal *t = &m->terminal;
	terminal_check(m);
	if (t->fd >= 0 && !t->helped && t->watch.want)
		say_help(m);
	t->helped |= t->fd >= 0;
}

void
terminal_open(struct monitor *m)
{
	struct terminal *t = &m->terminal;
	t->fd = -1;
	t->says = isatty(STDERR_FILENO) && !m->opt->json;
	if (!t->says)
		return;
	t->fd = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (t->fd >= 0 && rd_fd_open(&t->watch, m->loop, t->fd, on_typed, m) != 0)
		close_it(t);
	terminal_check(m);
}

void
terminal_close(struct monitor *m)
{
	close_it(&m->terminal);
}

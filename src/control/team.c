#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "control/folder.h"
#include "control/team.h"

#define ASK "metrics\n"

struct member {
	struct member *next;
	struct rd_team *team;
	int fd;
	struct rd_fd watch;
	char tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	bool asked;		/* and has not answered yet */
	struct rd_buf page;
};

struct rd_team {
	struct rd_loop *loop;
	void (*done)(void *ctx);
	void *ctx;
	struct member *members;	/* as they came */
	unsigned count, asked;
};

static void
drop(struct member *m)
{
	struct rd_team *t = m->team;
	struct member **at = &t->members;
	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	t->count--;
	t->asked -= m->asked;
	rd_fd_close(&m->watch);
	close(m->fd);
	rd_buf_finish(&m->page);
	free(m);
}

/* Its page ends with an empty line, which is also all of an empty page. */
static bool
is_whole(const struct rd_buf *b)
{
	return b->len && b->data[b->len - 1] == '\n' && (b->len == 1 || b->data[b->len - 2] == '\n');
}

/* False: it has ended, or says what nobody has asked for. */
static bool
hear(struct member *m)
{
	ssize_t n = recv(m->fd, rd_buf_room(&m->page, 8192), 8192, MSG_DONTWAIT);
	if (n < 0)
		return true;
	m->page.len += (size_t)n;
	return n > 0 && m->asked && m->page.len <= RD_TEAM_PAGE;
}

static void
on_member(void *ctx, unsigned events)
{
	struct member *m = ctx;
	struct rd_team *t = m->team;
	unsigned asked = t->asked;
	(void)events;
	if (!hear(m)) {
		drop(m);
	} else if (m->asked && is_whole(&m->page)) {
		m->asked = false;
		t->asked--;
	}
	if (asked && t->asked == 0)
		t->done(t->ctx);
}

struct rd_team *
rd_team_new(struct rd_loop *loop, void (*done)(void *ctx), void *ctx)
{
	struct rd_team *t = xcalloc(1, sizeof(*t));
	*t = (struct rd_team){.loop = loop, .done = done, .ctx = ctx};
	return t;
}

void
rd_team_free(struct rd_team *t)
{
	while (t && t->members)
		drop(t->members);
	free(t);
}

static struct member *
append(struct rd_team *t)
{
	struct member **at = &t->members;
	while (*at)
		at = &(*at)->next;
	*at = xcalloc(1, sizeof(**at));
	t->count++;
	return *at;
}

void
rd_team_join(struct rd_team *t, int fd, const char *tool)
{
	struct ucred who;
	socklen_t len = sizeof(who);
	if (t->count >= RD_TEAM_MAX || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0) {
		close(fd);
		return;
	}
	struct member *m = append(t);
	m->team = t;
	m->fd = fd;
	m->pid = who.pid;
	snprintf(m->tool, sizeof(m->tool), "%s", tool);
	if (rd_fd_open(&m->watch, t->loop, fd, on_member, m) != 0)
		drop(m);
	else
		rd_fd_want(&m->watch, RD_READ);
}

bool
rd_team_ask(struct rd_team *t)
{
	struct member *next;
	for (struct member *m = t->members; m; m = next) {
		next = m->next;
		/* One that is late has still to answer the last time. */
		if (m->asked)
			continue;
		rd_buf_reset(&m->page);
		m->asked = true;
		t->asked++;
		if (send(m->fd, ASK, strlen(ASK), MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)strlen(ASK))
			drop(m);
	}
	return t->asked > 0;
}

void
rd_team_pages(const struct rd_team *t, struct rd_pages *pages)
{
	for (const struct member *m = t->members; m; m = m->next)
		if (!m->asked)
			rd_pages_add(pages, (const char *)m->page.data, m->page.len, m->tool, m->pid);
}

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "control/client.h"
#include "control/sweep.h"
#include "rd-top/peer.h"

/* No answer for so long: it hangs. */
#define HANGS_NS (2 * RD_NS_PER_S)
#define ASKED_MAX 4	/* questions that are under way */

enum question { ASKED_GET, ASKED_HELP, ASKED_TELL };

struct peer {
	struct peers *all;
	struct peer *next;
	struct program *program;
	struct rd_control_talk talk;	/* fd -1: not connected */
	struct rd_fd watch;
	enum question asked[ASKED_MAX];
	unsigned asks;
	uint64_t since_ns;		/* the oldest of them */
	struct order order;		/* of ASKED_TELL, while `told` */
	bool told;
	bool found;			/* by this look */
};

struct peers {
	struct rd_loop *loop;
	struct model *model;
	const struct peers_ops *ops;
	void *ctx;
	struct peer *first;
};

/* --- one of them --- */

/* What it was told came to this. */
static void
over(struct peer *p, const char *why)
{
	if (p->told)
		p->all->ops->told(p->all->ctx, &p->order, why);
	p->told = false;
}

static void
hang_up(struct peer *p)
{
	/* Of who was told to end, that is the answer. */
	bool ends = strcmp(p->order.request, verb_names[VERB_END]) == 0;
	rd_fd_close(&p->watch);
	rd_control_talk_close(&p->talk);
	p->asks = 0;
	over(p, ends ? "" : "it hung up");
}

static void
drop(struct peer *p)
{
	struct peer **at = &p->all->first;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	hang_up(p);
	model_remove(p->all->model, p->program);
	free(p);
}

static bool
ask(struct peer *p, enum question what, const char *request)
{
	if (p->asks == ASKED_MAX || rd_control_talk_say(&p->talk, request) != 0)
		return false;
	if (p->asks == 0)
		p->since_ns = rd_clock_ns();
	p->asked[p->asks++] = what;
	return true;
}

static void
take_told(struct peer *p, const char *line, size_t len)
{
	char why[160];
	snapshot_parse_answer(line, len, why, sizeof(why));
	over(p, why);
	/* What it did is seen in its figures. */
	ask(p, ASKED_GET, "get");
}

static bool
take_figures(struct peer *p, const char *line, size_t len)
{
	struct snapshot s;
	if (snapshot_parse(&s, line, len) != 0)
		return false;
	model_take(p->program, &s, rd_clock_ns());
	return true;
}

/* False: that is no answer. */
static bool
take(struct peer *p, const char *line, size_t len)
{
	if (p->asks == 0)
		return false;
	enum question what = p->asked[0];
	memmove(p->asked, p->asked + 1, --p->asks * sizeof(*p->asked));
	p->since_ns = rd_clock_ns();
	switch (what) {
	case ASKED_HELP:
		return snapshot_parse_help(line, len, p->program->verb, p->program->settable) == 0;
	case ASKED_GET:
		return take_figures(p, line, len);
	default:
		take_told(p, line, len);
		return true;
	}
}

/* It talks like none of ours: as good as silent, until the next look. */
static void
distrust(struct peer *p)
{
	p->program->hangs = true;
	hang_up(p);
}

static void
on_ready(void *ctx, unsigned events)
{
	struct peer *p = ctx;
	struct peers *all = p->all;
	char *line;
	int err;
	(void)events;
	while ((err = rd_control_talk_hear(&p->talk, 0, &line)) == 0)
		if (!take(p, line, strlen(line)))
			break;
	if (!err || err == -EPROTO)
		distrust(p);
	else if (err != -ETIMEDOUT)
		drop(p);
	model_arrange(all->model);
	all->ops->changed(all->ctx);
}

/* Without waiting: one whose queue is full has its turn at the next look. */
static int
connect_to(struct peer *p, const struct rd_control_folder *f)
{
	int fd = rd_control_connect(f, p->program->file);
	if (fd < 0)
		return fd;
	p->talk = (struct rd_control_talk){.fd = fd};
	int err = rd_fd_open(&p->watch, p->all->loop, fd, on_ready, p);
	if (err) {
		rd_control_talk_close(&p->talk);
		return err;
	}
	rd_fd_want(&p->watch, RD_READ);
	ask(p, ASKED_HELP, "help");
	return 0;
}

/* False: nobody is behind it. */
static bool
look_at(struct peer *p, const struct rd_control_folder *f, uint64_t now)
{
	int err = p->talk.fd < 0 ? connect_to(p, f) : 0;
	if (err == -ECONNREFUSED)
		rd_control_remove_dead(f, p->program->file);
	if (err == -ECONNREFUSED || err == -ENOENT)
		return false;
	if (err)
		p->program->hangs = true;
	else if (p->asks == 0 || (p->asks == 1 && p->asked[0] == ASKED_HELP && !p->program->answered))
		ask(p, ASKED_GET, "get");
	else if (now - p->since_ns > HANGS_NS)
		p->program->hangs = true;
	return true;
}

/* --- all of them --- */

static struct peer *
find(const struct peers *all, const char *file)
{
	struct peer *p = all->first;
	while (p && strcmp(p->program->file, file) != 0)
		p = p->next;
	return p;
}

/* Until it has said so itself, it is who its file's name says. */
static void
meet(void *ctx, const struct rd_control_folder *f, const char *file)
{
	struct peers *all = ctx;
	char name[RD_CONTROL_NAME + 1], tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	(void)f;
	struct peer *p = find(all, file);
	if (!p && rd_control_file_parse(file, name, tool, &pid)) {
		struct program *q = model_add(all->model, file);
		if (!q)
			return;
		snprintf(q->now.name, sizeof(q->now.name), "%s", name);
		snprintf(q->now.tool, sizeof(q->now.tool), "%s", tool);
		q->now.pid = pid;
		p = xcalloc(1, sizeof(*p));
		*p = (struct peer){.all = all, .program = q, .talk.fd = -1, .next = all->first};
		all->first = p;
	}
	if (p)
		p->found = true;
}

static void
look_at_all(struct peers *all, const struct rd_control_folder *f)
{
	uint64_t now = rd_clock_ns();
	struct peer *next;
	for (struct peer *p = all->first; p; p = next) {
		next = p->next;
		if (!p->found || !look_at(p, f, now))
			drop(p);
	}
}

int
peers_look(struct peers *all, char **why)
{
	struct rd_control_folder f;
	for (struct peer *p = all->first; p; p = p->next)
		p->found = false;
	int err = rd_control_folder_open(&f, false, why);
	if (!err) {
		err = rd_control_each(&f, meet, all);
		if (err)
			*why = xasprintf("%s: %s", f.path, strerror(-err));
	} else if (err == -ENOENT) {
		err = 0;
	}
	look_at_all(all, &f);
	rd_control_folder_close(&f);
	model_arrange(all->model);
	return err;
}

bool
peers_pending(const struct peers *all)
{
	for (const struct peer *p = all->first; p; p = p->next)
		if (p->asks && !p->program->hangs)
			return true;
	return false;
}

void
peers_tell(struct peers *all, const struct order *o)
{
	struct peer *p = find(all, o->who->file);
	if (!p || p->talk.fd < 0 || p->told || !ask(p, ASKED_TELL, o->request)) {
		all->ops->told(all->ctx, o, "it does not answer");
		return;
	}
	p->order = *o;
	p->told = true;
}

struct peers *
peers_new(struct rd_loop *loop, struct model *m, const struct peers_ops *ops, void *ctx)
{
	struct peers *all = xcalloc(1, sizeof(*all));
	*all = (struct peers){.loop = loop, .model = m, .ops = ops, .ctx = ctx};
	return all;
}

void
peers_free(struct peers *all)
{
	struct peer *next;
	for (struct peer *p = all ? all->first : NULL; p; p = next) {
		next = p->next;
		drop(p);
	}
	free(all);
}

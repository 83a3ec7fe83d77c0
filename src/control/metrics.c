#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "control/member.h"
#include "control/metrics.h"
#include "control/metrics_text.h"
#include "control/pages.h"
#include "control/team.h"
#include "control/web.h"

/* A program of ours that takes longer is left out. */
#define PATIENCE_NS RD_NS_PER_S

struct rd_metrics {
	struct rd_control_subject subject;
	struct rd_web *web;		/* NULL: no page of our own */
	struct rd_member_page *member;	/* NULL: on no other's */
	struct rd_control *control;
	struct rd_team *team;
	bool asking;			/* those who wait get the page when all have answered … */
	bool ready;			/* … which is now */
	struct rd_timer patience;
};

/* --- the page --- */

static void
put_page(const struct rd_metrics *m, struct rd_buf *body)
{
	struct rd_pages pages = {0};
	struct rd_buf own = {0};
	rd_metrics_text(&own, &m->subject);
	rd_pages_add(&pages, (const char *)own.data, own.len, m->subject.place->tool, 0);
	rd_team_pages(m->team, &pages);
	rd_pages_put(&pages, body);
	rd_pages_finish(&pages);
	rd_buf_finish(&own);
}

static int
page(void *ctx, const char *path, struct rd_buf *body)
{
	struct rd_metrics *m = ctx;
	if (strcmp(path, "/metrics") != 0)
		return 404;
	if (!m->ready && !m->asking && rd_team_ask(m->team)) {
		m->asking = true;
		rd_timer_set(&m->patience, PATIENCE_NS);
	}
	if (m->asking && !m->ready)
		return RD_WEB_LATER;
	put_page(m, body);
	return 200;
}

static void
on_answered(void *ctx)
{
	struct rd_metrics *m = ctx;
	if (!m->asking)
		return;
	rd_timer_clear(&m->patience);
	m->ready = true;
	rd_web_again(m->web);
	m->asking = m->ready = false;
}

static void
on_joined(void *ctx, int fd, const char *tool)
{
	const struct rd_metrics *m = ctx;
	rd_team_join(m->team, fd, tool);
}

/* --- opening and closing --- */

static void
open_page(struct rd_metrics *m, struct rd_loop *loop)
{
	m->web = rd_web_open(loop, m->subject.place->page, page, m);
	if (!m->web) {
		rd_warn("no page of metrics: %s", strerror(errno));
		return;
	}
	m->team = rd_team_new(loop, on_answered, m);
	rd_timer_open(&m->patience, loop, on_answered, m);
	rd_control_on_join(m->control, on_joined, m);
}

struct rd_metrics *
rd_metrics_open(struct rd_loop *loop, const struct rd_control_place *place,
	const struct rd_control_table *table, void *ctx, struct rd_control *control)
{
	if (place->page < 0 && place->team < 0)
		return NULL;
	struct rd_metrics *m = xcalloc(1, sizeof(*m));
	m->subject = (struct rd_control_subject){place, table, ctx, rd_clock_ns()};
	m->control = control;
	if (place->page >= 0)
		open_page(m, loop);
	if (place->team >= 0)
		m->member = rd_member_page_open(loop, place->team, &m->subject);
	return m;
}

void
rd_metrics_close(struct rd_metrics *m)
{
	if (!m)
		return;
	rd_control_on_join(m->control, NULL, NULL);
	rd_member_page_close(m->member);
	rd_web_close(m->web);
	rd_team_free(m->team);
	rd_timer_close(&m->patience);
	free(m);
}

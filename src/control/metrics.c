#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "control/metrics.h"
#include "control/metrics_text.h"
#include "control/web.h"

struct rd_metrics {
	struct rd_control_subject subject;
	struct rd_web *web;
};

static int
page(void *ctx, const char *path, struct rd_buf *body)
{
	const struct rd_metrics *m = ctx;
	if (strcmp(path, "/metrics") != 0)
		return 404;
	rd_metrics_text(body, &m->subject);
	return 200;
}

struct rd_metrics *
rd_metrics_open(struct rd_loop *loop, const struct rd_control_place *place,
	const struct rd_control_table *table, void *ctx)
{
	if (place->page < 0)
		return NULL;
	struct rd_metrics *m = xcalloc(1, sizeof(*m));
	m->subject = (struct rd_control_subject){place, table, ctx, rd_clock_ns()};
	m->web = rd_web_open(loop, place->page, page, m);
	if (m->web)
		return m;
	rd_warn("no page of metrics: %s", strerror(errno));
	free(m);
	return NULL;
}

void
rd_metrics_close(struct rd_metrics *m)
{
	if (!m)
		return;
	rd_web_close(m->web);
	free(m);
}

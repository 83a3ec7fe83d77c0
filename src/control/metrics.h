#ifndef RD_CONTROL_METRICS_H
#define RD_CONTROL_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "base/opt.h"
#include "control/place.h"
#include "control/server.h"
#include "control/table.h"

/*
 * The values of a program as a page for Prometheus: http://ADDRESS:PORT/metrics. It
 * is for this machine alone, unless --metrics-anywhere says that others may see it:
 * there is no password.
 */
struct rd_metrics_where {
	const char *text;	/* as it was given; NULL: off */
	bool anywhere;
};

/* Two lines of a table of options. */
#define RD_METRICS_OPTIONS(where) \
	{.name = "metrics", .kind = RD_OPT_CALL, .target = (where), .set = rd_metrics_set, \
		.metavar = "[ADDR:]PORT|off", \
		.help = "where Prometheus asks for our values, http://ADDR:PORT/metrics; of this machine"}, \
	{.name = "metrics-anywhere", .kind = RD_OPT_FLAG, .target = &(where)->anywhere, \
		.help = "--metrics may be an address that others reach, too"}
int rd_metrics_set(void *where, const char *text, const char **error);

/*
 * The listening socket, into place->page: made before a process is confined, and
 * after rd_control_place_open. Programs that are started from now on join it. Says which port that is, in a line and in an event.
 * 0, or an exit code after a line that says why.
 */
int rd_metrics_listen(struct rd_control_place *place, const struct rd_metrics_where *where,
	const char *tool);

/*
 * The page, which also has what the programs say that were started by this one and have
 * a control socket (team.h); and our part of such a page of another program's. All is
 * borrowed; `control`, which may be NULL, is closed after this. NULL: neither.
 */
struct rd_metrics;
struct rd_metrics *rd_metrics_open(struct rd_loop *loop, const struct rd_control_place *place,
	const struct rd_control_table *table, void *ctx, struct rd_control *control);
void rd_metrics_close(struct rd_metrics *m);

#endif

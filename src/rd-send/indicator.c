#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "rd-send/monitor.h"

#define GRACE_MS 250

/*
 * It finds us by our control socket, ends with that, and is waited for by nobody:
 * somebody who kills it has a window less, and sessions go on.
 */
void
indicator_start(struct monitor *m)
{
	char tool[] = "rd-indicator", quiet[] = "--quiet", pid[16];
	char *argv[] = {tool, quiet, pid, NULL};
	if (!m->opt->indicator || m->indicator.pid)
		return;
	snprintf(pid, sizeof(pid), "%ld", (long)getpid());
	int err = rd_child_spawn(&m->indicator, argv);
	if (err)
		rd_warn("cannot run rd-indicator: %s", strerror(-err));
}

void
indicator_reap(struct monitor *m)
{
	int status;
	if (m->indicator.pid && rd_child_poll(&m->indicator, &status) && !m->stopping)
		rd_debug("rd-indicator has ended, with status %d", status);
}

void
indicator_close(struct monitor *m)
{
	rd_child_reap(&m->indicator, GRACE_MS);
}

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/spawn.h"
#include "rd-view/list.h"

int
list_run(const struct options *o)
{
	char path[PATH_MAX], time[32];
	char *argv[8] = {(char *)"rd-recv", (char *)"--list"};
	int n = 2;
	if (o->json)
		argv[n++] = (char *)"--json";
	if (!o->confine)
		argv[n++] = (char *)"--no-confine";
	if (o->timeout_ns) {
		uint64_t ms = (o->timeout_ns + RD_NS_PER_MS - 1) / RD_NS_PER_MS;
		snprintf(time, sizeof(time), "--timeout=%" PRIu64 "ms", ms);
		argv[n++] = time;
	}
	if (o->ask.config) {
		argv[n++] = (char *)"--config";
		argv[n++] = (char *)o->ask.config;
	}
	if (rd_command_beside(argv[0], path))
		execv(path, argv);
	else
		execvp(argv[0], argv);
	rd_error("rd-recv: %s", errno == ENOENT ? "command not found" : strerror(errno));
	return RD_EXIT_COMMAND;
}

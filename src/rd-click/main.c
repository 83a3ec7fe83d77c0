/*
 * rd-click: points at something on a desktop.
 *
 * In: a place and what to do there, from the command line. Out: input messages,
 * each when those before have been taken, to a desktop here, by ssh, or of a host
 * that rd-send serves.
 *
 * Start reading at click.c; look/act.h waits for what is taken. At a desktop here
 * it is rd-capture that does it (look/source.h).
 */
#include <stddef.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/guard.h"
#include "rd-click/click.h"
#include "rd-click/options.h"

struct look {
	const struct options *o;
	const struct rd_source *source;
};

static int
click(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	return click_run(look->o, look->source, guard_fd);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source;
	int code;
	rd_std_open();
	rd_log_open("rd-click");
	if (!options_parse(&o, argc, argv, &code)) {
		rd_ask_finish(&o.ask);
		return code;
	}
	struct look look = {&o, &source};
	code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, NULL, click, &look);
	rd_source_close(&source);
	rd_ask_finish(&o.ask);
	return code;
}

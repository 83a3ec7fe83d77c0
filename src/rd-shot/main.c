/*
 * rd-shot: one picture of a desktop, now.
 *
 * In: any desktop or stream that rd-view shows, and this machine's own. Out: a
 * PNG that is whole or not there.
 *
 * Start reading at shot.c. What brings the picture is started and owned as
 * rd-view does it (look/source.h, look/guard.h); who decodes it is confined.
 */
#include <stddef.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/guard.h"
#include "rd-shot/options.h"
#include "rd-shot/shot.h"

struct look {
	const struct options *o;
	const struct rd_source *source;
};

static int
take(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	return shot_take(look->o, look->source, guard_fd);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source;
	int code;
	rd_std_open();
	rd_log_open("rd-shot");
	if (!options_parse(&o, argc, argv, &code)) {
		rd_ask_finish(&o.ask);
		return code;
	}
	struct look look = {&o, &source};
	code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, NULL, take, &look);
	rd_source_close(&source);
	rd_ask_finish(&o.ask);
	return code;
}

/*
 * rd-wait: waits until a desktop looks as it should.
 *
 * In: any desktop or stream that rd-view shows, and this machine's own. Out: a
 * line that says what came, and where; an exit status for each thing that is
 * waited for; at a timeout a picture of what is missing.
 *
 * Start reading at wait.c; what is waited for is targets.c, the search for
 * images media/find.h. Who decodes pictures and reads PNG files is confined;
 * tesseract runs in a process that is confined otherwise (reader.h).
 */
#include <stddef.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/guard.h"
#include "rd-wait/options.h"
#include "rd-wait/wait.h"

struct look {
	const struct options *o;
	const struct rd_source *source;
};

static int
look_at(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	return wait_run(look->o, look->source, guard_fd);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source;
	int code;
	rd_std_open();
	rd_log_open("rd-wait");
	if (!options_parse(&o, argc, argv, &code)) {
		rd_ask_finish(&o.ask);
		return code;
	}
	struct look look = {&o, &source};
	code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, NULL, look_at, &look);
	rd_source_close(&source);
	rd_ask_finish(&o.ask);
	return code;
}

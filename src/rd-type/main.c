/*
 * rd-type: types at a desktop.
 *
 * In: text and the names of keys, from the command line or standard input. Out:
 * input messages, each when those before have been taken, to a desktop here, by
 * ssh, or of a host that rd-send serves.
 *
 * Start reading at type.c; look/act.h waits for what is taken. At a desktop here
 * it is rd-capture that types (look/source.h).
 */
#include <stddef.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/guard.h"
#include "rd-type/options.h"
#include "rd-type/type.h"

struct look {
	const struct options *o;
	const struct rd_source *source;
};

static int
type(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	return type_run(look->o, look->source, guard_fd);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source;
	int code;
	rd_std_open();
	rd_log_open("rd-type");
	if (!options_parse(&o, argc, argv, &code)) {
		options_finish(&o);
		return code;
	}
	struct look look = {&o, &source};
	code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, NULL, type, &look);
	rd_source_close(&source);
	options_finish(&o);
	return code;
}

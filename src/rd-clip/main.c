/*
 * rd-clip: the clipboard of a desktop, for scripts.
 *
 * In, for put: the content, on standard input. Out, for get: the content as it is;
 * for types: a line for each. The desktop is one here, by ssh, or of a host that
 * rd-send serves, as for rd-view.
 *
 * Start reading at clip.c, which is one end of wire/clip.h; the other one is an
 * rd-capture, also for a display here (look/source.h).
 */
#include <stddef.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/std.h"
#include "look/guard.h"
#include "rd-clip/clip.h"
#include "rd-clip/content.h"
#include "rd-clip/options.h"

struct look {
	const struct options *o;
	const struct rd_source *source;
	const struct rd_buf *content;
};

static int
talk(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	return clip_run(look->o, look->source, look->content, guard_fd);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source = RD_SOURCE_INIT;
	struct rd_buf content = {0};
	int code;
	rd_std_open();
	rd_log_open("rd-clip");
	if (!options_parse(&o, argc, argv, &code)) {
		rd_ask_finish(&o.ask);
		return code;
	}
	struct look look = {&o, &source, &content};
	code = content_judge(&o);
	if (!code && o.verb == VERB_PUT)
		code = content_read(&content, &o);
	if (!code)
		code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, NULL, talk, &look);
	rd_source_close(&source);
	rd_buf_finish(&content);
	rd_ask_finish(&o.ask);
	return code;
}

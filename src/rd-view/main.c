/*
 * rd-view: shows an rd stream.
 *
 * In: the stream, from standard input, a file, a command, or ssh (look/source.c).
 * Out: a window, a picture file, or a line of text a frame (view.h); and back
 * to where the stream comes from: acknowledgements, keys, pointer.
 *
 * Start reading at session.c, where messages become frames and frames reach a
 * view; window.c is the view that people see. What comes in is foreign, so
 * the process that decodes it is confined (confine.h) before the first byte
 * is read; where a command has been started, a second process owns it
 * (look/guard.h).
 */
#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/std.h"
#include "look/guard.h"
#include "look/source.h"
#include "rd-view/options.h"
#include "rd-view/session.h"

static enum rd_confine_kind
kind_of(const struct session *s)
{
	return session_has_window(s) ? RD_CONFINE_WINDOW : RD_CONFINE_OUTPUT;
}

static void
confine(const struct options *o, const struct session *s)
{
	struct rd_confine_rules rules = {
		.kind = kind_of(s),
		.write_dir = session_write_dir(s),
	};
	if (o->confine)
		rd_confine(&rules);
	else
		rd_warn("not confined, as --no-confine asks: show only streams that you trust");
}

struct look {
	const struct options *o;
	const struct rd_source *source;
};

/* The viewer: from the descriptors of the source to the exit status. */
static int
view(void *ctx, int guard_fd)
{
	const struct look *look = ctx;
	const struct options *o = look->o;
	struct rd_loop *loop = rd_loop_new();
	struct session *session;
	int code = session_open(&session, loop, o, look->source, guard_fd);
	if (!code) {
		confine(o, session);
		rd_guard_ready(guard_fd);
		if (o->confine_test)
			code = rd_confine_try(kind_of(session)) ? RD_EXIT_OK : RD_EXIT_FAILURE;
		else
			code = rd_loop_run(loop);
	}
	session_close(session);
	rd_loop_free(loop);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source;
	int code;
	rd_std_open();
	rd_log_open("rd-view");
	if (!options_parse(&o, argc, argv, &code)) {
		options_finish(&o);
		return code;
	}
	struct look look = {&o, &source};
	code = rd_source_open(&source, &o.ask);
	if (!code)
		code = rd_guard_work(&source, view, &look);
	rd_source_close(&source);
	options_finish(&o);
	return code;
}

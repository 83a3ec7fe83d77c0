/*
 * rd-view: shows an rd stream.
 *
 * In: the stream, from standard input, a file, a command, or ssh (source.c).
 * Out: a window, a terminal, a picture file, or a line of text a frame (view.h); and back
 * to where the stream comes from: acknowledgements, keys, pointer.
 *
 * Start reading at session.c, where messages become frames and frames reach a
 * view; window.c and view_terminal.c are what people see. What comes in is foreign, so
 * the process that decodes it is confined (confine.h) before the first byte
 * is read; where a command has been started, or a terminal is drawn on, a
 * second process owns that (guard.h).
 */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "rd-view/guard.h"
#include "rd-view/options.h"
#include "rd-view/session.h"
#include "rd-view/source.h"
#include "rd-view/tty.h"
#include "rd-view/words.h"

static enum rd_confine_kind
kind_of(const struct session *s)
{
	return session_has_window(s) ? RD_CONFINE_WINDOW : RD_CONFINE_OUTPUT;
}

/* What the viewer has beside its stream. */
struct place {
	struct tty tty;		/* fd -1: none is drawn on */
	struct words words;
};

static void
confine(const struct options *o, const struct session *s, const struct tty *tty)
{
	struct rd_confine_rules rules = {
		.kind = kind_of(s),
		.write_dir = session_write_dir(s),
		.terminal = tty->fd >= 0,
	};
	if (o->confine)
		rd_confine(&rules);
	else
		rd_warn("not confined, as --no-confine asks: show only streams that you trust");
}

/* The viewer: from the descriptors of the source to the exit status. */
static int
view(const struct options *o, const struct source *source, int guard_fd, const struct tty *tty)
{
	struct rd_loop *loop = rd_loop_new();
	struct session *session;
	int code = session_open(&session, loop, o, source, guard_fd, tty);
	if (!code) {
		confine(o, session, tty);
		if (o->confine_test)
			code = rd_confine_try(kind_of(session)) ? RD_EXIT_OK : RD_EXIT_FAILURE;
		else
			code = rd_loop_run(loop);
	}
	session_close(session);
	rd_loop_free(loop);
	return code;
}

/* A command brings the stream: one process looks after it, another at it. */
static int
view_guarded(const struct options *o, struct source *source, struct place *place)
{
	struct guard guard;
	bool drawn = place->tty.fd >= 0;
	int err = guard_split(&guard, drawn ? &place->tty : NULL, drawn ? &place->words : NULL);
	if (err) {
		rd_error("no second process: %s", strerror(-err));
		source_close(source);
		rd_child_reap(&source->child, 0);
		return RD_EXIT_FAILURE;
	}
	if (guard.viewer == 0) {
		words_leave(&place->words);
		place->tty.guard = guard.fd;
		return view(o, source, guard.fd, &place->tty);
	}
	/* The viewer's alone, so that its end is noticed on the other side. */
	source_close(source);
	if (source->kind == SOURCE_STDIN)
		rd_confine_stdio(true, false, false);
	return guard_run(&guard, &source->child);
}

static bool
to_terminal(const struct options *o)
{
	return strcmp(o->to, "terminal") == 0;
}

/* The terminal first: what a command then says passes by us. */
static int
place_open(struct place *p, const struct options *o)
{
	*p = (struct place){.tty = {.fd = -1, .guard = -1}, .words = {.in = -1, .out = -1}};
	int code = to_terminal(o) ? tty_open(&p->tty) : 0;
	if (!code && to_terminal(o))
		words_open(&p->words, &p->tty);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	struct source source = {.in = -1, .out = -1, .child = {.fd = -1}};
	struct place place;
	int code;
	rd_log_open("rd-view");
	if (!options_parse(&o, argc, argv, &code)) {
		options_finish(&o);
		return code;
	}
	code = place_open(&place, &o);
	if (!code)
		code = source_open(&source, &o);
	if (!code)
		code = source.child.pid || to_terminal(&o) ? view_guarded(&o, &source, &place)
			: view(&o, &source, -1, &place.tty);
	source_close(&source);
	words_close(&place.words);
	tty_close(&place.tty);
	options_finish(&o);
	return code;
}

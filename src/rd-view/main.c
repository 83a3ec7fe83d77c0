/*
 * rd-view: shows an rd stream.
 *
 * In: the stream, from standard input, a file, a command, or ssh (look/source.c).
 * Out: a window, a terminal, a picture file, or a line of text a frame (view.h); and back
 * to where the stream comes from: acknowledgements, keys, pointer.
 *
 * Start reading at session.c, where messages become frames and frames reach a
 * view; window.c is the view that people see. What comes in is foreign, so
 * the process that decodes it is confined (confine.h) before the first byte
 * is read; where a command brings the stream, or a terminal is drawn on, a
 * second process owns that (look/guard.h).
 */
#include <stdbool.h>
#include <string.h>

#include "base/confine.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/std.h"
#include "control/place.h"
#include "look/guard.h"
#include "look/source.h"
#include "rd-view/list.h"
#include "rd-view/options.h"
#include "rd-view/session.h"
#include "rd-view/speaker.h"
#include "rd-view/tty.h"
#include "rd-view/words.h"

static enum rd_confine_kind
kind_of(const struct session *s)
{
	return session_has_window(s) ? RD_CONFINE_WINDOW : RD_CONFINE_OUTPUT;
}

static void
confine(const struct options *o, const struct session *s, const struct tty *tty,
	const struct rd_control_place *place, bool alone)
{
	struct rd_confine_rules rules = {
		.kind = kind_of(s),
		.write_dir = session_write_dir(s),
		.terminal = tty->fd >= 0,
		.door = place->fd,
		.page = place->page,
		/* With a second process that takes the socket's file away. */
		.remove_dir = alone ? place->folder.fd : -1,
	};
	if (o->confine)
		rd_confine(&rules);
	else
		rd_warn("not confined, as --no-confine asks: show only streams that you trust");
}

struct look {
	const struct options *o;
	const struct rd_source *source;
	/* The terminal that is drawn on, fd -1: none; and what is said meanwhile. */
	struct tty tty;
	struct words words;
	struct rd_control_place place;
};

static bool
drawn(const struct look *look)
{
	return look->tty.fd >= 0;
}

/* The viewer: from the descriptors of the source to the exit status. */
static int
view(void *ctx, int guard_fd)
{
	struct look *look = ctx;
	const struct options *o = look->o;
	struct speaker speaker;
	speaker_start(&speaker, o);
	struct rd_loop *loop = rd_loop_new();
	struct session *session;
	if (drawn(look)) {
		words_leave(&look->words);
		look->tty.guard = guard_fd;
	}
	int code = session_open(&session, loop, o, look->source, guard_fd, &look->place,
		&look->tty, speaker.fd);
	if (!code) {
		confine(o, session, &look->tty, &look->place, guard_fd < 0);
		rd_guard_ready(guard_fd);
		if (o->confine_test)
			code = rd_confine_try(kind_of(session)) ? RD_EXIT_OK : RD_EXIT_FAILURE;
		else
			code = rd_loop_run(loop);
	}
	session_close(session);
	rd_loop_free(loop);
	speaker_stop(&speaker);
	return code;
}

/* In the guard: what is said on stderr goes by the picture. */
static void
pass_words(void *ctx)
{
	struct look *look = ctx;
	words_turn(&look->words);
}

static void
restore(void *ctx)
{
	struct look *look = ctx;
	tty_restore(&look->tty);
}

static int
look_at(struct look *look, struct rd_source *source)
{
	const struct rd_guard_place place = {
		.in = look->words.in, .turn = pass_words, .put_back = restore, .ctx = look,
	};
	return rd_guard_work(source, drawn(look) ? &place : NULL, view, look);
}

/* The terminal first: what a command then says passes by us. */
static int
open_place(struct look *look)
{
	if (strcmp(look->o->to, "terminal") != 0)
		return 0;
	int code = tty_open(&look->tty);
	if (!code)
		words_open(&look->words, &look->tty);
	return code;
}

/* What the user calls it: most often what was dialled. */
static int
open_door(struct look *look)
{
	const char *slash = look->source->kind == RD_SOURCE_FILE ? strrchr(look->source->name, '/') : NULL;
	bool nameless = look->source->kind == RD_SOURCE_STDIN;
	if (look->o->confine_test)
		return 0;
	if (look->o->control)
		rd_control_place_open(&look->place, "rd-view", look->o->control_name,
			nameless ? "view" : slash ? slash + 1 : look->source->name);
	return rd_metrics_listen(&look->place, &look->o->metrics, "rd-view");
}

int
main(int argc, char **argv)
{
	struct options o;
	struct rd_source source = RD_SOURCE_INIT;
	int code;
	rd_std_open();
	rd_log_open("rd-view");
	rd_event_print(false);
	if (!options_parse(&o, argc, argv, &code)) {
		options_finish(&o);
		return code;
	}
	if (o.list) {
		code = list_run(&o);
		options_finish(&o);
		return code;
	}
	struct look look = {.o = &o, .source = &source, .tty = {.fd = -1, .guard = -1},
		.words = {.in = -1, .out = -1}};
	rd_control_place_none(&look.place);
	code = open_place(&look);
	if (!code)
		code = rd_source_open(&source, &o.ask);
	if (!code)
		code = open_door(&look);
	if (!code)
		code = look_at(&look, &source);
	rd_control_place_remove(&look.place);
	rd_source_close(&source);
	words_close(&look.words);
	tty_close(&look.tty);
	options_finish(&o);
	return code;
}

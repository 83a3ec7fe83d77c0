/*
 * rd-record: makes a film of an rd stream, which plays however it ends.
 *
 * In: the stream, from standard input, recordings, a command, ssh or a host
 * (look/source.h). Out: WebM or Matroska files, or one on standard output; their
 * names on standard output once they are safe; and back to where the stream comes
 * from, acknowledgements.
 *
 * Start reading at recorder.h, where what is shown becomes pictures of a film;
 * writer.h makes files of them, and mux.h is where libavformat is. What comes in
 * is foreign, so the process that decodes it is confined (base/confine.h) before
 * the first byte is read; where a command has been started, a second process owns
 * it (look/guard.h).
 */
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/confine.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "base/std.h"
#include "control/place.h"
#include "look/guard.h"
#include "look/source.h"
#include "rd-record/options.h"
#include "rd-record/place.h"
#include "rd-record/session.h"

struct work {
	const struct options *o;
	const struct rd_source *sources;
	int count;
	struct rd_control_place place;
};

static void
confine(const struct options *o, const struct session *s, const struct rd_control_place *place,
	bool alone)
{
	struct rd_confine_rules rules = {
		.kind = RD_CONFINE_OUTPUT,
		.write_dir = session_write_dir(s),
		.door = place->fd,
		.page = place->page,
		/* With a second process that takes the socket's file away. */
		.remove_dir = alone ? place->folder.fd : -1,
	};
	if (o->confine)
		rd_confine(&rules);
	else
		rd_warn("not confined, as --no-confine asks: record only streams that you trust");
}

/* From the descriptors of the sources to the exit status. */
static int
record(void *ctx, int guard_fd)
{
	const struct work *w = ctx;
	struct rd_loop *loop = rd_loop_new();
	struct session *session;
	int code = session_open(&session, loop, w->o, w->sources, w->count, guard_fd,
		&w->place);
	if (!code) {
		confine(w->o, session, &w->place, guard_fd < 0);
		rd_guard_ready(guard_fd);
		if (w->o->confine_test)
			code = rd_confine_try(RD_CONFINE_OUTPUT) ? RD_EXIT_OK : RD_EXIT_FAILURE;
		else
			code = rd_loop_run(loop);
	}
	session_close(session);
	rd_loop_free(loop);
	return code;
}

static int
not_joined(const char *name)
{
	rd_error("%s: only recordings in files can be joined", name);
	return RD_EXIT_USAGE;
}

/* The first as it was asked for; further ones are recordings, and then it is, too. */
static int
open_sources(struct options *o, struct rd_source *sources, int count)
{
	int code = rd_source_open(&sources[0], &o->ask);
	if (!code && count > 1 && !sources[0].recorded)
		code = not_joined(o->sources[0]);
	for (int i = 1; i < count && !code; i++) {
		struct rd_ask ask = RD_ASK_INIT;
		ask.file = o->sources[i];
		if (strcmp(ask.file, "-") == 0)
			return not_joined(ask.file);
		code = rd_source_open(&sources[i], &ask);
		if (!code && !sources[i].recorded)
			code = not_joined(ask.file);
	}
	return code;
}

/* By the film's name, without folder and kind. */
static int
open_door(struct work *w)
{
	const struct options *o = w->o;
	const char *slash = strrchr(o->path, '/'), *base = slash ? slash + 1 : o->path;
	const char *dot = strrchr(base, '.');
	size_t len = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	char *name = strcmp(base, "-") == 0 ? xstrdup("record") : strndup(base, len);
	int code = 0;
	if (o->control && !o->confine_test)
		rd_control_place_open(&w->place, "rd-record", o->control_name, name);
	if (!o->confine_test)
		code = rd_metrics_listen(&w->place, &o->metrics, "rd-record");
	free(name);
	return code;
}

/*
 * The one that records may remove no file; where a second process guards it, that
 * one takes away what came to nothing and was not there before.
 */
static int
guard(struct work *w, struct rd_source *first)
{
	bool taken = place_taken(w->o->path);
	int code = rd_guard_work(first, NULL, record, w);
	if (code && !taken && first->argv)
		place_sweep(w->o->path);
	return code;
}

int
main(int argc, char **argv)
{
	struct options o;
	int code;
	rd_std_open();
	rd_log_open("rd-record");
	/* A limit on the size of files (ulimit -f) is a full disk: an error of write. */
	signal(SIGXFSZ, SIG_IGN);
	/* Until somebody listens: who asks for a copy too early is no reason to end. */
	signal(SIGUSR1, SIG_IGN);
	if (!options_parse(&o, argc, argv, &code)) {
		options_finish(&o);
		return code;
	}
	int count = o.source_count > 1 ? o.source_count : 1;
	struct rd_source *sources = xcalloc((size_t)count, sizeof(*sources));
	for (int i = 0; i < count; i++)
		sources[i] = (struct rd_source)RD_SOURCE_INIT;
	struct work work = {&o, sources, count, {.fd = -1}};
	rd_event_print(o.json);
	rd_control_place_none(&work.place);
	code = open_sources(&o, sources, count);
	if (!code)
		code = open_door(&work);
	if (!code)
		code = guard(&work, sources);
	rd_control_place_remove(&work.place);
	for (int i = 0; i < count; i++)
		rd_source_close(&sources[i]);
	free(sources);
	options_finish(&o);
	return code;
}

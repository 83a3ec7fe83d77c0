#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-record/control.h"
#include "rd-record/session_priv.h"

/* --- values --- */

static void
get_state(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->leaving ? "ending" : s->recorder.begun ? "recording" : "waiting");
}

static void
get_peer(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->source->name);
}

static void
get_path(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->recorder.writer.name);
}

static void
get_saved(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->recorder.saved);
}

static void
put_seconds(struct rd_json *out, uint64_t ns)
{
	rd_json_real(out, (double)ns / (double)RD_NS_PER_S, 3);
}

static void
get_seconds(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	put_seconds(out, s->recorder.begun ? recorder_now(&s->recorder) : 0);
}

static void
get_pictures(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->recorder.pictures);
}

static void
get_last(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	if (s->o->last_ns)
		put_seconds(out, s->o->last_ns);
	else
		rd_json_null(out);
}

static void
get_kept(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->recorder.ring.bytes);
}

static void
get_bytes_in(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->done_bytes + rd_link_count(s->link).in);
}

static const struct rd_control_value values[] = {
	{"state", RD_CONTROL_TEXT, "", "what it does: waiting, recording, ending", get_state, NULL},
	{"peer", RD_CONTROL_TEXT, "", "whose picture it is, as it was named", get_peer, NULL},
	{"file", RD_CONTROL_TEXT, "", "the film that is being written", get_path, NULL},
	{"saved", RD_CONTROL_TEXT, "", "the last one that is safe", get_saved, NULL},
	{"seconds", RD_CONTROL_GAUGE, "s", "since the first picture", get_seconds, NULL},
	{"pictures", RD_CONTROL_COUNTER, "", "that were taken", get_pictures, NULL},
	{"last", RD_CONTROL_GAUGE, "s", "how much is kept for save", get_last, NULL},
	{"kept-bytes", RD_CONTROL_GAUGE, "B", "that this takes", get_kept, NULL},
	{"bytes-in", RD_CONTROL_COUNTER, "B", "of the stream so far", get_bytes_in, NULL},
	{0},
};

/* --- verbs --- */

static int
run_save(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct session *s = ctx;
	struct recorder *r = &s->recorder;
	(void)argument;
	if (!r->begun || r->over)
		return rd_control_refuse(a, -ENODATA, "there is no picture yet");
	int err = recorder_save(r);
	if (err)
		return rd_control_refuse(a, err, "it cannot be written: %s", strerror(-err));
	rd_json_put_text(&a->json, "saved", s->o->last_ns ? r->saved : r->writer.name);
	return 0;
}

static int
words(struct session *s, const char *text, bool chapter, struct rd_control_answer *a)
{
	if (!s->recorder.begun || s->recorder.over)
		return rd_control_refuse(a, -ENODATA, "there is no picture yet");
	if (strlen(text) > LINES_MAX)
		return rd_control_refuse(a, -EINVAL, "it has at most %d bytes", LINES_MAX);
	if (chapter && !s->recorder.writer.head.chapters)
		return rd_control_refuse(a, -ENOTSUP,
			"there is no room for chapters in a pipe or in small files: rd-record --chapters makes it");
	if (!chapter && !s->recorder.writer.head.captions)
		return rd_control_refuse(a, -ENOTSUP, "captions need a track: rd-record --captions makes one");
	if (chapter)
		recorder_chapter(&s->recorder, text);
	else
		recorder_caption(&s->recorder, text);
	return 0;
}

static int
run_chapter(void *ctx, const char *text, struct rd_control_answer *a)
{
	return words(ctx, text, true, a);
}

static int
run_caption(void *ctx, const char *text, struct rd_control_answer *a)
{
	return words(ctx, text, false, a);
}

static int
run_end(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	session_leave(ctx, RD_EXIT_OK, "the recording was ended");
	return 0;
}

static const struct rd_control_verb verbs[] = {
	{"save", "", "writes what --last keeps, or all so far, and says into which film", run_save},
	{"chapter", "TEXT", "begins a chapter", run_chapter},
	{"caption", "TEXT", "shows a caption", run_caption},
	{"end", "", "completes the film, and ends", run_end},
	{0},
};

const struct rd_control_table control_table = {.values = values, .verbs = verbs};

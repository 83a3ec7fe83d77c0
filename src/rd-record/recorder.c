#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-record/recorder.h"

#define DAY_NS ((int64_t)(86400 * RD_NS_PER_S))

/* A caption stands for so long, and longer the more there is to read. */
#define CAPTION_NS (2 * RD_NS_PER_S)
#define CAPTION_BYTE_NS (50 * RD_NS_PER_MS)
#define CAPTION_MAX_NS (10 * RD_NS_PER_S)

static void
on_began(void *ctx, const char *name)
{
	struct recorder *r = ctx;
	tell_began(&r->tell, name);
}

static void
on_saved(void *ctx, const struct writer_told *told)
{
	struct recorder *r = ctx;
	if (told->error && !told->pictures) {
		rd_error("%s: %s", told->name, strerror(-told->error));
		return;
	}
	free(r->saved);
	r->saved = xstrdup(told->name);
	if (told->error)
		rd_error("%s: %s; what was recorded before is in it", told->name,
			strerror(-told->error));
	int err = tell_saved(&r->tell, told);
	if (err == -EPIPE) {
		/* As in tee >(rd-record FILE) | rd-view -, where that pipe is not ours. */
		rd_info("nobody reads on standard output that %s is safe", told->name);
	} else if (err && !r->code) {
		rd_error("standard output: %s", strerror(-err));
		r->code = RD_EXIT_OUTPUT;
	}
}

static const struct writer_ops writer_ops = {.began = on_began, .saved = on_saved};

static void
on_timer(void *ctx)
{
	struct recorder *r = ctx;
	recorder_catch_up(r, recorder_now(r));
	recorder_schedule(r);
}

static int
open_place(struct recorder *r)
{
	const struct options *o = r->o;
	bool numbered = o->split_bytes || o->split_ns || o->last_ns || o->resize == RESIZE_SPLIT;
	int code = place_open(&r->place, o->path, numbered, o->overwrite);
	if (code)
		return code;
	writer_init(&r->writer, &r->place, &writer_ops, r);
	r->writer.split_bytes = o->split_bytes;
	r->writer.split_ns = o->split_ns;
	if (!o->last_ns)
		code = writer_begin(&r->writer);
	/* What comes later would be lost if it stopped at a name. */
	r->place.skip = true;
	return code;
}

int
recorder_open(struct recorder *r, struct rd_loop *loop, const struct options *o,
	const struct recorder_ops *ops, void *ctx, bool converting)
{
	*r = (struct recorder){.o = o, .loop = loop, .ops = ops, .ctx = ctx, .ring = {.keep_ns = o->last_ns},
		.writer = {.disk = {.fd = -1}}, .place = {.dir_fd = -1}, .captions = {.fd = -1}};
	tell_init(&r->tell, o, converting);
	canvas_init(&r->canvas, o->pointer);
	purse_init(&r->purse, o->max_cpu / 100, rd_clock_cpu_ns());
	rd_timer_open(&r->timer, loop, on_timer, r);
	int code = lines_open(&r->chapters, "--chapters", o->chapters);
	if (!code)
		code = lines_open(&r->captions, "--captions", o->captions);
	return code ? code : open_place(r);
}

const char *
recorder_write_dir(const struct recorder *r)
{
	/* One file is open already. */
	return r->place.numbered ? r->place.dir : NULL;
}

uint64_t
recorder_now(const struct recorder *r)
{
	return r->live ? timeline_now(&r->timeline, rd_clock_ns()) : r->timeline.now_ns;
}

/* words */

static void
put_words(struct recorder *r, enum track track, const char *text, size_t len, uint64_t last_ns)
{
	struct piece p = {
		.track = track,
		.time_ns = recorder_now(r),
		.duration_ns = last_ns,
		.key = true,
		.data = (const uint8_t *)text,
		.len = len,
	};
	if (!r->begun || r->over)
		return;
	tell_words(&r->tell, track == TRACK_CHAPTERS ? "chapter" : "caption", p.time_ns, text);
	recorder_put(r, &p);
}

static void
on_chapter(void *ctx, const char *text, size_t len)
{
	struct recorder *r = ctx;
	put_words(r, TRACK_CHAPTERS, text, len, CAPTION_NS);
	/* So that who goes there sees it at once. */
	r->want_key = !r->passing;
}

static void
on_caption(void *ctx, const char *text, size_t len)
{
	uint64_t last_ns = CAPTION_NS + len * CAPTION_BYTE_NS;
	put_words(ctx, TRACK_CAPTIONS, text, len, last_ns < CAPTION_MAX_NS ? last_ns : CAPTION_MAX_NS);
}

void
recorder_chapter(struct recorder *r, const char *text)
{
	on_chapter(r, text, strlen(text));
}

void
recorder_caption(struct recorder *r, const char *text)
{
	on_caption(r, text, strlen(text));
}

/* Words wait in their pipes until there is a picture to which they belong. */
void
recorder_listen(struct recorder *r)
{
	lines_start(&r->chapters, r->loop, on_chapter, r);
	lines_start(&r->captions, r->loop, on_caption, r);
}

/* sources and pieces */

bool
recorder_leaps(const struct recorder *r, uint64_t stream_ns)
{
	return timeline_leaps(&r->timeline, stream_ns, recorder_now(r), r->live ? DAY_NS : 30 * DAY_NS);
}

void
recorder_source(struct recorder *r, bool live, bool sound, uint64_t wall_ns)
{
	uint64_t end_ns = r->begun ? r->last_ns + r->gap_ns : 0;
	if (r->begun)
		recorder_catch_up(r, r->timeline.now_ns);
	timeline_source(&r->timeline, end_ns > r->timeline.now_ns ? end_ns : r->timeline.now_ns);
	r->live = live;
	r->sound = sound && r->o->sound;
	sounds_source(&r->sounds);
	r->wall_ns = wall_ns;
}

int
recorder_sound(struct recorder *r, const struct rd_msg *m)
{
	struct piece p = {.track = TRACK_SOUND, .duration_ns = RD_SOUND_PIECE_NS, .key = true};
	uint64_t stream_ns;
	if (!r->sound)
		return 0;
	int got = sounds_take(&r->sounds, m, &p.data, &p.len, &stream_ns);
	if (got <= 0)
		return got;
	if (recorder_leaps(r, stream_ns))
		return -EPROTO;
	if (!r->begun || r->over || r->limit || !timeline_at(&r->timeline, stream_ns, &p.time_ns))
		return 0;
	r->sounded_ns = p.time_ns + p.duration_ns;
	if (!r->o->duration_ns || r->sounded_ns <= r->o->duration_ns)
		recorder_put(r, &p);
	return 0;
}

void
recorder_failed(struct recorder *r, int error, const char *what)
{
	if (r->over)
		return;
	r->over = true;
	rd_timer_clear(&r->timer);
	if (what)
		rd_error("%s: %s", what, strerror(-error));
	else if (r->writer.mux)
		writer_cut(&r->writer, r->last_ns);
	else
		/* Not even how it begins: there is no film to tell of. */
		rd_error("%s: %s", r->writer.name ? r->writer.name : r->o->path, strerror(-error));
	r->code = what ? RD_EXIT_FAILURE : RD_EXIT_OUTPUT;
	r->ops->over(r->ctx, r->code, what ? what : "the recording cannot be written");
}

void
recorder_put(struct recorder *r, const struct piece *p)
{
	if (r->over)
		return;
	r->pictures += p->track == TRACK_VIDEO;
	if (r->o->last_ns) {
		ring_put(&r->ring, p);
		return;
	}
	int err = writer_put(&r->writer, p);
	if (err)
		recorder_failed(r, err, NULL);
}

/* With what is shown now; a stream that is passed on is as it comes. */
static int
save_so_far(struct recorder *r)
{
	uint64_t now = recorder_now(r), end = r->passing ? now : recorder_last(r, now);
	int err = r->over ? -ENODATA : writer_flush(&r->writer, end);
	if (err && !r->over)
		recorder_failed(r, err, NULL);
	return err;
}

int
recorder_save(struct recorder *r)
{
	if (!r->begun || r->over)
		return -ENODATA;
	if (!r->o->last_ns)
		return save_so_far(r);
	lines_drain(&r->chapters);
	lines_drain(&r->captions);
	recorder_catch_up(r, recorder_now(r));
	int err = ring_save(&r->ring, &r->writer, recorder_now(r));
	if (err)
		r->code = RD_EXIT_OUTPUT;
	return err;
}

/* The last picture stands as long as the one before it, a second at most. */
static uint64_t
end_time(const struct recorder *r)
{
	uint64_t now = recorder_now(r), end = r->last_ns + r->gap_ns, limit = r->o->duration_ns;
	end = now > end ? now : end;
	end = r->sounded_ns > end ? r->sounded_ns : end;
	return limit && end > limit ? limit : end;
}

int
recorder_end(struct recorder *r, bool explained)
{
	if (r->over)
		return r->code;
	if (!r->begun) {
		r->over = true;
		if (!explained)
			rd_error("no picture came, so nothing is recorded");
		return RD_EXIT_FAILURE;
	}
	lines_drain(&r->chapters);
	lines_drain(&r->captions);
	uint64_t end = recorder_last(r, end_time(r));
	int err = 0;
	if (r->over)
		return r->code;
	r->over = true;
	rd_timer_clear(&r->timer);
	if (!r->o->last_ns)
		err = writer_cut(&r->writer, end);
	else if (r->o->save_at_end)
		err = ring_save(&r->ring, &r->writer, end);
	if (err)
		r->code = RD_EXIT_OUTPUT;
	return r->code;
}

void
recorder_close(struct recorder *r)
{
	writer_close(&r->writer);
	place_close(&r->place);
	ring_finish(&r->ring);
	shutter_finish(&r->shutter);
	sounds_finish(&r->sounds);
	canvas_finish(&r->canvas);
	lines_close(&r->chapters);
	lines_close(&r->captions);
	rd_timer_close(&r->timer);
	free(r->saved);
	r->saved = NULL;
}

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "rd-record/recorder.h"

/* Of smaller files the room for chapters (16 KiB) would be a good part. */
#define SPLIT_WITH_CHAPTERS ((uint64_t)1 << 20)
/* The last picture is said so long before the end: the shortest there is. */
#define LAST_NS RD_NS_PER_MS
/* Players can go to key pictures: one after so much of changes; after so long for --last. */
#define KEY_EVERY_NS (5 * RD_NS_PER_S)
#define KEY_RING_NS (2 * RD_NS_PER_S)
#define KEY_PASSED_NS (10 * RD_NS_PER_S)
/* A still picture counts for no more than this of it. */
#define CONTENT_GAP_NS RD_NS_PER_S
/* A live source's picture that comes so late is left out if there is a newer one. */
#define LAG_NS (250 * RD_NS_PER_MS)

static const struct rd_encoder_ops *
encoder_of(const struct recorder *r)
{
	return rd_encoder_find(r->codec);
}

static bool
cut(struct recorder *r, uint64_t time_ns)
{
	int err = writer_cut(&r->writer, time_ns);
	if (err)
		recorder_failed(r, err, NULL);
	return !err;
}

static bool
key_due(const struct recorder *r, uint64_t time_ns)
{
	return r->want_key || r->content_ns >= KEY_EVERY_NS ||
		(r->o->last_ns && time_ns - r->key_ns >= KEY_RING_NS);
}

static void
put_picture(struct recorder *r, uint64_t time_ns, bool key, const uint8_t *data, size_t len,
	bool changed)
{
	const struct piece p = {
		.track = TRACK_VIDEO, .time_ns = time_ns, .key = key, .data = data, .len = len,
	};
	uint64_t gap = time_ns - r->last_ns;
	r->gap_ns = gap == 0 ? RECORDER_POINTER_NS : gap < RECORDER_BEAT_NS ? gap : RECORDER_BEAT_NS;
	r->last_ns = time_ns;
	r->dirty = false;
	if (changed) {
		r->content_ns += gap < CONTENT_GAP_NS ? gap : CONTENT_GAP_NS;
		r->changed_ns = time_ns;
	}
	if (key) {
		r->key_ns = time_ns;
		r->content_ns = 0;
		r->want_key = false;
	}
	recorder_put(r, &p);
}

static int
encode(struct recorder *r, const struct rd_image *im, bool fine, bool key, uint64_t time_ns,
	struct rd_packet *out)
{
	if (fine && !pixman_region32_not_empty(&r->canvas.changed))
		return shutter_refine(&r->shutter, im, key, time_ns, out);
	return shutter_take(&r->shutter, im, &r->canvas.changed, key, time_ns, out);
}

void
recorder_take(struct recorder *r, uint64_t time_ns, bool fine)
{
	struct rd_packet packet;
	bool full = writer_full(&r->writer, time_ns, 0);
	if (full && !cut(r, time_ns))
		return;
	const struct rd_image *im = canvas_picture(&r->canvas);
	bool changed = pixman_region32_not_empty(&r->canvas.changed);
	bool large = canvas_large(&r->canvas);
	int err = im ? encode(r, im, fine, full || key_due(r, time_ns), time_ns, &packet) : -ENOMEM;
	if (!err && !packet.key && writer_full(&r->writer, time_ns, packet.len)) {
		/* It would not fit: the same again begins the next file. */
		if (!cut(r, time_ns))
			return;
		err = shutter_take(&r->shutter, im, &r->canvas.changed, true, time_ns, &packet);
	}
	if (err) {
		recorder_failed(r, err, "the picture cannot be encoded");
		return;
	}
	canvas_clean(&r->canvas);
	put_picture(r, time_ns, packet.key, packet.data, packet.len, changed);
	if (large)
		r->large_ns = time_ns;
	purse_spend(&r->purse, time_ns, rd_clock_cpu_ns());
}

/* pictures come */

static bool
alone(const struct recorder *r, const struct passage *p)
{
	return r->o->copy && r->o->fps == 0 && !r->o->last_ns && passage_alone(p) &&
		!canvas_has_pointer(&r->canvas) && rd_encoder_find(p->codec);
}

static enum rd_codec
choose_codec(const struct recorder *r, const struct passage *p)
{
	if (r->o->codec)
		return r->o->codec;
	bool own = alone(r, p) && p->key && (!r->o->yuv444 || rd_encoder_find(p->codec)->has_444);
	return own ? p->codec : RD_CODEC_VP9;
}

/* Files, and the encoder, of this size from now on. */
static void
set_size(struct recorder *r, const struct rd_image *im)
{
	int w = im->width > RD_ENCODER_MIN_SIZE ? im->width : RD_ENCODER_MIN_SIZE;
	int h = im->height > RD_ENCODER_MIN_SIZE ? im->height : RD_ENCODER_MIN_SIZE;
	canvas_size(&r->canvas, w, h);
	/* Codecs code even sizes; see codec/yuv.h. */
	r->writer.head.width = (w + 1) & ~1;
	r->writer.head.height = (h + 1) & ~1;
}

/*
 * By rd-ctl: they need room in every file, too much of it where files are to be
 * small; and in a pipe a track, which must be asked for.
 */
static bool
may_be_told_chapters(const struct recorder *r)
{
	return r->o->control && !r->place.standard &&
		(!r->o->split_bytes || r->o->split_bytes >= SPLIT_WITH_CHAPTERS);
}

static void
begin(struct recorder *r, const struct rd_image *im, const struct passage *p, uint64_t stream_ns)
{
	r->begun = true;
	r->codec = choose_codec(r, p);
	const struct shutter_config cfg = {
		.codec = r->codec,
		.yuv444 = r->o->yuv444,
		.quantizer = r->o->quantizer,
		.threads = r->o->threads,
		.max_bps = r->o->max_bps,
	};
	shutter_init(&r->shutter, &cfg);
	r->writer.head.codec = r->codec;
	r->writer.head.chapters = r->o->chapters || may_be_told_chapters(r);
	r->writer.head.sound = r->sound;
	r->writer.head.captions = r->o->captions != NULL;
	r->writer.head.wall_ns = r->wall_ns ? r->wall_ns + stream_ns : 0;
	r->want_key = true;
	set_size(r, im);
	recorder_listen(r);
	tell_first(&r->tell, im->width, im->height);
	rd_debug("recording %dx%d as %s", im->width, im->height, encoder_of(r)->name);
}

/* Another size than the recording's, and that means a new file. */
static void
follow_size(struct recorder *r, const struct rd_image *im, uint64_t time_ns)
{
	if (r->o->resize != RESIZE_SPLIT || (im->width == r->canvas.desk.width &&
			im->height == r->canvas.desk.height))
		return;
	if (!cut(r, time_ns))
		return;
	r->passing = false;
	r->want_key = true;
	shutter_forget(&r->shutter);
	set_size(r, im);
}

static bool
can_pass(const struct recorder *r, const struct rd_image *im, const struct passage *p,
	uint64_t time_ns)
{
	if (!alone(r, p) || p->codec != r->codec || im->width != r->canvas.width ||
			im->height != r->canvas.height)
		return false;
	if (p->key)
		return true;
	return r->passing && !writer_full(&r->writer, time_ns, p->packet.len);
}

/* The stream's packet goes in as it is. */
static void
pass(struct recorder *r, const struct passage *p, uint64_t time_ns)
{
	if (writer_full(&r->writer, time_ns, p->packet.len) && !cut(r, time_ns))
		return;
	r->passing = true;
	canvas_clean(&r->canvas);
	put_picture(r, time_ns, p->key, p->packet.data, p->packet.len, true);
	bool stale = r->content_ns >= KEY_PASSED_NS;
	if (stale && !r->asked)
		r->ops->refresh(r->ctx);
	r->asked = stale;
}

/* What was coded last is no longer ours to build on. */
static void
stop_passing(struct recorder *r)
{
	if (!r->passing)
		return;
	r->passing = false;
	r->want_key = true;
	shutter_forget(&r->shutter);
}

/* What was until that time is due before what comes then; the end is due at it. */
static uint64_t
until(const struct recorder *r, uint64_t at_ns)
{
	bool end = r->o->duration_ns && at_ns >= r->o->duration_ns;
	return end || at_ns == 0 ? at_ns : at_ns - 1;
}

void
recorder_frame(struct recorder *r, const struct rd_image *im,
	const pixman_region32_t *damage, const struct rd_screen_frame *f, const struct passage *p)
{
	if (r->over)
		return;
	if (recorder_leaps(r, f->time_ns)) {
		recorder_failed(r, -EPROTO, "the time of a picture");
		return;
	}
	uint64_t at = timeline_heard(&r->timeline, f->time_ns, rd_clock_ns());
	bool late = recorder_now(r) > at + LAG_NS;
	if (!r->begun)
		begin(r, im, p, f->time_ns);
	else
		recorder_catch_up(r, until(r, at));
	if (r->over || r->limit)
		return;
	follow_size(r, im, at);
	if (canvas_show(&r->canvas, im, damage) != 0) {
		recorder_failed(r, -ENOMEM, "a picture of that size");
		return;
	}
	if (can_pass(r, im, p, at)) {
		pass(r, p, at);
	} else {
		stop_passing(r);
		r->dirty = true;
		r->dirty_ns = at;
		/* The newest picture wins, and here is the place. */
		if (r->o->fps == 0 && !late && recorder_affordable(r) <= at)
			recorder_take(r, at, false);
	}
	recorder_schedule(r);
}

/* The pointer has changed; nothing else says so. */
static void
pointed(struct recorder *r, bool was, uint64_t time_ns)
{
	uint64_t at = r->timeline.begun
		? timeline_heard(&r->timeline, time_ns, rd_clock_ns()) : 0;
	if (!r->begun || r->over || (!was && !canvas_has_pointer(&r->canvas)))
		return;
	stop_passing(r);
	if (!r->dirty)
		r->dirty_ns = at;
	r->dirty = true;
	recorder_schedule(r);
}

/* Before the pointer moves, what was until then is taken. */
static void
before(struct recorder *r, uint64_t stream_ns)
{
	if (!r->timeline.begun || r->over)
		return;
	recorder_catch_up(r, until(r, timeline_heard(&r->timeline, stream_ns, rd_clock_ns())));
}

void
recorder_shape(struct recorder *r, const struct rd_cursor *shape, uint64_t time_ns)
{
	bool was = canvas_has_pointer(&r->canvas);
	before(r, time_ns);
	canvas_shape(&r->canvas, shape);
	pointed(r, was, time_ns);
}

void
recorder_pointer(struct recorder *r, const struct rd_pointer_at *at, uint64_t time_ns)
{
	bool was = canvas_has_pointer(&r->canvas);
	before(r, time_ns);
	canvas_pointer(&r->canvas, at);
	pointed(r, was, time_ns);
}

uint64_t
recorder_last(struct recorder *r, uint64_t end_ns)
{
	recorder_catch_up(r, end_ns);
	if (r->over || r->o->fps > 0)
		return end_ns;
	/* What has stood for long is said once more, so that players come to the end. */
	bool stands = end_ns > r->last_ns + RECORDER_BEAT_NS, coarse = !r->passing && shutter_coarse(&r->shutter);
	if (r->passing && stands)
		stop_passing(r);
	if (r->dirty || coarse || (!r->passing && stands))
		recorder_take(r, end_ns > r->last_ns + LAST_NS ? end_ns - LAST_NS : r->last_ns + LAST_NS,
			coarse && !r->dirty);
	return end_ns > r->last_ns ? end_ns : r->last_ns + LAST_NS;
}

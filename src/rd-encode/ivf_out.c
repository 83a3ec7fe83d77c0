#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/encoder.h"
#include "rd-encode/ivf_file.h"
#include "rd-encode/ivf_out.h"
#include "rd-encode/ivf_picture.h"
#include "rd-encode/ivf_rate.h"

/* A key frame to seek to, after so much changed content. */
#define KEY_EVERY_S 10

struct ivf_out {
	const struct options *opt;
	const struct ivf_out_ops *ops;
	void *ctx;
	struct ivf_file file;

	/* frames */
	struct rd_encoder *enc;	/* NULL: no picture has come yet */
	struct ivf_picture picture;
	struct ivf_rate rate;
	uint64_t key_in;	/* changed frames until the next key frame */

	/* time */
	bool live;
	bool paced;		/* frame k shows what was at k/fps; else every picture */
	bool finishing;		/* what is left is written, however much is queued */
	uint64_t first_ns, last_ns; /* of the pictures: stream time, or clock when live */
	struct rd_timer tick;
};

static void tick(void *ctx);

/* what the file says */

static void
on_room(void *ctx)
{
	struct ivf_out *o = ctx;
	tick(o);
	o->ops->room(o->ctx);
}

static void
on_over(void *ctx, int error)
{
	struct ivf_out *o = ctx;
	rd_timer_clear(&o->tick);
	o->ops->closed(o->ctx, error);
}

static const struct ivf_file_ops file_ops = {.room = on_room, .over = on_over};

int
ivf_out_open(struct ivf_out **out, struct rd_loop *loop, int fd,
	const struct options *opt, const struct ivf_out_ops *ops, void *ctx)
{
	struct ivf_out *o = xcalloc(1, sizeof(*o));
	o->opt = opt;
	o->ops = ops;
	o->ctx = ctx;
	ivf_picture_init(&o->picture);
	rd_timer_open(&o->tick, loop, tick, o);
	int err = ivf_file_open(&o->file, loop, fd, &file_ops, o);
	if (err < 0) {
		ivf_out_close(o);
		return err;
	}
	*out = o;
	return 0;
}

void
ivf_out_close(struct ivf_out *o)
{
	if (!o)
		return;
	ivf_file_close(&o->file);
	rd_timer_close(&o->tick);
	rd_encoder_close(o->enc);
	ivf_picture_finish(&o->picture);
	free(o);
}

void
ivf_out_live(struct ivf_out *o, bool live)
{
	o->live = live;
	o->paced = live || o->opt->fps > 0;
	if (o->paced)
		o->rate = ivf_rate_of(o->opt->fps > 0 ? o->opt->fps : IVF_RATE_DEFAULT);
}

bool
ivf_out_busy(const struct ivf_out *o)
{
	return ivf_file_busy(&o->file);
}

uint64_t
ivf_out_frames(const struct ivf_out *o)
{
	return o->file.frames;
}

/* frames */

static void
put_header(struct ivf_out *o)
{
	const struct rd_encoder_ops *codec = rd_encoder_find(o->opt->codec);
	const struct rd_image *im = &o->picture.im;
	/* codecs code even sizes; see codec/yuv.h */
	ivf_file_header(&o->file, codec->fourcc, (im->width + 1) & ~1, (im->height + 1) & ~1,
		o->rate.frames, o->rate.seconds);
}

static int
put_frame(struct ivf_out *o)
{
	struct ivf_picture *p = &o->picture;
	bool moved = pixman_region32_not_empty(&p->changed);
	bool key = o->file.frames == 0 || (moved && o->key_in == 1);
	struct rd_packet packet;
	int err = rd_encoder_encode(o->enc, &p->im, &p->changed, key,
		ivf_rate_time(o->rate, o->file.frames), &packet);
	if (err < 0)
		return err;
	pixman_region32_clear(&p->changed);
	if (key)
		o->key_in = ivf_rate_frames(o->rate, KEY_EVERY_S) + 1;
	else if (moved)
		o->key_in--;
	ivf_file_frame(&o->file, packet.data, packet.len);
	return 0;
}

static uint64_t
frame_time(const struct ivf_out *o)
{
	return o->first_ns + ivf_rate_time(o->rate, o->file.frames);
}

/* Frames before `time_ns`: 0, -EAGAIN when the queue is full, or another error. */
static int
frames_before(struct ivf_out *o, uint64_t time_ns)
{
	while (!o->file.over && frame_time(o) < time_ns) {
		if (ivf_out_busy(o) && !o->finishing)
			return -EAGAIN;
		int err = put_frame(o);
		if (err < 0)
			return err;
	}
	return 0;
}

static void
tick(void *ctx)
{
	struct ivf_out *o = ctx;
	if (!o->live || !o->enc || o->file.over)
		return;
	uint64_t now = rd_clock_ns();
	int err = frames_before(o, now);
	if (err == -EAGAIN)
		return;
	if (err < 0)
		o->ops->failed(o->ctx, err);
	else if (!o->file.over)
		rd_timer_set(&o->tick, frame_time(o) - now + 1);
}

/* pictures */

static int
start(struct ivf_out *o, const struct rd_image *im, uint64_t time_ns)
{
	const struct rd_encoder_config cfg = {
		.codec = o->opt->codec,
		.width = im->width,
		.height = im->height,
		.yuv444 = o->opt->yuv444,
		.threads = o->opt->threads,
		.quantizer = o->opt->quantizer,
	};
	int err = ivf_picture_size(&o->picture, im->width, im->height);
	if (err == 0)
		err = rd_encoder_open(&o->enc, &cfg);
	if (err < 0)
		return err;
	o->first_ns = time_ns;
	if (o->rate.frames)
		put_header(o);
	return 0;
}

/* The second picture's time tells the rate of the source. */
static void
learn_rate(struct ivf_out *o, uint64_t time_ns)
{
	if (o->rate.frames || o->file.frames == 0)
		return;
	o->rate = ivf_rate_of_gap(time_ns > o->first_ns ? time_ns - o->first_ns : 0);
	put_header(o);
}

int
ivf_out_picture(struct ivf_out *o, const struct rd_image *im,
	const pixman_region32_t *damage, uint64_t time_ns)
{
	int err = 0;
	if (o->live)
		time_ns = rd_clock_ns();
	if (!o->enc)
		err = start(o, im, time_ns);
	else if (o->paced)
		err = frames_before(o, time_ns);
	else
		learn_rate(o, time_ns);
	/* a live picture is the newest one, however far the frames have come */
	if (err < 0 && !(err == -EAGAIN && o->live))
		return err;
	ivf_picture_show(&o->picture, im, damage);
	o->last_ns = time_ns;
	if (!o->paced)
		return put_frame(o);
	tick(o);
	return 0;
}

void
ivf_out_finish(struct ivf_out *o)
{
	o->finishing = true;
	rd_timer_clear(&o->tick);
	if (o->enc && o->paced) {
		int err = frames_before(o, (o->live ? rd_clock_ns() : o->last_ns) + 1);
		if (err < 0) {
			o->ops->failed(o->ctx, err);
			return;
		}
	}
	if (o->enc && !o->rate.frames) {
		o->rate = ivf_rate_of(IVF_RATE_DEFAULT);
		put_header(o);
	}
	ivf_file_finish(&o->file);
}

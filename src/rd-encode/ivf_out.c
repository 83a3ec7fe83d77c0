#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/mem.h"
#include "codec/encoder.h"
#include "media/ivf.h"
#include "rd-encode/ivf_out.h"

/* Where the rate is neither given nor to be seen in the times. */
#define FPS_DEFAULT 30
/* A key frame to seek to, after so much changed content. */
#define KEY_EVERY_S 10
/* Queued beyond this we are busy. */
#define QUEUE_HIGH ((size_t)1 << 20)
/*
 * A pipe that polls writable takes a page without blocking (pipe(7)), and we
 * may not make it non-blocking: others have it too.
 */
#define WRITE_PIECE 4096

struct ivf_out {
	const struct options *opt;
	const struct ivf_out_ops *ops;
	void *ctx;

	/* bytes on their way out; the header is the first of them */
	int fd;
	struct rd_fd watch;	/* off for regular files, which never wait */
	bool watched;
	struct rd_buf queue;
	size_t written;		/* of the queue */
	off_t start;		/* where the header lies, -1: cannot go back there */
	bool finishing;
	bool over;

	/* frames */
	struct rd_encoder *enc;
	struct rd_image picture; /* what the next frame shows */
	pixman_region32_t changed; /* of it since the last frame */
	unsigned rate, scale;	/* frames a second: rate / scale; 0: not known yet */
	uint64_t frames;
	uint64_t key_in;	/* changed frames until the next key frame */

	/* time */
	bool live;
	bool paced;		/* frame k shows what was at k/fps; else every picture */
	bool was_busy;
	uint64_t first_ns, last_ns; /* of the pictures: stream time, or clock when live */
	struct rd_timer tick;
};

static void tick(void *ctx);
static void writable(void *ctx, unsigned events);

/* As a fraction: 30/1, 30000/1001, else in thousandths. */
static void
set_rate(struct ivf_out *o, double fps)
{
	double whole = round(fps), film = round(fps * 1.001);
	if (fabs(fps - whole) < 0.0005) {
		o->rate = (unsigned)whole;
		o->scale = 1;
	} else if (fabs(fps - film / 1.001) < 0.0005) {
		o->rate = (unsigned)film * 1000;
		o->scale = 1001;
	} else {
		o->rate = (unsigned)round(fps * 1000);
		o->scale = 1000;
	}
}

/* Where the header can be patched: a file that is not appended to. */
static off_t
header_place(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || flags & O_APPEND)
		return -1;
	return lseek(fd, 0, SEEK_CUR);
}

int
ivf_out_open(struct ivf_out **out, struct rd_loop *loop, int fd,
	const struct options *opt, const struct ivf_out_ops *ops, void *ctx)
{
	struct ivf_out *o = xcalloc(1, sizeof(*o));
	o->opt = opt;
	o->ops = ops;
	o->ctx = ctx;
	o->fd = fd;
	o->start = header_place(fd);
	pixman_region32_init(&o->changed);
	rd_timer_open(&o->tick, loop, tick, o);
	int err = rd_fd_open(&o->watch, loop, fd, writable, o);
	if (err < 0 && err != -EPERM) {
		ivf_out_close(o);
		return err;
	}
	o->watched = err == 0;
	if (o->watched)
		rd_fd_want(&o->watch, RD_HANGUP);
	rd_buf_room(&o->queue, RD_IVF_HEADER_SIZE);
	o->queue.len = RD_IVF_HEADER_SIZE;
	*out = o;
	return 0;
}

void
ivf_out_close(struct ivf_out *o)
{
	if (!o)
		return;
	rd_fd_close(&o->watch);
	rd_timer_close(&o->tick);
	rd_encoder_close(o->enc);
	rd_image_finish(&o->picture);
	pixman_region32_fini(&o->changed);
	rd_buf_finish(&o->queue);
	free(o);
}

void
ivf_out_live(struct ivf_out *o, bool live)
{
	o->live = live;
	o->paced = live || o->opt->fps > 0;
	if (o->opt->fps > 0)
		set_rate(o, o->opt->fps);
	else if (live)
		set_rate(o, FPS_DEFAULT);
}

bool
ivf_out_busy(const struct ivf_out *o)
{
	return o->queue.len - o->written > QUEUE_HIGH;
}

uint64_t
ivf_out_frames(const struct ivf_out *o)
{
	return o->frames;
}

/* writing */

static void
over(struct ivf_out *o, int error)
{
	if (o->over)
		return;
	o->over = true;
	rd_timer_clear(&o->tick);
	if (o->watched)
		rd_fd_want(&o->watch, 0);
	o->ops->closed(o->ctx, error);
}

static bool
would_wait(const struct ivf_out *o)
{
	struct pollfd p = {.fd = o->fd, .events = POLLOUT};
	return o->watched && poll(&p, 1, 0) == 0;
}

/* Bytes 24 to 27 of the header count the frames. */
static void
patch_count(struct ivf_out *o)
{
	uint8_t count[4];
	for (int i = 0; i < 4; i++)
		count[i] = (uint8_t)(o->frames >> 8 * i);
	if (o->start >= 0 && pwrite(o->fd, count, sizeof(count), o->start + 24) < 0)
		over(o, -errno);
}

/* Writes until the queue is empty or would block; negative errno on failure. */
static int
write_queue(struct ivf_out *o)
{
	while (o->written < o->queue.len && !would_wait(o)) {
		size_t n = o->queue.len - o->written;
		if (o->watched && n > WRITE_PIECE)
			n = WRITE_PIECE;
		ssize_t done = write(o->fd, o->queue.data + o->written, n);
		if (done < 0 && errno == EAGAIN)
			break;
		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0)
			o->written += (size_t)done;
	}
	if (o->written == o->queue.len) {
		rd_buf_reset(&o->queue);
		o->written = 0;
	}
	return 0;
}

/* Nothing leaves before the rate is known, which the header tells. */
static void
flush(struct ivf_out *o)
{
	if (o->over || o->rate == 0)
		return;
	int err = write_queue(o);
	if (err < 0) {
		over(o, err);
		return;
	}
	if (o->watched)
		rd_fd_want(&o->watch, RD_HANGUP | (o->queue.len ? RD_WRITE : 0));
	if (o->finishing && o->queue.len == 0) {
		patch_count(o);
		over(o, 0);
	}
}

/* A socket's peer may have ended its own direction only; that is no matter here. */
static bool
reader_gone(const struct ivf_out *o)
{
	struct pollfd p = {.fd = o->fd};
	return poll(&p, 1, 0) > 0 && p.revents & (POLLERR | POLLHUP);
}

static void
writable(void *ctx, unsigned events)
{
	struct ivf_out *o = ctx;
	if (events & RD_HANGUP && reader_gone(o)) {
		over(o, -EPIPE);
		return;
	}
	flush(o);
	if (o->was_busy && !ivf_out_busy(o) && !o->over) {
		o->was_busy = false;
		tick(o);
		o->ops->room(o->ctx);
	}
}

/* frames */

static void
put_header(struct ivf_out *o)
{
	const struct rd_encoder_ops *codec = rd_encoder_find(o->opt->codec);
	/* codecs code even sizes; see codec/yuv.h */
	rd_ivf_header(o->queue.data, codec->fourcc, (o->picture.width + 1) & ~1,
		(o->picture.height + 1) & ~1, o->rate, o->scale, 0);
}

static int
put_frame(struct ivf_out *o)
{
	bool moved = pixman_region32_not_empty(&o->changed);
	bool key = o->frames == 0 || (moved && o->key_in == 1);
	struct rd_packet packet;
	uint64_t time_ns = o->frames * RD_NS_PER_S * (o->scale ? o->scale : 1) /
		(o->rate ? o->rate : FPS_DEFAULT);
	int err = rd_encoder_encode(o->enc, &o->picture, &o->changed, key, time_ns, &packet);
	if (err < 0)
		return err;
	uint8_t head[RD_IVF_FRAME_SIZE];
	rd_ivf_frame(head, (uint32_t)packet.len, o->frames++);
	rd_buf_bytes(&o->queue, head, sizeof(head));
	rd_buf_bytes(&o->queue, packet.data, packet.len);
	pixman_region32_clear(&o->changed);
	if (key)
		o->key_in = KEY_EVERY_S * (o->rate ? o->rate / o->scale : FPS_DEFAULT) + 1;
	else if (moved)
		o->key_in--;
	flush(o);
	o->was_busy |= ivf_out_busy(o);
	return 0;
}

static uint64_t
frame_time(const struct ivf_out *o)
{
	return o->first_ns + o->frames * RD_NS_PER_S * o->scale / o->rate;
}

/* Frames before `time_ns`: 0, -EAGAIN when the queue is full, or another error. */
static int
frames_before(struct ivf_out *o, uint64_t time_ns)
{
	while (!o->over && frame_time(o) < time_ns) {
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
	if (!o->live || !o->enc || o->over)
		return;
	uint64_t now = rd_clock_ns();
	int err = frames_before(o, now);
	if (err == -EAGAIN)
		return;
	if (err < 0)
		o->ops->failed(o->ctx, err);
	else if (!o->over)
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
	int err = rd_image_init(&o->picture, im->width, im->height);
	if (err == 0)
		err = rd_encoder_open(&o->enc, &cfg);
	if (err < 0)
		return err;
	o->first_ns = time_ns;
	if (o->rate)
		put_header(o);
	return 0;
}

/* The largest place of the first size that has the shape of this one. */
static struct rd_rect
fit(const struct rd_image *into, int width, int height)
{
	int w = into->width, h = into->height;
	if ((int64_t)width * h > (int64_t)height * w)
		h = (int)((int64_t)height * w / width);
	else
		w = (int)((int64_t)width * h / height);
	w = w > 0 ? w : 1;
	h = h > 0 ? h : 1;
	return (struct rd_rect){(into->width - w) / 2, (into->height - h) / 2, w, h};
}

static void
show_fitted(struct ivf_out *o, const struct rd_image *im)
{
	struct rd_image *p = &o->picture;
	struct rd_rect all = {0, 0, p->width, p->height};
	struct rd_rect place = fit(p, im->width, im->height);
	struct rd_image part = {
		.data = rd_image_at(p, place.x, place.y),
		.stride = p->stride,
		.width = place.w,
		.height = place.h,
	};
	rd_image_fill(p, all, 0);
	rd_image_scale(&part, im);
	rd_region_add(&o->changed, all);
}

static void
show(struct ivf_out *o, const struct rd_image *im, const pixman_region32_t *damage)
{
	if (im->width != o->picture.width || im->height != o->picture.height) {
		show_fitted(o, im);
		return;
	}
	int n;
	const pixman_box32_t *box = pixman_region32_rectangles(damage, &n);
	for (int i = 0; i < n; i++)
		rd_image_copy(&o->picture, im, rd_rect_of_box(&box[i]));
	pixman_region32_union(&o->changed, &o->changed, damage);
}

/* The second picture's time tells the rate of the source. */
static void
learn_rate(struct ivf_out *o, uint64_t time_ns)
{
	if (o->rate != 0 || o->frames == 0)
		return;
	double fps = time_ns > o->first_ns ?
		(double)RD_NS_PER_S / (double)(time_ns - o->first_ns) : FPS_DEFAULT;
	set_rate(o, fps >= 0.1 && fps <= 1000 ? fps : FPS_DEFAULT);
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
	show(o, im, damage);
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
	if (o->rate == 0) {
		set_rate(o, FPS_DEFAULT);
		if (o->enc)
			put_header(o);
	}
	if (!o->enc)
		rd_buf_reset(&o->queue);
	flush(o);
}

#include "codec/screen.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "codec/exact.h"
#include "codec/screen_video.h"
#include "wire/msg_picture.h"

struct rd_screen {
	struct rd_image image;
	pixman_region32_t damage;
	struct rd_exact_dec *exact;
	struct screen_video video;

	bool in_frame;
	bool passing_over;	/* this frame does not stand on what we have */
	bool lost;		/* so do all until a sync point */
	uint32_t last;		/* number of the last whole frame, 0 before it */
	struct rd_screen_frame frame;
};

int
rd_screen_open(struct rd_screen **out)
{
	struct rd_screen *s = xcalloc(1, sizeof(*s));
	int err = rd_exact_dec_open(&s->exact);

	if (err) {
		free(s);
		return err;
	}
	pixman_region32_init(&s->damage);
	*out = s;
	return 0;
}

void
rd_screen_close(struct rd_screen *s)
{
	if (!s)
		return;
	screen_video_close(&s->video);
	rd_exact_dec_close(s->exact);
	rd_image_finish(&s->image);
	pixman_region32_fini(&s->damage);
	free(s);
}

static void
paint(struct rd_screen *s, struct rd_rect r, int64_t *kind)
{
	rd_region_add(&s->damage, r);
	*kind += rd_rect_area(r);
}

static bool
inside(const struct rd_screen *s, struct rd_rect r)
{
	return rd_rect_inside(r, s->image.width, s->image.height);
}

/* A picture of another size: black until the frame paints it. */
static int
resize(struct rd_screen *s, int width, int height)
{
	struct rd_image im;
	int err = rd_image_init(&im, width, height);

	if (err)
		return err;
	rd_image_finish(&s->image);
	s->image = im;
	screen_video_close(&s->video);
	pixman_region32_clear(&s->damage);
	rd_region_add(&s->damage, (struct rd_rect){0, 0, width, height});
	s->frame.resized = true;
	return 0;
}

/* History starts again. */
static void
forget(struct rd_screen *s)
{
	rd_exact_dec_reset(s->exact);
	screen_video_sync(&s->video);
	s->lost = false;
}

/* A sync point: nothing before it counts. */
static int
begin_anew(struct rd_screen *s, const struct rd_begin *b, const char **why)
{
	s->passing_over = false;
	forget(s);
	if (b->width == s->image.width && b->height == s->image.height)
		return 0;
	*why = "there is no memory for the picture";
	return resize(s, b->width, b->height);
}

/* A frame based on the one before it; where that is lost, it is passed over. */
static int
begin_on(struct rd_screen *s, const struct rd_begin *b, const char **why)
{
	if (!s->last || b->base != s->last)
		s->lost = true;
	s->passing_over = s->lost;
	if (s->lost || (b->width == s->image.width && b->height == s->image.height))
		return 0;
	*why = "the picture's size changes without a sync point";
	return -EPROTO;
}

static int
begin(struct rd_screen *s, const struct rd_msg *m, const char **why)
{
	struct rd_begin b;

	if (s->in_frame) {
		*why = "a frame begins inside another";
		return -EPROTO;
	}
	if (rd_begin_parse(&b, m->data, m->len) || !rd_image_size_ok(b.width, b.height)) {
		*why = "a frame begins with a size or number that cannot be";
		return -EPROTO;
	}
	s->frame = (struct rd_screen_frame){
		.number = b.number,
		.time_ns = m->time_ns,
		.sync = b.flags & RD_BEGIN_SYNC,
	};
	s->in_frame = true;
	return s->frame.sync ? begin_anew(s, &b, why) : begin_on(s, &b, why);
}

static int
raw(struct rd_screen *s, const struct rd_msg *m)
{
	struct rd_raw u;

	if (rd_raw_parse(&u, m->data, m->len) || !inside(s, u.rect))
		return -EPROTO;
	rd_image_put(&s->image, u.rect, u.pixels);
	paint(s, u.rect, &s->frame.painted.raw);
	return 0;
}

static int
copy(struct rd_screen *s, const struct rd_msg *m)
{
	int64_t picture = (int64_t)s->image.width * s->image.height;
	int n = rd_copy_count(m->data, m->len);

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		struct rd_copy c;
		struct rd_rect to;

		if (rd_copy_parse(&c, m->data, m->len, i))
			return -EPROTO;
		to = (struct rd_rect){c.to_x, c.to_y, c.from.w, c.from.h};
		if (!inside(s, c.from) || !inside(s, to))
			return -EPROTO;
		/* 12 bytes that move a picture: so many a frame, or a viewer would hang. */
		if (s->frame.painted.copy + rd_rect_area(to) > RD_COPY_PICTURES * picture)
			return -EPROTO;
		rd_image_move(&s->image, c.from, c.to_x, c.to_y);
		paint(s, to, &s->frame.painted.copy);
	}
	return 0;
}

static int
exact(struct rd_screen *s, const struct rd_msg *m)
{
	struct rd_exact u;
	int err;

	if (rd_exact_parse(&u, m->data, m->len))
		return -EPROTO;
	for (int i = 0; i < u.count; i++)
		if (!inside(s, rd_exact_rect(&u, i)))
			return -EPROTO;
	err = rd_exact_dec_get(s->exact, &u, &s->image);
	if (err)
		return err;
	for (int i = 0; i < u.count; i++)
		paint(s, rd_exact_rect(&u, i), &s->frame.painted.exact);
	return 0;
}

static int
video(struct rd_screen *s, const struct rd_msg *m)
{
	struct rd_video u;
	int done, err = rd_video_parse(&u, m->data, m->len);

	if (err)
		return err;
	if (!inside(s, u.rect))
		return -EPROTO;
	done = screen_video_take(&s->video, &u, &s->image);
	if (done <= 0)
		return done;
	paint(s, u.rect, &s->frame.painted.video);
	return 0;
}

static int
show(struct rd_screen *s, const struct rd_msg *m, struct rd_screen_frame *f)
{
	uint8_t flags;

	if (rd_show_parse(&flags, m->data, m->len))
		return -EPROTO;
	s->in_frame = false;
	if (s->passing_over)
		return 0;
	if (!screen_video_whole(&s->video))
		return -EPROTO;
	s->last = s->frame.number;
	s->frame.exact = flags & RD_SHOW_EXACT;
	*f = s->frame;
	return 1;
}

static int
update(struct rd_screen *s, const struct rd_msg *m)
{
	switch (m->type) {
	case RD_MSG_RAW:
		return raw(s, m);
	case RD_MSG_COPY:
		return copy(s, m);
	case RD_MSG_EXACT:
		return exact(s, m);
	case RD_MSG_VIDEO:
		return video(s, m);
	default:
		return 0;
	}
}

int
rd_screen_message(struct rd_screen *s, const struct rd_msg *m, struct rd_screen_frame *f,
	const char **why)
{
	int err = 0;

	/* A type that is not known may stand anywhere. */
	if (rd_msg_class(m->type) != RD_CLASS_PICTURE || !rd_msg_name(m->type))
		return 0;
	if (m->type == RD_MSG_BEGIN) {
		err = begin(s, m, why);
		s->frame.bytes += RD_MSG_HEADER_SIZE + m->len;
		return err;
	}
	if (!s->in_frame) {
		*why = "an update comes outside a frame";
		return -EPROTO;
	}
	s->frame.bytes += RD_MSG_HEADER_SIZE + m->len;
	if (m->type == RD_MSG_SHOW) {
		err = show(s, m, f);
		*why = "a frame ends in the middle of a video packet";
		return err;
	}
	if (s->passing_over)
		return 0;
	err = update(s, m);
	if (err == -ENOTSUP)
		*why = "its video codec is not in this build";
	else if (err)
		*why = "an update is broken or outside the picture";
	return err;
}

bool
rd_screen_lost(const struct rd_screen *s)
{
	return s->lost;
}

const struct rd_image *
rd_screen_image(const struct rd_screen *s)
{
	return &s->image;
}

const pixman_region32_t *
rd_screen_damage(const struct rd_screen *s)
{
	return &s->damage;
}

void
rd_screen_clean(struct rd_screen *s)
{
	pixman_region32_clear(&s->damage);
}

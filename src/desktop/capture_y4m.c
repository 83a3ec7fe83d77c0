#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/capture_source.h"
#include "media/image.h"
#include "media/y4m_reader.h"

/*
 * A film as a desktop. What can be waited for (a pipe) is read when the loop
 * says so, one read each time, which cannot block; files are read at once. One
 * frame is read ahead, and its differences from the last one are its damage.
 */
struct y4m {
	struct rd_capture base;
	int fd;
	char *name;		/* of the file, fit for a terminal */
	struct rd_y4m_reader in;
	struct rd_image shown, next; /* the frame of the last grab, and of the coming one */
	pixman_region32_t damage; /* what differs between them */
	bool ready;		/* `next` is there to be grabbed */
	bool over;		/* nothing will follow `next` */
	bool all;
	uint64_t n;		/* the number of the coming frame */
	struct rd_blob_pool *pool;
	struct rd_fd watch;	/* off for files */
	struct rd_timer turn;
	struct rd_capture_events ev;
	void *ctx;
};

/*
 * One read. 1: a frame is whole; 0: not yet; -ENODATA: the end, where it may
 * be; another negative errno.
 */
static int
read_some(struct y4m *y)
{
	size_t room;
	uint8_t *to = rd_y4m_reader_room(&y->in, &room);
	if (room == 0)
		return rd_y4m_reader_add(&y->in, 0);
	const ssize_t n = read(y->fd, to, room);
	if (n > 0)
		return rd_y4m_reader_add(&y->in, (size_t)n);
	if (n == 0)
		return rd_y4m_reader_at_end(&y->in) ? -ENODATA : -EPROTO;
	return errno == EINTR || errno == EAGAIN ? 0 : -errno;
}

/* What went wrong, for people. The caller frees. */
static char *
explain(const struct y4m *y, int err)
{
	if (err == -ENOTSUP)
		return xasprintf("%s has a chroma format that is not read here; "
			"4:2:0 and 4:4:4 of 8 bits are (ffmpeg -pix_fmt yuv420p)", y->name);
	if (err != -EPROTO)
		return xasprintf("%s cannot be read: %s", y->name, strerror(-err));
	if (!y->in.have_header)
		return xasprintf("%s is no YUV4MPEG2 file, or one whose picture is empty "
			"or larger than 8K", y->name);
	return xasprintf("%s is broken or cut short at frame %llu", y->name,
		(unsigned long long)y->n);
}

/* The frame that is whole becomes `next`, and its differences `damage`. */
static int
take_frame(struct y4m *y)
{
	const struct rd_y4m_header *h = &y->in.header;
	int err = 0;
	if (!y->next.data)
		err = rd_image_init(&y->next, h->width, h->height);
	if (!err && !y->shown.data)
		err = rd_image_init(&y->shown, h->width, h->height);
	if (err)
		return err;
	rd_y4m_to_image(h, y->in.planes, &y->next);
	pixman_region32_clear(&y->damage);
	rd_image_diff(&y->shown, &y->next, &y->damage);
	rd_region_simplify(&y->damage, RD_GRAB_PARTS_MAX);
	y->ready = true;
	return 0;
}

/* Tells the tool what has come of reading. The last thing done in a callback. */
static void
tell(struct y4m *y, int got)
{
	if (got > 0)
		got = take_frame(y);
	if (got == 0) {
		y->ev.damaged(y->ctx);
		return;
	}
	y->over = true;
	if (got == -ENODATA) {
		y->ev.ended(y->ctx, 0, NULL);
		return;
	}
	char *why = explain(y, got);
	y->ev.ended(y->ctx, got, why);
	free(why);
}

static void
on_readable(void *ctx, unsigned events)
{
	(void)events;
	struct y4m *y = ctx;
	const int got = read_some(y);
	if (got == 0)
		return;
	rd_fd_want(&y->watch, 0);
	tell(y, got);
}

/* Time for the next frame: from what was read already, or from the file. */
static void
on_turn(void *ctx)
{
	struct y4m *y = ctx;
	int got = rd_y4m_reader_add(&y->in, 0);
	if (got == 0 && y->watch.ev) {
		rd_fd_want(&y->watch, RD_READ);
		return;
	}
	while (got == 0)
		got = read_some(y);
	tell(y, got);
}

static int
open_file(struct y4m *y, const char *path, char **why)
{
	if (strcmp(path, "-") == 0) {
		y->name = xstrdup("standard input");
		y->fd = STDIN_FILENO;
		return 0;
	}
	y->name = rd_log_escape(path, strlen(path), 200);
	y->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (y->fd >= 0)
		return 0;
	const int err = -errno;
	*why = xasprintf("%s cannot be opened: %s", y->name, strerror(-err));
	return err;
}

/* Up to the end of the header, so that a file of another kind fails at once. */
static int
read_header(struct y4m *y, char **why)
{
	int got = 0;
	while (got == 0 && !y->in.have_header)
		got = read_some(y);
	if (got >= 0 || got == -ENODATA)
		return 0;
	*why = explain(y, got);
	return got;
}

static int
start(struct y4m *y, struct rd_loop *loop, const char *path, char **why)
{
	int err = open_file(y, path, why);
	if (err)
		return err;
	rd_timer_open(&y->turn, loop, on_turn, y);
	err = rd_fd_open(&y->watch, loop, y->fd, on_readable, y);
	if (err == -EPERM) /* a file: it can always be read */
		err = read_header(y, why);
	else if (err)
		*why = explain(y, err);
	if (!err)
		rd_timer_set(&y->turn, 0);
	return err;
}

static void
y4m_close(struct rd_capture *c)
{
	struct y4m *y = (struct y4m *)c;
	rd_fd_close(&y->watch);
	rd_timer_close(&y->turn);
	if (y->fd > STDIN_FILENO)
		close(y->fd);
	rd_y4m_reader_finish(&y->in);
	rd_image_finish(&y->shown);
	rd_image_finish(&y->next);
	pixman_region32_fini(&y->damage);
	free(y->name);
	free(y);
}

static int
y4m_open(struct rd_capture **out, struct rd_loop *loop, const struct rd_capture_config *cfg,
	const struct rd_capture_events *ev, void *ctx, char **why)
{
	if (!cfg->path) {
		*why = xstrdup("the y4m source reads a file: y4m:FILE, or y4m:- for standard input");
		return -EINVAL;
	}
	struct y4m *y = xcalloc(1, sizeof(*y));
	*y = (struct y4m){
		.base.ops = &rd_capture_y4m,
		.fd = -1,
		.all = true,
		.pool = cfg->pool,
		.ev = *ev,
		.ctx = ctx,
	};
	pixman_region32_init(&y->damage);
	const int err = start(y, loop, cfg->path, why);
	if (err) {
		y4m_close(&y->base);
		return err;
	}
	*out = &y->base;
	return 0;
}

/* The grabbed frame is now the one that the coming one differs from. */
static void
go_on(struct y4m *y)
{
	const struct rd_image shown = y->next;
	y->next = y->shown;
	y->shown = shown;
	y->ready = false;
	y->all = false;
	y->n++;
	(void)rd_y4m_reader_next(&y->in); /* on_turn asks again */
	rd_timer_set(&y->turn, 0);
}

static int
y4m_grab(struct rd_capture *c, struct rd_grab *g)
{
	struct y4m *y = (struct y4m *)c;
	if (!y->ready)
		return y->over ? -ENODATA : -EAGAIN;
	const struct rd_y4m_header *h = &y->in.header;
	if (y->all)
		rd_region_add(&y->damage, (struct rd_rect){0, 0, h->width, h->height});
	const int err = rd_grab_init(g, y->pool, h->width, h->height, &y->damage);
	if (err)
		return err;
	for (int i = 0; i < g->count; i++)
		rd_image_get(&y->next, g->part[i].rect, g->blob->data + g->part[i].offset);
	g->time_ns = rd_frame_time_ns(y->n, h->fps_num, h->fps_den);
	g->all = y->all;
	go_on(y);
	return 0;
}

static void
y4m_refresh(struct rd_capture *c)
{
	((struct y4m *)c)->all = true;
}

const struct rd_capture_ops rd_capture_y4m = {
	.name = "y4m",
	.help = "a YUV4MPEG2 file, or - for standard input",
	.open = y4m_open,
	.grab = y4m_grab,
	.refresh = y4m_refresh,
	.close = y4m_close,
};

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <xcb/shm.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_fetch.h"
#include "desktop/x11_format.h"
#include "desktop/x11_stage.h"

enum way { SHARED, SYSV, PLAIN };

/* Blobs the server has mapped: those of a pool come again and again. */
#define SEGMENTS_MAX 8

struct segment {
	/* A blob's address may be another blob's later; its memfd's inode is not. */
	ino_t inode;
	xcb_shm_seg_t seg;	/* 0: a free place */
};

struct rd_x11_fetch {
	const struct rd_x11 *x;
	struct rd_x11_format format;
	enum way way;
	struct segment segments[SEGMENTS_MAX];
	unsigned oldest;
	struct rd_x11_stage stage;
};

/* One batch: what is asked for, and where the server is to put it. */
struct batch {
	struct rd_grab *grab;
	int count;
	xcb_drawable_t drawable;
	int dx, dy;
	xcb_shm_seg_t seg;
	bool staged;
	size_t offset[RD_X11_FETCH_MAX]; /* within the segment */
	unsigned sequence[RD_X11_FETCH_MAX];
};

const char *
rd_x11_fetch_name(const struct rd_x11_fetch *f)
{
	static const char *const names[] = {"shared", "sysv", "plain"};
	return names[f->way];
}

/* Whether the server takes descriptors: tried, as no version number says. */
static bool
takes_descriptors(const struct rd_x11 *x)
{
	struct rd_blob *b = rd_blob_shared(4096);
	if (!b)
		return false;
	xcb_shm_seg_t seg = xcb_generate_id(x->conn);
	int err = rd_x11_attach_fd(x, seg, b->fd);
	xcb_void_cookie_t detach = xcb_shm_detach_checked(x->conn, seg);
	/* Where the segment was not attached, letting go of it is an error. */
	xcb_generic_error_t *e = xcb_request_check(x->conn, detach);
	bool ok = !err && !e && !rd_x11_lost(x);
	free(e);
	rd_blob_unref(b);
	return ok;
}

static enum way
best_way(const struct rd_x11 *x)
{
	if (!rd_x11_local(x) || !rd_x11_extension(x, &xcb_shm_id))
		return PLAIN;
	xcb_shm_query_version_reply_t *v =
		xcb_shm_query_version_reply(x->conn, xcb_shm_query_version(x->conn), NULL);
	bool fds = v && (v->major_version > 1 || (v->major_version == 1 && v->minor_version >= 2));
	free(v);
	return fds && takes_descriptors(x) ? SHARED : SYSV;
}

int
rd_x11_fetch_open(struct rd_x11_fetch **out, const struct rd_x11 *x, xcb_visualid_t visual,
	uint8_t depth, char **why)
{
	struct rd_x11_format format;
	int err = rd_x11_format_find(&format, x, visual, depth, why);
	if (err)
		return err;
	struct rd_x11_fetch *f = xcalloc(1, sizeof(*f));
	f->x = x;
	f->format = format;
	f->way = best_way(x);
	*out = f;
	return 0;
}

void
rd_x11_fetch_forget(struct rd_x11_fetch *f)
{
	for (int i = 0; i < SEGMENTS_MAX; i++) {
		if (f->segments[i].seg)
			xcb_shm_detach(f->x->conn, f->segments[i].seg);
		f->segments[i] = (struct segment){0};
	}
	rd_x11_stage_drop(&f->stage, f->x);
}

void
rd_x11_fetch_close(struct rd_x11_fetch *f)
{
	if (!f)
		return;
	rd_x11_fetch_forget(f);
	free(f);
}

/* The segment by which the server knows a blob; attached at its first use. */
static int
segment_of(struct rd_x11_fetch *f, const struct rd_blob *blob, xcb_shm_seg_t *seg)
{
	struct stat st;
	if (fstat(blob->fd, &st) < 0)
		return -errno;
	for (int i = 0; i < SEGMENTS_MAX; i++) {
		if (f->segments[i].seg && f->segments[i].inode == st.st_ino) {
			*seg = f->segments[i].seg;
			return 0;
		}
	}
	struct segment *s = &f->segments[f->oldest];
	f->oldest = (f->oldest + 1) % SEGMENTS_MAX;
	if (s->seg)
		xcb_shm_detach(f->x->conn, s->seg);
	*s = (struct segment){st.st_ino, xcb_generate_id(f->x->conn)};
	*seg = s->seg;
	int err = rd_x11_attach_fd(f->x, s->seg, blob->fd);
	if (err)
		*s = (struct segment){0};
	return err;
}

/* Where each rectangle goes: its place in the blob, or one after another. */
static int
lay_out(struct rd_x11_fetch *f, struct batch *b)
{
	size_t total = 0;
	b->staged = f->way != SHARED || !f->format.direct || b->grab->blob->fd < 0;
	for (int i = 0; i < b->count; i++) {
		struct rd_rect r = b->grab->part[i].rect;
		b->offset[i] = b->staged ? total : b->grab->part[i].offset;
		/* MIT-SHM: offsets are multiples of 4. */
		total += (rd_x11_format_stride(&f->format, r.w) * (size_t)r.h + 3) & ~(size_t)3;
	}
	if (f->way == PLAIN)
		return 0;
	if (!b->staged)
		return segment_of(f, b->grab->blob, &b->seg);
	int err = rd_x11_stage_ensure(&f->stage, f->x, f->way == SYSV, total);
	b->seg = f->stage.seg;
	return err;
}

static void
ask(struct rd_x11_fetch *f, struct batch *b)
{
	xcb_connection_t *c = f->x->conn;
	uint32_t planes = f->format.plane_mask;
	for (int i = 0; i < b->count; i++) {
		struct rd_rect r = b->grab->part[i].rect;
		int16_t x = (int16_t)(r.x + b->dx), y = (int16_t)(r.y + b->dy);
		uint16_t w = (uint16_t)r.w, h = (uint16_t)r.h;
		if (f->way == PLAIN)
			b->sequence[i] = xcb_get_image(c, XCB_IMAGE_FORMAT_Z_PIXMAP, b->drawable,
				x, y, w, h, planes).sequence;
		else
			b->sequence[i] = xcb_shm_get_image(c, b->drawable, x, y, w, h, planes,
				XCB_IMAGE_FORMAT_Z_PIXMAP, b->seg, (uint32_t)b->offset[i]).sequence;
	}
}

static void
convert(struct rd_x11_fetch *f, struct batch *b, int i, const uint8_t *from)
{
	struct rd_rect r = b->grab->part[i].rect;
	f->format.convert(from, rd_x11_format_stride(&f->format, r.w),
		b->grab->blob->data + b->grab->part[i].offset, r.w, r.h);
}

/* A reply of either kind; NULL with *e, or without when the server is gone. */
static void *
wait_reply(struct rd_x11_fetch *f, struct batch *b, int i, xcb_generic_error_t **e)
{
	xcb_connection_t *c = f->x->conn;
	if (f->way == PLAIN)
		return xcb_get_image_reply(c, (xcb_get_image_cookie_t){b->sequence[i]}, e);
	return xcb_shm_get_image_reply(c, (xcb_shm_get_image_cookie_t){b->sequence[i]}, e);
}

/* Whether a reply has what was asked for: a server may be wrong, too. */
static bool
reply_fits(struct rd_x11_fetch *f, struct batch *b, int i, xcb_get_image_reply_t *reply)
{
	struct rd_rect r = b->grab->part[i].rect;
	size_t need = rd_x11_format_stride(&f->format, r.w) * (size_t)r.h;
	return (size_t)xcb_get_image_data_length(reply) >= need;
}

/* What an error means: -EAGAIN, or -ENOTSUP: not in this way. */
static int
judge(const struct rd_x11_fetch *f, const xcb_generic_error_t *e)
{
	rd_debug("X display %s: GetImage (%s): error %u", f->x->display, rd_x11_fetch_name(f), e->error_code);
	if (f->way == PLAIN || e->error_code == XCB_MATCH || e->error_code == XCB_DRAWABLE
			|| e->error_code == XCB_WINDOW)
		return -EAGAIN;
	return -ENOTSUP;
}

/* Awaits every reply: one that nobody fetches stays in xcb for ever. */
static int
receive(struct rd_x11_fetch *f, struct batch *b)
{
	int err = 0;
	for (int i = 0; i < b->count; i++) {
		xcb_generic_error_t *e = NULL;
		void *reply = wait_reply(f, b, i, &e);
		if (!reply && !err)
			err = e ? judge(f, e) : -EIO;
		else if (reply && !err && f->way == PLAIN && !reply_fits(f, b, i, reply))
			err = -EAGAIN;
		else if (reply && !err && f->way == PLAIN)
			convert(f, b, i, xcb_get_image_data(reply));
		free(reply);
		free(e);
	}
	return err;
}

static int
get(struct rd_x11_fetch *f, struct batch *b)
{
	int err = lay_out(f, b);
	if (err)
		return err;
	ask(f, b);
	err = receive(f, b);
	if (!err && f->way != PLAIN && b->staged) {
		for (int i = 0; i < b->count; i++)
			convert(f, b, i, f->stage.data + b->offset[i]);
	}
	return err;
}

int
rd_x11_fetch_get(struct rd_x11_fetch *f, xcb_drawable_t drawable, int dx, int dy,
	struct rd_grab *g, int count)
{
	assert(count <= RD_X11_FETCH_MAX);
	struct batch b = {.grab = g, .count = count, .drawable = drawable, .dx = dx, .dy = dy};
	int err;
	while ((err = get(f, &b)) < 0 && err != -EAGAIN && err != -EIO && f->way < PLAIN) {
		rd_x11_fetch_forget(f);
		f->way++;
		rd_info("display %s: shared memory fails (%s); going on by the way \"%s\"",
			f->x->display, strerror(-err), rd_x11_fetch_name(f));
	}
	return err;
}

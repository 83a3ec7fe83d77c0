#ifndef RD_DESKTOP_CAPTURE_H
#define RD_DESKTOP_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/blob.h"
#include "base/loop.h"
#include "desktop/hide.h"
#include "media/cursor.h"
#include "media/monitor.h"
#include "media/rect.h"

/*
 * A source of pictures: a desktop, a file, a test pattern. The tool asks for a
 * picture when its reader has room; until then damage gathers here, so nothing
 * is captured in vain and nothing is dropped later.
 */
struct rd_capture_config {
	const char *display;	/* X display, NULL: $DISPLAY */
	const char *monitor;	/* RandR output name or index; NULL: all */
	uint32_t window;	/* X window id; 0: the root, or … */
	const char *window_title; /* … the one that has this in its title; NULL */
	struct rd_rect region;	/* within the above; empty: all of it */
	const struct rd_hide *hide; /* of a desktop: never captured; NULL; outlives the source */
	int width, height;	/* test source */
	unsigned fps_num, fps_den; /* test source, 0: 30; for desktops a cap, 0: none */
	uint64_t frames;	/* test source: how many; 0: endless */
	bool paint_cursor;	/* into the picture, instead of cursor events */
	const char *path;	/* y4m source: a file, "-" for stdin */
	/*
	 * Memory for pixels. Sources that can, have it filled in place by whoever
	 * owns the pixels (MIT-SHM). NULL with EAGAIN: none free, try again after
	 * a release.
	 */
	struct rd_blob_pool *pool;
};

/*
 * One picture, or what changed of it: packed BGRX rectangles in one blob. A
 * deterministic source may have a frame in which nothing changed; it is still
 * a frame, with count 0 and no blob.
 */
struct rd_grab {
	uint64_t time_ns;	/* live: CLOCK_MONOTONIC when taken; else since the start */
	int width, height;	/* of the whole picture */
	bool all;		/* rectangles cover all of it (first picture, new size) */
	int count;
	/*
	 * Rectangle i's pixels (w*h*4 bytes) are at blob->data + offset, and the
	 * RD_GRAB_GAP bytes before them are free for a message header.
	 */
	struct { struct rd_rect rect; uint32_t offset; } *part;
	struct rd_blob *blob;	/* the grab's reference; NULL when count is 0 */
};
#define RD_GRAB_GAP 16	/* offsets are multiples of it, too */

struct rd_capture;

struct rd_capture_events {
	/* Something changed since the last grab: call rd_capture_grab when there is room. */
	void (*damaged)(void *ctx);
	/* The source is over: 0, or a negative errno with `why`, a line for people. */
	void (*ended)(void *ctx, int error, const char *why);
	void (*shape)(void *ctx, const struct rd_cursor *cursor);
	void (*pointer)(void *ctx, int x, int y, bool inside);
	/*
	 * Where the picture lies on the desktop now, in its pixels: what positions
	 * that come back are relative to (rd_inject_area). Only sources that are
	 * a desktop say so, before their first `damaged`.
	 */
	void (*area)(void *ctx, struct rd_rect area);
	/* Which monitors the picture shows now; before the first `damaged`, if has_monitors. */
	void (*monitors)(void *ctx, const struct rd_monitors *monitors);
	/*
	 * The window or monitor is not there (unmapped, unplugged), or there again:
	 * until then no picture comes, and whoever acts does not see what on.
	 */
	void (*there)(void *ctx, bool there);
	/* A line for the person at the viewer. */
	void (*notice)(void *ctx, const char *text);
};

struct rd_capture_ops {
	const char *name;	/* "x11" */
	const char *help;	/* for --source */
	bool live;		/* times are a clock's; else deterministic and paced by the reader */
	int (*open)(struct rd_capture **out, struct rd_loop *loop,
		const struct rd_capture_config *cfg, const struct rd_capture_events *ev,
		void *ctx, char **why);
	int (*grab)(struct rd_capture *c, struct rd_grab *g);
	void (*refresh)(struct rd_capture *c);
	void (*watch)(struct rd_capture *c, const struct rd_monitor_names *only); /* or NULL */
	void (*close)(struct rd_capture *c);
};
/* In order of preference; NULL-ended. */
extern const struct rd_capture_ops *const rd_capture_table[];
const struct rd_capture_ops *rd_capture_find(const char *name);

/*
 * Every source object begins with this. `open` fills `ops`; errors come with
 * *why, a line for people that the caller frees, and one of -ENXIO (no such
 * display), -EACCES (not allowed on it), -ENOENT (no such monitor, window or
 * file), -EINVAL, -EPERM (what is to be hidden cannot be), -EPROTO (a file that is
 * not what it says), -ENOTSUP (one of a kind we do not read), or what the system
 * said of a file.
 */
struct rd_capture {
	const struct rd_capture_ops *ops;
	bool has_monitors;	/* it says which there are */
};

int rd_capture_open(struct rd_capture **out, const struct rd_capture_ops *ops,
	struct rd_loop *loop, const struct rd_capture_config *cfg,
	const struct rd_capture_events *ev, void *ctx, char **why);
/*
 * Takes what changed. 0 with *g filled (release it with rd_grab_finish);
 * -EAGAIN: nothing changed, or too soon for the cap: `damaged` will be called;
 * -ENODATA: the source is over. -EAGAIN also when all blobs of the pool are in
 * use; nothing is lost, but no event follows from that: whoever releases a blob
 * after a -EAGAIN calls this again. Never calls an event itself.
 *
 * A source that is not live calls `damaged` from the loop whenever its next
 * frame can be had, once after open and once after every grab; after the last
 * frame it calls `ended` instead. Its reader sets the pace.
 */
int rd_capture_grab(struct rd_capture *c, struct rd_grab *g);
void rd_grab_finish(struct rd_grab *g);
/* The next grab is of everything, and a shape event follows. */
void rd_capture_refresh(struct rd_capture *c);
/*
 * Nobody looks at other monitors than these; none named: all of the picture is looked
 * at, as at the start. What changes elsewhere is grabbed once that is looked at, or
 * with a whole picture.
 */
void rd_capture_watch(struct rd_capture *c, const struct rd_monitor_names *only);
void rd_capture_close(struct rd_capture *c);

#endif

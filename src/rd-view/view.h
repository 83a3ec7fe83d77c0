#ifndef RD_VIEW_VIEW_H
#define RD_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "codec/screen.h"
#include "media/cursor.h"
#include "media/input.h"
#include "rd-view/monitors.h"
#include "rd-view/options.h"
#include "rd-view/stats.h"
#include "rd-view/tty.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"

/*
 * Where pictures go: a window, a terminal, a PNG file, a line of text, nowhere. The
 * session hands over every whole frame; a view with a person in front of it
 * hands back what that person does.
 */

/* What a view asks of the session. */
struct view_host {
	void (*input)(void *ctx, const struct rd_input *in);
	void (*refresh)(void *ctx);
	/* What is there to be painted again, as frame() had it, and how wide and high it is. */
	struct rd_image (*picture)(void *ctx);
	/*
	 * The desktop in that size, please, or that monitor of it ("": no single one); only
	 * where it can be asked for that. False: ask later, the peer reads nothing now.
	 */
	bool (*can_layout)(void *ctx, const char *monitor);
	bool (*layout)(void *ctx, const char *monitor, int width, int height);
	/* Other monitors, as --monitor has them; false, and a notice: there is none of that name. */
	bool (*choose)(void *ctx, const char *monitors);
	/* Only these are looked at; none: all. */
	void (*watches)(void *ctx, const struct rd_monitor_names *names);
	bool (*can_locks)(void *ctx);	/* LOCKS is understood */
	bool (*pause)(void *ctx);	/* a recording stops, or goes on: whether it now stands */
	void (*quit)(void *ctx);	/* the person wants to leave */
	void (*taken)(void *ctx, uint32_t frame); /* there is room for another: see view_ops.tells */
};

struct view_config {
	const struct options *options;
	const char *target;		/* what follows "png:" in --to */
	const char *name;		/* of the source, for a title */
	const struct tty *tty;		/* what a terminal is drawn on; closed for other views */
	const struct monitors *monitors; /* what there is of them, and what is wanted */
	struct stats *stats;
	const struct view_host *host;
	void *ctx;
};

/* How it ended, for a person. */
struct view_end {
	bool failed;
	const char *reason;	/* one line */
};

struct view_ops;

/* Every view begins with this. */
struct view {
	const struct view_ops *ops;
};

/* Functions that a view has no use for are NULL, but open, frame and close. */
struct view_ops {
	const char *name;
	const char *help;
	bool paced;	/* a person watches: recordings run at their own pace */
	/*
	 * It is slow, and says by host->taken when it has done with all that came before
	 * a frame, and begins that one; else that is so when frame() has returned. The
	 * peer paces itself by that.
	 */
	bool tells;
	/* 0, or an exit code after saying why; *out is NULL then. */
	int (*open)(struct view **out, struct rd_loop *loop, const struct view_config *cfg);
	/* The one folder in which it will make files, or NULL. */
	const char *(*write_dir)(const struct view *v);
	/* The peer has said HELLO; `controls`: what the person does reaches it. */
	void (*started)(struct view *v, bool controls);
	/*
	 * A whole frame. `damage` is what changed since the last one. 0, or an
	 * exit code after saying why.
	 */
	int (*frame)(struct view *v, const struct rd_image *im, const pixman_region32_t *damage,
		const struct rd_screen_frame *f);
	void (*cursor)(struct view *v, const struct rd_cursor *c);
	void (*pointer)(struct view *v, const struct rd_pointer_at *at);
	/*
	 * Other monitors are there, or wanted. Without it the frames are of what is wanted,
	 * as if that were the picture.
	 */
	void (*monitors)(struct view *v);
	void (*notice)(struct view *v, const char *text);
	/* How keys are meant, enum keyboard; and from now on. NULL: as text, always. */
	int (*keyboard)(const struct view *v);
	void (*set_keyboard)(struct view *v, int keyboard);
	/* By which way the stream comes now. */
	void (*path)(struct view *v, const struct rd_path_now *path);
	/* Caps Lock and such at the desktop. */
	void (*locked)(struct view *v, const struct rd_locks *there);
	/* Only how the pointer moves is sent: NULL, or why that cannot be. */
	const char *(*set_relative)(struct view *v, bool on);
	bool (*is_relative)(const struct view *v);
	/* The way back is closed: nothing that the person does reaches the peer any more. */
	void (*unheard)(struct view *v);
	/* The stream is over: finish the output. 0, or an exit code as above. */
	int (*finish)(struct view *v);
	/* Shows how it ended and stays until host->quit. */
	void (*hold)(struct view *v, const struct view_end *end);
	void (*close)(struct view *v);
};

extern const struct view_ops view_window, view_terminal, view_png, view_hash, view_null;

/* Whether that window is one of an X server, which has a clipboard for us. */
bool window_is_x11(const struct view *v);

/*
 * The view that --to names, and in *target what follows its colon. NULL, after
 * saying why, for none.
 */
const struct view_ops *view_find(const char *to, const char **target);

#endif

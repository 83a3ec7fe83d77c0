#ifndef RD_DESKTOP_CLIPBOARD_H
#define RD_DESKTOP_CLIPBOARD_H

#include "base/loop.h"
#include "wire/clip.h"

/*
 * The clipboard of an X display, shared with whoever is at the other end: joins
 * wire/clip.h with the server's selections (ICCCM section 2, XFixes), over a
 * connection of its own. Text, HTML, PNG and lists of files, of which only the
 * names travel; contents of any length in both directions (INCR).
 *
 * A program that has something and does not give it ends a paste after
 * RD_CLIPBOARD_OWNER_NS; one that asks and does not take what it gets is
 * forgotten after RD_CLIPBOARD_TAKER_NS. At rest nothing wakes up.
 */
struct rd_clipboard;

#define RD_CLIPBOARD_OWNER_NS (UINT64_C(5) * 1000000000)
#define RD_CLIPBOARD_TAKER_NS (UINT64_C(20) * 1000000000)

struct rd_clipboard_config {
	const char *display;	/* as rd_x11_open has it */
	bool keeps;		/* of a giver that will not stay: by a process of our own program */
	struct rd_clip_config clip;	/* all but due, place and place_ctx, which are ours */
	/* The server is gone; nothing will come any more. With clip.ctx. */
	void (*ended)(void *ctx);
};

/* 0; or with *why, which the caller frees, as rd_x11_open; -ENOTSUP: no XFixes there. */
int rd_clipboard_open(struct rd_clipboard **out, struct rd_loop *loop,
	const struct rd_clipboard_config *cfg, char **why);
/* After the loop has run for the last time. NULL is fine. */
void rd_clipboard_close(struct rd_clipboard *cb);
/* The conversation, for messages and peers. */
struct rd_clip *rd_clipboard_clip(struct rd_clipboard *cb);

/*
 * The life of a process that rd_clipboard starts to keep what a giver who went
 * has left: reads it from stdin (clipboard_keep.c), owns the display's selection,
 * says so on stdout, closes both, and ends when something else is copied there.
 * Such a process is this same program, started with RD_CLIPBOARD_HOLD and the display
 * as its only arguments. Returns the exit status.
 */
#define RD_CLIPBOARD_HOLD "--hold-clipboard"
int rd_clipboard_hold(const char *display);

#endif

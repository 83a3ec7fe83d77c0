#ifndef RD_VIEW_SESSION_PRIV_H
#define RD_VIEW_SESSION_PRIV_H

#include "codec/screen.h"
#include "control/metrics.h"
#include "control/server.h"
#include "desktop/clip_link.h"
#include "rd-view/hearing.h"
#include "rd-view/monitors.h"
#include "rd-view/pace.h"
#include "rd-view/peer_clock.h"
#include "rd-view/session.h"
#include "rd-view/view.h"
#include "wire/link.h"

/*
 * Inside a session, for session*.c only:
 *
 *	session.c	its life; messages become frames, and frames are shown
 *	session_host.c	what a view asks
 *	session_clip.c	the clipboard
 *	session_layout.c	the desktop takes the window's size
 *	session_monitors.c	which monitors of it are seen
 *	session_locks.c	Caps Lock and such
 *	session_sound.c	sound comes and goes
 *	session_end.c	the many ways to end, and who hears of them
 *	control.c	what rd-ctl asks and tells
 */
#define SESSION_SIGNALS 3

struct session {
	struct rd_loop *loop;
	const struct options *o;
	const struct rd_source *source;
	struct rd_link *link;
	struct rd_screen *screen;
	const struct view_ops *ops;
	struct view *view;
	struct stats stats;

	struct rd_hello mine;
	struct peer_clock clock;
	bool up;		/* there is a way back, and it is open */
	bool can_layout;	/* the peer takes LAYOUT */
	bool can_locks;		/* the peer takes LOCKS */
	bool paced;		/* a person watches a recording */
	struct pace pace;
	struct hearing hearing;
	struct rd_screen_frame frame;	/* the newest whole one */
	bool waiting;		/* it is not shown yet: it is not due */
	struct rd_timer due;
	uint64_t decode_ns;	/* spent on it */
	uint64_t shown;		/* frames */
	bool asked_refresh;
	unsigned notices;
	struct rd_control *control;	/* NULL: none */
	struct rd_metrics *metrics;	/* NULL: none */
	bool held;		/* rd-ctl wants no picture now */
	struct rd_clip_link clip;	/* its board NULL: no clipboard is shared */
	unsigned clip_lines;	/* about pastes that stay empty */

	/* session_monitors.c */
	struct monitors monitors;
	struct rd_monitors monitors_next; /* the newest that came; soon these are there */
	bool monitors_told;	/* one came */
	struct rd_timer settle;
	struct rd_rect part;	/* of the picture, that the view has as all of it */
	pixman_region32_t part_damage;
	struct rd_monitor_names watched; /* the view looks at these … */
	struct rd_monitor_names told_watched; /* … and the peer knows of those */
	unsigned monitor_lines;

	/* session_end.c */
	int guard_fd;
	struct rd_fd guard;
	int status;		/* the command's, -1: not known */
	bool ended;		/* the stream is over, as `end` says … */
	bool over;		/* … and all of it has been shown and heard */
	struct rd_end_msg end;
	const char *broken;	/* which rule the peer broke */
	bool leaving;
	bool finished;		/* the view's output is complete */
	int code;		/* the exit status, once ended or leaving */
	struct rd_timer patience; /* ends a wait: for a status, or for our END */
	struct rd_timer timeout;
	struct rd_signal signals[SESSION_SIGNALS];
};

/* What rd-ctl wants. */
void session_pause(struct session *s, bool pause);
void session_refresh(struct session *s);
extern const struct view_host session_host;
/* A small message to the peer. What cannot be said to a silent peer is not piled up. */
void session_say(struct session *s, uint16_t type, struct rd_buf *b);
/* That frame, and all before it, is dealt with. */
void session_acknowledge(struct session *s, uint32_t frame);
/* Shows the newest frame if it is due; otherwise reading stops until it is. */
void session_show_when_due(struct session *s);
/* The peer has said what it can; the others are what a view asks. */
void session_layout_hello(struct session *s, const struct rd_hello *peer, bool controls);
bool session_layout_can(void *ctx, const char *monitor);
bool session_layout_ask(void *ctx, const char *monitor, int width, int height);
/* Before the view. */
void session_monitors_open(struct session *s);
void session_monitors_close(struct session *s);
/* MONITORS. 0, or -EPROTO. */
int session_monitors_message(struct session *s, const struct rd_msg *m);
/* Before the first frame: an exit code, after saying why, where what is wanted is not there. */
int session_monitors_judge(struct session *s);
/* What the view is to have as the picture, of which that has changed. */
struct rd_image session_picture(void *ctx);
const pixman_region32_t *session_monitors_damage(struct session *s);
/* From the view's pixels to the picture's, and back. */
void session_monitors_input(const struct session *s, struct rd_input *in);
void session_monitors_pointer(const struct session *s, struct rd_pointer_at *at);
/* The picture has another size: what monitors are to be seen of it is to be settled. */
void session_monitors_resized(struct session *s);
/* The peer, which was silent, can be told more. */
void session_monitors_room(struct session *s);
/* What a view asks, and rd-ctl. */
bool session_monitors_choose(void *ctx, const char *wanted);
void session_watches(void *ctx, const struct rd_monitor_names *names);
void session_locks_hello(struct session *s, const struct rd_hello *peer, bool controls);
bool session_locks_can(void *ctx);
/* A LOCKED. */
void session_locked(struct session *s, const struct rd_msg *m);
/* Where there is a window: the clipboard of its display, before we are confined. */
void session_clip_open(struct session *s);
int session_clip_message(struct session *s, const struct rd_msg *m);
/* Reads no further while a frame or sound waits. */
void session_hold_back(struct session *s);
/* Ends it if it is over and all of it has been shown and heard. */
void session_over_when_shown(struct session *s);
extern const struct hearing_host session_hearing_host;
/* A message of class SOUND. 0, or -EPROTO. */
int session_sound(struct session *s, const struct rd_msg *m);
void session_end_open(struct session *s);
void session_end_close(struct session *s);
/* Somebody here wants to end, for that reason: tells the peer, and goes. */
void session_leave(struct session *s, int code, const char *text);
/* The stream is over and its last frame shown. */
void session_over(struct session *s);
/* The way back is closed. */
void session_unheard(struct session *s);

#endif

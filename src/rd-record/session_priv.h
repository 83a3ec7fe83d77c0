#ifndef RD_RECORD_SESSION_PRIV_H
#define RD_RECORD_SESSION_PRIV_H

#include "codec/screen.h"
#include "control/metrics.h"
#include "control/server.h"
#include "rd-record/passage.h"
#include "rd-record/recorder.h"
#include "rd-record/session.h"
#include "wire/link.h"

/*
 * Inside a session, for session*.c only:
 *
 *	session.c	its life; messages become frames
 *	session_end.c	the ways to end
 *	control.c	what rd-ctl asks and tells
 */
#define SESSION_SIGNALS 4

struct session {
	struct rd_loop *loop;
	const struct options *o;
	const struct rd_source *source, *past; /* the current one, and one past the last */
	struct rd_link *link;
	struct rd_screen *screen;
	struct passage passage;
	struct recorder recorder;
	struct rd_hello mine;
	bool up;		/* there is a way back, and it is open */
	bool asked_refresh;
	unsigned notices;
	struct rd_control *control;	/* NULL: none */
	struct rd_metrics *metrics;	/* NULL: none */
	uint64_t done_bytes, all_bytes; /* of the recordings before this one, and of all; 0: unknown */
	struct rd_timer next;	/* goes on to the next source, out of the link's callback */

	/* session_end.c */
	int guard_fd;
	struct rd_fd guard;
	int status;		/* the command's, -1: not known */
	bool ended;		/* the stream is over, as `end` says */
	struct rd_end_msg end;
	const char *broken;	/* which rule the peer broke */
	bool looking;		/* we were told to end, and wait for a last picture */
	bool leaving;
	int code;		/* the exit status so far */
	char *text;		/* why, or NULL */
	struct rd_timer patience; /* ends a wait: for a status, a last picture or our END */
	struct rd_signal signals[SESSION_SIGNALS];
};

/* 0, or an exit code after saying why. */
int session_begin_source(struct session *s);
/* Asks for all of the picture. */
void session_refresh(struct session *s);
void session_end_open(struct session *s);
void session_end_close(struct session *s);
/* The last picture has come. */
void session_looked(struct session *s);
/* We end, for that reason: completes the recording, tells the peer, and goes. */
void session_leave(struct session *s, int code, const char *text);
/* The stream is over. */
void session_over(struct session *s);
/* The way back is closed. */
void session_unheard(struct session *s);

#endif

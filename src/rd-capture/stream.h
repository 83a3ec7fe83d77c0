#ifndef RD_CAPTURE_STREAM_H
#define RD_CAPTURE_STREAM_H

#include "desktop/clip_link.h"
#include "rd-capture/frames.h"
#include "rd-capture/hearing.h"
#include "rd-capture/layout.h"
#include "rd-capture/leaving.h"
#include "rd-capture/source.h"

/* The desktop as a message stream on stdout. */
struct stream {
	const struct options *opt;
	struct rd_loop *loop;
	struct rd_link *link;
	struct source source;
	struct frames frames;
	struct layout layout;
	struct leaving leaving;
	struct hearing hearing;
	struct rd_inject *inject; /* NULL: what comes back is not obeyed */
	struct rd_clip_link clip; /* its board NULL: no clipboard is shared */
	bool clip_first;	/* it was, when there was room */

	struct rd_signal signals[3];
	struct rd_timer limit;	/* --duration; once ending, how long that may take */
	bool ending;
	bool hurried;		/* … and nobody may be left to read that */
	int code;		/* the exit status, once ending */
};

/* Runs it; returns the exit status. */
int stream_run(const struct options *opt);

/* Takes and sends what there is, and ends where a limit is reached. */
void stream_step(struct stream *s);
/* Says END and goes when it is written. The first reason stands. */
void stream_end(struct stream *s, enum rd_end reason, int code, const char *text);
/* … and goes soon, written or not. */
void stream_hurry(struct stream *s);
/* A line for the person at the viewer. */
void stream_notice(struct stream *s, int level, const char *text);
/* … at that one of several viewers. */
void stream_notice_to(struct stream *s, uint8_t peer, int level, const char *text);

#endif

#ifndef RD_ENCODE_FLOW_H
#define RD_ENCODE_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "base/loop.h"
#include "base/spawn.h"
#include "codec/screen.h"
#include "control/metrics.h"
#include "control/server.h"
#include "rd-encode/adapt.h"
#include "rd-encode/coder.h"
#include "rd-encode/ivf_out.h"
#include "rd-encode/options.h"
#include "rd-encode/passing.h"
#include "rd-encode/rescale.h"
#include "rd-encode/sounds.h"
#include "rd-encode/voices.h"
#include "wire/link.h"

/*
 * One run of the tool: the source above, the viewer below, and the picture
 * between them.
 *
 *	flow.c		pictures come in and are encoded when there is room
 *	coder.c		the planner and its bounds
 *	passing.c	what else goes through
 *	sounds.c	sound; voices.c: viewers' microphones
 *	feedback.c	what comes back from the viewer
 *	ending.c	how it ends, and with which exit code
 *	control.c	what rd-ctl asks and tells
 */
#define FLOW_SIGNALS 3

enum flow_state {
	FLOW_RUNNING,
	FLOW_DRAINING,	/* the source has ended: the last picture becomes exact */
	FLOW_CLOSING,	/* END is on its way; nothing is encoded any more */
};

struct flow {
	const struct options *opt;
	struct rd_loop *loop;
	struct rd_child child;	/* the producer; pid 0 without */
	int child_fd;		/* the socket to it, or -1 */
	struct rd_link *up;	/* the source */
	struct rd_link *down;	/* the viewer; NULL with --format ivf */
	struct ivf_out *ivf;	/* NULL unless --format ivf */
	struct rd_hello mine;	/* what we said to the source */

	/* the source's picture */
	struct rd_screen *screen;
	const char *why;	/* what was wrong with the source's last message */
	bool live;		/* it runs by a clock; else it waits for us */
	uint64_t zero_ns;	/* our clock at its time zero; UINT64_MAX: not known */
	bool whole;		/* the screen holds a finished frame */
	bool fresh;		/* … that has not been encoded yet */
	bool unseen;		/* … nor looked at */
	bool lost;		/* a sync point was asked for and has not come */
	uint64_t answer;	/* FRESH stands before the next frame of the source, with this token … */
	bool answers;
	bool answered;		/* … or before the next one of ours */
	uint32_t shown;		/* number of the last finished frame … */
	uint32_t acked;		/* … and of the last one acknowledged */
	uint64_t shown_ns;	/* its stream time */
	uint64_t arrived_ns;	/* when it came, by our clock */

	/* the way down */
	struct coder coder;
	struct rescale rescale;
	struct passing passing;
	struct sounds sounds;
	struct voices voices;
	bool takes_voices;	/* the source hears viewers' microphones */
	struct adapt adapt;
	struct rd_control *control; /* NULL: none */
	struct rd_metrics *metrics; /* NULL: none */
	struct rd_histogram capture, wait, encode; /* control.c says what of */
	double fps;		/* --fps, until it is set; 0: as the source has it */
	bool told;		/* of the processor being too slow */
	bool greeted;		/* HELLO went down */
	uint64_t interval_ns;	/* --fps; 0: none */
	uint64_t next_ns;	/* no frame before: our clock, or stream time when not live */
	struct rd_timer timer;	/* set only while there is something to wait for */

	/* the end */
	enum flow_state state;
	struct rd_end_msg end;	/* what goes down, and with which code we exit */
	bool up_over;		/* our END has reached the source, or cannot */
	bool down_over;		/* … the viewer … */
	struct rd_signal signals[FLOW_SIGNALS];
};

/* flow.c: what the source says. flow_open.c opens, and closes, all that it needs. */
extern const struct rd_link_ops flow_source_ops;

/* 0, or an exit code after a line on stderr. */
int flow_open(struct flow *f, struct rd_loop *loop, const struct options *opt,
	const struct rd_control_place *place);
/* Another --fps; flow_step sees to it. */
void flow_fps(struct flow *f, double fps);
/* Closes the links and waits for the producer. */
void flow_close(struct flow *f);
/*
 * Does what there is room for, sets the timer for what comes later, and holds
 * back who must wait.
 */
void flow_step(struct flow *f);

#endif

#ifndef RD_VIEW_TERMINAL_H
#define RD_VIEW_TERMINAL_H

#include "rd-view/forward.h"
#include "rd-view/terminal_ask.h"
#include "rd-view/terminal_input.h"
#include "rd-view/terminal_paint.h"
#include "rd-view/terminal_pointer.h"
#include "rd-view/view.h"

/*
 * Inside the terminal view:
 *
 *	view_terminal.c		its life: what it shows, and when
 *	terminal_fit.c		by which means, and how large
 *	terminal_send.c		bytes out, a frame at a time
 *	terminal_person.c	what the person does
 *	terminal_status.c	the last line
 *
 * and pure, each with a header: terminal_ask.c (what it can), terminal_input.c,
 * terminal_sequence.c and terminal_keys.c (what it sends), terminal_place.c,
 * terminal_tiles.c, terminal_cells.c, terminal_kitty.c, terminal_sixel.c (how
 * the picture is painted), terminal_pointer.c.
 */
struct terminal {
	struct view view;
	struct rd_loop *loop;
	struct view_config cfg;
	const struct tty *tty;

	/* what it is */
	struct rd_fd fd;
	struct terminal_input input;
	struct terminal_can can;
	bool started;		/* there is a stream */
	bool up;		/* the screen is ours */
	bool asked;		/* the answers are there, or will not come */
	bool gone;		/* nobody is there any more */
	int cols, rows;

	/* what it shows */
	struct terminal_painter painter;
	struct rd_image scaled;		/* the newest picture, in dots */
	struct rd_rect dirty;		/* where it may differ from the screen */
	struct terminal_pointer pointer;	/* the other side's … */
	bool pointer_moved;		/* … is another, or elsewhere, than on the screen */
	bool clear;			/* the screen is to be cleared first */
	char status[512];		/* the last line … */
	bool status_shown;		/* … is on the screen */

	/* what is under way to it */
	struct rd_buf out;
	size_t sent;
	bool fence;		/* it has not said yet that it has seen it all */
	uint32_t newest;	/* the number of the newest frame … */
	uint32_t told;		/* … and of the last that the peer knows to be under way */

	/* the person */
	struct forward forward;
	bool controls;		/* what they do reaches the peer */
	bool watches;		/* it never did: the peer's pointer is drawn */
	bool command;		/* Ctrl-] was struck: the next key is ours */
	bool figures;		/* the line shows more of them */
	bool stopped;		/* a recording is paused */
	bool holding;		/* the stream is over */
	bool leaving;		/* the person wants to go */
	char notice[256];	/* in place of the line, for a while */
	char path[256];		/* by which way the stream comes */

	struct rd_timer settle;		/* a lone ESC is a key */
	struct rd_timer patience;	/* for answers */
	struct rd_timer beat;		/* while frames come: the figures change */
	struct rd_timer notice_over;
	struct rd_signal resized, stop, resumed;
};

/* view_terminal.c: gives the terminal back, and waits until we are wanted again. */
void terminal_suspend(struct terminal *t);

/* … the person, or the terminal itself, wants to go. */
void terminal_quit(struct terminal *t);

/* terminal_fit.c: the terminal has said what it can, or enough time has passed. */
void terminal_choose(struct terminal *t);
/* The terminal or the picture has another size, or is painted in another way. */
void terminal_fit(struct terminal *t);
/* The picture's pixels in there have changed. */
void terminal_scale(struct terminal *t, const struct rd_image *im, struct rd_rect pixels);

/* terminal_send.c: sends what has changed, if the terminal has seen all that went before. */
void terminal_turn(struct terminal *t);
/* Bytes of a frame that is under way. */
void terminal_push(struct terminal *t);
/* All was seen, as the terminal says or is taken to say. */
void terminal_seen(struct terminal *t);
/* Words beside a frame; for what switches the terminal itself. */
void terminal_say(struct terminal *t, const char *words);

/* terminal_person.c: a key, the mouse, a paste. */
void terminal_person(struct terminal *t, const struct terminal_event *e);

/* terminal_status.c: the line as it should be; whether it is another one. */
bool terminal_status(struct terminal *t);

#endif

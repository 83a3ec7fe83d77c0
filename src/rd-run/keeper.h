#ifndef RD_RUN_KEEPER_H
#define RD_RUN_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rd-run/bus.h"
#include "rd-run/command.h"
#include "rd-run/desktop.h"
#include "rd-run/display.h"
#include "rd-run/film.h"
#include "rd-run/manager.h"
#include "rd-run/options.h"
#include "rd-run/place.h"
#include "rd-run/start.h"
#include "rd-run/tell.h"
#include "rd-run/tree.h"

/*
 * The parent of everything: display, bus, window manager, recorder, desktop, command,
 * and what these leave behind. It waits in keeper_wait alone, and whatever
 * happens meanwhile is noted there. It has a process group of its own, so that ^C
 * ends the command and not the film of it, and so that what kills rd-run's group
 * does not kill who cleans up.
 */
struct keeper {
	const struct options *o;
	struct tell tell;
	const struct start_before *before;
	int front;		/* signals come here; its end: the front is gone */
	int signals;		/* a signalfd */
	pid_t group;		/* the front's, and the command's */
	uint64_t grace_ns;
	bool front_gone;
	int asked;		/* the first signal that is to end us; 0 */
	bool hurry;		/* there was another */
	bool more_ended;	/* than were reaped in one turn */
	bool display_gone;	/* while it was needed */
	bool film_told;		/* that it broke off */
	bool film_ending;	/* we have asked it to */
	int mark;		/* the FIFO: open, so that who writes never waits for a reader */
	struct place place;
	const struct door *door;
	struct display display;
	struct bus bus;
	struct manager manager;
	bool wants_manager;	/* the desktop has none */
	char *desktop_command;	/* NULL: none is wanted */
	struct desktop desktop;
	struct film film;
	struct command command;
};

/* What the front says: a signal came; the terminal has sent it to all of the group. */
struct front_word { int signal; bool terminal; };
/* What it is told: the display and the recorder that are to be swept if the keeper dies. */
struct keeper_word { struct display_trace display; pid_t recorder; };

/* `front` and `place` become its own, `door` is borrowed. */
void keeper_open(struct keeper *k, const struct options *o, const struct start_before *before,
	const struct place *place, const struct door *door, int front, int signals);
/* Tells the front what is to be swept now. */
void keeper_tell_front(const struct keeper *k);
void keeper_close(struct keeper *k);
/* Until done() or that time, whichever is first; whether it is done. */
bool keeper_wait(struct keeper *k, bool (*done)(struct keeper *k), uint64_t until_ns);
/* Asks the command to end by `sig`, and by others later. */
void keeper_end_command(struct keeper *k, int sig);
/* Whether nothing is to be begun any more. */
bool keeper_stopped(const struct keeper *k);
/* The status of a command that a signal has kept from being run, or 0. */
int keeper_stopped_code(const struct keeper *k);
/* All that the command has started, but for our own processes. */
struct tree_ask keeper_left(const struct keeper *k);

#endif

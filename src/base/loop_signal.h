#ifndef RD_BASE_LOOP_SIGNAL_H
#define RD_BASE_LOOP_SIGNAL_H

#include "base/loop.h"

/*
 * Signals for loop.c, which alone includes this. libevent's come by a descriptor
 * of its own, in the turn after the one in which they were caught: what a signal
 * did to others, a pipe that closes, can be told before the signal is. These are
 * told before the next descriptor, in the same turn.
 */
struct signals {
	struct rd_signal *first;
	int wake;	/* an eventfd; -1: no signal has been asked for */
};

void signals_open(struct signals *l);
void signals_close(struct signals *l);
/* 0, or a negative errno. Several may want the same signal. */
int signals_add(struct signals *l, struct rd_signal *s);
void signals_remove(struct signals *l, struct rd_signal *s);
/* Tells those that were caught, to one loop in a process. Whether there were any. */
bool signals_tell(struct signals *l);

#endif

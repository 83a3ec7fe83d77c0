#ifndef RD_VIEW_LOCKS_H
#define RD_VIEW_LOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "media/input.h"

/*
 * Caps Lock and such in step: the desktop follows this keyboard, when the window gets
 * it and before each key whose locks are others, so that of several viewers the one who
 * types decides. Never the other way: the locks of this keyboard are the person's, who
 * looks at its lights and goes on to other windows.
 *
 * A key that switches a lock is sent as a key, and the desktop's own keyboard may do
 * the same with it. Said in between LOCKS would make two of one switch: so it is said
 * once that key is let go (X unlocks no earlier), and finds nothing to do most times.
 *
 * Pure. The functions say whether LOCKS, of `here`, is to be sent now.
 */
struct locks {
	bool on;		/* the peer takes LOCKS */
	bool focus;		/* the window has the keyboard */
	struct rd_locks here;
	struct rd_locks there;	/* as it told, or as it will be by what we said */
	uint16_t by;		/* the key that is down and switched one here; 0: none */
};

/* The window got the keyboard, or (false: never to be sent) lost it. */
bool locks_focus(struct locks *l, bool focus, struct rd_locks here);
/* They are others here: by that key, which is down; 0: by one that went up, or a program. */
bool locks_here(struct locks *l, struct rd_locks here, uint16_t code);
/* Before the KEY of a press, and after that of its release. */
bool locks_press(struct locks *l, uint16_t code);
bool locks_release(struct locks *l, uint16_t code, struct rd_locks here);
void locks_there(struct locks *l, struct rd_locks there);

/* "caps,num", "none" */
#define LOCKS_TEXT 32
const char *locks_text(struct rd_locks locks, char out[static LOCKS_TEXT]);

#endif

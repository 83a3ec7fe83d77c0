#ifndef RD_VIEW_TTY_H
#define RD_VIEW_TTY_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

/*
 * The terminal as a device, and how it was before us. Two processes have it:
 * the viewer draws, and whichever of viewer and guard (look/guard.h) is left puts
 * back what is not yet put back; what that is they both see in `state`.
 */
enum {
	TTY_RAW = 1,	/* its settings are ours */
	TTY_SCREEN = 2,	/* the alternate screen is shown, modes are set */
	TTY_IMAGES = 4,	/* kitty's images are on it */
	TTY_KEYS = 8,	/* kitty's keyboard protocol is on */
	TTY_ANSWERS = 16,	/* it answers what it is asked */
};

/* A closed one has fd -1. */
struct tty {
	int fd;			/* not blocking; of our own opening */
	pid_t group;		/* our process group */
	int guard;		/* in the viewer: its end of look/guard.h; -1 in the guard */
	struct termios before;
	_Atomic unsigned *state;	/* shared memory */
};

/* 0, or an exit code after saying why. */
int tty_open(struct tty *t);
void tty_close(struct tty *t);
/* Keys come as they are struck, unseen. 0 or a negative errno. */
int tty_raw(const struct tty *t);
/* Marks what has been switched on, before it is. */
void tty_mark(const struct tty *t, unsigned what);
bool tty_is(const struct tty *t, unsigned what);
/* Puts everything back. What is still to be drawn is given up. */
void tty_restore(const struct tty *t);
/* Columns and rows, and pixels of all of it where it is known, else 0. */
void tty_size(const struct tty *t, int *cols, int *rows, int *width, int *height);

#endif

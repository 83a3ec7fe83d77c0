#ifndef RD_NET_PROMPT_PRIV_H
#define RD_NET_PROMPT_PRIV_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

/*
 * A terminal while we ask at it, for prompt*.c only. Signals that would end us
 * are held back until it is as it was: none can leave it without an echo.
 */
enum prompt_how {
	PROMPT_LINE,
	PROMPT_SECRET,		/* without an echo */
	PROMPT_CONSENT,		/* nothing typed before counts */
	PROMPT_KEYS,		/* key by key, and we say what is seen of it */
};

struct prompt_tty {
	int fd;
	int signals;		/* readable when one of those waits; it is not taken from there */
	struct termios before;
	sigset_t mask;
};

/* 0, or -ENXIO: there is no terminal, or another negative errno. */
int prompt_tty_open(struct prompt_tty *t, enum prompt_how how);
void prompt_tty_close(struct prompt_tty *t);
int prompt_tty_put(const struct prompt_tty *t, const char *text, size_t len);
/* What one read gives: a line, or keys; -ECANCELED when a signal waits. */
ssize_t prompt_tty_read(const struct prompt_tty *t, char *out, size_t cap);

#endif

#ifndef RD_KEY_OPTIONS_H
#define RD_KEY_OPTIONS_H

#include <stdbool.h>

struct options;

/* Which options a verb takes, besides --config and what every tool has. */
enum takes {
	TAKES_JSON = 1 << 0,
	TAKES_REPLACE = 1 << 1,
	TAKES_REMOVE = 1 << 2,
	TAKES_GRANT = 1 << 3,		/* what a key may */
	TAKES_PASSWORD_FD = 1 << 4,
	TAKES_PASSPHRASE_FD = 1 << 5,
	TAKES_RELAY = 1 << 6,		/* --join-fd, --no-join, --no-own, --forget */
	TAKES_VIA = 1 << 7,
};

/* One thing to do, the first word of the command. */
struct verb {
	const char *name;	/* NULL ends a table; "" is the one without a word */
	const char *operands;	/* "KEY [NAME]", for people */
	int min, max;		/* how many */
	unsigned takes;
	int (*run)(const struct options *o);	/* an exit code */
};

/* The command line, checked. */
struct options {
	const struct verb *verb;
	int argc;		/* what follows the verb */
	char **argv;
	char *dir;		/* the configuration folder; there or not */
	char *grant;		/* options of authorized_keys; "" for none */
	bool json, replace, remove;
	int password_fd, passphrase_fd, join_fd;	/* -1: ask at the terminal */
	bool join, own;		/* relay: it has a join key; it is this person's own */
	const char *forget;	/* relay: that one; NULL */
	const char *via;	/* trust: through that relay; NULL */
};

/* false when the program should end now, with *code. options_finish in any case. */
bool options_read(struct options *o, const struct verb *verbs, int argc, char **argv, int *code);
void options_finish(struct options *o);

#endif

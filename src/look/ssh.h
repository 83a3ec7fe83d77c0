#ifndef RD_LOOK_SSH_H
#define RD_LOOK_SSH_H

#include <stdbool.h>

/*
 * ssh://[user@]host[:port][/display], read strictly: what reaches ssh's
 * command line and the other side's shell is made of known characters only.
 * All strings are ours; NULL where the URL has nothing.
 */
struct rd_ssh_url {
	char *user;
	char *host;	/* an IPv6 address without its brackets */
	char *port;
	char *display;	/* ":1" */
};

/* 0, or -EINVAL with *why a static sentence. Finish it in both cases. */
int rd_ssh_url_parse(struct rd_ssh_url *u, const char *text, const char **why);
void rd_ssh_url_finish(struct rd_ssh_url *u);

/* What the rd-capture over there is told. */
struct rd_ssh_want {
	const char *display;	/* where the URL names none */
	const char *monitor, *window;
	bool view_only;
	bool input_only;	/* no picture: it obeys, and says what it has done */
	const char *clipboard, *clipboard_max; /* … and shares that */
	bool primary;
};

/*
 * The command that makes `host` send its desktop. `program` is what to run
 * instead of ssh, split into words as a shell does, or NULL. NULL with *why
 * when that cannot be split. Free it with rd_ssh_argv_free.
 */
char **rd_ssh_argv(const struct rd_ssh_url *u, const char *program, const struct rd_ssh_want *want,
	const char **why);
void rd_ssh_argv_free(char **argv);

#endif

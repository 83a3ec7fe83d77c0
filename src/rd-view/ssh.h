#ifndef RD_VIEW_SSH_H
#define RD_VIEW_SSH_H

#include <stdbool.h>

/*
 * ssh://[user@]host[:port][/display], read strictly: what reaches ssh's
 * command line and the other side's shell is made of known characters only.
 * All strings are ours; NULL where the URL has nothing.
 */
struct ssh_url {
	char *user;
	char *host;	/* an IPv6 address without its brackets */
	char *port;
	char *display;	/* ":1" */
};

/* 0, or -EINVAL with *why a static sentence. Finish it in both cases. */
int ssh_url_parse(struct ssh_url *u, const char *text, const char **why);
void ssh_url_finish(struct ssh_url *u);

/*
 * The command that makes `host` send its desktop. `program` is what to run
 * instead of ssh, split into words as a shell does, or NULL. NULL with *why
 * when that cannot be split. Free it with ssh_argv_free.
 */
char **ssh_argv(const struct ssh_url *u, const char *program, bool view_only, const char **why);
void ssh_argv_free(char **argv);

#endif

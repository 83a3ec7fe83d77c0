#ifndef RD_SEND_ASKING_H
#define RD_SEND_ASKING_H

#include <stdbool.h>
#include <sys/types.h>

#include "net/addr.h"
#include "net/key.h"

/*
 * Somebody decides whether a peer may come in: the command of --on-connect, or
 * a person at the terminal. Both are processes of their own, so that nobody
 * else waits meanwhile; their exit status 0 means yes.
 */
struct asked {
	const struct rd_key *key;
	const struct rd_addr *from;
	const char *name;	/* ours for it; "" if none */
	const char *service;
	const char *by;		/* "key", "password", "code" */
	bool control;		/* it would have keyboard and pointer */
};

/*
 * Starts `command`, split at blanks, without a shell. Its environment is what
 * a program needs to run at all and RD_FINGERPRINT, RD_NAME, RD_ADDRESS,
 * RD_SERVICE, RD_BY: nothing a peer chose but its key. Its stdout is our stderr. It
 * leads a process group. A pid, or negative errno.
 */
pid_t asking_command(const char *command, const struct asked *who);
/* Asks at the terminal. `fd` is closed in the process that does. A pid, or negative errno. */
pid_t asking_person(const struct asked *who, int fd);
/* Ends what was started, and waits for it; group: asking_command started it. */
void asking_end(pid_t pid, bool group);

#endif

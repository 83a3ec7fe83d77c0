#ifndef RD_BASE_SPAWN_H
#define RD_BASE_SPAWN_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * A command of ours on the other end of a socket pair: its stdin and stdout
 * are one duplex socket. RD_LINK=dev:inode in its environment names that
 * socket, so that only a tool whose stdout *is* it reads feedback from it
 * (systemd's JOURNAL_STREAM works the same way).
 */
struct rd_child {
	pid_t pid;	/* 0: none, or it has ended */
	int fd;		/* our end of the socket pair, or -1; caller may take it and set -1 */
	int status;	/* once it has ended */
};

/*
 * Starts argv[0] found by PATH, or, for a name that starts with "rd-", beside
 * the running program first. The child's stderr is ours. It gets no other
 * descriptor and default signals. 0, or a negative errno (-ENOENT: no such
 * command), reported before the call returns.
 */
int rd_child_spawn(struct rd_child *c, char *const argv[]);
/* The same, and `fd` is its descriptor RD_CHILD_FD: a secret travels so; -1: none. */
#define RD_CHILD_FD 3
int rd_child_spawn_with(struct rd_child *c, char *const argv[], int fd);
/*
 * The two steps of that, where another process holds our end: such a pair, and
 * a command on its end `sock`, which stays the caller's; c->fd is -1 then.
 */
int rd_child_pair(int sv[static 2]);
int rd_child_spawn_on(struct rd_child *c, char *const argv[], int sock, int fd);
/* Where a tool of ours lies beside this program; false: it is looked for in PATH. */
bool rd_command_beside(const char *name, char path[static PATH_MAX]);
/* Whether such a command would be found, and may be run by us. */
bool rd_command_exists(const char *name);
/*
 * Closes our end, waits up to `grace_ms` for the child's end, then SIGTERM,
 * then SIGKILL after as long again. Returns the wait status as a shell would
 * ($?: 128+n for signal n).
 */
int rd_child_reap(struct rd_child *c, unsigned grace_ms);
/* Whether it has ended; if so *status is as from rd_child_reap. */
bool rd_child_poll(struct rd_child *c, int *status);

/* Whether descriptor `fd` is the socket that $RD_LINK names. */
bool rd_link_env_is(int fd);

#endif

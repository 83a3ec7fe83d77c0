#ifndef RD_CONTROL_CLIENT_H
#define RD_CONTROL_CLIENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "control/folder.h"

/*
 * The other side of control/server.h: what runs, and a talk with one of them.
 */
struct rd_control_found {
	char name[RD_CONTROL_NAME + 1];
	char tool[RD_CONTROL_TOOL + 1];
	pid_t pid;
	char file[RD_CONTROL_FILE];
};

/*
 * All that run, sorted by name, then by tool and pid; sockets of programs that died
 * are taken away on the way. *out is the caller's to free. 0 (also when there is no
 * folder yet), or a negative errno and a sentence in *why, to free.
 */
int rd_control_list(struct rd_control_found **out, size_t *count, char **why);

/* A connection, with what of it was read and not asked for yet. */
struct rd_control_talk {
	int fd;
	struct rd_buf in;
	size_t taken;
};
#define RD_CONTROL_ANSWER_MAX ((size_t)1 << 20)

/* 0 or a negative errno (-ECONNREFUSED, -ENOENT: it has ended). */
int rd_control_talk_open(struct rd_control_talk *t, const struct rd_control_found *f);
void rd_control_talk_close(struct rd_control_talk *t);
/* A request, without its newline. 0 or a negative errno. */
int rd_control_talk_say(struct rd_control_talk *t, const char *request);
/*
 * The next line, without its newline, ended by 0, valid until the next call. 0;
 * -ETIMEDOUT after so long (timeout_ms < 0: for ever); -EPIPE: it has ended.
 */
int rd_control_talk_hear(struct rd_control_talk *t, int64_t timeout_ms, char **line);
/* The two in one, with a new connection: *answer is the caller's to free. */
int rd_control_ask(const struct rd_control_found *f, const char *request, int64_t timeout_ms,
	char **answer);

#endif

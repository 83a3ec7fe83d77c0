#ifndef RD_CONTROL_SERVER_H
#define RD_CONTROL_SERVER_H

#include "base/loop.h"
#include "control/place.h"
#include "control/table.h"

/*
 * Serves a control socket in a loop. A request is a line (request.h), its answer an
 * object of JSON on a line: {"ok":true, …} or {"ok":false,"error":"…","name":"…"}.
 * After `watch` events follow, those of --json (base/event.h), and about every
 * second one called stats that has all values.
 *
 * Only the same user, or root, is heard (SO_PEERCRED). Everything is bounded, and
 * nothing waits for a client: one that does not read is cut off. While nobody
 * asks, nothing runs.
 *
 * The first values of every program are its own doing: name, tool, pid, leader,
 * version, uptime (seconds); the first verbs get, set, watch, help.
 */
struct rd_control;

#define RD_CONTROL_CLIENTS 16
#define RD_CONTROL_QUEUE ((size_t)256 << 10)	/* bytes that a client may leave unread */

/*
 * NULL when the place is none: all of the following take that. Place and table are
 * borrowed, the descriptor too. Becomes the one that hears the process's events.
 */
struct rd_control *rd_control_open(struct rd_loop *loop, const struct rd_control_place *place,
	const struct rd_control_table *table, void *ctx);
/* What was queued is still tried, once. */
void rd_control_close(struct rd_control *c);
/* Who says "join TOOL" leaves us with its socket, which is then the callee's (team.h). */
void rd_control_on_join(struct rd_control *c, void (*join)(void *ctx, int fd, const char *tool),
	void *ctx);
/* A line for those who watch, its newline included: an event of another process of ours. */
void rd_control_say(struct rd_control *c, const char *line, size_t len);

/*
 * Events of another process of this program, which has no socket: it sends what
 * happens there to the one that has.
 */
int rd_control_feed_pair(int fds[static 2]);	/* 0 or negative errno */
/* In that process: to be called once. The descriptor stays open for ever. */
void rd_control_feed_from(int fd);
/* In the other. */
void rd_control_feed_to(struct rd_control *c, int fd);

/* All values of the table as an object; what a snapshot, and metrics, are made of. */
void rd_control_snapshot(const struct rd_control_place *place, const struct rd_control_table *table,
	void *ctx, struct rd_json *out);

#endif

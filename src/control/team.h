#ifndef RD_CONTROL_TEAM_H
#define RD_CONTROL_TEAM_H

#include "base/loop.h"
#include "control/pages.h"

/*
 * The programs that a program with --metrics has started, on this machine, which tell
 * their metrics to it: its page is the session's. It may be confined and could not call
 * them: each called it, by its control socket, before it was confined itself (member.h),
 * and from then on is asked on that connection, when the page is; else nothing is said.
 *
 *	member	join rd-recv\n
 *	us	metrics\n			each time
 *	member	its page, and an empty line
 */
struct rd_team;

#define RD_TEAM_MAX 300			/* a host has 255 viewers */
#define RD_TEAM_PAGE ((size_t)256 << 10)	/* bytes that a member may say */

struct rd_team *rd_team_new(struct rd_loop *loop, void (*done)(void *ctx), void *ctx);
void rd_team_free(struct rd_team *t);
/* Somebody of ours has joined by this socket, which is the team's from now on. */
void rd_team_join(struct rd_team *t, int fd, const char *tool);
/* Asks all; `done` is called when the last has answered, unless none was asked: false. */
bool rd_team_ask(struct rd_team *t);
/* What they have answered since then; who has not is left out. */
void rd_team_pages(const struct rd_team *t, struct rd_pages *pages);

#endif

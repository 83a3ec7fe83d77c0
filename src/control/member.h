#ifndef RD_CONTROL_MEMBER_H
#define RD_CONTROL_MEMBER_H

#include "base/loop.h"
#include "control/answer.h"

/*
 * The other side of team.h. $RD_TEAM is the control socket of the program whose page of
 * metrics is to have ours, too.
 */

/* Joins it: a socket, or -1: there is no such program. */
int rd_member_join(const struct rd_control_folder *f, const char *tool);

/* Answers on that socket, in a loop; the socket and the subject are borrowed. */
struct rd_member_page;
struct rd_member_page *rd_member_page_open(struct rd_loop *loop, int fd,
	const struct rd_control_subject *s);
void rd_member_page_close(struct rd_member_page *p);

#endif

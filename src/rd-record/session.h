#ifndef RD_RECORD_SESSION_H
#define RD_RECORD_SESSION_H

#include "base/loop.h"
#include "look/source.h"
#include "rd-record/options.h"

/*
 * The streams, one after the other, and the recording of them: takes messages
 * from the link, keeps the screen, hands whole frames to the recorder, and
 * acknowledges them, so that who encodes keeps pace with us.
 */
struct session;
struct rd_control_place;

/*
 * Opens the recording and the first source, and says HELLO where there is a way
 * back. `guard_fd` is the worker's end of look/guard.h, or -1. 0, or an exit code
 * after saying why; close it in both cases.
 */
int session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct rd_source *sources, int count, int guard_fd,
	const struct rd_control_place *place);
/* The folder in which files will be made, or NULL. */
const char *session_write_dir(const struct session *s);
void session_close(struct session *s);

#endif

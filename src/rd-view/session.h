#ifndef RD_VIEW_SESSION_H
#define RD_VIEW_SESSION_H

#include "base/loop.h"
#include "look/source.h"
#include "rd-view/options.h"
#include "rd-view/tty.h"

/*
 * One stream and the view that shows it: takes messages from the link, keeps
 * the screen, hands whole frames to the view, and sends acknowledgements and
 * what the person does back.
 */
struct session;
struct rd_control_place;

/*
 * Opens link and view, and says HELLO where there is a way back. `guard_fd`
 * is the viewer's end of look/guard.h, or -1; `tty` may be a closed one,
 * speaker_fd (speaker.h) -1. 0, or an
 * exit code after saying why.
 */
int session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct rd_source *source, int guard_fd, const struct rd_control_place *place,
	const struct tty *tty, int speaker_fd);
/* Where its view will make files, or NULL. */
const char *session_write_dir(const struct session *s);
bool session_has_window(const struct session *s);
void session_close(struct session *s);

#endif

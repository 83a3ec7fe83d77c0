#ifndef RD_SEND_PAUSE_H
#define RD_SEND_PAUSE_H

#include "rd-send/source.h"

/*
 * Paused, nothing of this desktop leaves: no picture, pointer, sound or clipboard;
 * and nothing that viewers send does anything to it. Sessions stay, and viewers
 * hear of it. What was shown here meanwhile is not shown to them afterwards: what
 * a producer has made in that time is thrown away, until it says by FRESH that what
 * follows is younger.
 *
 * A producer that nobody can ask (in a shell's pipeline), and a recording, are held
 * back instead; what already stood in the pipe comes when it goes on.
 */
void pause_set(struct serve *sv, bool on);
/* A viewer that comes meanwhile is told. */
void pause_greet(struct session *s);
/* Its link is not to be read. */
bool pause_stops(const struct source *src);
/* What it makes is thrown away. */
bool pause_discards(const struct source *src);
/* Of a source, before its viewers have it. */
void pause_note(struct source *src, const struct rd_msg *m);
/* Whether a message for that viewer is kept from it; and one from it, from the producer. */
bool pause_holds(struct session *s, const struct rd_msg *m);
bool pause_refuses(struct session *s, const struct rd_msg *m);
void pause_finish(struct source *src);

#endif

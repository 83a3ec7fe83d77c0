#ifndef RD_BASE_EVENT_H
#define RD_BASE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"

/*
 * What happens, one line of JSON each: on stderr with --json, written in one piece,
 * and to whoever watches by the control socket (control/server.h). Every event has
 * "event" and "time" (Unix seconds); rd-events(7) has the others, and names are
 * for ever.
 *
 *	struct rd_event e;
 *	rd_event_begin(&e, "granted");
 *	rd_event_text(&e, "name", peer->name);
 *	rd_event_end(&e);
 *
 * Where they go is the process's, as with the log, and not an argument of each.
 */
struct rd_event { struct rd_json json; };

/* Whether they are printed (--json); until that is said, they are. */
void rd_event_print(bool on);
/* Who hears each line, its newline included, besides; NULL: nobody. */
void rd_event_listen(void (*heard)(void *ctx, const char *line, size_t len), void *ctx);
/* Whether anybody would get one: what nobody gets need not be made. */
bool rd_event_wanted(void);

void rd_event_begin(struct rd_event *e, const char *name);
/* Text is UTF-8; what JSON does not take is escaped. */
void rd_event_text(struct rd_event *e, const char *key, const char *text);
void rd_event_number(struct rd_event *e, const char *key, int64_t value);
/* With three digits after the point: seconds, mostly. */
void rd_event_real(struct rd_event *e, const char *key, double value);
void rd_event_end(struct rd_event *e);

#endif

#ifndef RD_BASE_EVENT_H
#define RD_BASE_EVENT_H

#include <stdint.h>

#include "base/bytes.h"

/*
 * What --json says on stderr: what happens, one line of JSON each, written in one piece.
 * Every event has "event" and "time" (Unix seconds); names are for ever.
 *
 *	struct rd_event e;
 *	rd_event_begin(&e, "granted");
 *	rd_event_text(&e, "name", peer->name);
 *	rd_event_end(&e);
 */
struct rd_event { struct rd_buf line; };

void rd_event_begin(struct rd_event *e, const char *name);
/* Text is UTF-8; what JSON does not take is escaped. */
void rd_event_text(struct rd_event *e, const char *key, const char *text);
void rd_event_number(struct rd_event *e, const char *key, int64_t value);
/* With three digits after the point: seconds, mostly. */
void rd_event_real(struct rd_event *e, const char *key, double value);
void rd_event_end(struct rd_event *e);

#endif

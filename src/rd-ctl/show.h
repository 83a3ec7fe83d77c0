#ifndef RD_CTL_SHOW_H
#define RD_CTL_SHOW_H

#include <jansson.h>

/*
 * Answers as people read them, and as programs do: on a terminal both are harmless,
 * whatever name a peer has given itself.
 */

/* A line of JSON. */
void show_json(const json_t *value);
/* "key  value" lines; nested ones are indented. */
void show_values(const json_t *object);
/* A line: one value. */
void show_value(const json_t *value);
/* What help answers. */
void show_help(const json_t *answer);
/* An event, as a line: its time, its name, its members. */
void show_event(const json_t *event);

#endif

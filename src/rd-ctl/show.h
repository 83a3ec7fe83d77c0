#ifndef RD_CTL_SHOW_H
#define RD_CTL_SHOW_H

#include <jansson.h>

/* Answers as people read them. A text of JSON has no control characters left in it. */

/* "key  value" lines; nested ones are indented. */
void show_values(const json_t *object);
/* A line: one value. */
void show_value(const json_t *value);
/* What help answers. */
void show_help(const json_t *answer);
/* An event, as a line: its time, its name, its members. */
void show_event(const json_t *event);

#endif

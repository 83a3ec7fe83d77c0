#ifndef RD_KEY_JSON_H
#define RD_KEY_JSON_H

#include "base/json.h"

/* An object of JSON, a line on stdout, by base/json.h. */
struct json { struct rd_json json; };

void json_begin(struct json *j);
void json_text(struct json *j, const char *name, const char *value);	/* NULL: null */
void json_bool(struct json *j, const char *name, bool value);
void json_number(struct json *j, const char *name, int64_t value);
/* Parts of a text between separators; NULL: an empty list. */
void json_list(struct json *j, const char *name, const char *text, char separator);
void json_end(struct json *j);

#endif

#include <stdio.h>
#include <string.h>

#include "rd-key/json.h"

void
json_begin(struct json *j)
{
	*j = (struct json){0};
	rd_json_open(&j->json, '{');
}

void
json_text(struct json *j, const char *name, const char *value)
{
	rd_json_put_text(&j->json, name, value);
}

void
json_bool(struct json *j, const char *name, bool value)
{
	rd_json_put_bool(&j->json, name, value);
}

void
json_number(struct json *j, const char *name, int64_t value)
{
	rd_json_put_number(&j->json, name, value);
}

void
json_list(struct json *j, const char *name, const char *text, char separator)
{
	rd_json_key(&j->json, name);
	rd_json_open(&j->json, '[');
	while (text) {
		const char *end = strchr(text, separator);
		rd_json_text_len(&j->json, text, end ? (size_t)(end - text) : strlen(text));
		text = end ? end + 1 : NULL;
	}
	rd_json_close(&j->json, ']');
}

void
json_end(struct json *j)
{
	rd_json_close(&j->json, '}');
	rd_json_line(&j->json);
	rd_json_print(&j->json, stdout);
	rd_json_finish(&j->json);
}

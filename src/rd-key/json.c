#include <stdio.h>
#include <string.h>

#include "rd-key/json.h"

static void
put_json(const char *text, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			putchar('\\');
		putchar(text[i]);
	}
	putchar('"');
}

static void
begin_value(struct json *j, const char *name)
{
	printf("%s\"%s\":", j->more ? "," : "", name);
	j->more = true;
}

void
json_begin(struct json *j)
{
	*j = (struct json){0};
	putchar('{');
}

void
json_text(struct json *j, const char *name, const char *value)
{
	begin_value(j, name);
	if (value)
		put_json(value, strlen(value));
	else
		fputs("null", stdout);
}

void
json_bool(struct json *j, const char *name, bool value)
{
	begin_value(j, name);
	fputs(value ? "true" : "false", stdout);
}

void
json_number(struct json *j, const char *name, int64_t value)
{
	begin_value(j, name);
	printf("%lld", (long long)value);
}

void
json_list(struct json *j, const char *name, const char *text, char separator)
{
	begin_value(j, name);
	putchar('[');
	while (text) {
		const char *end = strchr(text, separator);
		put_json(text, end ? (size_t)(end - text) : strlen(text));
		if (end)
			putchar(',');
		text = end ? end + 1 : NULL;
	}
	putchar(']');
}

void
json_end(struct json *j)
{
	*j = (struct json){0};
	fputs("}\n", stdout);
}

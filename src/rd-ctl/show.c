#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/log.h"
#include "rd-ctl/show.h"

/* jansson would leave what a terminal obeys beyond ASCII as it is. */
static void
put_json(struct rd_json *out, const json_t *v)
{
	const char *key;
	json_t *one;
	size_t i;
	if (json_is_string(v)) {
		rd_json_text_len(out, json_string_value(v), json_string_length(v));
	} else if (json_is_object(v)) {
		rd_json_open(out, '{');
		json_object_foreach((json_t *)v, key, one) {
			rd_json_key(out, key);
			put_json(out, one);
		}
		rd_json_close(out, '}');
	} else if (json_is_array(v)) {
		rd_json_open(out, '[');
		json_array_foreach(v, i, one)
			put_json(out, one);
		rd_json_close(out, ']');
	} else {
		char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
		rd_json_raw(out, text ? text : "null", text ? strlen(text) : 4);
		free(text);
	}
}

void
show_json(const json_t *value)
{
	struct rd_json out = {0};
	put_json(&out, value);
	rd_json_line(&out);
	rd_json_print(&out, stdout);
	rd_json_finish(&out);
}

static void
put_text(const json_t *text)
{
	char *plain = rd_log_escape(json_string_value(text), json_string_length(text),
		json_string_length(text));
	fputs(plain, stdout);
	free(plain);
}

static void
put_scalar(const json_t *v)
{
	if (json_is_string(v)) {
		put_text(v);
		return;
	}
	char *text = json_is_null(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));
	fputs(text ? text : "-", stdout);
	free(text);
}

static void
put_members(const json_t *object, int indent)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)object, key, v) {
		size_t i;
		json_t *one;
		if (json_is_object(v)) {
			printf("%*s%s\n", indent, "", key);
			put_members(v, indent + 2);
		} else if (json_is_array(v) && json_is_object(json_array_get(v, 0))) {
			json_array_foreach(v, i, one) {
				printf("%*s%s %zu\n", indent, "", key, i + 1);
				put_members(one, indent + 2);
			}
		} else {
			printf("%*s%-*s ", indent, "", 20 - indent, key);
			put_scalar(v);
			putchar('\n');
		}
	}
}

void
show_values(const json_t *object)
{
	put_members(object, 0);
}

void
show_value(const json_t *value)
{
	if (json_is_object(value)) {
		put_members(value, 0);
		return;
	}
	put_scalar(value);
	putchar('\n');
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

static void
put_padded(const char *text, const char *more, int width)
{
	int n = printf("  %s%s%s", text, *more ? " " : "", more);
	printf("%*s", n < width ? width - n : 1, "");
}

void
show_help(const json_t *answer)
{
	size_t i;
	json_t *v;
	puts("values (* can be set):");
	json_array_foreach(json_object_get(answer, "values"), i, v) {
		put_padded(text_of(v, "key"), json_is_true(json_object_get(v, "set")) ? "*" : "", 24);
		const char *unit = text_of(v, "unit");
		printf("%s%s%s%s\n", text_of(v, "help"), *unit ? " (" : "", unit, *unit ? ")" : "");
	}
	puts("verbs:");
	json_array_foreach(json_object_get(answer, "verbs"), i, v) {
		put_padded(text_of(v, "verb"), text_of(v, "argument"), 24);
		puts(text_of(v, "help"));
	}
}

static void
put_time(double when)
{
	char text[32] = "";
	time_t seconds = (time_t)when;
	struct tm tm;
	if (localtime_r(&seconds, &tm))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	printf("%s.%03d ", text, (int)((when - (double)seconds) * 1000));
}

void
show_event(const json_t *event)
{
	const char *key;
	json_t *v;
	put_time(json_number_value(json_object_get(event, "time")));
	put_scalar(json_object_get(event, "event"));
	json_object_foreach((json_t *)event, key, v) {
		if (strcmp(key, "event") == 0 || strcmp(key, "time") == 0 || json_is_array(v) || json_is_object(v))
			continue;
		printf("  %s ", key);
		put_scalar(v);
	}
	putchar('\n');
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/members.h"

static const char *
past_text(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : end;
}

/* Past a value: to the comma or bracket that follows it. */
static const char *
past_value(const char *p, const char *end)
{
	unsigned depth = 0;
	while (p < end) {
		if (*p == '"') {
			p = past_text(p, end);
			continue;
		}
		if (*p == '{' || *p == '[')
			depth++;
		else if ((*p == ',' || *p == '}' || *p == ']') && depth == 0)
			break;
		else if (*p == '}' || *p == ']')
			depth--;
		p++;
	}
	return p;
}

bool
rd_member_next(struct rd_member *m, const char **at, const char *end)
{
	const char *p = *at;
	*m = (struct rd_member){0};
	if (p >= end || !strchr("{[,", *p) || !*p)
		return false;
	p++;
	if (p >= end || *p == '}' || *p == ']')
		return false;
	if (*p == '"') {
		const char *q = past_text(p, end);
		if (q < end && *q == ':') {
			m->key = p + 1;
			m->key_len = (size_t)(q - p) - 2;
			p = q + 1;
		}
	}
	m->value = p;
	*at = past_value(p, end);
	m->value_len = (size_t)(*at - p);
	return true;
}

bool
rd_member_find(struct rd_member *m, const char *value, size_t len, const char *key)
{
	const char *at = value;
	while (rd_member_next(m, &at, value + len))
		if (m->key && m->key_len == strlen(key) && memcmp(m->key, key, m->key_len) == 0)
			return true;
	return false;
}

bool
rd_member_number(const char *value, size_t len, double *out)
{
	char text[64], *end;
	snprintf(text, sizeof(text), "%.*s", (int)len, value);
	*out = strcmp(text, "true") == 0;
	if (*out || strcmp(text, "false") == 0)
		return true;
	if (!strchr("-0123456789", text[0]) || !text[0])
		return false;
	*out = strtod(text, &end);
	return *end == '\0';
}

bool
rd_member_text(const char *value, size_t len, char *out, size_t cap)
{
	size_t n = 0;
	if (len < 2 || value[0] != '"')
		return false;
	for (const char *p = value + 1, *end = value + len - 1; p < end && n < cap; p++) {
		/* A character that a terminal would obey stays as it is written. */
		if (*p == '\\' && p + 1 < end && (p[1] == '"' || p[1] == '\\'))
			p++;
		out[n++] = *p;
	}
	if (n >= cap)
		return false;
	out[n] = '\0';
	return true;
}

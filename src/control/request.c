#include <errno.h>
#include <string.h>

#include "control/request.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* A person, or a script, wrote it: there is nothing but text and blanks in it. */
static bool
is_text(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

int
rd_control_request_parse(struct rd_control_request *r, char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (!is_text(line, len))
		return -EINVAL;
	while (len > 0 && is_blank(line[len - 1]))
		len--;
	line[len] = 0;
	r->rest = line;
	r->verb = rd_control_word(&r->rest);
	return r->verb ? 0 : -EINVAL;
}

char *
rd_control_word(char **rest)
{
	char *p = *rest;
	while (is_blank(*p))
		p++;
	char *word = p;
	while (*p && !is_blank(*p))
		p++;
	if (p == word) {
		*rest = p;
		return NULL;
	}
	if (*p)
		*p++ = 0;
	while (is_blank(*p))
		p++;
	*rest = p;
	return word;
}

char *
rd_control_assignment(char *word)
{
	char *equals = strchr(word, '=');
	if (!equals || equals == word)
		return NULL;
	*equals = 0;
	return equals + 1;
}

bool
rd_control_key_is(const char *a, const char *b)
{
	for (; *a && *b; a++, b++)
		if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
			return false;
	return *a == *b;
}

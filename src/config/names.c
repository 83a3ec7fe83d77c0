#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/nearest.h"
#include "config/names.h"

#define NAMES_MAX 1024	/* options of all tools */

const struct rd_config_tool rd_config_tools[] = {
#include "config/names.inc"
	{0},
};

const struct rd_config_tool *
rd_config_tool(const char *name)
{
	for (const struct rd_config_tool *t = rd_config_tools; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}

enum rd_config_has
rd_config_has(const struct rd_config_tool *t, const char *option)
{
	size_t len = strlen(option);
	for (const char *at = t->options; *at; at += *at == ' ') {
		bool only = *at == '!';
		at += only;
		size_t n = strcspn(at, " ");
		if (n == len && strncmp(at, option, n) == 0)
			return only ? RD_CONFIG_COMMAND_ONLY : RD_CONFIG_YES;
		at += n;
	}
	return RD_CONFIG_NO;
}

const struct rd_config_tool *
rd_config_who_has(const char *option)
{
	for (const struct rd_config_tool *t = rd_config_tools; t->name; t++)
		if (rd_config_has(t, option) == RD_CONFIG_YES)
			return t;
	return NULL;
}

/* Cuts a copy of the options into words, without those that no configuration sets. */
static size_t
cut(char *copy, const char **names, size_t n)
{
	for (char *word; (word = strsep(&copy, " "));)
		if (*word && *word != '!' && n < NAMES_MAX)
			names[n++] = word;
	return n;
}

char *
rd_config_nearest_option(const struct rd_config_tool *t, const char *text)
{
	const char **names = xcalloc(NAMES_MAX, sizeof(*names));
	char **copies = xcalloc(NAMES_MAX, sizeof(*copies));
	size_t n = 0, c = 0;
	for (const struct rd_config_tool *i = t ? t : rd_config_tools; i->name; i++) {
		copies[c] = xstrdup(i->options);
		n = cut(copies[c++], names, n);
		if (t)
			break;
	}
	const char *nearest = rd_nearest(text, names, n);
	char *own = nearest ? xstrdup(nearest) : NULL;
	while (c > 0)
		free(copies[--c]);
	free(copies);
	free(names);
	return own;
}

char *
rd_config_nearest_tool(const char *text)
{
	const char *names[64];
	size_t n = 0;
	for (const struct rd_config_tool *t = rd_config_tools; t->name && n < 60; t++)
		names[n++] = t->name;
	names[n++] = "defaults";
	names[n++] = "hosts";
	names[n++] = "profiles";
	names[n++] = "include";
	const char *nearest = rd_nearest(text, names, n);
	return nearest ? xstrdup(nearest) : NULL;
}

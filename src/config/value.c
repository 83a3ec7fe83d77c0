#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config_priv.h"

#define WORD_MAX 64	/* bytes of the file in a message */

bool
rd_config_sets(const struct rd_opt *o)
{
	return !o->hidden && !o->command_only && strcmp(o->name, "config") != 0 &&
		strcmp(o->name, "no-config") != 0 && strcmp(o->name, "profile") != 0;
}

struct rd_opt_word *
rd_config_word(const struct rd_opt_given *g, const char *name)
{
	for (size_t i = g->count; i-- > 0;)
		if (strcmp(g->words[i].opt->name, name) == 0)
			return &g->words[i];
	return NULL;
}

const char *
rd_config_environment(const struct rd_opt *o, int rank)
{
	const char *text = o->environment && rank > RD_CONFIG_OF_HOST ? getenv(o->environment) : NULL;
	return text && *text ? text : NULL;
}

char *
rd_config_text(const struct rd_yaml *value)
{
	struct rd_buf b = {0};
	if (value->kind != RD_YAML_LIST)
		return xstrdup(value->text ? value->text : "");
	for (size_t i = 0; i < value->count; i++) {
		const char *text = value->items[i]->text;
		if (i > 0)
			rd_buf_u8(&b, ',');
		rd_buf_bytes(&b, text, strlen(text));
	}
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

/*
 * Options borrow their texts from the command line, which lives as long as the
 * program; so do those that come from a file.
 */
const char *
rd_config_keep(char *text)
{
	static struct kept {
		struct kept *next;
		char *text;
	} *kept;
	struct kept *k = xcalloc(1, sizeof(*k));
	*k = (struct kept){kept, text};
	kept = k;
	return text;
}

static bool
is_path(const struct rd_opt *o)
{
	return o->metavar && (strncmp(o->metavar, "FILE", 4) == 0 || strncmp(o->metavar, "DIR", 3) == 0);
}

static bool
takes_list(const struct rd_opt *o)
{
	return o->kind == RD_OPT_CALL || o->kind == RD_OPT_SET ||
		(o->metavar && strstr(o->metavar, "[,...]"));
}

static int
mistake(const struct rd_config_file *f, const struct rd_yaml *at, char *what, char **error)
{
	char *place = rd_config_place(f, at);
	*error = xasprintf("%s: %s", place, what);
	free(place);
	free(what);
	return -EINVAL;
}

/* Sets one text, which it takes. */
static int
set_text(const struct rd_opt *opts, const struct rd_opt *o, const struct rd_config_file *f,
	const struct rd_yaml *at, char *text, char **error)
{
	char *why = NULL;
	bool borrows = o->kind == RD_OPT_STRING || o->kind == RD_OPT_CALL;
	int err = rd_opt_set(opts, o->name, borrows ? rd_config_keep(text) : text, &why);
	if (err) {
		char *word = rd_log_escape(text, strlen(text), WORD_MAX);
		mistake(f, at, xasprintf("%s: \"%s\": %s", o->name, word, why ? why : "not this"), error);
		free(word);
	}
	free(why);
	if (!borrows)
		free(text);
	return err;
}

int
rd_config_set(const struct rd_opt *opts, const struct rd_opt *o, const struct rd_config_file *f,
	const struct rd_yaml *value, char **error)
{
	int err = 0;
	if (value->kind == RD_YAML_LIST && !takes_list(o))
		return mistake(f, value, xasprintf("%s takes one value, no list", o->name), error);
	if (value->kind == RD_YAML_LIST && o->kind == RD_OPT_CALL) {
		for (size_t i = 0; !err && i < value->count; i++)
			err = set_text(opts, o, f, value->items[i], xstrdup(value->items[i]->text), error);
		return err;
	}
	char *text = rd_config_text(value);
	if (is_path(o)) {
		char *path = rd_config_home(text);
		free(text);
		text = path;
	}
	return set_text(opts, o, f, value, text, error);
}

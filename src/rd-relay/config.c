#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "config/yaml.h"
#include "rd-relay/config.h"

#define WORD_MAX 64	/* bytes of the file in a message */

struct reading {
	struct config *config;
	const struct config_table *table;
	const char *name;
	char **error;
};

/* One mapping of the file. */
struct section {
	const struct rd_opt *opts;
	const char *called;	/* "limits", or NULL for the outer one */
};

static int
mistake(struct reading *r, const struct rd_yaml *at, char *what)
{
	char *where = rd_yaml_place(r->name, at);
	*r->error = xasprintf("%s: %s", where, what);
	free(where);
	free(what);
	return -EINVAL;
}

static int
mistake_again(struct reading *r, const struct rd_yaml *key)
{
	*r->error = rd_yaml_say_again(r->name, key);
	return -EINVAL;
}

/* The text of a single value: NULL with the mistake told when it is none. */
static const char *
scalar(struct reading *r, const struct rd_yaml *n, const char *instead)
{
	if (n->kind != RD_YAML_LIST && n->kind != RD_YAML_MAP)
		return n->text;
	mistake(r, n, xstrdup(instead));
	return NULL;
}

static const char *
keep(struct config *c, char *text, const struct rd_yaml *at)
{
	c->texts = xreallocarray(c->texts, c->count + 1, sizeof(*c->texts));
	c->texts[c->count++] = (struct config_text){text, at->line, at->column};
	return text;
}

static bool
is_for_command(const struct reading *r, const char *key)
{
	for (const char *const *n = r->table->command_only; *n; n++)
		if (strcmp(*n, key) == 0)
			return true;
	return false;
}

/* --- keys --- */

static int
mistake_key(struct reading *r, const struct section *s, const struct rd_yaml *key)
{
	const char *names[CONFIG_KEYS + 1];
	size_t n = 0;
	for (const struct rd_opt *o = s->opts; o->name && n < CONFIG_KEYS; o++)
		if (!o->hidden && !is_for_command(r, o->name))
			names[n++] = o->name;
	if (!s->called)
		names[n++] = "limits";
	const char *nearest = rd_nearest(key->text, names, n);
	char *word = rd_log_escape(key->text, strlen(key->text), WORD_MAX);
	char *what = nearest
		? xasprintf("there is no \"%s\" %s%s; did you mean \"%s\"?", word,
			s->called ? "in " : "here", s->called ? s->called : "", nearest)
		: xasprintf("there is no \"%s\" %s%s; rd-relay(1) lists all", word,
			s->called ? "in " : "here", s->called ? s->called : "");
	free(word);
	return mistake(r, key, what);
}

static const struct rd_opt *
named(const struct rd_opt *o, const char *key)
{
	while (o->name && (o->hidden || strcmp(o->name, key) != 0))
		o++;
	return o->name ? o : NULL;
}

/* Which option a key is: NULL with the mistake told. */
static const struct rd_opt *
find(struct reading *r, const struct section *s, const struct rd_yaml *key)
{
	const struct rd_opt *o = named(s->opts, key->text);
	if (!s->called && is_for_command(r, key->text)) {
		mistake(r, key, xasprintf("%s is for the command line only", key->text));
		return NULL;
	}
	if (!o && !s->called && named(r->table->limits, key->text)) {
		mistake(r, key, xasprintf("%s stands under limits", key->text));
		return NULL;
	}
	if (!o)
		mistake_key(r, s, key);
	return o;
}

/* --- values --- */

static int
set(struct reading *r, const struct section *s, const struct rd_opt *o, const char *text,
	const struct rd_yaml *at)
{
	char *error = NULL;
	if (rd_opt_set(s->opts, o->name, text, &error) == 0)
		return 0;
	char *word = rd_log_escape(text, strlen(text), WORD_MAX);
	int err = mistake(r, at, xasprintf("%s: \"%s\": %s", o->name, word,
		error ? error : "not this"));
	free(word);
	free(error);
	return err;
}

static bool
takes_list(const struct rd_opt *o)
{
	return o->metavar && strstr(o->metavar, "[,...]");
}

/* An option that decides itself hears each item; one that is a text gets them with commas. */
static int
read_list(struct reading *r, const struct section *s, const struct rd_opt *o,
	const struct rd_yaml *list)
{
	struct rd_buf all = {0};
	int err = 0;
	if (!takes_list(o))
		return mistake(r, list, xasprintf("%s takes one value, no list", o->name));
	for (size_t i = 0; !err && i < list->count; i++) {
		const char *text = scalar(r, list->items[i], "a list of single values belongs here");
		err = text ? 0 : -EINVAL;
		if (text && o->kind == RD_OPT_CALL)
			err = set(r, s, o, text, list->items[i]);
		if (err)
			break;
		if (all.len)
			rd_buf_u8(&all, ',');
		rd_buf_bytes(&all, text, strlen(text));
	}
	if (!err && !all.len && o->kind != RD_OPT_CALL)
		err = mistake(r, list, xasprintf("%s: an empty list", o->name));
	rd_buf_u8(&all, 0);
	if (!err && o->kind != RD_OPT_CALL)
		return set(r, s, o, keep(r->config, (char *)all.data, list), list);
	rd_buf_finish(&all);
	return err;
}

/* ~ is what is built in. */
static int
read_value(struct reading *r, const struct section *s, const struct rd_opt *o,
	const struct rd_yaml *value)
{
	if (value->kind == RD_YAML_NULL)
		return 0;
	if (value->kind == RD_YAML_LIST)
		return read_list(r, s, o, value);
	const char *text = scalar(r, value, "a single value belongs here, no mapping");
	if (!text)
		return -EINVAL;
	if (!*text)
		return mistake(r, value, xasprintf("%s has no value", o->name));
	return set(r, s, o, keep(r->config, xstrdup(text), value), value);
}

/* --- mappings --- */

static int
read_section(struct reading *r, const struct section *s, const struct rd_yaml *map)
{
	int err = 0;
	for (size_t i = 0; !err && i < map->count; i++) {
		const struct rd_yaml *key = map->keys[i], *value = map->items[i];
		const struct section limits = {.opts = r->table->limits, .called = "limits"};
		if (!s->called && strcmp(key->text, "limits") == 0) {
			if (value->kind == RD_YAML_MAP)
				err = read_section(r, &limits, value);
			else if (value->kind != RD_YAML_NULL)
				err = mistake(r, value, xstrdup("limits are a mapping: a name and a value each"));
			continue;
		}
		const struct rd_opt *o = find(r, s, key);
		err = o ? read_value(r, s, o, value) : -EINVAL;
	}
	return err;
}

int
config_parse(struct config *c, const struct config_table *t, const char *name, const char *text,
	size_t len, char **error)
{
	struct reading r = {.config = c, .table = t, .name = name, .error = error};
	const struct section whole = {.opts = t->opts};
	struct rd_yaml_file f;
	int err = rd_yaml_read(&f, name, text, len, error);
	if (!err && f.again_count)
		err = mistake_again(&r, f.again[0]);
	else if (!err && f.root && f.root->kind != RD_YAML_MAP)
		err = mistake(&r, f.root, xstrdup("the file is to be a mapping: a name and a value each"));
	else if (!err && f.root)
		err = read_section(&r, &whole, f.root);
	rd_yaml_finish(&f);
	return err;
}

char *
config_place(const struct config *c, const char *name, const char *text)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct rd_yaml at = {.line = c->texts[i].line, .column = c->texts[i].column};
		if (c->texts[i].text == text)
			return rd_yaml_place(name, &at);
	}
	return NULL;
}

void
config_finish(struct config *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->texts[i].text);
	free(c->texts);
	*c = (struct config){0};
}

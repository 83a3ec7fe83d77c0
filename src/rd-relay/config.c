#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "rd-relay/config.h"

#define WORD_MAX 64	/* bytes of the file in a message */

struct reading {
	yaml_parser_t parser;
	yaml_event_t event;
	bool have;		/* event is to be deleted */
	struct config *config;
	const struct config_table *table;
	const char *name;
	char **error;
};

/* One mapping of the file. */
struct section {
	const struct rd_opt *opts;
	const char *called;	/* "limits", or NULL for the outer one */
	bool seen[CONFIG_KEYS];
};

static char *
place(const char *name, size_t line, size_t column)
{
	char *word = rd_log_escape(name, strlen(name), 256);
	char *text = xasprintf("%s:%zu:%zu", word, line + 1, column + 1);
	free(word);
	return text;
}

static int
mistake_at(struct reading *r, const yaml_mark_t *mark, char *what)
{
	char *where = place(r->name, mark->line, mark->column);
	*r->error = xasprintf("%s: %s", where, what);
	free(where);
	free(what);
	return -EINVAL;
}

static int
mistake(struct reading *r, char *what)
{
	return mistake_at(r, &r->event.start_mark, what);
}

/* What libyaml does not understand. Bytes that are no text have no line: it counts characters. */
static int
mistake_of_yaml(struct reading *r)
{
	const yaml_parser_t *p = &r->parser;
	const yaml_mark_t *at = p->error == YAML_READER_ERROR ? &p->mark : &p->problem_mark;
	return mistake_at(r, at, xasprintf("this is no YAML: %s",
		p->problem ? p->problem : "it cannot be read"));
}

/* The next event, which the one before it makes room for. */
static int
next(struct reading *r)
{
	if (r->have)
		yaml_event_delete(&r->event);
	r->have = yaml_parser_parse(&r->parser, &r->event);
	if (!r->have)
		return mistake_of_yaml(r);
	if (r->event.type == YAML_ALIAS_EVENT)
		return mistake(r, xstrdup("aliases are not taken here"));
	return 0;
}

/* The text of a scalar: NULL with the mistake told when it is none, or has a 0 in it. */
static const char *
scalar(struct reading *r, const char *instead)
{
	const char *text = (const char *)r->event.data.scalar.value;
	if (r->event.type != YAML_SCALAR_EVENT) {
		mistake(r, xstrdup(instead));
		return NULL;
	}
	if (strlen(text) != r->event.data.scalar.length) {
		mistake(r, xstrdup("a character that no text has"));
		return NULL;
	}
	return text;
}

static const char *
keep(struct config *c, char *text, const yaml_mark_t *mark)
{
	c->texts = xreallocarray(c->texts, c->count + 1, sizeof(*c->texts));
	c->texts[c->count++] = (struct config_text){text, mark->line, mark->column};
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
mistake_key(struct reading *r, const struct section *s, const char *key)
{
	const char *names[CONFIG_KEYS + 1];
	size_t n = 0;
	for (const struct rd_opt *o = s->opts; o->name && n < CONFIG_KEYS; o++)
		if (!o->hidden && !is_for_command(r, o->name))
			names[n++] = o->name;
	if (!s->called)
		names[n++] = "limits";
	const char *nearest = rd_nearest(key, names, n);
	char *word = rd_log_escape(key, strlen(key), WORD_MAX);
	char *what = nearest
		? xasprintf("there is no \"%s\" %s%s; did you mean \"%s\"?", word,
			s->called ? "in " : "here", s->called ? s->called : "", nearest)
		: xasprintf("there is no \"%s\" %s%s; rd-relay(1) lists all", word,
			s->called ? "in " : "here", s->called ? s->called : "");
	free(word);
	return mistake(r, what);
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
find(struct reading *r, struct section *s, const char *key)
{
	const struct rd_opt *o = named(s->opts, key);
	if (!s->called && is_for_command(r, key)) {
		mistake(r, xasprintf("%s is for the command line only", key));
		return NULL;
	}
	if (!o && !s->called && named(r->table->limits, key)) {
		mistake(r, xasprintf("%s stands under limits", key));
		return NULL;
	}
	if (!o) {
		mistake_key(r, s, key);
		return NULL;
	}
	if (s->seen[o - s->opts]) {
		mistake(r, xasprintf("%s was set before", key));
		return NULL;
	}
	s->seen[o - s->opts] = true;
	return o;
}

/* --- values --- */

static int
set(struct reading *r, const struct section *s, const struct rd_opt *o, const char *text,
	const yaml_mark_t *mark)
{
	char *error = NULL;
	if (rd_opt_set(s->opts, o->name, text, &error) == 0)
		return 0;
	char *word = rd_log_escape(text, strlen(text), WORD_MAX);
	int err = mistake_at(r, mark, xasprintf("%s: \"%s\": %s", o->name, word,
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
read_list(struct reading *r, const struct section *s, const struct rd_opt *o)
{
	struct rd_buf all = {0};
	yaml_mark_t mark = r->event.start_mark;
	int err;
	if (!takes_list(o))
		return mistake(r, xasprintf("%s takes one value, no list", o->name));
	while ((err = next(r)) == 0 && r->event.type != YAML_SEQUENCE_END_EVENT) {
		const char *text = scalar(r, "a list of single values belongs here");
		err = text ? 0 : -EINVAL;
		if (text && o->kind == RD_OPT_CALL)
			err = set(r, s, o, text, &r->event.start_mark);
		if (err)
			break;
		if (all.len)
			rd_buf_u8(&all, ',');
		rd_buf_bytes(&all, text, strlen(text));
	}
	if (!err && !all.len && o->kind != RD_OPT_CALL)
		err = mistake_at(r, &mark, xasprintf("%s: an empty list", o->name));
	rd_buf_u8(&all, 0);
	if (!err && o->kind != RD_OPT_CALL) {
		err = set(r, s, o, keep(r->config, (char *)all.data, &mark), &mark);
		return err;
	}
	rd_buf_finish(&all);
	return err;
}

static int
read_value(struct reading *r, const struct section *s, const struct rd_opt *o)
{
	int err = next(r);
	if (err)
		return err;
	if (r->event.type == YAML_SEQUENCE_START_EVENT)
		return read_list(r, s, o);
	const char *text = scalar(r, "a single value belongs here, no mapping");
	if (!text)
		return -EINVAL;
	if (!*text)
		return mistake(r, xasprintf("%s has no value", o->name));
	return set(r, s, o, keep(r->config, xstrdup(text), &r->event.start_mark), &r->event.start_mark);
}

/* --- mappings --- */

static int read_limits(struct reading *r, bool *seen);

/* What follows the start of a mapping, up to its end. */
static int
read_section(struct reading *r, struct section *s)
{
	bool limits = false;
	for (;;) {
		int err = next(r);
		if (err || r->event.type == YAML_MAPPING_END_EVENT)
			return err;
		const char *key = scalar(r, "a name belongs here");
		if (!key)
			return -EINVAL;
		if (!s->called && strcmp(key, "limits") == 0) {
			err = read_limits(r, &limits);
		} else {
			const struct rd_opt *o = find(r, s, key);
			err = o ? read_value(r, s, o) : -EINVAL;
		}
		if (err)
			return err;
	}
}

static int
read_limits(struct reading *r, bool *seen)
{
	struct section s = {.opts = r->table->limits, .called = "limits"};
	if (*seen)
		return mistake(r, xstrdup("limits were set before"));
	*seen = true;
	int err = next(r);
	if (err)
		return err;
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return mistake(r, xstrdup("limits are a mapping: a name and a value each"));
	return read_section(r, &s);
}

static int
read_document(struct reading *r)
{
	struct section s = {.opts = r->table->opts};
	int err = next(r);
	if (err || r->event.type == YAML_STREAM_END_EVENT)
		return err;
	err = next(r);
	if (err)
		return err;
	/* A file of comments only has one empty value. */
	bool empty = r->event.type == YAML_SCALAR_EVENT && r->event.data.scalar.length == 0;
	if (!empty && r->event.type != YAML_MAPPING_START_EVENT)
		return mistake(r, xstrdup("the file is to be a mapping: a name and a value each"));
	if (!empty)
		err = read_section(r, &s);
	if (!err)
		err = next(r);
	if (!err)
		err = next(r);
	if (!err && r->event.type != YAML_STREAM_END_EVENT)
		return mistake(r, xstrdup("one document is taken, no second one"));
	return err;
}

int
config_parse(struct config *c, const struct config_table *t, const char *name, const char *text,
	size_t len, char **error)
{
	struct reading r = {.config = c, .table = t, .name = name, .error = error};
	*error = NULL;
	if (!yaml_parser_initialize(&r.parser)) {
		*error = xasprintf("%s: out of memory", name);
		return -EINVAL;
	}
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	int err = next(&r);
	if (!err)
		err = read_document(&r);
	if (r.have)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return err;
}

char *
config_place(const struct config *c, const char *name, const char *text)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->texts[i].text == text)
			return place(name, c->texts[i].line, c->texts[i].column);
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

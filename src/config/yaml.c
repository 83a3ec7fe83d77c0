#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/log.h"
#include "base/mem.h"
#include "config/yaml.h"

#define WORD_MAX 64	/* bytes of the file in a message */

struct anchor {
	char *name;
	struct rd_yaml *node;
	bool open;	/* what it names has not ended: an alias of it would be a cycle */
};

struct reading {
	yaml_parser_t parser;
	yaml_event_t event;
	bool have;		/* event is to be deleted */
	struct rd_yaml_file *file;
	struct anchor anchors[RD_YAML_ANCHORS_MAX];
	size_t anchor_count;
	size_t weight;
	char **error;
};

static char *
place(const char *name, size_t line, size_t column)
{
	char *word = rd_log_escape(name, strlen(name), 256);
	char *text = xasprintf("%s:%zu:%zu", word, line, column);
	free(word);
	return text;
}

char *
rd_yaml_place(const char *name, const struct rd_yaml *at)
{
	return place(name, at->line, at->column);
}

static int
mistake_at(struct reading *r, const yaml_mark_t *mark, char *what)
{
	char *where = place(r->file->name, mark->line + 1, mark->column + 1);
	*r->error = xasprintf("%s: %s", where, what);
	free(where);
	free(what);
	return -EINVAL;
}

static int
mistake(struct reading *r, const char *what)
{
	return mistake_at(r, &r->event.start_mark, xstrdup(what));
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
	return r->have ? 0 : mistake_of_yaml(r);
}

static struct rd_yaml *
new_node(struct reading *r, enum rd_yaml_kind kind)
{
	struct rd_yaml_file *f = r->file;
	if (f->count == f->room) {
		f->room = f->room ? f->room * 2 : 32;
		f->all = xreallocarray(f->all, f->room, sizeof(struct rd_yaml *));
	}
	struct rd_yaml *n = xcalloc(1, sizeof(*n));
	n->kind = kind;
	n->line = (unsigned)r->event.start_mark.line + 1;
	n->column = (unsigned)r->event.start_mark.column + 1;
	n->weight = 1;
	f->all[f->count++] = n;
	return n;
}

/* Counts what a node adds to the whole. */
static int
weigh(struct reading *r, size_t weight)
{
	r->weight += weight;
	return r->weight <= RD_YAML_NODES_MAX ? 0
		: mistake(r, "that is too much for a file of ours, aliases counted as what they stand for");
}

/* --- anchors --- */

static int
begin_anchor(struct reading *r, const yaml_char_t *name, struct rd_yaml *n, bool open)
{
	if (!name)
		return 0;
	if (r->anchor_count == RD_YAML_ANCHORS_MAX)
		return mistake(r, "that many anchors are not taken");
	r->anchors[r->anchor_count++] = (struct anchor){xstrdup((const char *)name), n, open};
	return 0;
}

static void
end_anchor(struct reading *r, const struct rd_yaml *n)
{
	for (size_t i = 0; i < r->anchor_count; i++)
		if (r->anchors[i].node == n)
			r->anchors[i].open = false;
}

/* The newest of that name counts, as YAML has it. */
static int
read_alias(struct reading *r, struct rd_yaml **out)
{
	const char *name = (const char *)r->event.data.alias.anchor;
	for (size_t i = r->anchor_count; i-- > 0;) {
		const struct anchor *a = &r->anchors[i];
		if (strcmp(a->name, name) != 0)
			continue;
		if (a->open)
			return mistake(r, "an alias within what it stands for");
		*out = a->node;
		return weigh(r, a->node->weight);
	}
	char *word = rd_log_escape(name, strlen(name), WORD_MAX);
	int err = mistake_at(r, &r->event.start_mark, xasprintf("there is no anchor &%s before this", word));
	free(word);
	return err;
}

/* --- nodes --- */

static enum rd_yaml_kind
kind_of_scalar(const char *text, bool plain)
{
	static const char *const nulls[] = {"~", "null", "Null", "NULL"};
	if (!plain)
		return RD_YAML_TEXT;
	for (size_t i = 0; i < sizeof(nulls) / sizeof(nulls[0]); i++)
		if (strcmp(text, nulls[i]) == 0)
			return RD_YAML_NULL;
	return *text ? RD_YAML_TEXT : RD_YAML_EMPTY;
}

static int
read_scalar(struct reading *r, struct rd_yaml **out)
{
	const char *text = (const char *)r->event.data.scalar.value;
	if (strlen(text) != r->event.data.scalar.length)
		return mistake(r, "a character that no text has");
	if (r->event.data.scalar.tag)
		return mistake(r, "tags (!) are not taken here");
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct rd_yaml *n = *out = new_node(r, kind_of_scalar(text, plain));
	n->text = xstrdup(text);
	int err = weigh(r, 1);
	return err ? err : begin_anchor(r, r->event.data.scalar.anchor, n, false);
}

static void
add(struct rd_yaml *n, struct rd_yaml *key, struct rd_yaml *item)
{
	size_t c = n->count;
	if ((c & (c - 1)) == 0) {
		size_t room = c ? 2 * c : 1;
		n->items = xreallocarray(n->items, room, sizeof(struct rd_yaml *));
		if (key)
			n->keys = xreallocarray(n->keys, room, sizeof(struct rd_yaml *));
	}
	if (key)
		n->keys[c] = key;
	n->items[c] = item;
	n->weight += item->weight + (key ? 1 : 0);
	n->count++;
}

static int read_node(struct reading *r, unsigned depth, struct rd_yaml **out);

static void
put_again(struct rd_yaml_file *f, struct rd_yaml *key)
{
	f->again = xreallocarray(f->again, f->again_count + 1, sizeof(struct rd_yaml *));
	f->again[f->again_count++] = key;
}

char *
rd_yaml_say_again(const char *name, const struct rd_yaml *key)
{
	char *word = rd_log_escape(key->text, strlen(key->text), WORD_MAX);
	char *where = place(name, key->line, key->column);
	char *text = xasprintf("%s: %s stands here twice", where, word);
	free(where);
	free(word);
	return text;
}

/* The key that has been read, as a node: NULL after saying why not. */
static struct rd_yaml *
read_key(struct reading *r)
{
	struct rd_yaml *key = NULL;
	if (r->event.type != YAML_SCALAR_EVENT) {
		mistake(r, "a name belongs here");
		return NULL;
	}
	if (read_scalar(r, &key))
		return NULL;
	if (key->kind != RD_YAML_TEXT || !*key->text) {
		mistake(r, "a name belongs here");
		return NULL;
	}
	return key;
}

static int
read_inside(struct reading *r, struct rd_yaml *n, yaml_event_type_t end, unsigned depth)
{
	for (;;) {
		struct rd_yaml *key = NULL, *item;
		bool again = false;
		int err = next(r);
		if (err || r->event.type == end)
			return err;
		if (n->kind == RD_YAML_MAP) {
			key = read_key(r);
			if (!key)
				return -EINVAL;
			again = rd_yaml_get(n, key->text) != NULL;
			if (again)
				put_again(r->file, key);
			err = next(r);
		}
		if (!err)
			err = read_node(r, depth + 1, &item);
		if (err)
			return err;
		if (!again)
			add(n, key, item);
	}
}

/* A mapping or a list, whose start has been read. */
static int
read_collection(struct reading *r, unsigned depth, struct rd_yaml **out)
{
	bool map = r->event.type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *tag = map ? r->event.data.mapping_start.tag : r->event.data.sequence_start.tag;
	const yaml_char_t *anchor = map ? r->event.data.mapping_start.anchor
		: r->event.data.sequence_start.anchor;
	if (tag)
		return mistake(r, "tags (!) are not taken here");
	if (depth == RD_YAML_DEPTH_MAX)
		return mistake(r, "that deep nothing of ours goes");
	struct rd_yaml *n = *out = new_node(r, map ? RD_YAML_MAP : RD_YAML_LIST);
	int err = weigh(r, 1);
	if (!err)
		err = begin_anchor(r, anchor, n, true);
	if (!err)
		err = read_inside(r, n, map ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT, depth);
	end_anchor(r, n);
	return err;
}

/* What the event begins. */
static int
read_node(struct reading *r, unsigned depth, struct rd_yaml **out)
{
	*out = NULL;
	switch (r->event.type) {
	case YAML_ALIAS_EVENT:
		return read_alias(r, out);
	case YAML_SCALAR_EVENT:
		return read_scalar(r, out);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return read_collection(r, depth, out);
	default:
		return mistake(r, "a value belongs here");
	}
}

static int
read_document(struct reading *r)
{
	int err = next(r);
	if (!err)
		err = next(r);
	if (err || r->event.type == YAML_STREAM_END_EVENT)
		return err;
	err = next(r);
	if (!err)
		err = read_node(r, 0, &r->file->root);
	/* A file of comments only has one empty value. */
	if (!err && r->file->root->kind == RD_YAML_EMPTY)
		r->file->root = NULL;
	if (!err)
		err = next(r);
	if (!err)
		err = next(r);
	if (!err && r->event.type != YAML_STREAM_END_EVENT)
		return mistake(r, "one document is taken, no second one");
	return err;
}

int
rd_yaml_read(struct rd_yaml_file *f, const char *name, const char *text, size_t len, char **error)
{
	struct reading r = {.file = f, .error = error};
	*f = (struct rd_yaml_file){.name = name};
	*error = NULL;
	if (!yaml_parser_initialize(&r.parser)) {
		*error = xasprintf("%s: out of memory", name);
		return -EINVAL;
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, len);
	int err = read_document(&r);
	if (r.have)
		yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	for (size_t i = 0; i < r.anchor_count; i++)
		free(r.anchors[i].name);
	return err;
}

void
rd_yaml_finish(struct rd_yaml_file *f)
{
	for (size_t i = 0; i < f->count; i++) {
		free((char *)f->all[i]->text);
		free(f->all[i]->items);
		free(f->all[i]->keys);
		free(f->all[i]);
	}
	free(f->all);
	free(f->again);
	*f = (struct rd_yaml_file){0};
}

const struct rd_yaml *
rd_yaml_get(const struct rd_yaml *map, const char *key)
{
	if (!map || map->kind != RD_YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

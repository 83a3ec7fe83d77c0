#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "config/names.h"
#include "config/shape.h"

#define WORD_MAX 64		/* bytes of the file in a message */
#define KEY_LETTERS 43		/* of a key, behind "rd:" */
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

struct judging {
	const struct rd_config_file *file;
	rd_config_report *report;
	void *ctx;
};

static void
mistake(struct judging *j, const struct rd_yaml *at, char *what)
{
	char *place = rd_config_place(j->file, at);
	j->report(j->ctx, xasprintf("%s: %s", place, what));
	free(place);
	free(what);
}

static char *
shown(const struct rd_yaml *n)
{
	return rd_log_escape(n->text, strlen(n->text), WORD_MAX);
}

/* "; did you mean \"x\"?", or `otherwise`; takes `nearest`. To free. */
static char *
hint(char *nearest, char *otherwise)
{
	char *text = nearest ? xasprintf("; did you mean \"%s\"?", nearest) : otherwise;
	if (nearest)
		free(otherwise);
	free(nearest);
	return text;
}

/* --- options --- */

/* What is to be said besides that there is no such option. */
static char *
hint_for(const struct rd_config_tool *t, const char *key)
{
	bool no = strncmp(key, "no-", 3) == 0;
	if (no && (t ? rd_config_has(t, key + 3) == RD_CONFIG_YES : rd_config_who_has(key + 3) != NULL))
		return xasprintf("; say \"%s: no\"", key + 3);
	const struct rd_config_tool *other = t ? rd_config_who_has(key) : NULL;
	return hint(rd_config_nearest_option(t, key), other ? xasprintf("; %s has", other->name) : xstrdup(""));
}

/* An option of a tool, or of any (t NULL): then `own` is what else may stand there, or NULL. */
static void
judge_option(struct judging *j, const struct rd_config_tool *t, const struct rd_yaml *key,
	const char *own)
{
	bool any = !t && rd_config_who_has(key->text), only = false;
	if (any || (t && rd_config_has(t, key->text) == RD_CONFIG_YES))
		return;
	for (const struct rd_config_tool *i = t ? t : rd_config_tools; i->name && !only; i++) {
		only = rd_config_has(i, key->text) == RD_CONFIG_COMMAND_ONLY;
		if (t)
			break;
	}
	char *word = shown(key);
	if (only) {
		mistake(j, key, xasprintf("%s is for the command line only", word));
	} else {
		const char *near = own ? rd_nearest(key->text, &own, 1) : NULL;
		char *more = near ? hint(xstrdup(near), xstrdup("")) : hint_for(t, key->text);
		mistake(j, key, xasprintf("%s %s option \"%s\"%s", t ? t->name : "no tool",
			t ? "has no" : "has an", word, more));
		free(more);
	}
	free(word);
}

static void
judge_value(struct judging *j, const struct rd_yaml *key, const struct rd_yaml *value)
{
	char *word = shown(key);
	if (value->kind == RD_YAML_EMPTY)
		mistake(j, value, xasprintf("%s has no value; ~ is what is built in", word));
	if (value->kind == RD_YAML_MAP)
		mistake(j, value, xasprintf("%s: a value belongs here, no mapping", word));
	for (size_t i = 0; value->kind == RD_YAML_LIST && i < value->count; i++)
		if (value->items[i]->kind != RD_YAML_TEXT)
			mistake(j, value->items[i], xasprintf("%s: a list of single values belongs here", word));
	if (value->kind == RD_YAML_LIST && value->count == 0)
		mistake(j, value, xasprintf("%s: an empty list", word));
	free(word);
}

/* Whether it is a mapping, or nothing; a mistake otherwise. */
static bool
is_map(struct judging *j, const struct rd_yaml *key, const struct rd_yaml *n)
{
	if (n->kind == RD_YAML_MAP)
		return true;
	if (n->kind == RD_YAML_NULL || n->kind == RD_YAML_EMPTY)
		return false;
	char *word = shown(key);
	mistake(j, n, xasprintf("%s is to be a mapping: a name and a value each", word));
	free(word);
	return false;
}

/* The options of one tool, or those of all (t NULL). */
static void
judge_section(struct judging *j, const struct rd_config_tool *t, const struct rd_yaml *key,
	const struct rd_yaml *map)
{
	if (!is_map(j, key, map))
		return;
	for (size_t i = 0; i < map->count; i++) {
		judge_option(j, t, map->keys[i], NULL);
		judge_value(j, map->keys[i], map->items[i]);
	}
}

/* rd-…: false when that is no tool. */
static bool
judge_tool(struct judging *j, const struct rd_yaml *key, const struct rd_yaml *map)
{
	const struct rd_config_tool *t = rd_config_tool(key->text);
	if (t)
		judge_section(j, t, key, map);
	return t != NULL;
}

static void
mistake_tool(struct judging *j, const struct rd_yaml *key)
{
	if (strcmp(key->text, "rd-relay") == 0) {
		mistake(j, key, xstrdup("rd-relay has a file of its own, rd-relay(1)"));
		return;
	}
	char *word = shown(key);
	char *more = hint(rd_config_nearest_tool(key->text), xstrdup(""));
	mistake(j, key, xasprintf("there is no \"%s\" here%s", word, more));
	free(more);
	free(word);
}

/* --- hosts and profiles --- */

static void
judge_key(struct judging *j, const struct rd_yaml *value)
{
	const char *text = value->kind == RD_YAML_TEXT ? value->text : "";
	if (value->kind == RD_YAML_NULL)
		return;
	if (strncmp(text, "rd:", 3) != 0 || strlen(text) != 3 + KEY_LETTERS ||
			strspn(text + 3, NAME_LETTERS) != KEY_LETTERS)
		mistake(j, value, xstrdup("a key is \"rd:\" and 43 letters, as rd-key prints it"));
}

static void
judge_address(struct judging *j, const struct rd_yaml *value)
{
	bool text = value->kind == RD_YAML_TEXT && *value->text && value->text[0] != '-';
	if (!text && value->kind != RD_YAML_NULL)
		mistake(j, value, xstrdup("an address is HOST, HOST:PORT or ssh://HOST"));
}

/* A key proves a host of ours; ssh has its own. */
static void
judge_ssh(struct judging *j, const struct rd_yaml *map)
{
	const struct rd_yaml *address = rd_yaml_get(map, "address"), *key = rd_yaml_get(map, "key");
	if (address && key && address->kind == RD_YAML_TEXT && key->kind == RD_YAML_TEXT &&
			strchr(address->text, '/'))
		mistake(j, key, xstrdup("a key belongs to a HOST or HOST:PORT, and to no other address"));
}

/* What a host or profile says. */
static void
judge_scope(struct judging *j, const struct rd_yaml *map, bool host)
{
	if (host)
		judge_ssh(j, map);
	for (size_t i = 0; i < map->count; i++) {
		const struct rd_yaml *key = map->keys[i], *value = map->items[i];
		if (host && strcmp(key->text, "address") == 0) {
			judge_address(j, value);
		} else if (host && strcmp(key->text, "key") == 0) {
			judge_key(j, value);
		} else if (strncmp(key->text, "rd-", 3) == 0) {
			if (!judge_tool(j, key, value))
				mistake_tool(j, key);
		} else {
			judge_option(j, NULL, key, host ? "address" : NULL);
			judge_value(j, key, value);
		}
	}
}

static void
judge_scopes(struct judging *j, const struct rd_yaml *key, const struct rd_yaml *map, bool host)
{
	if (!is_map(j, key, map))
		return;
	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->keys[i]->text;
		if (name[strspn(name, NAME_LETTERS ".")] || name[0] == '-' || name[0] == '.')
			mistake(j, map->keys[i], xstrdup("a name here is letters, digits, '-', '_' and '.'"));
		else if (is_map(j, map->keys[i], map->items[i]))
			judge_scope(j, map->items[i], host);
	}
}

static void
judge_top(struct judging *j, const struct rd_yaml *key, const struct rd_yaml *value)
{
	if (strcmp(key->text, "include") == 0)
		return;	/* file.c has judged that */
	if (strcmp(key->text, "defaults") == 0)
		judge_section(j, NULL, key, value);
	else if (strcmp(key->text, "hosts") == 0)
		judge_scopes(j, key, value, true);
	else if (strcmp(key->text, "profiles") == 0)
		judge_scopes(j, key, value, false);
	else if (!judge_tool(j, key, value))
		mistake_tool(j, key);
}

void
rd_config_judge(const struct rd_config *c, rd_config_report *report, void *ctx)
{
	for (size_t i = 0; i < c->count; i++) {
		struct judging j = {&c->files[i], report, ctx};
		const struct rd_yaml_file *yaml = &c->files[i].yaml;
		const struct rd_yaml *root = yaml->root;
		for (size_t k = 0; k < yaml->again_count; k++)
			report(ctx, rd_yaml_say_again(c->files[i].path, yaml->again[k]));
		if (root && root->kind != RD_YAML_MAP && root->kind != RD_YAML_NULL)
			mistake(&j, root, xstrdup("the file is to be a mapping: a name and a value each"));
		for (size_t k = 0; root && root->kind == RD_YAML_MAP && k < root->count; k++)
			judge_top(&j, root->keys[k], root->items[k]);
	}
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/opt_table.h"
#include "config/config_priv.h"

/* --- names --- */

void
rd_config_print_names(const struct rd_config *c, const char *section)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct rd_yaml *map = rd_yaml_get(c->files[i].yaml.root, section);
		for (size_t k = 0; map && map->kind == RD_YAML_MAP && k < map->count; k++)
			puts(map->keys[k]->text);
	}
}

/* --- values --- */

static void
put(const char *text)
{
	char *shown = rd_log_escape(text, strlen(text), 4096);
	fputs(shown, stdout);
	free(shown);
}

/* option, value, "profile ci", place: tabs between; a value that is built in may be none. */
static void
print_value(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts, const struct rd_opt *o)
{
	struct rd_config_value v;
	char *text, *place = NULL, *from;
	const char *environment = rd_config_environment(o, RD_CONFIG_OF_ALL);
	if (rd_config_counts(c, asked, opts, o, &v)) {
		text = rd_config_text(v.node);
		place = rd_config_place(v.file, v.node);
		from = v.section ? xasprintf("%.*s %s", (int)strlen(v.section) - 1, v.section, v.name)
			: xstrdup(v.name);
	} else if (environment) {
		text = xstrdup(environment);
		from = xasprintf("$%s", o->environment);
	} else {
		text = opt_value_format(o);
		if (!text && o->kind == RD_OPT_FLAG)
			text = xstrdup("no");
		from = xstrdup("built in");
	}
	printf("%s\t", o->name);
	put(text ? text : "");
	printf("\t%s\t", from);
	puts(place ? place : "");
	free(text);
	free(place);
	free(from);
}

void
rd_config_print_values(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts)
{
	for (const struct rd_opt *o = opts; o->name; o++)
		if (rd_config_sets(o))
			print_value(c, asked, opts, o);
}

/* --- mistakes --- */

static const struct rd_opt *
option_of(const struct rd_opt *o, const char *name)
{
	while (o->name && (!rd_config_sets(o) || strcmp(o->name, name) != 0))
		o++;
	return o->name ? o : NULL;
}

static void
try_map(const struct rd_config_file *f, const struct rd_opt *opts, const struct rd_yaml *map,
	bool host)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *name = map->keys[i]->text;
		const struct rd_opt *o = option_of(opts, name);
		char *error = NULL;
		if (!o || (host && strcmp(name, "key") == 0))
			continue;
		bool value = map->items[i]->kind == RD_YAML_TEXT || map->items[i]->kind == RD_YAML_LIST;
		if (value && rd_config_set(opts, o, f, map->items[i], &error))
			puts(error);
		free(error);
	}
}

/*
 * Options may count what they are given, so each part is tried in a process of
 * its own, with a table that nothing was set in.
 */
static void
try_apart(const struct rd_config_file *f, const struct rd_opt *opts, const struct rd_yaml *map,
	bool host)
{
	if (!map || map->kind != RD_YAML_MAP)
		return;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		try_map(f, opts, map, host);
		fflush(stdout);
		_exit(0);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0)
		continue;
}

static void
try_scopes(const struct rd_config_file *f, const struct rd_config_asked *asked,
	const struct rd_opt *opts, const char *section)
{
	const struct rd_yaml *all = rd_yaml_get(f->yaml.root, section);
	bool hosts = strcmp(section, "hosts") == 0;
	for (size_t i = 0; all && all->kind == RD_YAML_MAP && i < all->count; i++) {
		try_apart(f, opts, all->items[i], hosts);
		try_apart(f, opts, rd_yaml_get(all->items[i], asked->scopes.tool), false);
		if (asked->scopes.as)
			try_apart(f, opts, rd_yaml_get(all->items[i], asked->scopes.as), false);
	}
}

void
rd_config_print_mistakes(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct rd_config_file *f = &c->files[i];
		try_apart(f, opts, rd_yaml_get(f->yaml.root, "defaults"), false);
		try_apart(f, opts, rd_yaml_get(f->yaml.root, asked->scopes.tool), false);
		if (asked->scopes.as)
			try_apart(f, opts, rd_yaml_get(f->yaml.root, asked->scopes.as), false);
		try_scopes(f, asked, opts, "hosts");
		try_scopes(f, asked, opts, "profiles");
	}
}

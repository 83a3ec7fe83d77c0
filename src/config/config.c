#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "config/config_priv.h"
#include "config/shape.h"

/* --- reading --- */

struct reports {
	bool all;	/* to stdout; else the first is an error */
	size_t count;
};

static void
report(void *ctx, char *line)
{
	struct reports *r = ctx;
	if (r->all)
		puts(line);
	else if (r->count == 0)
		rd_error("%s", line);
	r->count++;
	free(line);
}

static int
load(struct rd_config *c, const char *path, bool must, bool all)
{
	struct reports r = {.all = all};
	int err = rd_config_load(c, path, report, &r);
	if (err == -ENOENT && must) {
		char *shown = rd_log_escape(path, strlen(path), PATH_MAX);
		report(&r, xasprintf("%s: %s", shown, strerror(ENOENT)));
		free(shown);
	}
	/* What stands in a file that is no YAML is not known. */
	if (!r.count)
		rd_config_judge(c, report, &r);
	return r.count ? RD_EXIT_CONFIG : 0;
}

/* --- profiles --- */

/* All that --profile names, else $RD_PROFILE; with commas, to free. */
static char *
given_profiles(const struct rd_opt_given *g)
{
	const char *environment = getenv("RD_PROFILE");
	char *all = NULL;
	for (size_t i = 0; i < g->count; i++) {
		const char *text = g->words[i].text;
		if (strcmp(g->words[i].opt->name, "profile") != 0)
			continue;
		char *longer = all ? xasprintf("%s,%s", all, text) : xstrdup(text);
		free(all);
		all = longer;
	}
	if (all)
		setenv("RD_PROFILE", all, 1);
	return all ? all : xstrdup(environment ? environment : "");
}

static int
no_profile(const struct rd_config *c, const char *name)
{
	char *shown = rd_log_escape(name, strlen(name), 64);
	const char *nearest = rd_config_nearest(c, "profiles", name);
	if (nearest)
		rd_error("there is no profile \"%s\"; did you mean \"%s\"?", shown, nearest);
	else if (c->count)
		rd_error("there is no profile \"%s\" in %s", shown, c->files[0].path);
	else
		rd_error("there is no profile \"%s\", for there is no configuration: rd-config(5)", shown);
	free(shown);
	return RD_EXIT_PROFILE;
}

static int
choose_profiles(struct rd_config_asked *asked, const struct rd_config *c,
	const struct rd_opt_given *g)
{
	struct rd_config_scopes *s = &asked->scopes;
	char *rest = asked->profiles = given_profiles(g), *name;
	while ((name = strsep(&rest, ","))) {
		if (!*name)
			continue;
		if (!rd_config_exists(c, "profiles", name))
			return no_profile(c, name);
		if (s->profile_count == RD_CONFIG_PROFILES_MAX) {
			rd_error("more than %d profiles are not taken", RD_CONFIG_PROFILES_MAX);
			return RD_EXIT_USAGE;
		}
		s->profiles[s->profile_count++] = name;
	}
	return 0;
}

/* --- hosts --- */

static bool
names_hosts(const char *what)
{
	return what && (strcmp(what, "host") == 0 || strcmp(what, "source") == 0);
}

/* Where the command line says which host: an operand, or an option's value. NULL: nowhere. */
static const char **
host_place(const struct rd_opt_given *g)
{
	for (size_t i = g->count; i-- > 0;) {
		const char *metavar = g->words[i].opt->metavar;
		if (metavar && (strcmp(metavar, "HOST") == 0 || strcmp(metavar, "SOURCE") == 0))
			return &g->words[i].text;
	}
	if (names_hosts(g->tool->operand) && g->rest->argc > g->tool->outputs)
		return (const char **)&g->rest->argv[0];
	return NULL;
}

/*
 * rd-recv goes there, so it takes the address, and the key; others hand the
 * name on to it, and need the address only where it is not rd-recv's.
 */
static void
choose_host(struct rd_config_asked *asked, const struct rd_config *c, const struct rd_opt_given *g)
{
	const char **at = host_place(g);
	if (!at || !*at)
		return;
	if (!rd_config_exists(c, "hosts", *at)) {
		const char *nearest = rd_config_nearest(c, "hosts", *at);
		g->rest->nearest = nearest ? rd_config_keep(xstrdup(nearest)) : NULL;
		return;
	}
	const char *name = *at, *address = rd_config_of_host(c, name, "address");
	const char *key = rd_config_of_host(c, name, "key");
	bool goes = strcmp(g->tool->name, "rd-recv") == 0;
	asked->scopes.host = g->rest->host = rd_config_keep(xstrdup(name));
	if (!address && !(goes && key))
		return;
	if (!address)
		address = name;
	if (goes && key)
		*at = rd_config_keep(xasprintf("%s@%s", key, address));
	else if (goes || strchr(address, '/'))
		*at = rd_config_keep(xstrdup(address));
}

/* --- values --- */

static bool
is_off(const struct rd_opt *o, const char *text)
{
	return o->kind == RD_OPT_FLAG && (strcasecmp(text, "no") == 0 || strcasecmp(text, "off") == 0 ||
		strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0);
}

static bool
lists(const char *names, const char *name)
{
	size_t len = strlen(name);
	for (const char *at = names; at && *at; at += *at == ',') {
		size_t n = strcspn(at, ",");
		if (n == len && strncmp(at, name, n) == 0)
			return true;
		at += n;
	}
	return false;
}

/* What the command line says of it, or puts aside by another option. */
static bool
is_given(const struct rd_opt_given *g, const struct rd_opt *o)
{
	for (size_t i = 0; i < g->count; i++) {
		const struct rd_opt_word *w = &g->words[i];
		if (w->opt == o || strcmp(w->opt->name, o->name) == 0)
			return true;
		if (w->text && lists(w->opt->instead, o->name) && !is_off(w->opt, w->text))
			return true;
	}
	return false;
}

/* Whether another option of a higher rank puts it aside. */
static bool
is_aside(const struct rd_config *c, const struct rd_config_asked *asked, const struct rd_opt *opts,
	const struct rd_opt *o, int rank)
{
	for (const struct rd_opt *i = opts; i->name; i++) {
		struct rd_config_value v;
		if (lists(i->instead, o->name) && rd_config_find(c, &asked->scopes, i->name, &v) &&
				v.rank < rank && v.node->kind == RD_YAML_TEXT && !is_off(i, v.node->text))
			return true;
	}
	return false;
}

bool
rd_config_counts(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt *opts, const struct rd_opt *o, struct rd_config_value *v)
{
	return rd_config_sets(o) && rd_config_find(c, &asked->scopes, o->name, v) &&
		v->node->kind != RD_YAML_NULL && !rd_config_environment(o, v->rank) &&
		!is_aside(c, asked, opts, o, v->rank);
}

static int
set_all(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt_given *g)
{
	const struct rd_opt *opts = g->tool->opts;
	for (const struct rd_opt *o = opts; o->name; o++) {
		struct rd_config_value v;
		char *error = NULL;
		if (is_given(g, o) || !rd_config_counts(c, asked, opts, o, &v))
			continue;
		if (rd_config_set(opts, o, v.file, v.node, &error)) {
			rd_error("%s", error);
			free(error);
			return RD_EXIT_CONFIG;
		}
	}
	return 0;
}

/* A session is called as its host is here. One that another started has that one's name. */
static void
name_session(const struct rd_config *c, const struct rd_config_asked *asked,
	const struct rd_opt_given *g)
{
	struct rd_config_value v;
	char *error = NULL;
	bool said = rd_config_word(g, "name") || rd_config_find(c, &asked->scopes, "name", &v);
	if (asked->scopes.host && !said && !getenv("RD_CONTROL"))
		rd_opt_set(g->tool->opts, "name", asked->scopes.host, &error);
	free(error);
}

/* --- the whole --- */

static int
work(struct rd_config_asked *asked, const struct rd_config *c, const struct rd_opt_given *g)
{
	const struct rd_opt *opts = g->tool->opts;
	int code = choose_profiles(asked, c, g);
	if (code)
		return code;
	choose_host(asked, c, g);
	switch (asked->task) {
	case RD_CONFIG_SHOW:
		rd_config_print_values(c, asked, opts);
		return -1;
	case RD_CONFIG_HOSTS:
		rd_config_print_names(c, "hosts");
		return -1;
	case RD_CONFIG_PROFILES:
		rd_config_print_names(c, "profiles");
		return -1;
	default:
		name_session(c, asked, g);
		return set_all(c, asked, g);
	}
}

static int
apply(struct rd_opt_layer *l, struct rd_opt_given *g)
{
	struct rd_config_asked *asked = (struct rd_config_asked *)l;
	struct rd_config c = {0};
	bool must = false, check = asked->task == RD_CONFIG_CHECK;
	char *path = rd_config_where(asked, g, &must);
	int code = path ? load(&c, path, must, check) : 0;
	if (check) {
		rd_config_print_mistakes(&c, asked, g->tool->opts);
		code = code ? code : -1;
	} else if (!code) {
		code = work(asked, &c, g);
	}
	rd_config_finish(&c);
	free(path);
	return code;
}

bool
rd_config_parse(const struct rd_opt_tool *tool, int argc, char **argv, struct rd_opt_rest *rest,
	int *code)
{
	static const char *const tasks[] = {
		[RD_CONFIG_CHECK] = "check", [RD_CONFIG_SHOW] = "show",
		[RD_CONFIG_HOSTS] = "hosts", [RD_CONFIG_PROFILES] = "profiles", NULL,
	};
	struct rd_config_asked asked = {.task = -1, .scopes.tool = tool->name};
	const struct rd_opt opts[] = {
		{.name = "profile", .kind = RD_OPT_STRING, .target = &asked.profile, .metavar = "PROFILE",
			.help = "values of that profile of the configuration; may be given again"},
		{.name = "config", .kind = RD_OPT_STRING, .target = &asked.path, .metavar = "FILE|DIR",
			.help = "the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd"},
		{.name = "no-config", .kind = RD_OPT_FLAG, .target = &asked.none,
			.help = "read no configuration"},
		{.name = "as", .kind = RD_OPT_STRING, .target = &asked.scopes.as, .metavar = "NAME",
			.help = "whose section counts before our own", .hidden = true},
		{.name = "configuration", .kind = RD_OPT_CHOICE, .target = &asked.task, .choices = tasks,
			.help = "say something of the configuration, and end", .hidden = true},
		{0},
	};
	asked.layer = (struct rd_opt_layer){opts, apply};
	bool go_on = rd_opt_parse_over(tool, &asked.layer, argc, argv, rest, code);
	free(asked.profiles);
	return go_on;
}

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/opt.h"
#include "config/names.h"
#include "rd-ctl/run.h"
#include "rd-ctl/verbs.h"

/*
 * Each tool knows its options and judges its values, so each is asked; what is
 * said here is only what they have said.
 */
struct asked {
	bool json;
	const char *file;	/* --config */
	char *profiles;		/* NULL: $RD_PROFILE */
	int argc;		/* what follows "check" or "show" */
	char **argv;
};

struct lines {
	char **text;
	size_t count;
};

static void
put_lines(struct lines *l, char *text)
{
	char *rest = text, *line;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		l->text = xreallocarray(l->text, l->count + 1, sizeof(char *));
		l->text[l->count++] = xstrdup(line);
	}
}

static void
finish_lines(struct lines *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->text[i]);
	free(l->text);
}

/* Whether it is there; a relative name is of our folder, and ours is theirs. */
static int
choose_file(const struct asked *a, const char *file)
{
	const char *chosen = file ? file : a->file;
	if (chosen)
		setenv("RD_CONFIG", chosen, 1);
	if (a->profiles)
		setenv("RD_PROFILE", a->profiles, 1);
	const char *environment = getenv("RD_CONFIG");
	char *path = environment ? xstrdup(environment) : rd_folder_path("config.yaml", false);
	bool there = path && *path && access(path, F_OK) == 0;
	int err = errno;
	if (!there && chosen)
		rd_error("%s: %s", chosen, strerror(err));
	else if (!there)
		rd_warn("nothing is configured: there is no %s", path && *path ? path : "configuration");
	free(path);
	return there ? 0 : chosen ? RD_EXIT_CONFIG : -1;
}

/* The tool's own words on its configuration. rd-share is rd-send by another name. */
static int
begin(char **argv, const struct rd_config_tool *t, const char *task)
{
	bool share = strcmp(t->name, "rd-share") == 0;
	int n = 0;
	argv[n++] = (char *)(share ? "rd-send" : t->name);
	if (share) {
		argv[n++] = (char *)"--as";
		argv[n++] = (char *)t->name;
	}
	argv[n++] = (char *)"--configuration";
	argv[n++] = (char *)task;
	return n;
}

/* --- check --- */

/* How long "FILE:line:column" is, and the numbers. */
static size_t
place_of(const char *line, unsigned long *row, unsigned long *column)
{
	for (const char *c = line; (c = strchr(c, ':')); c++) {
		char *end, *last;
		*row = strtoul(c + 1, &end, 10);
		if (end == c + 1 || *end != ':')
			continue;
		*column = strtoul(end + 1, &last, 10);
		if (last > end + 1 && strncmp(last, ": ", 2) == 0)
			return (size_t)(last - line);
	}
	*row = *column = 0;
	return strlen(line);
}

static int
compare(const void *a, const void *b)
{
	const char *left = *(char *const *)a, *right = *(char *const *)b;
	unsigned long row[2], column[2];
	size_t len = place_of(left, &row[0], &column[0]);
	place_of(right, &row[1], &column[1]);
	int files = strncmp(left, right, strcspn(left, ":"));
	if (files)
		return files;
	if (row[0] != row[1])
		return row[0] < row[1] ? -1 : 1;
	if (column[0] != column[1])
		return column[0] < column[1] ? -1 : 1;
	files = strncmp(left, right, len);
	return files ? files : strcmp(left, right);
}

/* One line for each place: what several tools say of a value that is theirs is once enough. */
static bool
same_place(const char *a, const char *b)
{
	unsigned long row, column;
	size_t len = place_of(a, &row, &column);
	return strcmp(a, b) == 0 || (row && strncmp(a, b, len + 1) == 0);
}

static int
ask_check(struct lines *found, const struct rd_config_tool *t)
{
	char *argv[8] = {NULL};
	int status;
	begin(argv, t, "check");
	char *text = run_read(argv, &status);
	if (!text)
		return RD_EXIT_COMMAND;
	put_lines(found, text);
	free(text);
	if (status == RD_EXIT_OK || status == RD_EXIT_CONFIG)
		return 0;
	rd_error("%s does not say what it makes of the configuration (status %d)", t->name, status);
	return RD_EXIT_COMMAND;
}

static int
check(const struct asked *a)
{
	struct lines found = {0};
	if (a->argc > 1) {
		rd_error("check takes one file");
		return RD_EXIT_USAGE;
	}
	int code = choose_file(a, a->argc ? a->argv[0] : NULL);
	if (code)
		return code > 0 ? code : 0;
	for (const struct rd_config_tool *t = rd_config_tools; t->name && !code; t++)
		code = ask_check(&found, t);
	if (found.count)
		qsort(found.text, found.count, sizeof(char *), compare);
	for (size_t i = 0; i < found.count; i++)
		if (i == 0 || !same_place(found.text[i - 1], found.text[i]))
			puts(found.text[i]);
	if (found.count && !code)
		code = RD_EXIT_CONFIG;
	finish_lines(&found);
	return code;
}

/* --- show --- */

static void
put_json(const char *tool, char *const column[4])
{
	struct rd_json j = {0};
	rd_json_open(&j, '{');
	rd_json_put_text(&j, "tool", tool);
	rd_json_put_text(&j, "option", column[0]);
	rd_json_put_text(&j, "value", *column[1] ? column[1] : NULL);
	rd_json_put_text(&j, "from", column[2]);
	rd_json_put_text(&j, "place", *column[3] ? column[3] : NULL);
	rd_json_close(&j, '}');
	rd_json_line(&j);
	rd_json_print(&j, stdout);
	rd_json_finish(&j);
}

/* A line of a tool: option, value, from, place. */
static void
put_value(const struct asked *a, const char *tool, char *line, bool all)
{
	char *column[4], *rest = line;
	for (int i = 0; i < 4; i++) {
		column[i] = strsep(&rest, "\t");
		if (!column[i])
			return;
	}
	if (!all && strcmp(column[2], "built in") == 0)
		return;
	if (a->json) {
		put_json(tool, column);
		return;
	}
	if (!all)
		printf("%-12s ", tool);
	printf("%-16s %-24s %s%s%s\n", column[0], *column[1] ? column[1] : "-", column[2],
		*column[3] ? "  " : "", column[3]);
}

/* The tool with that host, wherever it is that its command line names one. */
static int
show_one(const struct asked *a, const struct rd_config_tool *t, const char *host, bool all)
{
	char *argv[10] = {NULL};
	int n = begin(argv, t, "show"), status;
	struct lines found = {0};
	if (host && rd_config_has(t, "on") != RD_CONFIG_NO)
		argv[n++] = (char *)"--on";
	if (host)
		argv[n++] = (char *)host;
	/* rd-record's last operand is its file. */
	if (host && strcmp(t->name, "rd-record") == 0)
		argv[n++] = (char *)"-";
	char *text = run_read(argv, &status);
	if (!text)
		return RD_EXIT_COMMAND;
	put_lines(&found, text);
	free(text);
	for (size_t i = 0; i < found.count; i++)
		put_value(a, t->name, found.text[i], all);
	finish_lines(&found);
	return status;
}

static void
say_no_host(const char *host, const struct lines *known)
{
	char *shown = rd_log_escape(host, strlen(host), 64);
	const char *nearest = rd_nearest(shown, (const char *const *)known->text, known->count);
	if (nearest)
		rd_error("the configuration knows no host \"%s\"; did you mean \"%s\"?", shown, nearest);
	else
		rd_error("the configuration knows no host \"%s\"", shown);
	free(shown);
}

static int
judge_host(const char *host)
{
	char *argv[] = {(char *)"rd-ctl", (char *)"--configuration", (char *)"hosts", NULL};
	int status;
	bool known = false;
	struct lines found = {0};
	char *text = run_read(argv, &status);
	if (!text || status) {
		free(text);
		return text ? status : RD_EXIT_COMMAND;
	}
	put_lines(&found, text);
	free(text);
	for (size_t i = 0; i < found.count; i++)
		known |= strcmp(found.text[i], host) == 0;
	if (!known)
		say_no_host(host, &found);
	finish_lines(&found);
	return known ? 0 : RD_EXIT_UNREACHABLE;
}

static int
show(const struct asked *a)
{
	const struct rd_config_tool *t = a->argc ? rd_config_tool(a->argv[0]) : NULL;
	const char *host = a->argc > 1 ? a->argv[1] : a->argc && !t ? a->argv[0] : NULL;
	if (a->argc > 2 || (a->argc == 2 && !t) || (a->argc == 1 && !t && !strncmp(host, "rd-", 3))) {
		rd_error("show takes a tool's name and a host's, or one of them");
		return RD_EXIT_USAGE;
	}
	int code = choose_file(a, NULL);
	if (code > 0)
		return code;
	code = host ? judge_host(host) : 0;
	if (t && !code)
		return show_one(a, t, host, true);
	for (t = rd_config_tools; t->name && !code; t++)
		code = show_one(a, t, host, false);
	return code;
}

/* --- the verb --- */

static int
add_profile(void *target, const char *text, const char **error)
{
	struct asked *a = target;
	char *all = a->profiles ? xasprintf("%s,%s", a->profiles, text) : xstrdup(text);
	(void)error;
	free(a->profiles);
	a->profiles = all;
	return 0;
}

static int
run(struct asked *a, const struct rd_opt_rest *rest)
{
	const char *verb = rest->argc > 1 ? rest->argv[1] : "";
	a->argc = rest->argc - 2;
	a->argv = rest->argv + 2;
	if (strcmp(verb, "check") == 0)
		return check(a);
	if (strcmp(verb, "show") == 0)
		return show(a);
	rd_error("rd-ctl config check [FILE], or rd-ctl config show [TOOL] [HOST]");
	return RD_EXIT_USAGE;
}

/* Its own options; the rest of the command line is as everywhere. */
#define CONFIG_OPTS(a) \
	{.name = "json", .letter = 'j', .kind = RD_OPT_FLAG, .target = &(a)->json, \
		.help = "show: an object of JSON a line"}, \
	{.name = "config", .kind = RD_OPT_STRING, .target = &(a)->file, .metavar = "FILE|DIR", \
		.help = "the configuration; default: config.yaml in $XDG_CONFIG_HOME/rd"}, \
	{.name = "profile", .kind = RD_OPT_CALL, .target = (a), .metavar = "PROFILE", \
		.set = add_profile, .help = "show: with that profile; may be given again"}

bool
config_is_meant(char **argv)
{
	struct asked a = {0};
	const struct rd_opt opts[] = {CONFIG_OPTS(&a), {0}};
	const char *operand = rd_opt_operand(opts, argv);
	return operand && strcmp(operand, "config") == 0;
}

int
config_run(int argc, char **argv)
{
	struct asked a = {0};
	int code;
	const struct rd_opt opts[] = {CONFIG_OPTS(&a), {0}};
	const struct rd_opt_tool tool = {
		.name = "rd-ctl",
		.usage = "rd-ctl config check [FILE]\n"
			"rd-ctl config show [TOOL] [HOST] [--profile NAME] [--json]",
		.summary = "says what is wrong in the configuration, or which values count and why",
		.examples =
			"  rd-ctl config check\n"
			"  rd-ctl config show rd-view office\n"
			"  rd-ctl config show --profile ci --json | jq -r .option\n",
		.opts = opts,
	};
	struct rd_opt_rest rest;
	if (rd_opt_parse(&tool, argc, argv, &rest, &code))
		code = run(&a, &rest);
	free(a.profiles);
	return code;
}

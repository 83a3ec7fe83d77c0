#include <glob.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/exit.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "config/names.h"
#include "control/client.h"
#include "rd-ctl/run.h"
#include "rd-ctl/team.h"
#include "rd-ctl/verbs.h"

/* What completion offers: names that are so at this moment, one a line. */

/* Text in one piece, without what moves a terminal's cursor or turns its line around. */
static bool
is_legible(const char *word)
{
	uint32_t point;
	for (int n; *word; word += n) {
		n = rd_utf8_decode((const uint8_t *)word, strlen(word), &point);
		if (n <= 0 || rd_utf8_is_control(point))
			return false;
	}
	return true;
}

/* What a shell would take for more than a word, or a tool for an option, is not offered. */
static void
put(const char *word)
{
	if (word && *word && *word != '-' && !word[strcspn(word, " '\"\\$`;&|<>(){}*?!#~")] &&
			is_legible(word))
		puts(word);
}

/* The member `key` of each line of JSON that a tool says, but of those with an error. */
static void
put_members(char *const argv[], const char *kind, const char *key)
{
	int status;
	char *text = run_read(argv, &status), *rest = text, *line;
	while (text && (line = strsep(&rest, "\n"))) {
		json_t *o = json_loads(line, 0, NULL);
		const char *is = json_string_value(json_object_get(o, "kind"));
		if (!json_string_value(json_object_get(o, "error")) && (!kind || (is && strcmp(is, kind) == 0)))
			put(json_string_value(json_object_get(o, key)));
		json_decref(o);
	}
	free(text);
}

static void
put_configured(const char *what)
{
	char *argv[] = {(char *)"rd-ctl", (char *)"--configuration", (char *)what, NULL};
	int status;
	char *text = run_read(argv, &status), *rest = text, *line;
	while (text && (line = strsep(&rest, "\n")))
		put(line);
	free(text);
}

static void
put_sessions(void)
{
	struct rd_control_found *all;
	size_t count;
	char *why = NULL;
	if (rd_control_list(&all, &count, &why) != 0) {
		free(why);
		return;
	}
	for (size_t i = 0; i < count; i++)
		put(all[i].name);
	free(all);
}

/* The member `by` of each object of a list, "=" after those that are to be set. */
static void
put_each(const json_t *list, const char *by, bool set)
{
	size_t i;
	json_t *one;
	json_array_foreach(list, i, one) {
		const char *name = json_string_value(json_object_get(one, by));
		if (!set) {
			put(name);
		} else if (name && json_is_true(json_object_get(one, "set"))) {
			char *assigned = xasprintf("%s=", name);
			put(assigned);
			free(assigned);
		}
	}
}

/* What the session itself says that it can be asked and told. */
static void
put_session(char **words, int count)
{
	struct team t;
	json_t *help = team_find(&t, words[0]) == 0 ? team_help(&t) : NULL;
	bool get = count > 1 && strcmp(words[1], "get") == 0, set = count > 1 && strcmp(words[1], "set") == 0;
	if (count == 1)
		put_each(json_object_get(help, "verbs"), "verb", false);
	else if (get || set)
		put_each(json_object_get(help, "values"), "key", set);
	json_decref(help);
	team_finish(&t);
}

static void
put_files(const char *pattern)
{
	glob_t found;
	if (glob(pattern, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		put(found.gl_pathv[i]);
	globfree(&found);
}

static void
put_config(char **words, int count)
{
	bool show = count > 1 && strcmp(words[1], "show") == 0;
	if (count == 1) {
		puts("check\nshow");
	} else if (!show && count == 2) {
		put_files("*.yaml");
		put_files("*.yml");
	}
	for (const struct rd_config_tool *t = rd_config_tools; show && count == 2 && t->name; t++)
		put(t->name);
	if (show && count < 4)
		put_configured("hosts");
}

/* What may follow these operands; options among them are passed over. */
static void
put_operands(char **words, int count)
{
	int n = 0;
	for (int i = 0; i < count; i++)
		if (*words[i] != '-')
			words[n++] = words[i];
	if (n == 0) {
		put_sessions();
		puts("list\nconfig");
	} else if (strcmp(words[0], "config") == 0) {
		put_config(words, n);
	} else if (strcmp(words[0], "list") != 0) {
		put_session(words, n);
	}
}

int
words_run(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";
	char *hosts[] = {(char *)"rd-key", (char *)"hosts", (char *)"--json", NULL};
	char *displays[] = {(char *)"rd-capture", (char *)"--list", (char *)"--json", NULL};
	if (strcmp(what, "hosts") == 0) {
		put_configured("hosts");
		put_members(hosts, NULL, "host");
	} else if (strcmp(what, "profiles") == 0) {
		put_configured("profiles");
	} else if (strcmp(what, "displays") == 0) {
		put_members(displays, "display", "display");
	} else if (strcmp(what, "sessions") == 0) {
		put_sessions();
	} else if (strcmp(what, "operands") == 0) {
		put_operands(argv + 3, argc - 3);
	} else {
		return RD_EXIT_USAGE;
	}
	return RD_EXIT_OK;
}

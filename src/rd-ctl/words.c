#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/exit.h"
#include "base/utf8.h"
#include "control/client.h"
#include "rd-ctl/run.h"
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
	} else {
		return RD_EXIT_USAGE;
	}
	return RD_EXIT_OK;
}

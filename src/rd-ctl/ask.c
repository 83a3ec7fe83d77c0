#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "control/request.h"
#include "rd-ctl/show.h"
#include "rd-ctl/team.h"
#include "rd-ctl/verbs.h"

int
output_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return RD_EXIT_OK;
	rd_error("stdout: %s", strerror(errno));
	return RD_EXIT_OUTPUT;
}

/* --- requests --- */

/* Words of the command line as a line; what is no text is the program's to refuse. */
static char *
join(char **words, int count)
{
	char *line = xstrdup(words[0]);
	for (int i = 1; i < count; i++) {
		char *more = xasprintf("%s %s", line, words[i]);
		free(line);
		line = more;
	}
	return line;
}

/* What another program of the session may have. */
static bool
is_elsewhere(const json_t *answer)
{
	const char *name = answer_name(answer);
	return strcmp(name, "no-value") == 0 || strcmp(name, "no-verb") == 0 ||
		strcmp(name, "read-only") == 0;
}

static int
say_no(const struct team *t, const json_t *answer)
{
	const char *error = json_string_value(json_object_get(answer, "error"));
	if (!answer) {
		rd_error("%s: it does not answer", t->members[0].name);
		return RD_EXIT_NOT_ANSWERED;
	}
	rd_error("%s: %s", t->members[0].name, error ? error : "it says no");
	return RD_EXIT_NOT_DONE;
}

/* The first that does not send us on; else what the first of all said. */
static json_t *
ask_team(const struct team *t, const char *request, char **text)
{
	json_t *first = NULL;
	char *first_text = NULL;
	for (size_t i = 0; i < t->count; i++) {
		json_t *answer = team_ask(&t->members[i], request, text);
		if (answer && !is_elsewhere(answer)) {
			json_decref(first);
			free(first_text);
			return answer;
		}
		if (answer && !first) {
			first = answer;
			first_text = *text;
		} else {
			json_decref(answer);
			free(*text);
		}
	}
	*text = first_text;
	return first;
}

/* --- answers --- */

static void
show_answer(json_t *answer, bool bare)
{
	json_object_del(answer, "ok");
	if (bare && json_object_size(answer) == 1)
		show_value(json_object_iter_value(json_object_iter(answer)));
	else
		show_values(answer);
}

static int
ask_one(const struct options *o, const struct team *t, const char *request, bool silent)
{
	char *text = NULL;
	json_t *answer = ask_team(t, request, &text);
	int code = answer && answer_is_ok(answer) ? RD_EXIT_OK : say_no(t, answer);
	if (o->json && text)
		puts(text);
	else if (!code && strcmp(request, "help") == 0)
		show_help(answer);
	else if (!code && !silent)
		show_answer(answer, true);
	free(text);
	json_decref(answer);
	return code;
}

/* Each to whoever has it: path is rd-recv's, and paused may be rd-view's. */
static int
ask_each(const struct options *o, const struct team *t, const char *verb, bool silent)
{
	int code = RD_EXIT_OK;
	for (int i = 2; i < o->argc && !code; i++) {
		char *request = xasprintf("%s %s", verb, o->argv[i]);
		code = ask_one(o, t, request, silent);
		free(request);
	}
	return code;
}

static int
snapshot(const struct options *o, const struct team *t)
{
	json_t *all = team_snapshot(t);
	if (!all)
		return say_no(t, NULL);
	if (o->json)
		show_json(all);
	else
		show_values(all);
	json_decref(all);
	return RD_EXIT_OK;
}

static int
ask(const struct options *o, const struct team *t)
{
	const char *verb = o->argc > 1 ? o->argv[1] : "get";
	if (strcmp(verb, "watch") == 0)
		return watch_run(o);
	if (strcmp(verb, "get") == 0 && o->argc < 3)
		return snapshot(o, t);
	if (strcmp(verb, "set") == 0 && o->argc > 2)
		return ask_each(o, t, verb, true);
	if (strcmp(verb, "get") == 0 && !o->json)
		return ask_each(o, t, verb, false);
	char *request = join(o->argv + 1, o->argc - 1);
	int code = ask_one(o, t, request, false);
	free(request);
	return code;
}

int
ask_run(const struct options *o)
{
	struct team t;
	int code = team_find(&t, o->argv[0]);
	if (!code)
		code = ask(o, &t);
	team_finish(&t);
	return code;
}

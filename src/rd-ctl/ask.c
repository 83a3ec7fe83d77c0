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

/* What was no name of theirs, and which one may have been meant. */
static void
say_unknown(const struct options *o, const struct team *t, bool verb, const char *word)
{
	char *shown = rd_log_escape(word, strlen(word), 64), *name = rd_log_escape(o->argv[0],
		strlen(o->argv[0]), 64);
	char *nearest = verb ? team_nearest(t, "verbs", "verb", shown)
		: team_nearest(t, "values", "key", shown);
	if (nearest)
		rd_error("%s: there is no %s \"%s\" here; did you mean %s?", name,
			verb ? "verb" : "value", shown, nearest);
	else
		rd_error("%s: there is no %s \"%s\" here; rd-ctl %s help lists what is", name,
			verb ? "verb" : "value", shown, name);
	free(nearest);
	free(name);
	free(shown);
}

/* word: of the request, what may be none of theirs. */
static int
say_no(const struct options *o, const struct team *t, const json_t *answer, const char *word)
{
	const char *error = json_string_value(json_object_get(answer, "error"));
	const char *name = answer_name(answer);
	if (!answer) {
		rd_error("%s: it does not answer", t->members[0].name);
		return RD_EXIT_NOT_ANSWERED;
	}
	if (strcmp(name, "no-verb") == 0 || strcmp(name, "no-value") == 0)
		say_unknown(o, t, strcmp(name, "no-verb") == 0, word);
	else
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

/* One value alone needs no name. */
static void
show_answer(const json_t *answer)
{
	if (json_object_size(answer) == 1)
		show_value(json_object_iter_value(json_object_iter((json_t *)answer)));
	else
		show_values(answer);
}

/* A verb of the programs' own. */
static int
ask_verb(const struct options *o, const struct team *t)
{
	char *text = NULL, *request = join(o->argv + 1, o->argc - 1);
	json_t *answer = ask_team(t, request, &text);
	int code = answer && answer_is_ok(answer) ? RD_EXIT_OK : say_no(o, t, answer, o->argv[1]);
	if (o->json && text) {
		puts(text);
	} else if (!code) {
		json_object_del(answer, "ok");
		show_answer(answer);
	}
	free(request);
	free(text);
	json_decref(answer);
	return code;
}

static int
ask_help(const struct options *o, const struct team *t)
{
	json_t *help = team_help(t);
	if (!help)
		return say_no(o, t, NULL, "help");
	if (o->json)
		show_json(help);
	else
		show_help(help);
	json_decref(help);
	return RD_EXIT_OK;
}

/* "KEY" of "KEY=VALUE"; the caller frees. */
static char *
key_of(const char *word)
{
	char *key = xstrdup(word);
	key[strcspn(key, "=")] = '\0';
	return key;
}

/* One KEY, or KEY=VALUE, to whoever has it: path is rd-recv's, and paused may be rd-view's. */
static int
ask_one(const struct options *o, const struct team *t, const char *word, json_t *all)
{
	char *text = NULL, *request = xasprintf("%s %s", o->argv[1], word), *key = key_of(word);
	json_t *answer = ask_team(t, request, &text);
	int code = answer && answer_is_ok(answer) ? RD_EXIT_OK : say_no(o, t, answer, key);
	if (code && o->json && text)
		puts(text);
	if (!code)
		json_object_update(all, answer);
	free(key);
	free(request);
	free(text);
	json_decref(answer);
	return code;
}

/* get and set, each word by itself; what they answer, as one. */
static int
ask_each(const struct options *o, const struct team *t)
{
	json_t *all = json_object();
	int code = RD_EXIT_OK;
	for (int i = 2; i < o->argc && !code; i++)
		code = ask_one(o, t, o->argv[i], all);
	if (!code && o->json)
		show_json(all);
	json_object_del(all, "ok");
	if (!code && !o->json && strcmp(o->argv[1], "get") == 0)
		show_answer(all);
	json_decref(all);
	return code;
}

static int
snapshot(const struct options *o, const struct team *t)
{
	json_t *all = team_snapshot(t);
	if (!all)
		return say_no(o, t, NULL, "get");
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
	if (strcmp(verb, "help") == 0 && o->argc < 3)
		return ask_help(o, t);
	if ((strcmp(verb, "get") == 0 || strcmp(verb, "set") == 0) && o->argc > 2)
		return ask_each(o, t);
	return ask_verb(o, t);
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

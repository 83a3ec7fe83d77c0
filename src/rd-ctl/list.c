#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/json.h"
#include "base/log.h"
#include "rd-ctl/team.h"
#include "rd-ctl/verbs.h"

static const char *
text_of(const json_t *values, const char *key)
{
	const char *text = json_string_value(json_object_get(values, key));
	return text && *text ? text : "-";
}

/* Names are what was dialled, or what a peer calls itself: a terminal must not obey them. */
static char *
plain(const char *text)
{
	return rd_log_escape(text, strlen(text), strlen(text));
}

static void
put_line(const struct rd_control_found *f, const json_t *values)
{
	char *name = plain(f->name), *peer = plain(values ? text_of(values, "peer") : "-");
	printf("%-16s %-10s %-8ld %-12s %s\n", name, f->tool, (long)f->pid,
		values ? text_of(values, "state") : "silent", peer);
	free(name);
	free(peer);
}

static void
put_json(const struct rd_control_found *f, const json_t *values)
{
	struct rd_json line = {0};
	const json_t *leader = json_object_get(values, "leader");
	rd_json_open(&line, '{');
	rd_json_put_text(&line, "name", f->name);
	rd_json_put_text(&line, "tool", f->tool);
	rd_json_put_number(&line, "pid", f->pid);
	rd_json_put_text(&line, "state", values ? text_of(values, "state") : "silent");
	rd_json_put_text(&line, "peer", json_string_value(json_object_get(values, "peer")));
	rd_json_key(&line, "leader");
	if (json_is_integer(leader))
		rd_json_number(&line, json_integer_value(leader));
	else
		rd_json_null(&line);
	rd_json_close(&line, '}');
	rd_json_line(&line);
	rd_json_print(&line, stdout);
	rd_json_finish(&line);
}

int
list_run(const struct options *o)
{
	struct rd_control_found *all;
	size_t count;
	char *why = NULL;
	if (o->argc > 1) {
		rd_error("list takes nothing more");
		return RD_EXIT_USAGE;
	}
	if (rd_control_list(&all, &count, &why) != 0) {
		rd_error("%s", why);
		free(why);
		return RD_EXIT_INPUT;
	}
	/* A script reads no lines; a person would wonder. */
	if (count == 0 && !o->json && isatty(STDOUT_FILENO))
		puts("nothing of yours runs here");
	if (count > 0 && !o->json)
		printf("%-16s %-10s %-8s %-12s %s\n", "NAME", "PROGRAM", "PID", "STATE", "PEER");
	for (size_t i = 0; i < count; i++) {
		json_t *values = team_ask(&all[i], "get", NULL);
		if (o->json)
			put_json(&all[i], values);
		else
			put_line(&all[i], values);
		json_decref(values);
	}
	free(all);
	return RD_EXIT_OK;
}

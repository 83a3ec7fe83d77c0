#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-ctl/team.h"

/* How often is looked whether it is there. */
#define AGAIN_US 50000

json_t *
team_ask(const struct rd_control_found *member, const char *request, char **text)
{
	char *line;
	if (text)
		*text = NULL;
	if (rd_control_ask(member, request, ANSWER_MS, &line) != 0)
		return NULL;
	json_t *answer = json_loads(line, 0, NULL);
	if (answer && !json_is_object(answer)) {
		json_decref(answer);
		answer = NULL;
	}
	if (text && answer)
		*text = line;
	else
		free(line);
	return answer;
}

bool
answer_is_ok(const json_t *answer)
{
	return json_is_true(json_object_get(answer, "ok"));
}

const char *
answer_name(const json_t *answer)
{
	const char *name = json_string_value(json_object_get(answer, "name"));
	return name && !answer_is_ok(answer) ? name : "";
}

/* --- who belongs together --- */

/* NAME, NAME/TOOL, PID; the last "/" counts, names may have others. */
static bool
is_meant(const struct rd_control_found *f, const char *name)
{
	const char *slash = strrchr(name, '/');
	char *end;
	long pid = strtol(name, &end, 10);
	if (!*end && end != name && pid == f->pid)
		return true;
	if (strcmp(f->name, name) == 0)
		return true;
	size_t n = slash ? (size_t)(slash - name) : 0;
	return slash && strlen(f->name) == n && memcmp(f->name, name, n) == 0 &&
		strcmp(slash + 1, f->tool) == 0;
}

/* It may end between being listed and being asked. */
static bool
has_ended(int err)
{
	return err == -EPIPE || err == -ECONNREFUSED || err == -ENOENT;
}

/* 0: it has ended meanwhile. One that does not answer leads itself. */
static pid_t
leader_of(const struct rd_control_found *f)
{
	char *line;
	int err = rd_control_ask(f, "get leader", ANSWER_MS, &line);
	if (has_ended(err))
		return 0;
	json_t *answer = line ? json_loads(line, 0, NULL) : NULL;
	pid_t leader = (pid_t)json_integer_value(json_object_get(answer, "leader"));
	json_decref(answer);
	free(line);
	return leader ? leader : f->pid;
}

static int
say_several(const struct team *t, const char *name)
{
	rd_error("several are called %s; which one?", name);
	for (size_t i = 0; i < t->count; i++) {
		const struct rd_control_found *f = &t->members[i];
		char *plain = rd_log_escape(f->name, strlen(f->name), sizeof(f->name));
		fprintf(stderr, "  rd-ctl %-8ld %s/%s\n", (long)f->pid, plain, f->tool);
		free(plain);
	}
	return RD_EXIT_SEVERAL;
}

/* Who has ended is none of it. Several that have more than one leader are no team. */
static bool
is_one_team(struct team *t, pid_t *leader)
{
	bool one = true;
	size_t all = t->count;
	t->count = 0;
	*leader = 0;
	for (size_t i = 0; i < all; i++) {
		pid_t its = leader_of(&t->members[i]);
		if (!its)
			continue;
		one = one && (!*leader || its == *leader);
		*leader = its;
		t->members[t->count++] = t->members[i];
	}
	return one;
}

/* 0 with who leads in front, an exit code after saying why, or -1: all have ended. */
static int
settle(struct team *t, const char *name)
{
	pid_t leader;
	if (t->count == 1)
		return 0;
	bool one = is_one_team(t, &leader);
	bool one_tool = t->count > 1 && strchr(name, '/') && strcmp(t->members[0].name, name) != 0;
	if (!one || one_tool)
		return say_several(t, name);
	for (size_t i = 1; i < t->count; i++)
		if (t->members[i].pid == leader) {
			struct rd_control_found f = t->members[0];
			t->members[0] = t->members[i];
			t->members[i] = f;
		}
	return t->count ? 0 : -1;
}

/* 0, an exit code after saying why, or -1: nothing is called so. */
static int
look(struct team *t, const char *name)
{
	char *why = NULL;
	size_t all;
	*t = (struct team){0};
	int err = rd_control_list(&t->members, &all, &why);
	if (err) {
		rd_error("%s", why);
		free(why);
		return RD_EXIT_INPUT;
	}
	for (size_t i = 0; i < all; i++)
		if (is_meant(&t->members[i], name))
			t->members[t->count++] = t->members[i];
	return t->count ? settle(t, name) : -1;
}

static int
say_none(const char *name)
{
	rd_error("nothing called %s runs here; rd-ctl list says what does", name);
	return RD_EXIT_NO_SESSION;
}

int
team_find(struct team *t, const char *name)
{
	int code = look(t, name);
	return code < 0 ? say_none(name) : code;
}

int
team_wait(struct team *t, const char *name, uint64_t until_ns)
{
	int code;
	while ((code = look(t, name)) < 0 && rd_clock_ns() < until_ns) {
		team_finish(t);
		usleep(AGAIN_US);
	}
	return code < 0 ? say_none(name) : code;
}

void
team_finish(struct team *t)
{
	free(t->members);
	*t = (struct team){0};
}

/* --- what they know together --- */

static bool
is_only_one(const struct team *t, size_t which)
{
	for (size_t i = 0; i < t->count; i++)
		if (i != which && strcmp(t->members[i].tool, t->members[which].tool) == 0)
			return false;
	return true;
}

json_t *
team_snapshot(const struct team *t)
{
	json_t *all = NULL;
	for (size_t i = 0; i < t->count; i++) {
		/* Of several that do the same none stands for the others. */
		if (i > 0 && !is_only_one(t, i))
			continue;
		json_t *one = team_ask(&t->members[i], "get", NULL);
		if (one && answer_is_ok(one) && all)
			json_object_update_missing(all, one);
		else if (one && answer_is_ok(one))
			all = json_incref(one);
		json_decref(one);
	}
	if (all)
		json_object_del(all, "ok");
	return all;
}

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "control/request.h"
#include "rd-ctl/awaited.h"
#include "rd-ctl/show.h"
#include "rd-ctl/team.h"
#include "rd-ctl/verbs.h"

struct watching {
	const struct options *o;
	const struct team *team;
	struct rd_control_talk *talks;
	size_t open;
	int output;		/* the exit code of an output that failed; 0 */
	char *what;		/* of --wait; NULL */
	const char *value;	/* … and NULL: any */
	uint64_t until_ns;	/* 0: for ever */
};

/* --- is it what is waited for? --- */

static bool
is_value(const json_t *v, const char *value)
{
	if (json_is_string(v))
		return strcmp(json_string_value(v), value) == 0;
	if (json_is_boolean(v))
		return strcmp(value, json_is_true(v) ? "true" : "false") == 0 ||
			strcmp(value, json_is_true(v) ? "yes" : "no") == 0;
	char *end;
	double number = strtod(value, &end);
	return json_is_number(v) && end != value && !*end && json_number_value(v) == number;
}

/* EVENT=VALUE: some member of it is that. */
static bool
has_value(const json_t *event, const char *value)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)event, key, v) {
		if (is_value(v, value))
			return true;
	}
	return false;
}

static bool
is_awaited(const struct watching *w, const json_t *event)
{
	const char *name = json_string_value(json_object_get(event, "event")), *key;
	json_t *v;
	if (!name)
		return false;
	if (rd_control_key_is(name, w->what))
		return !w->value || has_value(event, w->value);
	if (strcmp(name, "stats") != 0 || !w->value)
		return false;
	json_object_foreach((json_t *)event, key, v) {
		if (rd_control_key_is(key, w->what) && is_value(v, w->value))
			return true;
	}
	return false;
}

/* --- lines --- */

/* 0, or the exit code of an output that takes no more. */
static int
put(const struct watching *w, const char *line, const json_t *event)
{
	if (w->o->json)
		puts(line);
	else
		show_event(event);
	return output_flush();
}

/* 0: go on; 1: it was what is waited for, or cannot be said; negative: this one has ended. */
static int
hear(struct watching *w, struct rd_control_talk *t)
{
	char *line;
	int err;
	while ((err = rd_control_talk_hear(t, 0, &line)) == 0) {
		json_t *event = json_loads(line, 0, NULL);
		bool is_event = json_is_object(event) && json_object_get(event, "event");
		bool found = is_event && w->what && is_awaited(w, event);
		if (is_event && (!w->what || (found && w->o->json)))
			w->output = put(w, line, event);
		json_decref(event);
		if (found || w->output)
			return 1;
	}
	return err == -ETIMEDOUT ? 0 : err;
}

static int
begin(struct watching *w)
{
	w->talks = xcalloc(w->team->count, sizeof(*w->talks));
	for (size_t i = 0; i < w->team->count; i++) {
		int err = rd_control_talk_open(&w->talks[i], &w->team->members[i]);
		if (!err)
			err = rd_control_talk_say(&w->talks[i], "watch");
		if (err)
			rd_control_talk_close(&w->talks[i]);
		else
			w->open++;
	}
	return w->open ? 0 : -EPIPE;
}

static int
next(struct watching *w, int timeout_ms)
{
	struct pollfd *p = xcalloc(w->team->count, sizeof(*p));
	for (size_t i = 0; i < w->team->count; i++)
		p[i] = (struct pollfd){.fd = w->talks[i].fd, .events = POLLIN};
	int n = poll(p, w->team->count, timeout_ms), found = 0;
	for (size_t i = 0; n > 0 && i < w->team->count && !found; i++) {
		if (!p[i].revents)
			continue;
		found = hear(w, &w->talks[i]);
		if (found < 0) {
			rd_control_talk_close(&w->talks[i]);
			w->open--;
			found = 0;
		}
	}
	free(p);
	return found;
}

/* Who watches without waiting for something sees the end as an end. */
static int
ended(const struct watching *w)
{
	if (!w->what)
		return RD_EXIT_OK;
	rd_error("%s has ended, and there was no %s", w->team->members[0].name, w->o->wait);
	return RD_EXIT_NOT_ANSWERED;
}

static int
watch(struct watching *w)
{
	uint64_t until = w->until_ns;
	while (w->open > 0) {
		uint64_t now = rd_clock_ns();
		if (until && now >= until) {
			rd_error("there was no %s in the time given", w->o->wait);
			return RD_EXIT_TIMEOUT;
		}
		if (next(w, until ? (int)((until - now) / RD_NS_PER_MS) + 1 : -1) > 0)
			return w->output;
	}
	return ended(w);
}

int
watch_run(const struct options *o)
{
	struct team t;
	struct watching w = {.o = o, .team = &t};
	if (o->timeout_ns)
		w.until_ns = rd_clock_ns() + o->timeout_ns;
	/* Who has just started it need not wait for its socket first. */
	int code = w.until_ns ? team_wait(&t, o->argv[0], w.until_ns) : team_find(&t, o->argv[0]);
	if (o->wait) {
		w.what = xstrdup(o->wait);
		w.value = rd_control_assignment(w.what);
	}
	if (!code && w.what)
		code = awaited_find(&t, o->argv[0], w.what, w.value != NULL, w.until_ns);
	if (!code && begin(&w) != 0) {
		rd_error("%s: it does not answer", o->argv[0]);
		code = RD_EXIT_NOT_ANSWERED;
	}
	if (!code)
		code = watch(&w);
	for (size_t i = 0; w.talks && i < t.count; i++)
		rd_control_talk_close(&w.talks[i]);
	free(w.talks);
	free(w.what);
	team_finish(&t);
	return code;
}

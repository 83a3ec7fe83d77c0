#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/version.h"
#include "control/answer.h"
#include "control/request.h"

/* --- values that every program has --- */

static void
get_name(void *ctx, struct rd_json *out)
{
	const struct rd_control_subject *s = ctx;
	rd_json_text(out, s->place->name);
}

static void
get_tool(void *ctx, struct rd_json *out)
{
	const struct rd_control_subject *s = ctx;
	rd_json_text(out, s->place->tool);
}

/* The process that the user started: the file is called by it. */
static void
get_pid(void *ctx, struct rd_json *out)
{
	const struct rd_control_subject *s = ctx;
	const char *dot = strrchr(s->place->file, '.');
	long pid = 0;
	if (dot)
		sscanf(dot + 1, "%ld", &pid);
	rd_json_number(out, pid);
}

static void
get_leader(void *ctx, struct rd_json *out)
{
	const struct rd_control_subject *s = ctx;
	rd_json_number(out, s->place->leader);
}

static void
get_version(void *ctx, struct rd_json *out)
{
	(void)ctx;
	rd_json_text(out, rd_version);
}

static void
get_uptime(void *ctx, struct rd_json *out)
{
	const struct rd_control_subject *s = ctx;
	rd_json_real(out, (double)(rd_clock_ns() - s->since_ns) / (double)RD_NS_PER_S, 1);
}

static const struct rd_control_value common_values[] = {
	{"name", RD_CONTROL_TEXT, "", "what rd-ctl calls it", get_name, NULL},
	{"tool", RD_CONTROL_TEXT, "", "which program it is", get_tool, NULL},
	{"pid", RD_CONTROL_GAUGE, "", "its process", get_pid, NULL},
	{"leader", RD_CONTROL_GAUGE, "", "the process that began this session on this machine",
		get_leader, NULL},
	{"version", RD_CONTROL_TEXT, "", "of the program", get_version, NULL},
	{"uptime", RD_CONTROL_COUNTER, "s", "how long it runs", get_uptime, NULL},
	{0},
};
static const struct rd_control_verb common_verbs[] = {
	{"get", "[KEY]...", "all values, or some", NULL},
	{"set", "KEY=VALUE...", "changes values", NULL},
	{"watch", "[events]", "events, and every second the values, as they come; or events alone", NULL},
	{"help", "", "values and verbs", NULL},
	{0},
};
const struct rd_control_table rd_control_common = {.values = common_values, .verbs = common_verbs};

static void
put_value(const struct rd_control_value *v, void *ctx, struct rd_json *out)
{
	char key[RD_CONTROL_KEY];
	rd_json_key(out, rd_control_json_key(v->key, key));
	v->get(ctx, out);
}

void
rd_control_put_values(const struct rd_control_subject *s, struct rd_json *out)
{
	for (const struct rd_control_value *v = rd_control_common.values; v->key; v++)
		put_value(v, (void *)s, out);
	for (const struct rd_control_value *v = s->table->values; v && v->key; v++)
		put_value(v, s->ctx, out);
}

/* --- answers --- */

void
rd_control_answer_no(struct rd_json *out, const char *error, const char *name)
{
	rd_json_reset(out);
	rd_json_open(out, '{');
	rd_json_put_bool(out, "ok", false);
	rd_json_put_text(out, "error", error);
	rd_json_put_text(out, "name", name);
	rd_json_close(out, '}');
	rd_json_line(out);
}

static void
no_such(struct rd_json *out, const char *what, const char *word, const char *name)
{
	char text[160];
	snprintf(text, sizeof(text), "no %s \"%.60s\" here; see help", what, word);
	rd_control_answer_no(out, text, name);
}

static void
yes(struct rd_json *out)
{
	rd_json_open(out, '{');
	rd_json_put_bool(out, "ok", true);
}

static void
done(struct rd_json *out)
{
	rd_json_close(out, '}');
	rd_json_line(out);
}

static const struct rd_control_value *
find(const struct rd_control_subject *s, const char *key, void **ctx)
{
	const struct rd_control_value *v = rd_control_value_find(&rd_control_common, key);
	*ctx = v ? (void *)s : s->ctx;
	return v ? v : rd_control_value_find(s->table, key);
}

static void
get(const struct rd_control_subject *s, char *rest, struct rd_json *out)
{
	char *word = rd_control_word(&rest);
	void *ctx;
	yes(out);
	if (!word)
		rd_control_put_values(s, out);
	for (; word; word = rd_control_word(&rest)) {
		const struct rd_control_value *v = find(s, word, &ctx);
		if (!v) {
			no_such(out, "value", word, "no-value");
			return;
		}
		put_value(v, ctx, out);
	}
	done(out);
}

/* Nothing is set before every word has been looked at. */
static bool
may_set(const struct rd_control_subject *s, char *rest, struct rd_json *out)
{
	char text[160], copy[RD_CONTROL_LINE], *word;
	void *ctx;
	snprintf(copy, sizeof(copy), "%s", rest);
	rest = copy;
	if (!*rest) {
		rd_control_answer_no(out, "set wants KEY=VALUE", "usage");
		return false;
	}
	while ((word = rd_control_word(&rest))) {
		if (!rd_control_assignment(word)) {
			rd_control_answer_no(out, "set wants KEY=VALUE", "usage");
			return false;
		}
		const struct rd_control_value *v = find(s, word, &ctx);
		if (!v) {
			no_such(out, "value", word, "no-value");
			return false;
		}
		if (!v->set) {
			snprintf(text, sizeof(text), "%s can be read and not set", v->key);
			rd_control_answer_no(out, text, "read-only");
			return false;
		}
	}
	return true;
}

static void
refused(struct rd_json *out, int err, const struct rd_control_answer *a)
{
	rd_control_answer_no(out, a->why[0] ? a->why : strerror(-err),
		err == -EINVAL ? "bad-value" : "refused");
}

static void
set(const struct rd_control_subject *s, char *rest, struct rd_json *out)
{
	char *word;
	void *ctx;
	if (!may_set(s, rest, out))
		return;
	yes(out);
	while ((word = rd_control_word(&rest))) {
		struct rd_control_answer a = {0};
		char *value = rd_control_assignment(word);
		const struct rd_control_value *v = find(s, word, &ctx);
		int err = v->set(ctx, value, &a);
		rd_json_finish(&a.json);
		if (err) {
			refused(out, err, &a);
			return;
		}
		put_value(v, ctx, out);
	}
	done(out);
}

static const char *
kind_name(enum rd_control_kind kind)
{
	static const char *const names[] = {"text", "gauge", "counter", "flag", "list"};
	return names[kind];
}

static void
help_values(const struct rd_control_value *v, struct rd_json *out)
{
	for (; v && v->key; v++) {
		rd_json_open(out, '{');
		rd_json_put_text(out, "key", v->key);
		rd_json_put_text(out, "kind", kind_name(v->kind));
		rd_json_put_text(out, "unit", v->unit);
		rd_json_put_bool(out, "set", v->set != NULL);
		rd_json_put_text(out, "help", v->help);
		rd_json_close(out, '}');
	}
}

static void
help_verbs(const struct rd_control_verb *v, struct rd_json *out)
{
	for (; v && v->name; v++) {
		rd_json_open(out, '{');
		rd_json_put_text(out, "verb", v->name);
		rd_json_put_text(out, "argument", v->argument);
		rd_json_put_text(out, "help", v->help);
		rd_json_close(out, '}');
	}
}

static void
help_stages(const struct rd_control_stage *st, struct rd_json *out)
{
	for (; st && st->name; st++) {
		rd_json_open(out, '{');
		rd_json_put_text(out, "stage", st->name);
		rd_json_put_text(out, "help", st->help);
		rd_json_close(out, '}');
	}
}

static void
help(const struct rd_control_subject *s, struct rd_json *out)
{
	yes(out);
	rd_json_key(out, "values");
	rd_json_open(out, '[');
	help_values(rd_control_common.values, out);
	help_values(s->table->values, out);
	rd_json_close(out, ']');
	rd_json_key(out, "verbs");
	rd_json_open(out, '[');
	help_verbs(rd_control_common.verbs, out);
	help_verbs(s->table->verbs, out);
	rd_json_close(out, ']');
	rd_json_key(out, "stages");
	rd_json_open(out, '[');
	help_stages(s->table->stages, out);
	rd_json_close(out, ']');
	done(out);
}

/* A program's own verb. */
static void
run(const struct rd_control_subject *s, const struct rd_control_request *r, struct rd_json *out)
{
	const struct rd_control_verb *v = rd_control_verb_find(s->table, r->verb);
	struct rd_control_answer a = {0};
	char text[160];
	if (!v) {
		no_such(out, "verb", r->verb, "no-verb");
		return;
	}
	bool wants = v->argument[0] && v->argument[0] != '[';
	if ((wants && !r->rest[0]) || (!v->argument[0] && r->rest[0])) {
		snprintf(text, sizeof(text), "%s takes %s", v->name, wants ? v->argument : "nothing more");
		rd_control_answer_no(out, text, "usage");
		return;
	}
	int err = v->run(s->ctx, r->rest, &a);
	if (err) {
		refused(out, err, &a);
	} else {
		yes(out);
		if (a.json.text.len) {
			out->more = true;
			rd_json_raw(out, (const char *)a.json.text.data, a.json.text.len);
		}
		done(out);
	}
	rd_json_finish(&a.json);
}

enum rd_control_watch
rd_control_answer(const struct rd_control_subject *s, char *line, size_t len, struct rd_json *out)
{
	struct rd_control_request r;
	rd_json_reset(out);
	if (rd_control_request_parse(&r, line, len) != 0) {
		rd_control_answer_no(out, "a request is a line of text: a verb, and what it takes", "usage");
		return RD_CONTROL_NOTHING;
	}
	bool events = strcmp(r.rest, "events") == 0;
	if (strcmp(r.verb, "watch") == 0 && (!r.rest[0] || events)) {
		yes(out);
		done(out);
		return events ? RD_CONTROL_EVENTS : RD_CONTROL_STATS;
	}
	if (strcmp(r.verb, "get") == 0)
		get(s, r.rest, out);
	else if (strcmp(r.verb, "set") == 0)
		set(s, r.rest, out);
	else if (strcmp(r.verb, "help") == 0 && !r.rest[0])
		help(s, out);
	else
		run(s, &r, out);
	return RD_CONTROL_NOTHING;
}

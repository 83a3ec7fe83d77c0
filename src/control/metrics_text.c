#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "control/exposition.h"
#include "control/members.h"
#include "control/metric_name.h"
#include "control/metrics_text.h"

/* A value, as base/json.h writes it. */
struct got { struct rd_json json; const char *text; size_t len; };

static void
get(struct got *g, const struct rd_control_value *v, void *ctx)
{
	*g = (struct got){0};
	v->get(ctx, &g->json);
	g->text = (const char *)g->json.text.data;
	g->len = g->json.text.len;
}

static const char *
type_of(enum rd_control_kind kind)
{
	return kind == RD_CONTROL_COUNTER ? "counter" : "gauge";
}

static void
head(struct rd_buf *b, const char *name, const char *key, enum rd_control_kind kind, const char *help)
{
	char text[256], plain[RD_CONTROL_KEY];
	snprintf(text, sizeof(text), "%s: %s", rd_control_json_key(key, plain), help);
	rd_exposition_head(b, name, type_of(kind), text);
}

/* --- one number --- */

static void
put_number(struct rd_buf *b, const struct rd_control_value *v, const struct got *g)
{
	char name[RD_METRIC_NAME];
	double value, scale = rd_metric_name(name, "", v->key, v->unit, v->kind == RD_CONTROL_COUNTER);
	if (!rd_member_number(g->text, g->len, &value))
		return;
	head(b, name, v->key, v->kind, v->help);
	rd_exposition_put(b, "%s %.15g\n", name, value * scale);
}

/* --- a list: a metric is a member of all its objects --- */

static bool
label_of(const struct rd_control_list *l, const struct rd_member *m, char *out, size_t cap)
{
	struct rd_member name;
	if (m->key) {
		snprintf(out, cap, "%.*s", (int)m->key_len, m->key);
		return true;
	}
	return rd_member_find(&name, m->value, m->value_len, l->label) &&
		rd_member_text(name.value, name.value_len, out, cap);
}

static void
put_member(struct rd_buf *b, const struct rd_control_list *l, const struct rd_control_member *d,
	const struct got *g)
{
	char name[RD_METRIC_NAME], label[128];
	double value, scale = rd_metric_name(name, l->of, d->key, d->unit, d->kind == RD_CONTROL_COUNTER);
	struct rd_member m, found;
	const char *at = g->text;
	bool first = true;
	while (rd_member_next(&m, &at, g->text + g->len)) {
		if (!rd_member_find(&found, m.value, m.value_len, d->key) ||
				!rd_member_number(found.value, found.value_len, &value) ||
				!label_of(l, &m, label, sizeof(label)))
			continue;
		if (first)
			head(b, name, d->key, d->kind, d->help);
		first = false;
		rd_exposition_put(b, "%s{", name);
		rd_exposition_label(b, l->label, label);
		rd_exposition_put(b, "} %.15g\n", value * scale);
	}
}

/* What is said in words of it: labels of one metric, which is always 1. */
static void
put_info(struct rd_buf *b, const struct rd_control_list *l, const struct got *g)
{
	struct rd_member m, found;
	const char *at = g->text;
	char text[128];
	bool first = true;
	while (rd_member_next(&m, &at, g->text + g->len)) {
		if (m.key || !label_of(l, &m, text, sizeof(text)))
			continue;
		if (first)
			rd_exposition_put(b, "# HELP rd_%s_info what is said of it in words\n"
				"# TYPE rd_%s_info gauge\n", l->of, l->of);
		first = false;
		rd_exposition_put(b, "rd_%s_info{", l->of);
		rd_exposition_label(b, l->label, text);
		for (const struct rd_control_member *d = l->members; d->key; d++)
			if (d->kind == RD_CONTROL_TEXT &&
					rd_member_find(&found, m.value, m.value_len, d->key) &&
					rd_member_text(found.value, found.value_len, text, sizeof(text))) {
				rd_buf_u8(b, ',');
				rd_exposition_label(b, d->key, text);
			}
		rd_exposition_put(b, "} 1\n");
	}
}

static void
put_list(struct rd_buf *b, const struct rd_control_table *t, const struct rd_control_value *v,
	const struct got *g)
{
	for (const struct rd_control_list *l = t->lists; l && l->key; l++) {
		if (strcmp(l->key, v->key) != 0)
			continue;
		put_info(b, l, g);
		for (const struct rd_control_member *d = l->members; d->key; d++)
			if (d->kind != RD_CONTROL_TEXT)
				put_member(b, l, d, g);
	}
}

/* --- words --- */

/* Only those that have few values, or are one for both ends. */
static void
put_text(struct rd_buf *b, const struct rd_control_value *v, const struct got *g)
{
	static const char *const labels[] = {"state", "session", "path", "codec"};
	char text[128], name[RD_METRIC_NAME];
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		if (strcmp(labels[i], v->key) != 0 || !rd_member_text(g->text, g->len, text, sizeof(text)))
			continue;
		snprintf(name, sizeof(name), "rd_%s_info", v->key);
		head(b, name, v->key, v->kind, v->help);
		rd_exposition_put(b, "%s{", name);
		rd_exposition_label(b, v->key, text);
		rd_exposition_put(b, "} 1\n");
	}
}

static void
put_program(struct rd_buf *b, const struct rd_control_subject *s)
{
	static const char *const labels[] = {"name", "tool", "version"};
	const char *comma = "";
	rd_exposition_head(b, "rd_info", "gauge", "which program this is");
	rd_exposition_put(b, "rd_info{");
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		struct got g;
		char text[128];
		get(&g, rd_control_value_find(&rd_control_common, labels[i]), (void *)s);
		if (rd_member_text(g.text, g.len, text, sizeof(text))) {
			rd_exposition_put(b, "%s", comma);
			rd_exposition_label(b, labels[i], text);
			comma = ",";
		}
		rd_json_finish(&g.json);
	}
	rd_exposition_put(b, "} 1\n");
}

static void
put_values(struct rd_buf *b, const struct rd_control_table *t, void *ctx)
{
	for (const struct rd_control_value *v = t->values; v && v->key; v++) {
		struct got g;
		get(&g, v, ctx);
		if (v->kind == RD_CONTROL_LIST)
			put_list(b, t, v, &g);
		else if (v->kind == RD_CONTROL_TEXT)
			put_text(b, v, &g);
		else
			put_number(b, v, &g);
		rd_json_finish(&g.json);
	}
}

/* --- histograms --- */

static void
put_stage(struct rd_buf *b, const struct rd_control_stage *st, const struct rd_histogram *h)
{
	uint64_t below = 0;
	for (int i = 0; i <= RD_HISTOGRAM_BOUNDS; i++) {
		below += h->count[i];
		rd_exposition_put(b, "rd_stage_seconds_bucket{");
		rd_exposition_label(b, "stage", st->name);
		if (i < RD_HISTOGRAM_BOUNDS)
			rd_exposition_put(b, ",le=\"%g\"} %" PRIu64 "\n", rd_histogram_bounds_s[i], below);
		else
			rd_exposition_put(b, ",le=\"+Inf\"} %" PRIu64 "\n", below);
	}
	rd_exposition_put(b, "rd_stage_seconds_sum{stage=\"%s\"} %.9f\n", st->name,
		(double)h->sum_ns / (double)RD_NS_PER_S);
	rd_exposition_put(b, "rd_stage_seconds_count{stage=\"%s\"} %" PRIu64 "\n", st->name, below);
}

static void
put_stages(struct rd_buf *b, const struct rd_control_table *t, const void *ctx)
{
	if (!t->stages)
		return;
	rd_exposition_head(b, "rd_stage_seconds", "histogram",
		"how long frames were in each stage of their way");
	for (const struct rd_control_stage *st = t->stages; st->name; st++)
		put_stage(b, st, st->get(ctx));
}

void
rd_metrics_text(struct rd_buf *b, const struct rd_control_subject *s)
{
	put_program(b, s);
	put_values(b, &rd_control_common, (void *)s);
	put_values(b, s->table, s->ctx);
	put_stages(b, s->table, s->ctx);
	rd_exposition_process(b);
}

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "control/exposition.h"
#include "control/pages.h"

struct rd_pages_metric {
	char name[128], type[16];
	struct rd_buf help, samples;
};

/* Who speaks, and of what just now. */
struct page {
	struct rd_pages *pages;
	const char *tool;
	long pid;
	char name[128];		/* of the last HELP … */
	const char *help;
	size_t help_len;
	struct rd_pages_metric *now;	/* NULL: of none that counts */
};

/* --- characters --- */

#define NAME "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
#define VALUE "0123456789+-.eEInfNa"

/* How much of it is of these characters. */
static size_t
span(const char *at, const char *end, const char *of)
{
	const char *p = at;
	while (p < end && *p && strchr(of, *p))
		p++;
	return (size_t)(p - at);
}

static bool
is_text(const char *at, const char *end)
{
	for (; at < end; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return false;
	return true;
}

static bool
begins(const char *at, const char *end, const char *with)
{
	size_t n = strlen(with);
	return (size_t)(end - at) >= n && memcmp(at, with, n) == 0;
}

/* A name and the blank behind it are taken off. */
static bool
take_name(const char **at, const char *end, char *out, size_t cap)
{
	size_t n = span(*at, end, NAME);
	if (n == 0 || n >= cap || *at + n >= end || (*at)[n] != ' ')
		return false;
	memcpy(out, *at, n);
	out[n] = 0;
	*at += n + 1;
	return true;
}

/* --- heads --- */

static struct rd_pages_metric *
find(struct rd_pages *p, const char *name)
{
	for (unsigned i = 0; i < p->count; i++)
		if (strcmp(p->metrics[i].name, name) == 0)
			return &p->metrics[i];
	return NULL;
}

static struct rd_pages_metric *
make(struct rd_pages *p, const char *name, const char *type)
{
	if (p->count == RD_PAGES_METRICS)
		return NULL;
	p->metrics = xreallocarray(p->metrics, p->count + 1, sizeof(*p->metrics));
	struct rd_pages_metric *m = &p->metrics[p->count++];
	*m = (struct rd_pages_metric){0};
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(m->type, sizeof(m->type), "%s", type);
	return m;
}

static bool
has(const struct rd_buf *b, const char *text, size_t len)
{
	return b->len && memmem(b->data, b->len, text, len);
}

/* What another program says of the same metric stands behind what the first has said. */
static void
put_help(struct page *g, struct rd_pages_metric *m)
{
	if (!g->help || strcmp(g->name, m->name) != 0 || has(&m->help, g->help, g->help_len))
		return;
	if (m->help.len)
		rd_exposition_put(&m->help, "; of %s: ", g->tool);
	rd_buf_bytes(&m->help, g->help, g->help_len);
}

static void
take_help(struct page *g, const char *at, const char *end)
{
	g->name[0] = 0;
	if (!take_name(&at, end, g->name, sizeof(g->name)))
		return;
	g->help = at;
	g->help_len = (size_t)(end - at);
}

static void
take_type(struct page *g, const char *at, const char *end)
{
	static const char *const types[] = {"counter", "gauge", "histogram"};
	char name[sizeof(g->name)];
	g->now = NULL;
	if (!take_name(&at, end, name, sizeof(name)))
		return;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if ((size_t)(end - at) != strlen(types[i]) || !begins(at, end, types[i]))
			continue;
		struct rd_pages_metric *m = find(g->pages, name);
		g->now = m ? m : make(g->pages, name, types[i]);
		if (g->now && strcmp(g->now->type, types[i]) != 0)
			g->now = NULL;
	}
	if (g->now)
		put_help(g, g->now);
}

/* --- samples --- */

/* One key="value". False: it is none. */
static bool
skip_label(const char **at, const char *end)
{
	const char *p = *at + span(*at, end, NAME);
	if (p == *at || !begins(p, end, "=\""))
		return false;
	for (p += 2; p < end && *p != '"'; p++)
		if (*p == '\\')
			p++;
	if (p >= end)
		return false;
	*at = p + 1;
	return true;
}

/* From its { to behind its }; *tool: there is such a label. False: they are none, or say a pid. */
static bool
skip_labels(const char **at, const char *end, bool *tool)
{
	const char *p = *at;
	do {
		p++;
		if (begins(p, end, "pid="))
			return false;
		*tool |= begins(p, end, "tool=");
		if (!skip_label(&p, end))
			return false;
	} while (p < end && *p == ',');
	if (p >= end || *p != '}')
		return false;
	*at = p + 1;
	return true;
}

/* What follows the metric's name in those of a sample. */
static bool
is_of(const struct rd_pages_metric *m, const char *name, size_t len)
{
	static const char *const parts[] = {"_bucket", "_sum", "_count"};
	size_t n = strlen(m->name);
	if (len < n || memcmp(name, m->name, n) != 0)
		return false;
	if (strcmp(m->type, "histogram") != 0)
		return len == n;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (len - n == strlen(parts[i]) && memcmp(name + n, parts[i], len - n) == 0)
			return true;
	return false;
}

static bool
is_number(const char *at, const char *end)
{
	char text[40], *rest;
	size_t n = (size_t)(end - at);
	if (n == 0 || n >= sizeof(text) || span(at, end, VALUE) != n)
		return false;
	memcpy(text, at, n);
	text[n] = 0;
	strtod(text, &rest);
	return !*rest;
}

static void
take_sample(struct page *g, const char *at, const char *end)
{
	const char *labels = at + span(at, end, NAME), *value = labels;
	bool tool = false;
	if (!g->now || !is_of(g->now, at, (size_t)(labels - at)))
		return;
	if (value < end && *value == '{' && !skip_labels(&value, end, &tool))
		return;
	if (value >= end || *value != ' ' || !is_number(value + 1, end))
		return;
	struct rd_buf *b = &g->now->samples;
	rd_buf_bytes(b, at, (size_t)(labels - at));
	rd_buf_u8(b, '{');
	if (!tool)
		rd_exposition_label(b, "tool", g->tool);
	if (g->pid)
		rd_exposition_put(b, "%spid=\"%ld\"", tool ? "" : ",", g->pid);
	/* Its own, with their bracket or without one. */
	if (labels < value && (!tool || g->pid))
		rd_buf_u8(b, ',');
	if (labels < value)
		rd_buf_bytes(b, labels + 1, (size_t)(value - labels - 1));
	else
		rd_buf_u8(b, '}');
	rd_buf_bytes(b, value, (size_t)(end - value));
	rd_buf_u8(b, '\n');
}

/* --- pages --- */

static void
take_line(struct page *g, const char *at, const char *end)
{
	if (end - at > RD_PAGES_LINE || !is_text(at, end))
		return;
	if (begins(at, end, "# HELP "))
		take_help(g, at + 7, end);
	else if (begins(at, end, "# TYPE "))
		take_type(g, at + 7, end);
	else
		take_sample(g, at, end);
}

void
rd_pages_add(struct rd_pages *p, const char *text, size_t len, const char *tool, long pid)
{
	struct page g = {.pages = p, .tool = tool, .pid = pid};
	const char *end = text + len, *line;
	for (; (line = len ? memchr(text, '\n', len) : NULL); text = line + 1, len = (size_t)(end - text))
		take_line(&g, text, line);
}

void
rd_pages_put(const struct rd_pages *p, struct rd_buf *out)
{
	for (unsigned i = 0; i < p->count; i++) {
		const struct rd_pages_metric *m = &p->metrics[i];
		if (m->samples.len == 0)
			continue;
		rd_exposition_put(out, "# HELP %s ", m->name);
		rd_buf_bytes(out, m->help.data, m->help.len);
		rd_exposition_put(out, "\n# TYPE %s %s\n", m->name, m->type);
		rd_buf_bytes(out, m->samples.data, m->samples.len);
	}
}

void
rd_pages_finish(struct rd_pages *p)
{
	for (unsigned i = 0; i < p->count; i++) {
		rd_buf_finish(&p->metrics[i].help);
		rd_buf_finish(&p->metrics[i].samples);
	}
	free(p->metrics);
	*p = (struct rd_pages){0};
}

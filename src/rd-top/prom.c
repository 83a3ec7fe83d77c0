#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-top/prom.h"

/* What is left of the line that is read. */
struct rest { const char *p, *end; };

static bool
at(const struct rest *r, char c)
{
	return r->p < r->end && *r->p == c;
}

static bool
take(struct rest *r, char c)
{
	if (!at(r, c))
		return false;
	r->p++;
	return true;
}

static void
skip_blanks(struct rest *r)
{
	while (at(r, ' ') || at(r, '\t'))
		r->p++;
}

static bool
read_name(struct rest *r, char *out, size_t cap)
{
	size_t n = 0;
	for (; r->p < r->end; r->p++) {
		char c = *r->p;
		if (!isalpha((unsigned char)c) && c != '_' && c != ':' &&
				!(n && isdigit((unsigned char)c)))
			break;
		if (n + 1 == cap)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n > 0;
}

/* In quotes, where \\, \" and \n stand for what they say. */
static bool
read_value(struct rest *r, char *out, size_t cap)
{
	size_t n = 0;
	if (!take(r, '"'))
		return false;
	while (r->p < r->end && *r->p != '"') {
		char c = *r->p++;
		if (c == '\\' && r->p < r->end) {
			c = *r->p++;
			if (c != '\\' && c != '"' && c != 'n')
				return false;
			c = c == 'n' ? '\n' : c;
		}
		if (c == '\0' || n + 1 == cap)
			return false;
		out[n++] = c;
	}
	out[n] = '\0';
	return take(r, '"');
}

static bool
read_labels(struct rest *r, struct prom_sample *s)
{
	if (!take(r, '{'))
		return true;
	skip_blanks(r);
	while (!take(r, '}')) {
		struct prom_label *l = &s->label[s->labels];
		if (s->labels == PROM_LABELS_MAX || !read_name(r, l->name, sizeof(l->name)))
			return false;
		skip_blanks(r);
		if (!take(r, '='))
			return false;
		skip_blanks(r);
		if (!read_value(r, l->value, sizeof(l->value)))
			return false;
		s->labels++;
		skip_blanks(r);
		if (!take(r, ',') && !at(r, '}'))
			return false;
		skip_blanks(r);
	}
	return true;
}

/* A number (also +Inf and NaN), and perhaps the time it is of, which nobody asks for. */
static bool
read_number(struct rest *r, double *out)
{
	char text[64], *end;
	size_t n = 0;
	skip_blanks(r);
	while (r->p < r->end && *r->p != ' ' && *r->p != '\t' && n + 1 < sizeof(text))
		text[n++] = *r->p++;
	text[n] = '\0';
	*out = strtod(text, &end);
	if (n == 0 || *end || strlen(text) != n)
		return false;
	skip_blanks(r);
	if (at(r, '-') || at(r, '+'))
		r->p++;
	while (r->p < r->end && isdigit((unsigned char)*r->p))
		r->p++;
	skip_blanks(r);
	return r->p == r->end;
}

static bool
read_sample(struct rest *r, struct prom_sample *s)
{
	if (!read_name(r, s->name, sizeof(s->name)))
		return false;
	skip_blanks(r);
	return read_labels(r, s) && read_number(r, &s->value);
}

static struct prom_sample *
add(struct prom *p)
{
	if (p->count == p->cap) {
		p->cap = p->cap ? p->cap * 2 : 64;
		p->sample = xreallocarray(p->sample, p->cap, sizeof(*p->sample));
	}
	struct prom_sample *s = &p->sample[p->count++];
	*s = (struct prom_sample){0};
	return s;
}

int
prom_parse(struct prom *p, const char *text, size_t len, unsigned *line)
{
	const char *end = text + len;
	p->count = 0;
	for (*line = 1; text < end; (*line)++) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		struct rest r = {text, nl ? nl : end};
		text = nl ? nl + 1 : end;
		if (r.p < r.end && r.end[-1] == '\r')
			r.end--;
		skip_blanks(&r);
		if (r.p == r.end || at(&r, '#'))
			continue;
		if (p->count == PROM_SAMPLES_MAX || !read_sample(&r, add(p))) {
			p->count = 0;
			return -EPROTO;
		}
	}
	return 0;
}

void
prom_finish(struct prom *p)
{
	free(p->sample);
	*p = (struct prom){0};
}

static bool
has(const struct prom_sample *s, const char *label, const char *value)
{
	for (unsigned i = 0; i < s->labels; i++)
		if (strcmp(s->label[i].name, label) == 0)
			return strcmp(s->label[i].value, value) == 0;
	return false;
}

double
prom_sum(const struct prom *p, const char *name, const char *label, const char *value)
{
	double sum = 0;
	bool found = false;
	for (unsigned i = 0; i < p->count; i++) {
		const struct prom_sample *s = &p->sample[i];
		if (strcmp(s->name, name) != 0 || (label && !has(s, label, value)))
			continue;
		sum += s->value;
		found = true;
	}
	return found ? sum : NAN;
}

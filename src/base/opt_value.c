#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/opt_table.h"

struct unit {
	const char *name;
	double scale;
};

/* Largest first: a value is shown in the largest that divides it. */
static const struct unit rate_units[] = {
	{"G", 1e9}, {"M", 1e6}, {"k", 1e3}, {"K", 1e3}, {"", 1}, {NULL, 0},
};
static const struct unit time_units[] = {
	{"h", 3600e9}, {"m", 60e9}, {"s", 1e9}, {"", 1e9}, {"ms", 1e6}, {"us", 1e3}, {NULL, 0},
};

bool
opt_has_value(const struct rd_opt *o)
{
	return o->kind != RD_OPT_FLAG && !o->alone;
}

char *
opt_join_choices(const struct rd_opt *o, const char *between, const char *last)
{
	struct rd_buf b = {0};
	for (size_t i = 0; o->choices && o->choices[i]; i++) {
		const char *gap = i == 0 ? "" : o->choices[i + 1] ? between : last;
		rd_buf_bytes(&b, gap, strlen(gap));
		rd_buf_bytes(&b, o->choices[i], strlen(o->choices[i]));
	}
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

static bool
has_limits(const struct rd_opt *o)
{
	return o->min != 0 || o->max != 0;
}

static bool
in_limits(const struct rd_opt *o, double v)
{
	return !has_limits(o) || (v >= o->min && v <= o->max);
}

static char *
format_units(double v, const struct unit *units)
{
	for (const struct unit *u = units; u->name; u++)
		if (*u->name && v != 0 && fmod(v, u->scale) == 0)
			return xasprintf("%.15g%s", v / u->scale, u->name);
	return xasprintf("%.15g", v);
}

static char *
format_limit(double v, double scale, const struct unit *units)
{
	return units ? format_units(v * scale, units) : xasprintf("%.15g", v);
}

/* "a whole number, from 1 to 240"; `scale`: of one the limits count in. */
static int
complain(const struct rd_opt *o, const char *what, double scale, const struct unit *units,
	char **error)
{
	if (!has_limits(o)) {
		*error = xstrdup(what);
		return -EINVAL;
	}
	char *min = format_limit(o->min, scale, units);
	char *max = format_limit(o->max, scale, units);
	*error = xasprintf("%s, from %s to %s", what, min, max);
	free(min);
	free(max);
	return -EINVAL;
}

static int
parse_flag(const struct rd_opt *o, const char *text, char **error)
{
	static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(text, words[i]) == 0) {
			*(bool *)o->target = i % 2;
			return 0;
		}
	}
	return complain(o, "yes or no", 1, NULL, error);
}

static int
parse_int(const struct rd_opt *o, const char *text, char **error)
{
	char *end;
	errno = 0;
	long long v = strtoll(text, &end, 10);
	if (end == text || *end || errno || !in_limits(o, (double)v))
		return complain(o, "a whole number", 1, NULL, error);
	*(int64_t *)o->target = v;
	return 0;
}

/* strtod, without its blanks, signs other than '-', names and hexadecimals. */
static bool
read_decimal(const char *text, double *v, const char **end)
{
	const char *digits = text + (*text == '-');
	size_t n = strspn(digits, "0123456789.");
	char *stop;
	*v = strtod(text, &stop);
	*end = stop;
	return n > 0 && stop == digits + n;
}

static int
parse_real(const struct rd_opt *o, const char *text, char **error)
{
	double v;
	const char *end;
	if (!read_decimal(text, &v, &end) || *end || !in_limits(o, v))
		return complain(o, "a number", 1, NULL, error);
	*(double *)o->target = v;
	return 0;
}

/* A rate or a time: a number and a unit. */
static int
parse_units(const struct rd_opt *o, const char *text, const struct unit *units, double scale,
	const char *what, char **error)
{
	double v;
	const char *end;
	const struct unit *u = units;
	bool good = read_decimal(text, &v, &end);
	while (good && u->name && strcmp(u->name, end) != 0)
		u++;
	if (!good || !u->name)
		return complain(o, what, scale, units, error);
	v = round(v * u->scale);
	/* 2^63: beyond it nothing is meant, and doubles stop being whole. */
	if (v < 0 || v >= 9.2e18 || !in_limits(o, v / scale))
		return complain(o, what, scale, units, error);
	*(uint64_t *)o->target = (uint64_t)v;
	return 0;
}

static int
find_choice(const struct rd_opt *o, const char *text, size_t len)
{
	for (int i = 0; o->choices[i]; i++)
		if (strncmp(o->choices[i], text, len) == 0 && o->choices[i][len] == '\0')
			return i;
	return -1;
}

static int
complain_choice(const struct rd_opt *o, const char *text, size_t len, char **error)
{
	size_t n = 0;
	while (o->choices[n])
		n++;
	char *word = strndup(text, len);
	const char *nearest = word ? rd_nearest(word, o->choices, n) : NULL;
	char *all = opt_join_choices(o, ", ", o->kind == RD_OPT_SET ? ", " : " or ");
	const char *what = o->kind == RD_OPT_SET ? "a list of" : "choose";
	*error = nearest ? xasprintf("%s %s; did you mean %s?", what, all, nearest)
			 : xasprintf("%s %s", what, all);
	free(all);
	free(word);
	return -EINVAL;
}

static int
parse_choice(const struct rd_opt *o, const char *text, char **error)
{
	int i = find_choice(o, text, strlen(text));
	if (i < 0)
		return complain_choice(o, text, strlen(text), error);
	*(int *)o->target = i;
	return 0;
}

static int
parse_set(const struct rd_opt *o, const char *text, char **error)
{
	unsigned set = 0;
	for (const char *p = text;; p++) {
		size_t len = strcspn(p, ",");
		int i = find_choice(o, p, len);
		if (i < 0)
			return complain_choice(o, p, len, error);
		set |= 1u << i;
		p += len;
		if (!*p)
			break;
	}
	*(unsigned *)o->target = set;
	return 0;
}

/* One to five digits: what fits, and no sign or blank. */
static bool
read_side(const char **p, uint16_t *side)
{
	size_t n = strspn(*p, "0123456789");
	unsigned long v = n >= 1 && n <= 5 ? strtoul(*p, NULL, 10) : 0;
	*p += n;
	*side = (uint16_t)v;
	return v >= 1 && v <= UINT16_MAX;
}

static int
parse_size(const struct rd_opt *o, const char *text, char **error)
{
	struct rd_opt_size size;
	const char *p = text;
	if (!read_side(&p, &size.width) || *p++ != 'x' || !read_side(&p, &size.height) || *p) {
		*error = xstrdup("a size is WIDTHxHEIGHT in pixels, as in 1920x1080");
		return -EINVAL;
	}
	*(struct rd_opt_size *)o->target = size;
	return 0;
}

static int
parse_call(const struct rd_opt *o, const char *text, char **error)
{
	const char *why = "not possible";
	int err = o->set(o->target, text, &why);
	if (err)
		*error = xstrdup(why);
	return err;
}

int
opt_value_parse(const struct rd_opt *o, const char *text, char **error)
{
	switch (o->kind) {
	case RD_OPT_FLAG:
		return parse_flag(o, text, error);
	case RD_OPT_INT:
		return parse_int(o, text, error);
	case RD_OPT_REAL:
		return parse_real(o, text, error);
	case RD_OPT_RATE:
		return parse_units(o, text, rate_units, 1,
			"a rate is bits a second, as in 800k or 2M", error);
	case RD_OPT_TIME:
		return parse_units(o, text, time_units, (double)RD_NS_PER_S,
			"a time is as in 500ms, 10s or 5m", error);
	case RD_OPT_STRING:
		*(const char **)o->target = text;
		return 0;
	case RD_OPT_CHOICE:
		return parse_choice(o, text, error);
	case RD_OPT_SET:
		return parse_set(o, text, error);
	case RD_OPT_SIZE:
		return parse_size(o, text, error);
	case RD_OPT_CALL:
		return parse_call(o, text, error);
	}
	*error = xstrdup("not possible");
	return -EINVAL;
}

static char *
format_choice(const struct rd_opt *o, int value)
{
	for (int i = 0; o->choices[i]; i++)
		if (i == value)
			return xstrdup(o->choices[i]);
	return NULL;
}

static char *
format_set(const struct rd_opt *o, unsigned set)
{
	struct rd_buf b = {0};
	for (unsigned i = 0; o->choices[i]; i++) {
		if (!(set & 1u << i))
			continue;
		if (b.len)
			rd_buf_u8(&b, ',');
		rd_buf_bytes(&b, o->choices[i], strlen(o->choices[i]));
	}
	if (!b.len)
		return NULL;
	rd_buf_u8(&b, 0);
	return (char *)b.data;
}

/* Nothing for 0 and for what the user could not write: these mean "unset". */
static char *
format_number(const struct rd_opt *o, double v, double scale, const struct unit *units)
{
	if (v == 0 || !in_limits(o, v / scale))
		return NULL;
	return format_limit(v / scale, scale, units);
}

char *
opt_value_format(const struct rd_opt *o)
{
	const struct rd_opt_size *size = o->target;
	const char *string;
	switch (o->kind) {
	case RD_OPT_FLAG:
		return *(bool *)o->target ? xstrdup("yes") : NULL;
	case RD_OPT_INT:
		return format_number(o, (double)*(int64_t *)o->target, 1, NULL);
	case RD_OPT_REAL:
		return format_number(o, *(double *)o->target, 1, NULL);
	case RD_OPT_RATE:
		return format_number(o, (double)*(uint64_t *)o->target, 1, rate_units);
	case RD_OPT_TIME:
		return format_number(o, (double)*(uint64_t *)o->target, (double)RD_NS_PER_S, time_units);
	case RD_OPT_STRING:
		string = *(const char **)o->target;
		return string && *string ? xstrdup(string) : NULL;
	case RD_OPT_CHOICE:
		return format_choice(o, *(int *)o->target);
	case RD_OPT_SET:
		return format_set(o, *(unsigned *)o->target);
	case RD_OPT_SIZE:
		return size->width ? xasprintf("%ux%u", size->width, size->height) : NULL;
	case RD_OPT_CALL:
		return NULL;
	}
	return NULL;
}

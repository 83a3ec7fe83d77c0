#include <stdio.h>
#include <string.h>

#include "control/metric_name.h"

struct unit {
	const char *name;
	const char *says;	/* the word of a key that says as much */
	const char *suffix;
	double scale;
};

static const struct unit units[] = {
	{"ms", "ms", "seconds", 1e-3},
	{"s", "seconds", "seconds", 1},
	{"B", "bytes", "bytes", 1},
	{"bit/s", "", "bytes_per_second", 1. / 8},
	{"1/s", "fps", "frames_per_second", 1},
	{"px", "pixels", "pixels", 1},
	{"ratio", "", "ratio", 1},
	{"", "", "", 1},
};

static const struct unit *
unit_of(const char *name)
{
	const struct unit *u = units;
	while (*u->name && strcmp(u->name, name) != 0)
		u++;
	return u;
}

static void
add(char *out, const char *word, size_t len)
{
	size_t n = strlen(out);
	if (len)
		snprintf(out + n, RD_METRIC_NAME - n, "_%.*s", (int)len, word);
}

static bool
is(const char *word, size_t len, const char *other)
{
	return strlen(other) == len && memcmp(word, other, len) == 0;
}

double
rd_metric_name(char out[static RD_METRIC_NAME], const char *of, const char *key,
	const char *unit, bool counter)
{
	const struct unit *u = unit_of(unit);
	snprintf(out, RD_METRIC_NAME, "rd");
	add(out, of, strlen(of));
	for (size_t len; *key; key += len + (key[len] != '\0')) {
		len = strcspn(key, "-_");
		/* Its rate is in bytes here. */
		if (u->scale == 1. / 8 && is(key, len, "bitrate"))
			add(out, "rate", 4);
		else if (!is(key, len, u->says))
			add(out, key, len);
	}
	add(out, u->suffix, strlen(u->suffix));
	add(out, "total", counter ? 5 : 0);
	return u->scale;
}

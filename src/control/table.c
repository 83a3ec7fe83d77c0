#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "control/request.h"
#include "control/table.h"

int
rd_control_refuse(struct rd_control_answer *a, int err, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(a->why, sizeof(a->why), fmt, args);
	va_end(args);
	return err;
}

const char *
rd_control_json_key(const char *key, char out[static RD_CONTROL_KEY])
{
	snprintf(out, RD_CONTROL_KEY, "%s", key);
	for (char *p = out; *p; p++)
		if (*p == '-')
			*p = '_';
	return out;
}

const struct rd_control_value *
rd_control_value_find(const struct rd_control_table *t, const char *key)
{
	for (const struct rd_control_value *v = t->values; v && v->key; v++)
		if (rd_control_key_is(v->key, key))
			return v;
	return NULL;
}

const struct rd_control_verb *
rd_control_verb_find(const struct rd_control_table *t, const char *name)
{
	for (const struct rd_control_verb *v = t->verbs; v && v->name; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

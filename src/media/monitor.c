#include <string.h>

#include "media/monitor.h"

static bool
same(const struct rd_monitor *a, const struct rd_monitor *b)
{
	return rd_rect_same(a->rect, b->rect) && a->mm_width == b->mm_width &&
		a->mm_height == b->mm_height && a->primary == b->primary && strcmp(a->name, b->name) == 0;
}

bool
rd_monitors_same(const struct rd_monitors *a, const struct rd_monitors *b)
{
	for (int i = 0; i < a->count && a->count == b->count; i++)
		if (!same(&a->v[i], &b->v[i]))
			return false;
	return a->count == b->count;
}

int
rd_monitor_names_find(const struct rd_monitor_names *names, const char *name)
{
	for (int i = 0; i < names->count; i++)
		if (strcmp(names->v[i], name) == 0)
			return i;
	return -1;
}

bool
rd_monitor_names_same(const struct rd_monitor_names *a, const struct rd_monitor_names *b)
{
	for (int i = 0; i < a->count && a->count == b->count; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return false;
	return a->count == b->count;
}

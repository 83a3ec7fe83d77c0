#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rd-view/monitors.h"

bool
monitors_want(struct monitors *m, const char *wanted)
{
	size_t len = strlen(wanted);
	if (len == 0 || len >= sizeof(m->wanted))
		return false;
	memcpy(m->wanted, wanted, len + 1);
	m->choices++;
	return true;
}

bool
monitors_want_each(const struct monitors *m)
{
	return strcmp(m->wanted, "each") == 0;
}

bool
monitors_want_one(const struct monitors *m)
{
	return strcmp(m->wanted, "all") != 0 && !monitors_want_each(m);
}

static const struct rd_monitor *
named(const struct monitors *m)
{
	for (int i = 0; i < m->there.count; i++)
		if (strcmp(m->there.v[i].name, m->wanted) == 0)
			return &m->there.v[i];
	return NULL;
}

static const struct rd_monitor *
primary(const struct monitors *m)
{
	for (int i = 0; i < m->there.count; i++)
		if (m->there.v[i].primary)
			return &m->there.v[i];
	return m->there.count > 0 ? &m->there.v[0] : NULL;
}

static const struct rd_monitor *
numbered(const struct monitors *m)
{
	char *end;
	long n = strtol(m->wanted, &end, 10);
	return !*end && n >= 1 && n <= m->there.count ? &m->there.v[n - 1] : NULL;
}

const struct rd_monitor *
monitors_one(const struct monitors *m)
{
	if (!monitors_want_one(m))
		return NULL;
	const struct rd_monitor *one = named(m);
	if (!one && strcmp(m->wanted, "primary") == 0)
		return primary(m);
	return one ? one : numbered(m);
}

/* Adds a monitor's part, unless there is none, or that one is there already. */
static int
add(struct monitor_part *out, int n, const struct rd_monitor *of, struct rd_rect picture)
{
	struct rd_rect r = rd_rect_intersect(of->rect, picture);
	if (rd_rect_empty(r) || n == MONITORS_SHOWN_MAX)
		return n;
	for (int i = 0; i < n; i++)
		if (rd_rect_same(out[i].rect, r))
			return n;
	out[n] = (struct monitor_part){of, r};
	return n + 1;
}

int
monitors_parts(const struct monitors *m, int width, int height,
	struct monitor_part out[static MONITORS_SHOWN_MAX])
{
	const struct rd_rect picture = {0, 0, width, height};
	const struct rd_monitor *one = monitors_one(m);
	int n = one ? add(out, 0, one, picture) : 0;
	for (int i = 0; monitors_want_each(m) && i < m->there.count; i++)
		n = add(out, n, &m->there.v[i], picture);
	if (n == 0)
		out[n++] = (struct monitor_part){NULL, picture};
	return n;
}

void
monitors_list(const struct monitors *m, char *out, size_t cap)
{
	size_t used = 0;
	out[0] = '\0';
	for (int i = 0; i < m->there.count; i++) {
		int n = snprintf(out + used, cap - used, "%s%d %s", i ? ", " : "", i + 1, m->there.v[i].name);
		if (n < 0 || (size_t)n >= cap - used) {
			out[used] = '\0';
			return;
		}
		used += (size_t)n;
	}
}

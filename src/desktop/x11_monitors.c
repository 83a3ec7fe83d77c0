#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xcb/randr.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_monitors.h"

/*
 * An atom's name, fit for a terminal and for a message: monitors are named by whoever
 * made them.
 */
static char *
atom_name(const struct rd_x11 *x, xcb_get_atom_name_cookie_t cookie)
{
	xcb_get_atom_name_reply_t *r = xcb_get_atom_name_reply(x->conn, cookie, NULL);
	char *name = r ? rd_log_escape(xcb_get_atom_name_name(r),
		(size_t)xcb_get_atom_name_name_length(r), RD_MONITOR_NAME_MAX) : xstrdup("");
	size_t n = strlen(name);
	free(r);
	if (n <= RD_MONITOR_NAME_MAX)
		return name;
	for (n = RD_MONITOR_NAME_MAX; n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80; n--)
		;
	name[n] = '\0';
	return name;
}

static bool
is_taken(const struct rd_x11_monitor *list, int count, const char *name)
{
	for (int k = 0; k < count; k++)
		if (strcmp(list[k].name, name) == 0)
			return true;
	return false;
}

/*
 * One without a name, or with another one's, is called by its place in the list: or the
 * next that nobody before it is called by, since a program may name one "#2".
 */
static void
tell_apart(struct rd_x11_monitor *list, int i)
{
	for (int n = i; !list[i].name[0] || is_taken(list, i, list[i].name); n++) {
		free(list[i].name);
		list[i].name = xasprintf("#%d", n);
	}
}

/* Monitors are RandR 1.5's; the version must be asked for to be spoken. */
static xcb_randr_query_version_cookie_t
ask_version(const struct rd_x11 *x)
{
	return xcb_randr_query_version(x->conn, 1, 5);
}

static bool
has_monitors(const struct rd_x11 *x, xcb_randr_query_version_cookie_t cookie)
{
	xcb_randr_query_version_reply_t *r = xcb_randr_query_version_reply(x->conn, cookie, NULL);
	bool has = r && (r->major_version > 1 || r->minor_version >= 5);
	free(r);
	return has;
}

bool
rd_x11_has_monitors(const struct rd_x11 *x)
{
	return rd_x11_extension(x, &xcb_randr_id) && has_monitors(x, ask_version(x));
}

static uint16_t
mm(uint32_t v)
{
	return v > UINT16_MAX ? 0 : (uint16_t)v;
}

static void
take(struct rd_x11_monitor *to, const xcb_randr_monitor_info_t *m)
{
	to->rect = (struct rd_rect){m->x, m->y, m->width, m->height};
	to->primary = m->primary;
	to->mm_width = mm(m->width_in_millimeters);
	to->mm_height = mm(m->height_in_millimeters);
	/* One that somebody has cut out of another, or made of several, is no output's. */
	if (m->automatic && m->nOutput == 1)
		to->output = xcb_randr_monitor_info_outputs(m)[0];
}

int
rd_x11_monitors(struct rd_x11_monitor **list, const struct rd_x11 *x)
{
	*list = NULL;
	if (!rd_x11_extension(x, &xcb_randr_id))
		return 0;
	xcb_randr_query_version_cookie_t version = ask_version(x);
	xcb_randr_get_monitors_cookie_t monitors = xcb_randr_get_monitors(x->conn, x->root, 1);
	bool has = has_monitors(x, version);
	xcb_randr_get_monitors_reply_t *r = xcb_randr_get_monitors_reply(x->conn, monitors, NULL);
	int n = has && r ? xcb_randr_get_monitors_monitors_length(r) : 0;
	if (n <= 0) {
		free(r);
		return 0;
	}
	*list = xcalloc((size_t)n, sizeof(**list));
	xcb_get_atom_name_cookie_t *names = xcalloc((size_t)n, sizeof(*names));
	xcb_randr_monitor_info_iterator_t it = xcb_randr_get_monitors_monitors_iterator(r);
	for (int i = 0; i < n && it.rem > 0; i++, xcb_randr_monitor_info_next(&it)) {
		take(&(*list)[i], it.data);
		names[i] = xcb_get_atom_name(x->conn, it.data->name);
	}
	for (int i = 0; i < n; i++) {
		(*list)[i].name = atom_name(x, names[i]);
		tell_apart(*list, i);
	}
	free(names);
	free(r);
	return n;
}

void
rd_x11_monitors_free(struct rd_x11_monitor *list, int count)
{
	for (int i = 0; i < count; i++)
		free(list[i].name);
	free(list);
}

int
rd_x11_monitor_find(const struct rd_x11_monitor *list, int count, const char *which)
{
	char *end;
	for (int i = 0; i < count; i++)
		if (strcmp(list[i].name, which) == 0)
			return i;
	long index = strtol(which, &end, 10);
	return which[0] && *end == '\0' && index >= 0 && index < count ? (int)index : -1;
}

char *
rd_x11_monitor_name(const struct rd_x11 *x, const char *which)
{
	struct rd_x11_monitor *list;
	int n = rd_x11_monitors(&list, x), i = rd_x11_monitor_find(list, n, which);
	char *name = i < 0 ? NULL : xstrdup(list[i].name);
	rd_x11_monitors_free(list, n);
	return name;
}

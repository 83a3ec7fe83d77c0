#include <stdlib.h>
#include <string.h>

#include <xcb/randr.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_place.h"

/* An atom's name, fit for a terminal: monitors are named by whoever made them. */
static char *
atom_name(const struct rd_x11 *x, xcb_get_atom_name_cookie_t cookie)
{
	xcb_get_atom_name_reply_t *r = xcb_get_atom_name_reply(x->conn, cookie, NULL);
	char *name = r ? rd_log_escape(xcb_get_atom_name_name(r),
		(size_t)xcb_get_atom_name_name_length(r), 64) : xstrdup("?");
	free(r);
	return name;
}

static xcb_randr_get_monitors_reply_t *
query(const struct rd_x11 *x)
{
	if (!rd_x11_extension(x, &xcb_randr_id))
		return NULL;
	/* Monitors are RandR 1.5's; the version must be asked for to be spoken. */
	xcb_randr_query_version_cookie_t version = xcb_randr_query_version(x->conn, 1, 5);
	xcb_randr_get_monitors_cookie_t monitors = xcb_randr_get_monitors(x->conn, x->root, 1);
	free(xcb_randr_query_version_reply(x->conn, version, NULL));
	return xcb_randr_get_monitors_reply(x->conn, monitors, NULL);
}

int
rd_x11_monitors(struct rd_x11_monitor **list, const struct rd_x11 *x)
{
	*list = NULL;
	xcb_randr_get_monitors_reply_t *r = query(x);
	int n = r ? xcb_randr_get_monitors_monitors_length(r) : 0;
	if (n <= 0) {
		free(r);
		return 0;
	}
	*list = xcalloc((size_t)n, sizeof(**list));
	xcb_get_atom_name_cookie_t *names = xcalloc((size_t)n, sizeof(*names));
	xcb_randr_monitor_info_iterator_t it = xcb_randr_get_monitors_monitors_iterator(r);
	for (int i = 0; i < n && it.rem > 0; i++, xcb_randr_monitor_info_next(&it)) {
		const xcb_randr_monitor_info_t *m = it.data;
		(*list)[i].rect = (struct rd_rect){m->x, m->y, m->width, m->height};
		(*list)[i].primary = m->primary;
		names[i] = xcb_get_atom_name(x->conn, m->name);
	}
	for (int i = 0; i < n; i++)
		(*list)[i].name = atom_name(x, names[i]);
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

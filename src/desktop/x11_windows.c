#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "desktop/x11_windows.h"

/* Longer titles are cut, more windows not listed; both are the clients' to say. */
#define TITLE_MAX 200
#define WINDOWS_MAX 1000

/* Below one child of the root; a frame has its client among the first. */
#define FRAME_MAX 100

enum { CLIENT_LIST, NET_NAME, UTF8, WM_STATE, ATOMS };

static void
intern(const struct rd_x11 *x, xcb_atom_t atoms[ATOMS])
{
	static const char *const names[ATOMS] = {"_NET_CLIENT_LIST", "_NET_WM_NAME", "UTF8_STRING",
		"WM_STATE"};
	xcb_intern_atom_cookie_t cookies[ATOMS];
	for (int i = 0; i < ATOMS; i++)
		cookies[i] = xcb_intern_atom(x->conn, 1, (uint16_t)strlen(names[i]), names[i]);
	for (int i = 0; i < ATOMS; i++) {
		xcb_intern_atom_reply_t *r = xcb_intern_atom_reply(x->conn, cookies[i], NULL);
		atoms[i] = r ? r->atom : XCB_ATOM_NONE;
		free(r);
	}
}

static xcb_get_property_reply_t *
property(const struct rd_x11 *x, xcb_window_t w, xcb_atom_t name, xcb_atom_t type, uint32_t words)
{
	return xcb_get_property_reply(x->conn,
		xcb_get_property(x->conn, 0, w, name, type, 0, words), NULL);
}

/* Latin-1, ICCCM's STRING, as UTF-8. */
static void
put_latin1(struct rd_buf *b, const uint8_t *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		rd_utf8_put(b, s[i]);
}

static char *
window_title(const struct rd_x11 *x, xcb_window_t w, const xcb_atom_t atoms[ATOMS])
{
	struct rd_buf text = {0};
	xcb_get_property_reply_t *r = NULL;
	if (atoms[NET_NAME] && atoms[UTF8])
		r = property(x, w, atoms[NET_NAME], atoms[UTF8], 256);
	if (r && r->format == 8) {
		rd_buf_bytes(&text, xcb_get_property_value(r), (size_t)xcb_get_property_value_length(r));
	} else {
		free(r);
		r = property(x, w, XCB_ATOM_WM_NAME, XCB_GET_PROPERTY_TYPE_ANY, 256);
		if (r && r->format == 8)
			put_latin1(&text, xcb_get_property_value(r), (size_t)xcb_get_property_value_length(r));
	}
	free(r);
	char *title = rd_log_escape(text.data, text.len, TITLE_MAX);
	rd_buf_finish(&text);
	return title;
}

/* Fills *out for a window that is mapped and has pixels. */
static bool
look_at(struct rd_x11_window *out, const struct rd_x11 *x, xcb_window_t w)
{
	xcb_connection_t *c = x->conn;
	xcb_get_window_attributes_cookie_t a = xcb_get_window_attributes(c, w);
	xcb_get_geometry_cookie_t g = xcb_get_geometry(c, w);
	xcb_translate_coordinates_cookie_t t = xcb_translate_coordinates(c, w, x->root, 0, 0);
	xcb_get_window_attributes_reply_t *attributes = xcb_get_window_attributes_reply(c, a, NULL);
	xcb_get_geometry_reply_t *geometry = xcb_get_geometry_reply(c, g, NULL);
	xcb_translate_coordinates_reply_t *origin = xcb_translate_coordinates_reply(c, t, NULL);
	bool ok = attributes && geometry && origin
		&& attributes->_class == XCB_WINDOW_CLASS_INPUT_OUTPUT
		&& attributes->map_state == XCB_MAP_STATE_VIEWABLE;
	if (ok) {
		out->id = w;
		out->rect = (struct rd_rect){origin->dst_x, origin->dst_y, geometry->width, geometry->height};
	}
	free(attributes);
	free(geometry);
	free(origin);
	return ok;
}

static int
take(struct rd_x11_window **list, const struct rd_x11 *x, const xcb_window_t *ids, int n,
	const xcb_atom_t atoms[ATOMS])
{
	int count = 0;
	if (n <= 0)
		return 0;
	n = n > WINDOWS_MAX ? WINDOWS_MAX : n;
	*list = xcalloc((size_t)n, sizeof(**list));
	for (int i = 0; i < n; i++) {
		if (!look_at(&(*list)[count], x, ids[i]))
			continue;
		(*list)[count].title = window_title(x, ids[i], atoms);
		count++;
	}
	return count;
}

static bool
has_state(const struct rd_x11 *x, xcb_window_t w, xcb_atom_t state)
{
	xcb_get_property_reply_t *r = property(x, w, state, XCB_GET_PROPERTY_TYPE_ANY, 0);
	bool has = r && r->type != XCB_ATOM_NONE;
	free(r);
	return has;
}

/* The window itself, or what a window manager has marked below it, nearest first. */
static xcb_window_t
client_of(const struct rd_x11 *x, xcb_window_t frame, xcb_atom_t state)
{
	xcb_window_t queue[FRAME_MAX] = {frame};
	for (int at = 0, count = 1; at < count; at++) {
		if (has_state(x, queue[at], state))
			return queue[at];
		xcb_query_tree_reply_t *tree = xcb_query_tree_reply(x->conn,
			xcb_query_tree(x->conn, queue[at]), NULL);
		int n = tree ? xcb_query_tree_children_length(tree) : 0;
		for (int i = 0; i < n && count < FRAME_MAX; i++)
			queue[count++] = xcb_query_tree_children(tree)[i];
		free(tree);
	}
	return frame;
}

/* The children of the root, or what is in them. */
static int
take_tree(struct rd_x11_window **list, const struct rd_x11 *x, const xcb_atom_t atoms[ATOMS])
{
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(x->conn,
		xcb_query_tree(x->conn, x->root), NULL);
	if (!tree)
		return 0;
	xcb_window_t *ids = xcb_query_tree_children(tree);
	int n = xcb_query_tree_children_length(tree);
	n = n > WINDOWS_MAX ? WINDOWS_MAX : n;
	/* Where nobody knows the mark there is no window manager. */
	for (int i = 0; i < n && atoms[WM_STATE]; i++)
		ids[i] = client_of(x, ids[i], atoms[WM_STATE]);
	int count = take(list, x, ids, n, atoms);
	free(tree);
	return count;
}

int
rd_x11_windows(struct rd_x11_window **list, const struct rd_x11 *x)
{
	xcb_atom_t atoms[ATOMS];
	int count = 0;
	*list = NULL;
	intern(x, atoms);
	xcb_get_property_reply_t *clients = atoms[CLIENT_LIST] ?
		property(x, x->root, atoms[CLIENT_LIST], XCB_ATOM_WINDOW, WINDOWS_MAX) : NULL;
	if (clients && clients->format == 32) {
		count = take(list, x, xcb_get_property_value(clients),
			xcb_get_property_value_length(clients) / 4, atoms);
	} else {
		count = take_tree(list, x, atoms);
	}
	free(clients);
	return count;
}

void
rd_x11_windows_free(struct rd_x11_window *list, int count)
{
	for (int i = 0; i < count; i++)
		free(list[i].title);
	free(list);
}

/* How many have it; *at is the first. */
static int
having(const struct rd_x11_window *list, int n, const char *text, bool whole, int *at)
{
	int found = 0;
	for (int i = n - 1; i >= 0; i--) {
		const char *title = list[i].title;
		if (whole ? strcmp(title, text) != 0 : !strstr(title, text))
			continue;
		found++;
		*at = i;
	}
	return found;
}

/* All that could be meant, for whoever named several. */
static char *
why_several(const struct rd_x11 *x, const struct rd_x11_window *list, int n, const char *text)
{
	char *why = xasprintf("several windows of display %s are called \"%s\"; name one by its number:",
		x->display, text);
	bool some = false;
	for (int i = 0; i < n; i++) {
		if (!strstr(list[i].title, text))
			continue;
		char *longer = xasprintf("%s%s 0x%x (%s)", why, some ? "," : "", list[i].id, list[i].title);
		free(why);
		why = longer;
		some = true;
	}
	return why;
}

int
rd_x11_window_named(xcb_window_t *id, const struct rd_x11 *x, const char *text, char **why)
{
	struct rd_x11_window *list;
	int n = rd_x11_windows(&list, x), at = 0, err = 0;
	int found = having(list, n, text, true, &at);
	if (found == 0)
		found = having(list, n, text, false, &at);
	if (found == 1) {
		*id = list[at].id;
	} else if (found == 0) {
		*why = xasprintf("display %s has no window called \"%s\"; rd-capture --list shows those it has",
			x->display, text);
		err = -ENOENT;
	} else {
		*why = why_several(x, list, n, text);
		err = -ENOTUNIQ;
	}
	rd_x11_windows_free(list, n);
	return err;
}

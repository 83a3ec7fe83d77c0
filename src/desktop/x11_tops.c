#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "desktop/x11_tops_reading.h"

/* More windows are not looked at: then it is said that it is not known. */
#define NODES_MAX 4096
/* A frame, what it wraps the program's window in, and that. */
#define DEPTH_MAX 4
/* Words of a title: 16 KiB; a web page may say more. */
#define TITLE_WORDS 4096
#define CLASS_WORDS 256
/* Of all titles together: where there are more, it is not known what they say. */
#define TITLES_MAX (1 << 20)
/* Windows that are asked about at once, which bounds what waits for us in memory. */
#define AT_ONCE 128

/* What is asked about one of them; all answers of a level are awaited together. */
struct question {
	xcb_get_window_attributes_cookie_t attributes;
	xcb_get_geometry_cookie_t geometry;
	xcb_query_tree_cookie_t tree;
	xcb_get_property_cookie_t state, title[2], class, belongs;
};

static void
intern(struct rd_x11_tops *t, const struct rd_x11 *x)
{
	static const char *const names[RD_X11_TOPS_ATOMS] = {"WM_STATE", "_NET_WM_NAME", "UTF8_STRING"};
	xcb_intern_atom_cookie_t cookie[RD_X11_TOPS_ATOMS];
	for (int i = 0; i < RD_X11_TOPS_ATOMS; i++)
		cookie[i] = xcb_intern_atom(x->conn, 0, (uint16_t)strlen(names[i]), names[i]);
	for (int i = 0; i < RD_X11_TOPS_ATOMS; i++) {
		xcb_intern_atom_reply_t *r = xcb_intern_atom_reply(x->conn, cookie[i], NULL);
		t->atom[i] = r ? r->atom : XCB_ATOM_NONE;
		free(r);
	}
}

static void
add(struct reading *r, xcb_window_t id, int top)
{
	if (r->count == NODES_MAX) {
		r->too_many = true;
		return;
	}
	if (r->count == r->room) {
		r->room = r->room ? r->room * 2 : 64;
		r->node = xreallocarray(r->node, (size_t)r->room, sizeof(*r->node));
	}
	r->node[r->count++] = (struct node){.id = id, .top = top};
}

/* First to be told of changes, then what there is: so none is missed. */
static void
ask(struct reading *r, const struct node *n, struct question *q)
{
	xcb_connection_t *c = r->x->conn;
	const xcb_atom_t *atom = r->t->atom;
	uint32_t mask = XCB_EVENT_MASK_PROPERTY_CHANGE
		| (r->depth == 0 ? XCB_EVENT_MASK_SUBSTRUCTURE_NOTIFY : 0)
		| (n->id == r->own ? r->own_mask : 0);
	xcb_change_window_attributes(c, n->id, XCB_CW_EVENT_MASK, &mask);
	q->attributes = xcb_get_window_attributes(c, n->id);
	if (r->depth == 0)
		q->geometry = xcb_get_geometry(c, n->id);
	q->tree = xcb_query_tree(c, n->id);
	q->state = xcb_get_property(c, 0, n->id, atom[RD_X11_TOPS_STATE], XCB_GET_PROPERTY_TYPE_ANY, 0, 0);
	q->title[0] = xcb_get_property(c, 0, n->id, atom[RD_X11_TOPS_TITLE], XCB_GET_PROPERTY_TYPE_ANY,
		0, TITLE_WORDS);
	q->title[1] = xcb_get_property(c, 0, n->id, XCB_ATOM_WM_NAME, XCB_GET_PROPERTY_TYPE_ANY, 0, TITLE_WORDS);
	q->class = xcb_get_property(c, 0, n->id, XCB_ATOM_WM_CLASS, XCB_GET_PROPERTY_TYPE_ANY, 0, CLASS_WORDS);
	q->belongs = xcb_get_property(c, 0, n->id, XCB_ATOM_WM_TRANSIENT_FOR,
		XCB_GET_PROPERTY_TYPE_ANY, 0, 1);
}

/* ---- the answers ---- */

static void
hear_attributes(struct reading *r, struct node *n, const struct question *q)
{
	xcb_get_window_attributes_reply_t *a =
		xcb_get_window_attributes_reply(r->x->conn, q->attributes, NULL);
	if (a) {
		n->popup = a->override_redirect;
		n->pixels = a->_class == XCB_WINDOW_CLASS_INPUT_OUTPUT;
	}
	if (r->depth == 0)
		r->t->list[n->top].mapped = a && a->map_state == XCB_MAP_STATE_VIEWABLE;
	free(a);
}

static void
hear_geometry(struct reading *r, const struct node *n, const struct question *q)
{
	xcb_get_geometry_reply_t *g = xcb_get_geometry_reply(r->x->conn, q->geometry, NULL);
	if (g)
		r->t->list[n->top].rect = (struct rd_rect){g->x, g->y, g->width + 2 * g->border_width,
			g->height + 2 * g->border_width};
	free(g);
}

static void
hear_state(struct reading *r, struct node *n, const struct question *q)
{
	xcb_get_property_reply_t *p = xcb_get_property_reply(r->x->conn, q->state, NULL);
	n->managed = p && p->type != XCB_ATOM_NONE;
	free(p);
}

static void
hear_belongs(struct reading *r, struct node *n, const struct question *q)
{
	xcb_get_property_reply_t *p = xcb_get_property_reply(r->x->conn, q->belongs, NULL);
	n->gone = !p;
	if (p && p->format == 32 && xcb_get_property_value_length(p) >= 4)
		memcpy(&n->belongs, xcb_get_property_value(p), 4);
	free(p);
}

/*
 * A title as UTF-8, as a person says it. STRING is Latin-1 (ICCCM 2.7.1); what is neither
 * of the two and not plain ASCII is not known.
 */
static void
hear_title(struct reading *r, struct rd_hide_look *look, int i, const xcb_get_property_reply_t *p,
	struct rd_buf *text)
{
	if (!p || p->format != 8)
		return;
	const uint8_t *data = xcb_get_property_value(p);
	size_t len = (size_t)xcb_get_property_value_length(p);
	r->words += len;
	if (r->words > TITLES_MAX) {
		look->cut = true;
		return;
	}
	bool utf8 = p->type == r->t->atom[RD_X11_TOPS_UTF8], latin = p->type == XCB_ATOM_STRING;
	for (size_t at = 0; at < len; at++) {
		look->cut |= !utf8 && !latin && (data[at] >= 0x80 || data[at] == 0x1b);
		if (latin)
			rd_utf8_put(text, data[at]);
		else
			rd_buf_u8(text, data[at]);
	}
	look->cut |= p->bytes_after > 0;
	look->title[i].data = (const char *)text->data;
	look->title[i].len = text->len;
}

static void
hear_names(struct reading *r, struct node *n, const struct question *q)
{
	xcb_connection_t *c = r->x->conn;
	struct rd_hide_look look = {0};
	struct rd_buf text[2] = {0};
	xcb_get_property_reply_t *title[2], *class;
	for (int i = 0; i < 2; i++) {
		title[i] = xcb_get_property_reply(c, q->title[i], NULL);
		hear_title(r, &look, i, title[i], &text[i]);
	}
	class = xcb_get_property_reply(c, q->class, NULL);
	if (class && class->format == 8) {
		look.class.data = xcb_get_property_value(class);
		look.class.len = (size_t)xcb_get_property_value_length(class);
	}
	n->meant = rd_hide_matches(r->hide, &look);
	for (int i = 0; i < 2; i++) {
		rd_buf_finish(&text[i]);
		free(title[i]);
	}
	free(class);
}

/* What is below a program's own window is its own business. */
static void
hear_tree(struct reading *r, int at, const struct question *q)
{
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(r->x->conn, q->tree, NULL);
	int n = tree ? xcb_query_tree_children_length(tree) : 0;
	if (r->node[at].managed || r->depth + 1 >= DEPTH_MAX)
		n = 0;
	for (int i = 0; i < n; i++)
		add(r, xcb_query_tree_children(tree)[i], r->node[at].top);
	free(tree);
}

static void
hear(struct reading *r, int at, const struct question *q)
{
	struct node *n = &r->node[at];
	hear_attributes(r, n, q);
	if (r->depth == 0)
		hear_geometry(r, n, q);
	hear_state(r, n, q);
	hear_belongs(r, n, q);
	hear_names(r, n, q);
	hear_tree(r, at, q);
}

static void
read_some(struct reading *r, int from, int to)
{
	struct question *q = xcalloc((size_t)(to - from), sizeof(*q));
	for (int i = from; i < to; i++)
		ask(r, &r->node[i], &q[i - from]);
	for (int i = from; i < to; i++)
		hear(r, i, &q[i - from]);
	free(q);
}

/* Level by level, each with one round trip, where there are not too many. */
static void
read_levels(struct reading *r)
{
	for (int from = 0, to = r->count; from < to; from = to, to = r->count, r->depth++) {
		for (int at = from; at < to && !r->late; at += AT_ONCE) {
			r->late = r->until_ns && rd_clock_ns() >= r->until_ns;
			if (!r->late)
				read_some(r, at, to - at < AT_ONCE ? to : at + AT_ONCE);
		}
	}
}

static void
read_root(struct reading *r)
{
	xcb_query_tree_reply_t *tree = xcb_query_tree_reply(r->x->conn,
		xcb_query_tree(r->x->conn, r->x->root), NULL);
	int n = tree ? xcb_query_tree_children_length(tree) : 0;
	for (int i = 0; i < n; i++)
		add(r, xcb_query_tree_children(tree)[i], i);
	n = r->count;
	r->t->list = xcalloc((size_t)n + 1, sizeof(*r->t->list));
	r->t->count = n;
	for (int i = 0; i < n; i++)
		r->t->list[i].id = r->node[i].id;
	free(tree);
}

/* What has gone meanwhile is none of them: it was not looked at. */
static void
finish_list(struct reading *r)
{
	struct rd_x11_tops *t = r->t;
	int kept = 0;
	for (int i = 0; i < t->count; i++) {
		if (r->node[i].gone)
			continue;
		t->list[i].mapped &= r->node[i].pixels;
		t->list[i].popup = r->node[i].popup;
		t->list[kept++] = t->list[i];
	}
	t->count = kept;
}

int
rd_x11_tops_read(struct rd_x11_tops *t, const struct rd_x11 *x, const struct rd_hide *hide,
	xcb_window_t own, uint32_t own_mask, uint64_t until_ns)
{
	struct reading r = {.t = t, .x = x, .hide = hide, .own = own, .own_mask = own_mask,
		.until_ns = until_ns};
	if (!t->atom[RD_X11_TOPS_STATE])
		intern(t, x);
	free(t->list);
	t->list = NULL;
	t->count = 0;
	read_root(&r);
	read_levels(&r);
	rd_x11_tops_judge(&r);
	finish_list(&r);
	free(r.node);
	return rd_x11_lost(x) ? -EIO : r.too_many ? -E2BIG : r.late ? -ETIME : 0;
}

void
rd_x11_top_unlook(struct rd_x11_top *top)
{
	top->unlooked |= !top->hidden;
	top->hidden = true;
}

void
rd_x11_tops_add(struct rd_x11_tops *t, const xcb_create_notify_event_t *e)
{
	struct rd_rect r = {e->x, e->y, e->width + 2 * e->border_width, e->height + 2 * e->border_width};
	struct rd_x11_top *top = rd_x11_tops_find(t, e->window);
	/* Read as it became later, or another that has the number of one that is gone. */
	if (top) {
		top->rect = r;
		top->mapped = false;
		rd_x11_top_unlook(top);
		return;
	}
	/* With more than that all is hidden. */
	if (t->count >= NODES_MAX)
		return;
	t->list = xreallocarray(t->list, (size_t)t->count + 1, sizeof(*t->list));
	t->list[t->count++] = (struct rd_x11_top){
		.id = e->window,
		.rect = r,
		.popup = e->override_redirect,
		.hidden = true,
		.unlooked = true,
	};
}

struct rd_x11_top *
rd_x11_tops_find(struct rd_x11_tops *t, xcb_window_t id)
{
	for (int i = 0; i < t->count; i++) {
		if (t->list[i].id == id)
			return &t->list[i];
	}
	return NULL;
}

bool
rd_x11_tops_cares(const struct rd_x11_tops *t, xcb_atom_t property)
{
	return property == XCB_ATOM_WM_NAME || property == XCB_ATOM_WM_CLASS
		|| property == XCB_ATOM_WM_TRANSIENT_FOR || property == t->atom[RD_X11_TOPS_STATE]
		|| property == t->atom[RD_X11_TOPS_TITLE];
}

void
rd_x11_tops_finish(struct rd_x11_tops *t)
{
	free(t->list);
	*t = (struct rd_x11_tops){0};
}

/*
 * What follows from what windows are: which children of the root are hidden.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "desktop/x11_tops_reading.h"

/* The child of the root that a window is, or is in; NULL: there is no such window. */
static struct rd_x11_top *
top_of(const struct reading *r, xcb_window_t id)
{
	struct rd_x11_top *top = NULL;
	bool there = true;
	while (there && !(top = rd_x11_tops_find(r->t, id))) {
		xcb_query_tree_reply_t *tree = xcb_query_tree_reply(r->x->conn,
			xcb_query_tree(r->x->conn, id), NULL);
		there = tree && tree->parent;
		id = tree ? tree->parent : 0;
		free(tree);
	}
	return top;
}

static void
hide_numbers(struct reading *r)
{
	r->t->missing = 0;
	for (int i = 0; i < r->hide->windows; i++) {
		xcb_window_t id = r->hide->window[i].id;
		struct rd_x11_top *top = id ? top_of(r, id) : NULL;
		if (top)
			top->hidden = true;
		else if (id)
			r->t->missing = id;
	}
}

/* The child of the root that a window of ours is in; -1: none. */
static int
place_of(const struct reading *r, xcb_window_t id)
{
	for (int i = 0; id && i < r->count; i++) {
		if (r->node[i].id == id)
			return r->node[i].top;
	}
	return -1;
}

/* A dialog of a dialog of a window goes with it. */
static void
hide_belongings(struct reading *r)
{
	int *owner = xcalloc((size_t)r->count + 1, sizeof(*owner));
	for (int i = 0; i < r->count; i++)
		owner[i] = place_of(r, r->node[i].belongs);
	for (bool more = true; more;) {
		more = false;
		for (int i = 0; i < r->count; i++) {
			struct rd_x11_top *top = &r->t->list[r->node[i].top];
			if (!top->hidden && owner[i] >= 0 && r->t->list[owner[i]].hidden)
				top->hidden = more = true;
		}
	}
	free(owner);
}

static uint32_t
client_of(const struct reading *r, xcb_window_t id)
{
	return id & ~xcb_get_setup(r->x->conn)->resource_id_mask;
}

/* Whether a hidden window is of that client: the program's own, not its frame. */
static bool
hides_client(const struct reading *r, uint32_t client)
{
	for (int i = 0; i < r->count; i++) {
		const struct node *n = &r->node[i];
		bool bare = i < r->t->count && !n->popup && !r->frames[i];
		if (r->t->list[n->top].hidden && client_of(r, n->id) == client && (n->managed || bare))
			return true;
	}
	return false;
}

static void
hide_menus(struct reading *r)
{
	for (int i = 0; i < r->t->count; i++) {
		struct rd_x11_top *top = &r->t->list[i];
		if (!top->hidden && r->node[i].popup && !r->frames[i])
			top->hidden = hides_client(r, client_of(r, top->id));
	}
}

void
rd_x11_tops_judge(struct reading *r)
{
	for (int i = 0; i < r->count; i++) {
		if (r->node[i].meant)
			r->t->list[r->node[i].top].hidden = true;
	}
	hide_numbers(r);
	hide_belongings(r);
	r->frames = xcalloc((size_t)r->t->count + 1, sizeof(*r->frames));
	for (int i = 0; i < r->count; i++)
		r->frames[r->node[i].top] |= r->node[i].managed;
	hide_menus(r);
	free(r->frames);
}

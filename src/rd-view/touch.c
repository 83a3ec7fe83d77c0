#include <math.h>
#include <stddef.h>

#include "media/input.h"
#include "rd-view/touch.h"

struct acts {
	struct touch_act *out;
	int n;
};

static void
add(struct acts *a, enum touch_kind kind, int button, double x, double y)
{
	a->out[a->n++] = (struct touch_act){kind, button, x, y};
}

static void
click(struct acts *a, int button, double x, double y)
{
	add(a, TOUCH_MOVE, 0, x, y);
	add(a, TOUCH_PRESS, button, 0, 0);
	add(a, TOUCH_RELEASE, button, 0, 0);
}

static struct touch_finger *
find(struct touch *t, int64_t id)
{
	for (int i = 0; i < t->count; i++)
		if (t->finger[i].id == id)
			return &t->finger[i];
	return NULL;
}

/* Where the finger is, or the middle of the first two. */
static void
place(const struct touch *t, double *x, double *y)
{
	*x = t->finger[0].x;
	*y = t->finger[0].y;
	if (t->count > 1) {
		*x = (*x + t->finger[1].x) / 2;
		*y = (*y + t->finger[1].y) / 2;
	}
}

static bool
has_moved(const struct touch *t)
{
	double x, y;
	place(t, &x, &y);
	return hypot(x - t->from_x, y - t->from_y) > TOUCH_SLOP_PX;
}

int
touch_down(struct touch *t, int64_t id, double x, double y, uint64_t now_ns,
	struct touch_act out[static TOUCH_ACTS])
{
	struct acts a = {.out = out};
	if (find(t, id) || t->count == TOUCH_FINGERS)
		return 0;
	t->finger[t->count++] = (struct touch_finger){id, x, y};
	if (t->count == 1) {
		t->state = TOUCH_ONE;
		t->due_ns = now_ns + TOUCH_LONG_NS;
		/* What lies under it may want to know before a button is pressed. */
		add(&a, TOUCH_MOVE, 0, x, y);
	} else if (t->count == 2 && t->state == TOUCH_ONE) {
		t->state = TOUCH_TWO;
	} else if (t->state == TOUCH_TWO) {
		t->state = TOUCH_OVER;
	}
	place(t, &t->from_x, &t->from_y);
	return a.n;
}

/* What is under the fingers goes along: down with them is a turn up. */
static void
scroll(struct touch *t, struct acts *a)
{
	double x, y;
	if (t->state == TOUCH_TWO && !has_moved(t))
		return;
	t->state = TOUCH_SCROLL;
	place(t, &x, &y);
	add(a, TOUCH_TURN, 0, (t->from_x - x) / TOUCH_NOTCH_PX, (y - t->from_y) / TOUCH_NOTCH_PX);
	t->from_x = x;
	t->from_y = y;
}

/* It is pressed where the finger was put down, and goes with it. */
static void
drag(struct touch *t, struct acts *a)
{
	if (t->state == TOUCH_ONE && !has_moved(t))
		return;
	if (t->state == TOUCH_ONE) {
		add(a, TOUCH_MOVE, 0, t->from_x, t->from_y);
		add(a, TOUCH_PRESS, RD_BUTTON_LEFT, 0, 0);
		t->state = TOUCH_LEFT;
	}
	add(a, TOUCH_MOVE, 0, t->finger[0].x, t->finger[0].y);
}

int
touch_motion(struct touch *t, int64_t id, double x, double y,
	struct touch_act out[static TOUCH_ACTS])
{
	struct acts a = {.out = out};
	struct touch_finger *f = find(t, id);
	if (!f)
		return 0;
	f->x = x;
	f->y = y;
	if (t->state == TOUCH_TWO || t->state == TOUCH_SCROLL)
		scroll(t, &a);
	/* Of several the first one drags. */
	else if (t->state != TOUCH_OVER && f == &t->finger[0])
		drag(t, &a);
	return a.n;
}

/* The first of those that are down goes up: what was it? */
static void
end(struct touch *t, struct acts *a)
{
	switch (t->state) {
	case TOUCH_ONE:
		click(a, RD_BUTTON_LEFT, t->from_x, t->from_y);
		break;
	case TOUCH_TWO:
		click(a, RD_BUTTON_RIGHT, t->finger[0].x, t->finger[0].y);
		break;
	case TOUCH_LEFT:
		add(a, TOUCH_RELEASE, RD_BUTTON_LEFT, 0, 0);
		break;
	case TOUCH_RIGHT:
		add(a, TOUCH_RELEASE, RD_BUTTON_RIGHT, 0, 0);
		break;
	default:
		break;
	}
	t->state = TOUCH_OVER;
}

int
touch_up(struct touch *t, int64_t id, struct touch_act out[static TOUCH_ACTS])
{
	struct acts a = {.out = out};
	struct touch_finger *f = find(t, id);
	if (!f)
		return 0;
	bool holds = t->state == TOUCH_LEFT || t->state == TOUCH_RIGHT;
	if (!holds || f == &t->finger[0])
		end(t, &a);
	t->count--;
	for (; f < &t->finger[t->count]; f++)
		*f = f[1];
	if (t->count == 0)
		t->state = TOUCH_NONE;
	return a.n;
}

int
touch_rested(struct touch *t, uint64_t now_ns, struct touch_act out[static TOUCH_ACTS])
{
	struct acts a = {.out = out};
	if (t->state != TOUCH_ONE || now_ns < t->due_ns)
		return 0;
	add(&a, TOUCH_MOVE, 0, t->from_x, t->from_y);
	add(&a, TOUCH_PRESS, RD_BUTTON_RIGHT, 0, 0);
	t->state = TOUCH_RIGHT;
	return a.n;
}

uint64_t
touch_due(const struct touch *t)
{
	return t->state == TOUCH_ONE ? t->due_ns : UINT64_MAX;
}

void
touch_cancel(struct touch *t)
{
	if (t->state != TOUCH_NONE)
		t->state = TOUCH_OVER;
}

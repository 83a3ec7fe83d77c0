#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/mem.h"
#include "desktop/heir.h"
#include "desktop/x11_hold.h"
#include "desktop/x11_monitors.h"
#include "desktop/x11_randr.h"
#include "desktop/x11_resize.h"
#include "media/image.h"

/* What the heir needs to know. */
struct past {
	struct rd_x11_layout before;
	struct rd_x11_layout given;	/* by us, last */
	bool changed;
};

struct rd_x11_resize {
	char *display;		/* NULL: as rd_x11_open finds it */
	char *only;		/* the one monitor that may change, or NULL */
	struct past *past;	/* shared with the heir */
	bool restore;
	struct rd_heir heir;
};

/*
 * The screen as it is until leave(): nobody else changes it between our look and our
 * change, or what we say would be of another screen.
 */
static int
enter(struct rd_x11 *x, struct rd_x11_hold *hold, struct rd_x11_screen *s, const char *display,
	char **why)
{
	int err = rd_x11_open(x, display, why);
	if (err)
		return err;
	rd_x11_hold_begin(hold, x);
	err = rd_x11_screen_look(s, x, why);
	if (err) {
		rd_x11_screen_finish(s);
		rd_x11_hold_end(hold, x);
		rd_x11_close(x);
	}
	return err;
}

static void
leave(struct rd_x11 *x, struct rd_x11_hold *hold, struct rd_x11_screen *s)
{
	rd_x11_screen_finish(s);
	rd_x11_hold_end(hold, x);
	rd_x11_close(x);
}

/* Dots may be of another size. */
static bool
is_still(const struct rd_x11_layout *a, const struct rd_x11_layout *b)
{
	bool same = a->width == b->width && a->height == b->height && a->count == b->count;
	for (int i = 0; i < a->count && same; i++)
		same = rd_x11_head_same(&a->head[i], &b->head[i]);
	return same;
}

static const struct rd_x11_head *
head_of(const struct rd_x11_layout *l, xcb_randr_output_t output)
{
	for (int i = 0; i < l->count; i++)
		if (l->head[i].output[0] == output)
			return &l->head[i];
	return NULL;
}

/*
 * Whether head `now` has the size that we gave it, and another one before: a monitor that
 * somebody else has changed meanwhile, turned off or plugged in is theirs.
 */
static const struct rd_x11_head *
before_us(const struct rd_x11_head *now, const struct past *p)
{
	const struct rd_x11_head *given = head_of(&p->given, now->output[0]);
	const struct rd_x11_head *before = head_of(&p->before, now->output[0]);
	if (!given || !before || given->mode == before->mode || now->mode != given->mode ||
			now->rotation != before->rotation)
		return NULL;
	return before;
}

/* What the screen would be now if we had done nothing. */
static void
undo(struct rd_x11_layout *out, const struct rd_x11_layout *now, const struct past *p)
{
	struct rd_x11_layout sizes = *now;
	bool any = false;
	*out = *now;
	if (!p->changed)
		return;
	if (is_still(now, &p->given)) {
		*out = p->before;
		return;
	}
	for (int i = 0; i < now->count; i++) {
		const struct rd_x11_head *before = before_us(&now->head[i], p);
		if (!before)
			continue;
		sizes.head[i].mode = before->mode;
		sizes.head[i].rect = before->rect;
		any = true;
	}
	if (any)
		rd_x11_layout_arrange(out, &sizes);
}

static void
put_back(void *ctx)
{
	const struct rd_x11_resize *r = ctx;
	struct rd_x11 x;
	struct rd_x11_hold hold = {0};
	struct rd_x11_screen s;
	struct rd_x11_layout want;
	char *why = NULL;
	if (!r->past->changed)
		return;
	if (enter(&x, &hold, &s, r->display, &why) != 0) {
		free(why);
		return;
	}
	undo(&want, &s.now, r->past);
	if (is_still(&want, &s.now) || rd_x11_screen_set(&s, &want) == 0)
		rd_x11_screen_tidy(&s, &want, &want);
	leave(&x, &hold, &s);
}

/* A size can be given to at least one of them. */
static int
can_change(struct rd_x11_resize *r, struct rd_x11 *x, struct rd_x11_screen *s, char **why)
{
	if (!r->only)
		return s->now.count > 1 ? 0 : rd_x11_screen_aim(s, NULL, why);
	char *name = rd_x11_monitor_name(x, r->only);
	if (name) {
		free(r->only);
		r->only = name;
	}
	return rd_x11_screen_aim(s, r->only, why);
}

static int
open_past(struct rd_x11_resize *r)
{
	void *past = mmap(NULL, sizeof(struct past), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (past == MAP_FAILED)
		return -errno;
	r->past = past;
	return r->restore ? rd_heir_open(&r->heir, -1, put_back, r) : 0;
}

static void
free_all(struct rd_x11_resize *r)
{
	if (r->past)
		munmap(r->past, sizeof(*r->past));
	free(r->display);
	free(r->only);
	free(r);
}

int
rd_x11_resize_open(struct rd_x11_resize **out, const char *display, const char *only,
	bool restore, char **why)
{
	struct rd_x11 x;
	struct rd_x11_hold hold = {0};
	struct rd_x11_screen s;
	int err = enter(&x, &hold, &s, display, why);
	if (err)
		return err;
	struct rd_x11_resize *r = xcalloc(1, sizeof(*r));
	r->display = display ? xstrdup(display) : NULL;
	r->only = only ? xstrdup(only) : NULL;
	r->restore = restore;
	err = can_change(r, &x, &s, why);
	leave(&x, &hold, &s);
	err = err ? err : open_past(r);
	if (err)
		free_all(r);
	else
		*out = r;
	return err;
}

static int
within(int v, int min, int max)
{
	return v < min ? min : v > max ? max : v;
}

/* A picture of all of them can still be taken, if one can be now. */
static bool
fits(const struct rd_x11_screen *s, const struct rd_x11_layout *want)
{
	bool could = rd_image_size_ok(s->now.width, s->now.height);
	return want->width <= s->max_width && want->height <= s->max_height &&
		(!could || rd_image_size_ok(want->width, want->height));
}

/*
 * `base`, where nobody has another size by us, gives the places: whatever the sizes were
 * meanwhile, the same sizes are the same layout.
 */
static int
choose(const struct rd_x11_screen *s, const struct rd_x11_layout *base, struct rd_x11_layout *want,
	int width, int height, char **why)
{
	/* Of several even the least size of the screen is none of one of them. */
	bool alone = s->now.count == 1;
	struct rd_x11_layout sizes = s->now;
	struct rd_x11_head *head = &sizes.head[s->aim];
	int w = width = within(width, alone ? s->min_width : 1, s->max_width);
	int h = height = within(height, alone ? s->min_height : 1, s->max_height);
	head->mode = rd_x11_screen_mode(s, &w, &h);
	if (s->free && (w != width || h != height || !head->mode)) {
		head->mode = rd_x11_screen_make(s, width, height);
		w = width;
		h = height;
	}
	if (!head->mode) {
		*why = xasprintf("%dx%d: %s", width, height, s->free ? "its X server does not take that" :
			"its monitor has nothing as small");
		return -ENOTSUP;
	}
	head->rect.w = w;
	head->rect.h = h;
	*want = *base;
	rd_x11_layout_arrange(want, &sizes);
	if (fits(s, want))
		return 0;
	*why = xasprintf("%dx%d: all of it would be too large", width, height);
	rd_x11_screen_tidy(s, &s->now, base);
	return -ENOTSUP;
}

static int
change(struct rd_x11_resize *r, const struct rd_x11_screen *s, const struct rd_x11_layout *base,
	const struct rd_x11_layout *want, char **why)
{
	struct past *p = r->past;
	/* First, so that the heir never knows too little. Somebody else's change is in `base`. */
	p->before = *base;
	p->given = *want;
	p->changed = true;
	int err = rd_x11_screen_set(s, want);
	if (err) {
		p->given = s->now;
		*why = xasprintf("%dx%d: its X server does not take that", want->head[s->aim].rect.w,
			want->head[s->aim].rect.h);
	}
	const struct rd_x11_layout *used = err ? &s->now : want;
	rd_x11_screen_tidy(s, used, r->restore ? &p->before : used);
	return err;
}

int
rd_x11_resize_to(struct rd_x11_resize *r, const char *monitor, int width, int height, char **why)
{
	struct rd_x11 x;
	struct rd_x11_hold hold = {0};
	struct rd_x11_screen s;
	struct rd_x11_layout base, want;
	if (r->only && monitor && strcmp(monitor, r->only) != 0) {
		*why = xasprintf("only monitor %s is shared", r->only);
		return -ENOTSUP;
	}
	int err = enter(&x, &hold, &s, r->display, why);
	if (err)
		return err;
	err = rd_x11_screen_aim(&s, r->only ? r->only : monitor, why);
	undo(&base, &s.now, r->past);
	if (!err)
		err = choose(&s, &base, &want, width, height, why);
	if (!err && !is_still(&s.now, &want))
		err = change(r, &s, &base, &want, why);
	leave(&x, &hold, &s);
	return err;
}

void
rd_x11_resize_close(struct rd_x11_resize *r)
{
	if (!r)
		return;
	if (r->restore)
		put_back(r);
	r->past->changed = false;
	rd_heir_close(&r->heir);
	free_all(r);
}

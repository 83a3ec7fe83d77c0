#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/log.h"
#include "base/mem.h"
#include "desktop/heir.h"
#include "desktop/x11_randr.h"
#include "desktop/x11_resize.h"

/* What the heir needs to know. */
struct past {
	struct rd_x11_shape before;
	struct rd_x11_shape given;	/* by us, last */
	bool changed;
};

struct rd_x11_resize {
	char *display;		/* NULL: as rd_x11_open finds it */
	struct past *past;	/* shared with the heir */
	bool restore;
	struct rd_heir heir;
};

/* The screen at this moment; close it with leave(). */
static int
enter(struct rd_x11 *x, struct rd_x11_screen *s, const char *display, char **why)
{
	int err = rd_x11_open(x, display, why);
	if (err)
		return err;
	err = rd_x11_screen_look(s, x, why);
	if (err) {
		rd_x11_screen_finish(s);
		rd_x11_close(x);
	}
	return err;
}

static void
leave(struct rd_x11 *x, struct rd_x11_screen *s)
{
	rd_x11_screen_finish(s);
	rd_x11_close(x);
}

static bool
is_still(const struct rd_x11_shape *a, const struct rd_x11_shape *b)
{
	return a->width == b->width && a->height == b->height && a->crtc == b->crtc;
}

static void
put_back(void *ctx)
{
	const struct rd_x11_resize *r = ctx;
	struct rd_x11 x;
	struct rd_x11_screen s;
	char *why = NULL;
	if (!r->past->changed)
		return;
	if (enter(&x, &s, r->display, &why) != 0) {
		free(why);
		return;
	}
	if (is_still(&s.now, &r->past->given) && rd_x11_screen_set(&s, &r->past->before) == 0)
		rd_x11_screen_tidy(&s, r->past->before.mode, 0);
	leave(&x, &s);
}

int
rd_x11_resize_open(struct rd_x11_resize **out, const char *display, bool restore, char **why)
{
	struct rd_x11 x;
	struct rd_x11_screen s;
	int err = enter(&x, &s, display, why);
	if (err)
		return err;
	leave(&x, &s);
	void *past = mmap(NULL, sizeof(struct past), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (past == MAP_FAILED)
		return -errno;
	struct rd_x11_resize *r = xcalloc(1, sizeof(*r));
	r->display = display ? xstrdup(display) : NULL;
	r->past = past;
	r->restore = restore;
	err = restore ? rd_heir_open(&r->heir, put_back, r) : 0;
	if (err) {
		munmap(past, sizeof(struct past));
		free(r->display);
		free(r);
		return err;
	}
	*out = r;
	return 0;
}

static int
within(int v, int min, int max)
{
	return v < min ? min : v > max ? max : v;
}

/* In dots as large as before. */
static uint32_t
scaled(uint32_t mm, int to, int from)
{
	return from > 0 ? (uint32_t)((uint64_t)mm * (unsigned)to / (unsigned)from) : mm;
}

static int
choose(const struct rd_x11_screen *s, struct rd_x11_shape *want, int width, int height, char **why)
{
	int w = width = within(width, s->min_width, s->max_width);
	int h = height = within(height, s->min_height, s->max_height);
	*want = s->now;
	want->mode = rd_x11_screen_mode(s, &w, &h);
	if (s->free && (w != width || h != height || !want->mode)) {
		want->mode = rd_x11_screen_make(s, width, height);
		w = width;
		h = height;
	}
	if (!want->mode) {
		*why = xasprintf("%dx%d: %s", width, height, s->free ? "its X server does not take that" :
			"its monitor has nothing as small");
		return -ENOTSUP;
	}
	const xcb_screen_t *then = s->x->screen;
	want->width = (uint16_t)w;
	want->height = (uint16_t)h;
	want->mm_width = scaled(s->now.mm_width, w, then->width_in_pixels);
	want->mm_height = scaled(s->now.mm_height, h, then->height_in_pixels);
	return 0;
}

static int
change(struct rd_x11_resize *r, const struct rd_x11_screen *s, const struct rd_x11_shape *want,
	char **why)
{
	struct past *p = r->past;
	/* Somebody else's change is what it was before ours. */
	if (!p->changed || !is_still(&s->now, &p->given))
		p->before = s->now;
	bool before = p->changed;
	/* First, so that the heir never knows too little. */
	p->given = *want;
	p->changed = true;
	int err = rd_x11_screen_set(s, want);
	if (err) {
		p->given = s->now;
		p->changed = before;
		*why = xasprintf("%dx%d: its X server does not take that", want->width, want->height);
	}
	rd_x11_screen_tidy(s, err ? s->now.mode : want->mode, r->restore ? p->before.mode : 0);
	return err;
}

int
rd_x11_resize_to(struct rd_x11_resize *r, int width, int height, char **why)
{
	struct rd_x11 x;
	struct rd_x11_screen s;
	struct rd_x11_shape want;
	int err = enter(&x, &s, r->display, why);
	if (err)
		return err;
	err = choose(&s, &want, width, height, why);
	if (!err && !is_still(&s.now, &want))
		err = change(r, &s, &want, why);
	leave(&x, &s);
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
	munmap(r->past, sizeof(*r->past));
	free(r->display);
	free(r);
}

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_resize.h"
#include "rd-capture/layout.h"

/* Every window of the desktop is laid out anew each time. */
#define EVERY_NS (200 * RD_NS_PER_MS)
#define TELL_NS (10 * RD_NS_PER_S)

static void
refuse(struct layout *l, const char *why)
{
	/* The reason may name the size, and a viewer any: once in a while is enough. */
	uint64_t now = rd_loop_now(l->loop);
	if (l->told && ((why && strcmp(l->told, why) == 0) || now - l->told_ns < TELL_NS))
		return;
	l->told_ns = now;
	free(l->told);
	l->told = xstrdup(why ? why : "the display is gone");
	char *line = xasprintf("the desktop keeps its size: %s", l->told);
	rd_warn("%s", line);
	l->refused(l->ctx, line);
	free(line);
}

static void
apply_one(struct layout *l, const struct rd_layout *w)
{
	char *why = NULL;
	rd_debug("%s is to have %dx%d", w->monitor[0] ? w->monitor : "the desktop", w->width, w->height);
	int err = rd_x11_resize_to(l->screen, w->monitor[0] ? w->monitor : NULL, w->width, w->height,
		&why);
	if (err)
		refuse(l, why);
	free(why);
}

static void
apply(struct layout *l)
{
	for (int i = 0; i < l->count; i++)
		apply_one(l, &l->wish[i]);
	l->count = 0;
	l->after_ns = rd_loop_now(l->loop) + EVERY_NS;
}

static void
on_again(void *ctx)
{
	apply(ctx);
}

bool
layout_open(struct layout *l, struct rd_loop *loop, const struct layout_of *of,
	void (*refused)(void *ctx, const char *why), void *ctx)
{
	char *why = NULL;
	*l = (struct layout){.loop = loop, .refused = refused, .ctx = ctx};
	if (rd_x11_resize_open(&l->screen, of->display, of->monitor, of->restore, &why) == 0) {
		rd_timer_open(&l->again, loop, on_again, l);
		return true;
	}
	l->screen = NULL;
	rd_warn("--resize: the desktop keeps its size: %s", why ? why : "no second process");
	free(why);
	return false;
}

/* In the place of an older wish for the same; of too many the first is forgotten. */
static void
keep(struct layout *l, const struct rd_layout *wanted)
{
	int i = 0;
	while (i < l->count && strcmp(l->wish[i].monitor, wanted->monitor) != 0)
		i++;
	if (i == LAYOUT_WISHES)
		memmove(l->wish, l->wish + 1, (size_t)--i * sizeof(l->wish[0]));
	else if (i == l->count)
		l->count++;
	l->wish[i] = *wanted;
}

int
layout_take(struct layout *l, const struct rd_msg *m)
{
	struct rd_layout wanted;
	int err = rd_layout_parse(&wanted, m->data, m->len);
	if (err || !l->screen)
		return err;
	uint64_t now = rd_loop_now(l->loop);
	keep(l, &wanted);
	if (now >= l->after_ns)
		apply(l);
	else if (!l->again.set)
		rd_timer_set(&l->again, l->after_ns - now);
	return 0;
}

void
layout_close(struct layout *l)
{
	if (!l->screen)
		return;
	rd_timer_close(&l->again);
	rd_x11_resize_close(l->screen);
	free(l->told);
	*l = (struct layout){0};
}

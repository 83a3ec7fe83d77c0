#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "desktop/x11_resize.h"
#include "rd-capture/layout.h"
#include "wire/msg_layout.h"

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
apply(struct layout *l)
{
	char *why = NULL;
	rd_debug("the desktop is to have %dx%d", l->width, l->height);
	int err = rd_x11_resize_to(l->screen, l->width, l->height, &why);
	l->width = l->height = 0;
	l->after_ns = rd_loop_now(l->loop) + EVERY_NS;
	if (err)
		refuse(l, why);
	free(why);
}

static void
on_again(void *ctx)
{
	struct layout *l = ctx;
	if (l->width)
		apply(l);
}

bool
layout_open(struct layout *l, struct rd_loop *loop, const char *display, bool restore,
	void (*refused)(void *ctx, const char *why), void *ctx)
{
	char *why = NULL;
	*l = (struct layout){.loop = loop, .refused = refused, .ctx = ctx};
	if (rd_x11_resize_open(&l->screen, display, restore, &why) == 0) {
		rd_timer_open(&l->again, loop, on_again, l);
		return true;
	}
	l->screen = NULL;
	rd_warn("--resize: the desktop keeps its size: %s", why ? why : "no second process");
	free(why);
	return false;
}

int
layout_take(struct layout *l, const struct rd_msg *m)
{
	struct rd_layout wanted;
	int err = rd_layout_parse(&wanted, m->data, m->len);
	if (err || !l->screen)
		return err;
	uint64_t now = rd_loop_now(l->loop);
	l->width = wanted.width;
	l->height = wanted.height;
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

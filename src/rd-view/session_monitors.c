#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "rd-view/session_priv.h"
#include "wire/msg_monitors.h"

/*
 * A window follows so often, however often the monitors change: a desktop that is
 * set up anew passes through states that nobody wants to see, and a peer may do
 * that for ever.
 */
#define SETTLE_NS (100 * RD_NS_PER_MS)
#define LINES_PRINTED 20

static void
say(struct session *s, char *text)
{
	if (s->monitor_lines++ < LINES_PRINTED)
		rd_warn("%s: %s", s->source->name, text);
	if (s->ops->notice)
		s->ops->notice(s->view, text);
	free(text);
}

/* The views that know no monitors get what is to be seen as if it were all there is. */
static bool
cuts(const struct session *s)
{
	return !s->ops->monitors && monitors_want_one(&s->monitors);
}

static struct rd_rect
part_of(const struct session *s, const struct rd_image *im)
{
	struct monitor_part parts[MONITORS_SHOWN_MAX];
	if (!cuts(s))
		return (struct rd_rect){0, 0, im->width, im->height};
	monitors_parts(&s->monitors, im->width, im->height, parts);
	return parts[0].rect;
}

struct rd_image
session_picture(void *ctx)
{
	const struct session *s = ctx;
	const struct rd_image *im = rd_screen_image(s->screen);
	return rd_image_part(im, part_of(s, im));
}

const pixman_region32_t *
session_monitors_damage(struct session *s)
{
	const struct rd_image *im = rd_screen_image(s->screen);
	const struct rd_rect part = part_of(s, im), before = s->part;
	const pixman_region32_t *all = rd_screen_damage(s->screen);
	s->part = part;
	if (!cuts(s))
		return all;
	rd_region_part(&s->part_damage, all, part);
	if (part.x != before.x || part.y != before.y)
		rd_region_add(&s->part_damage, (struct rd_rect){0, 0, part.w, part.h});
	return &s->part_damage;
}

void
session_monitors_input(const struct session *s, struct rd_input *in)
{
	if (in->kind == RD_INPUT_POINTER && cuts(s)) {
		in->x += s->part.x;
		in->y += s->part.y;
	}
}

void
session_monitors_pointer(const struct session *s, struct rd_pointer_at *at)
{
	if (!cuts(s))
		return;
	at->x -= s->part.x;
	at->y -= s->part.y;
	at->on = at->on && at->x >= 0 && at->y >= 0 && at->x < s->part.w && at->y < s->part.h;
}

static char *
missing_text(const struct monitors *m)
{
	char list[512];
	if (!m->told)
		return xstrdup("the other side does not say which monitors it has");
	monitors_list(m, list, sizeof(list));
	return xasprintf("no monitor %s there; there is %s", m->wanted, *list ? list : "none");
}

int
session_monitors_judge(struct session *s)
{
	const struct monitors *m = &s->monitors;
	bool there = monitors_want_one(m) ? monitors_one(m) != NULL : m->told || !monitors_want_each(m);
	if (there || (!monitors_want_one(m) && !s->ops->monitors))
		return 0;
	/* What is configured for desktops is not meant for a source that has no monitors. */
	if (!s->ops->paced && !s->o->said_monitor && !m->told)
		return 0;
	char *text = missing_text(&s->monitors);
	if (!s->ops->paced) {
		rd_error("%s: %s", s->source->name, text);
		free(text);
		return s->monitors.told ? RD_EXIT_USAGE : RD_EXIT_UNSUPPORTED;
	}
	say(s, xasprintf("%s: all is shown", text));
	free(text);
	return 0;
}

/* To a peer that does not read it is said once that reads again. */
static void
say_watched(struct session *s)
{
	struct rd_buf b = {0};
	const struct rd_hello *peer = rd_link_peer(s->link);
	bool told = rd_monitor_names_same(&s->told_watched, &s->watched);
	if (told || !s->up || s->ended || s->leaving || !peer || !(peer->caps & RD_CAP_MONITORS) ||
			rd_link_busy(s->link))
		return;
	s->told_watched = s->watched;
	rd_watch_only_pack(&b, &s->watched);
	session_say(s, RD_MSG_WATCH_ONLY, &b);
}

void
session_watches(void *ctx, const struct rd_monitor_names *names)
{
	struct session *s = ctx;
	s->watched = *names;
	say_watched(s);
}

void
session_monitors_room(struct session *s)
{
	say_watched(s);
}

/* A view that knows no monitors has nothing to do with it: all it sees is another picture. */
static void
show_part(struct session *s)
{
	const struct rd_monitor *one = monitors_one(&s->monitors);
	struct rd_monitor_names names = {0};
	if (one)
		memcpy(names.v[names.count++], one->name, sizeof(one->name));
	session_watches(s, &names);
	if (!s->shown || !s->ops->paced)
		return;
	struct rd_image im = session_picture(s);
	pixman_region32_t all;
	pixman_region32_init_rect(&all, 0, 0, (unsigned)im.width, (unsigned)im.height);
	/* What was damaged is in it. */
	session_monitors_damage(s);
	s->ops->frame(s->view, &im, &all, &s->frame);
	pixman_region32_fini(&all);
}

static void
follow(struct session *s)
{
	if (s->ops->monitors)
		s->ops->monitors(s->view);
	else
		show_part(s);
}

/* The newest that came is what there is. */
static void
settle(void *ctx)
{
	struct session *s = ctx;
	bool before = monitors_one(&s->monitors);
	s->monitors.there = s->monitors_next;
	s->monitors.told = s->monitors_told;
	bool now = monitors_one(&s->monitors);
	if (before && !now)
		say(s, xasprintf("monitor %s is gone: all is shown until it is back", s->monitors.wanted));
	follow(s);
}

int
session_monitors_message(struct session *s, const struct rd_msg *m)
{
	struct rd_monitors *next = &s->monitors_next;
	if (rd_monitors_parse(next, m->data, m->len) != 0) {
		s->broken = "monitors cannot lie so";
		return -EPROTO;
	}
	s->monitors_told = true;
	if (!s->shown || !s->ops->paced)
		settle(s);
	else if (!s->settle.set)
		rd_timer_set(&s->settle, SETTLE_NS);
	return 0;
}

void
session_monitors_resized(struct session *s)
{
	if (s->ops->monitors && s->shown && !s->settle.set)
		rd_timer_set(&s->settle, SETTLE_NS);
}

bool
session_monitors_choose(void *ctx, const char *wanted)
{
	struct session *s = ctx;
	struct monitors other = s->monitors;
	if (!monitors_want(&other, wanted))
		return false;
	if (monitors_want_one(&other) && !monitors_one(&other)) {
		say(s, missing_text(&other));
		return false;
	}
	s->monitors = other;
	follow(s);
	return true;
}

void
session_monitors_open(struct session *s)
{
	monitors_want(&s->monitors, s->o->monitor);
	pixman_region32_init(&s->part_damage);
	rd_timer_open(&s->settle, s->loop, settle, s);
}

void
session_monitors_close(struct session *s)
{
	rd_timer_close(&s->settle);
	pixman_region32_fini(&s->part_damage);
}

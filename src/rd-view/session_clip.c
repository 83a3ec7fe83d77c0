#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "rd-view/session_priv.h"

/* A peer can refuse for ever: so many refusals are also printed. */
#define LINES_PRINTED 20

/* The person has pasted here, and nothing comes of it. */
static void
on_empty(void *ctx, uint8_t peer, const char *line)
{
	struct session *s = ctx;
	(void)peer;
	if (s->clip_lines++ < LINES_PRINTED)
		rd_warn("%s", line);
	if (s->ops->notice)
		s->ops->notice(s->view, line);
}

/* What changes something over there is not done by who only looks. */
static bool
to_host(const struct options *o)
{
	return rd_clip_to_host(&o->clip) && !o->ask.view_only;
}

void
session_clip_open(struct session *s)
{
	const struct rd_clip_link_config cfg = {
		.gives = to_host(s->o),
		.takes = rd_clip_to_viewer(&s->o->clip),
		.primary = s->o->clip.primary,
		.max = s->o->clip.max,
		.name = s->source->name,
	};
	char *why = NULL;
	if (!session_has_window(s) || !s->up || (!cfg.gives && !cfg.takes) || !window_is_x11(s->view))
		return;
	s->clip = (struct rd_clip_link){.link = s->link, .hello = &s->mine, .say = on_empty, .ctx = s};
	int err = rd_clip_link_open(&s->clip, s->loop, &cfg, &why);
	if (err)
		rd_warn("no clipboard is shared: %s", why ? why : strerror(-err));
	free(why);
}

int
session_clip_message(struct session *s, const struct rd_msg *m)
{
	int err = s->up ? rd_clip_link_message(&s->clip, m) : 0;
	if (err)
		s->broken = "what it says of its clipboard makes no sense";
	return err;
}

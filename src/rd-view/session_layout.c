#include <stdio.h>

#include "base/log.h"
#include "rd-view/session_priv.h"
#include "wire/msg_layout.h"

/* Asked for, and in vain. */
static void
say_fixed(struct session *s, bool controls)
{
	const char *why = controls
		? "the desktop keeps its size: rd-capture does not run with --resize there"
		: "the desktop keeps its size: it is not controlled from here";
	rd_warn("%s", why);
	if (s->ops->notice)
		s->ops->notice(s->view, why);
}

void
session_layout_hello(struct session *s, const struct rd_hello *peer, bool controls)
{
	s->can_layout = controls && (peer->caps & RD_CAP_LAYOUT);
	if (s->o->resize && !s->can_layout)
		say_fixed(s, controls);
}

bool
session_layout_can(void *ctx, const char *monitor)
{
	const struct session *s = ctx;
	const struct rd_hello *peer = rd_link_peer(s->link);
	return s->can_layout && (!*monitor || (peer && (peer->caps & RD_CAP_MONITORS)));
}

static uint16_t
bounded(int v)
{
	return (uint16_t)(v < 1 ? 1 : v > RD_LAYOUT_MAX ? RD_LAYOUT_MAX : v);
}

bool
session_layout_ask(void *ctx, const char *monitor, int width, int height)
{
	struct session *s = ctx;
	struct rd_layout m = {.width = bounded(width), .height = bounded(height)};
	struct rd_buf b = {0};
	if (!session_layout_can(s, monitor) || !s->up || m.width * m.height > RD_LAYOUT_PIXELS_MAX)
		return true;
	if (rd_link_busy(s->link))
		return false;
	snprintf(m.monitor, sizeof(m.monitor), "%s", monitor);
	rd_layout_pack(&b, &m);
	session_say(s, RD_MSG_LAYOUT, &b);
	return true;
}

#include "rd-view/session_priv.h"
#include "wire/msg_locks.h"

void
session_locks_hello(struct session *s, const struct rd_hello *peer, bool controls)
{
	s->can_locks = controls && (peer->caps & RD_CAP_KEYBOARD);
}

bool
session_locks_can(void *ctx)
{
	const struct session *s = ctx;
	return s->can_locks;
}

void
session_locked(struct session *s, const struct rd_msg *m)
{
	struct rd_locks there;
	if (rd_locks_parse(&there, m->data, m->len) != 0)
		return;
	s->stats.locks = there;
	if (s->ops->locked)
		s->ops->locked(s->view, &there);
}

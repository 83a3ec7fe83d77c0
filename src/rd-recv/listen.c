#include "rd-recv/session_priv.h"

/* Bytes of a LISTEN, also of a later version's. */
#define LISTEN_MAX 64

void
talk_listen(struct session *s, const struct rd_msg *m)
{
	rd_buf_reset(&s->listen);
	if (m->len <= LISTEN_MAX)
		rd_buf_bytes(&s->listen, m->data, m->len);
}

void
talk_listen_again(struct session *s)
{
	struct rd_buf b = {0};
	rd_buf_bytes(&b, s->listen.data, s->listen.len);
	talk_say(s, RD_MSG_LISTEN, &b);
}

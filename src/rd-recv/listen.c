#include "rd-recv/session_priv.h"

/* Bytes of a LISTEN, also of a later version's; of a WATCH_ONLY. */
#define LISTEN_MAX 64
#define WATCH_ONLY_MAX 4096

static void
keep(struct rd_buf *b, const struct rd_msg *m, size_t max)
{
	rd_buf_reset(b);
	if (m->len <= max)
		rd_buf_bytes(b, m->data, m->len);
}

void
talk_wish(struct session *s, const struct rd_msg *m)
{
	if (m->type == RD_MSG_LISTEN)
		keep(&s->listen, m, LISTEN_MAX);
	else if (m->type == RD_MSG_WATCH_ONLY)
		keep(&s->watch_only, m, WATCH_ONLY_MAX);
}

static void
say_again(struct session *s, uint16_t type, const struct rd_buf *kept)
{
	struct rd_buf b = {0};
	rd_buf_bytes(&b, kept->data, kept->len);
	talk_say(s, type, &b);
}

void
talk_wishes_again(struct session *s, uint32_t caps)
{
	if (s->listen.len && (caps & RD_CAP_SOUND))
		say_again(s, RD_MSG_LISTEN, &s->listen);
	if (s->watch_only.len && (caps & RD_CAP_MONITORS))
		say_again(s, RD_MSG_WATCH_ONLY, &s->watch_only);
}

#include "rd-view/session_priv.h"

int
session_sound(struct session *s, const struct rd_msg *m)
{
	int err = hearing_message(&s->hearing, m);
	if (err)
		s->broken = "a piece of sound cannot be";
	session_hold_back(s);
	return err;
}

/* What cannot be said to a silent peer is not piled up. */
static bool
say(void *ctx, uint16_t type, uint64_t mono_ns, struct rd_buf *body)
{
	struct session *s = ctx;
	bool went = s->up && !rd_link_busy(s->link);
	if (went)
		rd_link_send_buf(s->link, type, rd_hello_time(&s->mine, mono_ns), body);
	rd_buf_finish(body);
	return went;
}

static void
on_room(void *ctx)
{
	struct session *s = ctx;
	session_hold_back(s);
	if (s->paced)
		session_over_when_shown(s);
}

const struct hearing_host session_hearing_host = {.say = say, .room = on_room};

#include "base/clock.h"
#include "base/exit.h"
#include "rd-view/session_priv.h"
#include "wire/msg_input.h"

/* What a view asks of its session, and rd-ctl. */

static void
from_person(void *ctx, const struct rd_input *in)
{
	struct session *s = ctx;
	struct rd_buf b = {0};
	struct rd_input there = *in;
	session_monitors_input(s, &there);
	uint16_t type = rd_input_pack(&b, &there);
	session_say(s, type, &b);
}

static void
refresh_wanted(void *ctx)
{
	session_refresh(ctx);
}

static bool
pause_wanted(void *ctx)
{
	struct session *s = ctx;
	if (!s->paced || s->ended)
		return false;
	pace_toggle(&s->pace, rd_clock_ns());
	hearing_pace(&s->hearing, s->pace.zero_ns, s->pace.stopped);
	rd_timer_clear(&s->due);
	if (s->waiting)
		session_show_when_due(s);
	return s->pace.stopped;
}

/* A recording stops its clock; what is live is not read. */
void
session_pause(struct session *s, bool pause)
{
	if (s->paced && s->pace.stopped != pause)
		pause_wanted(s);
	s->held = pause && !s->paced;
	session_hold_back(s);
}

static void
frame_taken(void *ctx, uint32_t frame)
{
	struct session *s = ctx;
	if (!s->leaving)
		session_acknowledge(s, frame);
}

static void
quit_wanted(void *ctx)
{
	session_leave(ctx, RD_EXIT_OK, "the viewer was closed");
}

const struct view_host session_host = {
	.input = from_person,
	.refresh = refresh_wanted,
	.picture = session_picture,
	.can_layout = session_layout_can,
	.layout = session_layout_ask,
	.can_locks = session_locks_can,
	.choose = session_monitors_choose,
	.watches = session_watches,
	.pause = pause_wanted,
	.quit = quit_wanted,
	.taken = frame_taken,
};

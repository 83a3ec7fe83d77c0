#include "base/clock.h"
#include "rd-record/recorder.h"

/* After so long without a change the picture rests, and is made fine. */
#define REST_NS (200 * RD_NS_PER_MS)
/*
 * Where much has changed, that costs as much as a whole picture does: a page that
 * scrolls on twice a second is made fine only when it has come to its end. Small
 * changes do not put this off, or a blinking cursor would for ever.
 */
#define REST_LARGE_NS RD_NS_PER_S

enum what { NOTHING, TICK, CHANGE, REFINE, BEAT, FLUSH };

/* When it will have rested, if nothing changes. */
static uint64_t
rest_time(const struct recorder *r)
{
	uint64_t small = r->changed_ns + REST_NS, large = r->large_ns + REST_LARGE_NS;
	return large > small ? large : small;
}

static enum what
next_due(const struct recorder *r, uint64_t *at_ns)
{
	uint64_t soonest = r->last_ns + RECORDER_POINTER_NS;
	if (r->o->fps > 0) {
		*at_ns = (uint64_t)((double)r->ticks * RD_NS_PER_S / r->o->fps);
		return TICK;
	}
	if (r->dirty) {
		*at_ns = r->dirty_ns > soonest ? r->dirty_ns : soonest;
		return CHANGE;
	}
	*at_ns = r->last_ns + RECORDER_BEAT_NS;
	if (r->passing)
		return r->live && r->writer.unflushed ? FLUSH : NOTHING;
	if (shutter_coarse(&r->shutter) && rest_time(r) > r->last_ns) {
		*at_ns = rest_time(r);
		return REFINE;
	}
	return r->live ? BEAT : NOTHING;
}

static void
flush(struct recorder *r, uint64_t now_ns)
{
	int err = r->o->last_ns ? 0 : writer_flush(&r->writer, now_ns);
	if (err)
		recorder_failed(r, err, NULL);
}

static void
perform(struct recorder *r, enum what what, uint64_t at_ns)
{
	bool rested = at_ns >= rest_time(r);
	switch (what) {
	case TICK:
		r->ticks++;
		recorder_take(r, at_ns, rested && shutter_coarse(&r->shutter));
		break;
	case CHANGE:
		recorder_take(r, at_ns, false);
		break;
	case REFINE:
		recorder_take(r, at_ns, true);
		break;
	case BEAT:
		recorder_take(r, at_ns, false);
		flush(r, at_ns);
		break;
	case FLUSH:
		flush(r, at_ns);
		break;
	case NOTHING:
		break;
	}
}

void
recorder_catch_up(struct recorder *r, uint64_t to_ns)
{
	uint64_t limit = r->o->duration_ns, at;
	enum what what;
	if (!r->begun || r->over)
		return;
	uint64_t end = limit && to_ns > limit ? limit : to_ns;
	while (!r->over && (what = next_due(r, &at)) != NOTHING && at <= end)
		perform(r, what, at);
	if (limit && to_ns >= limit && !r->over && !r->limit) {
		r->limit = true;
		r->ops->over(r->ctx, 0, NULL);
	}
}

void
recorder_schedule(struct recorder *r)
{
	uint64_t at, now = recorder_now(r), limit = r->o->duration_ns;
	rd_timer_clear(&r->timer);
	if (!r->live || !r->begun || r->over)
		return;
	enum what what = next_due(r, &at);
	if (limit && !r->limit && (what == NOTHING || at > limit)) {
		at = limit;
		what = TICK;
	}
	if (what != NOTHING)
		rd_timer_set(&r->timer, at > now ? at - now : 0);
}

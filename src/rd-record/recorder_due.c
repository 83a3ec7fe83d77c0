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

/*
 * Where processor time is short, of large changes those are coded after which
 * nothing changes for so long: where a scroll ends up, rather than what it passes.
 * What passes gets only this part of what may be spent ahead.
 */
#define SETTLED_NS (100 * RD_NS_PER_MS)
#define PASSING_PART 0.6
/* However little there is to spend: a film has two pictures a second. */
#define PUT_OFF_NS (500 * RD_NS_PER_MS)

enum what { NOTHING, TICK, CHANGE, REFINE, BEAT, FLUSH };

/* When it will have rested, if nothing changes. */
static uint64_t
rest_time(const struct recorder *r)
{
	uint64_t small = r->changed_ns + REST_NS, large = r->large_ns + REST_LARGE_NS;
	return large > small ? large : small;
}

uint64_t
recorder_affordable(const struct recorder *r)
{
	if (!r->live || r->purse.share <= 0 || !canvas_large(&r->canvas))
		return 0;
	uint64_t passing = purse_ready(&r->purse, PASSING_PART), rich = purse_ready(&r->purse, 1);
	uint64_t settled = r->dirty_ns + SETTLED_NS, last = r->last_ns + PUT_OFF_NS;
	settled = settled > rich ? settled : rich;
	uint64_t first = settled < passing ? settled : passing;
	return first < last ? first : last;
}

/* When what is there now came: it may have been put off since. */
static uint64_t
since(const struct recorder *r)
{
	uint64_t soonest = r->last_ns + RECORDER_POINTER_NS;
	return r->dirty_ns > soonest ? r->dirty_ns : soonest;
}

static enum what
next_due(const struct recorder *r, uint64_t *at_ns)
{
	if (r->o->fps > 0) {
		*at_ns = (uint64_t)((double)r->ticks * RD_NS_PER_S / r->o->fps);
		return TICK;
	}
	if (r->dirty) {
		uint64_t affordable = recorder_affordable(r);
		*at_ns = since(r) > affordable ? since(r) : affordable;
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
		recorder_take(r, since(r), false);
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

#include <stdlib.h>

#include <sodium.h>

#include "base/mem.h"
#include "rd-relay/slots.h"

#define DRAWN 8		/* of which the smallest is taken */
#define DRAWN_MAX 200	/* while none is free */

void
slots_init(struct slots *s)
{
	s->slot = xcalloc(SLOT_LAST + 1, sizeof(*s->slot));
}

void
slots_finish(struct slots *s)
{
	free(s->slot);
}

/* What was over is forgotten, and what was live is over, when its time has passed. */
static enum slot_state
state_of(struct slots *s, uint32_t number, uint64_t now_ns)
{
	struct slot *slot = &s->slot[number];
	if (slot->state != SLOT_FREE && slot->state != SLOT_LIVE && now_ns >= slot->until_ns) {
		*slot = (struct slot){0};
		s->taken--;
	}
	if (slot->state == SLOT_LIVE && now_ns >= slot->until_ns)
		return SLOT_HAS_EXPIRED;
	return slot->state;
}

/* Few are in use: they are short. At most half of the range, so that drawing finds one. */
static uint32_t
range(const struct slots *s)
{
	return s->taken < 20 ? 99 : s->taken < 300 ? 999 : s->taken < 5000 ? 9999 : SLOT_LAST;
}

static uint32_t
draw(struct slots *s, uint64_t now_ns)
{
	uint32_t best = 0;
	for (unsigned i = 0; i < DRAWN || (!best && i < DRAWN_MAX); i++) {
		uint32_t number = 1 + randombytes_uniform(range(s));
		if ((!best || number < best) && state_of(s, number, now_ns) == SLOT_FREE)
			best = number;
	}
	return best;
}

uint32_t
slots_new(struct slots *s, const struct rd_key *host, uint32_t program, uint32_t session,
	uint16_t request, uint64_t now_ns)
{
	uint32_t number = draw(s, now_ns);
	if (!number)
		return 0;
	s->slot[number] = (struct slot){.host = *host, .program = program,
		.until_ns = now_ns + RD_SLOT_LIFE_NS, .session = session, .request = request, .state = SLOT_LIVE};
	s->live++;
	s->taken++;
	return number;
}

enum slot_state
slots_look(struct slots *s, uint32_t number, struct slot **slot, uint64_t now_ns)
{
	if (number == 0 || number > SLOT_LAST)
		return SLOT_FREE;
	*slot = &s->slot[number];
	return state_of(s, number, now_ns);
}

bool
slots_over(struct slots *s, uint32_t number, enum slot_state why, uint64_t now_ns)
{
	if (number == 0 || number > SLOT_LAST || s->slot[number].state != SLOT_LIVE)
		return false;
	s->slot[number].state = (uint8_t)why;
	s->slot[number].until_ns = now_ns + RD_SLOT_LIFE_NS;
	s->live--;
	return true;
}

uint32_t
slots_sweep(struct slots *s, unsigned *steps, uint64_t now_ns)
{
	while (*steps > 0) {
		(*steps)--;
		s->cursor = s->cursor % SLOT_LAST + 1;
		if (state_of(s, s->cursor, now_ns) == SLOT_HAS_EXPIRED &&
			s->slot[s->cursor].state == SLOT_LIVE)
			return s->cursor;
	}
	return 0;
}

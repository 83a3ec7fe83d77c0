#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux_priv.h"

/* Units that we receive. */

static bool
in_order(enum rd_traffic traffic)
{
	return traffic == RD_TRAFFIC_PICTURE;
}

static size_t
memory(const struct mux_unit_in *u)
{
	return sizeof(*u) + u->cap + u->late.memory;
}

static struct mux_unit_in **
slot(struct mux_units_in *t, uint64_t number)
{
	return &t->unit[number % RD_MUX_UNITS_OPEN];
}

static uint8_t *
state(struct mux_units_in *t, uint64_t number)
{
	return &t->state[number % RD_MUX_UNITS_OPEN];
}

static void
drop(struct rd_mux *m, struct mux_unit_in *u)
{
	if (!u)
		return;
	m->memory.received -= memory(u);
	rd_reasm_finish(&u->late);
	free(u->data);
	free(u);
}

void
mux_units_in_finish(struct rd_mux *m)
{
	for (unsigned i = 0; i < 2; i++)
		for (size_t n = 0; n < RD_MUX_UNITS_OPEN; n++)
			drop(m, m->units.in[i].unit[n]);
}

/*
 * What has been dealt with: what our owner said, what was dropped, and of the
 * oldest unit of each kind, which others wait for, what came in order. So a
 * unit may be larger than the window, and the peer can make us keep no more
 * than one such unit of each kind beyond it.
 */
static void
judge(struct rd_mux *m)
{
	struct mux_credit *c = &m->units.credit;

	c->done = m->units.settled;
	for (unsigned i = 0; i < 2; i++) {
		struct mux_units_in *t = &m->units.in[i];
		const struct mux_unit_in *u = *slot(t, t->next);
		if (u)
			c->done += u->late.next;
	}
	mux_credit_judge(c);
}

void
rd_mux_units_consumed(struct rd_mux *m, uint64_t bytes)
{
	assert(bytes <= m->units.credit.given - m->units.settled);
	m->units.settled += bytes;
	judge(m);
}

static struct mux_unit_in *
get(struct rd_mux *m, struct mux_units_in *t, uint64_t number)
{
	struct mux_unit_in **at = slot(t, number);

	if (!*at) {
		*at = xcalloc(1, sizeof(**at));
		(*at)->final = MUX_UNKNOWN;
		*state(t, number) = MUX_COMING;
		m->memory.received += sizeof(**at);
	}
	return *at;
}

/* All bytes before `end` count as come; `final` says that none are behind it. */
static int
come(struct rd_mux *m, struct mux_unit_in *u, uint64_t end, bool final)
{
	if (end > m->cfg.unit_max || (final && end < u->highest))
		return -EPROTO;
	if (u->final != MUX_UNKNOWN && (end > u->final || (final && end != u->final)))
		return -EPROTO;
	if (end > u->highest) {
		if (mux_credit_come(&m->units.credit, end - u->highest))
			return -EPROTO;
		u->highest = end;
	}
	if (final)
		u->final = end;
	return 0;
}

/* Grows by half, and only with bytes that came. */
static int
append(struct mux_unit_in *u, const uint8_t *data, size_t len)
{
	size_t at = (size_t)u->late.next;

	if (len > u->cap - at) {
		size_t cap = at + len + (at + len) / 2;
		uint8_t *larger = realloc(u->data, cap);
		if (!larger)
			return -ENOMEM;
		u->data = larger;
		u->cap = cap;
	}
	memcpy(u->data + at, data, len);
	rd_reasm_take(&u->late, len);
	return 0;
}

static int
store(struct mux_unit_in *u, const struct rd_frame *f)
{
	uint64_t next = u->late.next;
	const uint8_t *data;
	size_t len;

	if (f->offset > next) {
		rd_reasm_put(&u->late, f->offset, f->data, f->len);
		return 0;
	}
	if (f->offset + f->len <= next)
		return 0;
	data = f->data + (next - f->offset);
	len = f->len - (size_t)(next - f->offset);
	do {
		if (append(u, data, len))
			return -ENOMEM;
	} while ((len = rd_reasm_peek(&u->late, &data)));
	return 0;
}

/* `size` bytes of a whole unit go to our owner. */
static void
give(struct rd_mux *m, enum rd_traffic traffic, const uint8_t *data, uint64_t size)
{
	m->units.credit.given += size;
	m->ops.unit(m->ctx, traffic, data, (size_t)size);
}

/*
 * Goes on behind what is settled; hands out the pictures that waited for it.
 * The table is in order before each call to our owner.
 */
static void
advance(struct rd_mux *m, struct mux_units_in *t, enum rd_traffic traffic)
{
	for (;;) {
		uint8_t *at = state(t, t->next);
		struct mux_unit_in *u = *slot(t, t->next);
		bool whole = *at == MUX_WHOLE;
		if (!whole && *at != MUX_GONE)
			return;
		*slot(t, t->next) = NULL;
		*at = MUX_ABSENT;
		t->next++;
		if (whole)
			give(m, traffic, u->data, u->final);
		else if (in_order(traffic))
			m->ops.gap(m->ctx, traffic);
		drop(m, u);
	}
}

/* All of unit `number` is here. */
static void
complete(struct rd_mux *m, struct mux_units_in *t, enum rd_traffic traffic, uint64_t number)
{
	struct mux_unit_in *u = *slot(t, number);

	if (in_order(traffic)) {
		*state(t, number) = MUX_WHOLE;
	} else {
		*state(t, number) = MUX_GONE;
		*slot(t, number) = NULL;
		give(m, traffic, u->data, u->final);
		drop(m, u);
	}
	advance(m, t, traffic);
}

/* Whether it lies in this frame, whole, and nothing has to wait for another. */
static bool
is_ready(struct mux_units_in *t, const struct rd_frame *f)
{
	return *state(t, f->id) == MUX_ABSENT && f->offset == 0 && f->fin &&
		(!in_order(f->traffic) || f->id == t->next);
}

/* Such a one is handed out as it lies there. */
static int
pass(struct rd_mux *m, struct mux_units_in *t, const struct rd_frame *f)
{
	struct mux_unit_in u = {.final = MUX_UNKNOWN};

	if (come(m, &u, f->len, true))
		return -EPROTO;
	if (f->id == t->next)
		t->next++;
	else
		*state(t, f->id) = MUX_GONE;
	give(m, f->traffic, f->data, f->len);
	advance(m, t, f->traffic);
	return 0;
}

static int
gather(struct rd_mux *m, struct mux_units_in *t, const struct rd_frame *f)
{
	struct mux_unit_in *u = get(m, t, f->id);
	size_t before = memory(u);

	if (come(m, u, f->offset + f->len, f->fin))
		return -EPROTO;
	int err = store(u, f);
	m->memory.received += memory(u) - before;
	if (!err && u->late.next == u->final)
		complete(m, t, f->traffic, f->id);
	return err;
}

static bool
is_foreign(const struct rd_mux *m, const struct rd_frame *f)
{
	return m->cfg.unit_max == 0 ||
		(f->traffic != RD_TRAFFIC_SOUND && f->traffic != RD_TRAFFIC_PICTURE) ||
		(f->id >= m->units.in[mux_kind(f->traffic)].next + RD_MUX_UNITS_OPEN);
}

/* Nothing more is wanted of it. */
static bool
is_settled(struct mux_units_in *t, uint64_t number)
{
	return number < t->next || *state(t, number) == MUX_WHOLE || *state(t, number) == MUX_GONE;
}

int
mux_units_in_unit(struct rd_mux *m, const struct rd_frame *f)
{
	if (is_foreign(m, f))
		return -EPROTO;
	struct mux_units_in *t = &m->units.in[mux_kind(f->traffic)];
	if (is_settled(t, f->id))
		return 0;
	int err = is_ready(t, f) ? pass(m, t, f) : gather(m, t, f);
	judge(m);
	return err;
}

int
mux_units_in_drop(struct rd_mux *m, const struct rd_frame *f)
{
	struct mux_unit_in none = {.final = MUX_UNKNOWN};

	if (is_foreign(m, f))
		return -EPROTO;
	struct mux_units_in *t = &m->units.in[mux_kind(f->traffic)];
	if (is_settled(t, f->id))
		return 0;
	struct mux_unit_in *u = *slot(t, f->id);
	if (come(m, u ? u : &none, f->value, true))
		return -EPROTO;
	/* all of it is dealt with, what never came too */
	m->units.credit.given += f->value;
	m->units.settled += f->value;
	drop(m, u);
	*slot(t, f->id) = NULL;
	*state(t, f->id) = MUX_GONE;
	advance(m, t, f->traffic);
	if (!in_order(f->traffic))
		m->ops.gap(m->ctx, f->traffic);
	judge(m);
	return 0;
}

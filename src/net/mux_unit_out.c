#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux_priv.h"

/* Units that we send. */

static struct mux_units_out *
of(struct rd_mux *m, enum rd_traffic traffic)
{
	return &m->units.out[mux_kind(traffic)];
}

static struct mux_unit_out **
slot(const struct mux_units_out *t, uint64_t number)
{
	return &t->ring[number & (t->cap - 1)];
}

/* NULL: settled long ago. */
static struct mux_unit_out *
find(const struct mux_units_out *t, uint64_t number)
{
	return number >= t->first && number < t->next ? *slot(t, number) : NULL;
}

static void
make_room(struct rd_mux *m, struct mux_units_out *t)
{
	if (t->next - t->first < t->cap)
		return;
	struct mux_units_out old = *t;
	t->cap = old.cap ? 2 * old.cap : 16;
	t->ring = xcalloc(t->cap, sizeof(struct mux_unit_out *));
	for (uint64_t n = old.first; n < old.next; n++)
		*slot(t, n) = *slot(&old, n);
	free(old.ring);
	m->memory.sending += (t->cap - old.cap) * sizeof(struct mux_unit_out *);
}

int
rd_mux_unit(struct rd_mux *m, enum rd_traffic traffic, const void *data, size_t len,
	uint64_t deadline_ns, uint64_t tag)
{
	struct mux_units_out *t = of(m, traffic);

	if (m->cfg.peer_unit_max == 0 || len > m->cfg.peer_unit_max)
		return -EMSGSIZE;
	make_room(m, t);
	struct mux_unit_out *u = xcalloc(1, sizeof(*u));
	u->number = t->next;
	u->deadline_ns = deadline_ns;
	u->tag = tag;
	u->len = len;
	u->data = xmalloc(len ? len : 1);
	if (len)
		memcpy(u->data, data, len);
	*slot(t, t->next) = u;
	t->next++;
	t->unsent += len;
	t->queued += len;
	if (deadline_ns < t->due_ns)
		t->due_ns = deadline_ns;
	m->memory.sending += sizeof(*u) + len;
	return 0;
}

static uint64_t
bytes_sent(const struct mux_unit_out *u)
{
	return u->sent < u->len ? u->sent : u->len;
}

/* Sorted by number; what gets lost is mostly newer than what is lost already. */
static void
owe(struct mux_units_out *t, struct mux_unit_out *u)
{
	if (u->is_owed)
		return;
	u->is_owed = true;
	struct mux_unit_out *before = TAILQ_LAST(&t->owed, mux_units_owed);
	while (before && before->number > u->number)
		before = TAILQ_PREV(before, mux_units_owed, owed);
	if (before)
		TAILQ_INSERT_AFTER(&t->owed, before, u, owed);
	else
		TAILQ_INSERT_HEAD(&t->owed, u, owed);
}

static void
owe_no_more(struct mux_units_out *t, struct mux_unit_out *u)
{
	if (u->is_owed)
		TAILQ_REMOVE(&t->owed, u, owed);
	u->is_owed = false;
}

static void
forget_bytes(struct rd_mux *m, struct mux_unit_out *u)
{
	if (u->data)
		m->memory.sending -= u->len;
	free(u->data);
	u->data = NULL;
	rd_spans_finish(&u->acked);
	rd_spans_finish(&u->lost);
}

/* The oldest unit that is neither dropped nor all sent once. */
static void
find_fresh(struct mux_units_out *t)
{
	while (t->fresh < t->next) {
		const struct mux_unit_out *u = *slot(t, t->fresh);
		if (u && !u->dropped && u->sent <= u->len)
			return;
		t->fresh++;
	}
}

/* All of it has arrived, or the peer knows that it never will. */
static void
settle(struct rd_mux *m, struct mux_units_out *t, struct mux_unit_out *u)
{
	*slot(t, u->number) = NULL;
	owe_no_more(t, u);
	forget_bytes(m, u);
	m->memory.sending -= sizeof(*u);
	free(u);
	while (t->first < t->next && !*slot(t, t->first))
		t->first++;
	if (t->first == t->next)
		t->due_ns = UINT64_MAX;
}

static uint64_t
acked_bytes(const struct mux_unit_out *u)
{
	uint64_t n = 0;

	for (size_t i = 0; i < u->acked.count; i++) {
		struct rd_span a = u->acked.at[u->acked.head + i];
		n += (a.end < u->len ? a.end : u->len) - a.first;
	}
	return n;
}

/* Gives a unit up; the peer is told until it says that it knows. */
static void
give_up(struct rd_mux *m, struct mux_units_out *t, struct mux_unit_out *u)
{
	t->unsent -= u->len - bytes_sent(u);
	t->queued -= u->len - acked_bytes(u);
	u->dropped = true;
	u->final = bytes_sent(u);
	forget_bytes(m, u);
	owe(t, u);
}

void
mux_units_init(struct rd_mux *m)
{
	for (unsigned i = 0; i < 2; i++) {
		TAILQ_INIT(&m->units.out[i].owed);
		m->units.out[i].due_ns = UINT64_MAX;
	}
	m->units.max = m->cfg.peer_units_window;
	mux_credit_init(&m->units.credit, RD_MUX_UNITS_WINDOW);
}

void
mux_units_finish(struct rd_mux *m)
{
	for (unsigned i = 0; i < 2; i++) {
		struct mux_units_out *t = &m->units.out[i];
		for (uint64_t n = t->first; n < t->next; n++)
			if (*slot(t, n))
				settle(m, t, *slot(t, n));
		free(t->ring);
	}
}

void
rd_mux_drop_units(struct rd_mux *m, enum rd_traffic traffic)
{
	struct mux_units_out *t = of(m, traffic);

	for (uint64_t n = t->first; n < t->next; n++) {
		struct mux_unit_out *u = *slot(t, n);
		if (u && !u->dropped)
			give_up(m, t, u);
	}
	t->due_ns = UINT64_MAX;
	find_fresh(t);
}

uint64_t
rd_mux_units_unsent(const struct rd_mux *m, enum rd_traffic traffic)
{
	return m->units.out[mux_kind(traffic)].unsent;
}

uint64_t
rd_mux_units_queued(const struct rd_mux *m, enum rd_traffic traffic)
{
	return m->units.out[mux_kind(traffic)].queued;
}

/* The peer keeps no unit that is so far ahead of one it waits for. */
static bool
within_reach(const struct mux_units_out *t, uint64_t number)
{
	return number - t->first < RD_MUX_UNITS_OPEN;
}

/* Something new can be sent. */
static bool
fresh_sendable(const struct rd_mux *m, const struct mux_units_out *t)
{
	if (t->fresh == t->next || !within_reach(t, t->fresh))
		return false;
	return (*slot(t, t->fresh))->len == 0 || m->units.sent < m->units.max;
}

bool
mux_units_sendable(const struct rd_mux *m, enum rd_traffic traffic)
{
	const struct mux_units_out *t = &m->units.out[mux_kind(traffic)];
	const struct mux_unit_out *u = TAILQ_FIRST(&t->owed);

	return (u && within_reach(t, u->number)) || fresh_sendable(m, t);
}

/* Sends of [first, end), where len + 1 is behind the FIN, as much as fits. */
static uint64_t
put_piece(const struct mux_unit_out *u, enum rd_traffic traffic, struct mux_writer *w,
	uint64_t first, uint64_t end)
{
	struct rd_frame f = {.type = RD_FRAME_UNIT, .traffic = (uint8_t)traffic, .id = u->number,
		.offset = first, .fin = end > u->len, .data = u->data + first};

	f.len = (size_t)(end - f.fin - first);
	return mux_write_piece(w, &f) ? f.len + f.fin : 0;
}

static bool
put_owed(struct mux_unit_out *u, enum rd_traffic traffic, struct mux_writer *w)
{
	if (u->dropped) {
		struct rd_frame f = {.type = RD_FRAME_DROP, .traffic = (uint8_t)traffic,
			.id = u->number, .value = u->final};
		return mux_write(w, &f);
	}
	struct rd_span span = *rd_spans_lowest(&u->lost);
	uint64_t n = put_piece(u, traffic, w, span.first, span.end);
	rd_spans_cut(&u->lost, span.first, span.first + n);
	return n > 0;
}

static bool
put_fresh(struct rd_mux *m, struct mux_units_out *t, enum rd_traffic traffic, struct mux_writer *w)
{
	struct mux_unit_out *u = *slot(t, t->fresh);
	uint64_t credit = m->units.max - m->units.sent;
	uint64_t end = u->len - u->sent <= credit ? u->len + 1 : u->sent + credit;
	uint64_t before = u->sent;

	u->sent += put_piece(u, traffic, w, before, end);
	uint64_t bytes = bytes_sent(u) - before;
	m->units.sent += bytes;
	t->unsent -= bytes;
	find_fresh(t);
	return u->sent > before;
}

void
mux_units_fill(struct rd_mux *m, enum rd_traffic traffic, struct mux_writer *w)
{
	struct mux_units_out *t = of(m, traffic);
	struct mux_unit_out *u;

	while ((u = TAILQ_FIRST(&t->owed)) && within_reach(t, u->number)) {
		if (!put_owed(u, traffic, w))
			return;
		if (u->dropped || !rd_spans_lowest(&u->lost))
			owe_no_more(t, u);
	}
	while (fresh_sendable(m, t) && put_fresh(m, t, traffic, w))
		;
}

void
mux_units_acked(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_units_out *t = of(m, f->traffic);
	struct mux_unit_out *u = find(t, f->id);

	if (!u)
		return;
	if (u->dropped) {
		if (f->type == RD_FRAME_DROP)
			settle(m, t, u);
		return;
	}
	uint64_t end = f->offset + f->len;
	t->queued -= rd_spans_add(&u->acked, f->offset, end);
	if (f->fin)
		rd_spans_add(&u->acked, end, end + 1);
	rd_spans_cut(&u->lost, f->offset, end + f->fin);
	if (!rd_spans_lowest(&u->lost))
		owe_no_more(t, u);
	if (rd_spans_prefix(&u->acked) > u->len)
		settle(m, t, u);
}

void
mux_units_lost(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_units_out *t = of(m, f->traffic);
	struct mux_unit_out *u = find(t, f->id);

	if (!u)
		return;
	if (u->dropped) {
		if (f->type == RD_FRAME_DROP)
			owe(t, u);
		return;
	}
	uint64_t end = f->offset + f->len + f->fin;
	rd_spans_add(&u->lost, f->offset, end);
	rd_spans_cut_known(&u->lost, &u->acked, f->offset, end);
	if (rd_spans_lowest(&u->lost))
		owe(t, u);
}

/* Drops what is late of one kind and notes its tags; finds the next deadline. */
static void
drop_late(struct rd_mux *m, struct mux_units_out *t, struct rd_buf *tags, uint64_t now_ns)
{
	uint64_t due_ns = UINT64_MAX;

	for (uint64_t n = t->first; n < t->next; n++) {
		struct mux_unit_out *u = *slot(t, n);
		if (!u || u->dropped)
			continue;
		if (u->deadline_ns <= now_ns && u->deadline_ns != UINT64_MAX) {
			give_up(m, t, u);
			rd_buf_u64(tags, u->tag);
		} else if (u->deadline_ns < due_ns) {
			due_ns = u->deadline_ns;
		}
	}
	t->due_ns = due_ns;
	find_fresh(t);
}

void
mux_units_tick(struct rd_mux *m, uint64_t now_ns)
{
	static const enum rd_traffic kinds[] = {RD_TRAFFIC_SOUND, RD_TRAFFIC_PICTURE};

	for (unsigned i = 0; i < 2; i++) {
		struct mux_units_out *t = of(m, kinds[i]);
		if (t->due_ns > now_ns)
			continue;
		/* all dropped before the first is told, as being told may lead to new ones */
		struct rd_buf tags = {0};
		struct rd_reader r;
		drop_late(m, t, &tags, now_ns);
		rd_reader_init(&r, tags.data, tags.len);
		while (rd_reader_left(&r))
			m->ops.dropped(m->ctx, kinds[i], rd_reader_u64(&r));
		rd_buf_finish(&tags);
	}
}

uint64_t
mux_units_deadline(const struct rd_mux *m)
{
	const struct mux_units_out *t = m->units.out;

	return t[0].due_ns < t[1].due_ns ? t[0].due_ns : t[1].due_ns;
}

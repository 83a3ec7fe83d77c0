#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux_priv.h"
#include "net/varint.h"

static struct mux_event *
event_new(uint64_t number, const void *data, size_t len)
{
	struct mux_event *e = xcalloc(1, sizeof(*e) + len);

	e->number = number;
	e->len = len;
	if (len)
		memcpy(e->data, data, len);
	return e;
}

static size_t
memory(const struct mux_event *e)
{
	return sizeof(*e) + e->len;
}

void
mux_events_init(struct rd_mux *m)
{
	for (unsigned i = 0; i < MUX_LISTS; i++)
		TAILQ_INIT(&m->events.list[i]);
}

void
mux_events_finish(struct rd_mux *m)
{
	for (unsigned i = 0; i < RD_MUX_EVENTS; i++) {
		free(m->events.out[i]);
		free(m->events.in[i]);
	}
}

/* --- out --- */

int
rd_mux_event(struct rd_mux *m, const void *data, size_t len, uint64_t now_ns)
{
	struct mux_events *t = &m->events;

	if (len > RD_FRAME_EVENT_MAX)
		return -EMSGSIZE;
	if (t->next - t->first == RD_MUX_EVENTS)
		return -EAGAIN;
	struct mux_event *e = event_new(t->next, data, len);
	e->list = MUX_NOW;
	e->due_ns = now_ns;
	t->out[t->next % RD_MUX_EVENTS] = e;
	t->next++;
	TAILQ_INSERT_TAIL(&t->list[MUX_NOW], e, entry);
	m->memory.sending += memory(e);
	return 0;
}

static bool
is_due(const struct mux_events *t, unsigned list, uint64_t now_ns)
{
	const struct mux_event *e = TAILQ_FIRST(&t->list[list]);

	return e && (list == MUX_NOW || e->due_ns <= now_ns);
}

bool
mux_events_sendable(const struct rd_mux *m, uint64_t now_ns)
{
	const struct mux_events *t = &m->events;

	return is_due(t, MUX_NOW, now_ns) || is_due(t, MUX_SOON, now_ns) ||
		is_due(t, MUX_LATE, now_ns);
}

/* To be said again: before the events that were never said, which are newer. */
static void
wake(struct mux_events *t, struct mux_event *e)
{
	TAILQ_REMOVE(&t->list[e->list], e, entry);
	e->list = MUX_NOW;
	struct mux_event *before = TAILQ_LAST(&t->list[MUX_NOW], mux_event_list);
	while (before && before->number > e->number)
		before = TAILQ_PREV(before, mux_event_list, entry);
	if (before)
		TAILQ_INSERT_AFTER(&t->list[MUX_NOW], before, e, entry);
	else
		TAILQ_INSERT_HEAD(&t->list[MUX_NOW], e, entry);
}

void
mux_events_tick(struct rd_mux *m, uint64_t now_ns)
{
	struct mux_events *t = &m->events;

	while (is_due(t, MUX_LATE, now_ns))
		wake(t, TAILQ_FIRST(&t->list[MUX_LATE]));
	while (is_due(t, MUX_SOON, now_ns))
		wake(t, TAILQ_FIRST(&t->list[MUX_SOON]));
}

void
rd_mux_again(struct rd_mux *m)
{
	struct mux_events *t = &m->events;

	for (unsigned list = 0; list < MUX_LISTS; list++)
		while (list != MUX_NOW && !TAILQ_EMPTY(&t->list[list]))
			wake(t, TAILQ_LAST(&t->list[list], mux_event_list));
}

uint64_t
mux_events_deadline(const struct rd_mux *m)
{
	const struct mux_event *soon = TAILQ_FIRST(&m->events.list[MUX_SOON]);
	const struct mux_event *late = TAILQ_FIRST(&m->events.list[MUX_LATE]);
	uint64_t due_ns = soon ? soon->due_ns : UINT64_MAX;

	return late && late->due_ns < due_ns ? late->due_ns : due_ns;
}

/* It has just been written: when is it said again, if it is not acknowledged before? */
static void
said(struct mux_events *t, struct mux_event *e, uint64_t now_ns, uint64_t rtt_ns)
{
	uint64_t soon_ns = rtt_ns / 2 > RD_MUX_REPEAT_NS ? rtt_ns / 2 : RD_MUX_REPEAT_NS;
	uint64_t late_ns = 2 * rtt_ns + RD_RECOVERY_MAX_ACK_DELAY_NS;

	if (late_ns < RD_RECOVERY_PTO_FLOOR_NS)
		late_ns = RD_RECOVERY_PTO_FLOOR_NS;
	TAILQ_REMOVE(&t->list[e->list], e, entry);
	e->sent++;
	e->sent_ns = now_ns;
	e->list = e->sent <= RD_MUX_REPEATS ? MUX_SOON : MUX_LATE;
	e->due_ns = now_ns + (e->list == MUX_SOON ? soon_ns : late_ns);
	TAILQ_INSERT_TAIL(&t->list[e->list], e, entry);
}

static size_t
size(const struct mux_event *e)
{
	return rd_varint_size(e->len) + e->len;
}

/*
 * One frame of the numbers that follow each other from the first of a list on,
 * those last sent at `before_ns` or earlier, in at most `room` bytes. False:
 * there is none, or no room.
 */
static bool
put_run(struct rd_mux *m, unsigned list, struct mux_writer *w, size_t room, uint64_t before_ns,
	uint64_t now_ns, uint64_t rtt_ns)
{
	struct mux_events *t = &m->events;
	struct mux_event *e = TAILQ_FIRST(&t->list[list]);

	if (!e || w->p->count == RD_SENT_FRAMES)
		return false;
	struct rd_frame f = {.type = RD_FRAME_EVENT, .traffic = RD_TRAFFIC_INPUT,
		.id = e->number, .count = RD_FRAME_EVENTS};
	size_t used = rd_frame_size(&f);
	f.count = 0;
	for (; e && e->number == f.id + f.count && e->sent_ns <= before_ns;
		e = TAILQ_NEXT(e, entry)) {
		if (f.count == RD_FRAME_EVENTS || used + size(e) > room)
			break;
		used += size(e);
		f.count++;
	}
	if (f.count == 0)
		return false;
	mux_write(w, &f);
	for (unsigned i = 0; i < f.count; i++) {
		e = t->out[(f.id + i) % RD_MUX_EVENTS];
		w->at = rd_varint_put(w->at, e->len);
		memcpy(w->at, e->data, e->len);
		w->at += e->len;
		said(t, e, now_ns, rtt_ns);
	}
	return true;
}

static size_t
room_of(const struct mux_writer *w)
{
	return (size_t)(w->end - w->at);
}

void
mux_events_fill(struct rd_mux *m, struct mux_writer *w, bool others, uint64_t now_ns,
	uint64_t rtt_ns)
{
	struct mux_events *t = &m->events;

	mux_events_tick(m, now_ns);
	/*
	 * Riding in a packet that goes anyway: the newest few are said again, a
	 * little apart, as losses come in bursts; in a quarter of it, so that
	 * what the packet goes for has room.
	 */
	if ((others || TAILQ_FIRST(&t->list[MUX_NOW])) && now_ns >= RD_MUX_RIDE_NS)
		put_run(m, MUX_SOON, w, room_of(w) / 4, now_ns - RD_MUX_RIDE_NS, now_ns, rtt_ns);
	while (put_run(m, MUX_NOW, w, room_of(w), UINT64_MAX, now_ns, rtt_ns))
		;
}

void
mux_events_acked(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_events *t = &m->events;

	for (uint64_t n = f->id; n < f->id + f->len; n++) {
		struct mux_event **at = &t->out[n % RD_MUX_EVENTS], *e = *at;
		if (!e || e->number != n)
			continue;
		TAILQ_REMOVE(&t->list[e->list], e, entry);
		m->memory.sending -= memory(e);
		free(e);
		*at = NULL;
	}
	while (t->first < t->next && !t->out[t->first % RD_MUX_EVENTS])
		t->first++;
}

/* --- in --- */

/* Hands out what waited for the one before it. */
static void
deliver_waiting(struct rd_mux *m)
{
	struct mux_events *t = &m->events;
	struct mux_event *e;

	while ((e = t->in[t->next_in % RD_MUX_EVENTS])) {
		t->in[t->next_in % RD_MUX_EVENTS] = NULL;
		t->next_in++;
		m->memory.received -= memory(e);
		m->ops.event(m->ctx, e->data, e->len);
		free(e);
	}
}

static void
take(struct rd_mux *m, uint64_t number, const uint8_t *data, size_t len)
{
	struct mux_events *t = &m->events;

	if (number == t->next_in) {
		t->next_in++;
		m->ops.event(m->ctx, data, len);
		deliver_waiting(m);
	} else if (number > t->next_in && !t->in[number % RD_MUX_EVENTS]) {
		struct mux_event *e = event_new(number, data, len);
		t->in[number % RD_MUX_EVENTS] = e;
		m->memory.received += memory(e);
	}
}

int
mux_events_in(struct rd_mux *m, const struct rd_frame *f)
{
	struct rd_reader r;
	const uint8_t *data;
	size_t len;

	if (f->count > RD_FRAME_EVENTS || f->id + f->count > m->events.next_in + RD_MUX_EVENTS)
		return -EPROTO;
	rd_reader_init(&r, f->data, f->len);
	for (unsigned i = 0; i < f->count; i++) {
		if (!rd_frame_event(&r, &data, &len))
			return -EPROTO;
		take(m, f->id + i, data, len);
	}
	return rd_reader_done(&r) ? 0 : -EPROTO;
}

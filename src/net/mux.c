#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/mux_priv.h"

/* A piece of less is not worth a frame, unless it is all there is. */
#define PIECE_MIN 64

struct rd_mux *
rd_mux_new(const struct rd_mux_config *cfg, const struct rd_mux_ops *ops, void *ctx)
{
	struct rd_mux *m = xcalloc(1, sizeof(*m));

	m->cfg = *cfg;
	m->ops = *ops;
	m->ctx = ctx;
	mux_streams_init(m);
	mux_ins_init(m);
	mux_units_init(m);
	mux_events_init(m);
	return m;
}

void
rd_mux_free(struct rd_mux *m)
{
	if (!m)
		return;
	mux_streams_finish(m);
	mux_ins_finish(m);
	mux_units_finish(m);
	mux_units_in_finish(m);
	mux_events_finish(m);
	free(m);
}

struct rd_mux_memory
rd_mux_memory(const struct rd_mux *m)
{
	return m->memory;
}

/* --- writing frames --- */

static uint64_t
noted_offset(const struct rd_frame *f)
{
	switch (f->type) {
	case RD_FRAME_STREAM:
	case RD_FRAME_UNIT:
		return f->offset;
	default:
		return f->value;
	}
}

bool
mux_write(struct mux_writer *w, const struct rd_frame *f)
{
	if (w->p->count == RD_SENT_FRAMES || rd_frame_size(f) > (size_t)(w->end - w->at))
		return false;
	w->at = rd_frame_put(w->at, f);
	w->p->frames[w->p->count++] = (struct rd_sent_frame){
		.type = (uint8_t)f->type,
		.traffic = f->traffic,
		.fin = f->fin,
		.len = f->type == RD_FRAME_EVENT ? f->count : (uint32_t)f->len,
		.id = f->id,
		.offset = noted_offset(f),
	};
	w->p->eliciting = true;
	return true;
}

bool
mux_write_piece(struct mux_writer *w, struct rd_frame *f)
{
	size_t room = (size_t)(w->end - w->at);
	size_t all = f->len;

	if (f->len > room) {
		f->len = room;
		f->fin = false;
	}
	size_t size = rd_frame_size(f);
	if (size > room) {
		if (size - room > f->len)
			return false;
		f->len -= size - room;
		f->fin = false;
	}
	if (f->len < all && f->len < PIECE_MIN)
		return false;
	return mux_write(w, f);
}

/* --- what goes out --- */

static bool
credit_sendable(const struct rd_mux *m)
{
	return m->streams.credit.due || m->units.credit.due || TAILQ_FIRST(&m->streams.due);
}

static void
fill_credit(struct rd_mux *m, struct mux_writer *w)
{
	if (m->streams.credit.due)
		mux_write_credit(w, RD_FRAME_MAX_DATA, 0, &m->streams.credit);
	if (m->units.credit.due)
		mux_write_credit(w, RD_FRAME_MAX_UNITS, 0, &m->units.credit);
	mux_ins_fill(m, w);
}

/* Anything but events. */
static bool
others_sendable(const struct rd_mux *m)
{
	return credit_sendable(m) || mux_streams_sendable(m, RD_TRAFFIC_CONTROL) ||
		mux_units_sendable(m, RD_TRAFFIC_SOUND) ||
		mux_units_sendable(m, RD_TRAFFIC_PICTURE) ||
		mux_streams_sendable(m, RD_TRAFFIC_CLIPBOARD) ||
		mux_streams_sendable(m, RD_TRAFFIC_BULK);
}

bool
rd_mux_pending(const struct rd_mux *m, uint64_t now_ns)
{
	return mux_events_sendable(m, now_ns) || others_sendable(m);
}

bool
rd_mux_urgent(const struct rd_mux *m, uint64_t now_ns)
{
	return mux_events_sendable(m, now_ns) || mux_streams_sendable(m, RD_TRAFFIC_CONTROL);
}

/* Whether this packet is bulk's; something urgent may put that off as long again. */
static bool
is_bulks_turn(const struct rd_mux *m, uint64_t now_ns)
{
	unsigned others = RD_MUX_FLOOR - 1;

	return m->since_bulk >= (rd_mux_urgent(m, now_ns) ? 2 * others : others);
}

size_t
rd_mux_fill(struct rd_mux *m, uint8_t *out, size_t cap, struct rd_sent *p, uint64_t now_ns,
	uint64_t rtt_ns)
{
	struct mux_writer w = {.at = out, .end = out + cap, .p = p};
	bool waits = mux_streams_sendable(m, RD_TRAFFIC_BULK);
	bool others = others_sendable(m);

	fill_credit(m, &w);
	const uint8_t *before = w.at;
	if (waits && is_bulks_turn(m, now_ns))
		mux_streams_fill(m, RD_TRAFFIC_BULK, &w);
	bool bulk = w.at > before;
	mux_streams_fill(m, RD_TRAFFIC_CONTROL, &w);
	mux_events_fill(m, &w, others, now_ns, rtt_ns);
	mux_units_fill(m, RD_TRAFFIC_SOUND, &w);
	mux_units_fill(m, RD_TRAFFIC_PICTURE, &w);
	mux_streams_fill(m, RD_TRAFFIC_CLIPBOARD, &w);
	before = w.at;
	mux_streams_fill(m, RD_TRAFFIC_BULK, &w);
	if (!waits || bulk || w.at > before)
		m->since_bulk = 0;
	else if (w.at > out)
		m->since_bulk++;
	return (size_t)(w.at - out);
}

void
rd_mux_acked(struct rd_mux *m, const struct rd_sent_frame *f)
{
	switch (f->type) {
	case RD_FRAME_STREAM:
	case RD_FRAME_RESET:
		mux_streams_acked(m, f);
		break;
	case RD_FRAME_UNIT:
	case RD_FRAME_DROP:
		mux_units_acked(m, f);
		break;
	case RD_FRAME_EVENT:
		mux_events_acked(m, f);
		break;
	}
}

void
rd_mux_lost(struct rd_mux *m, const struct rd_sent_frame *f)
{
	switch (f->type) {
	case RD_FRAME_STREAM:
	case RD_FRAME_RESET:
		mux_streams_lost(m, f);
		break;
	case RD_FRAME_UNIT:
	case RD_FRAME_DROP:
		mux_units_lost(m, f);
		break;
	case RD_FRAME_MAX_DATA:
		mux_credit_lost(&m->streams.credit, f->offset);
		break;
	case RD_FRAME_MAX_STREAM:
		mux_ins_max_lost(m, f);
		break;
	case RD_FRAME_MAX_UNITS:
		mux_credit_lost(&m->units.credit, f->offset);
		break;
	/* events are said again by the clock, whatever became of a packet */
	}
}

void
rd_mux_tick(struct rd_mux *m, uint64_t now_ns)
{
	mux_events_tick(m, now_ns);
	mux_units_tick(m, now_ns);
}

uint64_t
rd_mux_deadline(const struct rd_mux *m)
{
	uint64_t units_ns = mux_units_deadline(m), events_ns = mux_events_deadline(m);

	return units_ns < events_ns ? units_ns : events_ns;
}

/* --- what comes in --- */

int
rd_mux_frame(struct rd_mux *m, const struct rd_frame *f, uint64_t now_ns)
{
	(void)now_ns;
	switch (f->type) {
	case RD_FRAME_STREAM:
		return mux_ins_stream(m, f);
	case RD_FRAME_RESET:
		return mux_ins_reset(m, f);
	case RD_FRAME_MAX_DATA:
		if (f->value > m->streams.max)
			m->streams.max = f->value;
		return 0;
	case RD_FRAME_MAX_STREAM:
		return mux_streams_max(m, f);
	case RD_FRAME_UNIT:
		return mux_units_in_unit(m, f);
	case RD_FRAME_DROP:
		return mux_units_in_drop(m, f);
	case RD_FRAME_MAX_UNITS:
		if (f->value > m->units.max)
			m->units.max = f->value;
		return 0;
	case RD_FRAME_EVENT:
		return mux_events_in(m, f);
	default:
		return -EPROTO;
	}
}

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/mux_priv.h"

/* Streams that we send. */

static struct mux_out **
bucket(struct mux_streams *t, uint64_t id)
{
	return &t->out[id / 2 % MUX_BUCKETS];
}

static struct mux_out *
find(const struct rd_mux *m, uint64_t id)
{
	struct mux_out *s = m->streams.out[id / 2 % MUX_BUCKETS];

	while (s && s->id != id)
		s = s->next;
	return s;
}

static struct mux_out *
add(struct rd_mux *m, uint64_t id, enum rd_traffic traffic)
{
	struct mux_out *s = xcalloc(1, sizeof(*s)), **at = bucket(&m->streams, id);

	s->id = id;
	s->traffic = traffic;
	s->max = m->cfg.peer_stream_window;
	s->next = *at;
	*at = s;
	m->memory.sending += sizeof(*s);
	return s;
}

/* The bytes go; what a RESET needs stays. */
static void
forget_bytes(struct rd_mux *m, struct mux_out *s)
{
	m->memory.sending -= mux_bytes_memory(&s->bytes);
	uint64_t end = s->bytes.end;
	mux_bytes_finish(&s->bytes);
	s->bytes.end = end;
	rd_spans_finish(&s->acked);
	rd_spans_finish(&s->lost);
}

/*
 * Puts the stream into the lists it belongs in. What stream 0 has to send needs
 * no credit of the session, nor does what was sent before, nor a bare FIN.
 */
static void
place(struct rd_mux *m, struct mux_out *s)
{
	struct mux_streams *t = &m->streams;
	bool lost = rd_spans_lowest(&s->lost) != NULL;
	bool new = s->sent < s->bytes.end && s->sent < s->max;
	bool bare_fin = s->fin && s->sent == s->bytes.end;
	bool owed = s->reset ? s->reset_due : lost || bare_fin || (new && s->id == 0);
	bool fresh = !s->reset && new && s->id != 0;

	if (owed && !s->is_owed)
		TAILQ_INSERT_TAIL(&t->owed[s->traffic], s, owed);
	else if (!owed && s->is_owed)
		TAILQ_REMOVE(&t->owed[s->traffic], s, owed);
	if (fresh && !s->is_fresh)
		TAILQ_INSERT_TAIL(&t->fresh[s->traffic], s, fresh);
	else if (!fresh && s->is_fresh)
		TAILQ_REMOVE(&t->fresh[s->traffic], s, fresh);
	s->is_owed = owed;
	s->is_fresh = fresh;
}

static void
drop(struct rd_mux *m, struct mux_out *s)
{
	struct mux_streams *t = &m->streams;
	struct mux_out **at = bucket(t, s->id);

	if (s->is_owed)
		TAILQ_REMOVE(&t->owed[s->traffic], s, owed);
	if (s->is_fresh)
		TAILQ_REMOVE(&t->fresh[s->traffic], s, fresh);
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (s->id != 0)
		t->outs--;
	forget_bytes(m, s);
	m->memory.sending -= sizeof(*s);
	free(s);
}

void
mux_streams_init(struct rd_mux *m)
{
	struct mux_streams *t = &m->streams;

	for (unsigned i = 0; i < RD_TRAFFICS; i++) {
		TAILQ_INIT(&t->owed[i]);
		TAILQ_INIT(&t->fresh[i]);
	}
	t->next_out = m->cfg.initiator ? 2 : 3;
	t->max = m->cfg.peer_window;
	add(m, 0, RD_TRAFFIC_CONTROL);
}

void
mux_streams_finish(struct rd_mux *m)
{
	for (unsigned i = 0; i < MUX_BUCKETS; i++)
		while (m->streams.out[i])
			drop(m, m->streams.out[i]);
}

int64_t
rd_mux_stream_open(struct rd_mux *m, enum rd_traffic traffic)
{
	struct mux_streams *t = &m->streams;

	if (traffic != RD_TRAFFIC_CONTROL && traffic != RD_TRAFFIC_CLIPBOARD &&
		traffic != RD_TRAFFIC_BULK)
		return -EINVAL;
	if (t->outs == RD_MUX_STREAMS)
		return -EMFILE;
	uint64_t id = t->next_out;
	t->next_out += 2;
	t->outs++;
	add(m, id, traffic);
	return (int64_t)id;
}

int
rd_mux_stream_write(struct rd_mux *m, uint64_t id, const void *data, size_t len, bool fin)
{
	struct mux_out *s = find(m, id);

	if (!s || s->fin || s->reset)
		return -EPIPE;
	m->memory.sending -= mux_bytes_memory(&s->bytes);
	mux_bytes_append(&s->bytes, data, len);
	m->memory.sending += mux_bytes_memory(&s->bytes);
	s->fin = fin;
	place(m, s);
	return 0;
}

void
rd_mux_stream_reset(struct rd_mux *m, uint64_t id, uint64_t code)
{
	struct mux_out *s = find(m, id);

	if (!s || s->reset)
		return;
	forget_bytes(m, s);
	/* the final size counts bytes, and no FIN */
	if (s->sent > s->bytes.end)
		s->sent = s->bytes.end;
	s->reset = s->reset_due = true;
	s->code = code;
	place(m, s);
}

uint64_t
rd_mux_stream_queued(const struct rd_mux *m, uint64_t id)
{
	const struct mux_out *s = find(m, id);

	return s && !s->reset ? s->bytes.end - s->acked_bytes : 0;
}

/* Sends of [first, end), where bytes.end + 1 is behind the FIN, what lies together and fits. */
static uint64_t
put_piece(struct mux_out *s, struct mux_writer *w, uint64_t first, uint64_t end)
{
	struct rd_frame f = {.type = RD_FRAME_STREAM, .id = s->id, .offset = first,
		.traffic = (uint8_t)s->traffic, .fin = end > s->bytes.end};
	uint64_t want = end - f.fin - first;

	if (want) {
		f.data = mux_bytes_at(&s->bytes, first, &f.len);
		if (f.len < want)
			f.fin = false;
		else
			f.len = (size_t)want;
	}
	return mux_write_piece(w, &f) ? f.len + f.fin : 0;
}

/* Something that was lost. */
static bool
put_lost(struct mux_out *s, struct mux_writer *w)
{
	struct rd_span span = *rd_spans_lowest(&s->lost);
	uint64_t n = put_piece(s, w, span.first, span.end);

	rd_spans_cut(&s->lost, span.first, span.first + n);
	return n > 0;
}

/* Something that was never sent, at most `credit` bytes. */
static bool
put_new(struct rd_mux *m, struct mux_out *s, struct mux_writer *w, uint64_t credit)
{
	uint64_t end = s->bytes.end < s->max ? s->bytes.end : s->max;

	if (end - s->sent > credit)
		end = s->sent + credit;
	if (s->fin && end == s->bytes.end)
		end++;
	uint64_t n = put_piece(s, w, s->sent, end);
	s->sent += n;
	if (s->id != 0)
		m->streams.sent += s->sent > s->bytes.end ? n - 1 : n;
	return n > 0;
}

static bool
put_reset(struct mux_out *s, struct mux_writer *w)
{
	struct rd_frame f = {.type = RD_FRAME_RESET, .id = s->id, .value = s->sent,
		.code = s->code};

	if (!mux_write(w, &f))
		return false;
	s->reset_due = false;
	return true;
}

static bool
put_owed(struct rd_mux *m, struct mux_out *s, struct mux_writer *w)
{
	if (s->reset)
		return put_reset(s, w);
	if (rd_spans_lowest(&s->lost))
		return put_lost(s, w);
	return put_new(m, s, w, s->id ? 0 : UINT64_MAX);
}

bool
mux_streams_sendable(const struct rd_mux *m, enum rd_traffic traffic)
{
	const struct mux_streams *t = &m->streams;

	return TAILQ_FIRST(&t->owed[traffic]) ||
		(TAILQ_FIRST(&t->fresh[traffic]) && t->sent < t->max);
}

/* In turn: whoever sent goes to the end of its list. */
void
mux_streams_fill(struct rd_mux *m, enum rd_traffic traffic, struct mux_writer *w)
{
	struct mux_streams *t = &m->streams;
	struct mux_out *s;

	while ((s = TAILQ_FIRST(&t->owed[traffic]))) {
		if (!put_owed(m, s, w))
			return;
		TAILQ_REMOVE(&t->owed[traffic], s, owed);
		s->is_owed = false;
		place(m, s);
	}
	while (t->sent < t->max && (s = TAILQ_FIRST(&t->fresh[traffic]))) {
		if (!put_new(m, s, w, t->max - t->sent))
			return;
		TAILQ_REMOVE(&t->fresh[traffic], s, fresh);
		s->is_fresh = false;
		place(m, s);
	}
}

void
mux_streams_acked(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_out *s = find(m, f->id);

	if (!s)
		return;
	if (s->reset) {
		if (f->type == RD_FRAME_RESET)
			drop(m, s);
		return;
	}
	uint64_t end = f->offset + f->len;
	s->acked_bytes += rd_spans_add(&s->acked, f->offset, end);
	if (f->fin)
		rd_spans_add(&s->acked, end, end + 1);
	rd_spans_cut(&s->lost, f->offset, end + f->fin);
	uint64_t prefix = rd_spans_prefix(&s->acked);
	if (prefix > s->bytes.end) {
		drop(m, s);
		return;
	}
	m->memory.sending -= mux_bytes_memory(&s->bytes);
	mux_bytes_release(&s->bytes, prefix);
	m->memory.sending += mux_bytes_memory(&s->bytes);
	place(m, s);
}

void
mux_streams_lost(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_out *s = find(m, f->id);

	if (!s)
		return;
	if (s->reset) {
		s->reset_due |= f->type == RD_FRAME_RESET;
	} else {
		uint64_t end = f->offset + f->len + f->fin;
		rd_spans_add(&s->lost, f->offset, end);
		rd_spans_cut_known(&s->lost, &s->acked, f->offset, end);
	}
	place(m, s);
}

int
mux_streams_max(struct rd_mux *m, const struct rd_frame *f)
{
	/* stream 0, or one of ours that was opened */
	if (f->id != 0 && ((f->id ^ m->streams.next_out) & 1 || f->id < 2 ||
		f->id >= m->streams.next_out))
		return -EPROTO;
	struct mux_out *s = find(m, f->id);
	if (s && f->value > s->max) {
		s->max = f->value;
		place(m, s);
	}
	return 0;
}

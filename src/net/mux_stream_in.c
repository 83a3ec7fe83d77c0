#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "net/mux_priv.h"

/* Streams that we receive. */

static struct mux_in *
find(const struct rd_mux *m, uint64_t id)
{
	struct mux_in *s = m->streams.in[id / 2 % MUX_BUCKETS];

	while (s && s->id != id)
		s = s->next;
	return s;
}

static struct mux_in *
add(struct rd_mux *m, uint64_t id)
{
	struct mux_in *s = xcalloc(1, sizeof(*s)), **at = &m->streams.in[id / 2 % MUX_BUCKETS];

	s->id = id;
	s->final = MUX_UNKNOWN;
	mux_credit_init(&s->credit, RD_MUX_STREAM_WINDOW);
	s->next = *at;
	*at = s;
	m->memory.received += sizeof(*s);
	return s;
}

static void
drop(struct rd_mux *m, struct mux_in *s)
{
	struct mux_in **at = &m->streams.in[s->id / 2 % MUX_BUCKETS];

	if (s->is_due)
		TAILQ_REMOVE(&m->streams.due, s, due);
	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	if (s->id != 0)
		m->streams.ins--;
	m->memory.received -= s->late.memory + sizeof(*s);
	rd_reasm_finish(&s->late);
	free(s);
}

void
mux_ins_init(struct rd_mux *m)
{
	TAILQ_INIT(&m->streams.due);
	m->streams.next_in = m->cfg.initiator ? 3 : 2;
	mux_credit_init(&m->streams.credit, RD_MUX_WINDOW);
	add(m, 0);
}

void
mux_ins_finish(struct rd_mux *m)
{
	for (unsigned i = 0; i < MUX_BUCKETS; i++)
		while (m->streams.in[i])
			drop(m, m->streams.in[i]);
}

/*
 * The stream; NULL when it is over. A new id opens those below it too: they
 * were opened before it, and what they carry is still on its way.
 */
static int
get(struct rd_mux *m, uint64_t id, struct mux_in **out)
{
	struct mux_streams *t = &m->streams;

	*out = find(m, id);
	if (*out || id == 0)
		return 0;
	if (id == 1 || (id ^ t->next_in) & 1)
		return -EPROTO;
	if (id < t->next_in)
		return 0;
	if ((id - t->next_in) / 2 >= RD_MUX_STREAMS - t->ins)
		return -EPROTO;
	while (t->next_in <= id) {
		*out = add(m, t->next_in);
		t->next_in += 2;
		t->ins++;
	}
	return 0;
}

/* All bytes before `end` count as come; `final` says that none are behind it. */
static int
come(struct rd_mux *m, struct mux_in *s, uint64_t end, bool final)
{
	struct mux_credit *c = &s->credit;

	if (s->final != MUX_UNKNOWN && (end > s->final || (final && end != s->final)))
		return -EPROTO;
	if (final && end < c->come)
		return -EPROTO;
	if (end > c->come) {
		uint64_t n = end - c->come;
		if (mux_credit_come(c, n))
			return -EPROTO;
		if (s->id != 0 && mux_credit_come(&m->streams.credit, n))
			return -EPROTO;
	}
	if (final)
		s->final = end;
	if (final && s->is_due) {
		TAILQ_REMOVE(&m->streams.due, s, due);
		s->is_due = false;
	}
	return 0;
}

static void
give(struct rd_mux *m, struct mux_in *s, const uint8_t *data, size_t len)
{
	s->credit.given += len;
	if (s->id != 0)
		m->streams.credit.given += len;
	m->ops.stream(m->ctx, s->id, data, len, s->credit.given == s->final);
}

/* Hands out what is in order now. `data` and `len` are what just came, all of it new. */
static void
deliver(struct rd_mux *m, struct mux_in *s, const uint8_t *data, size_t len)
{
	size_t before = s->late.memory;

	give(m, s, data, len);
	rd_reasm_take(&s->late, len);
	while ((len = rd_reasm_peek(&s->late, &data))) {
		give(m, s, data, len);
		rd_reasm_take(&s->late, len);
	}
	m->memory.received -= before - s->late.memory;
}

int
mux_ins_stream(struct rd_mux *m, const struct rd_frame *f)
{
	uint64_t end = f->offset + f->len;
	struct mux_in *s;

	int err = get(m, f->id, &s);
	if (err || !s)
		return err;
	if (come(m, s, end, f->fin))
		return -EPROTO;
	uint64_t next = s->late.next;
	if (f->offset > next) {
		size_t before = s->late.memory;
		rd_reasm_put(&s->late, f->offset, f->data, f->len);
		m->memory.received += s->late.memory - before;
	} else if (end > next) {
		deliver(m, s, f->data + (next - f->offset), (size_t)(end - next));
	} else if (s->final == next) {
		give(m, s, f->data, 0);
	}
	if (s->late.next == s->final)
		drop(m, s);
	return 0;
}

int
mux_ins_reset(struct rd_mux *m, const struct rd_frame *f)
{
	struct mux_in *s;

	int err = get(m, f->id, &s);
	if (err || !s)
		return err;
	if (come(m, s, f->value, true))
		return -EPROTO;
	/* what was not handed out never will be, and nobody has to deal with it */
	if (s->id != 0) {
		uint64_t never = s->final - s->credit.given;
		m->streams.credit.given += never;
		m->streams.credit.done += never;
		mux_credit_judge(&m->streams.credit);
	}
	uint64_t id = s->id;
	drop(m, s);
	m->ops.reset(m->ctx, id, f->code);
	return 0;
}

static void
say_stream(struct rd_mux *m, struct mux_in *s)
{
	if (!s->credit.due || s->is_due || s->final != MUX_UNKNOWN)
		return;
	TAILQ_INSERT_TAIL(&m->streams.due, s, due);
	s->is_due = true;
}

void
rd_mux_consumed(struct rd_mux *m, uint64_t id, uint64_t bytes)
{
	struct mux_credit *all = &m->streams.credit;
	struct mux_in *s = find(m, id);

	if (id != 0) {
		assert(bytes <= all->given - all->done);
		all->done += bytes;
		mux_credit_judge(all);
	}
	if (!s)
		return;
	assert(bytes <= s->credit.given - s->credit.done);
	s->credit.done += bytes;
	mux_credit_judge(&s->credit);
	say_stream(m, s);
}

void
mux_ins_max_lost(struct rd_mux *m, const struct rd_sent_frame *f)
{
	struct mux_in *s = find(m, f->id);

	if (!s)
		return;
	mux_credit_lost(&s->credit, f->offset);
	say_stream(m, s);
}

void
mux_ins_fill(struct rd_mux *m, struct mux_writer *w)
{
	struct mux_in *s;

	while ((s = TAILQ_FIRST(&m->streams.due))) {
		if (!mux_write_credit(w, RD_FRAME_MAX_STREAM, s->id, &s->credit))
			return;
		TAILQ_REMOVE(&m->streams.due, s, due);
		s->is_due = false;
	}
}

/*
 * Two muxes and a bad network between them, on a clock of our own: packets get
 * lost, doubled and reordered, acknowledgements get lost or come after all was
 * given up. What comes out must be what went in, and what is told to be
 * dropped, dropped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "net/dice.h"
#include "net/mux.h"

#define MS UINT64_C(1000000)
#define ROOM 1150
#define STREAMS_EVER 2000
#define UNITS_EVER 4000
#define EVENTS_EVER 20000
/* All there is may take a bad network long; something new comes out all the while. */
#define STUCK_NS (600000 * MS)

struct end;

struct stream {
	uint64_t written, code;	/* by its owner */
	bool opened, fin, reset;
	uint64_t come, owed;	/* at the other end */
	bool come_fin, come_reset;
};

struct units {
	unsigned queued;
	size_t len[UNITS_EVER];
	uint64_t deadline_ns[UNITS_EVER];
	bool told[UNITS_EVER];		/* `dropped` was called */
	bool given_up[UNITS_EVER];	/* by rd_mux_drop_units */
	/* at the other end */
	bool come[UNITS_EVER];
	unsigned handed, gaps;
};

struct end {
	struct sim *sim;
	struct end *peer;
	struct rd_mux *m;
	struct stream stream[STREAMS_EVER];	/* those this end writes */
	int64_t open[RD_MUX_STREAMS];		/* ids of those not closed by us */
	unsigned opened, ever;
	struct units units[2];
	uint64_t units_owed;
	unsigned events, events_come;
	unsigned in_flight;
};

struct packet {
	struct end *from;
	struct rd_sent sent;
	uint8_t data[ROOM];
	size_t len;
	unsigned refs;
	bool acked, lost, come;
};

enum what { DELIVER, ACKNOWLEDGE, GIVE_UP };
struct happening { uint64_t at_ns; enum what what; struct packet *packet; };

struct settings {
	unsigned loss, doubled, late, spurious;	/* per mille */
	unsigned window;		/* packets in flight */
	uint64_t rtt_ns, length_ns;
	size_t write_max, unit_max, event_max;
	unsigned pause_us;		/* between operations, at most twice as much */
	uint64_t unit_limit;
};

struct sim {
	struct settings set;
	uint64_t now_ns;
	uint64_t came_ns;	/* when something new came out at an end */
	struct happening *queue;	/* a heap, the earliest first */
	size_t count, cap;
	struct end end[2];
};

/* --- the clock's queue --- */

static void
push(struct sim *s, uint64_t at_ns, enum what what, struct packet *p)
{
	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->queue = xreallocarray(s->queue, s->cap, sizeof(*s->queue));
	}
	size_t i = s->count++;
	for (; i && s->queue[(i - 1) / 2].at_ns > at_ns; i = (i - 1) / 2)
		s->queue[i] = s->queue[(i - 1) / 2];
	s->queue[i] = (struct happening){at_ns, what, p};
	p->refs++;
}

static struct happening
pop(struct sim *s)
{
	struct happening first = s->queue[0], last = s->queue[--s->count];
	size_t i = 0;

	for (size_t child; (child = 2 * i + 1) < s->count; i = child) {
		if (child + 1 < s->count && s->queue[child + 1].at_ns < s->queue[child].at_ns)
			child++;
		if (s->queue[child].at_ns >= last.at_ns)
			break;
		s->queue[i] = s->queue[child];
	}
	s->queue[i] = last;
	return first;
}

static bool
chance(unsigned per_mille)
{
	return dice_below(1000) < per_mille;
}

/* --- what is sent, made so that the other end can tell --- */

static uint8_t
pattern(uint64_t which, uint64_t offset)
{
	return (uint8_t)(which * 101 + offset * 7 + (offset >> 8) * 13);
}

static void
draw(uint8_t *out, size_t len, uint64_t which, uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		out[i] = pattern(which, offset + i);
}

static void
check_drawn(const uint8_t *data, size_t len, uint64_t which, uint64_t offset)
{
	for (size_t i = 0; i < len; i++)
		if (data[i] != pattern(which, offset + i))
			fail_msg("byte %llu of %llu is wrong", (unsigned long long)(offset + i),
				(unsigned long long)which);
}

/* --- what comes out --- */

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct end *e = ctx;
	struct stream *s = &e->peer->stream[id];

	e->sim->came_ns = e->sim->now_ns;
	assert_true(s->opened && !s->come_fin && !s->come_reset);
	assert_true(len > 0 || fin);
	assert_true(s->come + len <= s->written);
	check_drawn(data, len, id, s->come);
	s->come += len;
	s->owed += len;
	if (fin) {
		assert_true(s->fin && s->come == s->written);
		s->come_fin = true;
	}
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	struct end *e = ctx;
	struct stream *s = &e->peer->stream[id];

	e->sim->came_ns = e->sim->now_ns;
	assert_true(s->reset && s->code == code && !s->come_fin && !s->come_reset);
	s->come_reset = true;
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct end *e = ctx;
	struct units *u = &e->peer->units[traffic == RD_TRAFFIC_PICTURE];
	unsigned n = u->handed + u->gaps;

	e->sim->came_ns = e->sim->now_ns;
	/* sounds say which they are; a picture's place says it */
	if (traffic == RD_TRAFFIC_SOUND) {
		assert_true(len >= 4);
		n = data[0] | (unsigned)data[1] << 8;
		data += 4;
		len -= 4;
	}
	assert_true(n < u->queued && !u->come[n]);
	assert_int_equal(len, u->len[n]);
	check_drawn(data, len, n, 0);
	u->come[n] = true;
	u->handed++;
	e->units_owed += len + (traffic == RD_TRAFFIC_SOUND ? 4 : 0);
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	struct end *e = ctx;
	struct units *u = &e->peer->units[traffic == RD_TRAFFIC_PICTURE];
	unsigned n = u->handed + u->gaps++;

	e->sim->came_ns = e->sim->now_ns;
	if (traffic == RD_TRAFFIC_PICTURE)
		assert_true(u->told[n] || u->given_up[n]);
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	struct end *e = ctx;
	unsigned n = e->events_come++;

	e->sim->came_ns = e->sim->now_ns;
	assert_true(n < e->peer->events);
	check_drawn(data, len, n, 0);
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	struct end *e = ctx;
	struct units *u = &e->units[traffic == RD_TRAFFIC_PICTURE];

	assert_true(tag < u->queued && !u->told[tag] && !u->given_up[tag]);
	assert_true(u->deadline_ns[tag] <= e->sim->now_ns);
	u->told[tag] = true;
}

static const struct rd_mux_ops ops = {
	.stream = on_stream,
	.reset = on_reset,
	.unit = on_unit,
	.gap = on_gap,
	.event = on_event,
	.dropped = on_dropped,
};

/* --- what goes in --- */

static uint8_t scratch[4 << 20];

static void
write_stream(struct end *e)
{
	unsigned i = (unsigned)dice_below(e->opened + 1);
	uint64_t id = i == e->opened ? 0 : (uint64_t)e->open[i];
	struct stream *s = &e->stream[id];
	size_t len = dice_below(1 + dice_below(e->sim->set.write_max));
	bool fin = id != 0 && chance(60);

	draw(scratch, len, id, s->written);
	assert_int_equal(rd_mux_stream_write(e->m, id, scratch, len, fin), 0);
	s->written += len;
	s->fin = fin;
	if (fin) {
		e->open[i] = e->open[--e->opened];
		assert_int_equal(rd_mux_stream_write(e->m, id, scratch, 1, false), -EPIPE);
	}
}

static void
open_stream(struct end *e)
{
	static const enum rd_traffic kinds[] = {RD_TRAFFIC_CONTROL, RD_TRAFFIC_CLIPBOARD,
		RD_TRAFFIC_BULK};

	if (e->ever == STREAMS_EVER / 2 - 2)
		return;
	int64_t id = rd_mux_stream_open(e->m, kinds[dice_below(3)]);
	if (id == -EMFILE)
		return;
	e->ever++;
	assert_true(id > 1 && id < STREAMS_EVER && !e->stream[id].opened);
	e->stream[id].opened = true;
	e->open[e->opened++] = id;
}

static void
reset_stream(struct end *e)
{
	if (!e->opened)
		return;
	unsigned i = (unsigned)dice_below(e->opened);
	struct stream *s = &e->stream[e->open[i]];
	s->reset = true;
	s->code = dice_below(1000);
	rd_mux_stream_reset(e->m, (uint64_t)e->open[i], s->code);
	e->open[i] = e->open[--e->opened];
}

static void
add_unit(struct end *e, enum rd_traffic traffic)
{
	struct units *u = &e->units[traffic == RD_TRAFFIC_PICTURE];
	unsigned n = u->queued;
	bool sound = traffic == RD_TRAFFIC_SOUND;
	size_t len = dice_below(1 + dice_below(sound ? 900 : e->sim->set.unit_max));

	if (n == UNITS_EVER)
		return;
	u->len[n] = len;
	u->deadline_ns[n] = chance(300) ? UINT64_MAX :
		e->sim->now_ns + dice_below(8 * e->sim->set.rtt_ns);
	if (sound)
		memcpy(scratch, (uint8_t[]){(uint8_t)n, (uint8_t)(n >> 8), 0, 0}, 4);
	draw(scratch + (sound ? 4 : 0), len, n, 0);
	u->queued++;
	assert_int_equal(rd_mux_unit(e->m, traffic, scratch, len + (sound ? 4 : 0),
		u->deadline_ns[n], n), 0);
}

static void
drop_units(struct end *e)
{
	unsigned kind = (unsigned)dice_below(2);

	for (unsigned n = 0; n < e->units[kind].queued; n++)
		e->units[kind].given_up[n] = !e->units[kind].told[n];
	rd_mux_drop_units(e->m, kind ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND);
	assert_int_equal(
		rd_mux_units_queued(e->m, kind ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND), 0);
	assert_int_equal(
		rd_mux_units_unsent(e->m, kind ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND), 0);
}

static void
add_event(struct end *e)
{
	if (e->events == EVENTS_EVER)
		return;
	size_t len = dice_below(e->sim->set.event_max + 1);
	draw(scratch, len, e->events, 0);
	if (rd_mux_event(e->m, scratch, len, e->sim->now_ns) == 0)
		e->events++;
}

/* Some of what came out is dealt with. */
static void
consume(struct end *e, bool all)
{
	for (uint64_t id = 0; id < STREAMS_EVER; id++) {
		struct stream *s = &e->peer->stream[id];
		if (!s->owed || !(all || chance(500)))
			continue;
		uint64_t n = all ? s->owed : dice_below(s->owed + 1);
		s->owed -= n;
		rd_mux_consumed(e->m, id, n);
	}
	uint64_t n = all ? e->units_owed : dice_below(e->units_owed + 1);
	e->units_owed -= n;
	rd_mux_units_consumed(e->m, n);
}

static void
operate(struct end *e)
{
	unsigned r = (unsigned)dice_below(1000);

	if (r < 300)
		write_stream(e);
	else if (r < 360)
		open_stream(e);
	else if (r < 370)
		reset_stream(e);
	else if (r < 500)
		add_unit(e, RD_TRAFFIC_PICTURE);
	else if (r < 600)
		add_unit(e, RD_TRAFFIC_SOUND);
	else if (r < 603)
		drop_units(e);
	else if (r < 850)
		add_event(e);
	else
		consume(e, false);
}

/* --- the network --- */

static void
release(struct packet *p)
{
	if (--p->refs == 0)
		free(p);
}

static uint64_t
one_way(const struct sim *s)
{
	return s->set.rtt_ns / 2 + (chance(s->set.late) ? dice_below(s->set.rtt_ns) : 0);
}

static void
send_packet(struct sim *s, struct packet *p)
{
	p->refs = 1;
	p->from->in_flight++;
	if (!chance(s->set.loss))
		push(s, s->now_ns + one_way(s), DELIVER, p);
	if (chance(s->set.doubled))
		push(s, s->now_ns + one_way(s), DELIVER, p);
	push(s, s->now_ns + (chance(s->set.spurious) ? s->set.rtt_ns / 4 : 3 * s->set.rtt_ns),
		GIVE_UP, p);
	release(p);
}

/* All that may go now. What is pending must be written. */
static void
send_all(struct sim *s, struct end *e)
{
	while (e->in_flight < s->set.window || (rd_mux_urgent(e->m, s->now_ns) &&
		e->in_flight < 2 * s->set.window)) {
		bool pending = rd_mux_pending(e->m, s->now_ns);
		struct packet *p = xcalloc(1, sizeof(*p));
		p->from = e;
		p->len = rd_mux_fill(e->m, p->data, ROOM, &p->sent, s->now_ns, s->set.rtt_ns);
		assert_int_equal(pending, p->len > 0);
		assert_int_equal(p->len > 0, p->sent.count > 0);
		assert_int_equal(p->len > 0, p->sent.eliciting);
		if (!p->len) {
			free(p);
			return;
		}
		send_packet(s, p);
	}
}

static void
deliver(struct sim *s, struct packet *p)
{
	struct rd_reader r;
	struct rd_frame f;
	unsigned frames = 0;

	rd_reader_init(&r, p->data, p->len);
	while (rd_reader_left(&r)) {
		assert_int_equal(rd_frame_parse(&f, &r), 0);
		assert_int_equal(rd_mux_frame(p->from->peer->m, &f, s->now_ns), 0);
		frames++;
	}
	assert_int_equal(frames, p->sent.count);
	if (!p->come && !chance(s->set.loss))
		push(s, s->now_ns + one_way(s), ACKNOWLEDGE, p);
	p->come = true;
}

static void
happen(struct sim *s, struct happening h)
{
	struct packet *p = h.packet;

	switch (h.what) {
	case DELIVER:
		deliver(s, p);
		break;
	case ACKNOWLEDGE:
		/* also of what was given up meanwhile */
		if (!p->lost)
			p->from->in_flight--;
		p->acked = true;
		for (unsigned i = 0; i < p->sent.count; i++)
			rd_mux_acked(p->from->m, &p->sent.frames[i]);
		break;
	case GIVE_UP:
		if (p->acked)
			break;
		p->lost = true;
		p->from->in_flight--;
		for (unsigned i = 0; i < p->sent.count; i++)
			rd_mux_lost(p->from->m, &p->sent.frames[i]);
	}
	release(p);
}

/* What one end holds for the other is bounded by what it allowed. */
static void
check_memory(const struct sim *s, const struct end *e)
{
	size_t streams = (RD_MUX_WINDOW + RD_MUX_STREAM_WINDOW) / 8 * 9;
	size_t units = (RD_MUX_UNITS_WINDOW + 2 * s->set.unit_limit) / 2 * 3;
	size_t events = RD_MUX_EVENTS * (RD_FRAME_EVENT_MAX + 100);
	size_t small = (size_t)4 << 20;

	assert_true(rd_mux_memory(e->m).received <= streams + units + events + small);
}

static void
look_after(struct sim *s, struct end *e)
{
	rd_mux_tick(e->m, s->now_ns);
	assert_true(rd_mux_deadline(e->m) > s->now_ns);
	send_all(s, e);
	check_memory(s, e);
}

/* --- the run --- */

static void
sim_start(struct sim *s, const struct settings *set)
{
	*s = (struct sim){.set = *set, .now_ns = 5 * MS};
	for (unsigned i = 0; i < 2; i++) {
		struct end *e = &s->end[i];
		struct rd_mux_config cfg = {
			.initiator = i == 0,
			.unit_max = set->unit_limit,
			.peer_window = RD_MUX_WINDOW,
			.peer_stream_window = RD_MUX_STREAM_WINDOW,
			.peer_units_window = RD_MUX_UNITS_WINDOW,
			.peer_unit_max = set->unit_limit,
		};
		e->sim = s;
		e->peer = &s->end[1 - i];
		e->stream[0].opened = true;
		e->m = rd_mux_new(&cfg, &ops, e);
	}
}

/* Nothing more comes from above: all streams end, all is dealt with. */
static void
wind_up(struct sim *s)
{
	for (unsigned i = 0; i < 2; i++) {
		struct end *e = &s->end[i];
		while (e->opened) {
			uint64_t id = (uint64_t)e->open[--e->opened];
			assert_int_equal(rd_mux_stream_write(e->m, id, NULL, 0, true), 0);
			e->stream[id].fin = true;
		}
		e->events += rd_mux_event(e->m, NULL, 0, s->now_ns) == 0;
	}
}

static bool
is_quiet(const struct sim *s)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct end *e = &s->end[i];
		if (rd_mux_pending(e->m, s->now_ns) || rd_mux_deadline(e->m) != UINT64_MAX)
			return false;
	}
	return s->count == 0;
}

static void
check_end(struct end *e)
{
	assert_int_equal(e->events, e->peer->events_come);
	for (uint64_t id = 0; id < STREAMS_EVER; id++) {
		const struct stream *s = &e->stream[id];
		if (!s->opened)
			continue;
		assert_int_equal(rd_mux_stream_queued(e->m, id), 0);
		assert_true(id == 0 || s->come_fin || s->come_reset);
		assert_true(s->come_reset || s->come == s->written);
	}
	for (unsigned kind = 0; kind < 2; kind++) {
		const struct units *u = &e->units[kind];
		assert_int_equal(u->handed + u->gaps, u->queued);
		for (unsigned n = 0; n < u->queued; n++)
			assert_true(u->come[n] || u->told[n] || u->given_up[n]);
		assert_int_equal(
			rd_mux_units_queued(e->m, kind ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND), 0);
		assert_int_equal(
			rd_mux_units_unsent(e->m, kind ? RD_TRAFFIC_PICTURE : RD_TRAFFIC_SOUND), 0);
	}
	for (unsigned i = 0; i < RD_MUX_STREAMS; i++)
		assert_true(rd_mux_stream_open(e->m, RD_TRAFFIC_BULK) > 0);
	assert_int_equal(rd_mux_stream_open(e->m, RD_TRAFFIC_BULK), -EMFILE);
}

static void
simulate(const struct settings *set)
{
	static struct sim s;

	sim_start(&s, set);
	size_t idle = rd_mux_memory(s.end[0].m).received;
	uint64_t end_ns = s.now_ns + set->length_ns;
	uint64_t next_ns = s.now_ns;
	bool wound_up = false;
	while (!wound_up || !is_quiet(&s)) {
		if (s.now_ns >= end_ns && !wound_up) {
			wind_up(&s);
			wound_up = true;
		} else if (s.now_ns >= next_ns && !wound_up) {
			operate(&s.end[dice_below(2)]);
			next_ns = s.now_ns + dice_below(2000 * (uint64_t)set->pause_us + 1);
		}
		for (unsigned i = 0; i < 2; i++) {
			if (wound_up)
				consume(&s.end[i], true);
			look_after(&s, &s.end[i]);
		}
		uint64_t then_ns = wound_up ? UINT64_MAX : next_ns < end_ns ? next_ns : end_ns;
		for (unsigned i = 0; i < 2; i++)
			if (rd_mux_deadline(s.end[i].m) < then_ns)
				then_ns = rd_mux_deadline(s.end[i].m);
		if (s.count && s.queue[0].at_ns < then_ns)
			then_ns = s.queue[0].at_ns;
		if (then_ns == UINT64_MAX)
			continue;
		s.now_ns = then_ns > s.now_ns ? then_ns : s.now_ns;
		while (s.count && s.queue[0].at_ns <= s.now_ns)
			happen(&s, pop(&s));
		if (wound_up && s.now_ns > s.came_ns + STUCK_NS)
			fail_msg("stuck");
	}
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(rd_mux_memory(s.end[i].m).received, idle);
		assert_true(rd_mux_memory(s.end[i].m).sending < 64 << 10);
		check_end(&s.end[i]);
		assert_int_equal(s.end[i].in_flight, 0);
	}
	for (unsigned i = 0; i < 2; i++)
		rd_mux_free(s.end[i].m);
	free(s.queue);
}

static void
a_good_network(void **state)
{
	(void)state;
	simulate(&(struct settings){.window = 500, .rtt_ns = 20 * MS, .length_ns = 3000 * MS,
		.write_max = 50000, .unit_max = 100000, .event_max = 100, .pause_us = 2000,
		.unit_limit = 1 << 20});
}

static void
all_kinds_of_bad_networks(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 30; i++) {
		struct settings set = {
			.loss = (unsigned)dice_below(400),
			.doubled = (unsigned)dice_below(200),
			.late = (unsigned)dice_below(1000),
			.spurious = (unsigned)dice_below(300),
			.window = 2 + (unsigned)dice_below(300),
			.rtt_ns = (1 + dice_below(200)) * MS,
			.length_ns = 2000 * MS,
			.write_max = 1 + dice_below(30000),
			.unit_max = 1 + dice_below(100000),
			.event_max = dice_below(RD_FRAME_EVENT_MAX + 1),
			.pause_us = 200 + (unsigned)dice_below(10000),
			.unit_limit = 1 << 20,
		};
		simulate(&set);
	}
}

/* So much that every credit runs out again and again. */
static void
credit_is_the_limit(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 3; i++)
		simulate(&(struct settings){.loss = 30 * i,
			.late = 100 * i,
			.spurious = 20 * i,
			.window = 8000,
			.rtt_ns = 30 * MS,
			.length_ns = 1500 * MS,
			.write_max = 1500000,
			.unit_max = 1500000,
			.event_max = 20,
			.pause_us = 4000,
			.unit_limit = 2 << 20});
}

/* Units much larger than their window, on a network that loses every tenth packet. */
static void
units_larger_than_the_window(void **state)
{
	(void)state;
	static struct sim s;
	const size_t len = 20 << 20;
	uint8_t *data = xmalloc(len);

	sim_start(&s,
		&(struct settings){.loss = 100,
			.late = 300,
			.window = 4000,
			.rtt_ns = 20 * MS,
			.unit_limit = len});
	struct end *e = &s.end[0];
	struct units *u = &e->units[1];
	for (unsigned n = 0; n < 3; n++) {
		draw(data, len, n, 0);
		u->len[n] = len;
		assert_int_equal(
			rd_mux_unit(e->m, RD_TRAFFIC_PICTURE, data, len, UINT64_MAX, n), 0);
	}
	u->queued = 3;
	/* the first gets through with nobody dealing with anything, the second does not */
	for (unsigned n = 1; n <= 3; n++) {
		while (s.count || rd_mux_pending(e->m, s.now_ns) ||
			rd_mux_pending(e->peer->m, s.now_ns)) {
			look_after(&s, &s.end[0]);
			look_after(&s, &s.end[1]);
			if (!s.count)
				break;
			s.now_ns = s.queue[0].at_ns;
			happen(&s, pop(&s));
		}
		assert_int_equal(u->handed, n);
		assert_int_equal(e->peer->units_owed, len);
		consume(e->peer, true);
	}
	for (unsigned i = 0; i < 2; i++)
		rd_mux_free(s.end[i].m);
	free(s.queue);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_network),
		cmocka_unit_test(all_kinds_of_bad_networks),
		cmocka_unit_test(credit_is_the_limit),
		cmocka_unit_test(units_larger_than_the_window),
	};

	dice_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

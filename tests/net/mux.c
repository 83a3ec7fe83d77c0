/* The mux's rules, one at a time. What is true of all of them together: mux_sim.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "net/mux.h"

#define MS UINT64_C(1000000)
#define UNIT_MAX ((uint64_t)64 << 20)

/* A mux and what it told its owner since asked last, as text. */
struct side {
	struct rd_mux *m;
	char told[4096];
	uint64_t bytes;		/* of streams and units, while `quiet` */
	bool quiet;
};

static void
tell(struct side *s, const char *fmt, ...)
{
	va_list ap;
	size_t at = strlen(s->told);

	if (s->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(s->told + at, sizeof(s->told) - at, fmt, ap);
	va_end(ap);
}

static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	struct side *s = ctx;

	s->bytes += len;
	tell(s, "stream %d %.*s%s|", (int)id, (int)len, len ? (const char *)data : "",
		fin ? "." : "");
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	tell(ctx, "reset %d %d|", (int)id, (int)code);
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	struct side *s = ctx;

	s->bytes += len;
	tell(s, "unit %d %.*s|", (int)traffic, (int)len, len ? (const char *)data : "");
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	tell(ctx, "gap %d|", (int)traffic);
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	tell(ctx, "event %.*s|", (int)len, len ? (const char *)data : "");
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	tell(ctx, "dropped %d %d|", (int)traffic, (int)tag);
}

static const struct rd_mux_ops ops = {
	.stream = on_stream,
	.reset = on_reset,
	.unit = on_unit,
	.gap = on_gap,
	.event = on_event,
	.dropped = on_dropped,
};

static const struct rd_mux_config config = {
	.initiator = true,
	.unit_max = UNIT_MAX,
	.peer_window = RD_MUX_WINDOW,
	.peer_stream_window = RD_MUX_STREAM_WINDOW,
	.peer_units_window = RD_MUX_UNITS_WINDOW,
	.peer_unit_max = UNIT_MAX,
};

static struct side *
side_new(bool initiator)
{
	struct side *s = xcalloc(1, sizeof(*s));
	struct rd_mux_config cfg = config;

	cfg.initiator = initiator;
	s->m = rd_mux_new(&cfg, &ops, s);
	return s;
}

static void
side_free(struct side *s)
{
	rd_mux_free(s->m);
	free(s);
}

static void
expect(struct side *s, const char *told)
{
	assert_string_equal(s->told, told);
	s->told[0] = '\0';
}

static int
frame(struct side *s, const struct rd_frame *f)
{
	return rd_mux_frame(s->m, f, 0);
}

#define FRAME(s, ...) frame(s, &(struct rd_frame){__VA_ARGS__})
#define TEXT(text) .data = (const uint8_t *)(text), .len = strlen(text)

/* A packet as it was filled, and the names of its frames: "stream 0 0+3. unit 3/7 0+10 …". */
struct filled {
	struct rd_sent sent;
	uint8_t data[1150];
	size_t len;
	char text[1024];
};

static void
describe(struct filled *p, const struct rd_frame *f)
{
	static const char *const names[] = {[RD_FRAME_RESET] = "reset", [RD_FRAME_MAX_DATA] = "max",
		[RD_FRAME_MAX_STREAM] = "max_stream", [RD_FRAME_DROP] = "drop",
		[RD_FRAME_MAX_UNITS] = "max_units"};
	char *at = p->text + strlen(p->text);
	size_t room = sizeof(p->text) - strlen(p->text);
	unsigned long long id = f->id, offset = f->offset, value = f->value;

	if (f->type == RD_FRAME_STREAM)
		snprintf(
			at, room, "stream %llu %llu+%zu%s|", id, offset, f->len, f->fin ? "." : "");
	else if (f->type == RD_FRAME_UNIT)
		snprintf(at, room, "unit %d/%llu %llu+%zu%s|", f->traffic, id, offset, f->len,
			f->fin ? "." : "");
	else if (f->type == RD_FRAME_EVENT)
		snprintf(at, room, "event %llu+%u|", id, f->count);
	else if (f->type == RD_FRAME_DROP)
		snprintf(at, room, "drop %d/%llu %llu|", f->traffic, id, value);
	else
		snprintf(at, room, "%s %llu %llu|", names[f->type], id, value);
}

static bool
fill_room(struct side *s, struct filled *p, size_t room, uint64_t now_ns, uint64_t rtt_ns)
{
	struct rd_reader r;
	struct rd_frame f;

	memset(p, 0, sizeof(*p));
	p->len = rd_mux_fill(s->m, p->data, room, &p->sent, now_ns, rtt_ns);
	rd_reader_init(&r, p->data, p->len);
	while (rd_reader_left(&r)) {
		assert_int_equal(rd_frame_parse(&f, &r), 0);
		describe(p, &f);
	}
	return p->len > 0;
}

static bool
fill(struct side *s, struct filled *p, uint64_t now_ns)
{
	bool pending = rd_mux_pending(s->m, now_ns);
	bool filled = fill_room(s, p, sizeof(p->data), now_ns, 0);

	assert_int_equal(pending, filled);
	return filled;
}

static void
expect_fill(struct side *s, struct filled *p, uint64_t now_ns, const char *text)
{
	fill(s, p, now_ns);
	assert_string_equal(p->text, text);
}

static void
acked(struct side *s, const struct filled *p)
{
	for (unsigned i = 0; i < p->sent.count; i++)
		rd_mux_acked(s->m, &p->sent.frames[i]);
}

static void
lost(struct side *s, const struct filled *p)
{
	for (unsigned i = 0; i < p->sent.count; i++)
		rd_mux_lost(s->m, &p->sent.frames[i]);
}

static void
pass(struct side *to, const struct filled *p)
{
	struct rd_reader r;
	struct rd_frame f;

	rd_reader_init(&r, p->data, p->len);
	while (rd_reader_left(&r)) {
		assert_int_equal(rd_frame_parse(&f, &r), 0);
		assert_int_equal(frame(to, &f), 0);
	}
}

/* All that is pending goes over and is acknowledged, at one moment. */
static void
pass_all(struct side *from, struct side *to, uint64_t now_ns)
{
	struct filled p;

	while (fill(from, &p, now_ns)) {
		pass(to, &p);
		acked(from, &p);
	}
}

static void
write_text(struct side *s, uint64_t id, const char *text, bool fin)
{
	assert_int_equal(rd_mux_stream_write(s->m, id, text, strlen(text), fin), 0);
}

static void
unit_text(struct side *s, enum rd_traffic traffic, const char *text, uint64_t deadline_ns,
	uint64_t tag)
{
	assert_int_equal(rd_mux_unit(s->m, traffic, text, strlen(text), deadline_ns, tag), 0);
}

static void
unit_of(struct side *s, enum rd_traffic traffic, size_t len)
{
	uint8_t *data = xcalloc(1, len);

	assert_int_equal(rd_mux_unit(s->m, traffic, data, len, UINT64_MAX, 0), 0);
	free(data);
}

static void
write_of(struct side *s, uint64_t id, size_t len)
{
	uint8_t *data = xcalloc(1, len);

	assert_int_equal(rd_mux_stream_write(s->m, id, data, len, false), 0);
	free(data);
}

/* --- streams --- */

static void
a_stream_arrives_in_order(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[4];

	(void)state;
	int64_t id = rd_mux_stream_open(a->m, RD_TRAFFIC_CLIPBOARD);
	assert_int_equal(id, 2);
	write_text(a, 2, "one ", false);
	expect_fill(a, &p[0], 0, "stream 2 0+4|");
	write_text(a, 2, "two ", false);
	expect_fill(a, &p[1], 0, "stream 2 4+4|");
	write_text(a, 2, "three", true);
	expect_fill(a, &p[2], 0, "stream 2 8+5.|");
	assert_false(fill(a, &p[3], 0));
	assert_int_equal(rd_mux_stream_write(a->m, 2, "x", 1, false), -EPIPE);
	pass(b, &p[2]);
	pass(b, &p[1]);
	expect(b, "");
	pass(b, &p[0]);
	expect(b, "stream 2 one |stream 2 two three.|");
	/* a packet that comes twice, after the stream's end too */
	pass(b, &p[1]);
	pass(b, &p[2]);
	expect(b, "");
	assert_int_equal(rd_mux_stream_queued(a->m, 2), 13);
	acked(a, &p[1]);
	assert_int_equal(rd_mux_stream_queued(a->m, 2), 9);
	lost(a, &p[0]);
	acked(a, &p[2]);
	expect_fill(a, &p[3], 0, "stream 2 0+4|");
	/* it was not lost after all: nothing more goes, whatever becomes of the copy */
	acked(a, &p[0]);
	assert_int_equal(rd_mux_stream_queued(a->m, 2), 0);
	lost(a, &p[3]);
	lost(a, &p[2]);
	assert_false(fill(a, &p[3], 0));
	assert_int_equal(rd_mux_stream_write(a->m, 2, "x", 1, false), -EPIPE);
	side_free(a);
	side_free(b);
}

/* Lost, and acknowledged before it was sent again. */
static void
what_arrived_after_all_is_not_sent_again(void **state)
{
	struct side *a = side_new(true);
	struct filled p;

	(void)state;
	write_text(a, 0, "text", false);
	unit_of(a, RD_TRAFFIC_PICTURE, 100);
	fill(a, &p, 0);
	lost(a, &p);
	assert_true(rd_mux_pending(a->m, 0));
	acked(a, &p);
	assert_false(fill(a, &p, 0));
	assert_int_equal(rd_mux_stream_queued(a->m, 0), 0);
	assert_int_equal(rd_mux_units_queued(a->m, RD_TRAFFIC_PICTURE), 0);
	side_free(a);
}

static void
a_fin_goes_alone_where_it_must(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p;

	(void)state;
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 2);
	write_text(a, 2, "all", false);
	pass_all(a, b, 0);
	expect(b, "stream 2 all|");
	write_text(a, 2, "", true);
	expect_fill(a, &p, 0, "stream 2 3+0.|");
	lost(a, &p);
	expect_fill(a, &p, 0, "stream 2 3+0.|");
	pass(b, &p);
	pass(b, &p);
	expect(b, "stream 2 .|");
	acked(a, &p);
	/* and a stream that never carried anything */
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 4);
	write_text(a, 4, "", true);
	pass_all(a, b, 0);
	expect(b, "stream 4 .|");
	side_free(a);
	side_free(b);
}

static void
both_write_stream_0(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);

	(void)state;
	write_text(a, 0, "hello", false);
	write_text(b, 0, "hi", false);
	pass_all(a, b, 0);
	pass_all(b, a, 0);
	expect(b, "stream 0 hello|");
	expect(a, "stream 0 hi|");
	/* what is acknowledged is not kept */
	assert_true(rd_mux_memory(a->m).sending < 1024);
	assert_int_equal(rd_mux_stream_open(b->m, RD_TRAFFIC_BULK), 3);
	/* nobody writes what the other opened, nor 1 */
	assert_int_equal(rd_mux_stream_write(a->m, 3, "x", 1, false), -EPIPE);
	assert_int_equal(rd_mux_stream_write(b->m, 1, "x", 1, false), -EPIPE);
	assert_int_equal(rd_mux_stream_open(b->m, RD_TRAFFIC_INPUT), -EINVAL);
	side_free(a);
	side_free(b);
}

static void
a_reset_ends_a_stream(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[3];

	(void)state;
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 2);
	write_of(a, 2, 3000);
	fill(a, &p[0], 0);
	fill(a, &p[1], 0);
	rd_mux_stream_reset(a->m, 2, 77);
	rd_mux_stream_reset(a->m, 2, 78);
	assert_int_equal(rd_mux_stream_queued(a->m, 2), 0);
	assert_int_equal(rd_mux_stream_write(a->m, 2, "x", 1, false), -EPIPE);
	b->quiet = true;
	pass(b, &p[1]);
	b->quiet = false;
	/* what was sent is not sent again; its final size is what was sent */
	lost(a, &p[0]);
	uint64_t sent = p[1].sent.frames[0].offset + p[1].sent.frames[0].len;
	char text[64];
	snprintf(text, sizeof(text), "reset 2 %d|", (int)sent);
	expect_fill(a, &p[2], 0, text);
	lost(a, &p[2]);
	expect_fill(a, &p[2], 0, text);
	size_t held = rd_mux_memory(b->m).received;
	pass(b, &p[2]);
	expect(b, "reset 2 77|");
	assert_true(rd_mux_memory(b->m).received < held);
	pass(b, &p[0]);
	pass(b, &p[2]);
	expect(b, "");
	acked(a, &p[0]);
	acked(a, &p[2]);
	lost(a, &p[2]);
	assert_false(fill(a, &p[0], 0));
	/* after its FIN was sent: the final size does not count that */
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 4);
	write_text(a, 4, "abc", true);
	expect_fill(a, &p[0], 0, "stream 4 0+3.|");
	rd_mux_stream_reset(a->m, 4, 1);
	expect_fill(a, &p[1], 0, "reset 4 3|");
	pass(b, &p[1]);
	pass(b, &p[0]);
	expect(b, "reset 4 1|");
	/* before anything was sent */
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 6);
	rd_mux_stream_reset(a->m, 6, 2);
	pass_all(a, b, 0);
	expect(b, "reset 6 2|");
	side_free(a);
	side_free(b);
}

static void
so_many_streams_and_no_more(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);

	(void)state;
	for (unsigned i = 0; i < RD_MUX_STREAMS; i++)
		assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 2 + 2 * i);
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), -EMFILE);
	/* the last one opens all at the other end */
	uint64_t last = 2 * RD_MUX_STREAMS;
	write_text(a, last, "x", false);
	pass_all(a, b, 0);
	assert_int_equal(FRAME(b, .type = RD_FRAME_STREAM, .id = last + 2), -EPROTO);
	write_text(a, 2, "", true);
	pass_all(a, b, 0);
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), last + 2);
	write_text(a, last + 2, "y", false);
	pass_all(a, b, 0);
	expect(b, "stream 128 x|stream 2 .|stream 130 y|");
	assert_int_equal(FRAME(b, .type = RD_FRAME_STREAM, .id = last + 4), -EPROTO);
	side_free(a);
	side_free(b);
}

static void
a_stream_waits_for_credit(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p;

	(void)state;
	b->quiet = true;
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 2);
	write_of(a, 2, 3 * RD_MUX_STREAM_WINDOW);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, RD_MUX_STREAM_WINDOW);
	assert_false(rd_mux_pending(b->m, 0));
	rd_mux_consumed(b->m, 2, RD_MUX_STREAM_WINDOW / 2 - 1);
	assert_false(rd_mux_pending(b->m, 0));
	rd_mux_consumed(b->m, 2, 1);
	expect_fill(b, &p, 0, "max_stream 2 1572864|");
	/* lost; by then there is a newer one to say */
	rd_mux_consumed(b->m, 2, RD_MUX_STREAM_WINDOW / 4);
	lost(b, &p);
	expect_fill(b, &p, 0, "max_stream 2 1835008|");
	struct filled newest;
	rd_mux_consumed(b->m, 2, RD_MUX_STREAM_WINDOW / 4);
	assert_false(fill(b, &newest, 0));
	pass(a, &p);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, 1835008);
	rd_mux_consumed(b->m, 2, 1835008 - RD_MUX_STREAM_WINDOW);
	expect_fill(b, &newest, 0, "max_stream 2 2883584|");
	/* an old one that gets lost is not said again */
	lost(b, &p);
	assert_false(fill(b, &p, 0));
	pass(a, &newest);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, 2883584);
	/* the stream's end needs no credit; what was due for it is not said */
	rd_mux_consumed(b->m, 2, 2883584 - 1835008);
	assert_true(rd_mux_pending(b->m, 0));
	rd_mux_stream_reset(a->m, 2, 0);
	pass_all(a, b, 0);
	expect_fill(b, &p, 0, "max 0 7077888|");
	side_free(a);
	side_free(b);
}

static void
a_session_waits_for_credit_but_not_control(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p;

	(void)state;
	b->quiet = true;
	for (uint64_t id = 2; id <= 10; id += 2) {
		assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), id);
		write_of(a, id, RD_MUX_STREAM_WINDOW);
	}
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, RD_MUX_WINDOW);
	write_of(a, 0, 2 * RD_MUX_STREAM_WINDOW);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, RD_MUX_WINDOW + RD_MUX_STREAM_WINDOW);
	assert_false(rd_mux_pending(b->m, 0));
	/* of a stream that has ended, too */
	rd_mux_stream_reset(a->m, 2, 0);
	pass_all(a, b, 0);
	rd_mux_consumed(b->m, 2, 800000);
	assert_false(rd_mux_pending(b->m, 0));
	for (uint64_t id = 4; id <= 8; id += 2)
		rd_mux_consumed(b->m, id, 500000);
	expect_fill(b, &p, 0, "max 0 6494304|");
	lost(b, &p);
	expect_fill(b, &p, 0, "max 0 6494304|");
	pass(a, &p);
	pass_all(a, b, 0);
	for (uint64_t id = 4; id <= 10; id += 2)
		assert_int_equal(rd_mux_stream_queued(a->m, id), 0);
	rd_mux_consumed(b->m, 0, RD_MUX_STREAM_WINDOW);
	expect_fill(b, &p, 0, "max_stream 0 2097152|");
	side_free(a);
	side_free(b);
}

/* More of it than there is credit: what a RESET takes away is dealt with. */
static void
resets_give_their_credit_back(void **state)
{
	struct side *b = side_new(false);
	struct filled p;
	const uint8_t x[1] = {0};

	(void)state;
	b->quiet = true;
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(FRAME(b, .type = RD_FRAME_STREAM, .id = 2 + 2 * i, .offset = 1000,
			.data = x, .len = 1), 0);
		assert_int_equal(FRAME(b, .type = RD_FRAME_RESET, .id = 2 + 2 * i,
			.value = RD_MUX_STREAM_WINDOW), 0);
		fill(b, &p, 0);
	}
	side_free(b);
}

static void
a_stream_whose_end_is_known_needs_no_credit(void **state)
{
	struct side *b = side_new(false);
	uint8_t *data = xcalloc(1, 600000);

	(void)state;
	b->quiet = true;
	assert_int_equal(
		FRAME(b, .type = RD_FRAME_STREAM, .id = 2, .data = data, .len = 600000), 0);
	rd_mux_consumed(b->m, 2, 600000);
	assert_true(rd_mux_pending(b->m, 0));
	assert_int_equal(
		FRAME(b, .type = RD_FRAME_STREAM, .id = 2, .offset = 700000, .fin = true), 0);
	assert_false(rd_mux_pending(b->m, 0));
	free(data);
	side_free(b);
}

/* --- units --- */

static void
pictures_come_in_order_and_sound_as_it_comes(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[4];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		static const char *const names[] = {"first", "second", "third"};
		unit_text(a, RD_TRAFFIC_PICTURE, names[i], UINT64_MAX, i);
		unit_text(a, RD_TRAFFIC_SOUND, names[i], UINT64_MAX, i);
		fill(a, &p[i], 0);
	}
	assert_string_equal(p[1].text, "unit 2/1 0+6.|unit 3/1 0+6.|");
	pass(b, &p[2]);
	expect(b, "unit 2 third|");
	pass(b, &p[1]);
	pass(b, &p[1]);
	expect(b, "unit 2 second|");
	pass(b, &p[0]);
	expect(b, "unit 2 first|unit 3 first|unit 3 second|unit 3 third|");
	for (unsigned i = 0; i < 3; i++)
		pass(b, &p[i]);
	expect(b, "");
	/* one of no bytes is one, too */
	unit_text(a, RD_TRAFFIC_PICTURE, "", UINT64_MAX, 9);
	expect_fill(a, &p[3], 0, "unit 3/3 0+0.|");
	lost(a, &p[3]);
	expect_fill(a, &p[3], 0, "unit 3/3 0+0.|");
	pass(b, &p[3]);
	expect(b, "unit 3 |");
	side_free(a);
	side_free(b);
}

static void
a_late_unit_is_dropped_whole(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[6];
	char half[2000];

	(void)state;
	memset(half, 'h', sizeof(half));
	half[sizeof(half) - 1] = '\0';
	unit_text(a, RD_TRAFFIC_PICTURE, half, 100, 1);
	unit_text(a, RD_TRAFFIC_PICTURE, "unsent", 100, 2);
	unit_text(a, RD_TRAFFIC_PICTURE, "in time", 101, 3);
	assert_int_equal(rd_mux_deadline(a->m), 100);
	fill(a, &p[0], 0);
	pass(b, &p[0]);
	rd_mux_tick(a->m, 99);
	expect(a, "");
	rd_mux_tick(a->m, 100);
	expect(a, "dropped 3 1|dropped 3 2|");
	assert_int_equal(rd_mux_deadline(a->m), 101);
	assert_int_equal(rd_mux_units_queued(a->m, RD_TRAFFIC_PICTURE), 7);
	assert_int_equal(rd_mux_units_unsent(a->m, RD_TRAFFIC_PICTURE), 7);
	char text[128];
	snprintf(text, sizeof(text), "drop 3/0 %d|drop 3/1 0|unit 3/2 0+7.|",
		(int)p[0].sent.frames[0].len);
	expect_fill(a, &p[1], 100, text);
	/* all of the third was sent and only its acknowledgement is missing: dropped as well */
	rd_mux_tick(a->m, 101);
	expect(a, "dropped 3 3|");
	assert_int_equal(rd_mux_deadline(a->m), UINT64_MAX);
	pass(b, &p[1]);
	expect(b, "gap 3|gap 3|unit 3 in time|");
	expect_fill(a, &p[2], 101, "drop 3/2 7|");
	pass(b, &p[2]);
	expect(b, "");
	/* until the peer knows, whatever becomes of the data */
	acked(a, &p[0]);
	lost(a, &p[0]);
	lost(a, &p[2]);
	lost(a, &p[1]);
	snprintf(text, sizeof(text), "drop 3/0 %d|drop 3/1 0|drop 3/2 7|",
		(int)p[0].sent.frames[0].len);
	expect_fill(a, &p[3], 101, text);
	acked(a, &p[3]);
	lost(a, &p[3]);
	assert_false(fill(a, &p[4], 101));
	assert_int_equal(
		rd_mux_memory(a->m).sending - rd_mux_memory(b->m).sending, 16 * sizeof(void *));
	side_free(a);
	side_free(b);
}

static void
gaps_stand_where_the_pictures_were(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[4];

	(void)state;
	unit_text(a, RD_TRAFFIC_PICTURE, "one", UINT64_MAX, 1);
	fill(a, &p[0], 0);
	unit_text(a, RD_TRAFFIC_PICTURE, "two", 50, 2);
	fill(a, &p[1], 0);
	rd_mux_tick(a->m, 50);
	unit_text(a, RD_TRAFFIC_PICTURE, "three", UINT64_MAX, 3);
	fill(a, &p[2], 50);
	pass(b, &p[2]);
	pass(b, &p[1]);
	expect(b, "");
	pass(b, &p[0]);
	expect(b, "unit 3 one|gap 3|unit 3 three|");
	/* of sound at once, as nothing waits for it */
	FRAME(b, .type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_SOUND, .id = 4, .value = 10);
	FRAME(b, .type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_SOUND, .id = 4, .value = 10);
	expect(b, "gap 2|");
	/* dropping all of a kind tells the peer and not us */
	expect(a, "dropped 3 2|");
	unit_text(a, RD_TRAFFIC_PICTURE, "four", 60, 4);
	unit_text(a, RD_TRAFFIC_SOUND, "boom", 60, 5);
	rd_mux_drop_units(a->m, RD_TRAFFIC_PICTURE);
	assert_int_equal(rd_mux_units_queued(a->m, RD_TRAFFIC_PICTURE), 0);
	rd_mux_tick(a->m, 59);
	pass_all(a, b, 59);
	expect(a, "");
	expect(b, "unit 2 boom|gap 3|");
	side_free(a);
	side_free(b);
}

static void
a_unit_larger_than_its_window_comes_through(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p, back;
	const size_t len = 20 << 20;

	(void)state;
	b->quiet = true;
	unit_of(a, RD_TRAFFIC_PICTURE, len);
	unit_of(a, RD_TRAFFIC_PICTURE, len);
	for (bool more = true; more;) {
		more = fill(a, &p, 0);
		pass(b, &p);
		acked(a, &p);
		more |= fill(b, &back, 0);
		pass(a, &back);
		acked(b, &back);
		/* nothing much beyond what came */
		assert_true(rd_mux_memory(b->m).received <=
			len / 2 * 3 + (RD_MUX_UNITS_WINDOW + 65536) / 2 * 3);
	}
	/* the first; the second waits until somebody has dealt with it */
	assert_int_equal(b->bytes, len);
	assert_in_range(rd_mux_units_unsent(a->m, RD_TRAFFIC_PICTURE), len - RD_MUX_UNITS_WINDOW,
		len - RD_MUX_UNITS_WINDOW / 2);
	rd_mux_units_consumed(b->m, len);
	assert_true(rd_mux_pending(b->m, 0));
	for (bool more = true; more;) {
		more = fill(a, &p, 0);
		pass(b, &p);
		acked(a, &p);
		more |= fill(b, &back, 0);
		pass(a, &back);
	}
	assert_int_equal(b->bytes, 2 * len);
	assert_int_equal(
		rd_mux_memory(a->m).sending - rd_mux_memory(b->m).sending, 16 * sizeof(void *));
	side_free(a);
	side_free(b);
}

/* Bytes that counted while their unit was coming do not once it has come. */
static void
credit_for_units_once_given_stands(void **state)
{
	struct side *b = side_new(false);
	struct filled p;
	const uint32_t len = 6 << 20;
	uint8_t *data = xcalloc(1, len);

	(void)state;
	b->quiet = true;
	FRAME(b, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE, .data = data, .len = len);
	expect_fill(b, &p, 0, "max_units 0 14680064|");
	FRAME(b, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE, .offset = len, .fin = true);
	lost(b, &p);
	expect_fill(b, &p, 0, "max_units 0 14680064|");
	free(data);
	side_free(b);
}

/* One small picture is missing for long: the sender goes as far as the peer takes numbers. */
static void
units_stay_within_reach(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled first, p;

	(void)state;
	b->quiet = true;
	unit_text(a, RD_TRAFFIC_SOUND, "0", UINT64_MAX, 0);
	fill(a, &first, 0);
	for (unsigned i = 1; i < RD_MUX_UNITS_OPEN + 10; i++)
		unit_text(a, RD_TRAFFIC_SOUND, "x", i < RD_MUX_UNITS_OPEN + 5 ? UINT64_MAX : 7, i);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, RD_MUX_UNITS_OPEN - 1);
	/* DROPs of those beyond wait too */
	rd_mux_tick(a->m, 7);
	assert_false(rd_mux_pending(a->m, 7));
	lost(a, &first);
	b->quiet = false;
	expect_fill(a, &p, 7, "unit 2/0 0+1.|");
	pass(b, &p);
	acked(a, &p);
	pass_all(a, b, 7);
	expect(b,
		"unit 2 0|gap 2|gap 2|gap 2|gap 2|gap 2|unit 2 x|unit 2 x|unit 2 x|unit 2 x|unit 2 "
		"x|");
	side_free(a);
	side_free(b);
}

static void
units_the_peer_does_not_take(void **state)
{
	struct rd_mux_config cfg = config;
	struct side s = {0};

	(void)state;
	cfg.peer_unit_max = 10;
	s.m = rd_mux_new(&cfg, &ops, &s);
	assert_int_equal(rd_mux_unit(s.m, RD_TRAFFIC_SOUND, "0123456789", 10, 0, 0), 0);
	assert_int_equal(rd_mux_unit(s.m, RD_TRAFFIC_SOUND, "0123456789A", 11, 0, 0), -EMSGSIZE);
	rd_mux_free(s.m);
	cfg.peer_unit_max = 0;
	s.m = rd_mux_new(&cfg, &ops, &s);
	assert_int_equal(rd_mux_unit(s.m, RD_TRAFFIC_SOUND, "", 0, 0, 0), -EMSGSIZE);
	rd_mux_free(s.m);
}

/* --- events --- */

static void
an_event_is_said_until_acknowledged(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p;
	uint64_t now_ns = 1000 * MS;
	/* rtt 0: ten apart three times, then every 30 */
	static const unsigned apart_ms[] = {10, 10, 10, 30, 30, 30};

	(void)state;
	assert_int_equal(rd_mux_event(a->m, "click", 5, now_ns), 0);
	assert_true(rd_mux_urgent(a->m, now_ns));
	expect_fill(a, &p, now_ns, "event 0+1|");
	pass(b, &p);
	for (unsigned i = 0; i < sizeof(apart_ms) / sizeof(apart_ms[0]); i++) {
		now_ns += apart_ms[i] * MS;
		assert_int_equal(rd_mux_deadline(a->m), now_ns);
		rd_mux_tick(a->m, now_ns - 1);
		assert_false(fill(a, &p, now_ns - 1));
		assert_true(rd_mux_urgent(a->m, now_ns));
		if (i % 2)
			rd_mux_tick(a->m, now_ns);
		assert_true(i % 2 == 0 || rd_mux_deadline(a->m) == UINT64_MAX);
		expect_fill(a, &p, now_ns, "event 0+1|");
		/* loss does not hasten it */
		lost(a, &p);
		assert_false(fill(a, &p, now_ns));
		pass(b, &p);
	}
	expect(b, "event click|");
	struct rd_sent_frame f = {.type = RD_FRAME_EVENT, .len = 1};
	rd_mux_acked(a->m, &f);
	rd_mux_acked(a->m, &f);
	assert_int_equal(rd_mux_deadline(a->m), UINT64_MAX);
	assert_false(fill(a, &p, now_ns + 1000 * MS));
	assert_int_equal(rd_mux_memory(a->m).sending, rd_mux_memory(b->m).sending);
	/* with a round trip of 100 ms */
	assert_int_equal(rd_mux_event(a->m, "again", 5, now_ns), 0);
	fill_room(a, &p, sizeof(p.data), now_ns, 100 * MS);
	assert_int_equal(rd_mux_deadline(a->m), now_ns + 50 * MS);
	for (unsigned i = 0; i < 3; i++)
		fill_room(a, &p, sizeof(p.data), now_ns += 50 * MS, 100 * MS);
	assert_int_equal(rd_mux_deadline(a->m), now_ns + 220 * MS);
	side_free(a);
	side_free(b);
}

static void
what_was_said_before_is_said_first(void **state)
{
	struct side *a = side_new(true);
	struct filled p;

	(void)state;
	rd_mux_event(a->m, "a", 1, MS);
	rd_mux_event(a->m, "b", 1, MS);
	expect_fill(a, &p, MS, "event 0+2|");
	rd_mux_event(a->m, "c", 1, 2 * MS);
	rd_mux_tick(a->m, MS + RD_MUX_REPEAT_NS);
	expect_fill(a, &p, MS + RD_MUX_REPEAT_NS, "event 0+3|");
	side_free(a);
}

static void
events_ride_along(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p[6];
	uint64_t now_ns = 1000 * MS;

	(void)state;
	for (unsigned i = 0; i < 6; i++) {
		rd_mux_event(a->m, "abcdef" + i, 1, now_ns);
		fill(a, &p[i], now_ns);
		/* not twice at one moment */
		struct filled none;
		assert_false(fill(a, &none, now_ns));
		now_ns += MS;
	}
	assert_string_equal(p[0].text, "event 0+1|");
	assert_string_equal(p[1].text, "event 0+1|event 1+1|");
	assert_string_equal(p[3].text, "event 0+3|event 3+1|");
	/* any three of four packets may be lost */
	pass(b, &p[3]);
	expect(b, "event a|event b|event c|event d|");
	acked(a, &p[3]);
	pass(b, &p[5]);
	expect(b, "event e|event f|");
	side_free(a);
	side_free(b);
}

static void
events_ride_with_pictures_but_leave_them_room(void **state)
{
	struct side *a = side_new(true);
	struct filled p;
	char large[RD_FRAME_EVENT_MAX];

	(void)state;
	memset(large, 'e', sizeof(large));
	rd_mux_event(a->m, "small", 5, MS);
	expect_fill(a, &p, MS, "event 0+1|");
	unit_of(a, RD_TRAFFIC_PICTURE, 5000);
	/* too early to say it again */
	fill(a, &p, MS + RD_MUX_RIDE_NS - 1);
	assert_memory_equal(p.text, "unit 3/0 0+", 11);
	fill(a, &p, MS + RD_MUX_RIDE_NS);
	assert_memory_equal(p.text, "event 0+1|unit 3/0 1", 20);
	rd_mux_event(a->m, large, sizeof(large), 3 * MS);
	fill(a, &p, 3 * MS);
	assert_memory_equal(p.text, "event 0+1|event 1+1|", 20);
	/* the large one does not ride: it would be most of the packet */
	fill(a, &p, 4 * MS);
	assert_memory_equal(p.text, "event 0+1|unit 3/0 ", 19);
	assert_int_equal(rd_mux_event(a->m, large, sizeof(large) + 1, 0), -EMSGSIZE);
	side_free(a);
}

static void
events_that_wait_are_bounded(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);
	struct filled p, first;

	(void)state;
	b->quiet = true;
	rd_mux_event(a->m, "0", 1, 0);
	fill(a, &first, 0);
	for (unsigned i = 1; i < RD_MUX_EVENTS; i++)
		assert_int_equal(rd_mux_event(a->m, "x", 1, 0), 0);
	assert_int_equal(rd_mux_event(a->m, "x", 1, 0), -EAGAIN);
	pass_all(a, b, 0);
	assert_int_equal(rd_mux_event(a->m, "x", 1, 0), -EAGAIN);
	assert_true(rd_mux_memory(b->m).received > 0);
	b->quiet = false;
	pass(b, &first);
	assert_memory_equal(b->told, "event 0|event x|event x|", 24);
	b->told[0] = '\0';
	acked(a, &first);
	assert_int_equal(rd_mux_event(a->m, "y", 1, 0), 0);
	expect_fill(a, &p, 0, "event 1024+1|");
	pass(b, &p);
	expect(b, "event y|");
	side_free(a);
	side_free(b);
}

/* --- who goes first --- */

static void
the_urgent_goes_first(void **state)
{
	struct side *a = side_new(true);
	struct filled p;

	(void)state;
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_BULK), 2);
	assert_int_equal(rd_mux_stream_open(a->m, RD_TRAFFIC_CLIPBOARD), 4);
	write_text(a, 2, "bulk", false);
	write_text(a, 4, "clip", false);
	unit_text(a, RD_TRAFFIC_PICTURE, "picture", UINT64_MAX, 0);
	unit_text(a, RD_TRAFFIC_SOUND, "sound", UINT64_MAX, 0);
	assert_false(rd_mux_urgent(a->m, 0));
	rd_mux_event(a->m, "event", 5, 0);
	assert_true(rd_mux_urgent(a->m, 0));
	write_text(a, 0, "control", false);
	expect_fill(a, &p, 0,
		"stream 0 0+7|event 0+1|unit 2/0 0+5.|unit 3/0 0+7.|stream 4 0+4|stream 2 0+4|");
	assert_false(rd_mux_urgent(a->m, 0));
	/* what was lost goes before what is new, older units before newer ones */
	unit_of(a, RD_TRAFFIC_PICTURE, 900);
	struct filled q;
	fill(a, &q, 0);
	write_text(a, 0, "new", false);
	write_text(a, 4, "new", false);
	unit_text(a, RD_TRAFFIC_PICTURE, "new", UINT64_MAX, 0);
	lost(a, &q);
	lost(a, &p);
	fill(a, &p, 0);
	assert_string_equal(p.text,
		"stream 0 0+7|stream 0 7+3|unit 2/0 0+5.|unit 3/0 0+7.|unit 3/1 0+900.|unit 3/2 "
		"0+3.|"
		"stream 4 0+4|stream 4 4+3|");
	expect_fill(a, &p, 0, "stream 2 0+4|");
	side_free(a);
}

static void
streams_take_turns(void **state)
{
	struct side *a = side_new(true);
	struct filled p;
	unsigned of[3] = {0};

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		rd_mux_stream_open(a->m, RD_TRAFFIC_BULK);
		write_of(a, 2 + 2 * i, 100000);
	}
	for (unsigned i = 0; i < 30; i++) {
		fill(a, &p, 0);
		of[p.sent.frames[0].id / 2 - 1]++;
	}
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(of[i], 10);
	side_free(a);
}

static unsigned
bulk_packets(struct side *a, unsigned packets, bool control)
{
	struct filled p;
	unsigned bulk = 0;

	for (unsigned i = 0; i < packets; i++) {
		if (control)
			write_of(a, 0, 1200);
		fill(a, &p, 0);
		for (unsigned n = 0; n < p.sent.count; n++)
			bulk += p.sent.frames[n].type == RD_FRAME_STREAM &&
				p.sent.frames[n].id == 2;
	}
	return bulk;
}

static void
bulk_has_its_floor(void **state)
{
	struct side *a = side_new(true);

	(void)state;
	rd_mux_stream_open(a->m, RD_TRAFFIC_BULK);
	unit_of(a, RD_TRAFFIC_PICTURE, 4000000);
	/* the time before anything waited gives no claim */
	assert_int_equal(bulk_packets(a, 1000, false), 0);
	write_of(a, 2, 1000000);
	assert_int_equal(bulk_packets(a, RD_MUX_FLOOR - 1, false), 0);
	assert_int_equal(bulk_packets(a, 1, false), 1);
	assert_int_equal(bulk_packets(a, 10 * RD_MUX_FLOOR, false), 10);
	/* beside control that fills every packet half as much */
	assert_in_range(bulk_packets(a, 20 * RD_MUX_FLOOR, true), 9, 11);
	side_free(a);
}

static void
what_does_not_fit_waits(void **state)
{
	struct side *a = side_new(true);
	struct filled p;

	(void)state;
	unit_of(a, RD_TRAFFIC_PICTURE, 500);
	assert_false(fill_room(a, &p, 0, 0, 0));
	assert_false(fill_room(a, &p, 40, 0, 0));
	assert_true(fill_room(a, &p, 100, 0, 0));
	assert_in_range(p.len, 98, 100);
	/* eight frames are all that a packet can note */
	for (unsigned i = 0; i < 20; i++)
		unit_text(a, RD_TRAFFIC_SOUND, "s", UINT64_MAX, 0);
	fill(a, &p, 0);
	assert_int_equal(p.sent.count, RD_SENT_FRAMES);
	p.sent.count = RD_SENT_FRAMES;
	assert_int_equal(rd_mux_fill(a->m, p.data, sizeof(p.data), &p.sent, 0, 0), 0);
	side_free(a);
}

/* --- peers that break rules --- */

static void
breaks(const struct rd_frame *first, const struct rd_frame *second)
{
	struct side *b = side_new(false);

	b->quiet = true;
	if (second)
		assert_int_equal(frame(b, first), 0);
	assert_int_equal(frame(b, second ? second : first), -EPROTO);
	side_free(b);
}

#define BREAKS(...) breaks(&(struct rd_frame){__VA_ARGS__}, NULL)
#define F(...) &(struct rd_frame){__VA_ARGS__}

static void
a_peer_that_breaks_a_rule(void **state)
{
	const uint8_t x[4] = {0};
	const uint64_t far = (UINT64_C(1) << 62) - 1;

	(void)state;
	/* streams: ids of the wrong end, too many, beyond the credit of each and of all */
	BREAKS(.type = RD_FRAME_STREAM, .id = 1, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_STREAM, .id = 3, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_STREAM, .id = 2 * RD_MUX_STREAMS + 2, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_STREAM, .id = far - 1, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_STREAM, .id = 0, .offset = RD_MUX_STREAM_WINDOW, .data = x,
		.len = 1);
	BREAKS(.type = RD_FRAME_STREAM, .id = 2, .offset = far - 1, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_RESET, .id = 2, .value = RD_MUX_STREAM_WINDOW + 1);
	BREAKS(.type = RD_FRAME_RESET, .id = 3);
	struct side *b = side_new(false);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(FRAME(b, .type = RD_FRAME_STREAM, .id = 2 + 2 * i,
			.offset = RD_MUX_STREAM_WINDOW - 1, .data = x, .len = 1), 0);
	assert_int_equal(FRAME(b, .type = RD_FRAME_STREAM, .id = 10, .data = x, .len = 1), -EPROTO);
	side_free(b);
	/* final sizes that change or lie before what came */
	breaks(F(.type = RD_FRAME_STREAM, .id = 2, .offset = 5, .data = x, .len = 1),
		F(.type = RD_FRAME_STREAM, .id = 2, .offset = 4, .data = x, .len = 1, .fin = true));
	breaks(F(.type = RD_FRAME_STREAM, .id = 2, .offset = 5, .data = x, .len = 1, .fin = true),
		F(.type = RD_FRAME_STREAM, .id = 2, .offset = 6, .data = x, .len = 1));
	breaks(F(.type = RD_FRAME_STREAM, .id = 2, .offset = 5, .data = x, .len = 1, .fin = true),
		F(.type = RD_FRAME_STREAM, .id = 2, .offset = 4, .data = x, .len = 1, .fin = true));
	breaks(F(.type = RD_FRAME_STREAM, .id = 2, .offset = 5, .data = x, .len = 1),
		F(.type = RD_FRAME_RESET, .id = 2, .value = 5));
	breaks(F(.type = RD_FRAME_STREAM, .id = 2, .offset = 5, .data = x, .len = 1, .fin = true),
		F(.type = RD_FRAME_RESET, .id = 2, .value = 7));
	/* credit for streams that are not ours to write */
	BREAKS(.type = RD_FRAME_MAX_STREAM, .id = 2, .value = far);
	BREAKS(.type = RD_FRAME_MAX_STREAM, .id = 1, .value = far);
	BREAKS(.type = RD_FRAME_MAX_STREAM, .id = 3, .value = far);
	/* units: too far ahead, too large, beyond credit, changing their size */
	BREAKS(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .id = RD_MUX_UNITS_OPEN,
		.fin = true);
	BREAKS(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_BULK, .fin = true);
	BREAKS(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = UNIT_MAX, .data = x,
		.len = 1);
	BREAKS(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = RD_MUX_UNITS_WINDOW,
		.data = x, .len = 1);
	BREAKS(.type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_PICTURE,
		.value = RD_MUX_UNITS_WINDOW + 1);
	BREAKS(.type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_PICTURE, .id = RD_MUX_UNITS_OPEN);
	breaks(F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = 5, .data = x,
		       .len = 1),
		F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .data = x, .len = 1,
			.fin = true));
	breaks(F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = 5, .fin = true),
		F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = 5, .data = x,
			.len = 1));
	breaks(F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .offset = 5, .data = x,
		       .len = 1),
		F(.type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_SOUND, .value = 5));
	breaks(F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE,
		       .offset = RD_MUX_UNITS_WINDOW - 1, .data = x, .len = 1),
		F(.type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .data = x, .len = 1,
			.fin = true));
	/* events: too far ahead, or not what was said */
	BREAKS(.type = RD_FRAME_EVENT, .id = RD_MUX_EVENTS, .count = 1, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_EVENT, .count = 2, .data = x, .len = 1);
	BREAKS(.type = RD_FRAME_EVENT, .count = 1, .data = x, .len = 2);
	/* what is not ours */
	BREAKS(.type = RD_FRAME_PING);
}

static void
a_peer_that_may_send_no_units(void **state)
{
	struct rd_mux_config cfg = config;
	struct side s = {0};

	(void)state;
	cfg.unit_max = 0;
	s.m = rd_mux_new(&cfg, &ops, &s);
	assert_int_equal(FRAME(&s, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .fin = true),
		-EPROTO);
	assert_int_equal(FRAME(&s, .type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_SOUND), -EPROTO);
	rd_mux_free(s.m);
}

static void
credit_never_shrinks(void **state)
{
	struct side *a = side_new(true), *b = side_new(false);

	(void)state;
	b->quiet = true;
	assert_int_equal(FRAME(a, .type = RD_FRAME_MAX_DATA, .value = 1), 0);
	assert_int_equal(FRAME(a, .type = RD_FRAME_MAX_UNITS, .value = 1), 0);
	assert_int_equal(FRAME(a, .type = RD_FRAME_MAX_STREAM, .id = 0, .value = 1), 0);
	write_of(a, 0, 1000);
	unit_of(a, RD_TRAFFIC_SOUND, 1000);
	pass_all(a, b, 0);
	assert_int_equal(b->bytes, 2000);
	side_free(a);
	side_free(b);
}

/* Little comes, with numbers that are large. */
static void
memory_grows_with_what_came(void **state)
{
	struct side *b = side_new(false);
	const uint8_t x[1] = {0};
	size_t before = rd_mux_memory(b->m).received;

	(void)state;
	FRAME(b, .type = RD_FRAME_STREAM, .id = 2, .offset = RD_MUX_STREAM_WINDOW - 1, .data = x,
		.len = 1);
	FRAME(b, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE, .id = 1000,
		.offset = RD_MUX_UNITS_WINDOW - 1, .data = x, .len = 1);
	FRAME(b, .type = RD_FRAME_EVENT, .id = 1000, .count = 1, .data = x, .len = 1);
	assert_true(rd_mux_memory(b->m).received - before < 8192);
	side_free(b);
	/* as many small pieces as credit allows */
	b = side_new(false);
	for (uint64_t i = 1; i < RD_MUX_UNITS_WINDOW; i += 2)
		assert_int_equal(FRAME(b, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE,
					 .offset = i, .data = x, .len = 1),
			0);
	assert_true(rd_mux_memory(b->m).received < RD_MUX_UNITS_WINDOW * 5 / 4);
	for (uint64_t i = 1; i < RD_MUX_UNITS_OPEN; i++)
		FRAME(b, .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_SOUND, .id = i);
	assert_true(rd_mux_memory(b->m).received <
		RD_MUX_UNITS_WINDOW * 5 / 4 + RD_MUX_UNITS_OPEN * 256);
	side_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stream_arrives_in_order),
		cmocka_unit_test(what_arrived_after_all_is_not_sent_again),
		cmocka_unit_test(a_fin_goes_alone_where_it_must),
		cmocka_unit_test(both_write_stream_0),
		cmocka_unit_test(a_reset_ends_a_stream),
		cmocka_unit_test(so_many_streams_and_no_more),
		cmocka_unit_test(a_stream_waits_for_credit),
		cmocka_unit_test(a_session_waits_for_credit_but_not_control),
		cmocka_unit_test(resets_give_their_credit_back),
		cmocka_unit_test(a_stream_whose_end_is_known_needs_no_credit),
		cmocka_unit_test(pictures_come_in_order_and_sound_as_it_comes),
		cmocka_unit_test(a_late_unit_is_dropped_whole),
		cmocka_unit_test(gaps_stand_where_the_pictures_were),
		cmocka_unit_test(a_unit_larger_than_its_window_comes_through),
		cmocka_unit_test(credit_for_units_once_given_stands),
		cmocka_unit_test(units_stay_within_reach),
		cmocka_unit_test(units_the_peer_does_not_take),
		cmocka_unit_test(an_event_is_said_until_acknowledged),
		cmocka_unit_test(what_was_said_before_is_said_first),
		cmocka_unit_test(events_ride_along),
		cmocka_unit_test(events_ride_with_pictures_but_leave_them_room),
		cmocka_unit_test(events_that_wait_are_bounded),
		cmocka_unit_test(the_urgent_goes_first),
		cmocka_unit_test(streams_take_turns),
		cmocka_unit_test(bulk_has_its_floor),
		cmocka_unit_test(what_does_not_fit_waits),
		cmocka_unit_test(a_peer_that_breaks_a_rule),
		cmocka_unit_test(a_peer_that_may_send_no_units),
		cmocka_unit_test(credit_never_shrinks),
		cmocka_unit_test(memory_grows_with_what_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

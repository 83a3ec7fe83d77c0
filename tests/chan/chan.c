/*
 * Two chans over two real muxes, back to back: frames of one are handed to the
 * other at once, acknowledged or declared lost by the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chan/chan.h"
#include "chan/msg_session.h"
#include "chan/travel.h"
#include "net/conn.h"
#include "wire/msg_link.h"
#include "wire/msg_picture.h"

#define MS UINT64_C(1000000)
#define RTT_NS (20 * MS)

struct side {
	struct rd_chan *chan;
	struct rd_mux *mux;
	char said[4096];	/* "KEY7 TEXT12 B1s S" */
	struct rd_buf text;	/* all bytes of TEXT */
	uint64_t bytes;		/* of all bodies */
	char lost[256];		/* "3-5 7-7" */
	char foreign[80];
	unsigned rooms;
	int answer;
};

struct pair {
	struct side host, viewer;
	uint64_t now;
	bool cut;		/* nothing arrives */
};

static void
say(char *out, size_t cap, const char *fmt, ...)
{
	va_list ap;
	size_t n = strlen(out);
	if (n && n + 1 < cap)
		out[n++] = ' ';
	va_start(ap, fmt);
	vsnprintf(out + n, cap - n, fmt, ap);
	va_end(ap);
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct side *s = ctx;
	struct rd_begin b;
	const char *name = rd_msg_name(m->type);

	s->bytes += m->len;
	if (m->type == RD_MSG_TEXT)
		rd_buf_bytes(&s->text, m->data, m->len);
	if (m->type == RD_MSG_BEGIN && rd_begin_parse(&b, m->data, m->len) == 0)
		say(s->said, sizeof(s->said), "B%u%s", b.number, b.flags & RD_BEGIN_SYNC ? "s" : "");
	else if (m->type == RD_MSG_SHOW)
		say(s->said, sizeof(s->said), "S");
	else if (name)
		say(s->said, sizeof(s->said), "%s%zu", name, m->len);
	else
		say(s->said, sizeof(s->said), "%04x:%zu", m->type, m->len);
	return s->answer;
}

static void
on_lost(void *ctx, uint8_t channel, uint32_t first, uint32_t last)
{
	struct side *s = ctx;
	if (channel)
		say(s->lost, sizeof(s->lost), "%u:%u-%u", channel, first, last);
	else
		say(s->lost, sizeof(s->lost), "%u-%u", first, last);
}

static void
on_room(void *ctx)
{
	struct side *s = ctx;
	s->rooms++;
}

static void
on_foreign(void *ctx, const char *why)
{
	struct side *s = ctx;
	assert_string_equal(s->foreign, "");
	snprintf(s->foreign, sizeof(s->foreign), "%s", why);
}

static const struct rd_chan_ops ops = {
	.message = on_message,
	.lost = on_lost,
	.room = on_room,
	.foreign = on_foreign,
};

static void
open_side(struct side *s, bool initiator)
{
	const struct rd_mux_config cfg = {
		.initiator = initiator,
		.unit_max = RD_PICTURE_UNIT_MAX,
		.peer_window = RD_MUX_WINDOW,
		.peer_stream_window = RD_MUX_STREAM_WINDOW,
		.peer_units_window = RD_MUX_UNITS_WINDOW,
		.peer_unit_max = (uint64_t)8 << 20,
	};
	s->chan = rd_chan_new(&ops, s);
	assert_ptr_equal(rd_chan_ctx(s->chan), s);
	s->mux = rd_mux_new(&cfg, &rd_chan_mux_ops, s->chan);
	rd_chan_bind(s->chan, s->mux);
}

static int
setup(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));
	p->now = 1000 * MS;
	open_side(&p->host, false);
	open_side(&p->viewer, true);
	*state = p;
	return 0;
}

static void
close_side(struct side *s)
{
	rd_chan_bind(s->chan, NULL);
	rd_mux_free(s->mux);
	rd_chan_free(s->chan);
	rd_buf_finish(&s->text);
}

static int
teardown(void **state)
{
	struct pair *p = *state;
	close_side(&p->host);
	close_side(&p->viewer);
	free(p);
	return 0;
}

/* One packet; false when there is none. */
static bool
packet(struct pair *p, struct side *from, struct side *to)
{
	uint8_t bytes[1200];
	struct rd_sent sent = {0};
	size_t n = rd_mux_fill(from->mux, bytes, sizeof(bytes), &sent, p->now, RTT_NS);
	if (n == 0)
		return false;
	for (unsigned i = 0; p->cut && i < sent.count; i++)
		rd_mux_lost(from->mux, &sent.frames[i]);
	if (p->cut)
		return false;
	struct rd_reader r;
	rd_reader_init(&r, bytes, n);
	while (rd_reader_left(&r)) {
		struct rd_frame f;
		assert_int_equal(rd_frame_parse(&f, &r), 0);
		if (f.type != RD_FRAME_PADDING)
			assert_int_equal(rd_mux_frame(to->mux, &f, p->now), 0);
	}
	for (unsigned i = 0; i < sent.count; i++)
		rd_mux_acked(from->mux, &sent.frames[i]);
	return true;
}

/* Until nobody has anything to send. */
static void
pump(struct pair *p)
{
	bool any;
	do {
		any = packet(p, &p->host, &p->viewer);
		any |= packet(p, &p->viewer, &p->host);
	} while (any);
}

static int
send_n(struct pair *p, struct side *from, uint16_t type, uint8_t channel, const void *data, size_t len)
{
	uint8_t *body = calloc(1, len + 1);
	if (data)
		memcpy(body, data, len);
	struct rd_msg m = {.type = type, .channel = channel, .data = body, .len = len};
	int err = rd_chan_send(from->chan, &m, p->now);
	free(body);
	return err;
}

static void
hello(struct pair *p, uint32_t caps)
{
	struct rd_hello h;
	struct rd_buf b = {0};
	rd_hello_init(&h, "test", caps);
	rd_hello_pack(&b, &h);
	assert_int_equal(send_n(p, &p->host, RD_MSG_HELLO, 0, b.data, b.len), 0);
	rd_buf_finish(&b);
}

static void
greet(struct pair *p)
{
	hello(p, RD_CAP_LIVE);
	pump(p);
	p->viewer.said[0] = '\0';
}

static int
begin(struct pair *p, uint8_t channel, uint32_t number, bool sync)
{
	struct rd_buf b = {0};
	rd_begin_pack(&b, &(struct rd_begin){.number = number, .base = sync ? 0 : number - 1,
		.width = 8, .height = 8, .flags = sync ? RD_BEGIN_SYNC : 0});
	int err = send_n(p, &p->host, RD_MSG_BEGIN, channel, b.data, b.len);
	rd_buf_finish(&b);
	return err;
}

static int
frame_on(struct pair *p, uint8_t channel, uint32_t number, bool sync, size_t len)
{
	int err = begin(p, channel, number, sync);
	for (size_t at = 0; !err && at < len; at += RD_MSG_MAX_UPDATE) {
		size_t n = len - at < RD_MSG_MAX_UPDATE ? len - at : RD_MSG_MAX_UPDATE;
		err = send_n(p, &p->host, RD_MSG_EXACT, channel, NULL, n);
	}
	return err ? err : send_n(p, &p->host, RD_MSG_SHOW, channel, NULL, 1);
}

static int
frame(struct pair *p, uint32_t number, bool sync, size_t len)
{
	return frame_on(p, 0, number, sync, len);
}

static void
expect(struct side *s, const char *said)
{
	assert_string_equal(s->said, said);
	assert_string_equal(s->foreign, "");
	s->said[0] = '\0';
}

static void
expect_lost(struct side *s, const char *lost)
{
	assert_string_equal(s->lost, lost);
	s->lost[0] = '\0';
}

static void
test_each_class(void **state)
{
	struct pair *p = *state;
	greet(p);
	assert_int_equal(send_n(p, &p->viewer, RD_MSG_ACK, 0, NULL, 4), 0);
	assert_int_equal(send_n(p, &p->viewer, RD_MSG_REFRESH, 0, NULL, 0), 0);
	assert_int_equal(send_n(p, &p->viewer, 0x0801, 0, NULL, 12), 0);
	assert_int_equal(send_n(p, &p->host, RD_MSG_SHAPE, 0, NULL, 100000), 0);
	pump(p);
	expect(&p->host, "ACK4 REFRESH0 0801:12");
	expect(&p->viewer, "SHAPE100000");
	assert_int_equal(send_n(p, &p->viewer, RD_MSG_KEY, 0, NULL, 7), 0);
	assert_int_equal(send_n(p, &p->viewer, RD_MSG_HELD, 0, NULL, 2), 0);
	assert_int_equal(send_n(p, &p->viewer, 0x0601, 0, NULL, 50000), 0);
	assert_int_equal(frame(p, 1, true, 100000), 0);
	assert_int_equal(send_n(p, &p->host, 0x0301, 0, NULL, 200), 0);
	pump(p);
	expect(&p->host, "KEY7 HELD2 OFFER50000");
	assert_non_null(strstr(p->viewer.said, "B1s EXACT65536 EXACT34464 S"));
	assert_non_null(strstr(p->viewer.said, "PCM200"));
	assert_true(rd_chan_drained(p->host.chan));
	assert_true(rd_chan_drained(p->viewer.chan));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
}

static void
send_sound(struct pair *p, uint64_t time_ns, size_t len)
{
	static const uint8_t body[1000];
	const struct rd_msg m = {.type = RD_MSG_OPUS, .time_ns = time_ns, .data = body, .len = len};
	assert_int_equal(rd_chan_send(p->host.chan, &m, p->now), 0);
}

/* Of each piece the next unit says it again: one lost datagram costs nothing, copies are not heard. */
static void
test_sound_is_said_twice(void **state)
{
	struct pair *p = *state;
	greet(p);
	send_sound(p, 10 * MS, 101);
	pump(p);
	expect(&p->viewer, "OPUS101");
	send_sound(p, 20 * MS, 102);
	pump(p);
	expect(&p->viewer, "OPUS102");
	send_sound(p, 30 * MS, 103);
	/* On its way, and nobody knows yet that it will not arrive. */
	uint8_t gone[1200];
	struct rd_sent sent = {0};
	assert_true(rd_mux_fill(p->host.mux, gone, sizeof(gone), &sent, p->now, RTT_NS) > 200);
	send_sound(p, 40 * MS, 104);
	pump(p);
	expect(&p->viewer, "OPUS103 OPUS104");
	/* After a rest, and beside samples, nobody misses the last one. */
	p->now += 1000 * MS;
	send_sound(p, 1000 * MS, 105);
	pump(p);
	expect(&p->viewer, "OPUS105");
}

static void
test_what_is_sent_is_what_comes(void **state)
{
	struct pair *p = *state;
	for (unsigned i = 0; i < 1000; i++)
		assert_int_equal(send_n(p, &p->viewer, RD_MSG_PING, 0, NULL, i % 300), 0);
	assert_false(rd_chan_drained(p->viewer.chan));
	pump(p);
	assert_true(rd_chan_drained(p->viewer.chan));
	uint64_t bytes = 0;
	for (unsigned i = 0; i < 1000; i++)
		bytes += i % 300;
	assert_true(p->host.bytes == bytes);
	assert_string_equal(p->host.foreign, "");
}

static void
test_long_text(void **state)
{
	struct pair *p = *state;
	char text[1024], *at = text;
	/* characters of every length, so that some straddle the place of the cut */
	for (int i = 0; at + 10 <= text + sizeof(text); i++)
		at = stpcpy(at, "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
	size_t len = (size_t)(at - text);
	for (size_t skip = 0; skip < 10; skip++) {
		if ((text[skip] & 0xc0) == 0x80)
			continue;
		p->host.text.len = 0;
		assert_int_equal(send_n(p, &p->viewer, RD_MSG_TEXT, 0, text + skip, len - skip), 0);
		pump(p);
		assert_int_equal(p->host.text.len, len - skip);
		assert_memory_equal(p->host.text.data, text + skip, len - skip);
		assert_string_equal(p->host.foreign, "");
	}
	assert_int_equal(send_n(p, &p->viewer, 0x05ff, 0, NULL, 1020), -EMSGSIZE);
}

static void
test_too_many_events(void **state)
{
	struct pair *p = *state;
	int err = 0;
	unsigned n = 0;
	p->cut = true;
	while (!(err = send_n(p, &p->viewer, RD_MSG_KEY, 0, NULL, 7)))
		n++;
	assert_int_equal(err, -EAGAIN);
	assert_int_equal(n, RD_MUX_EVENTS);
}

static void
test_unbound(void **state)
{
	struct pair *p = *state;
	rd_chan_bind(p->host.chan, NULL);
	assert_int_equal(send_n(p, &p->host, RD_MSG_NOTICE, 0, NULL, 3), -ENOTCONN);
	assert_false(rd_chan_busy(p->host.chan));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
}

static void
test_limits(void **state)
{
	struct pair *p = *state;
	greet(p);
	assert_int_equal(send_n(p, &p->host, RD_MSG_NOTICE, 0, NULL, RD_MSG_MAX + 1), -EMSGSIZE);
	assert_int_equal(begin(p, RD_CHAN_SCREENS, 1, true), -ENOTSUP);
	/* longer than the viewer takes: told, passed over until the next sync point */
	assert_int_equal(frame(p, 1, true, (size_t)9 << 20), -EMSGSIZE);
	assert_true(rd_chan_skipping(p->host.chan));
	expect_lost(&p->host, "1-1");
	assert_int_equal(frame(p, 2, false, 10), 0);
	expect_lost(&p->host, "2-2");
	assert_int_equal(frame(p, 3, true, 10), 0);
	assert_false(rd_chan_skipping(p->host.chan));
	pump(p);
	expect(&p->viewer, "B3s EXACT10 S");
}

/* A frame of more than any session carries is given up while it gathers. */
static void
test_endless_frame(void **state)
{
	struct pair *p = *state;
	greet(p);
	int err = begin(p, 0, 1, true);
	unsigned n = 0;
	while (!err && n++ < 2000)
		err = send_n(p, &p->host, RD_MSG_EXACT, 0, NULL, RD_MSG_MAX_UPDATE);
	assert_int_equal(err, -EMSGSIZE);
	assert_true(n <= RD_PICTURE_UNIT_MAX / RD_MSG_MAX_UPDATE);
	assert_int_equal(send_n(p, &p->host, RD_MSG_SHOW, 0, NULL, 1), 0);
	expect_lost(&p->host, "1-1");
	assert_int_equal(frame(p, 2, true, 10), 0);
	pump(p);
	expect(&p->viewer, "B2s EXACT10 S");
}

/* Late frames go, what stands on them goes with them, and a sync point mends it. */
static void
test_late(void **state)
{
	struct pair *p = *state;
	greet(p);
	frame(p, 1, true, 10);
	pump(p);
	expect(&p->viewer, "B1s EXACT10 S");
	p->cut = true;
	frame(p, 2, false, 20);
	p->now += 100 * MS;
	frame(p, 3, false, 20);
	pump(p);
	p->now += RD_PICTURE_LATE_NS - 50 * MS;
	rd_mux_tick(p->host.mux, p->now);
	expect_lost(&p->host, "2-3");
	assert_true(rd_chan_skipping(p->host.chan));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
	p->cut = false;
	frame(p, 4, false, 20);
	expect_lost(&p->host, "4-4");
	pump(p);
	expect(&p->viewer, "");
	frame(p, 5, true, 30);
	frame(p, 6, false, 30);
	pump(p);
	expect(&p->viewer, "B5s EXACT30 S B6 EXACT30 S");
	expect_lost(&p->host, "");
}

/* A frame that is late while it is still being gathered by its successor. */
static void
test_late_within_a_frame(void **state)
{
	struct pair *p = *state;
	greet(p);
	frame(p, 1, true, 10);
	pump(p);
	p->viewer.said[0] = '\0';
	p->cut = true;
	frame(p, 2, false, 20);
	pump(p);
	begin(p, 0, 3, false);
	p->now += 2 * RD_PICTURE_LATE_NS;
	rd_mux_tick(p->host.mux, p->now);
	expect_lost(&p->host, "2-3");
	p->cut = false;
	assert_int_equal(send_n(p, &p->host, RD_MSG_SHOW, 0, NULL, 1), 0);
	frame(p, 4, true, 10);
	pump(p);
	expect(&p->viewer, "B4s EXACT10 S");
}

/* A loss ends where a sync point is queued already. */
static void
test_late_before_a_sync_point(void **state)
{
	struct pair *p = *state;
	greet(p);
	frame(p, 1, true, 10);
	pump(p);
	p->viewer.said[0] = '\0';
	p->cut = true;
	frame(p, 2, false, 20);
	frame(p, 3, true, 30);
	frame(p, 4, false, 40);
	pump(p);
	p->now += 2 * RD_PICTURE_LATE_NS;
	rd_mux_tick(p->host.mux, p->now);
	expect_lost(&p->host, "2-2");
	assert_false(rd_chan_skipping(p->host.chan));
	p->cut = false;
	pump(p);
	expect(&p->viewer, "B3s EXACT30 S B4 EXACT40 S");
}

/* Sync points are never late, nor what waits behind one. */
static void
test_sync_point_is_never_late(void **state)
{
	struct pair *p = *state;
	greet(p);
	p->cut = true;
	frame(p, 1, true, 10);
	frame(p, 2, false, 20);
	pump(p);
	p->now += 10 * RD_PICTURE_LATE_NS;
	rd_mux_tick(p->host.mux, p->now);
	p->cut = false;
	pump(p);
	expect(&p->viewer, "B1s EXACT10 S B2 EXACT20 S");
	expect_lost(&p->host, "");
}

/* A recording has no clock of its own: nothing in it is late. */
static void
test_recording_is_never_late(void **state)
{
	struct pair *p = *state;
	hello(p, 0);
	frame(p, 1, true, 10);
	pump(p);
	p->viewer.said[0] = '\0';
	p->cut = true;
	frame(p, 2, false, 20);
	pump(p);
	p->now += 10 * RD_PICTURE_LATE_NS;
	rd_mux_tick(p->host.mux, p->now);
	p->cut = false;
	pump(p);
	expect(&p->viewer, "B2 EXACT20 S");
}

/* A unit that overtakes HELLO waits for it. */
static void
test_units_wait_for_hello(void **state)
{
	struct pair *p = *state;
	frame(p, 1, true, 10);
	frame(p, 2, false, 20);
	pump(p);
	expect(&p->viewer, "");
	hello(p, RD_CAP_LIVE);
	pump(p);
	assert_non_null(strstr(p->viewer.said, "HELLO"));
	assert_non_null(strstr(p->viewer.said, " B1s EXACT10 S B2 EXACT20 S"));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
}

static void
test_skip(void **state)
{
	struct pair *p = *state;
	greet(p);
	frame(p, 1, true, 10);
	pump(p);
	expect(&p->viewer, "B1s EXACT10 S");
	p->cut = true;
	frame(p, 2, false, 20);
	begin(p, 0, 3, false);
	rd_chan_skip(p->host.chan);
	assert_true(rd_chan_skipping(p->host.chan));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
	assert_int_equal(send_n(p, &p->host, RD_MSG_SHOW, 0, NULL, 1), 0);
	expect_lost(&p->host, "3-3");
	p->cut = false;
	frame(p, 4, true, 30);
	assert_false(rd_chan_skipping(p->host.chan));
	pump(p);
	expect(&p->viewer, "B4s EXACT30 S");
	/* a sync point on its way stays */
	p->cut = true;
	frame(p, 5, true, 50);
	frame(p, 6, false, 60);
	rd_chan_skip(p->host.chan);
	frame(p, 7, false, 70);
	p->cut = false;
	pump(p);
	expect(&p->viewer, "B5s EXACT50 S B6 EXACT60 S");
	expect_lost(&p->host, "7-7");
}

static void
test_screens(void **state)
{
	struct pair *p = *state;
	greet(p);
	/* frames of two screens interleave */
	begin(p, 0, 1, true);
	begin(p, 2, 1, true);
	send_n(p, &p->host, RD_MSG_SHOW, 0, NULL, 1);
	send_n(p, &p->host, RD_MSG_SHOW, 2, NULL, 1);
	pump(p);
	expect(&p->viewer, "B1s S B1s S");
	p->cut = true;
	frame_on(p, 2, 2, false, 20);
	pump(p);
	p->now += 2 * RD_PICTURE_LATE_NS;
	rd_mux_tick(p->host.mux, p->now);
	expect_lost(&p->host, "1-1 2:2-2");
	p->cut = false;
	/* each screen comes back with its own sync point */
	frame_on(p, 2, 3, true, 20);
	frame_on(p, 0, 2, false, 20);
	expect_lost(&p->host, "2-2");
	frame_on(p, 0, 3, true, 20);
	pump(p);
	expect(&p->viewer, "B3s EXACT20 S B3s EXACT20 S");
}

/* A message of the class picture that we do not know stands for itself. */
static void
test_loose(void **state)
{
	struct pair *p = *state;
	greet(p);
	frame(p, 1, true, 10);
	assert_int_equal(send_n(p, &p->host, 0x02f0, 0, NULL, 5), 0);
	pump(p);
	expect(&p->viewer, "B1s EXACT10 S 02f0:5");
}

static void
test_busy_and_room(void **state)
{
	struct pair *p = *state;
	greet(p);
	uint32_t n = 1;
	frame(p, n, true, 10);
	pump(p);
	rd_chan_check(p->host.chan);
	assert_int_equal(p->host.rooms, 0);
	p->cut = true;
	while (!rd_chan_busy(p->host.chan))
		frame(p, ++n, false, 100000);
	assert_true(rd_chan_queued(p->host.chan) > RD_CHAN_HIGH);
	rd_chan_check(p->host.chan);
	assert_int_equal(p->host.rooms, 0);
	/* while busy a sync point is no way out of skipping either */
	begin(p, 0, ++n, true);
	p->cut = false;
	pump(p);
	assert_false(rd_chan_busy(p->host.chan));
	rd_chan_check(p->host.chan);
	rd_chan_check(p->host.chan);
	assert_int_equal(p->host.rooms, 1);
}

/* While held no credit is given: what the peer sends waits at the peer. */
static void
test_hold(void **state)
{
	struct pair *p = *state;
	greet(p);
	uint32_t n = 1;
	frame(p, n, true, 10);
	rd_chan_hold(p->viewer.chan, true);
	for (unsigned i = 0; i < 300; i++)
		frame(p, ++n, false, 100000);
	for (unsigned i = 0; i < 300; i++)
		send_n(p, &p->host, RD_MSG_SHAPE, 0, NULL, 20000);
	pump(p);
	uint64_t before = p->viewer.bytes;
	assert_true(before < RD_MUX_UNITS_WINDOW + RD_MUX_WINDOW + 200000);
	assert_false(rd_chan_drained(p->host.chan));
	rd_chan_hold(p->viewer.chan, false);
	pump(p);
	assert_true(rd_chan_drained(p->host.chan));
	assert_int_equal(rd_chan_queued(p->host.chan), 0);
	assert_true(p->viewer.bytes >= 300 * (100000 + 20000));
}

static void
test_message_ends_it(void **state)
{
	struct pair *p = *state;
	p->host.answer = -1;
	send_n(p, &p->viewer, RD_MSG_ACK, 0, NULL, 4);
	send_n(p, &p->viewer, RD_MSG_ACK, 0, NULL, 4);
	send_n(p, &p->viewer, RD_MSG_KEY, 0, NULL, 7);
	pump(p);
	expect(&p->host, "ACK4");
}

/* --- what a hostile peer may send --- */

static void
put_head(struct rd_buf *b, uint16_t type, uint8_t flags, size_t len)
{
	struct rd_msg m = {.type = type, .flags = flags, .len = len};
	rd_msg_pack_header(&m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
	b->len += RD_MSG_HEADER_SIZE;
}

enum door { STREAM, STREAM_FIN, CLIPBOARD, PICTURE, SOUND, EVENT };

/* Bytes through that door; what is said of them ("" nothing). */
static void
check_foreign(enum door door, const struct rd_buf *b, bool guarded, const char *why)
{
	struct side s = {.chan = NULL};
	s.chan = rd_chan_new(&ops, &s);
	rd_chan_guard(s.chan, guarded);
	for (int i = 0; i < 2; i++)
		switch (door) {
		case STREAM:
		case STREAM_FIN:
			rd_chan_mux_ops.stream(s.chan, 0, b->data, b->len, door == STREAM_FIN);
			break;
		case CLIPBOARD:
			rd_chan_mux_ops.stream(s.chan, 2, b->data, b->len, false);
			break;
		case PICTURE:
			rd_chan_mux_ops.unit(s.chan, RD_TRAFFIC_PICTURE, b->data, b->len);
			break;
		case SOUND:
			rd_chan_mux_ops.unit(s.chan, RD_TRAFFIC_SOUND, b->data, b->len);
			break;
		case EVENT:
			rd_chan_mux_ops.event(s.chan, b->data, b->len);
			break;
		}
	assert_string_equal(s.foreign, why);
	if (why[0])
		assert_string_equal(s.said, "");
	rd_chan_free(s.chan);
}

/* What `has` bytes after a head that `says` so many are taken for. */
struct trial {
	enum door door;
	uint16_t type;
	uint8_t flags;
	size_t says, has;
	const char *why;
};

static void
check_trials(const struct trial *trials, size_t n, bool guarded)
{
	for (size_t i = 0; i < n; i++) {
		const struct trial *t = &trials[i];
		struct rd_buf b = {0};
		put_head(&b, t->type, t->flags, t->says);
		memset(rd_buf_room(&b, t->has), 0, t->has);
		b.len += t->has;
		check_foreign(t->door, &b, guarded, t->why);
		rd_buf_finish(&b);
	}
}

static void
test_foreign(void **state)
{
	static const struct trial trials[] = {
		{STREAM, RD_MSG_ACK, 0, 4, 4, ""},
		{STREAM, RD_MSG_NOTICE, 0, RD_MSG_MAX + 1, 0, "a message over its limit"},
		{STREAM, RD_MSG_END, 0, RD_MSG_MAX_LINK + 1, 0, "a message over its limit"},
		{STREAM, RD_MSG_ACK, RD_MSG_F_SHARED, 4, 4, "a message in shared memory"},
		{STREAM, RD_MSG_RAW, 0, RD_MSG_MAX_RAW, 0, "a message that does not travel so"},
		{STREAM, RD_MSG_KEY, 0, 7, 7, "a message that does not travel so"},
		{STREAM_FIN, RD_MSG_ACK, 0, 5, 4, "a stream that ended early"},
		{PICTURE, RD_MSG_SHOW, 0, 1, 1, ""},
		{PICTURE, RD_MSG_SHOW, 0, 2, 1, "a unit that ends within a message"},
		{PICTURE, 0x0301, 0, 1, 1, "a message that does not travel so"},
		{PICTURE, RD_MSG_ACK, 0, 4, 4, "a message that does not travel so"},
		{SOUND, 0x0301, 0, 1, 1, ""},
		{SOUND, RD_MSG_SHOW, 0, 1, 1, "a message that does not travel so"},
		{EVENT, RD_MSG_KEY, 0, 7, 7, ""},
		{EVENT, RD_MSG_KEY, 0, 7, 6, "an event that is no message"},
		{EVENT, RD_MSG_KEY, 0, 7, 8, "an event that is no message"},
		{EVENT, RD_MSG_ACK, 0, 4, 4, "a message that does not travel so"},
	};
	(void)state;
	check_trials(trials, sizeof(trials) / sizeof(trials[0]), false);
}

/* One whom nobody has let in yet. */
static void
test_guarded(void **state)
{
	static const struct trial trials[] = {
		{STREAM, RD_MSG_END, 0, 9, 9, ""},
		{STREAM, RD_MSG_OPEN, 0, 12, 12, ""},
		{STREAM, RD_MSG_OPEN, 0, RD_MSG_MAX_LINK + 1, 0, "a message before it was let in"},
		{STREAM, RD_MSG_ACK, 0, 4, 0, "a message before it was let in"},
		{STREAM, 0x0901, 0, 4, 0, "a message before it was let in"},
		{CLIPBOARD, 0x0601, 0, 4, 1, "a stream before it was let in"},
		{CLIPBOARD, RD_MSG_OPEN, 0, 12, 12, "a stream before it was let in"},
		{SOUND, 0x0301, 0, 1, 1, "a message before it was let in"},
		{EVENT, RD_MSG_KEY, 0, 7, 7, "a message before it was let in"},
	};
	(void)state;
	check_trials(trials, sizeof(trials) / sizeof(trials[0]), true);
}

static void
test_half_a_unit(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	put_head(&b, RD_MSG_SHOW, 0, 1);
	rd_buf_u8(&b, 0);
	rd_buf_u8(&b, 0);
	check_foreign(PICTURE, &b, false, "a unit that ends within a message");
	rd_buf_finish(&b);
}

/* A message comes in any pieces; one that is never finished takes what came. */
static void
test_pieces(void **state)
{
	(void)state;
	struct rd_buf b = {0};
	for (int i = 0; i < 3; i++) {
		put_head(&b, RD_MSG_NOTICE, 0, 40);
		memset(rd_buf_room(&b, 40), 'x', 40);
		b.len += 40;
	}
	for (size_t piece = 1; piece <= b.len; piece++) {
		struct side s = {.chan = NULL};
		s.chan = rd_chan_new(&ops, &s);
		for (size_t at = 0; at < b.len; at += piece)
			rd_chan_mux_ops.stream(s.chan, 0, b.data + at,
				b.len - at < piece ? b.len - at : piece, false);
		expect(&s, "NOTICE40 NOTICE40 NOTICE40");
		rd_chan_free(s.chan);
	}
	rd_buf_finish(&b);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_each_class),
		T(test_sound_is_said_twice),
		T(test_what_is_sent_is_what_comes),
		T(test_long_text),
		T(test_too_many_events),
		T(test_unbound),
		T(test_limits),
		T(test_endless_frame),
		T(test_late),
		T(test_late_within_a_frame),
		T(test_late_before_a_sync_point),
		T(test_sync_point_is_never_late),
		T(test_recording_is_never_late),
		T(test_units_wait_for_hello),
		T(test_skip),
		T(test_screens),
		T(test_loose),
		T(test_busy_and_room),
		T(test_hold),
		T(test_message_ends_it),
		cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_guarded),
		cmocka_unit_test(test_half_a_unit),
		cmocka_unit_test(test_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "net/frame.h"
#include "net/varint.h"

#define V62 RD_VARINT_MAX

/* A number of any length, so that every form of a varint is met. */
static uint64_t
number(void)
{
	return dice() >> (2 + dice_below(62));
}

static void
random_ack(struct rd_ack *a)
{
	a->largest = number();
	a->received_us = number();
	a->delay_us = number();
	a->count = 0;
	uint64_t last = a->largest;
	for (;;) {
		uint64_t length = dice_below(5) ? dice_below(last + 1 < 200 ? last + 1 : 200) :
			dice_below(last + 1);
		a->range[a->count].last = last;
		a->range[a->count].first = last - length;
		a->count++;
		uint64_t below = last - length;
		if (below < 2 || a->count == RD_FRAME_ACK_RANGES + 1 || dice_below(20) == 0)
			return;
		last = below - 2 - dice_below(below - 1 < 300 ? below - 1 : 300);
	}
}

static size_t
random_events(struct rd_frame *f, uint8_t *data, size_t room)
{
	uint8_t *at = data;

	f->count = 0;
	do {
		size_t n = dice_below(f->count ? 40 : RD_FRAME_EVENT_MAX + 1);
		if (n + 2 > room - (size_t)(at - data))
			break;
		at = rd_varint_put(at, n);
		dice_bytes(at, n);
		at += n;
		f->count++;
	} while (f->count < RD_FRAME_EVENTS && dice_below(12));
	return (size_t)(at - data);
}

static const enum rd_frame_type kinds[] = {
	RD_FRAME_PADDING, RD_FRAME_PING, RD_FRAME_ACK, RD_FRAME_STREAM, RD_FRAME_RESET,
	RD_FRAME_MAX_DATA, RD_FRAME_MAX_STREAM, RD_FRAME_UNIT, RD_FRAME_DROP, RD_FRAME_MAX_UNITS,
	RD_FRAME_EVENT, RD_FRAME_CHALLENGE, RD_FRAME_ANSWER, RD_FRAME_REKEY, RD_FRAME_CLOSE,
	RD_FRAME_CANDIDATES,
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Fills what its type has, and leaves the rest 0. `data` is 4096 bytes. */
static void
random_frame(struct rd_frame *f, enum rd_frame_type type, uint8_t *data)
{
	memset(f, 0, sizeof(*f));
	f->type = type;
	f->data = data;
	switch (type) {
	case RD_FRAME_PADDING:
		f->len = dice_below(200);
		memset(data, 0, f->len);
		return;
	case RD_FRAME_ACK:
		random_ack(&f->ack);
		return;
	case RD_FRAME_STREAM:
	case RD_FRAME_UNIT:
		f->fin = dice_below(2);
		f->id = number();
		f->len = dice_below(2000);
		f->offset = number();
		if (f->offset > V62 - f->len)
			f->offset = V62 - f->len;
		if (type == RD_FRAME_UNIT)
			f->traffic = dice_below(2) ? RD_TRAFFIC_SOUND : RD_TRAFFIC_PICTURE;
		break;
	case RD_FRAME_RESET:
		f->code = number();
		/* fall through */
	case RD_FRAME_MAX_STREAM:
		f->id = number();
		/* fall through */
	case RD_FRAME_MAX_DATA:
	case RD_FRAME_MAX_UNITS:
		f->value = number();
		return;
	case RD_FRAME_DROP:
		f->traffic = dice_below(2) ? RD_TRAFFIC_SOUND : RD_TRAFFIC_PICTURE;
		f->id = number();
		f->value = number();
		return;
	case RD_FRAME_EVENT:
		f->id = number();
		f->len = random_events(f, data, 4096);
		if (f->id > V62 - f->count)
			f->id = V62 - f->count;
		return;
	case RD_FRAME_CHALLENGE:
	case RD_FRAME_ANSWER:
		f->len = 8;
		break;
	case RD_FRAME_REKEY:
		f->len = 1 + dice_below(RD_FRAME_REKEY_MAX);
		break;
	case RD_FRAME_CANDIDATES:
		f->len = 1 + dice_below(RD_FRAME_CANDIDATES_MAX);
		break;
	case RD_FRAME_CLOSE:
		f->code = number();
		f->len = dice_below(RD_FRAME_TEXT_MAX + 1);
		break;
	default:
		return;
	}
	dice_bytes(data, f->len);
}

static void
frames_are_equal(const struct rd_frame *a, const struct rd_frame *b)
{
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->fin, b->fin);
	assert_true(a->id == b->id && a->offset == b->offset);
	assert_true(a->value == b->value && a->code == b->code);
	assert_int_equal(a->traffic, b->traffic);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->len, b->len);
	if (a->len)
		assert_memory_equal(a->data, b->data, a->len);
	assert_int_equal(a->ack.count, b->ack.count);
	if (a->type != RD_FRAME_ACK)
		return;
	assert_true(a->ack.largest == b->ack.largest);
	assert_true(a->ack.received_us == b->ack.received_us && a->ack.delay_us == b->ack.delay_us);
	assert_memory_equal(a->ack.range, b->ack.range, a->ack.count * sizeof(a->ack.range[0]));
}

/* Reads one frame that is all of the bytes, which are copied to their exact size. */
static int
parse(struct rd_frame *f, const uint8_t *data, size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	struct rd_reader r;

	if (len)
		memcpy(exact, data, len);
	rd_reader_init(&r, exact, len);
	int err = rd_frame_parse(f, &r);
	if (!err && !rd_reader_done(&r))
		err = 1;
	free(exact);
	return err;
}

static void
what_is_written_is_read(void **state)
{
	static uint8_t data[4096], out[8192];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < KINDS; i++) {
			struct rd_frame f, g;
			struct rd_reader r;
			random_frame(&f, kinds[i], data);
			size_t n = rd_frame_size(&f);
			memset(out, 0xee, sizeof(out));
			assert_ptr_equal(rd_frame_put(out, &f), out + n);
			assert_int_equal(out[n], 0xee);
			rd_reader_init(&r, out, n);
			if (rd_frame_parse(&g, &r))
				fail_msg("type %d is refused", kinds[i]);
			assert_true(rd_reader_done(&r));
			frames_are_equal(&f, &g);
		}
	}
}

static void
several_follow_one_another(void **state)
{
	static uint8_t data[4096], out[64 * 8192];

	(void)state;
	for (int round = 0; round < 200; round++) {
		enum rd_frame_type types[40];
		uint8_t *end = out;
		struct rd_reader r;
		struct rd_frame f;
		for (int i = 0; i < 40; i++) {
			types[i] = i == 39 ? RD_FRAME_PADDING : kinds[1 + dice_below(KINDS - 1)];
			random_frame(&f, types[i], data);
			end = rd_frame_put(end, &f);
		}
		rd_reader_init(&r, out, (size_t)(end - out));
		for (int i = 0; i < 40; i++) {
			assert_int_equal(rd_frame_parse(&f, &r), 0);
			assert_int_equal(f.type, types[i]);
		}
		assert_true(rd_reader_done(&r));
	}
}

static void
a_frame_cut_short_is_refused(void **state)
{
	static uint8_t data[4096], out[8192];
	struct rd_frame f, g;

	(void)state;
	for (int round = 0; round < 40; round++) {
		for (size_t i = 1; i < KINDS; i++) {
			random_frame(&f, kinds[i], data);
			size_t n = (size_t)(rd_frame_put(out, &f) - out);
			for (size_t cut = 0; cut < n; cut += 1 + (cut > 64 ? dice_below(50) : 0))
				assert_int_equal(parse(&g, out, cut), -EPROTO);
		}
	}
}

/* Whatever the bytes: no more than they are is read, and limits hold. */
static void
any_bytes_are_survived(void **state)
{
	uint8_t bytes[300];

	(void)state;
	for (int round = 0; round < 200000; round++) {
		size_t n = dice_below(sizeof(bytes));
		struct rd_frame f;
		dice_bytes(bytes, n);
		if (n)
			bytes[0] &= 0x1f;
		if (parse(&f, bytes, n) < 0)
			continue;
		assert_true(f.offset <= V62 - f.len);
		if (f.type != RD_FRAME_ACK)
			continue;
		assert_in_range(f.ack.count, 1, RD_FRAME_ACK_RANGES + 1);
		assert_true(f.ack.range[0].last == f.ack.largest);
		for (unsigned i = 0; i < f.ack.count; i++) {
			assert_true(f.ack.range[i].first <= f.ack.range[i].last);
			if (i)
				assert_true(f.ack.range[i].last + 1 < f.ack.range[i - 1].first);
		}
	}
}

#define REFUSED(...) \
	do { \
		const uint8_t b_[] = { __VA_ARGS__ }; \
		struct rd_frame f_; \
		assert_int_equal(parse(&f_, b_, sizeof(b_)), -EPROTO); \
	} while (0)
#define TAKEN(...) \
	do { \
		const uint8_t b_[] = { __VA_ARGS__ }; \
		struct rd_frame f_; \
		assert_int_equal(parse(&f_, b_, sizeof(b_)), 0); \
	} while (0)
#define MAX8 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff

static void
padding_is_zeros_to_the_end(void **state)
{
	(void)state;
	TAKEN(0);
	TAKEN(0, 0, 0, 0);
	REFUSED(0, 0, 0, 1);
	REFUSED(0, 1);
}

static void
unknown_types_are_refused(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		uint8_t bytes[64] = { (uint8_t)type };
		struct rd_frame f;
		bool known = type <= 0x13 && type != 0x03 && type != 0x09 && type != 0x0f;
		if (!known)
			assert_int_equal(parse(&f, bytes, sizeof(bytes)), -EPROTO);
	}
	/* A type is one byte, and not a longer form of one. */
	REFUSED(0x40, 0x01);
	REFUSED(0x03, 0, 0, 0, 0);
}

static void
ack_ranges_do_not_wrap(void **state)
{
	(void)state;
	/* largest, received, delay, count, first, (gap, length)* */
	TAKEN(2, 10, 0, 0, 0, 10);
	REFUSED(2, 10, 0, 0, 0, 11);
	TAKEN(2, 10, 0, 0, 1, 0, 8, 0);		/* 10; 0 */
	REFUSED(2, 10, 0, 0, 1, 0, 9, 0);
	REFUSED(2, 10, 0, 0, 1, 0, 8, 1);
	TAKEN(2, 10, 0, 0, 1, 8, 0, 0);		/* 10 … 2; 0 */
	REFUSED(2, 10, 0, 0, 1, 9, 0, 0);	/* 10 … 1: nothing fits below */
	REFUSED(2, 10, 0, 0, 1, 10, 0, 0);
	REFUSED(2, 10, 0, 0, 1, 0, MAX8, 0);
	REFUSED(2, 10, 0, 0, 1, 0, 0, MAX8);
	TAKEN(2, MAX8, MAX8, MAX8, 0, MAX8);
	REFUSED(2, 10, 0, 0, RD_FRAME_ACK_RANGES + 1, 0);
}

static void
as_many_ack_ranges_as_there_may_be(void **state)
{
	uint8_t out[256], *end = out;
	struct rd_frame f;

	(void)state;
	*end++ = RD_FRAME_ACK;
	end = rd_varint_put(end, 1000);
	end = rd_varint_put(end, 0);
	end = rd_varint_put(end, 0);
	uint8_t *count = end;
	end = rd_varint_put(end, RD_FRAME_ACK_RANGES);
	end = rd_varint_put(end, 0);
	for (int i = 0; i < RD_FRAME_ACK_RANGES; i++) {
		end = rd_varint_put(end, 0);
		end = rd_varint_put(end, 0);
	}
	assert_int_equal(parse(&f, out, (size_t)(end - out)), 0);
	assert_int_equal(f.ack.count, RD_FRAME_ACK_RANGES + 1);
	assert_int_equal(f.ack.range[RD_FRAME_ACK_RANGES].first, 1000 - 2 * RD_FRAME_ACK_RANGES);
	rd_varint_put(count, RD_FRAME_ACK_RANGES + 1);
	end = rd_varint_put(end, 0);
	end = rd_varint_put(end, 0);
	assert_int_equal(parse(&f, out, (size_t)(end - out)), -EPROTO);
}

static void
nothing_lies_beyond_the_greatest_offset(void **state)
{
	(void)state;
	TAKEN(4, 0, MAX8, 0);
	REFUSED(4, 0, MAX8, 1, 'x');
	TAKEN(5, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 1, 'x');
	REFUSED(0x0a, RD_TRAFFIC_PICTURE, 0, MAX8, 1, 'x');
	TAKEN(0x0b, RD_TRAFFIC_PICTURE, 0, MAX8, 0);
	REFUSED(4, 0, 0, 2, 'x');
	REFUSED(4, 0, 0, MAX8, 'x');
	REFUSED(0x0e, MAX8, 1, 0);
}

static void
units_are_sound_or_pictures(void **state)
{
	(void)state;
	for (uint8_t traffic = 0; traffic < 64; traffic++) {
		if (traffic == RD_TRAFFIC_SOUND || traffic == RD_TRAFFIC_PICTURE) {
			TAKEN(0x0a, traffic, 0, 0, 0);
			TAKEN(0x0c, traffic, 0, 0);
		} else {
			REFUSED(0x0a, traffic, 0, 0, 0);
			REFUSED(0x0b, traffic, 0, 0, 0);
			REFUSED(0x0c, traffic, 0, 0);
		}
	}
}

static void
events_are_few_and_short(void **state)
{
	uint8_t out[64 + RD_FRAME_EVENT_MAX + 1] = { RD_FRAME_EVENT, 0, 1 };
	struct rd_frame f;

	(void)state;
	REFUSED(0x0e, 0, 0);
	TAKEN(0x0e, 0, 1, 0);
	TAKEN(0x0e, 0, 2, 1, 'a', 2, 'b', 'c');
	REFUSED(0x0e, 0, 2, 1, 'a', 2, 'b');
	REFUSED(0x0e, 0, 2, 1, 'a');
	REFUSED(0x0e, 0, RD_FRAME_EVENTS + 1);
	uint8_t *at = rd_varint_put(out + 3, RD_FRAME_EVENT_MAX);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_EVENT_MAX), 0);
	rd_varint_put(out + 3, RD_FRAME_EVENT_MAX + 1);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_EVENT_MAX + 1), -EPROTO);
	memset(out, 0, sizeof(out));
	out[0] = RD_FRAME_EVENT;
	out[2] = RD_FRAME_EVENTS;
	assert_int_equal(parse(&f, out, 3 + RD_FRAME_EVENTS), 0);
	out[2]++;
	assert_int_equal(parse(&f, out, 3 + RD_FRAME_EVENTS + 1), -EPROTO);
}

static void
events_come_out_one_by_one(void **state)
{
	static const uint8_t bytes[] = { 0x0e, 5, 3, 1, 'a', 0, 2, 'b', 'c', RD_FRAME_PING };
	struct rd_reader r, events;
	struct rd_frame f;
	const uint8_t *data;
	size_t len;

	(void)state;
	rd_reader_init(&r, bytes, sizeof(bytes));
	assert_int_equal(rd_frame_parse(&f, &r), 0);
	assert_int_equal(f.id, 5);
	assert_int_equal(f.count, 3);
	assert_int_equal(f.len, 6);
	rd_reader_init(&events, f.data, f.len);
	assert_true(rd_frame_event(&events, &data, &len));
	assert_int_equal(len, 1);
	assert_int_equal(*data, 'a');
	assert_true(rd_frame_event(&events, &data, &len));
	assert_int_equal(len, 0);
	assert_true(rd_frame_event(&events, &data, &len));
	assert_memory_equal(data, "bc", 2);
	assert_false(rd_frame_event(&events, &data, &len));
	assert_int_equal(rd_frame_parse(&f, &r), 0);
	assert_int_equal(f.type, RD_FRAME_PING);
}

static void
texts_and_rekeyings_are_bounded(void **state)
{
	uint8_t out[600] = { RD_FRAME_CLOSE, 2 };
	struct rd_frame f;

	(void)state;
	TAKEN(0x13, 0, 0);
	REFUSED(0x12, 0);
	uint8_t *at = rd_varint_put(out + 2, RD_FRAME_TEXT_MAX);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_TEXT_MAX), 0);
	rd_varint_put(out + 2, RD_FRAME_TEXT_MAX + 1);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_TEXT_MAX + 1), -EPROTO);
	out[0] = RD_FRAME_REKEY;
	at = rd_varint_put(out + 1, RD_FRAME_REKEY_MAX);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_REKEY_MAX), 0);
	rd_varint_put(out + 1, RD_FRAME_REKEY_MAX + 1);
	assert_int_equal(parse(&f, out, (size_t)(at - out) + RD_FRAME_REKEY_MAX + 1), -EPROTO);
}

static void
which_ask_to_be_acknowledged(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++)
		assert_int_equal(rd_frame_eliciting(kinds[i]), kinds[i] != RD_FRAME_PADDING &&
			kinds[i] != RD_FRAME_ACK && kinds[i] != RD_FRAME_CLOSE);
}

int
main(void)
{
	dice_seed();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(several_follow_one_another),
		cmocka_unit_test(a_frame_cut_short_is_refused),
		cmocka_unit_test(any_bytes_are_survived),
		cmocka_unit_test(padding_is_zeros_to_the_end),
		cmocka_unit_test(unknown_types_are_refused),
		cmocka_unit_test(ack_ranges_do_not_wrap),
		cmocka_unit_test(as_many_ack_ranges_as_there_may_be),
		cmocka_unit_test(nothing_lies_beyond_the_greatest_offset),
		cmocka_unit_test(units_are_sound_or_pictures),
		cmocka_unit_test(events_are_few_and_short),
		cmocka_unit_test(events_come_out_one_by_one),
		cmocka_unit_test(texts_and_rekeyings_are_bounded),
		cmocka_unit_test(which_ask_to_be_acknowledged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

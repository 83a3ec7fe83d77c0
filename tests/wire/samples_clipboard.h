#ifndef TESTS_WIRE_SAMPLES_CLIPBOARD_H
#define TESTS_WIRE_SAMPLES_CLIPBOARD_H

/* The class CLIPBOARD of samples.h. */
#include <string.h>

#include "wire/msg_clipboard.h"

static void
put_offer(struct rd_buf *b)
{
	struct rd_clip_offer o = {
		.serial = 3, .origin = UINT64_C(0x0123456789abcdef), .hops = 1, .flags = RD_CLIP_OLD,
		.count = 2, .kind = {{RD_CLIP_HTML, RD_CLIP_SIZE_UNKNOWN}, {RD_CLIP_PNG, 4096}},
	};
	rd_clip_offer_pack(b, &o);
}

static int
get_offer(const uint8_t *p, size_t n)
{
	struct rd_clip_offer o;
	int err = rd_clip_offer_parse(&o, p, n);
	if (err)
		return err;
	assert_int_equal(o.serial, 3);
	assert_true(o.origin == UINT64_C(0x0123456789abcdef));
	assert_int_equal(o.selection, RD_CLIP_CLIPBOARD);
	assert_int_equal(o.hops, 1);
	assert_int_equal(o.flags, RD_CLIP_OLD);
	assert_int_equal(o.count, 2);
	assert_string_equal(o.kind[0].name, RD_CLIP_HTML);
	assert_true(o.kind[0].size == RD_CLIP_SIZE_UNKNOWN);
	assert_ptr_equal(rd_clip_offer_find(&o, RD_CLIP_PNG), &o.kind[1]);
	assert_int_equal(o.kind[1].size, 4096);
	return 0;
}

static void
put_data(struct rd_buf *b)
{
	const struct rd_clip_data m = {9, true, (const uint8_t *)"copied", 6};
	rd_clip_data_pack(b, &m);
}

static int
get_data(const uint8_t *p, size_t n)
{
	struct rd_clip_data m;
	int err = rd_clip_data_parse(&m, p, n);
	if (err)
		return err;
	assert_int_equal(m.id, 9);
	assert_true(m.last);
	assert_int_equal(m.len, 6);
	assert_memory_equal(m.data, "copied", 6);
	return 0;
}

static void
put_refuse(struct rd_buf *b)
{
	const struct rd_clip_refuse m = {9, RD_CLIP_TOO_LARGE, 70000000};
	rd_clip_refuse_pack(b, &m);
}

static int
get_refuse(const uint8_t *p, size_t n)
{
	struct rd_clip_refuse m;
	int err = rd_clip_refuse_parse(&m, p, n);
	if (err)
		return err;
	assert_int_equal(m.id, 9);
	assert_int_equal(m.why, RD_CLIP_TOO_LARGE);
	assert_int_equal(m.size, 70000000);
	return 0;
}

static void
put_watch(struct rd_buf *b)
{
	rd_clip_watch_pack(b, 1);
}

static int
get_watch(const uint8_t *p, size_t n)
{
	uint8_t selections;
	int err = rd_clip_watch_parse(&selections, p, n);
	if (!err)
		assert_int_equal(selections, 1);
	return err;
}

static void
put_want(struct rd_buf *b)
{
	const struct rd_clip_want m = {9, 3, 67108864, RD_CLIP_HTML};
	rd_clip_want_pack(b, &m);
}

static int
get_want(const uint8_t *p, size_t n)
{
	struct rd_clip_want m;
	int err = rd_clip_want_parse(&m, p, n);
	if (err)
		return err;
	assert_int_equal(m.id, 9);
	assert_int_equal(m.serial, 3);
	assert_int_equal(m.most, 67108864);
	assert_string_equal(m.kind, RD_CLIP_HTML);
	return 0;
}

static void
put_got(struct rd_buf *b)
{
	const struct rd_clip_got m = {9, 12};
	rd_clip_got_pack(b, &m);
}

static int
get_got(const uint8_t *p, size_t n)
{
	struct rd_clip_got m;
	int err = rd_clip_got_parse(&m, p, n);
	if (err)
		return err;
	assert_int_equal(m.id, 9);
	assert_int_equal(m.count, 12);
	return 0;
}

static void
put_cancel(struct rd_buf *b)
{
	rd_clip_cancel_pack(b, 9);
}

static int
get_cancel(const uint8_t *p, size_t n)
{
	uint32_t id;
	int err = rd_clip_cancel_parse(&id, p, n);
	if (!err)
		assert_int_equal(id, 9);
	return err;
}

static void
put_took(struct rd_buf *b)
{
	const struct rd_clip_took m = {3, RD_CLIP_REFUSED, RD_CLIP_OFF};
	rd_clip_took_pack(b, &m);
}

static int
get_took(const uint8_t *p, size_t n)
{
	struct rd_clip_took m;
	int err = rd_clip_took_parse(&m, p, n);
	if (err)
		return err;
	assert_int_equal(m.serial, 3);
	assert_int_equal(m.fate, RD_CLIP_REFUSED);
	assert_int_equal(m.why, RD_CLIP_OFF);
	return 0;
}

#endif

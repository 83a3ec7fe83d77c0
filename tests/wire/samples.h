#ifndef TESTS_WIRE_SAMPLES_H
#define TESTS_WIRE_SAMPLES_H

/*
 * One example of each message: how to write it, and what reading it gives.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/log.h"
#include "wire/msg.h"
#include "wire/msg_control.h"
#include "wire/msg_cursor.h"
#include "wire/msg_input.h"
#include "wire/msg_layout.h"
#include "wire/msg_locks.h"
#include "wire/msg_link.h"
#include "wire/msg_monitors.h"
#include "wire/msg_picture.h"
#include "wire/msg_sound.h"

#include "samples_clipboard.h"

#define SECOND UINT64_C(1000000000)

static void
put_hello(struct rd_buf *b)
{
	struct rd_hello h = {
		.major = 1,
		.minor = 0,
		.caps = RD_CAP_ACK | RD_CAP_LIVE | RD_CAP_INPUT,
		.wall_ns = UINT64_C(1700000000) * SECOND,
		.mono_ns = 5 * SECOND,
		.program = "rd-capture",
	};
	for (int i = 0; i < 16; i++)
		h.boot_id[i] = (uint8_t)(0xa0 + i);
	rd_hello_pack(b, &h);
}

static int
get_hello(const uint8_t *p, size_t n)
{
	struct rd_hello h;
	int err = rd_hello_parse(&h, p, n);

	if (err)
		return err;
	assert_int_equal(h.major, 1);
	assert_int_equal(h.minor, 0);
	assert_int_equal(h.caps, RD_CAP_ACK | RD_CAP_LIVE | RD_CAP_INPUT);
	assert_true(h.wall_ns == UINT64_C(1700000000) * SECOND);
	assert_true(h.mono_ns == 5 * SECOND);
	assert_int_equal(h.boot_id[0], 0xa0);
	assert_int_equal(h.boot_id[15], 0xaf);
	assert_string_equal(h.program, "rd-capture");
	return 0;
}

static void
put_end(struct rd_buf *b)
{
	struct rd_end_msg e = {RD_END_FAILED, 6, "no display"};
	rd_end_pack(b, &e);
}

static int
get_end(const uint8_t *p, size_t n)
{
	struct rd_end_msg e;
	int err = rd_end_parse(&e, p, n);

	if (err)
		return err;
	assert_int_equal(e.reason, RD_END_FAILED);
	assert_int_equal(e.code, 6);
	assert_string_equal(e.text, "no display");
	return 0;
}

static void
put_buffer(struct rd_buf *b)
{
	struct rd_buffer_msg m = {2, 8294400};
	rd_buffer_pack(b, &m);
}

static int
get_buffer(const uint8_t *p, size_t n)
{
	struct rd_buffer_msg m;
	int err = rd_buffer_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.id, 2);
	assert_int_equal(m.size, 8294400);
	return 0;
}

static void
put_release(struct rd_buf *b)
{
	rd_release_pack(b, 2);
}

static int
get_release(const uint8_t *p, size_t n)
{
	uint32_t id;
	int err = rd_release_parse(&id, p, n);

	if (err)
		return err;
	assert_int_equal(id, 2);
	return 0;
}

static void
put_ack(struct rd_buf *b)
{
	rd_ack_pack(b, 41);
}

static int
get_ack(const uint8_t *p, size_t n)
{
	uint32_t number;
	int err = rd_ack_parse(&number, p, n);

	if (err)
		return err;
	assert_int_equal(number, 41);
	return 0;
}

static void
put_nothing(struct rd_buf *b)
{
	(void)b;
}

static int
get_nothing(const uint8_t *p, size_t n)
{
	(void)p;
	return n == 0 ? 0 : -EPROTO;
}

static void
put_rate(struct rd_buf *b)
{
	rd_rate_pack(b, 5000000);
}

static int
get_rate(const uint8_t *p, size_t n)
{
	uint64_t bps;
	int err = rd_rate_parse(&bps, p, n);

	if (err)
		return err;
	assert_true(bps == 5000000);
	return 0;
}

static void
put_loss(struct rd_buf *b)
{
	struct rd_loss m = {42, 44};
	rd_loss_pack(b, &m);
}

static int
get_loss(const uint8_t *p, size_t n)
{
	struct rd_loss m;
	int err = rd_loss_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.first, 42);
	assert_int_equal(m.last, 44);
	return 0;
}

static void
put_ping(struct rd_buf *b)
{
	rd_ping_pack(b, 7 * SECOND);
}

static int
get_ping(const uint8_t *p, size_t n)
{
	uint64_t asked;
	int err = rd_ping_parse(&asked, p, n);

	if (err)
		return err;
	assert_true(asked == 7 * SECOND);
	return 0;
}

static void
put_pong(struct rd_buf *b)
{
	struct rd_pong m = {7 * SECOND, 2 * SECOND};
	rd_pong_pack(b, &m);
}

static int
get_pong(const uint8_t *p, size_t n)
{
	struct rd_pong m;
	int err = rd_pong_parse(&m, p, n);

	if (err)
		return err;
	assert_true(m.asked_ns == 7 * SECOND);
	assert_true(m.stream_ns == 2 * SECOND);
	return 0;
}

static void
put_notice(struct rd_buf *b)
{
	struct rd_notice m = {RD_LOG_WARN, "half the rate"};
	rd_notice_pack(b, &m);
}

static int
get_notice(const uint8_t *p, size_t n)
{
	struct rd_notice m;
	int err = rd_notice_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.level, RD_LOG_WARN);
	assert_string_equal(m.text, "half the rate");
	return 0;
}

static void
put_path(struct rd_buf *b)
{
	struct rd_path_now m = {RD_REACHED_RELAY, 5, 21500, "by relay.example.org"};
	rd_path_now_pack(b, &m);
}

static int
get_path(const uint8_t *p, size_t n)
{
	struct rd_path_now m;
	int err = rd_path_now_parse(&m, p, n);

	if (err)
		return err;
	assert_string_equal(rd_reached_name(m.kind), "relay");
	assert_int_equal(m.how, 5);
	assert_int_equal(m.rtt_us, 21500);
	assert_string_equal(m.text, "by relay.example.org");
	return 0;
}

static void
put_begin(struct rd_buf *b)
{
	struct rd_begin m = {42, 41, 1920, 1080, 0};
	rd_begin_pack(b, &m);
}

static int
get_begin(const uint8_t *p, size_t n)
{
	struct rd_begin m;
	int err = rd_begin_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.number, 42);
	assert_int_equal(m.base, 41);
	assert_int_equal(m.width, 1920);
	assert_int_equal(m.height, 1080);
	assert_int_equal(m.flags, 0);
	return 0;
}

static const uint8_t two_pixels[8] = {0x00, 0x80, 0xff, 0, 0xff, 0xff, 0xff, 0};

static void
put_raw(struct rd_buf *b)
{
	rd_raw_pack_header(rd_buf_room(b, RD_RAW_HEADER_SIZE), (struct rd_rect){10, 20, 2, 1});
	b->len += RD_RAW_HEADER_SIZE;
	rd_buf_bytes(b, two_pixels, sizeof(two_pixels));
}

static int
get_raw(const uint8_t *p, size_t n)
{
	struct rd_raw m;
	int err = rd_raw_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.rect.x, 10);
	assert_int_equal(m.rect.y, 20);
	assert_int_equal(m.rect.w, 2);
	assert_int_equal(m.rect.h, 1);
	assert_memory_equal(m.pixels, two_pixels, sizeof(two_pixels));
	return 0;
}

static void
put_shared(struct rd_buf *b)
{
	struct rd_shared_ref m = {2, 0, 8294400};
	rd_shared_pack(b, &m);
}

static int
get_shared(const uint8_t *p, size_t n)
{
	struct rd_shared_ref m;
	int err = rd_shared_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.id, 2);
	assert_int_equal(m.offset, 0);
	assert_int_equal(m.length, 8294400);
	return 0;
}

static void
put_copy(struct rd_buf *b)
{
	struct rd_copy c[] = {{{0, 18, 640, 462}, 0, 0}, {{100, 100, 16, 16}, 90, 110}};
	rd_copy_pack(b, c, 2);
}

static int
get_copy(const uint8_t *p, size_t n)
{
	struct rd_copy c;

	if (rd_copy_count(p, n) != 2)
		return -EPROTO;
	int err = rd_copy_parse(&c, p, n, 1);
	if (err)
		return err;
	assert_int_equal(c.from.x, 100);
	assert_int_equal(c.from.y, 100);
	assert_int_equal(c.from.w, 16);
	assert_int_equal(c.from.h, 16);
	assert_int_equal(c.to_x, 90);
	assert_int_equal(c.to_y, 110);
	err = rd_copy_parse(&c, p, n, 0);
	if (err)
		return err;
	assert_int_equal(c.from.y, 18);
	assert_int_equal(c.from.w, 640);
	assert_int_equal(c.to_y, 0);
	return 0;
}

/* What zstd makes of 00 80 ff ff ff ff as the first flush of a stream. */
static const uint8_t zstd_bytes[] = {
	0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50, 0x30, 0x00, 0x00, 0x00, 0x80, 0xff, 0xff, 0xff, 0xff,
};

static void
put_exact(struct rd_buf *b)
{
	struct rd_rect r = {10, 20, 2, 1};
	rd_exact_pack(b, RD_EXACT_RASTER, 1, &r, 1, zstd_bytes, sizeof(zstd_bytes));
}

static int
get_exact(const uint8_t *p, size_t n)
{
	struct rd_exact m;
	int err = rd_exact_parse(&m, p, n);

	if (err)
		return err;
	struct rd_rect r = rd_exact_rect(&m, 0);
	assert_int_equal(m.method, RD_EXACT_RASTER);
	assert_int_equal(m.strip, 1);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.pixels, 2);
	assert_int_equal(r.x, 10);
	assert_int_equal(r.y, 20);
	assert_int_equal(r.w, 2);
	assert_int_equal(r.h, 1);
	/* Cut anywhere in the compressed bytes it is still a body; the decoder will tell. */
	assert_true(m.len <= sizeof(zstd_bytes));
	assert_memory_equal(m.data, zstd_bytes, m.len);
	return m.len == sizeof(zstd_bytes) ? 0 : -EPROTO;
}

static void
put_video(struct rd_buf *b)
{
	struct rd_video m = {
		.rect = {0, 0, 640, 360},
		.codec = RD_CODEC_VP9,
		.decoder = 0,
		.flags = RD_VIDEO_FIRST | RD_VIDEO_KEY,
		.data = (const uint8_t *)"\x82\x49\x83\x42",
		.len = 4,
	};
	rd_video_pack(b, &m);
}

static int
get_video(const uint8_t *p, size_t n)
{
	struct rd_video m;
	int err = rd_video_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.rect.w, 640);
	assert_int_equal(m.rect.h, 360);
	assert_int_equal(m.codec, RD_CODEC_VP9);
	assert_int_equal(m.decoder, 0);
	assert_int_equal(m.flags, RD_VIDEO_FIRST | RD_VIDEO_KEY);
	assert_memory_equal(m.data, "\x82\x49\x83\x42", m.len);
	return m.len == 4 ? 0 : -EPROTO;
}

static void
put_show(struct rd_buf *b)
{
	rd_show_pack(b, RD_SHOW_EXACT);
}

static int
get_show(const uint8_t *p, size_t n)
{
	uint8_t flags;
	int err = rd_show_parse(&flags, p, n);

	if (err)
		return err;
	assert_int_equal(flags, RD_SHOW_EXACT);
	return 0;
}

static void
put_shape(struct rd_buf *b)
{
	struct rd_cursor c = {2, 1, 1, 0, (const uint8_t *)"\x00\x00\x00\xff\x80\x80\x80\x80"};
	rd_shape_pack(b, &c);
}

static int
get_shape(const uint8_t *p, size_t n)
{
	struct rd_cursor c;
	int err = rd_shape_parse(&c, p, n);

	if (err)
		return err;
	assert_int_equal(c.width, 2);
	assert_int_equal(c.height, 1);
	assert_int_equal(c.hot_x, 1);
	assert_int_equal(c.hot_y, 0);
	assert_memory_equal(c.pixels, "\x00\x00\x00\xff\x80\x80\x80\x80", 8);
	return 0;
}

static void
put_pointer_at(struct rd_buf *b)
{
	struct rd_pointer_at m = {960, 540, true};
	rd_pointer_at_pack(b, &m);
}

static int
get_pointer_at(const uint8_t *p, size_t n)
{
	struct rd_pointer_at m;
	int err = rd_pointer_at_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.x, 960);
	assert_int_equal(m.y, 540);
	assert_true(m.on);
	return 0;
}

static void
put_input(struct rd_buf *b, const struct rd_input *in, uint16_t type)
{
	assert_int_equal(rd_input_pack(b, in), type);
}

static void
put_key(struct rd_buf *b)
{
	struct rd_input in = {.kind = RD_INPUT_KEY, .down = true, .code = 30, .keysym = 'a'};
	put_input(b, &in, RD_MSG_KEY);
}

static int
get_key(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_KEY, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_KEY);
	assert_true(in.down);
	assert_int_equal(in.code, 30);
	assert_int_equal(in.keysym, 'a');
	return 0;
}

static void
put_text(struct rd_buf *b)
{
	struct rd_input in = {.kind = RD_INPUT_TEXT, .text = "é漢", .text_len = strlen("é漢")};
	put_input(b, &in, RD_MSG_TEXT);
}

static int
get_text(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_TEXT, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_TEXT);
	assert_memory_equal(in.text, "é漢", in.text_len);
	return in.text_len == strlen("é漢") ? 0 : -EPROTO;
}

static void
put_xy(struct rd_buf *b, enum rd_input_kind kind, int x, int y, uint16_t type)
{
	struct rd_input in = {.kind = kind, .x = x, .y = y};
	put_input(b, &in, type);
}

static int
get_xy(const uint8_t *p, size_t n, enum rd_input_kind kind, int x, int y, uint16_t type)
{
	struct rd_input in;
	int err = rd_input_parse(&in, type, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, kind);
	assert_int_equal(in.x, x);
	assert_int_equal(in.y, y);
	return 0;
}

static void
put_pointer(struct rd_buf *b)
{
	put_xy(b, RD_INPUT_POINTER, 960, 540, RD_MSG_POINTER);
}

static int
get_pointer(const uint8_t *p, size_t n)
{
	return get_xy(p, n, RD_INPUT_POINTER, 960, 540, RD_MSG_POINTER);
}

static void
put_motion(struct rd_buf *b)
{
	put_xy(b, RD_INPUT_MOTION, -3, 5, RD_MSG_MOTION);
}

static int
get_motion(const uint8_t *p, size_t n)
{
	return get_xy(p, n, RD_INPUT_MOTION, -3, 5, RD_MSG_MOTION);
}

static void
put_wheel(struct rd_buf *b)
{
	put_xy(b, RD_INPUT_WHEEL, 0, -120, RD_MSG_WHEEL);
}

static int
get_wheel(const uint8_t *p, size_t n)
{
	return get_xy(p, n, RD_INPUT_WHEEL, 0, -120, RD_MSG_WHEEL);
}

static void
put_button(struct rd_buf *b)
{
	struct rd_input in = {.kind = RD_INPUT_BUTTON, .down = true, .code = RD_BUTTON_RIGHT};
	put_input(b, &in, RD_MSG_BUTTON);
}

static int
get_button(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_BUTTON, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_BUTTON);
	assert_int_equal(in.code, RD_BUTTON_RIGHT);
	assert_true(in.down);
	return 0;
}

static void
put_held(struct rd_buf *b)
{
	struct rd_input in = {.kind = RD_INPUT_HELD, .held = {29, 42}, .held_count = 2};
	in.buttons = 1 << RD_BUTTON_LEFT;
	put_input(b, &in, RD_MSG_HELD);
}

static int
get_held(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_HELD, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_HELD);
	assert_int_equal(in.held_count, 2);
	assert_int_equal(in.held[0], 29);
	assert_int_equal(in.held[1], 42);
	assert_int_equal(in.buttons, 1 << RD_BUTTON_LEFT);
	return 0;
}

static void
put_take(struct rd_buf *b)
{
	const struct rd_input in = {.kind = RD_INPUT_TAKE, .token = UINT64_C(0x0123456789abcdef)};
	put_input(b, &in, RD_MSG_TAKE);
}

static int
get_take(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_TAKE, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_TAKE);
	assert_true(in.token == UINT64_C(0x0123456789abcdef));
	return 0;
}

static void
put_locks(struct rd_buf *b)
{
	const struct rd_input in = {
		.kind = RD_INPUT_LOCKS,
		.locks = {RD_LOCK_CAPS | RD_LOCK_NUM, RD_LOCK_CAPS},
	};
	put_input(b, &in, RD_MSG_LOCKS);
}

static int
get_locks(const uint8_t *p, size_t n)
{
	struct rd_input in;
	int err = rd_input_parse(&in, RD_MSG_LOCKS, p, n);

	if (err)
		return err;
	assert_int_equal(in.kind, RD_INPUT_LOCKS);
	assert_int_equal(in.locks.known, RD_LOCK_CAPS | RD_LOCK_NUM);
	assert_int_equal(in.locks.on, RD_LOCK_CAPS);
	return 0;
}

static void
put_taken(struct rd_buf *b)
{
	rd_taken_pack(b, UINT64_C(0x0123456789abcdef));
}

static int
get_taken(const uint8_t *p, size_t n)
{
	uint64_t token;
	int err = rd_taken_parse(&token, p, n);

	if (err)
		return err;
	assert_true(token == UINT64_C(0x0123456789abcdef));
	return 0;
}

static void
put_layout(struct rd_buf *b)
{
	struct rd_layout m = {.width = 1280, .height = 720};
	rd_layout_pack(b, &m);
}

static int
get_layout(const uint8_t *p, size_t n)
{
	struct rd_layout m;
	int err = rd_layout_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.width, 1280);
	assert_int_equal(m.height, 720);
	return m.monitor[0] ? -EPROTO : 0;
}

/* The first four bytes of it are a LAYOUT, too: of the desktop. */
static void
put_layout_of(struct rd_buf *b)
{
	struct rd_layout m = {.width = 1280, .height = 720, .monitor = "DP-2"};
	rd_layout_pack(b, &m);
}

static int
get_layout_of(const uint8_t *p, size_t n)
{
	struct rd_layout m;
	int err = rd_layout_parse(&m, p, n);

	if (err || !m.monitor[0])
		return -EPROTO;
	assert_int_equal(m.width, 1280);
	assert_int_equal(m.height, 720);
	assert_string_equal(m.monitor, "DP-2");
	return 0;
}

/* Two beside each other, the left one turned on its side and higher than the picture. */
static void
put_monitors(struct rd_buf *b)
{
	struct rd_monitors m = {.count = 2, .v = {
		{.rect = {0, -200, 1200, 1920}, .mm_width = 324, .mm_height = 518, .name = "DP-2"},
		{.rect = {1200, 0, 2560, 1440}, .primary = true, .name = "eDP-1"},
	}};
	rd_monitors_pack(b, &m);
}

static int
get_monitors(const uint8_t *p, size_t n)
{
	struct rd_monitors m;
	int err = rd_monitors_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.count, 2);
	assert_int_equal(m.v[0].rect.y, -200);
	assert_int_equal(m.v[0].rect.h, 1920);
	assert_int_equal(m.v[0].mm_width, 324);
	assert_int_equal(m.v[0].mm_height, 518);
	assert_false(m.v[0].primary);
	assert_string_equal(m.v[0].name, "DP-2");
	assert_int_equal(m.v[1].rect.x, 1200);
	assert_int_equal(m.v[1].rect.w, 2560);
	assert_true(m.v[1].primary);
	assert_string_equal(m.v[1].name, "eDP-1");
	return 0;
}

static void
put_watch_only(struct rd_buf *b)
{
	struct rd_monitor_names m = {.count = 1, .v = {"eDP-1"}};
	rd_watch_only_pack(b, &m);
}

static int
get_watch_only(const uint8_t *p, size_t n)
{
	struct rd_monitor_names m;
	int err = rd_watch_only_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.count, 1);
	assert_string_equal(m.v[0], "eDP-1");
	return 0;
}

static void
put_fresh(struct rd_buf *b)
{
	rd_fresh_pack(b, UINT64_C(0x0123456789abcdef));
}

static int
get_fresh(const uint8_t *p, size_t n)
{
	uint64_t token;
	int err = rd_fresh_parse(&token, p, n);

	if (err)
		return err;
	assert_true(token == UINT64_C(0x0123456789abcdef));
	return 0;
}

static void
put_locked(struct rd_buf *b)
{
	rd_locks_pack(b, &(struct rd_locks){RD_LOCK_CAPS | RD_LOCK_NUM, RD_LOCK_NUM});
}

static int
get_locked(const uint8_t *p, size_t n)
{
	struct rd_locks m;
	int err = rd_locks_parse(&m, p, n);

	if (err)
		return err;
	assert_int_equal(m.known, RD_LOCK_CAPS | RD_LOCK_NUM);
	assert_int_equal(m.on, RD_LOCK_NUM);
	return 0;
}

static void
put_listen(struct rd_buf *b)
{
	rd_listen_pack(b, &(struct rd_listen){.on = true, .lost = 3});
}

static int
get_listen(const uint8_t *p, size_t n)
{
	struct rd_listen m;
	int err = rd_listen_parse(&m, p, n);

	if (err)
		return err;
	assert_true(m.on);
	assert_int_equal(m.lost, 3);
	return 0;
}

/* Two samples of both channels. */
static void
put_pcm(struct rd_buf *b)
{
	static const int16_t pcm[] = {0, 0, 1000, -1000};
	struct rd_buf bytes = {0};
	rd_pcm_put(&bytes, pcm, 4);
	rd_sound_pack(b, &(struct rd_sound_msg){.number = 42, .flags = RD_SOUND_REST,
		.channels = 2, .data = bytes.data, .len = bytes.len});
	rd_buf_finish(&bytes);
}

static int
get_pcm(const uint8_t *p, size_t n)
{
	struct rd_sound_msg m;
	int16_t pcm[4];
	int err = rd_sound_parse(&m, RD_MSG_PCM, p, n);

	if (err)
		return err;
	/* Four bytes less would be a piece, too. */
	if (m.len != 8)
		return -EPROTO;
	assert_int_equal(m.number, 42);
	assert_int_equal(m.flags, RD_SOUND_REST);
	assert_int_equal(m.channels, 2);
	rd_pcm_get(pcm, m.data, 4);
	assert_int_equal(pcm[0], 0);
	assert_int_equal(pcm[2], 1000);
	assert_int_equal(pcm[3], -1000);
	return 0;
}

/* Silence, in the shortest packet there is: CELT, 10 ms, two channels (RFC 6716, 3.1). */
static void
put_opus(struct rd_buf *b)
{
	static const uint8_t packet[] = {0xf4, 0xff, 0xfe};
	rd_sound_pack(b, &(struct rd_sound_msg){.number = 42, .flags = RD_SOUND_FIRST,
		.channels = 2, .data = packet, .len = sizeof(packet)});
}

static int
get_opus(const uint8_t *p, size_t n)
{
	struct rd_sound_msg m;
	int err = rd_sound_parse(&m, RD_MSG_OPUS, p, n);

	if (err)
		return err;
	assert_int_equal(m.number, 42);
	assert_int_equal(m.flags, RD_SOUND_FIRST);
	assert_int_equal(m.data[0], 0xf4);
	return 0;
}

static const struct sample {
	const char *name;
	uint16_t type;
	uint8_t flags;
	uint64_t time_ns;
	void (*put)(struct rd_buf *b);
	int (*get)(const uint8_t *p, size_t n);
	bool open; /* a shorter or longer body is a body too */
} samples[] = {
	{"HELLO", RD_MSG_HELLO, 0, 0, put_hello, get_hello, true},
	{"END", RD_MSG_END, 0, 0, put_end, get_end, true},
	{"BUFFER", RD_MSG_BUFFER, 0, 0, put_buffer, get_buffer, false},
	{"RELEASE", RD_MSG_RELEASE, 0, 0, put_release, get_release, false},
	{"ACK", RD_MSG_ACK, 0, SECOND, put_ack, get_ack, false},
	{"REFRESH", RD_MSG_REFRESH, 0, SECOND, put_nothing, get_nothing, false},
	{"RATE", RD_MSG_RATE, 0, SECOND, put_rate, get_rate, false},
	{"LOSS", RD_MSG_LOSS, 0, SECOND, put_loss, get_loss, false},
	{"PING", RD_MSG_PING, 0, SECOND, put_ping, get_ping, false},
	{"PONG", RD_MSG_PONG, 0, 2 * SECOND, put_pong, get_pong, false},
	{"NOTICE", RD_MSG_NOTICE, 0, SECOND, put_notice, get_notice, true},
	{"PATH", RD_MSG_PATH, 0, SECOND, put_path, get_path, true},
	{"TAKEN", RD_MSG_TAKEN, 0, SECOND, put_taken, get_taken, false},
	{"MONITORS", RD_MSG_MONITORS, 0, SECOND, put_monitors, get_monitors, false},
	{"LAYOUT", RD_MSG_LAYOUT, 0, SECOND, put_layout, get_layout, false},
	{"LAYOUT-OF", RD_MSG_LAYOUT, 0, SECOND, put_layout_of, get_layout_of, false},
	{"LOCKED", RD_MSG_LOCKED, 0, SECOND, put_locked, get_locked, false},
	{"FRESH", RD_MSG_FRESH, 0, SECOND, put_fresh, get_fresh, false},
	{"LISTEN", RD_MSG_LISTEN, 0, SECOND, put_listen, get_listen, false},
	{"WATCH_ONLY", RD_MSG_WATCH_ONLY, 0, SECOND, put_watch_only, get_watch_only, false},
	{"BEGIN", RD_MSG_BEGIN, 0, SECOND, put_begin, get_begin, false},
	{"RAW", RD_MSG_RAW, 0, SECOND, put_raw, get_raw, false},
	{"RAW-SHARED", RD_MSG_RAW, RD_MSG_F_SHARED, SECOND, put_shared, get_shared, false},
	{"COPY", RD_MSG_COPY, 0, SECOND, put_copy, get_copy, false},
	{"EXACT", RD_MSG_EXACT, 0, SECOND, put_exact, get_exact, false},
	{"VIDEO", RD_MSG_VIDEO, 0, SECOND, put_video, get_video, false},
	{"SHOW", RD_MSG_SHOW, 0, SECOND, put_show, get_show, false},
	{"PCM", RD_MSG_PCM, 0, SECOND, put_pcm, get_pcm, false},
	{"OPUS", RD_MSG_OPUS, 0, SECOND, put_opus, get_opus, true},
	{"SHAPE", RD_MSG_SHAPE, 0, SECOND, put_shape, get_shape, false},
	{"POINTER_AT", RD_MSG_POINTER_AT, 0, SECOND, put_pointer_at, get_pointer_at, false},
	{"KEY", RD_MSG_KEY, 0, SECOND, put_key, get_key, false},
	{"TEXT", RD_MSG_TEXT, 0, SECOND, put_text, get_text, false},
	{"POINTER", RD_MSG_POINTER, 0, SECOND, put_pointer, get_pointer, false},
	{"MOTION", RD_MSG_MOTION, 0, SECOND, put_motion, get_motion, false},
	{"BUTTON", RD_MSG_BUTTON, 0, SECOND, put_button, get_button, false},
	{"WHEEL", RD_MSG_WHEEL, 0, SECOND, put_wheel, get_wheel, false},
	{"HELD", RD_MSG_HELD, 0, SECOND, put_held, get_held, false},
	{"TAKE", RD_MSG_TAKE, 0, SECOND, put_take, get_take, false},
	{"LOCKS", RD_MSG_LOCKS, 0, SECOND, put_locks, get_locks, false},
	{"OFFER", RD_MSG_OFFER, 0, SECOND, put_offer, get_offer, false},
	{"DATA", RD_MSG_DATA, 0, SECOND, put_data, get_data, true},
	{"REFUSE", RD_MSG_REFUSE, 0, SECOND, put_refuse, get_refuse, false},
	{"WATCH", RD_MSG_WATCH, 0, SECOND, put_watch, get_watch, false},
	{"WANT", RD_MSG_WANT, 0, SECOND, put_want, get_want, true},
	{"GOT", RD_MSG_GOT, 0, SECOND, put_got, get_got, false},
	{"CANCEL", RD_MSG_CANCEL, 0, SECOND, put_cancel, get_cancel, false},
	{"TOOK", RD_MSG_TOOK, 0, SECOND, put_took, get_took, false},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

#endif

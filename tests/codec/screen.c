#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "codec/screen.h"
#include "wire/msg_picture.h"

/* A screen and the way to say things to it. */
struct teller {
	struct rd_screen *screen;
	struct rd_screen_frame frame;
	struct rd_buf b;
	const char *why;
};

static int
say(struct teller *t, uint16_t type)
{
	struct rd_msg m = {.type = type, .time_ns = 77, .data = t->b.data, .len = t->b.len};
	int got = rd_screen_message(t->screen, &m, &t->frame, &t->why);

	rd_buf_reset(&t->b);
	return got;
}

static int
begin(struct teller *t, uint32_t number, uint32_t base, int w, int h)
{
	struct rd_begin b = {number, base, w, h, base ? 0 : RD_BEGIN_SYNC};

	rd_begin_pack(&t->b, &b);
	return say(t, RD_MSG_BEGIN);
}

static int
raw(struct teller *t, struct rd_rect r, uint8_t value)
{
	uint8_t head[RD_RAW_HEADER_SIZE];

	rd_raw_pack_header(head, r);
	rd_buf_bytes(&t->b, head, sizeof(head));
	memset(rd_buf_room(&t->b, (size_t)rd_rect_area(r) * 4), value, (size_t)rd_rect_area(r) * 4);
	t->b.len += (size_t)rd_rect_area(r) * 4;
	return say(t, RD_MSG_RAW);
}

static int
show(struct teller *t)
{
	rd_show_pack(&t->b, RD_SHOW_EXACT);
	return say(t, RD_MSG_SHOW);
}

static int
setup(void **state)
{
	static struct teller t;

	t = (struct teller){.why = ""};
	*state = &t;
	return rd_screen_open(&t.screen);
}

static int
teardown(void **state)
{
	struct teller *t = *state;

	rd_screen_close(t->screen);
	rd_buf_finish(&t->b);
	return 0;
}

static void
a_frame_is_shown_whole(void **state)
{
	struct teller *t = *state;

	assert_int_equal(begin(t, 1, 0, 20, 10), 0);
	assert_int_equal(raw(t, (struct rd_rect){0, 0, 20, 10}, 7), 0);
	assert_int_equal(show(t), 1);
	assert_int_equal(t->frame.number, 1);
	assert_int_equal(t->frame.time_ns, 77);
	assert_true(t->frame.sync && t->frame.exact && t->frame.resized);
	assert_int_equal(t->frame.painted.raw, 200);
	assert_int_equal(t->frame.bytes, 16 * 3 + 14 + 8 + 800 + 1);
	assert_int_equal(*rd_image_at(rd_screen_image(t->screen), 19, 9), 7);
	assert_int_equal(rd_region_area(rd_screen_damage(t->screen)), 200);
	rd_screen_clean(t->screen);

	assert_int_equal(begin(t, 2, 1, 20, 10), 0);
	assert_int_equal(raw(t, (struct rd_rect){3, 4, 2, 1}, 9), 0);
	assert_int_equal(show(t), 1);
	assert_false(t->frame.sync || t->frame.resized);
	assert_int_equal(rd_region_area(rd_screen_damage(t->screen)), 2);
}

static void
a_frame_with_no_base_waits_for_a_sync_point(void **state)
{
	struct teller *t = *state;

	assert_int_equal(begin(t, 5, 4, 20, 10), 0);
	assert_true(rd_screen_lost(t->screen));
	assert_int_equal(raw(t, (struct rd_rect){0, 0, 2, 2}, 9), 0);
	assert_int_equal(show(t), 0);
	assert_int_equal(begin(t, 6, 0, 20, 10), 0);
	assert_false(rd_screen_lost(t->screen));
	assert_int_equal(show(t), 1);
	/* frame 7 never came */
	assert_int_equal(begin(t, 8, 7, 20, 10), 0);
	assert_int_equal(show(t), 0);
	assert_true(rd_screen_lost(t->screen));
}

static void
rules_that_are_broken_are_named(void **state)
{
	struct teller *t = *state;
	struct rd_copy c = {{0, 0, 5, 5}, 16, 0};

	assert_int_equal(raw(t, (struct rd_rect){0, 0, 2, 2}, 9), -EPROTO);
	assert_string_equal(t->why, "an update comes outside a frame");
	assert_int_equal(begin(t, 1, 0, 0, 10), -EPROTO);
	assert_int_equal(begin(t, 1, 0, 65535, 65535), -EPROTO);
	assert_int_equal(begin(t, 1, 0, 20, 10), 0);
	assert_int_equal(begin(t, 2, 1, 20, 10), -EPROTO);
	assert_int_equal(raw(t, (struct rd_rect){19, 0, 2, 2}, 9), -EPROTO);
	rd_copy_pack(&t->b, &c, 1);
	assert_int_equal(say(t, RD_MSG_COPY), -EPROTO);
	assert_int_equal(show(t), 1);
	assert_int_equal(begin(t, 2, 1, 21, 10), -EPROTO);
}

static void
copies_read_what_those_before_them_left(void **state)
{
	struct teller *t = *state;
	struct rd_copy c[2] = {{{0, 0, 1, 1}, 1, 0}, {{1, 0, 1, 1}, 2, 0}};

	begin(t, 1, 0, 4, 1);
	raw(t, (struct rd_rect){0, 0, 1, 1}, 5);
	rd_copy_pack(&t->b, c, 2);
	assert_int_equal(say(t, RD_MSG_COPY), 0);
	assert_int_equal(show(t), 1);
	assert_int_equal(*rd_image_at(rd_screen_image(t->screen), 2, 0), 5);
}

/* Else 48 KiB could ask for hours of work. */
static void
a_frame_moves_its_picture_a_few_times_at_most(void **state)
{
	struct teller *t = *state;
	struct rd_copy c[RD_COPY_PICTURES + 1];

	for (int i = 0; i <= RD_COPY_PICTURES; i++)
		c[i] = (struct rd_copy){{0, 0, 4, 4}, 0, 0};
	for (uint32_t n = 1; n <= 2; n++) {
		begin(t, n, n - 1, 4, 4);
		rd_copy_pack(&t->b, c, RD_COPY_PICTURES);
		assert_int_equal(say(t, RD_MSG_COPY), 0);
		assert_int_equal(show(t), 1);
	}
	begin(t, 3, 2, 4, 4);
	rd_copy_pack(&t->b, c, RD_COPY_PICTURES);
	assert_int_equal(say(t, RD_MSG_COPY), 0);
	rd_copy_pack(&t->b, c, 1);
	assert_int_equal(say(t, RD_MSG_COPY), -EPROTO);
}

static void
video_must_be_whole_and_begin_with_a_key(void **state)
{
	struct teller *t = *state;
	struct rd_video v = {
		.rect = {0, 0, 16, 16},
		.codec = RD_CODEC_VP9,
		.data = (const uint8_t *)"junk",
		.len = 4,
	};

	begin(t, 1, 0, 16, 16);
	v.flags = RD_VIDEO_LAST;
	rd_video_pack(&t->b, &v);
	assert_int_equal(say(t, RD_MSG_VIDEO), -EPROTO);
	v.flags = RD_VIDEO_FIRST;
	rd_video_pack(&t->b, &v);
	assert_int_equal(say(t, RD_MSG_VIDEO), -EPROTO);
	v.flags = RD_VIDEO_FIRST | RD_VIDEO_KEY;
	rd_video_pack(&t->b, &v);
	assert_int_equal(say(t, RD_MSG_VIDEO), 0);
	assert_int_equal(show(t), -EPROTO);
}

/* Else eight decoders of a large picture could ask for gigabytes. */
static void
decoders_cover_the_picture_twice_at_most(void **state)
{
	struct teller *t = *state;
	struct rd_video v = {
		.rect = {0, 0, 16, 16},
		.codec = RD_CODEC_VP9,
		.flags = RD_VIDEO_FIRST | RD_VIDEO_KEY,
		.data = (const uint8_t *)"part",
		.len = 4,
	};

	begin(t, 1, 0, 16, 16);
	for (v.decoder = 0; v.decoder < RD_VIDEO_PICTURES; v.decoder++) {
		rd_video_pack(&t->b, &v);
		assert_int_equal(say(t, RD_MSG_VIDEO), 0);
	}
	v.rect = (struct rd_rect){0, 0, 1, 1};
	rd_video_pack(&t->b, &v);
	assert_int_equal(say(t, RD_MSG_VIDEO), -EPROTO);
}

static void
what_is_unknown_is_left_alone(void **state)
{
	struct teller *t = *state;

	assert_int_equal(say(t, RD_MSG_KEY), 0);
	assert_int_equal(say(t, 0x02fe), 0);
	begin(t, 1, 0, 4, 1);
	rd_buf_u32(&t->b, 1);
	assert_int_equal(say(t, 0x02fe), 0);
	assert_int_equal(show(t), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_frame_is_shown_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(a_frame_with_no_base_waits_for_a_sync_point, setup, teardown),
		cmocka_unit_test_setup_teardown(rules_that_are_broken_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(copies_read_what_those_before_them_left, setup, teardown),
		cmocka_unit_test_setup_teardown(a_frame_moves_its_picture_a_few_times_at_most, setup, teardown),
		cmocka_unit_test_setup_teardown(video_must_be_whole_and_begin_with_a_key, setup, teardown),
		cmocka_unit_test_setup_teardown(decoders_cover_the_picture_twice_at_most, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_unknown_is_left_alone, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "desktop/sink.h"
#include "media/picture.h"
#include "media/testcard.h"

static struct rd_capture_config
config(int width, int height, uint64_t frames)
{
	return (struct rd_capture_config){
		.width = width, .height = height, .fps_num = 30000, .fps_den = 1001, .frames = frames,
	};
}

static void
check_frame(struct sink *s, const struct rd_grab *g)
{
	struct rd_image expected = noise(g->width, g->height);
	rd_testcard_draw(&expected, 0, 0, g->width, g->height, (uint32_t)s->frames);
	assert_true(same(&s->picture, &expected));
	rd_image_finish(&expected);
	assert_int_equal(g->all, s->frames == 0);
	assert_int_equal(g->time_ns, (uint64_t)s->frames * 1001 * 1000000000 / 30000);
}

static void
gives_every_frame_and_ends(void **state)
{
	(void)state;
	static const int sizes[][2] = {{16, 16}, {161, 99}, {640, 360}};
	for (int i = 0; i < 3; i++) {
		struct sink s = {.cfg = config(sizes[i][0], sizes[i][1], 20), .frame = check_frame};
		assert_int_equal(sink_open(&s, "test", &sink_events), 0);
		rd_loop_run(s.loop);
		assert_int_equal(s.frames, 20);
		assert_int_equal(s.damaged, 20);
		assert_true(s.ended);
		assert_int_equal(s.error, 0);
		assert_null(s.why);
		sink_close(&s);
	}
}

/* Its reader may call without being told; the end is told once all the same. */
static void
goes_as_fast_as_it_is_asked(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(64, 48, 10), .frame = check_frame};
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(sink_grab(&s), 0);
	assert_int_equal(sink_grab(&s), -ENODATA);
	assert_false(s.ended);
	rd_loop_run(s.loop);
	assert_true(s.ended);
	assert_int_equal(s.damaged, 0);
	sink_close(&s);
}

static void
stop_at_1000(struct sink *s, const struct rd_grab *g)
{
	(void)g;
	if (s->frames == 1000)
		rd_loop_stop(s->loop, 0);
}

static void
goes_on_without_end(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(16, 16, 0), .frame = stop_at_1000};
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	rd_loop_run(s.loop);
	assert_true(s.frames > 1000);
	assert_false(s.ended);
	sink_close(&s);
}

static void
gives_all_when_refreshed(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(160, 120, 0)};
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	struct rd_grab g;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(rd_capture_grab(s.source, &g), 0);
		assert_int_equal(g.all, i % 2 == 0);
		assert_int_equal(g.count == 1, i % 2 == 0);
		rd_grab_finish(&g);
		if (i == 1)
			rd_capture_refresh(s.source);
	}
	sink_close(&s);
}

static void
loses_nothing_when_memory_is_out(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(160, 120, 3)};
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	struct rd_grab held[3];
	assert_int_equal(rd_capture_grab(s.source, &held[0]), 0);
	assert_int_equal(rd_capture_grab(s.source, &held[1]), 0);
	assert_int_equal(rd_capture_grab(s.source, &held[2]), -EAGAIN);
	assert_int_equal(held[2].count, 0);
	assert_null(held[2].part);
	rd_grab_finish(&held[2]);
	rd_grab_finish(&held[0]);
	assert_int_equal(rd_capture_grab(s.source, &held[2]), 0);
	assert_int_equal(held[2].time_ns, UINT64_C(2) * 1001 * 1000000000 / 30000);
	assert_int_equal(rd_capture_grab(s.source, &held[0]), -ENODATA);
	rd_grab_finish(&held[1]);
	rd_grab_finish(&held[2]);
	sink_close(&s);
}

/* A pixel written beyond the gap would show: gaps stay as they were. */
static void
leaves_the_gaps_alone(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(320, 200, 0)};
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	for (int i = 0; i < 50; i++) {
		struct rd_grab g;
		assert_int_equal(rd_capture_grab(s.source, &g), 0);
		for (int k = 0; k < g.count; k++)
			assert_memory_equal(g.blob->data + g.part[k].offset - RD_GRAB_GAP,
				(uint8_t[RD_GRAB_GAP]){0}, RD_GRAB_GAP);
		/* the pool gives the same memory again */
		memset(g.blob->data, 0, g.blob->size);
		rd_grab_finish(&g);
	}
	sink_close(&s);
}

static void
keeps_time_without_drift(void **state)
{
	(void)state;
	struct sink s = {.cfg = config(16, 16, 0)};
	s.cfg.fps_num = 0; /* its own default: 30 */
	assert_int_equal(sink_open(&s, "test", &sink_events), 0);
	for (int i = 0; i <= 300; i++) {
		struct rd_grab g;
		assert_int_equal(rd_capture_grab(s.source, &g), 0);
		assert_int_equal(g.time_ns, (uint64_t)i * 1000000000 / 30);
		rd_grab_finish(&g);
	}
	sink_close(&s);
}

static void
refuses_sizes_it_cannot_draw(void **state)
{
	(void)state;
	static const int sizes[][2] = {{15, 16}, {16, 15}, {0, 0}, {-1, 100}, {8193, 16}, {8192, 8192}};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct sink s = {.cfg = config(sizes[i][0], sizes[i][1], 1)};
		assert_int_equal(sink_open(&s, "test", &sink_events), -EINVAL);
		assert_null(s.source);
		char size[32];
		snprintf(size, sizeof(size), "%dx%d", sizes[i][0], sizes[i][1]);
		assert_non_null(strstr(s.why, size));
		sink_close(&s);
	}
}

static void
is_found_by_name(void **state)
{
	(void)state;
	assert_string_equal(rd_capture_find("test")->name, "test");
	assert_string_equal(rd_capture_find("y4m")->name, "y4m");
	assert_string_equal(rd_capture_find("x11")->name, "x11");
	assert_ptr_equal(rd_capture_find("x11"), rd_capture_table[0]);
	assert_null(rd_capture_find("testcard"));
	assert_null(rd_capture_find(""));
	assert_false(rd_capture_find("test")->live);
	rd_capture_close(NULL);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_every_frame_and_ends),
		cmocka_unit_test(goes_as_fast_as_it_is_asked),
		cmocka_unit_test(goes_on_without_end),
		cmocka_unit_test(gives_all_when_refreshed),
		cmocka_unit_test(loses_nothing_when_memory_is_out),
		cmocka_unit_test(leaves_the_gaps_alone),
		cmocka_unit_test(keeps_time_without_drift),
		cmocka_unit_test(refuses_sizes_it_cannot_draw),
		cmocka_unit_test(is_found_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

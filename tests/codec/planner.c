#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "codec/planner.h"
#include "codec/scene.h"
#include "codec/screen.h"
#include "wire/msg_picture.h"

#define FRAME_NS (UINT64_C(1000000000) / 30)

/* A planner whose messages go straight to a screen. */
struct bench {
	struct rd_planner *planner;
	struct rd_screen *screen;
	struct rd_screen_frame frame;
	int shown, copies, exacts, videos;
	size_t bytes;
};

static void
deliver(void *ctx, uint16_t type, uint64_t time_ns, struct rd_buf *body)
{
	struct bench *b = ctx;
	struct rd_msg m = {.type = type, .time_ns = time_ns, .data = body->data, .len = body->len};
	const char *why = "";
	int got;

	assert_true(body->len <= rd_msg_limit(type));
	got = rd_screen_message(b->screen, &m, &b->frame, &why);
	if (got < 0)
		print_error("%s: %s\n", rd_msg_name(type), why);
	assert_true(got >= 0);
	b->shown += got;
	b->copies += type == RD_MSG_COPY;
	b->exacts += type == RD_MSG_EXACT;
	b->videos += type == RD_MSG_VIDEO;
	b->bytes += RD_MSG_HEADER_SIZE + body->len;
}

static void
bench_open(struct bench *b, unsigned kinds, enum rd_codec codec)
{
	static const struct rd_planner_ops ops = {deliver};
	struct rd_planner_config cfg = {
		.kinds = kinds,
		.codec = codec,
		.yuv444 = codec != RD_CODEC_VP8,
		.quantizer = 24,
		.threads = 1,
	};

	*b = (struct bench){0};
	assert_int_equal(rd_screen_open(&b->screen), 0);
	assert_int_equal(rd_planner_open(&b->planner, &cfg, &ops, b), 0);
}

static void
bench_close(struct bench *b)
{
	rd_planner_close(b->planner);
	rd_screen_close(b->screen);
}

static void
refine_all(struct bench *b, uint64_t time_ns)
{
	int64_t n;

	while ((n = rd_planner_refine(b->planner, time_ns, 64 << 10, true)) > 0)
		;
	assert_int_equal(n, 0);
}

/* Whatever happens on a desktop, without video the viewer's picture is the host's. */
static void
copies_and_exact_are_exact(void **state)
{
	(void)state;
	scene_seed(0x5eed0011);
	for (int round = 0; round < 12; round++) {
		struct bench b;
		struct rd_image im;

		bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT, RD_CODEC_NONE);
		assert_int_equal(rd_image_init(&im, 40 + scene_below(700), 40 + scene_below(400)), 0);
		for (int i = 0; i < 40; i++) {
			pixman_region32_t damage;

			pixman_region32_init(&damage);
			scene_step(&im, &damage);
			assert_true(rd_planner_frame(b.planner, &im, &damage, i * FRAME_NS) >= 0);
			assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
			assert_true(b.frame.exact);
			pixman_region32_fini(&damage);
			if (scene_below(10) == 0)
				rd_planner_sync(b.planner);
		}
		rd_image_finish(&im);
		bench_close(&b);
	}
}

static void
everything_rests_exact(void **state)
{
	static const struct { unsigned kinds; enum rd_codec codec; } with[] = {
		{RD_KIND_VIDEO, RD_CODEC_VP8},
		{RD_KIND_VIDEO, RD_CODEC_VP9},
		{RD_KIND_VIDEO, RD_CODEC_AV1},
		{RD_KIND_COPY | RD_KIND_VIDEO, RD_CODEC_VP9},
		{RD_KIND_COPY | RD_KIND_EXACT | RD_KIND_VIDEO, RD_CODEC_VP9},
	};

	(void)state;
	scene_seed(0x5eed0012);
	for (size_t k = 0; k < sizeof(with) / sizeof(with[0]); k++) {
		struct bench b;
		struct rd_image im;
		pixman_region32_t damage;

		bench_open(&b, with[k].kinds, with[k].codec);
		assert_int_equal(rd_image_init(&im, 331, 210), 0);
		pixman_region32_init(&damage);
		for (int i = 0; i < 25; i++) {
			pixman_region32_clear(&damage);
			scene_step(&im, &damage);
			assert_true(rd_planner_frame(b.planner, &im, &damage, i * FRAME_NS) >= 0);
		}
		if (!(with[k].kinds & RD_KIND_EXACT))
			assert_true(b.videos > 0);
		refine_all(&b, 25 * FRAME_NS);
		assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
		assert_true(b.frame.exact);
		assert_true(rd_planner_due(b.planner) == UINT64_MAX);
		pixman_region32_fini(&damage);
		rd_image_finish(&im);
		bench_close(&b);
	}
}

/* A part of the screen that keeps changing like a film becomes video, the rest stays exact. */
static void
a_film_becomes_video_where_it_is(void **state)
{
	struct bench b;
	struct rd_image im;
	struct rd_rect film = {160, 96, 256, 192};
	pixman_region32_t damage;
	const struct rd_image *seen;

	(void)state;
	scene_seed(0x5eed0013);
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT | RD_KIND_VIDEO, RD_CODEC_VP9);
	assert_int_equal(rd_image_init(&im, 640, 360), 0);
	pixman_region32_init(&damage);
	scene_text(&im, (struct rd_rect){0, 0, 640, 360});
	for (int i = 0; i < 20; i++) {
		scene_noise(&im, film);
		rd_region_add(&damage, film);
		assert_true(rd_planner_frame(b.planner, &im, &damage, i * FRAME_NS) >= 0);
	}
	assert_true(b.videos > 0);
	assert_false(b.frame.exact);
	seen = rd_screen_image(b.screen);
	for (int y = 0; y < 360; y++)
		for (int x = 0; x < 640; x++)
			if (x < film.x - 16 || x >= film.x + film.w + 16 || y < film.y - 16
			    || y >= film.y + film.h + 16)
				assert_memory_equal(rd_image_at(&im, x, y), rd_image_at(seen, x, y), 3);

	/* It rests: due says when, and not before. */
	assert_true(rd_planner_due(b.planner) == 19 * FRAME_NS + RD_REST_NS);
	assert_int_equal(rd_planner_refine(b.planner, 19 * FRAME_NS + RD_REST_NS - 1, 1 << 20, false), 0);
	while (rd_planner_refine(b.planner, 19 * FRAME_NS + RD_REST_NS, 1 << 20, false) > 0)
		;
	assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
	pixman_region32_fini(&damage);
	rd_image_finish(&im);
	bench_close(&b);
}

static void
scrolled_text_is_copied(void **state)
{
	struct bench b;
	struct rd_image im;
	struct rd_rect page = {20, 10, 420, 300}, all = {0, 0, 480, 320};
	pixman_region32_t damage;
	struct rd_planner_stats before, after;

	(void)state;
	scene_seed(0x5eed0014);
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT, RD_CODEC_NONE);
	assert_int_equal(rd_image_init(&im, 480, 320), 0);
	scene_noise(&im, all);
	scene_text(&im, page);
	pixman_region32_init_rect(&damage, 0, 0, 480, 320);
	assert_true(rd_planner_frame(b.planner, &im, &damage, 0) > 0);
	before = rd_planner_stats(b.planner);
	rd_image_move(&im, (struct rd_rect){20, 40, 420, 270}, 20, 10);
	scene_text(&im, (struct rd_rect){20, 280, 420, 30});
	assert_true(rd_planner_frame(b.planner, &im, &damage, FRAME_NS) > 0);
	after = rd_planner_stats(b.planner);
	assert_true(after.copy.pixels - before.copy.pixels >= 420 * 230);
	assert_true(after.exact.pixels - before.exact.pixels <= 420 * 60);
	assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
	pixman_region32_fini(&damage);
	rd_image_finish(&im);
	bench_close(&b);
}

/* A window moved over a photograph: both directions at once. */
static void
a_dragged_window_is_copied(void **state)
{
	struct bench b;
	struct rd_image im, wall;
	struct rd_rect all = {0, 0, 640, 400};
	pixman_region32_t damage;
	struct rd_planner_stats before, after;

	(void)state;
	scene_seed(0x5eed0015);
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT, RD_CODEC_NONE);
	assert_int_equal(rd_image_init(&im, 640, 400), 0);
	assert_int_equal(rd_image_init(&wall, 640, 400), 0);
	scene_noise(&wall, all);
	rd_image_copy(&im, &wall, all);
	scene_text(&im, (struct rd_rect){50, 60, 300, 200});
	pixman_region32_init_rect(&damage, 0, 0, 640, 400);
	assert_true(rd_planner_frame(b.planner, &im, &damage, 0) > 0);
	before = rd_planner_stats(b.planner);
	rd_image_move(&im, (struct rd_rect){50, 60, 300, 200}, 61, 53);
	rd_image_copy(&im, &wall, (struct rd_rect){50, 60, 11, 200});
	rd_image_copy(&im, &wall, (struct rd_rect){50, 253, 300, 7});
	assert_true(rd_planner_frame(b.planner, &im, &damage, FRAME_NS) > 0);
	after = rd_planner_stats(b.planner);
	assert_true(after.copy.pixels - before.copy.pixels >= 260 * 180);
	assert_true(after.exact.pixels - before.exact.pixels <= 30000);
	assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
	pixman_region32_fini(&damage);
	rd_image_finish(&im);
	rd_image_finish(&wall);
	bench_close(&b);
}

static void
nothing_new_says_nothing(void **state)
{
	struct bench b;
	struct rd_image im;
	pixman_region32_t damage;

	(void)state;
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT, RD_CODEC_NONE);
	assert_int_equal(rd_image_init(&im, 100, 100), 0);
	pixman_region32_init_rect(&damage, 0, 0, 100, 100);
	assert_int_equal(rd_planner_frame(b.planner, &im, &damage, 0), 1);
	assert_true(b.frame.sync);
	b.bytes = 0;
	assert_int_equal(rd_planner_frame(b.planner, &im, &damage, FRAME_NS), 0);
	assert_int_equal(rd_planner_refine(b.planner, 2 * FRAME_NS, 1 << 20, true), 0);
	assert_int_equal(b.bytes, 0);
	rd_planner_sync(b.planner);
	pixman_region32_clear(&damage);
	assert_int_equal(rd_planner_frame(b.planner, &im, &damage, 3 * FRAME_NS), 2);
	assert_true(b.frame.sync);
	pixman_region32_fini(&damage);
	rd_image_finish(&im);
	bench_close(&b);
}

static void
a_new_size_is_a_sync_point(void **state)
{
	struct bench b;

	(void)state;
	scene_seed(0x5eed0016);
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT | RD_KIND_VIDEO, RD_CODEC_VP9);
	for (int i = 0; i < 8; i++) {
		struct rd_image im;
		pixman_region32_t damage;

		assert_int_equal(rd_image_init(&im, 30 + scene_below(300), 30 + scene_below(300)), 0);
		scene_text(&im, (struct rd_rect){0, 0, im.width, im.height});
		pixman_region32_init_rect(&damage, 0, 0, im.width, im.height);
		assert_true(rd_planner_frame(b.planner, &im, &damage, i * FRAME_NS) > 0);
		assert_true(b.frame.sync && b.frame.resized);
		assert_int_equal(scene_differ(&im, rd_screen_image(b.screen)), 0);
		pixman_region32_fini(&damage);
		rd_image_finish(&im);
	}
	bench_close(&b);
}

/* What was film in a larger picture would reach beyond the smaller one. */
static void
a_film_goes_on_in_a_smaller_picture(void **state)
{
	struct bench b;
	uint64_t now = 0;

	(void)state;
	scene_seed(0x5eed0017);
	bench_open(&b, RD_KIND_COPY | RD_KIND_EXACT | RD_KIND_VIDEO, RD_CODEC_VP9);
	for (int size = 512; size >= 256; size /= 2) {
		struct rd_rect all = {0, 0, size, size};
		struct rd_image im;
		pixman_region32_t damage;

		b.videos = 0;
		assert_int_equal(rd_image_init(&im, size, size), 0);
		pixman_region32_init_rect(&damage, 0, 0, (unsigned)size, (unsigned)size);
		for (int i = 0; i < 20; i++, now += FRAME_NS) {
			scene_noise(&im, all);
			assert_true(rd_planner_frame(b.planner, &im, &damage, now) > 0);
		}
		assert_true(b.videos > 0);
		pixman_region32_fini(&damage);
		rd_image_finish(&im);
	}
	bench_close(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_and_exact_are_exact),
		cmocka_unit_test(everything_rests_exact),
		cmocka_unit_test(a_film_becomes_video_where_it_is),
		cmocka_unit_test(scrolled_text_is_copied),
		cmocka_unit_test(a_dragged_window_is_copied),
		cmocka_unit_test(nothing_new_says_nothing),
		cmocka_unit_test(a_new_size_is_a_sync_point),
		cmocka_unit_test(a_film_goes_on_in_a_smaller_picture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <string.h>

#include <cmocka.h>

#include "codec/decoder.h"
#include "codec/encoder.h"
#include "media/testcard.h"
#include "pictures.h"

/* An encoder, what it is fed, and what a decoder makes of it. */
struct rig {
	struct rd_encoder *encoder;
	struct rd_decoder *decoder;
	struct rd_image in, out;
	struct rd_packet packet;
};

static void
rig_open(struct rig *g, enum rd_codec codec, int w, int h, bool yuv444, int threads, int quantizer)
{
	const struct rd_encoder_config cfg = {
		.codec = codec, .width = w, .height = h, .yuv444 = yuv444,
		.threads = threads, .quantizer = quantizer,
	};

	assert_int_equal(rd_encoder_open(&g->encoder, &cfg), 0);
	assert_int_equal(rd_decoder_open(&g->decoder, codec), 0);
	assert_int_equal(rd_image_init(&g->in, w, h), 0);
	assert_int_equal(rd_image_init(&g->out, w, h), 0);
	rd_testcard_draw(&g->in, 0, 0, w, h, 0);
}

static void
rig_close(struct rig *g)
{
	rd_encoder_close(g->encoder);
	rd_decoder_close(g->decoder);
	rd_image_finish(&g->in);
	rd_image_finish(&g->out);
}

/* One picture through both. */
static void
rig_pass(struct rig *g, const pixman_region32_t *changed, bool key)
{
	assert_int_equal(rd_encoder_encode(g->encoder, &g->in, changed, key, 7, &g->packet), 0);
	assert_true(g->packet.len > 0);
	assert_true(g->packet.time_ns == 7);
	assert_int_equal(rd_decoder_decode(g->decoder, g->packet.data, g->packet.len,
		&g->out, whole(&g->out)), 0);
}

/* Draws the test card's next number. `changed` is initialised here. */
static void
rig_step(struct rig *g, uint32_t number, pixman_region32_t *changed)
{
	pixman_region32_init(changed);
	rd_testcard_damage(changed, g->in.width, g->in.height, number);
	rd_testcard_draw(&g->in, 0, 0, g->in.width, g->in.height, number);
}

/* Runs `body` for every codec in every chroma it has. */
static void
for_each(void (*body)(enum rd_codec codec, bool yuv444))
{
	for (int i = 0; i < CODECS; i++) {
		body(codecs[i], false);
		if (rd_encoder_find(codecs[i])->has_444)
			body(codecs[i], true);
	}
}

/*
 * Least PSNR in 4:2:0, which blurs the card's small blocks of colour, and in
 * 4:4:4: what was reached by each codec, less some 2 dB.
 */
static const struct { int w, h, threads; double least[2]; } sizes[] = {
	{16, 16, 1, {15, 29}}, {17, 33, 1, {18, 32}}, {640, 360, 2, {30, 37}}, {1919, 1079, 2, {39, 45}},
};
#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void
pictures_come_back_one(enum rd_codec codec, bool yuv444)
{
	for (size_t s = 0; s < SIZES; s++) {
		struct rig g;
		rig_open(&g, codec, sizes[s].w, sizes[s].h, yuv444, sizes[s].threads, 24);
		rig_pass(&g, NULL, false);
		assert_true(g.packet.key);
		assert_true(psnr(&g.in, &g.out, whole(&g.in)) > sizes[s].least[yuv444]);
		size_t first = g.packet.len;
		for (uint32_t n = 1; n < 5; n++) {
			pixman_region32_t changed;
			rig_step(&g, n, &changed);
			rig_pass(&g, &changed, false);
			assert_false(g.packet.key);
			assert_true(psnr(&g.in, &g.out, whole(&g.in)) > sizes[s].least[yuv444]);
			if (sizes[s].w > 100)
				assert_true(g.packet.len < first / 2);
			pixman_region32_fini(&changed);
		}
		rig_close(&g);
	}
}

static void
pictures_come_back(void **state)
{
	(void)state;
	for_each(pictures_come_back_one);
}

/* A key frame when asked for, which a new decoder can start from; never otherwise. */
static void
keys_on_demand_one(enum rd_codec codec, bool yuv444)
{
	uint32_t seed = 1;
	struct rig g;

	rig_open(&g, codec, 160, 96, yuv444, 1, 24);
	for (int n = 0; n < 200; n++) {
		bool key = n % 40 == 20;
		if (n % 7 == 0)
			noise(&g.in, &seed);	/* as if the scene were cut */
		if (key) {
			rd_decoder_close(g.decoder);
			assert_int_equal(rd_decoder_open(&g.decoder, codec), 0);
		}
		rig_pass(&g, NULL, key);
		assert_true(g.packet.key == (key || n == 0));
	}
	rig_close(&g);
}

static void
keys_on_demand(void **state)
{
	(void)state;
	for_each(keys_on_demand_one);
}

/* Pictures that do not change are packets too. */
static void
still_pictures_have_packets_one(enum rd_codec codec, bool yuv444)
{
	pixman_region32_t nothing;
	struct rig g;

	pixman_region32_init(&nothing);
	rig_open(&g, codec, 320, 200, yuv444, 1, 24);
	rig_pass(&g, NULL, false);
	double before = psnr(&g.in, &g.out, whole(&g.in));
	size_t first = g.packet.len;
	for (int n = 0; n < 100; n++) {
		rig_pass(&g, n % 2 ? NULL : &nothing, false);
		assert_true(g.packet.len < first / 4);
	}
	/* And do not fade by being repeated. */
	assert_true(psnr(&g.in, &g.out, whole(&g.in)) > before - 1);
	pixman_region32_fini(&nothing);
	rig_close(&g);
}

static void
still_pictures_have_packets(void **state)
{
	(void)state;
	for_each(still_pictures_have_packets_one);
}

static void
quantizer_changes_live_one(enum rd_codec codec, bool yuv444)
{
	static const int steps[] = {12, 48, 24, 60, 0};
	size_t len[5];
	double got[5];
	uint32_t seed = 1;
	struct rig g;

	rig_open(&g, codec, 160, 96, yuv444, 1, 30);
	rig_pass(&g, NULL, false);
	noise(&g.in, &seed);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(rd_encoder_quantizer(g.encoder, steps[i]), 0);
		/* Changing it is no reason for a key frame … */
		rig_pass(&g, NULL, false);
		assert_false(g.packet.key);
		/* … which is asked for here to have sizes that compare. */
		rig_pass(&g, NULL, true);
		len[i] = g.packet.len;
		got[i] = psnr(&g.in, &g.out, whole(&g.in));
	}
	static const int finest_first[] = {4, 0, 2, 1, 3};
	for (int i = 1; i < 5; i++) {
		assert_true(len[finest_first[i]] * 10 < len[finest_first[i - 1]] * 9);
		if (yuv444)
			assert_true(got[finest_first[i]] < got[finest_first[i - 1]]);
	}
	assert_int_equal(rd_encoder_quantizer(g.encoder, -1), -EINVAL);
	assert_int_equal(rd_encoder_quantizer(g.encoder, RD_QUANTIZER_MAX + 1), -EINVAL);
	rig_close(&g);
}

static void
quantizer_changes_live(void **state)
{
	(void)state;
	for_each(quantizer_changes_live_one);
}

/*
 * Naming what changed gives as good a picture as naming nothing, and where
 * nothing changed VP8 and VP9 leave the picture as it was.
 */
static void
changed_is_as_good_as_all_one(enum rd_codec codec, bool yuv444)
{
	const struct rd_rect spot = { 101, 51, 77, 43 };
	/* Beyond the cells of 16 pixels that hold it, and the filters' reach. */
	const struct rd_rect far = { 224, 0, 96, 200 };
	struct rig part, all;
	uint32_t seed = 5;

	rig_open(&part, codec, 320, 200, yuv444, 1, 24);
	rig_open(&all, codec, 320, 200, yuv444, 1, 24);
	rig_pass(&part, NULL, false);
	rig_pass(&all, NULL, false);
	for (int n = 0; n < 10; n++) {
		struct rd_image before;
		pixman_region32_t changed;
		pixman_region32_init_rect(&changed, spot.x, spot.y, spot.w, spot.h);
		assert_int_equal(rd_image_init(&before, 320, 200), 0);
		rd_image_copy(&before, &part.out, whole(&before));
		rd_image_fill(&part.in, spot, next_random(&seed) & 0xffffff);
		rd_image_copy(&all.in, &part.in, spot);
		rig_pass(&part, &changed, false);
		rig_pass(&all, NULL, false);
		assert_true(psnr(&part.in, &part.out, spot) > psnr(&all.in, &all.out, spot) - 2);
		assert_true(psnr(&part.in, &part.out, whole(&part.in))
			> psnr(&all.in, &all.out, whole(&all.in)) - 2);
		if (codec != RD_CODEC_AV1)
			assert_true(psnr(&before, &part.out, far) == 99);
		rd_image_finish(&before);
		pixman_region32_fini(&changed);
	}
	rig_close(&part);
	rig_close(&all);
}

static void
changed_is_as_good_as_all(void **state)
{
	(void)state;
	for_each(changed_is_as_good_as_all_one);
}

/*
 * Noise at the finest quantiser: where libvpx overran a buffer of its tiles
 * and libaom's assertions ended the program, were they let.
 */
static void
noise_is_survived_one(enum rd_codec codec, bool yuv444)
{
	uint32_t seed = 9;
	struct rig g;

	rig_open(&g, codec, 700, 300, yuv444, 2, 0);
	for (int n = 0; n < 3; n++) {
		noise(&g.in, &seed);
		rig_pass(&g, NULL, false);
	}
	rig_close(&g);
	rig_open(&g, codec, 64, 64, yuv444, 2, 0);
	for (int n = 0; n < 60; n++) {
		rd_testcard_draw(&g.in, 0, 0, 64, 64, n * n);
		rig_pass(&g, NULL, false);
	}
	rig_close(&g);
}

static void
noise_is_survived(void **state)
{
	(void)state;
	for_each(noise_is_survived_one);
}

/* Wider than one VP9 tile column may be, and as high as anything comes. */
static void
long_pictures_one(enum rd_codec codec, bool yuv444)
{
	struct rig g;

	rig_open(&g, codec, RD_IMAGE_MAX_WIDTH, 18, yuv444, 2, 24);
	rig_pass(&g, NULL, false);
	rig_pass(&g, NULL, false);
	assert_true(psnr(&g.in, &g.out, whole(&g.in)) > 25);
	rig_close(&g);
	rig_open(&g, codec, 18, RD_IMAGE_MAX_HEIGHT, yuv444, 2, 24);
	rig_pass(&g, NULL, false);
	rig_pass(&g, NULL, false);
	rig_close(&g);
}

static void
long_pictures(void **state)
{
	(void)state;
	for_each(long_pictures_one);
}

static int
open_error(struct rd_encoder_config cfg)
{
	struct rd_encoder *e;
	int r = rd_encoder_open(&e, &cfg);

	rd_encoder_close(e);
	return r;
}

static void
bounds_are_checked(void **state)
{
	const struct rd_encoder_config good = { RD_CODEC_VP9, 64, 64, false, 1, 24, 0 };
	struct rd_encoder_config c;
	(void)state;

	assert_int_equal(open_error(good), 0);
	c = good, c.codec = RD_CODEC_VP8, c.yuv444 = true;
	assert_int_equal(open_error(c), -ENOTSUP);
	c = good, c.codec = RD_CODEC_NONE;
	assert_int_equal(open_error(c), -ENOTSUP);
	c = good, c.width = RD_ENCODER_MIN_SIZE - 1;
	assert_int_equal(open_error(c), -EINVAL);
	c = good, c.height = RD_IMAGE_MAX_HEIGHT + 1;
	assert_int_equal(open_error(c), -EINVAL);
	c = good, c.quantizer = RD_QUANTIZER_MAX + 1;
	assert_int_equal(open_error(c), -EINVAL);
	c = good, c.codec = RD_CODEC_AV1, c.speed = 11;
	assert_int_equal(open_error(c), -EINVAL);
	c = good, c.threads = 0;
	assert_int_equal(open_error(c), 0);
	for (int i = 0; i < CODECS; i++) {
		c = good, c.codec = codecs[i], c.threads = 1000;
		assert_int_equal(open_error(c), 0);
	}

	struct rd_encoder *e;
	struct rd_image im;
	struct rd_packet packet;
	assert_int_equal(rd_encoder_open(&e, &good), 0);
	assert_int_equal(rd_image_init(&im, 64, 66), 0);
	assert_int_equal(rd_encoder_encode(e, &im, NULL, false, 0, &packet), -EINVAL);
	rd_image_finish(&im);
	rd_encoder_close(e);
	rd_encoder_close(NULL);
}

static void
codecs_have_names(void **state)
{
	static const char *const names[] = { "vp8", "vp9", "av1" };
	(void)state;

	for (int i = 0; i < CODECS; i++) {
		assert_string_equal(rd_encoder_find(codecs[i])->name, names[i]);
		assert_ptr_equal(rd_encoder_named(names[i]), rd_encoder_find(codecs[i]));
	}
	assert_string_equal(rd_encoder_named("vp9")->fourcc, "VP90");
	assert_null(rd_encoder_named("h264"));
	assert_null(rd_encoder_find(RD_CODEC_NONE));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_come_back),
		cmocka_unit_test(keys_on_demand),
		cmocka_unit_test(still_pictures_have_packets),
		cmocka_unit_test(quantizer_changes_live),
		cmocka_unit_test(changed_is_as_good_as_all),
		cmocka_unit_test(noise_is_survived),
		cmocka_unit_test(long_pictures),
		cmocka_unit_test(bounds_are_checked),
		cmocka_unit_test(codecs_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>

#include <cmocka.h>

#include "codec/exact.h"
#include "codec/scene.h"
#include "wire/msg.h"

/* An encoder, its image, and a decoder that paints what the encoder says. */
struct pair {
	struct rd_exact_enc *enc;
	struct rd_exact_dec *dec;
	struct rd_image from, to;
	size_t bytes;
	int messages;
};

static void
pair_open(struct pair *p, int w, int h)
{
	*p = (struct pair){0};
	assert_int_equal(rd_exact_enc_open(&p->enc), 0);
	assert_int_equal(rd_exact_dec_open(&p->dec), 0);
	assert_int_equal(rd_image_init(&p->from, w, h), 0);
	assert_int_equal(rd_image_init(&p->to, w, h), 0);
}

static void
pair_close(struct pair *p)
{
	rd_exact_enc_close(p->enc);
	rd_exact_dec_close(p->dec);
	rd_image_finish(&p->from);
	rd_image_finish(&p->to);
}

static void
deliver(void *ctx, struct rd_buf *body)
{
	struct pair *p = ctx;
	struct rd_exact m;

	assert_true(body->len <= RD_MSG_MAX_UPDATE);
	assert_int_equal(rd_exact_parse(&m, body->data, body->len), 0);
	for (int i = 0; i < m.count; i++)
		assert_true(rd_rect_inside(rd_exact_rect(&m, i), p->to.width, p->to.height));
	assert_int_equal(rd_exact_dec_get(p->dec, &m, &p->to), 0);
	p->bytes += body->len;
	p->messages++;
}

static void
send(struct pair *p, int strip, const struct rd_rect *rects, int n)
{
	assert_int_equal(rd_exact_enc_put(p->enc, &p->from, strip, rects, n, deliver, p), 0);
}

static void
any_picture_arrives_exact(void **state)
{
	(void)state;
	scene_seed(0x5eed0001);
	for (int round = 0; round < 40; round++) {
		struct pair p;
		struct rd_rect all;

		pair_open(&p, 1 + scene_below(700), 1 + scene_below(400));
		all = (struct rd_rect){0, 0, p.from.width, p.from.height};
		for (int step = 0; step < 6; step++) {
			pixman_region32_t damage;

			pixman_region32_init(&damage);
			for (int i = 0; i < 4; i++)
				scene_step(&p.from, &damage);
			pixman_region32_fini(&damage);
			send(&p, 1 + scene_below(RD_EXACT_MAX_STRIP), &all, 1);
			assert_int_equal(scene_differ(&p.from, &p.to), 0);
			if (scene_below(4) == 0) {
				rd_exact_enc_reset(p.enc);
				rd_exact_dec_reset(p.dec);
			}
		}
		pair_close(&p);
	}
}

static void
only_the_rectangles_are_painted(void **state)
{
	struct rd_rect r[2] = {{3, 5, 20, 17}, {60, 2, 1, 1}};
	struct pair p;

	(void)state;
	scene_seed(0x5eed0002);
	pair_open(&p, 100, 50);
	scene_noise(&p.from, (struct rd_rect){0, 0, 100, 50});
	send(&p, 13, r, 2);
	for (int y = 0; y < 50; y++)
		for (int x = 0; x < 100; x++) {
			bool in = (x >= 3 && x < 23 && y >= 5 && y < 22) || (x == 60 && y == 2);
			const uint8_t *want = in ? rd_image_at(&p.from, x, y) : (const uint8_t *)"\0\0\0";

			assert_memory_equal(rd_image_at(&p.to, x, y), want, 3);
		}
	pair_close(&p);
}

/* More new columns than a book holds: it is begun anew, in the middle of a picture. */
static void
a_full_book_is_begun_anew(void **state)
{
	struct pair p;
	struct rd_rect all = {0, 0, 1024, 128};

	(void)state;
	scene_seed(0x5eed0003);
	pair_open(&p, 1024, 128);
	for (int round = 0; round < 12; round++) {
		/* few enough new columns a tile to count as text, many over time */
		for (int i = 0; i < 200; i++) {
			int x = scene_below(1024);

			scene_noise(&p.from, (struct rd_rect){x, 16 * scene_below(8), 1, 16});
		}
		send(&p, 16, &all, 1);
		assert_int_equal(scene_differ(&p.from, &p.to), 0);
	}
	pair_close(&p);
}

static void
a_letter_seen_before_costs_little(void **state)
{
	struct pair p;
	struct rd_rect page = {0, 0, 600, 300}, letter = {30, 40, RD_GLYPH_WIDTH, RD_GLYPH_HEIGHT};
	size_t before;

	(void)state;
	scene_seed(0x5eed0004);
	pair_open(&p, 600, 300);
	scene_text(&p.from, page);
	send(&p, RD_GLYPH_HEIGHT, &page, 1);
	rd_image_fill(&p.from, letter, 0xffffff);
	rd_glyphs_draw(&p.from, letter.x, letter.y, 1, 0, "R");
	before = p.bytes;
	send(&p, RD_GLYPH_HEIGHT, &letter, 1);
	assert_int_equal(scene_differ(&p.from, &p.to), 0);
	assert_true(p.bytes - before < 40);
	pair_close(&p);
}

static void
broken_messages_are_refused(void **state)
{
	struct rd_rect r = {0, 0, 4, 4};
	struct rd_image im;
	struct rd_exact_dec *d;
	struct rd_buf b = {0};
	struct rd_exact m;

	(void)state;
	assert_int_equal(rd_image_init(&im, 16, 16), 0);
	assert_int_equal(rd_exact_dec_open(&d), 0);
	for (int method = 0; method < RD_EXACT_METHODS; method++) {
		static const uint8_t junk[40] = {0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3};

		rd_buf_reset(&b);
		rd_exact_pack(&b, method, method == RD_EXACT_COLUMNS ? 4 : 1, &r, 1, junk, sizeof(junk));
		assert_int_equal(rd_exact_parse(&m, b.data, b.len), 0);
		assert_int_equal(rd_exact_dec_get(d, &m, &im), -EPROTO);
	}
	rd_buf_finish(&b);
	rd_exact_dec_close(d);
	rd_image_finish(&im);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_picture_arrives_exact),
		cmocka_unit_test(only_the_rectangles_are_painted),
		cmocka_unit_test(a_full_book_is_begun_anew),
		cmocka_unit_test(a_letter_seen_before_costs_little),
		cmocka_unit_test(broken_messages_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

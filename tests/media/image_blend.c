#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

static uint8_t
over(uint8_t below, uint8_t above, uint8_t alpha)
{
	const double v = above + below * (255 - alpha) / 255.0 + 0.5;
	return v > 255 ? 255 : (uint8_t)v;
}

static void
blends_every_alpha(void **state)
{
	(void)state;
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 256, 256), 0);
	uint8_t *sprite = malloc(256 * 256 * 4);
	for (int i = 0; i < 256 * 256; i++) {
		/* column: alpha; row: what is below; the sprite is white and half red */
		const uint8_t alpha = (uint8_t)(i % 256), below = (uint8_t)(i / 256);
		memcpy(sprite + i * 4, (uint8_t[]){0, alpha, alpha / 2, alpha}, 4);
		memcpy(rd_image_at(&im, i % 256, i / 256), (uint8_t[]){below, below, below, 0}, 4);
	}
	rd_image_blend(&im, 0, 0, sprite, 256, 256);
	for (int i = 0; i < 256 * 256; i++) {
		const uint8_t alpha = (uint8_t)(i % 256), below = (uint8_t)(i / 256);
		const uint8_t *p = rd_image_at(&im, i % 256, i / 256);
		assert_int_equal(p[0], over(below, 0, alpha));
		assert_int_equal(p[1], over(below, alpha, alpha));
		assert_int_equal(p[2], over(below, alpha / 2, alpha));
		assert_int_equal(p[3], 0);
	}
	free(sprite);
	rd_image_finish(&im);
}

static void
does_not_wrap_when_not_premultiplied(void **state)
{
	(void)state;
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, 1, 1), 0);
	rd_image_fill(&im, (struct rd_rect){0, 0, 1, 1}, 0xffffff);
	rd_image_blend(&im, 0, 0, (uint8_t[]){200, 200, 200, 0}, 1, 1);
	assert_int_equal(pixel(&im, 0, 0), 0xffffff);
	rd_image_finish(&im);
}

static void
clips_at_every_edge(void **state)
{
	(void)state;
	enum { W = 20, H = 12, SIZE = 8 };
	uint8_t *sprite = malloc(SIZE * SIZE * 4);
	for (int i = 0; i < SIZE * SIZE; i++)
		memcpy(sprite + i * 4, (uint8_t[]){(uint8_t)i, 1, 2, 255}, 4);
	for (int y = -SIZE - 1; y <= H + 1; y++) {
		for (int x = -SIZE - 1; x <= W + 1; x++) {
			struct rd_image im = noise(W, H), was = copy_of(&im);
			rd_image_blend(&im, x, y, sprite, SIZE, SIZE);
			for (int py = 0; py < H; py++) {
				for (int px = 0; px < W; px++) {
					const uint32_t i = (uint32_t)((py - y) * SIZE + px - x);
					const bool hit = in_rect((struct rd_rect){x, y, SIZE, SIZE}, px, py);
					assert_int_equal(pixel(&im, px, py),
						hit ? (i | 0x020100) : pixel(&was, px, py));
				}
			}
			rd_image_finish(&im);
			rd_image_finish(&was);
		}
	}
	free(sprite);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blends_every_alpha),
		cmocka_unit_test(does_not_wrap_when_not_premultiplied),
		cmocka_unit_test(clips_at_every_edge),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

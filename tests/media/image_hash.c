#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

/* Fills a picture from packed triples, with something else where X is. */
static struct rd_image
picture_of(const uint8_t *packed, int width, int height)
{
	struct rd_image im;
	assert_int_equal(rd_image_init(&im, width, height), 0);
	for (int i = 0; i < width * height; i++) {
		uint8_t *p = rd_image_at(&im, i % width, i / width);
		memcpy(p, packed + (size_t)i * 3, 3);
		p[3] = (uint8_t)random_below(256);
	}
	return im;
}

static void
assert_hash(const struct rd_image *im, const char *expected)
{
	uint8_t hash[16];
	char text[33];
	rd_image_hash(im, hash);
	for (int i = 0; i < 16; i++)
		sprintf(text + 2 * i, "%02x", hash[i]);
	assert_string_equal(text, expected);
}

/* printf '\x1\x2…\x12' | xxhsum -H2 */
static void
is_what_xxhsum_says(void **state)
{
	(void)state;
	uint8_t packed[18];
	for (int i = 0; i < 18; i++)
		packed[i] = (uint8_t)(i + 1);
	struct rd_image im = picture_of(packed, 3, 2);
	assert_hash(&im, "12c57c882040332e95f27db03742c894");
	rd_image_finish(&im);
}

/* Byte i of 30000 is i * 7 + i / 256: longer than any piece that is hashed at once. */
static void
is_the_same_in_pieces(void **state)
{
	(void)state;
	uint8_t *packed = malloc(30000);
	for (int i = 0; i < 30000; i++)
		packed[i] = (uint8_t)(i * 7 + i / 256);
	static const int sizes[][2] = {{5000, 2}, {2, 5000}, {100, 100}};
	for (int i = 0; i < 3; i++) {
		struct rd_image im = picture_of(packed, sizes[i][0], sizes[i][1]);
		assert_hash(&im, "bd9f6ca554c9e5e082a04ea65636ca65");
		rd_image_finish(&im);
	}
	free(packed);
}

static void
sees_every_pixel(void **state)
{
	(void)state;
	struct rd_image im = noise(67, 5);
	uint8_t before[16], after[16];
	rd_image_hash(&im, before);
	for (int y = 0; y < im.height; y++) {
		for (int x = 0; x < im.width; x++) {
			for (int c = 0; c < 3; c++) {
				rd_image_at(&im, x, y)[c] ^= 1;
				rd_image_hash(&im, after);
				assert_memory_not_equal(before, after, 16);
				rd_image_at(&im, x, y)[c] ^= 1;
			}
		}
	}
	rd_image_finish(&im);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_what_xxhsum_says),
		cmocka_unit_test(is_the_same_in_pieces),
		cmocka_unit_test(sees_every_pixel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

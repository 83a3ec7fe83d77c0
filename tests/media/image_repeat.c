#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "media/image.h"
#include "media/picture.h"

/* Any clip of any multiple: inside it the pixel below, outside it what was there. */
static void
makes_squares_of_pixels(void **state)
{
	(void)state;
	for (int n = 0; n < 200; n++) {
		const int across = 1 + random_below(4), down = 1 + random_below(4);
		struct rd_image src = noise(1 + random_below(9), 1 + random_below(9));
		struct rd_image dst = noise(src.width * across, src.height * down), was = copy_of(&dst);
		struct rd_rect r = {.x = random_below(dst.width), .y = random_below(dst.height)};
		r.w = 1 + random_below(dst.width - r.x);
		r.h = 1 + random_below(dst.height - r.y);
		rd_image_repeat_clip(&dst, &src, r);
		for (int y = 0; y < dst.height; y++) {
			for (int x = 0; x < dst.width; x++)
				assert_int_equal(pixel(&dst, x, y), in_rect(r, x, y)
					? pixel(&src, x / across, y / down) : pixel(&was, x, y));
		}
		rd_image_finish(&src);
		rd_image_finish(&dst);
		rd_image_finish(&was);
	}
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_squares_of_pixels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <png.h>

#include "media/image.h"
#include "media/picture.h"

static void
check(int width, int height)
{
	struct rd_image im = noise(width, height);
	char *file = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&file, &size);
	assert_int_equal(rd_image_png(&im, f), 0);
	fclose(f);

	png_image png = {.version = PNG_IMAGE_VERSION};
	assert_true(png_image_begin_read_from_memory(&png, file, size));
	assert_int_equal(png.width, width);
	assert_int_equal(png.height, height);
	assert_int_equal(png.format & PNG_FORMAT_FLAG_ALPHA, 0);
	png.format = PNG_FORMAT_BGRA;
	struct rd_image back = noise(width, height);
	assert_true(png_image_finish_read(&png, NULL, back.data, (png_int_32)back.stride, NULL));
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++)
			assert_int_equal(pixel(&back, x, y), pixel(&im, x, y) | 0xff000000);
	}
	free(file);
	rd_image_finish(&im);
	rd_image_finish(&back);
}

static void
is_read_back_by_libpng(void **state)
{
	(void)state;
	check(1, 1);
	check(33, 1);
	check(1, 33);
	check(161, 97);
}

static void
says_that_the_disk_is_full(void **state)
{
	(void)state;
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	struct rd_image im = noise(200, 200);
	assert_int_equal(rd_image_png(&im, full), -ENOSPC);
	rd_image_finish(&im);
	im = noise(2, 2); /* less than a buffer of stdio */
	assert_int_equal(rd_image_png(&im, full), -ENOSPC);
	rd_image_finish(&im);
	fclose(full);
}

int
main(void)
{
	random_start();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_back_by_libpng),
		cmocka_unit_test(says_that_the_disk_is_full),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

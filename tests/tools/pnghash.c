/*
 * What a PNG file shows: "WxH HASH" as xhash says it of a screen, to compare
 * the two. Of several files the last one counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include <png.h>

#include "media/image.h"

int
main(int argc, char **argv)
{
	png_image png = {.version = PNG_IMAGE_VERSION};
	struct rd_image im = {0};
	uint8_t hash[16];

	if (argc < 2 || !png_image_begin_read_from_file(&png, argv[argc - 1]))
		return 1;
	png.format = PNG_FORMAT_BGRA;
	if (rd_image_init(&im, (int)png.width, (int)png.height) != 0)
		return 1;
	if (!png_image_finish_read(&png, NULL, im.data, (png_int_32)im.stride, NULL))
		return 1;
	rd_image_hash(&im, hash);
	printf("%dx%d ", im.width, im.height);
	for (int i = 0; i < 16; i++)
		printf("%02x", hash[i]);
	putchar('\n');
	rd_image_finish(&im);
	return 0;
}

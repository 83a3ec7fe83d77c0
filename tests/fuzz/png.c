#include <stdio.h>

#include "media/image.h"

/* A PNG file, whole or not. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_image im = {0};
	if (len == 0)
		return 0;
	FILE *f = fmemopen((void *)data, len, "rb");
	if (!f)
		return 0;
	if (rd_image_read_png(&im, f) == 0)
		rd_image_finish(&im);
	fclose(f);
	return 0;
}

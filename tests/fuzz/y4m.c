#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "media/y4m_reader.h"

/*
 * A Y4M file in pieces, whose size is the first byte; every whole frame is
 * converted.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
convert(const struct rd_y4m_reader *r)
{
	struct rd_image im;
	if (rd_image_init(&im, r->header.width, r->header.height) < 0)
		abort(); /* the parser promised a size that we take */
	rd_y4m_to_image(&r->header, r->planes, &im);
	rd_image_finish(&im);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	if (len == 0)
		return 0;
	const size_t piece = (size_t)data[0] + 1;
	const uint8_t *end = data + len;
	struct rd_y4m_reader r = {0};
	int got = 0;
	for (data++; data < end && got == 0;) {
		size_t n;
		uint8_t *to = rd_y4m_reader_room(&r, &n);
		n = n < piece ? n : piece;
		n = n < (size_t)(end - data) ? n : (size_t)(end - data);
		memcpy(to, data, n);
		data += n;
		for (got = rd_y4m_reader_add(&r, n); got == 1; got = rd_y4m_reader_next(&r))
			convert(&r);
	}
	rd_y4m_reader_finish(&r);
	return 0;
}

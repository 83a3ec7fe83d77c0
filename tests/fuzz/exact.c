#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <zstd.h>

#include "codec/exact.h"
#include "wire/msg_picture.h"

/*
 * What stands behind zstd in an EXACT message: input is a row of {u8 method,
 * u8 strip, u16 length, plain bytes}; each is compressed as a sender would and
 * painted into two rectangles of one image.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct rd_rect rects[2] = {{1, 2, 30, 21}, {40, 0, 7, 64}};

static size_t
compress(ZSTD_CStream *z, const uint8_t *data, size_t size, uint8_t *out, size_t cap)
{
	ZSTD_inBuffer in = {data, size, 0};
	ZSTD_outBuffer o = {out, cap, 0};

	while (ZSTD_compressStream2(z, &o, &in, ZSTD_e_flush) > 0)
		;
	return o.pos;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t packed[80 << 10];
	ZSTD_CStream *z[RD_EXACT_METHODS];
	struct rd_image im;
	struct rd_exact_dec *d;
	struct rd_buf b = {0};
	struct rd_exact m;

	if (rd_image_init(&im, 64, 64) || rd_exact_dec_open(&d))
		abort();
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		z[i] = ZSTD_createCStream();
	while (size >= 4) {
		int method = data[0] % RD_EXACT_METHODS;
		size_t len = data[2] | data[3] << 8;

		if (len > size - 4)
			len = size - 4;
		rd_buf_reset(&b);
		rd_exact_pack(&b, method, method == RD_EXACT_COLUMNS ? data[1] % RD_EXACT_MAX_STRIP + 1 : 1,
			rects, 2, packed, compress(z[method], data + 4, len, packed, sizeof(packed)));
		data += 4 + len;
		size -= 4 + len;
		if (rd_exact_parse(&m, b.data, b.len) == 0 && rd_exact_dec_get(d, &m, &im) != 0)
			break;
	}
	for (int i = 0; i < RD_EXACT_METHODS; i++)
		ZSTD_freeCStream(z[i]);
	rd_buf_finish(&b);
	rd_exact_dec_close(d);
	rd_image_finish(&im);
	return 0;
}

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "codec/decoder.h"

/*
 * A stream of packets for one decoder: the first byte picks the codec, then
 * each packet stands behind its length in two bytes, low one first; a length
 * that is too long takes what is left. Pictures are 64x64.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum rd_codec codecs[] = { RD_CODEC_VP8, RD_CODEC_VP9, RD_CODEC_AV1 };
	const struct rd_rect to = { 0, 0, 64, 64 };
	struct rd_decoder *decoder;
	struct rd_image im;

	if (size < 1)
		return 0;
	if (rd_image_init(&im, 64, 64) || rd_decoder_open(&decoder, codecs[data[0] % 3]))
		abort();
	data++;
	size--;
	while (size >= 2) {
		size_t len = data[0] | data[1] << 8;

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		rd_decoder_decode(decoder, data, len, &im, to);
		data += len;
		size -= len;
	}
	rd_decoder_close(decoder);
	rd_image_finish(&im);
	return 0;
}

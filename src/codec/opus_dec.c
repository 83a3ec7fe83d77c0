#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <opus.h>

#include "base/mem.h"
#include "codec/opus_dec.h"

struct rd_opus_dec {
	OpusDecoder *opus;
};

int
rd_opus_dec_open(struct rd_opus_dec **out)
{
	struct rd_opus_dec *d = xcalloc(1, sizeof(*d));
	int why;
	d->opus = opus_decoder_create(RD_SOUND_RATE, RD_SOUND_CHANNELS, &why);
	if (!d->opus) {
		free(d);
		return -ENOMEM;
	}
	*out = d;
	return 0;
}

void
rd_opus_dec_close(struct rd_opus_dec *d)
{
	if (!d)
		return;
	opus_decoder_destroy(d->opus);
	free(d);
}

static bool
is_piece(const uint8_t *data, size_t len)
{
	return len > 0 && opus_packet_get_nb_samples(data, (opus_int32)len, RD_SOUND_RATE) ==
		RD_SOUND_PIECE;
}

int
rd_opus_dec(struct rd_opus_dec *d, const uint8_t *data, size_t len,
	int16_t out[static RD_SOUND_SAMPLES])
{
	if (!is_piece(data, len))
		return -EPROTO;
	int n = opus_decode(d->opus, data, (opus_int32)len, out, RD_SOUND_PIECE, 0);
	return n == RD_SOUND_PIECE ? 0 : -EPROTO;
}

void
rd_opus_dec_lost(struct rd_opus_dec *d, const uint8_t *next, size_t len,
	int16_t out[static RD_SOUND_SAMPLES])
{
	bool told = next && is_piece(next, len);
	int n = opus_decode(d->opus, told ? next : NULL, told ? (opus_int32)len : 0, out,
		RD_SOUND_PIECE, told);
	if (n != RD_SOUND_PIECE)
		memset(out, 0, RD_SOUND_SAMPLES * sizeof(*out));
}

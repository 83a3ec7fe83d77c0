/* VP8 and VP9 by libvpx. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#include "base/mem.h"
#include "codec/decoder.h"
#include "codec/yuv.h"

struct vpx_decoder {
	struct rd_decoder base;
	vpx_codec_ctx_t ctx;
	bool open;		/* ctx is a decoder */
	uint8_t *packet;	/* VP9: a copy, and an index behind it */
	size_t cap;
};

/*
 * libvpx takes what follows a VP9 frame in a packet as another frame, of any
 * size, unless an index at the packet's end says where frames end: two equal
 * bytes (0xc0, plus 0x18 for sizes of 4 bytes, plus the number of frames less
 * one) around the sizes (VP9 specification, annex B). So each packet gets one
 * that names a single frame, and whatever index it brought is part of that.
 */
#define INDEX_MARKER (0xc0 | 3 << 3)
#define INDEX_SIZE 6

static int
add_index(struct vpx_decoder *d, const uint8_t *data, size_t len)
{
	if (d->cap < len + INDEX_SIZE) {
		uint8_t *p = realloc(d->packet, len + INDEX_SIZE);
		if (!p)
			return -ENOMEM;
		d->packet = p;
		d->cap = len + INDEX_SIZE;
	}
	memcpy(d->packet, data, len);
	uint8_t *index = d->packet + len;
	index[0] = index[5] = INDEX_MARKER;
	for (int i = 0; i < 4; i++)
		index[1 + i] = len >> 8 * i;
	return 0;
}

/* The one picture of the packet just decoded, or NULL. */
static const vpx_image_t *
picture(struct vpx_decoder *d)
{
	vpx_codec_iter_t iter = NULL;
	const vpx_image_t *image = vpx_codec_get_frame(&d->ctx, &iter);

	if (!image || (int)image->d_w != d->base.width || (int)image->d_h != d->base.height
	    || (image->fmt != VPX_IMG_FMT_I420 && image->fmt != VPX_IMG_FMT_I444))
		return NULL;
	int corrupted = 0;
	if (vpx_codec_control(&d->ctx, VP8D_GET_FRAME_CORRUPTED, &corrupted) || corrupted)
		return NULL;
	return image;
}

static int
vpx_start(struct vpx_decoder *d)
{
	/* One thread: small pictures gain nothing, and confinement may forbid more. */
	vpx_codec_dec_cfg_t cfg = { .threads = 1 };
	vpx_codec_iface_t *iface = d->base.ops->codec == RD_CODEC_VP9 ?
		vpx_codec_vp9_dx() : vpx_codec_vp8_dx();

	if (vpx_codec_dec_init(&d->ctx, iface, &cfg, 0))
		return -ENOMEM;
	d->open = true;
	return 0;
}

static int
vpx_decode(struct rd_decoder *base, const uint8_t *data, size_t len,
	struct rd_image *im, struct rd_rect to)
{
	struct vpx_decoder *d = (struct vpx_decoder *)base;

	int r = d->open ? 0 : vpx_start(d);
	if (r == 0 && base->ops->codec == RD_CODEC_VP9) {
		r = add_index(d, data, len);
		data = d->packet;
		len += INDEX_SIZE;
	}
	if (r < 0)
		return r;
	/* Whatever the error: libvpx says "no memory" of a broken VP9 tile, too. */
	if (vpx_codec_decode(&d->ctx, data, len, NULL, 0))
		return -EPROTO;

	const vpx_image_t *image = picture(d);
	if (!image)
		return -EPROTO;
	const uint8_t *const plane[3] = { image->planes[0], image->planes[1], image->planes[2] };
	rd_yuv_to_image(plane, image->stride, image->fmt == VPX_IMG_FMT_I444, im, to);
	return 0;
}

static void
vpx_reset(struct rd_decoder *base)
{
	struct vpx_decoder *d = (struct vpx_decoder *)base;

	if (d->open)
		vpx_codec_destroy(&d->ctx);
	d->open = false;
	free(d->packet);
	d->packet = NULL;
	d->cap = 0;
}

static int
vpx_open(struct rd_decoder **out)
{
	struct vpx_decoder *d = xcalloc(1, sizeof(*d));

	*out = &d->base;
	return 0;
}

static void
vpx_close(struct rd_decoder *base)
{
	vpx_reset(base);
	free(base);
}

const struct rd_decoder_ops rd_decoder_vp8 = {
	.codec = RD_CODEC_VP8,
	.open = vpx_open,
	.peek = rd_peek_vp8,
	.decode = vpx_decode,
	.reset = vpx_reset,
	.close = vpx_close,
};

const struct rd_decoder_ops rd_decoder_vp9 = {
	.codec = RD_CODEC_VP9,
	.open = vpx_open,
	.peek = rd_peek_vp9,
	.decode = vpx_decode,
	.reset = vpx_reset,
	.close = vpx_close,
};

/* AV1 by dav1d: two to three times as fast as libaom's decoder. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <dav1d/dav1d.h>

#include "base/mem.h"
#include "codec/decoder.h"
#include "codec/yuv.h"

struct av1_decoder {
	struct rd_decoder base;
	Dav1dContext *ctx;	/* or NULL; made for one size */
};

static int
av1_start(struct av1_decoder *d)
{
	Dav1dSettings s;

	dav1d_default_settings(&s);
	/* In this thread: small pictures gain nothing, and confinement may forbid more. */
	s.n_threads = 1;
	s.max_frame_delay = 1;
	/* A frame may be larger than its sequence header said, up to this area. */
	s.frame_size_limit = d->base.width * d->base.height;
	s.strict_std_compliance = 1;
	s.apply_grain = 0;
	s.all_layers = 0;
	s.logger.callback = NULL;	/* or a peer could write on our stderr */
	return dav1d_open(&d->ctx, &s) < 0 ? -ENOMEM : 0;
}

static int
error_of(int dav1d)
{
	return dav1d == DAV1D_ERR(ENOMEM) ? -ENOMEM : dav1d < 0 ? -EPROTO : 0;
}

/* Gives dav1d all of a packet; it has taken all of the last one. */
static int
send(struct av1_decoder *d, const uint8_t *data, size_t len)
{
	Dav1dData in = {0};

	/* A copy: dav1d may hold on to it until the next packet. */
	uint8_t *copy = dav1d_data_create(&in, len);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, data, len);
	int r = dav1d_send_data(d->ctx, &in);
	if (r < 0)
		dav1d_data_unref(&in);
	return error_of(r);
}

/* The one picture of the packet just sent. The caller unrefs it. */
static int
receive(struct av1_decoder *d, Dav1dPicture *pic)
{
	int r = dav1d_get_picture(d->ctx, pic);
	if (r < 0)
		return error_of(r);

	/* What stands behind the frame is read only when asked for a second one. */
	Dav1dPicture more = {0};
	r = dav1d_get_picture(d->ctx, &more);
	if (r == 0)
		dav1d_picture_unref(&more);
	if (r == DAV1D_ERR(EAGAIN) && pic->p.w == d->base.width && pic->p.h == d->base.height
	    && pic->p.bpc == 8 && (pic->p.layout == DAV1D_PIXEL_LAYOUT_I420
	    || pic->p.layout == DAV1D_PIXEL_LAYOUT_I444))
		return 0;
	dav1d_picture_unref(pic);
	return -EPROTO;
}

static int
av1_decode(struct rd_decoder *base, const uint8_t *data, size_t len,
	struct rd_image *im, struct rd_rect to)
{
	struct av1_decoder *d = (struct av1_decoder *)base;
	Dav1dPicture pic = {0};

	int r = d->ctx ? 0 : av1_start(d);
	if (r == 0)
		r = send(d, data, len);
	if (r == 0)
		r = receive(d, &pic);
	if (r < 0)
		return r;
	const uint8_t *const plane[3] = { pic.data[0], pic.data[1], pic.data[2] };
	const int stride[3] = { pic.stride[0], pic.stride[1], pic.stride[1] };
	rd_yuv_to_image(plane, stride, pic.p.layout == DAV1D_PIXEL_LAYOUT_I444, im, to);
	dav1d_picture_unref(&pic);
	return 0;
}

static void
av1_reset(struct rd_decoder *base)
{
	struct av1_decoder *d = (struct av1_decoder *)base;

	if (d->ctx)
		dav1d_close(&d->ctx);
}

static int
av1_open(struct rd_decoder **out)
{
	struct av1_decoder *d = xcalloc(1, sizeof(*d));

	*out = &d->base;
	return 0;
}

static void
av1_close(struct rd_decoder *base)
{
	av1_reset(base);
	free(base);
}

const struct rd_decoder_ops rd_decoder_av1 = {
	.codec = RD_CODEC_AV1,
	.open = av1_open,
	.peek = rd_peek_av1,
	.decode = av1_decode,
	.reset = av1_reset,
	.close = av1_close,
};

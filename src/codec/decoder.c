#include <assert.h>
#include <errno.h>

#include "codec/decoder.h"

static const struct rd_decoder_ops *const decoders[] = {
	&rd_decoder_vp8,
	&rd_decoder_vp9,
	&rd_decoder_av1,
};

int
rd_decoder_open(struct rd_decoder **out, enum rd_codec codec)
{
	*out = NULL;
	for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
		if (decoders[i]->codec != codec)
			continue;
		int r = decoders[i]->open(out);
		if (r == 0)
			**out = (struct rd_decoder){ .ops = decoders[i] };
		return r;
	}
	return -ENOTSUP;
}

static void
reset(struct rd_decoder *d)
{
	d->ops->reset(d);
	d->width = d->height = 0;
}

/* Whether the packet is one for pictures of that coded size, in the state we are in. */
static bool
fits(const struct rd_decoder *d, const struct rd_peek *p, int width, int height)
{
	if (p->width != 0 && (p->width != width || p->height != height))
		return false;
	return p->key || (d->width == width && d->height == height);
}

int
rd_decoder_decode(struct rd_decoder *d, const uint8_t *data, size_t len,
	struct rd_image *im, struct rd_rect to)
{
	int width = (to.w + 1) & ~1, height = (to.h + 1) & ~1;
	struct rd_peek peek;

	assert(rd_rect_inside(to, im->width, im->height));
	int r = d->ops->peek(&peek, data, len);
	if (r == 0 && !fits(d, &peek, width, height))
		r = -EPROTO;
	if (r == 0) {
		if (d->width != width || d->height != height)
			reset(d);
		d->width = width;
		d->height = height;
		r = d->ops->decode(d, data, len, im, to);
	}
	if (r < 0)
		reset(d);
	return r;
}

void
rd_decoder_close(struct rd_decoder *d)
{
	if (d)
		d->ops->close(d);
}

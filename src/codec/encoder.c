#include <errno.h>
#include <string.h>

#include "codec/encoder.h"

static const struct rd_encoder_ops *const encoders[] = {
	&rd_encoder_vp9,
	&rd_encoder_av1,
	&rd_encoder_vp8,
};
/* More gain nothing in a picture of 8K. */
#define MAX_THREADS 16
#define ENCODERS (sizeof(encoders) / sizeof(encoders[0]))

const struct rd_encoder_ops *
rd_encoder_find(enum rd_codec codec)
{
	for (size_t i = 0; i < ENCODERS; i++)
		if (encoders[i]->codec == codec)
			return encoders[i];
	return NULL;
}

const struct rd_encoder_ops *
rd_encoder_named(const char *name)
{
	for (size_t i = 0; i < ENCODERS; i++)
		if (strcmp(encoders[i]->name, name) == 0)
			return encoders[i];
	return NULL;
}

static bool
quantizer_ok(int quantizer)
{
	return quantizer >= 0 && quantizer <= RD_QUANTIZER_MAX;
}

int
rd_encoder_open(struct rd_encoder **out, const struct rd_encoder_config *cfg)
{
	const struct rd_encoder_ops *ops = rd_encoder_find(cfg->codec);
	struct rd_encoder_config c = *cfg;

	*out = NULL;
	if (!ops || (cfg->yuv444 && !ops->has_444))
		return -ENOTSUP;
	if (cfg->width < RD_ENCODER_MIN_SIZE || cfg->height < RD_ENCODER_MIN_SIZE
	    || !rd_image_size_ok(cfg->width, cfg->height) || !quantizer_ok(cfg->quantizer))
		return -EINVAL;
	if (c.threads < 1)
		c.threads = 1;
	if (c.threads > MAX_THREADS)
		c.threads = MAX_THREADS;

	struct rd_yuv yuv;
	int r = rd_yuv_init(&yuv, cfg->width, cfg->height, cfg->yuv444);
	if (r < 0)
		return r;
	c.width = yuv.width;
	c.height = yuv.height;
	struct rd_encoder *e;
	r = ops->open(&e, &c);
	if (r < 0) {
		rd_yuv_finish(&yuv);
		return r;
	}
	*e = (struct rd_encoder){ ops, cfg->width, cfg->height, yuv, false };
	*out = e;
	return 0;
}

int
rd_encoder_encode(struct rd_encoder *e, const struct rd_image *im,
	const pixman_region32_t *changed, bool key, uint64_t time_ns, struct rd_packet *out)
{
	if (im->width != e->width || im->height != e->height)
		return -EINVAL;
	if (!e->started)
		changed = NULL;
	rd_yuv_from_image(&e->yuv, im, changed);

	bool afresh = key || !e->started;
	*out = (struct rd_packet){ .time_ns = time_ns };
	int r = e->ops->encode(e, afresh ? NULL : changed, afresh, out);
	e->started = r == 0;
	return r;
}

int
rd_encoder_quantizer(struct rd_encoder *e, int quantizer)
{
	return quantizer_ok(quantizer) ? e->ops->quantizer(e, quantizer) : -EINVAL;
}

void
rd_encoder_close(struct rd_encoder *e)
{
	if (!e)
		return;
	rd_yuv_finish(&e->yuv);
	e->ops->close(e);
}

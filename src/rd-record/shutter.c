#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "rd-record/shutter.h"

/*
 * What rests is coded with this, of 63: beyond it text gains nothing to be
 * seen, and costs twice as much at half of it.
 */
#define FINE_QUANTIZER 8
/* Under a ceiling the quantiser moves between the one asked for and this … */
#define QUANTIZER_MAX 58
#define QUANTIZER_STEP 4
/* … so that a second's bits may be spent ahead, for a key picture. */
#define CREDIT_S 1.0

void
shutter_init(struct shutter *s, const struct shutter_config *cfg)
{
	*s = (struct shutter){.cfg = *cfg, .quantizer = cfg->quantizer,
		.credit = (double)cfg->max_bps * CREDIT_S};
	pixman_region32_init(&s->coarse);
}

void
shutter_finish(struct shutter *s)
{
	rd_encoder_close(s->enc);
	s->enc = NULL;
	pixman_region32_fini(&s->coarse);
}

void
shutter_forget(struct shutter *s)
{
	rd_encoder_close(s->enc);
	s->enc = NULL;
}

static int
ready(struct shutter *s, const struct rd_image *im)
{
	if (s->enc && im->width == s->width && im->height == s->height)
		return 0;
	shutter_forget(s);
	const struct rd_encoder_config cfg = {
		.codec = s->cfg.codec,
		.width = im->width,
		.height = im->height,
		.yuv444 = s->cfg.yuv444,
		.threads = s->cfg.threads,
		.quantizer = s->quantizer,
	};
	s->width = im->width;
	s->height = im->height;
	return rd_encoder_open(&s->enc, &cfg);
}

/* A bucket of bits that fills at the ceiling: while it is empty pictures become coarser. */
static void
spend(struct shutter *s, size_t bytes, uint64_t time_ns)
{
	double bps = (double)s->cfg.max_bps;
	if (bps == 0)
		return;
	double s_since = (double)(time_ns - s->last_ns) / RD_NS_PER_S;
	s->credit += bps * (s_since < CREDIT_S ? s_since : CREDIT_S);
	s->credit = s->credit < bps * CREDIT_S ? s->credit : bps * CREDIT_S;
	s->credit -= (double)bytes * 8;
	int q = s->quantizer;
	if (s->credit < bps * CREDIT_S / 4)
		q = q + QUANTIZER_STEP < QUANTIZER_MAX ? q + QUANTIZER_STEP : QUANTIZER_MAX;
	else if (s->credit > bps * CREDIT_S / 2 && q > s->cfg.quantizer)
		q--;
	if (q != s->quantizer && rd_encoder_quantizer(s->enc, q) == 0)
		s->quantizer = q;
}

static int
encode(struct shutter *s, const struct rd_image *im, const pixman_region32_t *changed, bool key,
	uint64_t time_ns, struct rd_packet *out)
{
	int err = rd_encoder_encode(s->enc, im, changed, key, time_ns, out);
	if (err)
		return err;
	spend(s, out->len, time_ns);
	s->last_ns = time_ns;
	return 0;
}

int
shutter_take(struct shutter *s, const struct rd_image *im, const pixman_region32_t *changed,
	bool key, uint64_t time_ns, struct rd_packet *out)
{
	bool fresh = !s->enc;
	int err = ready(s, im);
	if (err)
		return err;
	err = encode(s, im, fresh ? NULL : changed, key, time_ns, out);
	if (err)
		return err;
	if (out->key)
		rd_region_add(&s->coarse, (struct rd_rect){0, 0, im->width, im->height});
	else
		pixman_region32_union(&s->coarse, &s->coarse, (pixman_region32_t *)changed);
	return 0;
}

bool
shutter_coarse(const struct shutter *s)
{
	return s->enc && s->quantizer > FINE_QUANTIZER &&
		(s->cfg.max_bps == 0 || s->credit > 0) &&
		pixman_region32_not_empty((pixman_region32_t *)&s->coarse);
}

int
shutter_refine(struct shutter *s, const struct rd_image *im, bool key, uint64_t time_ns,
	struct rd_packet *out)
{
	int was = s->quantizer, err = rd_encoder_quantizer(s->enc, FINE_QUANTIZER);
	if (err)
		return err;
	err = encode(s, im, &s->coarse, key, time_ns, out);
	pixman_region32_clear(&s->coarse);
	int back = rd_encoder_quantizer(s->enc, s->quantizer != was ? s->quantizer : was);
	return err ? err : back;
}

/*
 * AV1 by libaom, its real-time use. Settings and why: measured on recorded
 * desktops. Debian's libaom is built with assertions: an option it does not
 * expect can end the program, so this is the set that was tried, and no more.
 */

#include <errno.h>
#include <stdlib.h>

#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

#include "base/mem.h"
#include "codec/encoder.h"

struct aom_encoder {
	struct rd_encoder base;
	aom_codec_ctx_t ctx;
	aom_codec_enc_cfg_t cfg;
	aom_codec_pts_t count;	/* of pictures */
};

struct setting {
	int id;
	int value;
};

static const struct setting settings[] = {
	{ AV1E_SET_TUNE_CONTENT, AOM_CONTENT_SCREEN },
	/* The pixels of a screen are sRGB; libyuv makes BT.601 planes of them. */
	{ AV1E_SET_COLOR_PRIMARIES, AOM_CICP_CP_BT_709 },
	{ AV1E_SET_TRANSFER_CHARACTERISTICS, AOM_CICP_TC_SRGB },
	{ AV1E_SET_MATRIX_COEFFICIENTS, AOM_CICP_MC_BT_601 },
	{ AV1E_SET_COLOR_RANGE, AOM_CR_STUDIO_RANGE },
	{ AV1E_SET_ENABLE_PALETTE, 1 },
	{ AV1E_SET_ENABLE_INTRABC, 0 },
	{ AV1E_SET_AQ_MODE, 0 },
	{ AV1E_SET_ENABLE_CDEF, 1 },
	{ AV1E_SET_ENABLE_RESTORATION, 0 },
	/* Tools whose search costs more than they give on screens. */
	{ AV1E_SET_DELTAQ_MODE, 0 },
	{ AV1E_SET_ENABLE_ORDER_HINT, 0 },
	{ AV1E_SET_ENABLE_TPL_MODEL, 0 },
	{ AV1E_SET_ENABLE_OBMC, 0 },
	{ AV1E_SET_ENABLE_GLOBAL_MOTION, 0 },
	{ AV1E_SET_ENABLE_WARPED_MOTION, 0 },
	{ AV1E_SET_ENABLE_REF_FRAME_MVS, 0 },
	{ AV1E_SET_ENABLE_CFL_INTRA, 0 },
	{ AV1E_SET_ENABLE_SMOOTH_INTRA, 0 },
	{ AV1E_SET_ENABLE_ANGLE_DELTA, 0 },
	{ AV1E_SET_ENABLE_FILTER_INTRA, 0 },
	{ AV1E_SET_INTRA_DEFAULT_TX_ONLY, 1 },
	{ AV1E_SET_CDF_UPDATE_MODE, 1 },
	{ AV1E_SET_COEFF_COST_UPD_FREQ, 3 },
	{ AV1E_SET_MODE_COST_UPD_FREQ, 3 },
	{ AV1E_SET_MV_COST_UPD_FREQ, 3 },
	{ AV1E_SET_DV_COST_UPD_FREQ, 3 },
};

static int
error_of(aom_codec_err_t err)
{
	switch (err) {
	case AOM_CODEC_OK:
		return 0;
	case AOM_CODEC_MEM_ERROR:
		return -ENOMEM;
	case AOM_CODEC_INVALID_PARAM:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static int
set(struct aom_encoder *e, const struct setting *s, size_t n)
{
	aom_codec_err_t err = AOM_CODEC_OK;

	for (size_t i = 0; i < n && !err; i++)
		err = aom_codec_control(&e->ctx, s[i].id, s[i].value);
	return error_of(err);
}

static int
set_all(struct aom_encoder *e, const struct rd_encoder_config *cfg)
{
	int tiles = 0;	/* log2 of columns */

	while (2 << tiles <= cfg->threads)
		tiles++;
	const struct setting own[] = {
		{ AOME_SET_CPUUSED, cfg->speed ? cfg->speed : 10 },
		{ AV1E_SET_TILE_COLUMNS, tiles },
		{ AV1E_SET_ROW_MT, cfg->threads > 1 },
	};
	int r = set(e, own, sizeof(own) / sizeof(own[0]));
	return r < 0 ? r : set(e, settings, sizeof(settings) / sizeof(settings[0]));
}

/*
 * At 0 (lossless to libaom) and 1 the assertions of its rate control end the
 * program after a few pictures (3.6, ratectrl.c: q >= rc->best_quality); 2 and
 * more held in every trial. What is left out could not be seen.
 */
static int
clamp_quantizer(int quantizer)
{
	return quantizer < 4 ? 4 : quantizer;
}

/* One picture in, one packet out, a fixed quantiser, key frames only when asked for. */
static int
configure(aom_codec_enc_cfg_t *c, const struct rd_encoder_config *cfg)
{
	int r = error_of(aom_codec_enc_config_default(aom_codec_av1_cx(), c, AOM_USAGE_REALTIME));

	c->g_w = cfg->width;
	c->g_h = cfg->height;
	c->g_profile = cfg->yuv444 ? 1 : 0;
	c->g_threads = cfg->threads;
	/* Pictures are counted, not timed: see encoder_vpx.c. */
	c->g_timebase = (struct aom_rational){ 1, 30 };
	c->g_lag_in_frames = 0;
	c->g_pass = AOM_RC_ONE_PASS;
	c->g_error_resilient = 0;
	c->kf_mode = AOM_KF_DISABLED;
	c->kf_min_dist = 0;
	c->kf_max_dist = 1 << 30;
	c->rc_end_usage = AOM_CBR;
	c->rc_target_bitrate = 50000;	/* kbit/s; out of the quantiser's way */
	c->rc_dropframe_thresh = 0;
	c->rc_resize_mode = 0;
	c->rc_superres_mode = AOM_SUPERRES_NONE;
	c->rc_min_quantizer = c->rc_max_quantizer = clamp_quantizer(cfg->quantizer);
	return r;
}

static void
aom_close(struct rd_encoder *base)
{
	struct aom_encoder *e = (struct aom_encoder *)base;

	aom_codec_destroy(&e->ctx);
	free(e);
}

static int
aom_open(struct rd_encoder **out, const struct rd_encoder_config *cfg)
{
	/* Slower ones are not for live pictures and were not tried. */
	if (cfg->speed != 0 && (cfg->speed < 7 || cfg->speed > 10))
		return -EINVAL;
	struct aom_encoder *e = xcalloc(1, sizeof(*e));
	int r = configure(&e->cfg, cfg);
	if (r < 0)
		goto out;
	r = error_of(aom_codec_enc_init(&e->ctx, aom_codec_av1_cx(), &e->cfg, 0));
	if (r < 0)
		goto out;
	r = set_all(e, cfg);
out:
	if (r < 0)
		aom_close(&e->base);
	else
		*out = &e->base;
	return r;
}

/* The picture as libaom sees it: the same planes. */
static void
wrap(aom_image_t *image, const struct rd_yuv *yuv)
{
	aom_img_wrap(image, yuv->yuv444 ? AOM_IMG_FMT_I444 : AOM_IMG_FMT_I420,
		yuv->width, yuv->height, 1, yuv->mem);
	for (int i = 0; i < 3; i++) {
		image->planes[i] = yuv->plane[i];
		image->stride[i] = yuv->stride[i];
	}
}

/* libaom 3.6 ignores an active map, so `changed` is of no use here. */
static int
aom_encode(struct rd_encoder *base, const pixman_region32_t *changed, bool key,
	struct rd_packet *out)
{
	struct aom_encoder *e = (struct aom_encoder *)base;
	(void)changed;

	aom_image_t image;
	wrap(&image, &base->yuv);
	int r = error_of(aom_codec_encode(&e->ctx, &image, e->count++, 1,
		key ? AOM_EFLAG_FORCE_KF : 0));
	if (r < 0)
		return r;

	aom_codec_iter_t iter = NULL;
	const aom_codec_cx_pkt_t *pkt;
	while ((pkt = aom_codec_get_cx_data(&e->ctx, &iter)))
		if (pkt->kind == AOM_CODEC_CX_FRAME_PKT) {
			out->data = pkt->data.frame.buf;
			out->len = pkt->data.frame.sz;
			out->key = pkt->data.frame.flags & AOM_FRAME_IS_KEY;
		}
	return out->len > 0 ? 0 : -EIO;
}

static int
aom_quantizer(struct rd_encoder *base, int quantizer)
{
	struct aom_encoder *e = (struct aom_encoder *)base;

	e->cfg.rc_min_quantizer = e->cfg.rc_max_quantizer = clamp_quantizer(quantizer);
	return error_of(aom_codec_enc_config_set(&e->ctx, &e->cfg));
}

const struct rd_encoder_ops rd_encoder_av1 = {
	.name = "av1",
	.codec = RD_CODEC_AV1,
	.fourcc = "AV01",
	.has_444 = true,
	.open = aom_open,
	.encode = aom_encode,
	.quantizer = aom_quantizer,
	.close = aom_close,
};

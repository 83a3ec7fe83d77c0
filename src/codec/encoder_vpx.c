/* VP8 and VP9 by libvpx. Settings and why: measured on recorded desktops. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "base/mem.h"
#include "codec/encoder.h"

struct vpx_encoder {
	struct rd_encoder base;
	vpx_codec_ctx_t ctx;
	vpx_codec_enc_cfg_t cfg;
	vpx_active_map_t map;	/* a byte for each 16x16 pixels: may differ from the last picture */
	vpx_codec_pts_t count;	/* of pictures */
};

struct setting {
	int id;
	int value;
};

static const struct setting settings_vp8[] = {
	{ VP8E_SET_SCREEN_CONTENT_MODE, 1 },	/* 2 would drop frames */
	{ VP8E_SET_NOISE_SENSITIVITY, 0 },
	{ VP8E_SET_STATIC_THRESHOLD, 0 },
	{ VP8E_SET_ENABLEAUTOALTREF, 0 },
};

/*
 * Adaptive quantisers (AQ) spend bits on what rests, twice those of typing;
 * here what rests is sent exact.
 */
static const struct setting settings_vp9[] = {
	{ VP9E_SET_TUNE_CONTENT, VP9E_CONTENT_SCREEN },
	{ VP9E_SET_COLOR_SPACE, VPX_CS_BT_601 },
	{ VP9E_SET_COLOR_RANGE, VPX_CR_STUDIO_RANGE },
	{ VP9E_SET_AQ_MODE, 0 },
	{ VP9E_SET_NOISE_SENSITIVITY, 0 },
	{ VP9E_SET_GF_CBR_BOOST_PCT, 0 },
	{ VP9E_SET_FRAME_PARALLEL_DECODING, 0 },
	{ VP8E_SET_STATIC_THRESHOLD, 0 },
	{ VP8E_SET_ENABLEAUTOALTREF, 0 },
};

static int
error_of(vpx_codec_err_t err)
{
	switch (err) {
	case VPX_CODEC_OK:
		return 0;
	case VPX_CODEC_MEM_ERROR:
		return -ENOMEM;
	case VPX_CODEC_INVALID_PARAM:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static int
set(struct vpx_encoder *e, const struct setting *s, size_t n)
{
	vpx_codec_err_t err = VPX_CODEC_OK;

	for (size_t i = 0; !err && i < n; i++)
		err = vpx_codec_control_(&e->ctx, s[i].id, s[i].value);
	return error_of(err);
}

/*
 * VP8's threads wait for each other by spinning: with the processor busy
 * elsewhere two took 10 to 40 times as long as one (key frame of 640x360: 142
 * ms, not 7), so it has one.
 *
 * VP9's tile columns are written side by side into buffers of width * height
 * bytes (libvpx 1.12), which a column of noise at a low quantiser overruns. So
 * its threads share the rows of one column, a tenth slower, and pictures too
 * wide for one column have one thread.
 */
static int
threads(const struct rd_encoder_config *cfg)
{
	enum { COLUMN_MAX = 4096 };	/* pixels */

	return cfg->codec == RD_CODEC_VP8 || cfg->width > COLUMN_MAX ? 1 : cfg->threads;
}

static int
set_vp8(struct vpx_encoder *e, const struct rd_encoder_config *cfg)
{
	const struct setting own[] = {
		/* Negative: a fixed speed. Beyond -6 scrolling costs three times the bits. */
		{ VP8E_SET_CPUUSED, cfg->speed ? cfg->speed : -6 },
	};
	int r = set(e, settings_vp8, sizeof(settings_vp8) / sizeof(settings_vp8[0]));
	return r < 0 ? r : set(e, own, sizeof(own) / sizeof(own[0]));
}

static int
set_vp9(struct vpx_encoder *e, const struct rd_encoder_config *cfg)
{
	const struct setting own[] = {
		{ VP8E_SET_CPUUSED, cfg->speed ? cfg->speed : 9 },
		{ VP9E_SET_TILE_COLUMNS, 0 },	/* see threads */
		{ VP9E_SET_ROW_MT, threads(cfg) > 1 },
	};
	int r = set(e, settings_vp9, sizeof(settings_vp9) / sizeof(settings_vp9[0]));
	return r < 0 ? r : set(e, own, sizeof(own) / sizeof(own[0]));
}

/* One picture in, one packet out, a fixed quantiser, key frames only when asked for. */
static int
configure(vpx_codec_enc_cfg_t *c, vpx_codec_iface_t *iface, const struct rd_encoder_config *cfg)
{
	vpx_codec_err_t err = vpx_codec_enc_config_default(iface, c, 0);

	c->g_w = cfg->width;
	c->g_h = cfg->height;
	c->g_profile = cfg->yuv444 ? 1 : 0;
	c->g_threads = threads(cfg);
	/*
	 * Pictures are counted, not timed: with the quantiser fixed nothing
	 * depends on time, and equal input gives equal packets.
	 */
	c->g_timebase = (vpx_rational_t){ 1, 30 };
	c->g_lag_in_frames = 0;
	c->g_pass = VPX_RC_ONE_PASS;
	c->g_error_resilient = 0;
	c->kf_mode = VPX_KF_DISABLED;
	/* VP9 counts down from this even so. */
	c->kf_min_dist = 0;
	c->kf_max_dist = 1 << 30;
	c->rc_end_usage = VPX_CBR;
	c->rc_target_bitrate = 50000;	/* kbit/s; out of the quantiser's way */
	c->rc_dropframe_thresh = 0;
	c->rc_resize_allowed = 0;
	c->rc_min_quantizer = c->rc_max_quantizer = cfg->quantizer;
	return error_of(err);
}

static void
vpx_close(struct rd_encoder *base)
{
	struct vpx_encoder *e = (struct vpx_encoder *)base;

	vpx_codec_destroy(&e->ctx);
	free(e->map.active_map);
	free(e);
}

static int
vpx_open(struct rd_encoder **out, const struct rd_encoder_config *cfg)
{
	bool vp9 = cfg->codec == RD_CODEC_VP9;
	vpx_codec_iface_t *iface = vp9 ? vpx_codec_vp9_cx() : vpx_codec_vp8_cx();
	struct vpx_encoder *e = xcalloc(1, sizeof(*e));

	int r = configure(&e->cfg, iface, cfg);
	if (r < 0)
		goto out;
	r = error_of(vpx_codec_enc_init(&e->ctx, iface, &e->cfg, 0));
	if (r < 0)
		goto out;
	r = vp9 ? set_vp9(e, cfg) : set_vp8(e, cfg);
	if (r < 0)
		goto out;
	e->map.cols = (cfg->width + 15) / 16;
	e->map.rows = (cfg->height + 15) / 16;
	e->map.active_map = xmalloc((size_t)e->map.cols * e->map.rows);
out:
	if (r < 0)
		vpx_close(&e->base);
	else
		*out = &e->base;
	return r;
}

/*
 * Tells the codec which 16x16 cells may differ from the last picture; the
 * others it copies without a look. Safe only because the quantiser is fixed:
 * under a bit rate the cells would stay as bad as the first frame was.
 */
static int
set_map(struct vpx_encoder *e, const pixman_region32_t *changed)
{
	vpx_active_map_t none = { NULL, e->map.rows, e->map.cols };

	if (!changed)
		return error_of(vpx_codec_control(&e->ctx, VP8E_SET_ACTIVEMAP, &none));

	int cols = e->map.cols, n;
	struct rd_rect all = { 0, 0, e->base.width, e->base.height };
	const pixman_box32_t *box = pixman_region32_rectangles(changed, &n);
	memset(e->map.active_map, 0, (size_t)cols * e->map.rows);
	for (int i = 0; i < n; i++) {
		struct rd_rect r = rd_rect_intersect(rd_rect_of_box(&box[i]), all);
		if (rd_rect_empty(r))
			continue;
		int first = r.x / 16, last = (r.x + r.w - 1) / 16;
		for (int row = r.y / 16; row <= (r.y + r.h - 1) / 16; row++)
			memset(&e->map.active_map[row * cols + first], 1, last - first + 1);
	}
	return error_of(vpx_codec_control(&e->ctx, VP8E_SET_ACTIVEMAP, &e->map));
}

/* The picture as libvpx sees it: the same planes. */
static void
wrap(vpx_image_t *image, const struct rd_yuv *yuv)
{
	vpx_img_wrap(image, yuv->yuv444 ? VPX_IMG_FMT_I444 : VPX_IMG_FMT_I420,
		yuv->width, yuv->height, 1, yuv->mem);
	for (int i = 0; i < 3; i++) {
		image->planes[i] = yuv->plane[i];
		image->stride[i] = yuv->stride[i];
	}
}

static int
vpx_encode(struct rd_encoder *base, const pixman_region32_t *changed, bool key,
	struct rd_packet *out)
{
	struct vpx_encoder *e = (struct vpx_encoder *)base;

	int r = set_map(e, changed);
	if (r < 0)
		return r;
	vpx_image_t image;
	wrap(&image, &base->yuv);
	r = error_of(vpx_codec_encode(&e->ctx, &image, e->count++, 1,
		key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME));
	if (r < 0)
		return r;

	vpx_codec_iter_t iter = NULL;
	const vpx_codec_cx_pkt_t *pkt;
	while ((pkt = vpx_codec_get_cx_data(&e->ctx, &iter)))
		if (pkt->kind == VPX_CODEC_CX_FRAME_PKT) {
			out->data = pkt->data.frame.buf;
			out->len = pkt->data.frame.sz;
			out->key = pkt->data.frame.flags & VPX_FRAME_IS_KEY;
		}
	return out->len > 0 ? 0 : -EIO;
}

static int
vpx_quantizer(struct rd_encoder *base, int quantizer)
{
	struct vpx_encoder *e = (struct vpx_encoder *)base;

	e->cfg.rc_min_quantizer = e->cfg.rc_max_quantizer = quantizer;
	return error_of(vpx_codec_enc_config_set(&e->ctx, &e->cfg));
}

const struct rd_encoder_ops rd_encoder_vp8 = {
	.name = "vp8",
	.codec = RD_CODEC_VP8,
	.fourcc = "VP80",
	.open = vpx_open,
	.encode = vpx_encode,
	.quantizer = vpx_quantizer,
	.close = vpx_close,
};

const struct rd_encoder_ops rd_encoder_vp9 = {
	.name = "vp9",
	.codec = RD_CODEC_VP9,
	.fourcc = "VP90",
	.has_444 = true,
	.open = vpx_open,
	.encode = vpx_encode,
	.quantizer = vpx_quantizer,
	.close = vpx_close,
};

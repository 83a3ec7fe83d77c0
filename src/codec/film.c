#include "codec/film.h"

#include <errno.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "codec/encoder.h"
#include "wire/msg.h"
#include "wire/msg_picture.h"

/* A rectangle unused for so long is forgotten. */
#define KEEP_NS RD_NS_PER_S
#define ALIGN 16
#define SIZE_MIN 16
/* With a ceiling the quantiser moves between the one asked for and this. */
#define QUANTIZER_MAX 58
#define QUANTIZER_STEP 3
#define BODY_MAX (RD_MSG_MAX_UPDATE - RD_VIDEO_HEADER_SIZE)

struct rd_film {
	struct rd_encoder_config cfg;
	struct rd_encoder *encoder;
	struct rd_rect rect;
	pixman_region32_t stale; /* what the encoder has not seen yet, in the picture */
	uint64_t last_ns;
	uint64_t max_bps;
	int best;		/* the quantiser asked for */
	struct rd_buf body;
};

struct rd_film *
rd_film_new(enum rd_codec codec, bool yuv444, int threads, int quantizer)
{
	struct rd_film *f = xcalloc(1, sizeof(*f));

	f->cfg = (struct rd_encoder_config){
		.codec = codec,
		.yuv444 = yuv444,
		.threads = threads,
		.quantizer = quantizer,
	};
	f->best = quantizer;
	pixman_region32_init(&f->stale);
	return f;
}

void
rd_film_free(struct rd_film *f)
{
	if (!f)
		return;
	rd_encoder_close(f->encoder);
	pixman_region32_fini(&f->stale);
	rd_buf_finish(&f->body);
	free(f);
}

void
rd_film_rate(struct rd_film *f, uint64_t bps)
{
	f->max_bps = bps;
}

void
rd_film_quantizer(struct rd_film *f, int quantizer)
{
	f->best = quantizer;
	if (!f->encoder || rd_encoder_quantizer(f->encoder, quantizer) == 0)
		f->cfg.quantizer = quantizer;
}

void
rd_film_changed(struct rd_film *f, const pixman_region32_t *region)
{
	pixman_region32_union(&f->stale, &f->stale, (pixman_region32_t *)region);
	/* Only the rectangle in use counts; without one the encoder starts with everything. */
	pixman_region32_intersect_rect(&f->stale, &f->stale, f->rect.x, f->rect.y, f->rect.w, f->rect.h);
}

static bool
contains(struct rd_rect outer, struct rd_rect inner)
{
	return rd_rect_same(rd_rect_intersect(outer, inner), inner);
}

struct rd_rect
rd_film_frame(struct rd_film *f, struct rd_rect moving, struct rd_rect picture, uint64_t time_ns)
{
	/* The picture may have become smaller than what the encoder was made for. */
	bool fresh = f->encoder && time_ns < f->last_ns + KEEP_NS && contains(picture, f->rect);
	struct rd_rect r;
	int right, bottom;

	if (fresh && contains(f->rect, moving))
		return f->rect;
	r = fresh && !rd_rect_empty(rd_rect_intersect(f->rect, moving))
		? rd_rect_bound(f->rect, moving) : moving;
	right = (r.x + r.w + ALIGN - 1) / ALIGN * ALIGN;
	bottom = (r.y + r.h + ALIGN - 1) / ALIGN * ALIGN;
	r.x = r.x / ALIGN * ALIGN;
	r.y = r.y / ALIGN * ALIGN;
	r.w = right - r.x;
	r.h = bottom - r.y;
	return rd_rect_intersect(r, picture);
}

/* An encoder for this rectangle; a new one begins with a key frame. */
static int
ready(struct rd_film *f, struct rd_rect r, bool *key)
{
	int err;

	if (f->encoder && rd_rect_same(f->rect, r))
		return 0;
	rd_encoder_close(f->encoder);
	f->encoder = NULL;
	f->rect = r;
	f->cfg.width = r.w;
	f->cfg.height = r.h;
	f->cfg.quantizer = f->best;
	*key = true;
	if (r.w < SIZE_MIN || r.h < SIZE_MIN)
		return -ENOTSUP;
	err = rd_encoder_open(&f->encoder, &f->cfg);
	if (err)
		f->rect = (struct rd_rect){0};
	return err;
}

/*
 * Constant quality below the ceiling; above it a coarser quantiser, step by
 * step, and back when a frame takes less than half of its share.
 */
static void
steer(struct rd_film *f, size_t bytes, uint64_t time_ns)
{
	uint64_t since = time_ns - f->last_ns;
	double share;
	int q = f->cfg.quantizer;

	if (!f->max_bps || since == 0 || since > KEEP_NS)
		return;
	share = (double)f->max_bps / 8 * (double)since / RD_NS_PER_S;
	if ((double)bytes > share && q < QUANTIZER_MAX)
		q = q + QUANTIZER_STEP < QUANTIZER_MAX ? q + QUANTIZER_STEP : QUANTIZER_MAX;
	else if ((double)bytes < share / 2 && q > f->best)
		q--;
	if (q != f->cfg.quantizer && rd_encoder_quantizer(f->encoder, q) == 0)
		f->cfg.quantizer = q;
}

static void
emit_packet(struct rd_film *f, const struct rd_packet *pkt,
	void (*emit)(void *ctx, struct rd_buf *body), void *ctx)
{
	size_t at = 0;

	do {
		size_t n = pkt->len - at < BODY_MAX ? pkt->len - at : BODY_MAX;
		struct rd_video v = {
			.rect = f->rect,
			.codec = f->cfg.codec,
			.flags = (at == 0 ? RD_VIDEO_FIRST : 0)
				| (at + n == pkt->len ? RD_VIDEO_LAST : 0)
				| (pkt->key ? RD_VIDEO_KEY : 0),
			.data = pkt->data + at,
			.len = n,
		};

		rd_buf_reset(&f->body);
		rd_video_pack(&f->body, &v);
		emit(ctx, &f->body);
		at += n;
	} while (at < pkt->len);
}

int
rd_film_put(struct rd_film *f, const struct rd_image *im, struct rd_rect r, uint64_t time_ns,
	bool key, void (*emit)(void *ctx, struct rd_buf *body), void *ctx)
{
	const struct rd_image part = rd_image_part(im, r);
	struct rd_packet pkt;
	int err;

	err = ready(f, r, &key);
	if (err)
		return err;
	pixman_region32_translate(&f->stale, -r.x, -r.y);
	err = rd_encoder_encode(f->encoder, &part, key ? NULL : &f->stale, key, time_ns, &pkt);
	pixman_region32_clear(&f->stale);
	if (err) {
		/* What it has seen is unknown: begin anew. */
		rd_encoder_close(f->encoder);
		f->encoder = NULL;
		return err;
	}
	emit_packet(f, &pkt, emit, ctx);
	if (!key)
		steer(f, pkt.len, time_ns);
	f->last_ns = time_ns;
	return 0;
}

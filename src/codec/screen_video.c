#include "codec/screen_video.h"

#include <errno.h>

void
screen_video_close(struct screen_video *s)
{
	for (int i = 0; i < RD_VIDEO_DECODERS; i++) {
		rd_decoder_close(s->v[i].decoder);
		rd_buf_finish(&s->v[i].packet);
	}
	*s = (struct screen_video){0};
}

void
screen_video_sync(struct screen_video *s)
{
	for (int i = 0; i < RD_VIDEO_DECODERS; i++)
		s->v[i].open = false;
}

bool
screen_video_whole(const struct screen_video *s)
{
	for (int i = 0; i < RD_VIDEO_DECODERS; i++)
		if (s->v[i].open)
			return false;
	return true;
}

/* Of all decoders but `but`, the rectangles' pixels: what bounds their memory. */
static int64_t
decoded_area(const struct screen_video *s, const struct screen_decoder *but)
{
	int64_t area = 0;

	for (int i = 0; i < RD_VIDEO_DECODERS; i++)
		if (&s->v[i] != but && s->v[i].decoder)
			area += (int64_t)s->v[i].width * s->v[i].height;
	return area;
}

/* A decoder for what the packet says it is; opened anew when that changes. */
static int
ready_decoder(const struct screen_video *s, struct screen_decoder *v, const struct rd_video *u,
	const struct rd_image *im)
{
	int64_t picture = (int64_t)im->width * im->height;
	bool same = v->decoder && v->codec == u->codec && v->width == u->rect.w
		&& v->height == u->rect.h;

	if (same)
		return 0;
	if (!(u->flags & RD_VIDEO_KEY))
		return -EPROTO;
	if (decoded_area(s, v) + (int64_t)u->rect.w * u->rect.h > RD_VIDEO_PICTURES * picture)
		return -EPROTO;
	rd_decoder_close(v->decoder);
	v->decoder = NULL;
	v->codec = u->codec;
	v->width = u->rect.w;
	v->height = u->rect.h;
	return rd_decoder_open(&v->decoder, u->codec);
}

/* Adds a piece to its decoder's packet. */
static int
gather_packet(const struct screen_video *s, struct screen_decoder *v, const struct rd_video *u,
	const struct rd_image *im)
{
	int err;

	if (!(u->flags & RD_VIDEO_FIRST) != v->open)
		return -EPROTO;
	if (u->flags & RD_VIDEO_FIRST) {
		err = ready_decoder(s, v, u, im);
		if (err)
			return err;
		rd_buf_reset(&v->packet);
		v->rect = u->rect;
		v->open = true;
	}
	if (!rd_rect_same(u->rect, v->rect)
	    || v->packet.len + u->len > RD_VIDEO_MAX_PACKET)
		return -EPROTO;
	rd_buf_bytes(&v->packet, u->data, u->len);
	return 0;
}

int
screen_video_take(struct screen_video *s, const struct rd_video *u, struct rd_image *im)
{
	struct screen_decoder *v = &s->v[u->decoder];
	int err = gather_packet(s, v, u, im);

	if (err || !(u->flags & RD_VIDEO_LAST))
		return err;
	v->open = false;
	err = rd_decoder_decode(v->decoder, v->packet.data, v->packet.len, im, v->rect);
	return err ? err : 1;
}

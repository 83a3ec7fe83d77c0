#include "rd-recv/clips.h"

void
clips_finish(struct clips *c)
{
	rd_buf_finish(&c->watch);
	for (int i = 0; i < RD_CLIP_SELECTIONS; i++)
		rd_buf_finish(&c->offer[i]);
}

static void
keep(struct rd_buf *b, const struct rd_msg *m)
{
	rd_buf_reset(b);
	rd_buf_bytes(b, m->data, m->len);
}

void
clips_note(struct clips *c, const struct rd_msg *m)
{
	struct rd_clip_offer o;
	uint8_t selections;
	if (m->type == RD_MSG_WATCH && rd_clip_watch_parse(&selections, m->data, m->len) == 0)
		keep(&c->watch, m);
	else if (m->type == RD_MSG_OFFER && rd_clip_offer_parse(&o, m->data, m->len) == 0)
		keep(&c->offer[o.selection], m);
}

static void
again(const struct rd_buf *b, uint16_t type, void (*say)(void *ctx, const struct rd_msg *m), void *ctx)
{
	const struct rd_msg m = {.type = type, .data = b->data, .len = b->len};
	if (b->len)
		say(ctx, &m);
}

void
clips_again(const struct clips *c, void (*say)(void *ctx, const struct rd_msg *m), void *ctx)
{
	again(&c->watch, RD_MSG_WATCH, say, ctx);
	for (int i = 0; i < RD_CLIP_SELECTIONS; i++)
		again(&c->offer[i], RD_MSG_OFFER, say, ctx);
}

#include "base/clock.h"
#include "base/log.h"
#include "desktop/clip_link.h"
#include "wire/msg_link.h"

static void
send(void *ctx, uint8_t peer, uint16_t type, struct rd_buf *body)
{
	struct rd_clip_link *c = ctx;
	const struct rd_msg m = {
		.type = type,
		.channel = peer,
		.time_ns = rd_hello_time(c->hello, rd_clock_ns()),
		.len = body->len,
		.data = body->data,
	};
	rd_link_send(c->link, &m);
}

static bool
room(void *ctx)
{
	const struct rd_clip_link *c = ctx;
	return !rd_link_busy(c->link);
}

static void
say(void *ctx, uint8_t peer, enum rd_clip_why why, const char *line)
{
	struct rd_clip_link *c = ctx;
	(void)why;
	if (c->say)
		c->say(c->ctx, peer, line);
}

static const struct rd_clip_ops ops = {.send = send, .room = room, .say = say};

static void
on_ended(void *ctx)
{
	(void)ctx;
	rd_info("the clipboard is not shared any more: the X server is gone");
}

int
rd_clip_link_open(struct rd_clip_link *c, struct rd_loop *loop,
	const struct rd_clip_link_config *cfg, char **why)
{
	const struct rd_clipboard_config board = {
		.display = cfg->display,
		.keeps = cfg->keeps,
		.clip = {
			.gives = cfg->gives, .takes = cfg->takes, .primary = cfg->primary,
			.max = cfg->max, .name = cfg->name, .ops = &ops, .ctx = c,
		},
		.ended = on_ended,
	};
	int err = rd_clipboard_open(&c->board, loop, &board, why);
	if (err)
		c->board = NULL;
	return err;
}

void
rd_clip_link_close(struct rd_clip_link *c)
{
	rd_clipboard_close(c->board);
	c->board = NULL;
}

int
rd_clip_link_message(struct rd_clip_link *c, const struct rd_msg *m)
{
	struct rd_clip *clip = c->board ? rd_clipboard_clip(c->board) : NULL;
	int err = clip ? rd_clip_message(clip, m->channel, m, rd_clock_ns()) : 0;
	if (!err || !m->channel)
		return err;
	/* One of several viewers loses its own share, and not everybody's desktop. */
	rd_debug("viewer %d says of the clipboard what cannot be", m->channel);
	rd_clip_peer_gone(clip, m->channel);
	return 0;
}

void
rd_clip_link_room(struct rd_clip_link *c)
{
	if (c->board)
		rd_clip_room(rd_clipboard_clip(c->board), rd_clock_ns());
}

void
rd_clip_link_peer(struct rd_clip_link *c, const struct rd_hello *peer)
{
	if (!c->board)
		return;
	if (peer->caps & RD_CAP_CLIP_OUT)
		rd_clip_watches(rd_clipboard_clip(c->board), 0);
	if (peer->caps & RD_CAP_CLIP_IN)
		rd_clip_offers_to(rd_clipboard_clip(c->board), 0);
}

void
rd_clip_link_gone(struct rd_clip_link *c)
{
	if (c->board)
		rd_clip_peer_gone(rd_clipboard_clip(c->board), 0);
}

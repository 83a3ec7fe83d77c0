#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "look/watch_priv.h"
#include "wire/msg_control.h"
#include "wire/msg_input.h"

/* A peer can send notices for ever: so many are printed. */
#define NOTICES_PRINTED 20

/* A small message to the peer. What cannot be said to a silent peer is not piled up. */
static bool
say(struct rd_watch *w, uint16_t type, struct rd_buf *b)
{
	bool can = w->up && !w->leaving && !rd_link_busy(w->link);
	if (can)
		rd_link_send_buf(w->link, type, rd_hello_time(&w->mine, rd_clock_ns()), b);
	rd_buf_finish(b);
	return can;
}

void
rd_watch_refresh(struct rd_watch *w)
{
	struct rd_buf b = {0};
	say(w, RD_MSG_REFRESH, &b);
}

void
rd_watch_ping(struct rd_watch *w, uint64_t now_ns)
{
	struct rd_buf b = {0};
	rd_ping_pack(&b, now_ns);
	say(w, RD_MSG_PING, &b);
}

bool
rd_watch_say(struct rd_watch *w, const struct rd_input *in)
{
	struct rd_buf b = {0};
	uint16_t type = rd_input_pack(&b, in);
	return say(w, type, &b);
}

bool
rd_watch_send(struct rd_watch *w, uint16_t type, struct rd_buf *body)
{
	bool can = w->up && !w->leaving;
	if (can)
		rd_link_send_buf(w->link, type, rd_hello_time(&w->mine, rd_clock_ns()), body);
	rd_buf_finish(body);
	return can;
}

bool
rd_watch_busy(const struct rd_watch *w)
{
	return rd_link_busy(w->link);
}

/* Asks for a sync point once for each time that the stream is lost. */
static void
mend(struct rd_watch *w)
{
	bool lost = rd_screen_lost(w->screen);
	if (lost && !w->asked_refresh)
		rd_watch_refresh(w);
	w->asked_refresh = lost;
}

static int
take_picture(struct rd_watch *w, const struct rd_msg *m)
{
	struct rd_screen_frame f;
	struct rd_buf ack = {0};
	int got = rd_screen_message(w->screen, m, &f, &w->broken);
	if (got < 0)
		return got;
	mend(w);
	if (got == 0)
		return 0;
	if (w->cfg.ops->frame)
		w->cfg.ops->frame(w->cfg.ctx, rd_screen_image(w->screen),
			rd_screen_damage(w->screen), &f);
	rd_screen_clean(w->screen);
	rd_ack_pack(&ack, f.number);
	say(w, RD_MSG_ACK, &ack);
	return 0;
}

static int
take_cursor(struct rd_watch *w, const struct rd_msg *m)
{
	int err = 0;
	if (m->type == RD_MSG_SHAPE) {
		rd_buf_reset(&w->shape);
		rd_buf_bytes(&w->shape, m->data, m->len);
		err = rd_shape_parse(&w->cursor, w->shape.data, w->shape.len);
		if (err)
			w->cursor = (struct rd_cursor){0};
	} else if (m->type == RD_MSG_POINTER_AT) {
		err = rd_pointer_at_parse(&w->at, m->data, m->len);
	}
	if (err)
		w->broken = "a pointer's shape or place cannot be";
	return err;
}

static int
take_control(struct rd_watch *w, const struct rd_msg *m)
{
	struct rd_notice n;
	struct rd_pong pong;
	uint64_t token;
	if (m->type == RD_MSG_PONG && w->cfg.ops->pong && !rd_pong_parse(&pong, m->data, m->len))
		w->cfg.ops->pong(w->cfg.ctx, pong.asked_ns);
	if (m->type == RD_MSG_TAKEN && w->cfg.ops->taken && !rd_taken_parse(&token, m->data, m->len))
		w->cfg.ops->taken(w->cfg.ctx, token);
	if (m->type != RD_MSG_NOTICE || rd_notice_parse(&n, m->data, m->len) != 0)
		return 0;
	/* An rd-capture here has said it on the stderr we share. */
	bool told = w->cfg.source->kind == RD_SOURCE_LOCAL;
	if (!told && w->notices++ < NOTICES_PRINTED)
		rd_log_put(n.level <= RD_LOG_ERROR ? RD_LOG_ERROR : RD_LOG_WARN, "%s says: %s",
			w->cfg.source->name, n.text);
	return 0;
}

static int
on_message(void *ctx, const struct rd_msg *m)
{
	struct rd_watch *w = ctx;
	/* Other channels are other screens. */
	if (w->leaving || (m->channel != 0 && rd_msg_class(m->type) != RD_CLASS_CONTROL))
		return 0;
	switch (rd_msg_class(m->type)) {
	case RD_CLASS_PICTURE:
		return take_picture(w, m);
	case RD_CLASS_CURSOR:
		return take_cursor(w, m);
	case RD_CLASS_CONTROL:
		return take_control(w, m);
	case RD_CLASS_CLIPBOARD:
		if (!w->cfg.ops->clipboard)
			return 0;
		w->broken = "what it says of its clipboard makes no sense";
		return w->cfg.ops->clipboard(w->cfg.ctx, m);
	default:
		return 0;
	}
}

static void
on_hello(void *ctx, const struct rd_hello *peer)
{
	struct rd_watch *w = ctx;
	if (w->cfg.ops->started && !w->leaving)
		w->cfg.ops->started(w->cfg.ctx, peer);
}

static void
on_room(void *ctx)
{
	struct rd_watch *w = ctx;
	if (w->cfg.ops->room && !w->leaving)
		w->cfg.ops->room(w->cfg.ctx);
}

static void
on_end(void *ctx, const struct rd_end_msg *end)
{
	struct rd_watch *w = ctx;
	w->ended = true;
	w->end = *end;
	if (!w->leaving)
		watch_over(w);
}

static void
on_closed(void *ctx, int error)
{
	struct rd_watch *w = ctx;
	if (error)
		rd_debug("the way back is closed: %s", strerror(-error));
	w->up = false;
	watch_unheard(w);
}

static const struct rd_link_ops link_ops = {
	.hello = on_hello,
	.message = on_message,
	.room = on_room,
	.end = on_end,
	.closed = on_closed,
};

int
rd_watch_open(struct rd_watch **out, struct rd_loop *loop, const struct rd_watch_config *cfg)
{
	struct rd_watch *w = xcalloc(1, sizeof(*w));
	const struct rd_source *src = cfg->source;
	*out = w;
	w->loop = loop;
	w->cfg = *cfg;
	watch_end_open(w);
	int err = rd_screen_open(&w->screen);
	if (err) {
		rd_error("no decoder: %s", strerror(-err));
		return RD_EXIT_FAILURE;
	}
	err = rd_link_open(&w->link, loop, src->in, src->out, &link_ops, w);
	if (err) {
		rd_error("%s: %s", src->name, strerror(-err));
		return RD_EXIT_INPUT;
	}
	w->up = rd_link_duplex(w->link);
	rd_hello_init(&w->mine, cfg->program, RD_CAP_ACK);
	if (w->up)
		rd_link_hello(w->link, &w->mine);
	return 0;
}

void
rd_watch_close(struct rd_watch *w)
{
	if (!w)
		return;
	rd_link_close(w->link);
	rd_screen_close(w->screen);
	rd_buf_finish(&w->shape);
	watch_end_close(w);
	free(w);
}

bool
rd_watch_duplex(const struct rd_watch *w)
{
	return w->up;
}

const struct rd_hello *
rd_watch_peer(const struct rd_watch *w)
{
	return rd_link_peer(w->link);
}

const struct rd_image *
rd_watch_image(const struct rd_watch *w)
{
	return rd_screen_image(w->screen);
}

const struct rd_cursor *
rd_watch_cursor(const struct rd_watch *w, struct rd_pointer_at *at)
{
	*at = w->at;
	return w->at.on && w->cursor.width > 0 ? &w->cursor : NULL;
}

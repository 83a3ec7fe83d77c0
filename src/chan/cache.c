#include <stdlib.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "chan/cache.h"
#include "wire/msg_picture.h"

struct screen {
	struct rd_buf frames;	/* messages from a sync point on */
	size_t whole;		/* of these bytes, up to the last SHOW */
	bool used;		/* it has had pictures */
	bool valid;		/* frames begins with a sync point and lacks nothing */
	bool open;		/* BEGIN came and SHOW has not */
	struct rd_buf shape, place, monitors; /* one message, or empty */
};

struct rd_cache {
	size_t max;
	struct screen screens[RD_CACHE_CHANNELS];
};

struct rd_cache *
rd_cache_new(size_t max)
{
	struct rd_cache *c = xcalloc(1, sizeof(*c));
	c->max = max;
	return c;
}

void
rd_cache_free(struct rd_cache *c)
{
	if (!c)
		return;
	for (unsigned i = 0; i < RD_CACHE_CHANNELS; i++) {
		rd_buf_finish(&c->screens[i].frames);
		rd_buf_finish(&c->screens[i].shape);
		rd_buf_finish(&c->screens[i].place);
		rd_buf_finish(&c->screens[i].monitors);
	}
	free(c);
}

size_t
rd_cache_bytes(const struct rd_cache *c)
{
	size_t sum = 0;
	for (unsigned i = 0; i < RD_CACHE_CHANNELS; i++)
		sum += c->screens[i].frames.len;
	return sum;
}

static void
append(struct rd_buf *b, const struct rd_msg *m)
{
	rd_msg_pack_header(m, rd_buf_room(b, RD_MSG_HEADER_SIZE));
	b->len += RD_MSG_HEADER_SIZE;
	rd_buf_bytes(b, m->data, m->len);
}

static void
make_void(struct screen *s)
{
	rd_buf_finish(&s->frames);
	s->whole = 0;
	s->valid = false;
}

static void
begin(struct screen *s, const struct rd_msg *m)
{
	struct rd_begin b;
	bool sync = rd_begin_parse(&b, m->data, m->len) == 0 && (b.flags & RD_BEGIN_SYNC);
	s->used = true;
	if (s->open || sync)
		make_void(s);
	s->valid |= sync;
	s->open = true;
}

static void
picture(struct rd_cache *c, struct screen *s, const struct rd_msg *m)
{
	if (m->type == RD_MSG_BEGIN)
		begin(s, m);
	/* Before: a raw picture may be ten times as much as is kept. */
	if (s->valid && rd_cache_bytes(c) + RD_MSG_HEADER_SIZE + m->len > c->max)
		make_void(s);
	if (s->valid)
		append(&s->frames, m);
	if (m->type == RD_MSG_SHOW)
		s->open = false;
	if (!s->open)
		s->whole = s->frames.len;
}

/* Of these the newest counts. NULL: of others, more than that. */
static struct rd_buf *
place_of(struct screen *s, uint16_t type)
{
	switch (type) {
	case RD_MSG_SHAPE:
		return &s->shape;
	case RD_MSG_POINTER_AT:
		return &s->place;
	case RD_MSG_MONITORS:
		return &s->monitors;
	default:
		return NULL;
	}
}

bool
rd_cache_keeps(uint16_t type)
{
	struct screen any;
	return place_of(&any, type) != NULL;
}

void
rd_cache_message(struct rd_cache *c, const struct rd_msg *m)
{
	if (m->channel >= RD_CACHE_CHANNELS)
		return;
	struct screen *s = &c->screens[m->channel];
	struct rd_buf *newest = place_of(s, m->type);
	if (rd_msg_class(m->type) == RD_CLASS_PICTURE) {
		picture(c, s, m);
	} else if (newest) {
		rd_buf_reset(newest);
		append(newest, m);
	}
}

void
rd_cache_forget(struct rd_cache *c)
{
	for (unsigned i = 0; i < RD_CACHE_CHANNELS; i++)
		make_void(&c->screens[i]);
}

/*
 * A sync point that is still coming in makes the frames before it void, so
 * there may be none whole for a moment.
 */
bool
rd_cache_ready(const struct rd_cache *c)
{
	bool any = false;
	for (unsigned i = 0; i < RD_CACHE_CHANNELS; i++) {
		const struct screen *s = &c->screens[i];
		if (s->used && (!s->valid || s->whole == 0))
			return false;
		any |= s->used;
	}
	return any;
}

bool
rd_cache_between(const struct rd_cache *c)
{
	for (unsigned i = 0; i < RD_CACHE_CHANNELS; i++)
		if (c->screens[i].open)
			return false;
	return true;
}

/* Our own bytes, so they parse. */
static int
replay(const uint8_t *data, size_t len, int (*put)(void *ctx, const struct rd_msg *m), void *ctx)
{
	struct rd_msg m;
	int err = 0;
	for (size_t at = 0; at < len && err >= 0; at += RD_MSG_HEADER_SIZE + m.len) {
		rd_msg_parse_header(&m, data + at);
		m.data = data + at + RD_MSG_HEADER_SIZE;
		err = put(ctx, &m);
	}
	return err < 0 ? err : 0;
}

static int
replay_monitors(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m), void *ctx)
{
	int err = 0;
	for (unsigned i = 0; i < RD_CACHE_CHANNELS && !err; i++)
		err = replay(c->screens[i].monitors.data, c->screens[i].monitors.len, put, ctx);
	return err;
}

static int
replay_cursor(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m), void *ctx)
{
	int err = 0;
	for (unsigned i = 0; i < RD_CACHE_CHANNELS && !err; i++) {
		const struct screen *s = &c->screens[i];
		err = replay(s->shape.data, s->shape.len, put, ctx);
		if (!err)
			err = replay(s->place.data, s->place.len, put, ctx);
	}
	return err;
}

int
rd_cache_replay_state(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m),
	void *ctx)
{
	int err = replay_monitors(c, put, ctx);
	return err ? err : replay_cursor(c, put, ctx);
}

int
rd_cache_replay(const struct rd_cache *c, int (*put)(void *ctx, const struct rd_msg *m), void *ctx)
{
	int err = replay_monitors(c, put, ctx);
	for (unsigned i = 0; i < RD_CACHE_CHANNELS && !err; i++)
		err = replay(c->screens[i].frames.data, c->screens[i].whole, put, ctx);
	return err ? err : replay_cursor(c, put, ctx);
}

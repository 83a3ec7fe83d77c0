#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/clip_priv.h"

struct rd_clip *
rd_clip_new(const struct rd_clip_config *cfg)
{
	struct rd_clip *c = xcalloc(1, sizeof(*c));
	c->cfg = *cfg;
	if (!c->cfg.max)
		c->cfg.max = RD_CLIP_MAX_DEFAULT;
	c->told_due = UINT64_MAX;
	for (int i = 0; i < RD_CLIP_SELECTIONS; i++)
		c->here[i].offer.selection = (uint8_t)i;
	return c;
}

void
rd_clip_free(struct rd_clip *c)
{
	if (!c)
		return;
	while (c->peers) {
		struct peer *p = c->peers;
		give_peer_gone(c, p);
		take_peer_gone(c, p);
		c->peers = p->next;
		free(p);
	}
	free(c);
}

/* --- what the files of this share --- */

/* A channel is a byte: there are no more than 256. */
struct peer *
clip_peer(struct rd_clip *c, uint8_t id)
{
	for (struct peer *p = c->peers; p; p = p->next)
		if (p->id == id)
			return p;
	struct peer *p = xcalloc(1, sizeof(*p));
	p->id = id;
	p->next = c->peers;
	c->peers = p;
	return p;
}

/*
 * What a peer asks costs it little, and an answer may be longer: they may not pile up.
 * Who hears nothing gives up by itself. Content is read only where there is room.
 */
void
clip_send(struct rd_clip *c, struct peer *p, uint16_t type, struct rd_buf *body)
{
	size_t len = RD_MSG_HEADER_SIZE + body->len;
	if (c->cfg.ops->room(c->cfg.ctx))
		p->loose = 0;
	if (type == RD_MSG_DATA || p->loose + len <= RD_CLIP_LOOSE)
		c->cfg.ops->send(c->cfg.ctx, p->id, type, body);
	if (type != RD_MSG_DATA)
		p->loose += len;
	rd_buf_finish(body);
}

const char *
rd_clip_why_text(enum rd_clip_why why)
{
	static const char *const texts[RD_CLIP_WHYS] = {
		[RD_CLIP_GONE] = "something else was copied meanwhile",
		[RD_CLIP_NO_KIND] = "there is nothing of that kind",
		[RD_CLIP_TOO_LARGE] = "it is too large",
		[RD_CLIP_NO_ANSWER] = "nobody there answered",
		[RD_CLIP_BUSY] = "too much is pasted at once",
		[RD_CLIP_OFF] = "the other side does not allow it",
	};
	return (unsigned)why < RD_CLIP_WHYS ? texts[why] : "refused";
}

static const char *
kind_text(const char *kind)
{
	static const char *const known[][2] = {
		{RD_CLIP_TEXT, "text"}, {RD_CLIP_HTML, "HTML"}, {RD_CLIP_PNG, "a picture"},
		{RD_CLIP_FILES, "a list of files"},
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(kind, known[i][0]) == 0)
			return known[i][1];
	return kind;
}

void
clip_say(struct rd_clip *c, struct peer *p, const char *kind, enum rd_clip_why why, uint64_t size)
{
	char line[256], much[96] = "";
	if (why == RD_CLIP_TOO_LARGE && size != RD_CLIP_SIZE_UNKNOWN)
		snprintf(much, sizeof(much), ": %" PRIu64 " bytes; here %" PRIu64 " may come", size,
			c->cfg.max);
	else if (why == RD_CLIP_TOO_LARGE)
		snprintf(much, sizeof(much), ": here %" PRIu64 " bytes may come", c->cfg.max);
	snprintf(line, sizeof(line), "nothing was pasted: %s from %s: %s%s", kind_text(kind),
		c->cfg.name ? c->cfg.name : "there", rd_clip_why_text(why), much);
	c->cfg.ops->say(c->cfg.ctx, p->id, why, line);
}

void
clip_took(struct rd_clip *c, struct peer *p, uint32_t serial, enum rd_clip_fate fate,
	enum rd_clip_why why)
{
	const struct rd_clip_took took = {serial, (uint8_t)fate, (uint8_t)why};
	struct rd_buf b = {0};
	rd_clip_took_pack(&b, &took);
	clip_send(c, p, RD_MSG_TOOK, &b);
}

void
clip_due(struct rd_clip *c)
{
	uint64_t takes = take_deadline(c), gives = give_deadline(c);
	uint64_t due = takes < gives ? takes : gives;
	if (due == c->told_due)
		return;
	c->told_due = due;
	c->cfg.due(c->cfg.place_ctx, due);
}

void
rd_clip_tick(struct rd_clip *c, uint64_t now_ns)
{
	take_tick(c, now_ns);
	give_tick(c, now_ns);
	clip_due(c);
}

void
rd_clip_room(struct rd_clip *c, uint64_t now_ns)
{
	for (struct peer *p = c->peers; p; p = p->next)
		p->loose = 0;
	give_pump(c, now_ns);
}

/* --- peers --- */

static int
on_took(struct rd_clip *c, struct peer *p, const struct rd_msg *m)
{
	struct rd_clip_took took;
	int err = rd_clip_took_parse(&took, m->data, m->len);
	if (!err && c->cfg.ops->fate)
		c->cfg.ops->fate(c->cfg.ctx, p->id, &took);
	return err;
}

int
rd_clip_message(struct rd_clip *c, uint8_t peer, const struct rd_msg *m, uint64_t now_ns)
{
	int err = 0;
	if (rd_msg_class(m->type) != RD_CLASS_CLIPBOARD)
		return 0;
	struct peer *p = clip_peer(c, peer);
	switch (m->type) {
	case RD_MSG_OFFER:
		err = offer_taken(c, p, m, now_ns);
		break;
	case RD_MSG_DATA:
		err = take_data(c, p, m, now_ns);
		break;
	case RD_MSG_REFUSE:
		err = take_refused(c, p, m);
		break;
	case RD_MSG_WATCH:
		err = offer_watch(c, p, m);
		break;
	case RD_MSG_WANT:
		err = give_want(c, p, m, now_ns);
		break;
	case RD_MSG_GOT:
		err = give_got(c, p, m, now_ns);
		break;
	case RD_MSG_CANCEL:
		err = give_cancel(c, p, m);
		break;
	case RD_MSG_TOOK:
		err = on_took(c, p, m);
		break;
	default:
		break;
	}
	clip_due(c);
	return err;
}

void
rd_clip_peer_gone(struct rd_clip *c, uint8_t peer)
{
	struct peer **at = &c->peers;
	while (*at && (*at)->id != peer)
		at = &(*at)->next;
	struct peer *p = *at;
	if (!p)
		return;
	*at = p->next;
	give_peer_gone(c, p);
	take_peer_gone(c, p);
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++) {
		const struct rd_clip_offer nothing = {.selection = s};
		offer_nothing(c, p, &nothing);
	}
	free(p);
	clip_due(c);
}

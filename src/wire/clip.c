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

void
clip_send(struct rd_clip *c, struct peer *p, uint16_t type, struct rd_buf *body)
{
	c->cfg.ops->send(c->cfg.ctx, p->id, type, body);
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
	give_pump(c, now_ns);
}

/* --- who has what --- */

static void
offer_to(struct rd_clip *c, struct peer *p, uint8_t selection, uint8_t flags)
{
	const struct rd_clip_offer *here = &c->here[selection].offer;
	struct rd_buf b = {0};
	if (!c->cfg.gives || !(p->watches & 1u << selection) || here->hops > RD_CLIP_HOPS)
		return;
	struct rd_clip_offer o = *here;
	o.flags |= flags;
	rd_clip_offer_pack(&b, &o);
	clip_send(c, p, RD_MSG_OFFER, &b);
}

/* To all who watch, but the one it came from. */
static void
offer_to_all(struct rd_clip *c, uint8_t selection, uint8_t flags)
{
	for (struct peer *p = c->peers; p; p = p->next)
		if (p != c->here[selection].holder)
			offer_to(c, p, selection, flags);
}

static bool
shared(const struct rd_clip *c, uint8_t selection)
{
	return selection == RD_CLIP_CLIPBOARD || (selection == RD_CLIP_PRIMARY && c->cfg.primary);
}

/* That is what can be pasted here now; holder NULL: a program has it. */
static void
now_here(struct rd_clip *c, const struct rd_clip_offer *o, struct peer *holder)
{
	uint8_t s = o->selection;
	struct peer *before = c->here[s].holder;
	if (before && (before != holder || o->serial != c->here[s].theirs))
		clip_took(c, before, c->here[s].theirs, RD_CLIP_LOST, RD_CLIP_GONE);
	take_forget(c, s);
	c->here[s].offer = *o;
	c->here[s].offer.serial = ++c->serials;
	c->here[s].holder = holder;
	c->here[s].theirs = o->serial;
	offer_to_all(c, s, c->here[s].looking ? RD_CLIP_OLD : 0);
	c->here[s].looking = false;
}

void
rd_clip_looking(struct rd_clip *c, uint8_t selection)
{
	c->here[selection].looking = true;
}

void
rd_clip_copied(struct rd_clip *c, const struct rd_clip_offer *o)
{
	if (shared(c, o->selection))
		now_here(c, o, NULL);
}

static void
nothing_there(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o)
{
	if (c->here[o->selection].holder != p)
		return;
	c->here[o->selection].holder = NULL;
	c->cfg.place->own(c->cfg.place_ctx, o);
	now_here(c, o, NULL);
}

/* Whether it is to be had here: it has not been here before, nor is in the way of ours. */
static bool
is_news(const struct rd_clip *c, const struct rd_clip_offer *o)
{
	const struct rd_clip_offer *here = &c->here[o->selection].offer;
	if (o->hops >= RD_CLIP_HOPS || (here->count && here->origin == o->origin))
		return false;
	/* Who joins with something of his own copied keeps that. */
	return !(o->flags & RD_CLIP_OLD) || !here->count || !c->cfg.gives ||
		c->here[o->selection].holder;
}

/* By another program over there, perhaps: the same under another number. */
static bool
is_said_again(const struct rd_clip *c, const struct peer *p, const struct rd_clip_offer *o)
{
	const struct rd_clip_offer *here = &c->here[o->selection].offer;
	if (c->here[o->selection].holder != p || here->origin != o->origin || here->count != o->count)
		return false;
	for (int i = 0; i < o->count; i++)
		if (!rd_clip_offer_find(here, o->kind[i].name))
			return false;
	return true;
}

static int
on_offer(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_clip_offer o;
	int err = rd_clip_offer_parse(&o, m->data, m->len);
	if (err || !shared(c, o.selection))
		return err == -ENOTSUP ? 0 : err;
	if (!c->cfg.takes) {
		if (o.count)
			clip_took(c, p, o.serial, RD_CLIP_REFUSED, RD_CLIP_OFF);
		return 0;
	}
	if (!o.count) {
		nothing_there(c, p, &o);
		return 0;
	}
	if (is_said_again(c, p, &o)) {
		take_forget(c, o.selection);
		c->here[o.selection].theirs = o.serial;
		clip_took(c, p, o.serial, RD_CLIP_OWNED, 0);
		return 0;
	}
	if (!is_news(c, &o))
		return 0;
	o.hops++;
	if ((o.flags & RD_CLIP_KEEP) && c->cfg.place->keep) {
		keep_begin(c, p, &o, now_ns);
		return 0;
	}
	o.flags &= RD_CLIP_SECRET;
	now_here(c, &o, p);
	c->cfg.place->own(c->cfg.place_ctx, &c->here[o.selection].offer);
	clip_took(c, p, o.serial, RD_CLIP_OWNED, 0);
	return 0;
}

const struct rd_clip_offer *
rd_clip_here(const struct rd_clip *c, uint8_t selection)
{
	return &c->here[selection].offer;
}

int
rd_clip_holder(const struct rd_clip *c, uint8_t selection)
{
	return c->here[selection].holder ? c->here[selection].holder->id : -1;
}

/* --- peers --- */

static int
on_watch(struct rd_clip *c, struct peer *p, const struct rd_msg *m)
{
	uint8_t selections;
	int err = rd_clip_watch_parse(&selections, m->data, m->len);
	if (err)
		return err;
	p->watches = selections;
	if (!selections)
		give_peer_gone(c, p);
	for (uint8_t s = 0; s < RD_CLIP_SELECTIONS; s++)
		if (shared(c, s) && !c->here[s].looking)
			offer_to(c, p, s, RD_CLIP_OLD);
	return 0;
}

void
rd_clip_offers_to(struct rd_clip *c, uint8_t peer)
{
	struct peer *p = clip_peer(c, peer);
	p->watches = (1u << RD_CLIP_SELECTIONS) - 1;
	for (uint8_t s = 0; s < RD_CLIP_SELECTIONS; s++)
		if (shared(c, s) && c->here[s].offer.count && c->here[s].holder != p)
			offer_to(c, p, s, 0);
}

void
rd_clip_watches(struct rd_clip *c, uint8_t peer)
{
	struct rd_buf b = {0};
	if (!c->cfg.takes)
		return;
	rd_clip_watch_pack(&b, c->cfg.primary ? 3 : 1);
	clip_send(c, clip_peer(c, peer), RD_MSG_WATCH, &b);
}

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
		err = on_offer(c, p, m, now_ns);
		break;
	case RD_MSG_DATA:
		err = take_data(c, p, m, now_ns);
		break;
	case RD_MSG_REFUSE:
		err = take_refused(c, p, m);
		break;
	case RD_MSG_WATCH:
		err = on_watch(c, p, m);
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
	for (uint8_t s = 0; s < RD_CLIP_SELECTIONS; s++) {
		const struct rd_clip_offer nothing = {.selection = s};
		nothing_there(c, p, &nothing);
	}
	free(p);
	clip_due(c);
}

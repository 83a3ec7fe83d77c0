#include <errno.h>

#include "wire/clip_priv.h"

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
	for (struct peer *p = o->count ? c->peers : NULL; p; p = p->next)
		if (p != holder)
			p->newer |= (uint8_t)(1u << s);
	take_forget(c, s);
	c->here[s].offer = *o;
	c->here[s].offer.serial = ++c->serials;
	c->here[s].holder = holder;
	c->here[s].theirs = o->serial;
	offer_to_all(c, s, c->here[s].old ? RD_CLIP_OLD : 0);
	c->here[s].old = false;
}

void
offer_nothing(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o)
{
	if (c->here[o->selection].holder != p)
		return;
	c->here[o->selection].holder = NULL;
	c->cfg.place->own(c->cfg.place_ctx, o);
	now_here(c, o, NULL);
}

/* Whether it is to be had here: it has not been here before, nor is in the way of ours. */
static bool
is_news(const struct rd_clip *c, const struct peer *p, const struct rd_clip_offer *o)
{
	const struct rd_clip_offer *here = &c->here[o->selection].offer;
	if (o->hops >= RD_CLIP_HOPS || (here->count && here->origin == o->origin))
		return false;
	if (!(o->flags & RD_CLIP_OLD) || !here->count || !c->cfg.gives)
		return true;
	/* Where both have copied something while they were apart, each keeps that. */
	if (o->flags & RD_CLIP_SINCE)
		return !(p->newer & 1u << o->selection);
	/* Who joins with something of his own copied keeps that. */
	return c->here[o->selection].holder;
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

/* A peer has that, and it is known what is here. */
static void
take_offer(struct rd_clip *c, struct peer *p, struct rd_clip_offer *o, uint64_t now_ns)
{
	if (!o->count) {
		p->newer &= (uint8_t)~(1u << o->selection);
		take_give_up(c, p, o->selection);
		offer_nothing(c, p, o);
		return;
	}
	if (is_said_again(c, p, o)) {
		take_forget(c, o->selection);
		c->here[o->selection].theirs = o->serial;
		clip_took(c, p, o->serial, RD_CLIP_OWNED, 0);
		return;
	}
	if (!is_news(c, p, o))
		return;
	o->hops++;
	if ((o->flags & RD_CLIP_KEEP) && c->cfg.place->keep) {
		keep_begin(c, p, o, now_ns);
		return;
	}
	o->flags &= RD_CLIP_SECRET;
	now_here(c, o, p);
	c->cfg.place->own(c->cfg.place_ctx, &c->here[o->selection].offer);
	clip_took(c, p, o->serial, RD_CLIP_OWNED, 0);
}

int
offer_taken(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns)
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
	p->waits[o.selection] = c->here[o.selection].looking;
	if (p->waits[o.selection])
		p->waiting[o.selection] = o;
	else
		take_offer(c, p, &o, now_ns);
	return 0;
}

void
rd_clip_looking(struct rd_clip *c, uint8_t selection, bool old)
{
	c->here[selection].looking = true;
	c->here[selection].old |= old;
}

void
rd_clip_copied(struct rd_clip *c, const struct rd_clip_offer *o, uint64_t now_ns)
{
	uint8_t s = o->selection;
	if (!shared(c, s))
		return;
	c->here[s].looking = false;
	now_here(c, o, NULL);
	for (struct peer *p = c->peers; p; p = p->next) {
		if (!p->waits[s])
			continue;
		p->waits[s] = false;
		take_offer(c, p, &p->waiting[s], now_ns);
	}
	clip_due(c);
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

/* --- who watches --- */

int
offer_watch(struct rd_clip *c, struct peer *p, const struct rd_msg *m)
{
	uint8_t selections;
	int err = rd_clip_watch_parse(&selections, m->data, m->len);
	if (err)
		return err;
	p->watches = selections & (uint8_t)~RD_CLIP_AGAIN;
	if (!p->watches) {
		p->newer = 0;
		give_peer_gone(c, p);
	}
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++) {
		bool since = (selections & RD_CLIP_AGAIN) && (p->newer & 1u << s);
		if (shared(c, s) && !c->here[s].looking)
			offer_to(c, p, s, RD_CLIP_OLD | (since ? RD_CLIP_SINCE : 0));
	}
	return 0;
}

void
rd_clip_offers_to(struct rd_clip *c, uint8_t peer)
{
	struct peer *p = clip_peer(c, peer);
	p->watches = (1u << RD_CLIP_SELECTIONS) - 1;
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++)
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

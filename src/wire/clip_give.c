#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "wire/clip_priv.h"

static struct give *
find_id(struct rd_clip *c, const struct peer *p, uint32_t id)
{
	struct give *g = c->gives;
	while (g && (g->peer != p || g->id != id))
		g = g->next;
	return g;
}

static struct give *
find_job(struct rd_clip *c, uint32_t job)
{
	struct give *g = c->gives;
	while (g && g->job != job)
		g = g->next;
	return g;
}

/* Who has waited longest is the next. */
static void
put_last(struct rd_clip *c, struct give *g)
{
	struct give **at = &c->gives;
	while (*at && *at != g)
		at = &(*at)->next;
	if (*at)
		*at = g->next;
	while (*at)
		at = &(*at)->next;
	g->next = NULL;
	*at = g;
}

/* What is under way of it does not count any more: who took the rest has said so, or will not. */
static void
give_free(struct rd_clip *c, struct give *g)
{
	struct give **at = &c->gives;
	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	g->peer->gives--;
	g->peer->under_way -= (uint64_t)(g->sent - g->got) * RD_CLIP_CHUNK;
	free(g);
}

static void
refuse(struct rd_clip *c, struct peer *p, uint32_t id, enum rd_clip_why why, uint64_t size)
{
	const struct rd_clip_refuse no = {id, (uint8_t)why, size};
	struct rd_buf b = {0};
	rd_clip_refuse_pack(&b, &no);
	clip_send(c, p, RD_MSG_REFUSE, &b);
}

/* The offer of that serial, if that is what is here; NULL: it is gone. */
static const struct rd_clip_offer *
offer_of(const struct rd_clip *c, uint32_t serial)
{
	for (int i = 0; i < RD_CLIP_SELECTIONS; i++)
		if (c->here[i].offer.serial == serial && c->here[i].offer.count)
			return &c->here[i].offer;
	return NULL;
}

static bool
may_go(struct rd_clip *c, struct peer *p, const struct rd_clip_want *w)
{
	const struct rd_clip_offer *o = offer_of(c, w->serial);
	const struct rd_clip_kind *k = o ? rd_clip_offer_find(o, w->kind) : NULL;
	uint64_t most = w->most < c->cfg.max ? w->most : c->cfg.max;
	if (!c->cfg.gives)
		refuse(c, p, w->id, RD_CLIP_OFF, RD_CLIP_SIZE_UNKNOWN);
	else if (!o)
		refuse(c, p, w->id, RD_CLIP_GONE, RD_CLIP_SIZE_UNKNOWN);
	else if (!k)
		refuse(c, p, w->id, RD_CLIP_NO_KIND, RD_CLIP_SIZE_UNKNOWN);
	else if (k->size != RD_CLIP_SIZE_UNKNOWN && k->size > most)
		refuse(c, p, w->id, RD_CLIP_TOO_LARGE, k->size);
	else if (p->gives >= RD_CLIP_GIVES)
		refuse(c, p, w->id, RD_CLIP_BUSY, RD_CLIP_SIZE_UNKNOWN);
	else
		return true;
	return false;
}

int
give_want(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_clip_want w;
	int err = rd_clip_want_parse(&w, m->data, m->len);
	if (err || find_id(c, p, w.id))
		return -EPROTO;
	if (!may_go(c, p, &w))
		return 0;
	struct give *g = xcalloc(1, sizeof(*g));
	g->peer = p;
	g->id = w.id;
	g->job = ++c->jobs;
	g->most = w.most < c->cfg.max ? w.most : c->cfg.max;
	g->serial = w.serial;
	rd_clip_name(g->kind, w.kind);
	g->deadline_ns = now_ns + RD_CLIP_UNTAKEN_NS;
	put_last(c, g);
	p->gives++;
	rd_acks_init(&g->acks);
	give_pump(c, now_ns);
	return 0;
}

/*
 * Asking costs nothing, so the first piece needs room on the link, too; but none in
 * the peer's window, where what is over or given up has left no trace.
 */
static bool
has_room(struct rd_clip *c, const struct give *g, uint64_t now_ns)
{
	return c->cfg.ops->room(c->cfg.ctx) && (!g->begun || (rd_acks_room(&g->acks, now_ns) &&
		g->peer->under_way + RD_CLIP_CHUNK <= RD_CLIP_WINDOW));
}

/* What was offered may be gone, if there was no room before. */
static void
begin(struct rd_clip *c, struct give *g)
{
	const struct rd_clip_offer *o = offer_of(c, g->serial);
	g->begun = true;
	if (o) {
		c->cfg.place->read(c->cfg.place_ctx, g->job, o->selection, g->kind);
		return;
	}
	refuse(c, g->peer, g->id, RD_CLIP_GONE, RD_CLIP_SIZE_UNKNOWN);
	give_free(c, g);
}

/* One piece of each in turn; what answers at once may end itself meanwhile. */
void
give_pump(struct rd_clip *c, uint64_t now_ns)
{
	for (bool any = true; any;) {
		any = false;
		for (struct give *g = c->gives; g; g = g->next) {
			if (g->pulled || !has_room(c, g, now_ns))
				continue;
			any = g->pulled = true;
			put_last(c, g);
			if (g->begun)
				c->cfg.place->more(c->cfg.place_ctx, g->job);
			else
				begin(c, g);
			break;
		}
	}
}

int
give_got(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_clip_got got;
	int err = rd_clip_got_parse(&got, m->data, m->len);
	if (err)
		return err;
	struct give *g = find_id(c, p, got.id);
	/* The last of a content is not waited for. */
	if (!g)
		return 0;
	if (got.count > g->sent)
		return -EPROTO;
	if (got.count > g->got) {
		p->under_way -= (uint64_t)(got.count - g->got) * RD_CLIP_CHUNK;
		g->got = got.count;
		g->deadline_ns = now_ns + RD_CLIP_UNTAKEN_NS;
		rd_acks_acked(&g->acks, got.count, now_ns);
	}
	give_pump(c, now_ns);
	return 0;
}

static void
stop(struct rd_clip *c, struct give *g)
{
	uint32_t job = g->job;
	bool begun = g->begun;
	give_free(c, g);
	if (begun)
		c->cfg.place->stop(c->cfg.place_ctx, job);
}

int
give_cancel(struct rd_clip *c, struct peer *p, const struct rd_msg *m)
{
	uint32_t id;
	int err = rd_clip_cancel_parse(&id, m->data, m->len);
	struct give *g = err ? NULL : find_id(c, p, id);
	if (g)
		stop(c, g);
	return err;
}

void
give_peer_gone(struct rd_clip *c, struct peer *p)
{
	for (struct give *g = c->gives, *next; g; g = next) {
		next = g->next;
		if (g->peer == p)
			stop(c, g);
	}
}

uint64_t
give_deadline(const struct rd_clip *c)
{
	uint64_t due = UINT64_MAX;
	for (const struct give *g = c->gives; g; g = g->next)
		due = g->deadline_ns < due ? g->deadline_ns : due;
	return due;
}

void
give_tick(struct rd_clip *c, uint64_t now_ns)
{
	for (struct give *g = c->gives, *next; g; g = next) {
		next = g->next;
		if (g->deadline_ns > now_ns)
			continue;
		refuse(c, g->peer, g->id, RD_CLIP_BUSY, RD_CLIP_SIZE_UNKNOWN);
		stop(c, g);
	}
}

void
rd_clip_piece(struct rd_clip *c, uint32_t job, const uint8_t *data, size_t len, bool last,
	uint64_t now_ns)
{
	struct give *g = find_job(c, job);
	struct rd_buf b = {0};
	if (!g)
		return;
	g->pulled = false;
	g->total += len;
	if (g->total > g->most) {
		refuse(c, g->peer, g->id, RD_CLIP_TOO_LARGE, RD_CLIP_SIZE_UNKNOWN);
		stop(c, g);
		return;
	}
	const struct rd_clip_data d = {g->id, last, data, len};
	rd_clip_data_pack(&b, &d);
	g->sent++;
	g->peer->under_way += RD_CLIP_CHUNK;
	rd_acks_sent(&g->acks, g->sent, (uint32_t)len, now_ns);
	clip_send(c, g->peer, RD_MSG_DATA, &b);
	if (last)
		give_free(c, g);
	give_pump(c, now_ns);
}

void
rd_clip_unread(struct rd_clip *c, uint32_t job, enum rd_clip_why why)
{
	struct give *g = find_job(c, job);
	if (!g)
		return;
	refuse(c, g->peer, g->id, why, RD_CLIP_SIZE_UNKNOWN);
	give_free(c, g);
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "wire/clip_priv.h"

/* Bytes in memory of all together: two of the largest, which grow by doubling. */
#define HELD_MAX(c) (3 * (c)->cfg.max + RD_CLIP_TAKES * RD_CLIP_CHUNK)

static struct take *
find_id(struct rd_clip *c, const struct peer *p, uint32_t id)
{
	struct take *t = c->takes;
	while (t && (t->peer != p || t->id != id || t->done))
		t = t->next;
	return t;
}

void
take_free(struct rd_clip *c, struct take *t)
{
	struct take **at = &c->takes;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	c->take_count--;
	c->held -= t->body.cap;
	free(t->body.data);
	free(t);
}

/* All who wait for it get it, or nothing. They may ask for more meanwhile. */
static void
answer(struct rd_clip *c, struct take *t)
{
	for (int i = 0; i < RD_CLIP_ASKERS; i++) {
		if (c->askers[i].take != t)
			continue;
		c->askers[i].take = NULL;
		c->cfg.place->answer(c->cfg.place_ctx, c->askers[i].request,
			t->done ? t->body.len ? t->body.data : (const uint8_t *)"" : NULL, t->body.len);
	}
}

static void
fail(struct rd_clip *c, struct take *t, enum rd_clip_why why, uint64_t size)
{
	struct peer *p = t->peer;
	bool kept = t->kept;
	/* From now on it is nobody's, whatever is asked meanwhile. */
	t->serial = 0;
	t->deadline_ns = UINT64_MAX;
	clip_say(c, p, t->kind, why, size);
	answer(c, t);
	take_free(c, t);
	if (kept)
		keep_failed(c, p, why);
}

void
take_cancel(struct rd_clip *c, struct take *t)
{
	struct rd_buf b = {0};
	rd_clip_cancel_pack(&b, t->id);
	clip_send(c, t->peer, RD_MSG_CANCEL, &b);
}

/* Room for len more bytes: a size that comes from elsewhere never ends the program. */
static bool
grow(struct rd_clip *c, struct take *t, size_t len)
{
	struct rd_buf *b = &t->body;
	size_t cap = b->cap ? b->cap : RD_CLIP_CHUNK;
	if (b->len + len <= b->cap)
		return true;
	while (cap < b->len + len)
		cap *= 2;
	for (unsigned s = 0; s < RD_CLIP_SELECTIONS; s++)
		if (c->held + cap - b->cap > HELD_MAX(c))
			take_forget(c, s);
	if (c->held + cap - b->cap > HELD_MAX(c))
		return false;
	uint8_t *data = realloc(b->data, cap);
	if (!data)
		return false;
	c->held += cap - b->cap;
	b->data = data;
	b->cap = cap;
	return true;
}

struct take *
take_begin(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o, uint32_t serial,
	const char *kind, uint64_t now_ns)
{
	struct rd_clip_want w = {.serial = serial, .most = c->cfg.max};
	struct rd_buf b = {0};
	if (c->take_count >= RD_CLIP_TAKES + RD_CLIP_KINDS)
		return NULL;
	struct take *t = xcalloc(1, sizeof(*t));
	t->peer = p;
	t->id = w.id = ++c->ids;
	t->serial = serial;
	t->selection = o->selection;
	t->deadline_ns = now_ns + RD_CLIP_UNANSWERED_NS;
	rd_clip_name(t->kind, kind);
	rd_clip_name(w.kind, kind);
	t->next = c->takes;
	c->takes = t;
	c->take_count++;
	rd_clip_want_pack(&b, &w);
	clip_send(c, p, RD_MSG_WANT, &b);
	return t;
}

int
take_data(struct rd_clip *c, struct peer *p, const struct rd_msg *m, uint64_t now_ns)
{
	struct rd_clip_data d;
	int err = rd_clip_data_parse(&d, m->data, m->len);
	struct take *t = err ? NULL : find_id(c, p, d.id);
	/* What was given up may still be on its way. */
	if (!t)
		return err;
	if (t->body.len + d.len > c->cfg.max || !grow(c, t, d.len)) {
		take_cancel(c, t);
		fail(c, t, t->body.len + d.len > c->cfg.max ? RD_CLIP_TOO_LARGE : RD_CLIP_BUSY,
			RD_CLIP_SIZE_UNKNOWN);
		return 0;
	}
	if (d.len)
		memcpy(t->body.data + t->body.len, d.data, d.len);
	t->body.len += d.len;
	t->deadline_ns = now_ns + RD_CLIP_UNANSWERED_NS;
	if (!d.last) {
		const struct rd_clip_got got = {t->id, ++t->got};
		struct rd_buf b = {0};
		rd_clip_got_pack(&b, &got);
		clip_send(c, p, RD_MSG_GOT, &b);
		return 0;
	}
	t->done = true;
	/* Somebody who was too impatient may ask again. */
	t->deadline_ns = now_ns + RD_CLIP_REMEMBERED_NS;
	answer(c, t);
	if (t->kept)
		keep_arrived(c, p);
	return 0;
}

int
take_refused(struct rd_clip *c, struct peer *p, const struct rd_msg *m)
{
	struct rd_clip_refuse no;
	int err = rd_clip_refuse_parse(&no, m->data, m->len);
	struct take *t = err ? NULL : find_id(c, p, no.id);
	if (t)
		fail(c, t, no.why < RD_CLIP_WHYS ? (enum rd_clip_why)no.why : RD_CLIP_NO_ANSWER, no.size);
	return err;
}

/* --- who pastes --- */

static struct take *
find_kind(struct rd_clip *c, const struct peer *p, uint32_t serial, const char *kind)
{
	struct take *t = c->takes;
	while (t && (t->peer != p || t->serial != serial || t->kept || strcmp(t->kind, kind) != 0))
		t = t->next;
	return t;
}

static struct asker *
free_asker(struct rd_clip *c)
{
	for (int i = 0; i < RD_CLIP_ASKERS; i++)
		if (!c->askers[i].take)
			return &c->askers[i];
	return NULL;
}

static unsigned
under_way(const struct rd_clip *c)
{
	unsigned n = 0;
	for (const struct take *t = c->takes; t; t = t->next)
		n += !t->done;
	return n;
}

void
rd_clip_ask(struct rd_clip *c, uint32_t request, uint8_t selection, const char *kind,
	uint64_t now_ns)
{
	struct peer *p = c->here[selection].holder;
	const struct rd_clip_offer *o = &c->here[selection].offer;
	const struct rd_clip_kind *k = p ? rd_clip_offer_find(o, kind) : NULL;
	struct asker *a = free_asker(c);
	struct take *t = k ? find_kind(c, p, c->here[selection].theirs, kind) : NULL;
	enum rd_clip_why why = !p ? RD_CLIP_GONE : !k ? RD_CLIP_NO_KIND : RD_CLIP_BUSY;
	if (k && a && !t && k->size != RD_CLIP_SIZE_UNKNOWN && k->size > c->cfg.max)
		why = RD_CLIP_TOO_LARGE;
	else if (k && a && !t && under_way(c) < RD_CLIP_TAKES)
		t = take_begin(c, p, o, c->here[selection].theirs, kind, now_ns);
	if (!t || !a) {
		if (p)
			clip_say(c, p, kind, why, k ? k->size : RD_CLIP_SIZE_UNKNOWN);
		c->cfg.place->answer(c->cfg.place_ctx, request, NULL, 0);
		return;
	}
	*a = (struct asker){t, request};
	if (t->done)
		answer(c, t);
	clip_due(c);
}

/* --- its end --- */

uint64_t
take_deadline(const struct rd_clip *c)
{
	uint64_t due = UINT64_MAX;
	for (const struct take *t = c->takes; t; t = t->next)
		due = t->deadline_ns < due ? t->deadline_ns : due;
	return due;
}

void
take_tick(struct rd_clip *c, uint64_t now_ns)
{
	for (;;) {
		struct take *t = c->takes;
		while (t && (t->kept && t->done ? true : t->deadline_ns > now_ns))
			t = t->next;
		if (!t)
			return;
		if (t->done) {
			take_free(c, t);
			continue;
		}
		take_cancel(c, t);
		fail(c, t, RD_CLIP_NO_ANSWER, RD_CLIP_SIZE_UNKNOWN);
	}
}

void
take_forget(struct rd_clip *c, uint8_t selection)
{
	for (struct take *t = c->takes, *next; t; t = next) {
		next = t->next;
		if (t->selection == selection && t->done && !t->kept)
			take_free(c, t);
	}
}

void
take_give_up(struct rd_clip *c, struct peer *p, uint8_t selection)
{
	for (;;) {
		struct take *t = c->takes;
		while (t && (t->peer != p || t->selection != selection || t->done))
			t = t->next;
		if (!t)
			return;
		take_cancel(c, t);
		fail(c, t, RD_CLIP_GONE, RD_CLIP_SIZE_UNKNOWN);
	}
}

void
take_peer_gone(struct rd_clip *c, struct peer *p)
{
	for (bool any = true; any;) {
		struct take *t = c->takes;
		while (t && t->peer != p)
			t = t->next;
		any = t != NULL;
		if (!any)
			break;
		p->keep_serial = 0;
		if (!t->done)
			clip_say(c, p, t->kind, RD_CLIP_GONE, RD_CLIP_SIZE_UNKNOWN);
		t->done = false;
		answer(c, t);
		take_free(c, t);
	}
}

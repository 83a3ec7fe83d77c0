#include <errno.h>
#include <string.h>

#include "wire/clip_priv.h"

/*
 * A giver that will not stay gives all at once. One offer at a time is kept of a
 * peer; together its kinds are bounded as takes are (clip_take.c).
 */
static void
forget(struct rd_clip *c, struct peer *p)
{
	p->keep_serial = p->keep_job = 0;
	for (struct take *t = c->takes, *next; t; t = next) {
		next = t->next;
		if (t->peer != p || !t->kept)
			continue;
		if (!t->done)
			take_cancel(c, t);
		take_free(c, t);
	}
}

void
keep_failed(struct rd_clip *c, struct peer *p, enum rd_clip_why why)
{
	uint32_t serial = p->keep_serial;
	forget(c, p);
	if (serial)
		clip_took(c, p, serial, RD_CLIP_REFUSED, why);
}

static uint64_t
size_of(const struct rd_clip_offer *o)
{
	uint64_t sum = 0;
	for (int i = 0; i < o->count; i++)
		if (o->kind[i].size != RD_CLIP_SIZE_UNKNOWN && sum + o->kind[i].size >= sum)
			sum += o->kind[i].size;
	return sum;
}

void
keep_begin(struct rd_clip *c, struct peer *p, const struct rd_clip_offer *o, uint64_t now_ns)
{
	forget(c, p);
	p->keep = *o;
	p->keep_serial = o->serial;
	if (size_of(o) > c->cfg.max) {
		keep_failed(c, p, RD_CLIP_TOO_LARGE);
		return;
	}
	for (int i = 0; i < o->count; i++) {
		struct take *t = take_begin(c, p, o, o->serial, o->kind[i].name, now_ns);
		if (!t) {
			keep_failed(c, p, RD_CLIP_BUSY);
			return;
		}
		t->kept = true;
	}
}

static struct take *
find(const struct rd_clip *c, const struct peer *p, const char *kind)
{
	struct take *t = c->takes;
	while (t && (t->peer != p || !t->kept || strcmp(t->kind, kind) != 0))
		t = t->next;
	return t;
}

void
keep_arrived(struct rd_clip *c, struct peer *p)
{
	struct rd_buf bodies[RD_CLIP_KINDS];
	if (p->keep_job)
		return;
	for (int i = 0; i < p->keep.count; i++) {
		const struct take *t = find(c, p, p->keep.kind[i].name);
		if (!t || !t->done)
			return;
		bodies[i] = t->body;
	}
	uint32_t job = p->keep_job = ++c->jobs;
	int err = c->cfg.place->keep(c->cfg.place_ctx, job, &p->keep, bodies);
	if (err != -EINPROGRESS)
		rd_clip_kept(c, job, err);
}

void
rd_clip_kept(struct rd_clip *c, uint32_t job, int err)
{
	struct peer *p = c->peers;
	while (p && p->keep_job != job)
		p = p->next;
	if (!p || !job)
		return;
	uint32_t serial = p->keep_serial;
	forget(c, p);
	clip_took(c, p, serial, err ? RD_CLIP_REFUSED : RD_CLIP_KEPT, err ? RD_CLIP_NO_ANSWER : 0);
	clip_due(c);
}

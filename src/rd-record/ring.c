#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-record/ring.h"

struct ring_piece {
	struct ring_piece *next;
	struct piece piece;
	uint8_t data[];
};

static void
drop_first(struct ring *r)
{
	struct ring_piece *gone = r->first;
	r->bytes -= sizeof(*gone) + gone->piece.len;
	r->first = gone->next;
	if (!r->first)
		r->last = NULL;
	free(gone);
}

void
ring_finish(struct ring *r)
{
	while (r->first)
		drop_first(r);
}

static bool
begins(const struct ring_piece *p)
{
	return p->piece.track == TRACK_VIDEO && p->piece.key;
}

/* The key picture after the first one; NULL: none. */
static const struct ring_piece *
second_key(const struct ring *r)
{
	const struct ring_piece *p = r->first ? r->first->next : NULL;
	while (p && !begins(p))
		p = p->next;
	return p;
}

/* What is shown before the second key picture goes when that is old enough to begin. */
static void
trim(struct ring *r)
{
	uint64_t now_ns = r->last->piece.time_ns;
	const struct ring_piece *second;
	while ((second = second_key(r)) &&
			(second->piece.time_ns + r->keep_ns <= now_ns || r->bytes > RING_BYTES_MAX))
		while (r->first != second)
			drop_first(r);
	/* One picture and what follows it, larger than all that may be kept. */
	while (r->first != r->last && r->bytes > RING_BYTES_MAX)
		drop_first(r);
}

void
ring_put(struct ring *r, const struct piece *p)
{
	struct ring_piece *own = xmalloc(sizeof(*own) + p->len);
	own->next = NULL;
	own->piece = *p;
	own->piece.data = own->data;
	if (p->len)
		memcpy(own->data, p->data, p->len);
	if (r->last)
		r->last->next = own;
	else
		r->first = own;
	r->last = own;
	r->bytes += sizeof(*own) + p->len;
	trim(r);
}

int
ring_save(const struct ring *r, struct writer *w, uint64_t end_ns)
{
	int err = 0;
	for (const struct ring_piece *p = r->first; p && !err; p = p->next)
		err = writer_put(w, &p->piece);
	int cut = writer_cut(w, end_ns);
	return err ? err : cut;
}

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "rd-record/chapters.h"
#include "rd-record/ebml.h"

/* What remains is a Void with a size of eight bytes, or nothing. */
#define VOID_MIN 100

int
chapters_open(struct chapters *c, struct disk *d)
{
	struct rd_buf b = {0};
	*c = (struct chapters){.disk = d, .start = d->size, .end = d->size + CHAPTERS_ROOM};
	ebml_put_void_head(&b, CHAPTERS_ROOM);
	while (b.len < CHAPTERS_ROOM)
		rd_buf_u8(&b, 0);
	int err = disk_write(d, b.data, b.len);
	rd_buf_finish(&b);
	return err;
}

/* The elements around all chapters: their sizes never change. */
static void
put_frame(const struct chapters *c, struct rd_buf *b)
{
	enum { CHAPTERS_HEAD = 4 + 8, EDITION_HEAD = 2 + 8 };
	uint64_t inside = c->end - c->start - CHAPTERS_HEAD;
	ebml_put_head(b, MKV_CHAPTERS, inside, 8);
	ebml_put_head(b, MKV_EDITION, inside - EDITION_HEAD, 8);
}

int
chapters_add(struct chapters *c, uint64_t time_ns, const char *title, size_t len)
{
	struct rd_buf b = {0}, rest = {0};
	uint64_t at = c->next ? c->next : c->start;
	if (c->start == 0)
		return -ENOSPC;
	if (c->next == 0)
		put_frame(c, &b);
	ebml_put_chapter(&b, c->count + 1, time_ns, title, len);
	uint64_t behind = at + b.len;
	int err = behind + VOID_MIN > c->end ? -ENOSPC : 0;
	if (!err) {
		/* First what follows, which nobody sees yet. */
		ebml_put_void_head(&rest, c->end - behind);
		err = disk_patch(c->disk, behind, rest.data, rest.len);
	}
	if (!err)
		err = disk_patch(c->disk, at, b.data, b.len);
	if (!err) {
		c->next = behind;
		c->count++;
	}
	rd_buf_finish(&b);
	rd_buf_finish(&rest);
	return err;
}

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "wire/link_priv.h"

/* A shorter body is cheaper written than named, mapped and released. */
#define SHARE_FROM ((size_t)4 << 10)

/* A buffer of the peer, mapped here. Lives as long as the link or a use of it. */
struct link_map {
	struct rd_link *link;	/* NULL: closed, or another buffer took the id */
	struct rd_blob *blob;
	uint32_t id;
	unsigned uses;
};

/* One message's part of a map; its last unref is what sends RELEASE. */
struct link_use {
	struct rd_blob blob;
	struct link_map *map;
};

/*
 * A peer that goes on naming buffers and reads nothing would fill our queue
 * with RELEASEs: so many may wait.
 */
#define OWED_MAX (64 << 10)

/* ---- what we lend ---- */

static struct link_lent *
find_lent(struct link_share *s, const struct stat *st)
{
	for (int i = 0; i < RD_BUFFER_IDS; i++) {
		struct link_lent *b = &s->lent[i];
		if (b->size && b->dev == st->st_dev && b->ino == st->st_ino)
			return b;
	}
	return NULL;
}

/* A free slot, or else the one unused for longest; NULL while all are in use. */
static struct link_lent *
take_slot(struct link_share *s)
{
	struct link_lent *best = NULL;

	for (int i = 0; i < RD_BUFFER_IDS; i++) {
		struct link_lent *b = &s->lent[i];
		if (b->uses > 0)
			continue;
		if (b->size == 0)
			return b;
		if (!best || b->used < best->used)
			best = b;
	}
	return best;
}

static void
send_link_message(struct rd_link *l, uint16_t type, struct rd_buf *body, struct rd_blob *blob, int fd)
{
	struct rd_msg head = {.type = type, .len = body->len};

	link_out_put(l, &head, body->data, body->len, blob, fd);
	rd_buf_finish(body);
}

static void
introduce(struct rd_link *l, struct link_lent *b, struct rd_blob *blob)
{
	struct rd_buffer_msg m = {(uint32_t)(b - l->share.lent), (uint32_t)blob->size};
	struct rd_buf body = {0};

	rd_buffer_pack(&body, &m);
	send_link_message(l, RD_MSG_BUFFER, &body, blob, blob->fd);
}

/* The slot by which the peer knows this blob, introduced first if need be. */
static struct link_lent *
lend(struct rd_link *l, struct rd_blob *blob)
{
	struct link_share *s = &l->share;
	struct stat st;

	if (fstat(blob->fd, &st) < 0)
		return NULL;
	struct link_lent *b = find_lent(s, &st);
	if (b)
		return b;
	b = take_slot(s);
	if (!b || s->lent_bytes - b->size + blob->size > RD_BUFFER_MAX)
		return NULL;
	s->lent_bytes += blob->size - b->size;
	*b = (struct link_lent){.dev = st.st_dev, .ino = st.st_ino, .size = blob->size};
	introduce(l, b, blob);
	return b;
}

static bool
shareable(const struct rd_link *l, const struct rd_msg *m)
{
	const struct rd_blob *blob = m->blob;

	if (!(l->peer.caps & RD_CAP_BUFFERS) || l->in.over || l->out.over)
		return false;
	return blob && blob->fd >= 0 && blob->size <= RD_BUFFER_MAX && m->len >= SHARE_FROM &&
		m->data >= blob->data && m->data + m->len <= blob->data + blob->size;
}

bool
link_share_send(struct rd_link *l, const struct rd_msg *m)
{
	struct rd_msg head = *m;
	struct rd_buf body = {0};

	if (!shareable(l, m))
		return false;
	struct link_lent *b = lend(l, m->blob);
	if (!b)
		return false;
	b->used = ++l->share.clock;
	b->uses++;
	b->blob = rd_blob_ref(m->blob);
	struct rd_shared_ref ref = {
		.id = (uint32_t)(b - l->share.lent),
		.offset = (uint32_t)(m->data - m->blob->data),
		.length = (uint32_t)m->len,
	};
	rd_shared_pack(&body, &ref);
	head.flags |= RD_MSG_F_SHARED;
	head.len = body.len;
	link_out_put(l, &head, body.data, body.len, NULL, -1);
	rd_buf_finish(&body);
	return true;
}

int
link_share_release(struct rd_link *l, uint32_t id)
{
	struct link_lent *b = &l->share.lent[id];

	if (b->uses == 0)
		return -EPROTO;
	b->uses--;
	rd_blob_unref(b->blob);
	l->out.room = true;
	link_later(l);
	return 0;
}

void
link_share_forget(struct rd_link *l)
{
	for (int i = 0; i < RD_BUFFER_IDS; i++) {
		struct link_lent *b = &l->share.lent[i];
		for (; b->uses > 0; b->uses--)
			rd_blob_unref(b->blob);
		*b = (struct link_lent){0};
	}
	l->share.lent_bytes = 0;
}

/* ---- what we are lent ---- */

static void
free_map(struct link_map *map)
{
	rd_blob_unref(map->blob);
	free(map);
}

static void
detach_map(struct link_share *s, uint32_t id)
{
	struct link_map *map = s->maps[id];

	if (!map)
		return;
	s->maps[id] = NULL;
	s->mapped_bytes -= map->blob->size;
	map->link = NULL;
	if (map->uses == 0)
		free_map(map);
}

/* Whether the peer may introduce a buffer by that id now; an idle one makes way. */
static bool
make_way(struct link_share *s, const struct rd_buffer_msg *m)
{
	struct link_map *old = s->maps[m->id];

	if (!s->offered || (old && old->uses > 0))
		return false;
	detach_map(s, m->id);
	return s->mapped_bytes + m->size <= RD_BUFFER_MAX;
}

int
link_share_buffer(struct rd_link *l, const struct rd_buffer_msg *m)
{
	struct link_share *s = &l->share;
	int fd = link_in_take_fd(l);

	if (fd < 0)
		return -EPROTO;
	if (!make_way(s, m)) {
		close(fd);
		return -EPROTO;
	}
	struct rd_blob *blob = rd_blob_map(fd, m->size);
	if (!blob)
		return errno == ENOMEM ? -ENOMEM : -EPROTO;
	struct link_map *map = xcalloc(1, sizeof(*map));
	*map = (struct link_map){.link = l, .blob = blob, .id = m->id};
	s->maps[m->id] = map;
	s->mapped_bytes += m->size;
	return 0;
}

static void
give_back(struct link_map *map)
{
	struct rd_buf body = {0};

	map->uses--;
	if (map->link) {
		struct rd_link *l = map->link;
		l->share.owed = l->out.head ? l->share.owed + 1 : 0;
		rd_release_pack(&body, map->id);
		send_link_message(l, RD_MSG_RELEASE, &body, NULL, -1);
	} else if (map->uses == 0) {
		free_map(map);
	}
}

static void
use_over(struct rd_blob *blob, void *arg)
{
	struct link_use *use = arg;

	(void)blob;
	give_back(use->map);
	free(use);
}

static struct rd_blob *
use_map(struct link_map *map, const struct rd_shared_ref *ref)
{
	struct link_use *use = xcalloc(1, sizeof(*use));

	use->blob.data = map->blob->data + ref->offset;
	use->blob.size = ref->length;
	use->blob.fd = -1;
	use->blob.refs = 1;
	use->blob.release = use_over;
	use->blob.arg = use;
	use->map = map;
	map->uses++;
	return &use->blob;
}

int
link_share_resolve(struct rd_link *l, const struct rd_msg *name, struct rd_msg *full)
{
	struct rd_shared_ref ref;

	if (rd_shared_parse(&ref, name->data, name->len) || l->share.owed > OWED_MAX)
		return -EPROTO;
	struct link_map *map = l->share.maps[ref.id];
	if (!map || ref.length > rd_msg_limit(name->type))
		return -EPROTO;
	if (ref.offset > map->blob->size || ref.length > map->blob->size - ref.offset)
		return -EPROTO;

	struct rd_blob *blob = use_map(map, &ref);
	if (name->type != RD_MSG_RAW) {
		/* The peer can still write there; only pixels may change while they are read. */
		struct rd_blob *copy = rd_blob_new(ref.length);
		if (copy)
			memcpy(copy->data, blob->data, ref.length);
		rd_blob_unref(blob);
		if (!copy)
			return -ENOMEM;
		blob = copy;
	}
	*full = *name;
	full->flags &= (uint8_t)~RD_MSG_F_SHARED;
	full->len = ref.length;
	full->data = blob->data;
	full->blob = blob;
	return 0;
}

void
link_share_finish(struct rd_link *l)
{
	link_share_forget(l);
	for (uint32_t id = 0; id < RD_BUFFER_IDS; id++)
		detach_map(&l->share, id);
}

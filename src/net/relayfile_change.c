#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/private.h"
#include "net/relayfile_priv.h"

#define LINE_ROOM (sizeof(((struct rd_relay_entry *)0)->name) + RD_KEY_TEXT + sizeof("own " JOIN) + \
	RD_JOIN_TEXT)

/* The new text. It holds join keys: it is made large enough at once, and wiped. */
static void
text_begin(struct rd_buf *b, const struct rd_private_change *c)
{
	*b = (struct rd_buf){0};
	rd_buf_room(b, c->len + 2 * LINE_ROOM);
}

static void
text_end(struct rd_buf *b)
{
	if (b->data)
		sodium_memzero(b->data, b->cap);
	rd_buf_finish(b);
}

static void
put_text(struct rd_buf *b, const char *text)
{
	rd_buf_bytes(b, text, strlen(text));
}

static void
put_entry(struct rd_buf *b, const struct rd_relay_entry *e)
{
	char key[RD_KEY_TEXT], join[RD_JOIN_TEXT];
	put_text(b, e->name);
	put_text(b, " ");
	put_text(b, rd_key_text(&e->key, key));
	if (e->own)
		put_text(b, " own");
	if (e->has_join) {
		put_text(b, " " JOIN);
		put_text(b, rd_join_text(e->join, join));
		sodium_memzero(join, sizeof(join));
	}
	put_text(b, "\n");
}

/* Another relay's line: as it was, but that it is not our own where `own` another one is. */
static void
put_other(struct rd_buf *b, const struct keyfile_walk *w, bool own)
{
	struct rd_relay_entry e;
	if (own && rd_relayfile_line(&e, w->line, w->len) > 0 && e.own) {
		e.own = false;
		put_entry(b, &e);
		rd_relay_entry_wipe(&e);
		return;
	}
	rd_buf_bytes(b, w->line, w->len);
	put_text(b, "\n");
}

/* The new line takes the first old one's place; further ones go. */
static void
put_changed(struct rd_buf *b, const struct rd_private_change *c, const struct rd_relay_entry *e)
{
	struct keyfile_walk w;
	bool placed = false;
	keyfile_walk_begin(&w, c->text, c->len);
	while (keyfile_walk_next(&w)) {
		if (!relayfile_about(&w, e->name)) {
			put_other(b, &w, e->own);
			continue;
		}
		if (!placed)
			put_entry(b, e);
		placed = true;
	}
	if (!placed)
		put_entry(b, e);
}

/* Whether what there is under that name may go. */
static int
may_put(const struct rd_private_change *c, const struct rd_relay_entry *e, bool replace)
{
	struct rd_relay_entry old;
	int err = relayfile_find(c->text, c->len, e->name, &old);
	if (replace || err == -ENOENT)
		return 0;
	if (!err && !rd_key_equal(&old.key, &e->key))
		err = -EEXIST;
	rd_relay_entry_wipe(&old);
	return err;
}

static int
change(const char *path, const struct rd_relay_entry *e, bool replace)
{
	struct rd_private_change c;
	struct rd_buf b = {0};
	int err = rd_private_change_begin(&c, path, RD_PRIVATE_SECRET);
	if (!err)
		err = may_put(&c, e, replace);
	if (!err) {
		text_begin(&b, &c);
		put_changed(&b, &c, e);
		err = rd_private_change_write(&c, b.data, b.len);
	}
	text_end(&b);
	rd_private_change_end(&c);
	return err;
}

int
rd_relayfile_put(const char *path, const struct rd_relay_entry *e, bool replace)
{
	struct rd_relay_entry named = *e;
	int err = relayfile_name(&named, e->name, strnlen(e->name, sizeof(e->name))) ? 0 : -EINVAL;
	if (!err)
		err = change(path, &named, replace);
	rd_relay_entry_wipe(&named);
	return err;
}

static int
put_without(struct rd_buf *b, const struct rd_private_change *c, const char *name)
{
	struct keyfile_walk w;
	bool gone = false;
	keyfile_walk_begin(&w, c->text, c->len);
	while (keyfile_walk_next(&w)) {
		if (relayfile_about(&w, name))
			gone = true;
		else
			put_other(b, &w, false);
	}
	return gone ? 0 : -ENOENT;
}

int
rd_relayfile_remove(const char *path, const char *name)
{
	struct rd_private_change c;
	struct rd_buf b = {0};
	char *wanted = rd_relay_name(name);
	if (!wanted)
		return -ENOENT;
	int err = rd_private_change_begin(&c, path, RD_PRIVATE_SECRET);
	if (!err) {
		text_begin(&b, &c);
		err = put_without(&b, &c, wanted);
	}
	if (!err)
		err = rd_private_change_write(&c, b.data, b.len);
	text_end(&b);
	rd_private_change_end(&c);
	free(wanted);
	return err;
}

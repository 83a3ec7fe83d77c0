#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "net/keyfile_priv.h"
#include "net/private.h"
#include "net/relayfile.h"

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define JOIN "join="
#define LINE_ROOM (sizeof(((struct rd_relay_entry *)0)->name) + RD_KEY_TEXT + sizeof("own " JOIN) + \
	RD_JOIN_TEXT)

char *
rd_relay_name(const char *text)
{
	return rd_host_port_name(text, RD_RELAY_PORT);
}

void
rd_relay_entry_wipe(struct rd_relay_entry *e)
{
	sodium_memzero(e, sizeof(*e));
}

/* --- join keys --- */

int
rd_join_parse(uint8_t join[static RD_JOIN_KEY], const char *text)
{
	size_t n = 0;
	const char *end = NULL;
	int bad = sodium_base642bin(join, RD_JOIN_KEY, text, strlen(text), NULL, &n, &end, VARIANT);
	if (!bad && n == RD_JOIN_KEY && !*end)
		return 0;
	sodium_memzero(join, RD_JOIN_KEY);
	return -EINVAL;
}

const char *
rd_join_text(const uint8_t join[static RD_JOIN_KEY], char out[static RD_JOIN_TEXT])
{
	return sodium_bin2base64(out, RD_JOIN_TEXT, join, RD_JOIN_KEY, VARIANT);
}

/* --- lines --- */

static bool
is_word(const char *word, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(word, text, len) == 0;
}

/* Copies a word that is to be parsed as text; false: it is longer than any of ours. */
static bool
copy_word(char *out, size_t cap, const char *word, size_t len)
{
	if (len >= cap || memchr(word, 0, len))
		return false;
	memcpy(out, word, len);
	out[len] = '\0';
	return true;
}

/* The name, as rd_relay_name writes it; false: it is none. */
static bool
take_name(struct rd_relay_entry *e, const char *word, size_t len)
{
	char text[sizeof(e->name)];
	if (!copy_word(text, sizeof(text), word, len) || strncmp(text, "rd:", 3) == 0)
		return false;
	char *name = rd_relay_name(text);
	bool fits = name && copy_word(e->name, sizeof(e->name), name, strlen(name));
	free(name);
	return fits;
}

static bool
take_option(struct rd_relay_entry *e, const char *word, size_t len)
{
	const size_t label = sizeof(JOIN) - 1;
	char text[RD_JOIN_TEXT];
	if (is_word(word, len, "own")) {
		bool again = e->own;
		e->own = true;
		return !again;
	}
	if (e->has_join || len < label || memcmp(word, JOIN, label) != 0 ||
		!copy_word(text, sizeof(text), word + label, len - label))
		return false;
	e->has_join = rd_join_parse(e->join, text) == 0;
	sodium_memzero(text, sizeof(text));
	return e->has_join;
}

static bool
take_words(struct rd_relay_entry *e, const char *at, const char *end)
{
	const char *word;
	size_t len;
	char key[RD_KEY_TEXT];
	if (!keyfile_word(&at, end, &word, &len) || !take_name(e, word, len))
		return false;
	if (!keyfile_word(&at, end, &word, &len) || !copy_word(key, sizeof(key), word, len) ||
		rd_key_parse(&e->key, key) != 0)
		return false;
	while (keyfile_word(&at, end, &word, &len))
		if (!take_option(e, word, len))
			return false;
	return true;
}

int
rd_relayfile_line(struct rd_relay_entry *e, const char *line, size_t len)
{
	const char *at = line, *word;
	size_t n;
	*e = (struct rd_relay_entry){0};
	if (!keyfile_word(&at, line + len, &word, &n) || *word == '#')
		return 0;
	if (take_words(e, line, line + len))
		return 1;
	rd_relay_entry_wipe(e);
	return -EBADMSG;
}

/* Whether a line, good or damaged, is about the relay of that name. */
static bool
is_about(const struct keyfile_walk *w, const char *name)
{
	struct rd_relay_entry e;
	const char *at = w->line, *word;
	size_t len;
	return keyfile_word(&at, w->line + w->len, &word, &len) && *word != '#' &&
		take_name(&e, word, len) && strcmp(e.name, name) == 0;
}

static bool
has_own(const struct keyfile_walk *w)
{
	const char *at = w->line, *word;
	size_t len;
	bool first = true;
	while (keyfile_word(&at, w->line + w->len, &word, &len)) {
		if (first && *word == '#')
			return false;
		if (!first && is_word(word, len, "own"))
			return true;
		first = false;
	}
	return false;
}

/* --- looking --- */

/* The first line of that name, or (NULL) the first that says "own". */
static int
find(const char *text, size_t len, const char *name, struct rd_relay_entry *e)
{
	struct keyfile_walk w;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w))
		if (name ? is_about(&w, name) : has_own(&w))
			return rd_relayfile_line(e, w.line, w.len) > 0 ? 0 : -EBADMSG;
	return -ENOENT;
}

static int
find_in(const char *path, const char *name, struct rd_relay_entry *e)
{
	char *text = NULL;
	size_t len = 0;
	*e = (struct rd_relay_entry){0};
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err)
		err = find(text, len, name, e);
	rd_private_free(text, len);
	return err;
}

int
rd_relayfile_find(const char *path, const char *name, struct rd_relay_entry *e)
{
	char *wanted = rd_relay_name(name);
	*e = (struct rd_relay_entry){0};
	int err = wanted ? find_in(path, wanted, e) : -ENOENT;
	free(wanted);
	return err;
}

int
rd_relayfile_own(const char *path, struct rd_relay_entry *e)
{
	return find_in(path, NULL, e);
}

/* Of lines of the same name the first counts. */
static bool
is_first(const char *text, const struct keyfile_walk *w, const char *name)
{
	struct keyfile_walk before;
	keyfile_walk_begin(&before, text, (size_t)(w->line - text));
	while (keyfile_walk_next(&before))
		if (is_about(&before, name))
			return false;
	return true;
}

int
rd_relayfile_each(const char *path, void (*each)(void *ctx, const struct rd_relay_entry *e),
	void *ctx)
{
	char *text = NULL;
	size_t len = 0;
	struct keyfile_walk w;
	struct rd_relay_entry e;
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (err)
		return err == -ENOENT ? 0 : err;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w))
		if (rd_relayfile_line(&e, w.line, w.len) > 0 && is_first(text, &w, e.name))
			each(ctx, &e);
	rd_relay_entry_wipe(&e);
	rd_private_free(text, len);
	return 0;
}

/* --- changing --- */

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
		if (!is_about(&w, e->name)) {
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
	int err = find(c->text, c->len, e->name, &old);
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
	int err = take_name(&named, e->name, strnlen(e->name, sizeof(e->name))) ? 0 : -EINVAL;
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
		if (is_about(&w, name))
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

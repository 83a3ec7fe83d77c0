#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/keyfile_priv.h"

#define FINGERPRINT_LEAST 8	/* characters of one that name a key */

/* A file while it is changed, under its lock. */
struct change {
	struct rd_private_change file;
	enum rd_keyfile_kind kind;
};

/* Of e, as the file is to have it, with its newline; caller frees. */
static char *
compose(enum rd_keyfile_kind kind, const struct rd_key_entry *e)
{
	char key[RD_KEY_TEXT], date[RD_KEY_DATE_TEXT] = "";
	rd_key_text(&e->key, key);
	if (kind == RD_KEYFILE_KNOWN) {
		if (e->first_seen)
			rd_key_date_text(e->first_seen, date);
		return xasprintf("%s %s %s%s%s%s%s\n", e->name ? e->name : "", key,
			e->how ? e->how : "given", *date ? " " : "", date, e->via ? " via=" : "",
			e->via ? e->via : "");
	}
	char *options = rd_key_options_text(&e->opt);
	bool named = e->name && *e->name;
	char *line = xasprintf("%s%s%s%s%s\n", options, *options ? " " : "", key, named ? " " : "",
		named ? e->name : "");
	free(options);
	return line;
}

/* Whether a line says what e says: the test that nothing in e breaks out of its place. */
static bool
says(enum rd_keyfile_kind kind, const char *line, const struct rd_key_entry *e)
{
	struct rd_key_entry back;
	char *why;
	size_t len = strlen(line) - 1;
	if (memchr(line, '\n', len))
		return false;
	int got = keyfile_line_parse(kind, line, len, &back, &why);
	if (got < 0)
		free(why);
	if (got <= 0)
		return false;
	char *meant = kind == RD_KEYFILE_KNOWN ? rd_known_host(e->name ? e->name : "")
		: xstrdup(e->name ? e->name : "");
	char *options = rd_key_options_text(&e->opt), *read = rd_key_options_text(&back.opt);
	bool same = meant && strcmp(back.name, meant) == 0 && rd_key_equal(&back.key, &e->key)
		&& back.first_seen == e->first_seen
		&& (kind == RD_KEYFILE_KNOWN || strcmp(options, read) == 0)
		&& (kind == RD_KEYFILE_AUTHORIZED || (strcmp(back.how, e->how ? e->how : "given") == 0
			&& strcmp(back.via ? back.via : "", e->via ? e->via : "") == 0));
	free(options);
	free(read);
	free(meant);
	keyfile_entry_finish(&back);
	return same;
}

/* Whether a line of the file is about the same key (known: host) as e. */
static bool
is_about(const struct change *c, const struct keyfile_walk *w, const struct rd_key_entry *e)
{
	struct rd_key_entry it;
	char *why;
	int got = keyfile_line_parse(c->kind, w->line, w->len, &it, &why);
	if (got < 0)
		free(why);
	if (got <= 0)
		return false;
	bool same = c->kind == RD_KEYFILE_KNOWN ? strcmp(it.name, e->name) == 0
		: rd_key_equal(&it.key, &e->key);
	keyfile_entry_finish(&it);
	return same;
}

static void
put_line(struct rd_buf *b, const char *line, size_t len)
{
	rd_buf_bytes(b, line, len);
	rd_buf_u8(b, '\n');
}

/* The new line takes the first old one's place; further ones go. */
static int
put_added(const struct change *c, struct rd_buf *b, const struct rd_key_entry *e, bool replace)
{
	struct keyfile_walk w;
	bool placed = false;
	char *line = compose(c->kind, e);
	int err = says(c->kind, line, e) ? 0 : -EINVAL;
	keyfile_walk_begin(&w, c->file.text, c->file.len);
	while (!err && keyfile_walk_next(&w)) {
		if (!is_about(c, &w, e)) {
			put_line(b, w.line, w.len);
			continue;
		}
		if (!replace)
			err = -EEXIST;
		else if (!placed)
			put_line(b, line, strlen(line) - 1);
		placed = true;
	}
	if (!err && !placed)
		put_line(b, line, strlen(line) - 1);
	free(line);
	return err;
}

int
rd_keyfile_add(const char *path, enum rd_keyfile_kind kind, const struct rd_key_entry *e,
	bool replace)
{
	struct change c = {.kind = kind};
	struct rd_key_entry named = *e;
	struct rd_buf b = {0};
	char *host = NULL;
	if (kind == RD_KEYFILE_KNOWN) {
		named.name = host = rd_known_host(e->name ? e->name : "");
		if (!host)
			return -EINVAL;
	}
	int err = rd_private_change_begin(&c.file, path, RD_PRIVATE_TRUSTED);
	if (!err)
		err = put_added(&c, &b, &named, replace);
	if (!err)
		err = rd_private_change_write(&c.file, b.data, b.len);
	rd_private_change_end(&c.file);
	rd_buf_finish(&b);
	free(host);
	return err;
}

/* Whether `which` is the fingerprint of k, or enough of its beginning. */
static bool
is_fingerprint(const char *which, const struct rd_key *k)
{
	char text[RD_FINGERPRINT_TEXT];
	const char *have = rd_key_fingerprint(k, text);
	size_t n = 0;
	for (; *which; which++) {
		if (*which == '-')
			continue;
		while (*have == '-')
			have++;
		if (tolower((unsigned char)*which) != *have++)
			return false;
		n++;
	}
	return n >= FINGERPRINT_LEAST;
}

/* The one entry that `which` names, first among names, then among fingerprints. */
static int
find_one(const struct rd_keyfile *f, const char *which, const struct rd_key_entry **out)
{
	char *host = f->kind == RD_KEYFILE_KNOWN ? rd_known_host(which) : NULL;
	size_t fits = 0;
	for (int pass = 0; fits == 0 && pass < 2; pass++) {
		for (size_t i = 0; i < f->count; i++) {
			const struct rd_key_entry *e = &f->entries[i];
			bool fit = pass == 1 ? is_fingerprint(which, &e->key)
				: *which && strcmp(e->name, host ? host : which) == 0;
			if (!fit)
				continue;
			*out = e;
			fits++;
		}
	}
	free(host);
	return fits == 0 ? -ENOENT : fits > 1 ? -ENOTUNIQ : 0;
}

/* Whether a line is about that key; of a line not understood, whether a word of it is the key. */
static bool
has_key(const struct change *c, const struct keyfile_walk *w, const struct rd_key *k)
{
	struct rd_key_entry it;
	struct rd_key other;
	char *why;
	const char *at = w->line, *end = w->line + w->len, *word;
	size_t len;
	bool has = false;
	int got = keyfile_line_parse(c->kind, w->line, w->len, &it, &why);
	if (got >= 0) {
		has = got > 0 && rd_key_equal(&it.key, k);
		keyfile_entry_finish(&it);
		return has;
	}
	free(why);
	while (!has && keyfile_word(&at, end, &word, &len)) {
		char *text = xasprintf("%.*s", (int)len, word);
		has = rd_key_parse(&other, text) == 0 && rd_key_equal(&other, k);
		free(text);
	}
	return has;
}

/* All lines but those that go; -ENOENT when none does. */
static int
put_left(const struct change *c, struct rd_buf *b, const struct rd_key *key,
	const struct rd_key_entry *host)
{
	struct keyfile_walk w;
	bool gone = false;
	keyfile_walk_begin(&w, c->file.text, c->file.len);
	while (keyfile_walk_next(&w)) {
		if (host ? is_about(c, &w, host) : has_key(c, &w, key))
			gone = true;
		else
			put_line(b, w.line, w.len);
	}
	return gone ? 0 : -ENOENT;
}

static int
put_without(const struct change *c, struct rd_buf *b, const char *which)
{
	struct rd_key k;
	struct rd_keyfile f;
	const struct rd_key_entry *e = NULL;
	if (rd_key_parse(&k, which) == 0)
		return put_left(c, b, &k, NULL);
	int err = rd_keyfile_parse(&f, c->kind, c->file.text, c->file.len);
	if (!err)
		err = find_one(&f, which, &e);
	if (!err)
		err = put_left(c, b, &e->key, c->kind == RD_KEYFILE_KNOWN ? e : NULL);
	rd_keyfile_finish(&f);
	return err;
}

int
rd_keyfile_remove(const char *path, enum rd_keyfile_kind kind, const char *which)
{
	struct change c = {.kind = kind};
	struct rd_buf b = {0};
	int err = rd_private_change_begin(&c.file, path, RD_PRIVATE_TRUSTED);
	if (!err)
		err = put_without(&c, &b, which);
	if (!err)
		err = rd_private_change_write(&c.file, b.data, b.len);
	rd_private_change_end(&c.file);
	rd_buf_finish(&b);
	return err;
}

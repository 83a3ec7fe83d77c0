#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/private.h"
#include "net/keyfile_priv.h"
#include "net/wakefile.h"

/* --- lines --- */

static bool
take_name(struct rd_wake_entry *e, const char *word, size_t len)
{
	char text[sizeof(e->name)];
	if (!keyfile_copy(text, sizeof(text), word, len))
		return false;
	char *name = rd_known_host(text);
	bool fits = name && *name != '#' && keyfile_copy(e->name, sizeof(e->name), name, strlen(name));
	free(name);
	return fits;
}

int
rd_wakefile_line(struct rd_wake_entry *e, const char *line, size_t len)
{
	const char *at = line, *end = line + len, *word;
	char mac[RD_MAC_TEXT];
	size_t n;
	*e = (struct rd_wake_entry){0};
	if (!keyfile_word(&at, end, &word, &n) || *word == '#')
		return 0;
	if (take_name(e, word, n) && keyfile_word(&at, end, &word, &n) &&
			keyfile_copy(mac, sizeof(mac), word, n) && rd_mac_parse(&e->mac, mac) == 0 &&
			!keyfile_word(&at, end, &word, &n))
		return 1;
	*e = (struct rd_wake_entry){0};
	return -EBADMSG;
}

/* --- looking --- */

static bool
is_about(const struct keyfile_walk *w, const char *name, struct rd_wake_entry *e)
{
	return rd_wakefile_line(e, w->line, w->len) > 0 && strcmp(e->name, name) == 0;
}

/* The first line of that name. */
static bool
find(const char *text, size_t len, const char *name, struct rd_wake_entry *e)
{
	struct keyfile_walk w;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w))
		if (is_about(&w, name, e))
			return true;
	return false;
}

int
rd_wakefile_find(const char *path, const char *name, struct rd_mac *m)
{
	char *text = NULL, *wanted = rd_known_host(name);
	size_t len = 0;
	struct rd_wake_entry e;
	int err = wanted ? rd_private_read(path, RD_PRIVATE_TRUSTED, &text, &len) : -ENOENT;
	if (!err && find(text, len, wanted, &e))
		*m = e.mac;
	else if (!err)
		err = -ENOENT;
	rd_private_free(text, len);
	free(wanted);
	return err;
}

int
rd_wakefile_each(const char *path, void (*each)(void *ctx, const struct rd_wake_entry *e), void *ctx)
{
	char *text = NULL;
	size_t len = 0;
	struct keyfile_walk w;
	struct rd_wake_entry e, before;
	int err = rd_private_read(path, RD_PRIVATE_TRUSTED, &text, &len);
	if (err)
		return err == -ENOENT ? 0 : err;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w))
		if (rd_wakefile_line(&e, w.line, w.len) > 0 &&
				!find(text, (size_t)(w.line - text), e.name, &before))
			each(ctx, &e);
	rd_private_free(text, len);
	return 0;
}

/* --- changing --- */

static void
put_line(struct rd_buf *b, const char *name, const struct rd_mac *m)
{
	char mac[RD_MAC_TEXT];
	rd_buf_bytes(b, name, strlen(name));
	rd_buf_u8(b, ' ');
	rd_buf_bytes(b, rd_mac_text(m, mac), RD_MAC_TEXT - 1);
	rd_buf_u8(b, '\n');
}

/* m NULL: without it. The new line takes the first old one's place; others stay as they were. */
static bool
put_changed(struct rd_buf *b, const struct rd_private_change *c, const char *name,
	const struct rd_mac *m)
{
	struct keyfile_walk w;
	struct rd_wake_entry e;
	bool found = false;
	keyfile_walk_begin(&w, c->text, c->len);
	while (keyfile_walk_next(&w)) {
		if (!is_about(&w, name, &e)) {
			rd_buf_bytes(b, w.line, w.len);
			rd_buf_u8(b, '\n');
			continue;
		}
		if (m && !found)
			put_line(b, name, m);
		found = true;
	}
	if (m && !found)
		put_line(b, name, m);
	return found;
}

static int
change(const char *path, const char *name, const struct rd_mac *m)
{
	struct rd_private_change c;
	struct rd_buf b = {0};
	int err = rd_private_change_begin(&c, path, RD_PRIVATE_TRUSTED);
	if (!err && !put_changed(&b, &c, name, m) && !m)
		err = -ENOENT;
	if (!err)
		err = rd_private_change_write(&c, b.data, b.len);
	rd_private_change_end(&c);
	rd_buf_finish(&b);
	return err;
}

int
rd_wakefile_put(const char *path, const char *name, const struct rd_mac *m)
{
	struct rd_wake_entry e = {.name = ""};
	struct rd_mac old;
	if (!take_name(&e, name, strlen(name)) || !rd_mac_ok(m))
		return -EINVAL;
	int err = rd_wakefile_find(path, e.name, &old);
	if (!err && memcmp(&old, m, sizeof(old)) == 0)
		return 0;
	return err && err != -ENOENT ? err : change(path, e.name, m);
}

int
rd_wakefile_remove(const char *path, const char *name)
{
	char *wanted = rd_known_host(name);
	int err = wanted ? change(path, wanted, NULL) : -ENOENT;
	free(wanted);
	return err;
}

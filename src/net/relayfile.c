#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "base/private.h"
#include "net/relayfile_priv.h"

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

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

bool
relayfile_name(struct rd_relay_entry *e, const char *word, size_t len)
{
	char text[sizeof(e->name)];
	if (!keyfile_copy(text, sizeof(text), word, len) || strncmp(text, "rd:", 3) == 0)
		return false;
	char *name = rd_relay_name(text);
	bool fits = name && keyfile_copy(e->name, sizeof(e->name), name, strlen(name));
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
		!keyfile_copy(text, sizeof(text), word + label, len - label))
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
	if (!keyfile_word(&at, end, &word, &len) || !relayfile_name(e, word, len))
		return false;
	if (!keyfile_word(&at, end, &word, &len) || !keyfile_copy(key, sizeof(key), word, len) ||
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

bool
relayfile_about(const struct keyfile_walk *w, const char *name)
{
	struct rd_relay_entry e;
	const char *at = w->line, *word;
	size_t len;
	return keyfile_word(&at, w->line + w->len, &word, &len) && *word != '#' &&
		relayfile_name(&e, word, len) && strcmp(e.name, name) == 0;
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

int
relayfile_find(const char *text, size_t len, const char *name, struct rd_relay_entry *e)
{
	struct keyfile_walk w;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w))
		if (name ? relayfile_about(&w, name) : has_own(&w))
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
		err = relayfile_find(text, len, name, e);
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
		if (relayfile_about(&before, name))
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

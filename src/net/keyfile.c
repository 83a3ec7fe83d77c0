#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/keyfile_priv.h"

void
keyfile_walk_begin(struct keyfile_walk *w, const char *text, size_t len)
{
	*w = (struct keyfile_walk){.at = text, .end = text + len};
}

bool
keyfile_walk_next(struct keyfile_walk *w)
{
	if (w->at == w->end)
		return false;
	size_t left = (size_t)(w->end - w->at);
	const char *newline = memchr(w->at, '\n', left);
	w->line = w->at;
	w->len = newline ? (size_t)(newline - w->at) : left;
	w->at += newline ? w->len + 1 : left;
	w->number++;
	return true;
}

void
keyfile_entry_finish(struct rd_key_entry *e)
{
	rd_key_options_finish(&e->opt);
	free(e->name);
	free(e->how);
	free(e->via);
	*e = (struct rd_key_entry){0};
}

char *
rd_known_host(const char *text)
{
	return rd_host_port_name(text, RD_PORT);
}

static void
add_error(struct rd_keyfile *f, unsigned line, char *why)
{
	size_t n = f->error_count;
	if ((n & (n + 1)) == 0)
		f->errors = xreallocarray(f->errors, 2 * n + 1, sizeof(*f->errors));
	f->errors[f->error_count++] = (struct rd_keyfile_error){line, why};
}

/* The entry that a later one of the same key, or name, repeats. */
static const struct rd_key_entry *
same(const struct rd_keyfile *f, const struct rd_key_entry *e)
{
	if (f->kind == RD_KEYFILE_AUTHORIZED)
		return rd_keyfile_by_key(f, &e->key);
	for (size_t i = 0; i < f->count; i++)
		if (strcmp(f->entries[i].name, e->name) == 0)
			return &f->entries[i];
	return NULL;
}

static void
add_entry(struct rd_keyfile *f, struct rd_key_entry *e)
{
	const struct rd_key_entry *first = same(f, e);
	if (first) {
		add_error(f, e->line, xasprintf("this %s stands on line %u already",
			f->kind == RD_KEYFILE_AUTHORIZED ? "key" : "host", first->line));
		keyfile_entry_finish(e);
		return;
	}
	size_t n = f->count;
	if ((n & (n + 1)) == 0)
		f->entries = xreallocarray(f->entries, 2 * n + 1, sizeof(*f->entries));
	f->entries[f->count++] = *e;
}

int
rd_keyfile_parse(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *text, size_t len)
{
	struct keyfile_walk w;
	*f = (struct rd_keyfile){.kind = kind};
	if (len > RD_PRIVATE_MAX)
		return -EFBIG;
	keyfile_walk_begin(&w, text, len);
	while (keyfile_walk_next(&w)) {
		struct rd_key_entry e;
		char *why;
		int got = keyfile_line_parse(kind, w.line, w.len, &e, &why);
		if (got < 0)
			add_error(f, w.number, why);
		if (got <= 0)
			continue;
		e.line = w.number;
		add_entry(f, &e);
	}
	return 0;
}

int
rd_keyfile_load(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *path)
{
	char *text = NULL;
	size_t len = 0;
	*f = (struct rd_keyfile){.kind = kind};
	int err = rd_private_read(path, RD_PRIVATE_TRUSTED, &text, &len);
	if (err == -ENOENT)
		return 0;
	if (!err)
		err = rd_keyfile_parse(f, kind, text, len);
	rd_private_free(text, len);
	return err;
}

void
rd_keyfile_finish(struct rd_keyfile *f)
{
	for (size_t i = 0; i < f->count; i++)
		keyfile_entry_finish(&f->entries[i]);
	for (size_t i = 0; i < f->error_count; i++)
		free(f->errors[i].why);
	free(f->entries);
	free(f->errors);
	*f = (struct rd_keyfile){0};
}

/* Public keys: how long comparing takes tells nobody anything. */
const struct rd_key_entry *
rd_keyfile_by_key(const struct rd_keyfile *f, const struct rd_key *k)
{
	for (size_t i = 0; i < f->count; i++)
		if (memcmp(f->entries[i].key.bytes, k->bytes, RD_KEY_SIZE) == 0)
			return &f->entries[i];
	return NULL;
}

const struct rd_key_entry *
rd_keyfile_by_name(const struct rd_keyfile *f, const char *name)
{
	const struct rd_key_entry *found = NULL;
	char *host = f->kind == RD_KEYFILE_KNOWN ? rd_known_host(name) : NULL;
	const char *wanted = host ? host : name;
	for (size_t i = 0; !found && *wanted && i < f->count; i++)
		if (strcmp(f->entries[i].name, wanted) == 0)
			found = &f->entries[i];
	free(host);
	return found;
}

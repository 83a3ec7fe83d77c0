#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/private.h"
#include "rd-key/json.h"
#include "rd-key/lines.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

/* One of a single key; of several each with its name. */
static void
put(const struct options *o, const struct rd_key *k, const char *name, bool named)
{
	char print[RD_FINGERPRINT_TEXT], text[RD_KEY_TEXT];
	struct json j;
	rd_key_fingerprint(k, print);
	if (o->json) {
		json_begin(&j);
		json_text(&j, "fingerprint", print);
		json_text(&j, "key", rd_key_text(k, text));
		json_text(&j, "name", name);
		json_end(&j);
	} else if (named) {
		printf("%s  %s\n", print, name);
	} else {
		puts(print);
	}
}

static int
of_own(const struct options *o)
{
	struct rd_key k;
	bool made;
	int code = own_have(o, &k, &made);
	if (code)
		return code;
	put(o, &k, "", false);
	return printed();
}

static void
put_all(const struct options *o, const struct rd_keyfile *f)
{
	for (size_t i = 0; i < f->count; i++)
		put(o, &f->entries[i].key, f->entries[i].name, f->count > 1);
}

static int
read_all(struct rd_buf *b, const char *name)
{
	FILE *in = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
	if (!in)
		return -errno;
	char block[4096];
	size_t n;
	int err = 0;
	while (b->len <= RD_PRIVATE_MAX && (n = fread(block, 1, sizeof(block), in)) > 0)
		rd_buf_bytes(b, block, n);
	if (ferror(in))
		err = -errno;
	if (in != stdin)
		fclose(in);
	return err;
}

/* Any file of keys, whoever may write it: a fingerprint grants nothing. */
static int
of_file(const struct options *o, const char *name)
{
	struct rd_buf b = {0};
	struct rd_keyfile f = {0};
	int err = read_all(&b, name);
	if (!err)
		err = rd_keyfile_parse(&f, RD_KEYFILE_AUTHORIZED, (const char *)b.data, b.len);
	if (!err && f.count == 0) {
		rd_keyfile_finish(&f);
		err = rd_keyfile_parse(&f, RD_KEYFILE_KNOWN, (const char *)b.data, b.len);
	}
	rd_buf_finish(&b);
	int code = err ? cannot_read(name, err) : 0;
	if (!code && f.count == 0) {
		char *shown = rd_log_escape(name, strlen(name), 256);
		rd_error("there is no key in %s", shown);
		free(shown);
		code = RD_EXIT_INPUT;
	}
	put_all(o, &f);
	rd_keyfile_finish(&f);
	return code ? code : printed();
}

/* Somebody who is allowed, or a host that is known; RD_EXIT_INPUT, not told: neither. */
static int
of_name(const struct options *o, const char *name)
{
	static const struct { enum rd_keyfile_kind kind; const char *file; } places[] = {
		{RD_KEYFILE_AUTHORIZED, "authorized_keys"}, {RD_KEYFILE_KNOWN, "known_hosts"},
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct rd_keyfile f;
		char *path = path_of(o, places[i].file);
		int code = load_keys(&f, places[i].kind, path);
		free(path);
		const struct rd_key_entry *e = code ? NULL : rd_keyfile_by_name(&f, name);
		if (e)
			put(o, &e->key, e->name, false);
		rd_keyfile_finish(&f);
		if (e || code)
			return code;
	}
	return RD_EXIT_INPUT;
}

int
fingerprint(const struct options *o)
{
	struct rd_key k;
	const char *what = o->argv[0];
	if (o->argc == 0)
		return of_own(o);
	if (strncmp(what, "rd:", 3) == 0) {
		int code = take_key(&k, what);
		if (code)
			return code;
		put(o, &k, "", false);
		return printed();
	}
	if (strcmp(what, "-") == 0 || strchr(what, '/'))
		return of_file(o, what);
	int code = of_name(o, what);
	if (code == RD_EXIT_INPUT && access(what, F_OK) == 0)
		return of_file(o, what);
	if (code == RD_EXIT_INPUT) {
		char *shown = rd_log_escape(what, strlen(what), 64);
		rd_error("\"%s\" is no key, nobody in authorized_keys or known_hosts, and no file", shown);
		free(shown);
	}
	return code ? code : printed();
}

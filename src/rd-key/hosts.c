#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "net/relayfile.h"
#include "rd-key/json.h"
#include "rd-key/lines.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

static void
put_line(const struct rd_key_entry *e, bool as_json, size_t width)
{
	char key[RD_KEY_TEXT], print[RD_FINGERPRINT_TEXT], text[RD_KEY_DATE_TEXT];
	const char *date = e->first_seen ? rd_key_date_text(e->first_seen, text) : NULL;
	rd_key_fingerprint(&e->key, print);
	if (as_json) {
		struct json j;
		json_begin(&j);
		json_text(&j, "host", e->name);
		json_text(&j, "key", rd_key_text(&e->key, key));
		json_text(&j, "fingerprint", print);
		json_text(&j, "how", e->how);
		json_text(&j, "first_seen", date);
		json_number(&j, "line", e->line);
		json_text(&j, "via", e->via);
		json_end(&j);
	} else {
		put_padded(e->name, width);
		printf("  %s  %s%s%s%s%s\n", print, e->how, date ? "  " : "", date ? date : "",
			e->via ? "  by " : "", e->via ? e->via : "");
	}
}

int
hosts_list(const struct options *o)
{
	struct rd_keyfile f;
	char *path = path_of(o, "known_hosts");
	int code = load_keys(&f, RD_KEYFILE_KNOWN, path);
	free(path);
	if (code)
		return code;
	size_t width = name_width(&f);
	for (size_t i = 0; i < f.count; i++)
		put_line(&f.entries[i], o->json, width);
	rd_keyfile_finish(&f);
	return printed();
}

/* The host is known: nothing to do where it is known by the same key. */
static int
told_known(const char *path, const struct rd_key_entry *e)
{
	struct rd_keyfile f;
	char print[RD_FINGERPRINT_TEXT];
	int code = load_keys(&f, RD_KEYFILE_KNOWN, path);
	if (code)
		return code;
	const struct rd_key_entry *old = rd_keyfile_by_name(&f, e->name);
	if (old && !rd_key_equal(&old->key, &e->key)) {
		rd_error("%s is known by another key, %s; if it is really to have a new one: --replace",
			old->name, rd_key_fingerprint(&old->key, print));
		code = RD_EXIT_HOST_KEY;
	}
	rd_keyfile_finish(&f);
	return code;
}

int
hosts_trust(const struct options *o)
{
	struct rd_key_entry e = {.how = (char[]){"given"},
		.first_seen = (int64_t)(rd_clock_wall_ns() / RD_NS_PER_S)};
	e.name = rd_known_host(o->argv[0]);
	if (!e.name) {
		char *shown = rd_log_escape(o->argv[0], strlen(o->argv[0]), 64);
		rd_error("\"%s\" is not a host; one is a name or an address, with :PORT behind it or not", shown);
		free(shown);
		return RD_EXIT_USAGE;
	}
	int code = take_key(&e.key, o->argv[1]);
	if (!code && o->via && !(e.via = rd_relay_name(o->via))) {
		rd_error("--via: that is no relay's name");
		code = RD_EXIT_USAGE;
	}
	if (!code)
		code = make_folder(o);
	if (!code) {
		char *path = path_of(o, "known_hosts");
		int err = rd_keyfile_add(path, RD_KEYFILE_KNOWN, &e, o->replace);
		if (err == -EEXIST)
			code = told_known(path, &e);
		else if (err)
			code = cannot_write(path, err);
		free(path);
	}
	free(e.name);
	free(e.via);
	return code;
}

int
hosts_forget(const struct options *o)
{
	char *path = path_of(o, "known_hosts");
	int code = remove_key(o, path, RD_KEYFILE_KNOWN, "rd-key hosts names those there are");
	if (!code)
		wake_forget(o, o->argv[0]);
	free(path);
	return code;
}

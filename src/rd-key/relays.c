#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "net/relayfile.h"
#include "rd-key/asking.h"
#include "rd-key/json.h"
#include "rd-key/lines.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

struct listing { bool json; };

static void
put_relay(void *ctx, const struct rd_relay_entry *e)
{
	const struct listing *l = ctx;
	char key[RD_KEY_TEXT], print[RD_FINGERPRINT_TEXT];
	rd_key_fingerprint(&e->key, print);
	if (!l->json) {
		put_padded(e->name, 24);
		printf("  %s%s%s\n", print, e->own ? "  own" : "", e->has_join ? "  join key" : "");
		return;
	}
	struct json j;
	json_begin(&j);
	json_text(&j, "relay", e->name);
	json_text(&j, "key", rd_key_text(&e->key, key));
	json_text(&j, "fingerprint", print);
	json_bool(&j, "own", e->own);
	json_bool(&j, "join", e->has_join);
	json_end(&j);
}

static int
list(const struct options *o, const char *path)
{
	struct listing l = {o->json};
	int err = rd_relayfile_each(path, put_relay, &l);
	return err && err != -ENOENT ? cannot_read(path, err) : printed();
}

static int
forget(const struct options *o, const char *path)
{
	int err = rd_relayfile_remove(path, o->forget);
	if (err != -ENOENT && err != -EINVAL)
		return err ? cannot_write(path, err) : 0;
	char *shown = rd_log_escape(o->forget, strlen(o->forget), 64);
	rd_error("there is no relay \"%s\"; rd-key relay names those there are", shown);
	free(shown);
	return RD_EXIT_INPUT;
}

/* The relay's join key, if this host comes in by one. */
static int
take_join(const struct options *o, struct rd_relay_entry *e)
{
	char text[128], prompt[320];
	if (!o->own || (!o->join && o->join_fd < 0))
		return 0;
	snprintf(prompt, sizeof(prompt), "Join key of %s: ", e->name);
	int code = ask_once(o->join_fd, prompt, text, sizeof(text));
	if (!code && rd_join_parse(e->join, text) != 0) {
		rd_error("that is no join key; one is 43 letters, digits, - or _, as rd-relay --join-key prints it");
		code = RD_EXIT_USAGE;
	}
	e->has_join = !code;
	sodium_memzero(text, sizeof(text));
	return code;
}

static int
told_known(const char *path, const struct rd_relay_entry *e)
{
	struct rd_relay_entry old;
	char print[RD_FINGERPRINT_TEXT] = "?";
	if (rd_relayfile_find(path, e->name, &old) == 0)
		rd_key_fingerprint(&old.key, print);
	rd_relay_entry_wipe(&old);
	rd_error("%s is known by another key, %s; if it is really to have a new one: --replace",
		e->name, print);
	return RD_EXIT_RELAY_KEY;
}

static int
store(const struct options *o, const char *path, struct rd_relay_entry *e)
{
	int code = take_key(&e->key, o->argv[1]);
	if (!code)
		code = take_join(o, e);
	if (!code)
		code = make_folder(o);
	if (code)
		return code;
	int err = rd_relayfile_put(path, e, o->replace);
	return err == -EEXIST ? told_known(path, e) : err ? cannot_write(path, err) : 0;
}

static int
add(const struct options *o, const char *path)
{
	struct rd_relay_entry e = {.own = o->own};
	char *name = rd_relay_name(o->argv[0]);
	if (!name || strlen(name) >= sizeof(e.name)) {
		char *shown = rd_log_escape(o->argv[0], strlen(o->argv[0]), 64);
		rd_error("\"%s\" is no relay; one is a name or an address, with :PORT behind it or not", shown);
		free(shown);
		free(name);
		return RD_EXIT_USAGE;
	}
	memcpy(e.name, name, strlen(name) + 1);
	free(name);
	int code = store(o, path, &e);
	rd_relay_entry_wipe(&e);
	return code;
}

int
relays(const struct options *o)
{
	char *path = path_of(o, "relays");
	int code;
	if (o->argc == 1) {
		rd_error("the relay's key is missing; it is: rd-key relay NAME KEY");
		code = RD_EXIT_USAGE;
	} else if (o->forget && o->argc > 0) {
		rd_error("--forget takes one away; nothing else goes with it");
		code = RD_EXIT_USAGE;
	} else if (o->forget) {
		code = forget(o, path);
	} else {
		code = o->argc ? add(o, path) : list(o, path);
	}
	free(path);
	return code;
}

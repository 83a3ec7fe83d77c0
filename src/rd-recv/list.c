#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/confine.h"
#include "base/exit.h"
#include "base/folder.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/keyfile.h"
#include "net/lan.h"
#include "rd-recv/list.h"

#define LIMIT_NS (5 * RD_NS_PER_S)

/* A host, and what we know of it: by the key it claims, else by its name. */
struct line {
	const struct rd_lan_host *host;
	const struct rd_key_entry *known;	/* NULL: nothing */
	const char *state;			/* "known", "unknown", "other-key" */
	char dial[RD_LAN_DIAL_TEXT], address[RD_ADDR_TEXT];
	char *shown;	/* the state, and under which name where that is another one */
};

static const struct rd_key_entry *
by_fingerprint(const struct rd_keyfile *f, const char *fingerprint)
{
	char text[RD_FINGERPRINT_TEXT];
	for (size_t i = 0; *fingerprint && i < f->count; i++)
		if (strcmp(rd_key_fingerprint(&f->entries[i].key, text), fingerprint) == 0)
			return &f->entries[i];
	return NULL;
}

/* The key that is announced proves nothing: but it may be another one than it should be. */
static void
judge(struct line *l, const struct rd_keyfile *f)
{
	char text[RD_FINGERPRINT_TEXT];
	const char *claims = l->host->txt.fingerprint;
	const struct rd_key_entry *named = rd_keyfile_by_name(f, l->dial);
	bool other = named && *claims &&
		strcmp(rd_key_fingerprint(&named->key, text), claims) != 0;
	l->known = named ? named : by_fingerprint(f, claims);
	l->state = other ? "other-key" : l->known ? "known" : "unknown";
	bool elsewhere = l->known && strcmp(l->known->name, l->dial) != 0;
	l->shown = xasprintf("%s%s%s", l->state, elsewhere ? ":" : "", elsewhere ? l->known->name : "");
}

static void
make(struct line *l, const struct rd_lan_host *h, const struct rd_keyfile *f)
{
	*l = (struct line){.host = h};
	rd_lan_dial(h, l->dial);
	rd_addr_text(&h->addr, l->address);
	judge(l, f);
}

static void
put_json(const struct line *l)
{
	char date[RD_KEY_DATE_TEXT];
	const char *claims = l->host->txt.fingerprint;
	struct rd_json j = {0};
	rd_json_open(&j, '{');
	rd_json_put_text(&j, "host", l->dial);
	rd_json_put_text(&j, "address", l->address);
	rd_json_put_text(&j, "fingerprint", *claims ? claims : NULL);
	rd_json_put_text(&j, "state", l->state);
	rd_json_put_text(&j, "known_as", l->known ? l->known->name : NULL);
	rd_json_put_text(&j, "first_seen", l->known && l->known->first_seen
		? rd_key_date_text(l->known->first_seen, date) : NULL);
	rd_json_put_text(&j, "name", l->host->name);
	rd_json_close(&j, '}');
	rd_json_line(&j);
	rd_json_print(&j, stdout);
	rd_json_finish(&j);
}

struct widths { int host, address, state; };

static void
widen(int *width, const char *text)
{
	int len = (int)strlen(text);
	*width = len > *width ? len : *width;
}

/* What is foreign and may have blanks in it stands last. */
static void
put_line(const struct line *l, const struct widths *w)
{
	const char *claims = l->host->txt.fingerprint;
	char *name = rd_log_escape(l->host->name, strlen(l->host->name), RD_LAN_NAME_MAX);
	printf("%-*s  %-*s  %-*s  %-*s  %s\n", w->host, l->dial, w->address, l->address,
		RD_FINGERPRINT_TEXT - 1, *claims ? claims : "-", w->state, l->shown, name);
	free(name);
}

static void
print(const struct rd_lan_found *found, const struct rd_keyfile *f, bool json)
{
	struct line *lines = xcalloc(found->count, sizeof(*lines));
	struct widths w = {0};
	for (size_t i = 0; i < found->count; i++) {
		make(&lines[i], &found->hosts[i], f);
		widen(&w.host, lines[i].dial);
		widen(&w.address, lines[i].address);
		widen(&w.state, lines[i].shown);
	}
	for (size_t i = 0; i < found->count; i++) {
		if (json)
			put_json(&lines[i]);
		else
			put_line(&lines[i], &w);
		free(lines[i].shown);
	}
	free(lines);
}

static int
load(struct rd_keyfile *f, const struct options *o)
{
	char *dir = o->config ? xstrdup(o->config) : rd_folder_own(false);
	char *path = dir ? xasprintf("%s/known_hosts", dir) : NULL;
	int err = path ? rd_keyfile_load(f, RD_KEYFILE_KNOWN, path) : 0;
	if (!path)
		*f = (struct rd_keyfile){.kind = RD_KEYFILE_KNOWN};
	char *why = err ? rd_private_why(path, err) : NULL;
	if (err)
		rd_error("%s", why);
	free(why);
	free(path);
	free(dir);
	return err ? RD_EXIT_IDENTITY : 0;
}

static int
browse(const struct options *o, struct rd_lan *lan, const struct rd_keyfile *known)
{
	struct rd_lan_found found = {0};
	int code = RD_EXIT_OK;
	int err = rd_lan_browse(lan, o->timeout_ns ? o->timeout_ns : LIMIT_NS, &found);
	print(&found, known, o->json);
	if (found.more)
		rd_warn("more hosts than %d announce themselves: these are not all", RD_LAN_HOSTS);
	if (fflush(stdout) != 0 || ferror(stdout)) {
		rd_error("stdout: %s", strerror(errno));
		code = RD_EXIT_OUTPUT;
	} else if (err) {
		rd_error("Avahi has gone meanwhile");
		code = RD_EXIT_NO_MDNS;
	} else if (found.count == 0) {
		rd_error("no host announces itself on this network; one does with rd-send --announce");
		code = RD_EXIT_NOTHING;
	}
	rd_lan_found_finish(&found);
	return code;
}

/* All that is needed of this machine is open before the first foreign byte is read. */
int
list_run(const struct options *o)
{
	struct rd_keyfile known;
	const char *why;
	int code = load(&known, o);
	if (code)
		return code;
	struct rd_lan *lan = rd_lan_open(false, &why);
	if (!lan) {
		rd_error("hosts cannot be found: %s", why);
		code = RD_EXIT_NO_MDNS;
	} else {
		if (o->confine)
			rd_confine(&(struct rd_confine_rules){.kind = RD_CONFINE_OUTPUT});
		code = browse(o, lan, &known);
	}
	rd_lan_close(lan);
	rd_keyfile_finish(&known);
	return code;
}

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/identity.h"
#include "net/keyfile.h"
#include "net/prompt.h"
#include "net/relay_choose.h"
#include "net/relayfile.h"
#include "net/wakefile.h"
#include "rd-recv/code.h"
#include "rd-recv/say.h"
#include "rd-recv/trust.h"

#define IDENTITY_TEXT_MAX 4096

static int
cannot(const struct options *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static int
cannot(const struct options *o, const char *fmt, ...)
{
	struct say say = {.json = o->json, .host = o->name};
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	say_closed(&say, RD_EXIT_IDENTITY, text);
	return RD_EXIT_IDENTITY;
}

static int
ask_passphrase(void *ctx, const char *prompt, char *out, size_t cap)
{
	(void)ctx;
	return rd_prompt_secret(prompt, out, cap);
}

static int
explain(const struct options *o, const char *path, int err)
{
	switch (err) {
	case -ENOENT:
		return cannot(o, "%s: there is no such file; rd-key new makes one", path);
	case -EPERM:
		return cannot(o, "%s: others may read it or it is not ours: chmod 600 %s", path, path);
	case -EBADMSG:
		return cannot(o, "%s: damaged, or no identity of rd-key", path);
	case -EKEYREJECTED:
		return cannot(o, "%s: wrong passphrase", path);
	case -ENOKEY:
	case -ENXIO:
		return cannot(o, "%s has a passphrase and there is no terminal to ask at", path);
	case -ECANCELED:
		return cannot(o, "%s: no passphrase given", path);
	default:
		return cannot(o, "%s: %s", path, strerror(-err));
	}
}

static int
read_fd(int fd, char *text, size_t cap, size_t *len)
{
	*len = 0;
	for (;;) {
		ssize_t n = read(fd, text + *len, cap - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		*len += (size_t)n;
		if (*len == cap)
			return -EMSGSIZE;
	}
}

static int
identity_from_fd(struct rd_keypair *own, const struct options *o)
{
	char text[IDENTITY_TEXT_MAX];
	size_t len;
	int err = read_fd((int)o->identity_fd, text, sizeof(text), &len);
	if (!err)
		err = rd_identity_parse(text, len, own, ask_passphrase, NULL);
	sodium_memzero(text, sizeof(text));
	if (o->identity_fd > STDERR_FILENO)
		close((int)o->identity_fd);
	return err ? explain(o, "--identity-fd", err) : 0;
}

static int
identity_from_file(struct rd_keypair *own, const struct options *o, const char *dir)
{
	bool made = false;
	char *usual = xasprintf("%s/identity", dir);
	const char *path = o->identity ? o->identity : usual;
	int err = o->identity ? rd_identity_load(path, own, ask_passphrase, NULL)
		: rd_identity_open(path, own, ask_passphrase, NULL, &made);
	if (made)
		rd_info("made a key for us: %s", path);
	int code = err ? explain(o, path, err) : 0;
	free(usual);
	return code;
}

static int
load_hosts(struct rd_keyfile *f, const struct trust *t, const struct options *o)
{
	int err = rd_keyfile_load(f, RD_KEYFILE_KNOWN, t->known_hosts);
	if (err == -EPERM)
		return cannot(o, "%s: others may write it: chmod 600 %s", t->known_hosts, t->known_hosts);
	if (err)
		return cannot(o, "%s: %s", t->known_hosts, strerror(-err));
	for (size_t i = 0; i < f->error_count; i++)
		rd_warn("%s:%u: %s", t->known_hosts, f->errors[i].line, f->errors[i].why);
	return 0;
}

/* What is known of a host by its name; *via is the relay that it is met through, to free. */
static int
find_host(struct trust *t, struct known *known, const struct options *o, char **via)
{
	struct rd_keyfile f;
	int code = load_hosts(&f, t, o);
	if (code)
		return code;
	const struct rd_key_entry *e = rd_keyfile_by_name(&f, o->name);
	t->known = e != NULL;
	if (e && !o->has_key)
		known->host = e->key;
	if (e && e->via)
		*via = xstrdup(e->via);
	known->has_host = e != NULL || o->has_key;
	known->named = !*via;
	rd_keyfile_finish(&f);
	return 0;
}

static int
say_wrong(const struct options *o, int code, const char *text)
{
	struct say say = {.json = o->json, .host = o->name};
	say_closed(&say, code, text);
	return code;
}

static int
cannot_wake(const struct options *o)
{
	char text[512];
	snprintf(text, sizeof(text), "--wake: its network card is not known; it is remembered by a session "
		"on its own network, or by: rd-key wake %s MAC", o->name);
	return say_wrong(o, RD_EXIT_USAGE, text);
}

static int
open_code(struct trust *t, struct known *known, const struct options *o, char **via)
{
	char why[256];
	int code = code_take(&t->code, via, o, why, sizeof(why));
	if (code)
		return say_wrong(o, code, why);
	known->slot = t->code.slot;
	return 0;
}

/*
 * The relay: the one that goes with the host or code, else --relay; for a code
 * also $RD_RELAY or this person's own. `via` may be NULL.
 */
static int
open_relay(struct trust *t, struct known *known, struct options *o, const char *via)
{
	struct rd_agent_relay *r = &known->relay;
	const char *name = o->relay && !known->slot ? o->relay : via ? via : o->relay, *why;
	if (!known->slot && !name)
		return 0;
	int err = rd_relay_choose(r, t->relays, name, &why);
	if (err == -ENOENT)
		return say_wrong(o, RD_EXIT_USAGE, "which relay? RELAY/CODE names it, or --relay, or "
			"$RD_RELAY; rd-key relay sets your own");
	if (err == -EINVAL)
		return say_wrong(o, RD_EXIT_USAGE, why);
	if (err)
		return explain(o, t->relays, err);
	/* That is for hosts. */
	sodium_memzero(r->join, sizeof(r->join));
	r->has_join = false;
	rd_relay_set_way(r, o->relay_way);
	r->ca_file = o->ca_file;
	known->has_relay = true;
	memcpy(t->relay, r->name, sizeof(t->relay));
	return 0;
}

static void
name_code(struct options *o, const struct known *known)
{
	free(o->name);
	o->name = xasprintf("%s/%u", known->relay.name, known->slot);
}

static void
name_self(struct known *known)
{
	char host[64] = "";
	const char *user = getenv("USER");
	gethostname(host, sizeof(host) - 1);
	snprintf(known->self, sizeof(known->self), "%.30s%s%.30s", user ? user : "", user ? "@" : "",
		host);
}

/* By which card it is woken, if it is to be. */
static int
open_wake(const struct trust *t, struct known *known, const struct options *o)
{
	int err = o->wake ? rd_wakefile_find(t->wake, o->name, &known->mac) : 0;
	if (err == -ENOENT)
		return cannot_wake(o);
	return err ? explain(o, t->wake, err) : 0;
}

/*
 * Whom it is about, before anything that is secret is read: the process that
 * asks routers for a port has a copy of all that we know when it is started.
 */
static int
open_host(struct trust *t, struct known *known, struct options *o)
{
	char *via = NULL;
	int code = o->by_code ? 0 : find_host(t, known, o, &via);
	if (!code)
		code = open_wake(t, known, o);
	bool relay = o->by_code || o->relay || via;
	if (!code && relay && o->path != RD_PATH_RELAY && rd_portmap_start(&known->portmap) != 0)
		known->portmap = -1;
	if (!code && o->by_code)
		code = open_code(t, known, o, &via);
	if (!code)
		code = open_relay(t, known, o, via);
	if (!code && o->by_code)
		name_code(o, known);
	if (!code && o->path == RD_PATH_RELAY && !known->has_relay)
		code = say_wrong(o, RD_EXIT_USAGE, "--path relay needs a relay: name one with --relay");
	if (o->path == RD_PATH_RELAY)
		known->named = false;
	free(via);
	return code;
}

int
trust_open(struct trust *t, struct known *known, struct options *o)
{
	*t = (struct trust){0};
	*known = (struct known){
		.host = o->key,
		.has_password = o->password_fd >= 0 || getenv("RD_PASSWORD"),
		.person = rd_prompt_possible(),
		.portmap = -1,
	};
	char *dir = o->config ? xstrdup(o->config) : rd_folder_own(false);
	int err = dir ? rd_folder_make(dir) : -errno;
	if (err) {
		free(dir);
		return cannot(o, "no folder for keys (--config names one): %s", strerror(-err));
	}
	t->known_hosts = xasprintf("%s/known_hosts", dir);
	t->relays = xasprintf("%s/relays", dir);
	t->wake = xasprintf("%s/wake", dir);
	name_self(known);
	int code = open_host(t, known, o);
	if (!code)
		code = o->identity_fd >= 0 ? identity_from_fd(&known->own, o)
			: identity_from_file(&known->own, o, dir);
	free(dir);
	return code;
}

/* A host that is met by code once more was seen first when its line says; else now. */
static int64_t
first_seen(const struct trust *t, const char *name, const struct rd_key *key)
{
	int64_t when = (int64_t)(rd_clock_wall_ns() / RD_NS_PER_S);
	struct rd_keyfile f;
	int err = rd_keyfile_load(&f, RD_KEYFILE_KNOWN, t->known_hosts);
	const struct rd_key_entry *e = err ? NULL : rd_keyfile_by_name(&f, name);
	if (e && rd_key_equal(&e->key, key) && e->first_seen)
		when = e->first_seen;
	rd_keyfile_finish(&f);
	return when;
}

int
trust_pin(const struct trust *t, const char *name, const struct rd_key *key, enum pin_how how)
{
	static const char *const words[] = {
		[PIN_NOT] = "given", [PIN_GIVEN] = "given", [PIN_ASKED] = "asked",
		[PIN_NEW] = "accepted", [PIN_PASSWORD] = "password", [PIN_CODE] = "code",
	};
	struct rd_key_entry e = {
		.key = *key,
		.name = (char *)name,
		.how = (char *)words[how],
		.first_seen = first_seen(t, name, key),
		.via = how == PIN_CODE && t->relay[0] ? (char *)t->relay : NULL,
	};
	if (t->known)
		return 0;
	int err = rd_keyfile_add(t->known_hosts, RD_KEYFILE_KNOWN, &e, how == PIN_CODE);
	/* Somebody else was quicker; they may even agree. */
	return err == -EEXIST ? 0 : err;
}

int
trust_may_name(const struct trust *t, const char *name, const struct rd_key *key)
{
	struct rd_keyfile f;
	char *host = rd_known_host(name);
	if (!host)
		return -EINVAL;
	int err = rd_keyfile_load(&f, RD_KEYFILE_KNOWN, t->known_hosts);
	const struct rd_key_entry *e = err ? NULL : rd_keyfile_by_name(&f, host);
	if (e && !rd_key_equal(&e->key, key))
		err = -EEXIST;
	rd_keyfile_finish(&f);
	free(host);
	return err;
}

int
trust_card(const struct trust *t, const char *name, const struct rd_mac *m)
{
	return rd_wakefile_put(t->wake, name, m);
}

int
trust_relay(const struct trust *t, const struct rd_key *key)
{
	struct rd_relay_entry e = {.key = *key};
	char print[RD_FINGERPRINT_TEXT];
	memcpy(e.name, t->relay, sizeof(t->relay));
	int err = rd_relayfile_put(t->relays, &e, false);
	if (!err)
		rd_info("the relay %s is known by its key from now on: %s", t->relay,
			rd_key_fingerprint(key, print));
	return err;
}

void
trust_close(struct trust *t)
{
	rd_code_wipe(&t->code);
	free(t->known_hosts);
	free(t->relays);
	free(t->wake);
	*t = (struct trust){0};
}

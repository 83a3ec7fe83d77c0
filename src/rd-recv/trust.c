#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"
#include "net/identity.h"
#include "net/keyfile.h"
#include "net/prompt.h"
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
find_host(struct trust *t, struct known *known, const struct options *o)
{
	struct rd_keyfile f;
	int err = rd_keyfile_load(&f, RD_KEYFILE_KNOWN, t->known_hosts);
	if (err == -EPERM)
		return cannot(o, "%s: others may write it: chmod 600 %s", t->known_hosts, t->known_hosts);
	if (err)
		return cannot(o, "%s: %s", t->known_hosts, strerror(-err));
	for (size_t i = 0; i < f.error_count; i++)
		rd_warn("%s:%u: %s", t->known_hosts, f.errors[i].line, f.errors[i].why);
	const struct rd_key_entry *e = rd_keyfile_by_name(&f, o->name);
	t->known = e != NULL;
	if (e && !o->has_key)
		known->host = e->key;
	known->has_host = e != NULL || o->has_key;
	rd_keyfile_finish(&f);
	return 0;
}

int
trust_open(struct trust *t, struct known *known, const struct options *o)
{
	*t = (struct trust){0};
	*known = (struct known){
		.host = o->key,
		.has_password = o->password_fd >= 0 || getenv("RD_PASSWORD"),
		.person = rd_prompt_possible(),
	};
	char *dir = o->config ? xstrdup(o->config) : rd_config_dir(false);
	int err = dir ? rd_config_make(dir) : -errno;
	if (err) {
		free(dir);
		return cannot(o, "no folder for keys (--config names one): %s", strerror(-err));
	}
	t->known_hosts = xasprintf("%s/known_hosts", dir);
	int code = o->identity_fd >= 0 ? identity_from_fd(&known->own, o)
		: identity_from_file(&known->own, o, dir);
	free(dir);
	return code ? code : find_host(t, known, o);
}

int
trust_pin(const struct trust *t, const struct options *o, const struct rd_key *key,
	enum pin_how how)
{
	static const char *const words[] = {
		[PIN_NOT] = "given", [PIN_GIVEN] = "given", [PIN_ASKED] = "asked",
		[PIN_NEW] = "accepted", [PIN_PASSWORD] = "password",
	};
	struct rd_key_entry e = {
		.key = *key,
		.name = o->name,
		.how = (char *)words[how],
		.first_seen = (int64_t)(rd_clock_wall_ns() / RD_NS_PER_S),
	};
	if (t->known)
		return 0;
	int err = rd_keyfile_add(t->known_hosts, RD_KEYFILE_KNOWN, &e, false);
	/* Somebody else was quicker; they may even agree. */
	return err == -EEXIST ? 0 : err;
}

void
trust_close(struct trust *t)
{
	free(t->known_hosts);
	*t = (struct trust){0};
}

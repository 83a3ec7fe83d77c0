#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/log.h"
#include "net/identity.h"
#include "net/password.h"
#include "rd-key/asking.h"
#include "rd-key/json.h"
#include "rd-key/say.h"
#include "rd-key/verbs.h"

static int
print_key(const struct options *o, const struct rd_key *k, bool made)
{
	char text[RD_KEY_TEXT], print[RD_FINGERPRINT_TEXT];
	struct json j;
	rd_key_text(k, text);
	if (o->json) {
		json_begin(&j);
		json_text(&j, "key", text);
		json_text(&j, "fingerprint", rd_key_fingerprint(k, print));
		json_bool(&j, "made", made);
		json_end(&j);
	} else {
		puts(text);
	}
	return printed();
}

static int
have(const struct options *o, const char *path, struct rd_key *k, bool *made)
{
	struct rd_keypair pair;
	int err = rd_identity_public(path, k);
	if (err != -ENOENT)
		return err ? cannot_read(path, err) : 0;
	int code = make_folder(o);
	if (code)
		return code;
	err = rd_identity_open(path, &pair, NULL, NULL, made);
	*k = pair.public;
	rd_keypair_wipe(&pair);
	return err ? cannot_write(path, err) : 0;
}

int
own_have(const struct options *o, struct rd_key *k, bool *made)
{
	*made = false;
	char *path = path_of(o, "identity");
	int code = have(o, path, k, made);
	if (!code && *made) {
		char *shown = rd_log_escape(path, strlen(path), 512);
		rd_warn("made an identity for you: %s", shown);
		free(shown);
	}
	free(path);
	return code;
}

int
own_show(const struct options *o)
{
	struct rd_key k;
	bool made;
	int code = own_have(o, &k, &made);
	return code ? code : print_key(o, &k, made);
}

static int
save(const char *path, const struct rd_keypair *k, const char *passphrase, bool replace)
{
	int err = rd_identity_save(path, k, *passphrase ? passphrase : NULL, replace);
	if (err == -EEXIST) {
		rd_error("there is an identity already; with --replace no host will know you any more");
		return RD_EXIT_FAILURE;
	}
	return err ? cannot_write(path, err) : 0;
}

int
own_new(const struct options *o)
{
	char passphrase[RD_PASSWORD_MAX + 1] = "";
	struct rd_keypair k;
	int code = make_folder(o);
	if (!code && o->passphrase_fd >= 0)
		code = ask_new(o->passphrase_fd, "passphrase", 0, passphrase, sizeof(passphrase));
	if (code)
		return code;
	rd_keypair_new(&k);
	char *path = path_of(o, "identity");
	code = save(path, &k, passphrase, o->replace);
	if (!code)
		code = print_key(o, &k.public, true);
	free(path);
	rd_keypair_wipe(&k);
	sodium_memzero(passphrase, sizeof(passphrase));
	return code;
}

/* For rd_identity_load: the exit code of an asking that failed is left in *code. */
struct asked {
	int fd;
	int code;
};

static int
ask(void *ctx, const char *prompt, char *out, size_t cap)
{
	struct asked *a = ctx;
	a->code = ask_once(a->fd, prompt, out, cap);
	return a->code ? -ECANCELED : 0;
}

static int
load(const char *path, struct rd_keypair *k, int fd)
{
	struct asked a = {.fd = fd};
	int err = rd_identity_load(path, k, ask, &a);
	if (err == -ECANCELED)
		return a.code;
	if (err == -EKEYREJECTED) {
		rd_error("that is not its passphrase");
		return RD_EXIT_IDENTITY;
	}
	return err ? cannot_read(path, err) : 0;
}

int
own_passphrase(const struct options *o)
{
	char passphrase[RD_PASSWORD_MAX + 1] = "";
	struct rd_keypair k;
	char *path = path_of(o, "identity");
	int code = load(path, &k, o->passphrase_fd);
	if (!code)
		code = ask_new(o->passphrase_fd, "passphrase (empty for none)", 0, passphrase,
			sizeof(passphrase));
	if (!code)
		code = save(path, &k, passphrase, true);
	rd_keypair_wipe(&k);
	sodium_memzero(passphrase, sizeof(passphrase));
	free(path);
	return code;
}

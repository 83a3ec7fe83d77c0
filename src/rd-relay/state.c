#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/exit.h"
#include "base/folder.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/prompt.h"
#include "rd-relay/certificate.h"
#include "rd-relay/state.h"

static char *
path_of(const struct options *o, const char *name)
{
	return xasprintf("%s/%s", o->state, name);
}

static int
complain(const char *path, int err, int code)
{
	char *why = rd_private_why(path, err);
	rd_error("%s", why);
	free(why);
	return code;
}

static int
make_folder(const struct options *o)
{
	int err = rd_folder_make(o->state);
	return err ? complain(o->state, err, RD_EXIT_IDENTITY) : 0;
}

/* --- identity --- */

static int
ask_passphrase(void *ctx, const char *prompt, char *out, size_t cap)
{
	(void)ctx;
	return rd_prompt_secret(prompt, out, cap);
}

int
state_identity(const struct options *o, struct rd_keypair *key)
{
	bool made = false;
	int code = make_folder(o);
	if (code)
		return code;
	char *path = path_of(o, "identity");
	int err = rd_identity_open(path, key, ask_passphrase, NULL, &made);
	if (err == -EKEYREJECTED || err == -ENOKEY || err == -ENXIO) {
		rd_error("%s: it has a passphrase, and it was not given", path);
		code = RD_EXIT_IDENTITY;
	} else if (err) {
		code = complain(path, err, RD_EXIT_IDENTITY);
	} else if (made) {
		rd_info("made a key for this relay: %s", path);
	}
	free(path);
	return code;
}

/* --- join key --- */

static int
parse_join(const char *text, size_t len, uint8_t join[static RD_JOIN_KEY])
{
	const char *end;
	size_t n;
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (sodium_base642bin(join, RD_JOIN_KEY, text, len, NULL, &n, &end,
			sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0)
		return -EBADMSG;
	return n == RD_JOIN_KEY && end == text + len ? 0 : -EBADMSG;
}

static int
make_join(const char *path, uint8_t join[static RD_JOIN_KEY])
{
	char text[JOIN_KEY_TEXT];
	randombytes_buf(join, RD_JOIN_KEY);
	sodium_bin2base64(text, sizeof(text), join, RD_JOIN_KEY,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	/* Its end becomes that of a line. */
	text[JOIN_KEY_TEXT - 1] = '\n';
	int err = rd_private_write(path, RD_PRIVATE_SECRET, text, sizeof(text), false);
	sodium_memzero(text, sizeof(text));
	return err;
}

int
state_join_key(const struct options *o, uint8_t join[static RD_JOIN_KEY])
{
	char *text, *path = path_of(o, "join-key");
	size_t len;
	int code = make_folder(o);
	if (code)
		goto out;
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err) {
		err = parse_join(text, len, join);
		rd_private_free(text, len);
	} else if (err == -ENOENT) {
		err = make_join(path, join);
	}
	if (err)
		code = complain(path, err, RD_EXIT_IDENTITY);
out:
	free(path);
	return code;
}

int
state_print_join_key(const struct options *o)
{
	uint8_t join[RD_JOIN_KEY];
	char text[JOIN_KEY_TEXT];
	int code = state_join_key(o, join);
	if (code)
		return code;
	sodium_bin2base64(text, sizeof(text), join, sizeof(join),
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	if (puts(text) < 0 || fflush(stdout) != 0) {
		rd_error("stdout: %s", strerror(errno));
		code = RD_EXIT_OUTPUT;
	}
	sodium_memzero(join, sizeof(join));
	sodium_memzero(text, sizeof(text));
	return code;
}

/* --- certificate --- */

static int
read_pair(const char *certificate, const char *key, char **text, size_t *len, char **key_text,
	size_t *key_len)
{
	int err = rd_private_read(certificate, RD_PRIVATE_TRUSTED, text, len);
	if (err)
		return err == -ENOENT ? err : complain(certificate, err, RD_EXIT_INPUT);
	err = rd_private_read(key, RD_PRIVATE_SECRET, key_text, key_len);
	if (err) {
		rd_private_free(*text, *len);
		*text = NULL;
		return complain(key, err, RD_EXIT_INPUT);
	}
	return 0;
}

static int
make_pair(const char *certificate, const char *key)
{
	char *text = NULL, *key_text = NULL;
	if (certificate_make(&text, &key_text)) {
		rd_error("no certificate can be made");
		return RD_EXIT_FAILURE;
	}
	size_t key_len = strlen(key_text);
	int code = 0, err = rd_private_write(key, RD_PRIVATE_SECRET, key_text, key_len, true);
	if (err)
		code = complain(key, err, RD_EXIT_INPUT);
	else if ((err = rd_private_write(certificate, RD_PRIVATE_TRUSTED, text, strlen(text), true)))
		code = complain(certificate, err, RD_EXIT_INPUT);
	rd_private_free(key_text, key_len);
	free(text);
	return code;
}

int
state_certificate(const struct options *o, char **certificate, size_t *len, char **key,
	size_t *key_len)
{
	char *name = o->certificate ? xstrdup(o->certificate) : path_of(o, "certificate.pem");
	char *key_name = o->certificate ? xstrdup(o->certificate_key) :
		path_of(o, "certificate-key.pem");
	int code = read_pair(name, key_name, certificate, len, key, key_len);
	if (code == -ENOENT && !o->certificate) {
		code = make_pair(name, key_name);
		if (!code)
			code = read_pair(name, key_name, certificate, len, key, key_len);
	}
	if (code == -ENOENT)
		code = complain(name, code, RD_EXIT_INPUT);
	free(name);
	free(key_name);
	return code;
}

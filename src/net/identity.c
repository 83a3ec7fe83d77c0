#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/identity.h"

#define PLAIN "rd-identity-1 plain "
#define SEALED "rd-identity-1 argon2id "
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

/* RFC 9106's second recommendation, as of libsodium: lanes are always 1. */
#define PASSES 3
#define MEMORY (64u << 20)
#define PASSPHRASE_MAX 1024

/* What a passphrase seals a secret key into, as it stands in the file. */
struct box {
	uint8_t salt[crypto_pwhash_SALTBYTES];
	uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];
	uint8_t sealed[RD_KEY_SIZE + crypto_aead_xchacha20poly1305_ietf_ABYTES];
};
_Static_assert(sizeof(struct box) == 88, "as the file has it");
#define BOX_TEXT sodium_base64_ENCODED_LEN(sizeof(struct box), VARIANT)

/* A line taken apart: a secret key, or what is associated with a box and the box. */
struct line {
	bool sealed;
	struct rd_key public, secret;
	char head[sizeof(SEALED) + RD_KEY_TEXT];
	struct box box;
};

/* Exactly n bytes of base64 of `len` characters, in its one encoding. */
static int
decode(void *out, size_t n, const char *text, size_t len)
{
	size_t got;
	if (sodium_base642bin(out, n, text, len, NULL, &got, NULL, VARIANT) != 0 || got != n)
		return -EBADMSG;
	return 0;
}

/* "rd:KEY BASE64URL", after SEALED. */
static int
take_sealed(struct line *l, const char *text, size_t len)
{
	char key[RD_KEY_TEXT] = "";
	const char *blank = memchr(text, ' ', len);
	size_t head = blank ? (size_t)(blank - text) : len;
	if (!blank || head >= sizeof(key))
		return -EBADMSG;
	memcpy(key, text, head);
	if (rd_key_parse(&l->public, key) != 0)
		return -EBADMSG;
	memcpy(l->head, SEALED, strlen(SEALED));
	memcpy(l->head + strlen(SEALED), key, sizeof(key));
	l->sealed = true;
	return decode(&l->box, sizeof(l->box), text + head + 1, len - head - 1);
}

static int
take_line(struct line *l, const char *text, size_t len)
{
	*l = (struct line){0};
	if (len > 0 && text[len - 1] == '\n')
		len--;
	size_t plain = strlen(PLAIN), sealed = strlen(SEALED);
	if (len > sealed && memcmp(text, SEALED, sealed) == 0)
		return take_sealed(l, text + sealed, len - sealed);
	if (len > plain && memcmp(text, PLAIN, plain) == 0)
		return decode(&l->secret, sizeof(l->secret), text + plain, len - plain);
	return -EBADMSG;
}

/* The key that a passphrase makes. 0 or -ENOMEM. */
static int
stretch(uint8_t key[static crypto_aead_xchacha20poly1305_ietf_KEYBYTES], const char *passphrase,
	const uint8_t *salt)
{
	return crypto_pwhash(key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase,
		strlen(passphrase), salt, PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0
		? 0 : -ENOMEM;
}

static int
unseal(struct line *l, const char *passphrase)
{
	uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	int err = stretch(key, passphrase, l->box.salt);
	if (!err && crypto_aead_xchacha20poly1305_ietf_decrypt(l->secret.bytes, NULL, NULL,
			l->box.sealed, sizeof(l->box.sealed), (const uint8_t *)l->head, strlen(l->head),
			l->box.nonce, key) != 0)
		err = -EKEYREJECTED;
	sodium_memzero(key, sizeof(key));
	return err;
}

static int
ask_and_unseal(struct line *l, const char *path, rd_ask_fn *ask, void *ctx)
{
	char passphrase[PASSPHRASE_MAX] = "";
	if (!ask)
		return -ENOKEY;
	char *shown = path ? rd_log_escape(path, strlen(path), 256) : xstrdup("the identity");
	char *prompt = xasprintf("Passphrase of %s: ", shown);
	int err = ask(ctx, prompt, passphrase, sizeof(passphrase));
	if (!err)
		err = unseal(l, passphrase);
	sodium_memzero(passphrase, sizeof(passphrase));
	free(prompt);
	free(shown);
	return err;
}

static int
parse(const char *path, const char *text, size_t len, struct rd_keypair *k, rd_ask_fn *ask,
	void *ctx)
{
	struct line l;
	*k = (struct rd_keypair){0};
	int err = take_line(&l, text, len);
	if (!err && l.sealed)
		err = ask_and_unseal(&l, path, ask, ctx);
	if (!err) {
		k->secret = l.secret;
		rd_keypair_derive(k);
		if (l.sealed && !rd_key_equal(&k->public, &l.public))
			err = -EBADMSG;
	}
	if (err)
		rd_keypair_wipe(k);
	sodium_memzero(&l, sizeof(l));
	return err;
}

int
rd_identity_parse(const char *text, size_t len, struct rd_keypair *k, rd_ask_fn *ask, void *ctx)
{
	return parse(NULL, text, len, k, ask, ctx);
}

int
rd_identity_load(const char *path, struct rd_keypair *k, rd_ask_fn *ask, void *ctx)
{
	char *text = NULL;
	size_t len = 0;
	*k = (struct rd_keypair){0};
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err)
		err = parse(path, text, len, k, ask, ctx);
	rd_private_free(text, len);
	return err;
}

int
rd_identity_public(const char *path, struct rd_key *public)
{
	char *text = NULL;
	size_t len = 0;
	struct line l = {0};
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err)
		err = take_line(&l, text, len);
	if (!err && !l.sealed) {
		struct rd_keypair k = {.secret = l.secret};
		rd_keypair_derive(&k);
		l.public = k.public;
		rd_keypair_wipe(&k);
	}
	*public = l.public;
	sodium_memzero(&l, sizeof(l));
	rd_private_free(text, len);
	return err;
}

/* The line of a file, sealed where there is a passphrase; wiped by the caller. */
static int
compose(char *out, size_t cap, const struct rd_keypair *k, const char *passphrase)
{
	if (!passphrase) {
		memcpy(out, PLAIN, strlen(PLAIN));
		sodium_bin2base64(out + strlen(PLAIN), cap - strlen(PLAIN), k->secret.bytes,
			RD_KEY_SIZE, VARIANT);
		return 0;
	}
	struct box b;
	char key_text[RD_KEY_TEXT];
	uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
	randombytes_buf(b.salt, sizeof(b.salt));
	randombytes_buf(b.nonce, sizeof(b.nonce));
	int err = stretch(key, passphrase, b.salt);
	if (err)
		return err;
	size_t head = strlen(SEALED);
	memcpy(out, SEALED, head + 1);
	rd_key_text(&k->public, key_text);
	memcpy(out + head, key_text, strlen(key_text) + 1);
	head += strlen(key_text);
	crypto_aead_xchacha20poly1305_ietf_encrypt(b.sealed, NULL, k->secret.bytes, RD_KEY_SIZE,
		(const uint8_t *)out, head, NULL, b.nonce, key);
	sodium_memzero(key, sizeof(key));
	out[head++] = ' ';
	sodium_bin2base64(out + head, cap - head, (const uint8_t *)&b, sizeof(b), VARIANT);
	return 0;
}

int
rd_identity_save(const char *path, const struct rd_keypair *k, const char *passphrase,
	bool replace)
{
	char line[sizeof(SEALED) + RD_KEY_TEXT + BOX_TEXT + 1];
	int err = compose(line, sizeof(line), k, passphrase);
	if (err)
		return err;
	size_t len = strlen(line);
	line[len++] = '\n';
	int lock = rd_private_lock(path);
	err = lock < 0 ? lock : rd_private_write(path, RD_PRIVATE_SECRET, line, len, replace);
	if (lock >= 0)
		close(lock);
	sodium_memzero(line, sizeof(line));
	return err;
}

int
rd_identity_open(const char *path, struct rd_keypair *k, rd_ask_fn *ask, void *ctx, bool *made)
{
	*made = false;
	int err = rd_identity_load(path, k, ask, ctx);
	if (err != -ENOENT)
		return err;
	rd_keypair_new(k);
	err = rd_identity_save(path, k, NULL, false);
	if (!err) {
		*made = true;
		return 0;
	}
	rd_keypair_wipe(k);
	/* Somebody else made it at the same moment. */
	return err == -EEXIST ? rd_identity_load(path, k, ask, ctx) : err;
}

#ifndef RD_NET_IDENTITY_H
#define RD_NET_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "net/key.h"

/*
 * The identity file, `identity` in the configuration folder: one line,
 *
 *	rd-identity-1 plain BASE64URL(secret key)
 *	rd-identity-1 argon2id rd:KEY BASE64URL(salt[16] || nonce[24] || sealed[48])
 *
 * the second sealed with XChaCha20-Poly1305 under Argon2id (3 passes, 64 MiB)
 * of the passphrase, all before the last blank being associated data; the
 * public key is there so that showing it needs no passphrase. Written whole or
 * not at all, mode 0600. A file that others may read or write, or that is not
 * ours, is refused (base/private.h).
 */

/*
 * Asks for a passphrase when the file has one; NULL: fails with -ENOKEY.
 * The text is wiped by who asked.
 */
typedef int rd_ask_fn(void *ctx, const char *prompt, char *out, size_t cap);

/*
 * 0; -ENOENT: no such file; -EPERM: others may read it; -EBADMSG: damaged, or
 * no identity; -EKEYREJECTED: wrong passphrase; -ENOKEY: it has a passphrase
 * and nobody can be asked; or what `ask` returned.
 */
int rd_identity_load(const char *path, struct rd_keypair *k, rd_ask_fn *ask, void *ctx);
int rd_identity_parse(const char *text, size_t len, struct rd_keypair *k, rd_ask_fn *ask, void *ctx);
/* Only the public key: asks nobody. As of a sealed file it is only claimed. */
int rd_identity_public(const char *path, struct rd_key *public);
/* passphrase NULL: plain. `replace` or -EEXIST. */
int rd_identity_save(const char *path, const struct rd_keypair *k, const char *passphrase,
	bool replace);
/* Loads it, and makes one first where there is none (*made says so). */
int rd_identity_open(const char *path, struct rd_keypair *k, rd_ask_fn *ask, void *ctx, bool *made);

#endif

#ifndef RD_RELAY_CERTIFICATE_H
#define RD_RELAY_CERTIFICATE_H

#include <stddef.h>

#include <openssl/ssl.h>

/*
 * TLS's part of trust, which is none between ends that know the relay's Noise
 * key: they do not look at the certificate. Others, and middleboxes, do.
 */

/* A key (P-256) and a certificate of its own signing, PEM; 0 or -1. The caller frees. */
int certificate_make(char **certificate, char **key);
/*
 * A server's context: TLS 1.2 or newer, nothing kept per client, little memory
 * where nothing happens. NULL with a sentence in *error, to free.
 */
SSL_CTX *certificate_context(const char *certificate, size_t len, const char *key, size_t key_len,
	char **error);

#endif

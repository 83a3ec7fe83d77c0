#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "base/mem.h"
#include "rd-relay/certificate.h"

#define YEARS 20	/* nobody checks it: it need not be made again */

/* --- one of our own --- */

static int
name_it(X509 *x)
{
	X509_NAME *name = X509_get_subject_name(x);
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)"rd-relay", -1, -1, 0) == 1 &&
		X509_set_issuer_name(x, name) == 1 ? 0 : -1;
}

/* RFC 5280 section 4.1.2.2: positive, and unlikely to be another's. */
static int
number_it(X509 *x)
{
	unsigned char bytes[16];
	if (RAND_bytes(bytes, sizeof(bytes)) != 1)
		return -1;
	bytes[0] &= 0x7f;
	BIGNUM *n = BN_bin2bn(bytes, sizeof(bytes), NULL);
	int good = n && BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
	BN_free(n);
	return good ? 0 : -1;
}

static X509 *
sign(EVP_PKEY *key)
{
	X509 *x = X509_new();
	if (!x)
		return NULL;
	/* A day earlier: clocks differ. */
	if (X509_set_version(x, 2) == 1 && number_it(x) == 0 && name_it(x) == 0 &&
			X509_gmtime_adj(X509_getm_notBefore(x), -86400) &&
			X509_time_adj_ex(X509_getm_notAfter(x), YEARS * 365, 0, NULL) &&
			X509_set_pubkey(x, key) == 1 && X509_sign(x, key, EVP_sha256()) > 0)
		return x;
	X509_free(x);
	return NULL;
}

static char *
text_of(BIO *b)
{
	char *data;
	long n = BIO_get_mem_data(b, &data);
	return n > 0 ? xasprintf("%.*s", (int)n, data) : NULL;
}

int
certificate_make(char **certificate, char **key)
{
	EVP_PKEY *k = EVP_EC_gen("P-256");
	X509 *x = k ? sign(k) : NULL;
	BIO *xb = BIO_new(BIO_s_mem()), *kb = BIO_new(BIO_s_secmem());
	int err = -1;
	*certificate = *key = NULL;
	if (x && xb && kb && PEM_write_bio_X509(xb, x) == 1 &&
			PEM_write_bio_PrivateKey(kb, k, NULL, NULL, 0, NULL, NULL) == 1) {
		*certificate = text_of(xb);
		*key = text_of(kb);
		err = *certificate && *key ? 0 : -1;
	}
	BIO_free(xb);
	BIO_free(kb);
	X509_free(x);
	EVP_PKEY_free(k);
	return err;
}

/* --- a server's context --- */

static int
no_passphrase(char *buf, int size, int rwflag, void *u)
{
	(void)buf, (void)size, (void)rwflag, (void)u;
	return -1;
}

static const char *
use_certificate(SSL_CTX *ctx, const char *text, size_t len)
{
	BIO *b = BIO_new_mem_buf(text, (int)len);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, no_passphrase, NULL) : NULL;
	const char *error = x ? NULL : "no certificate is in it (PEM is wanted)";
	if (x && SSL_CTX_use_certificate(ctx, x) != 1)
		error = "TLS does not take that certificate";
	X509_free(x);
	while (!error && (x = PEM_read_bio_X509(b, NULL, no_passphrase, NULL)))
		if (SSL_CTX_add0_chain_cert(ctx, x) != 1) {
			X509_free(x);
			error = "TLS does not take the chain of that certificate";
		}
	BIO_free(b);
	return error;
}

static const char *
use_key(SSL_CTX *ctx, const char *text, size_t len)
{
	BIO *b = BIO_new_mem_buf(text, (int)len);
	EVP_PKEY *k = b ? PEM_read_bio_PrivateKey(b, NULL, no_passphrase, NULL) : NULL;
	const char *error = NULL;
	if (!k)
		error = "its key is no PEM, or has a passphrase";
	else if (SSL_CTX_use_PrivateKey(ctx, k) != 1 || SSL_CTX_check_private_key(ctx) != 1)
		error = "certificate-key is not the key of certificate";
	EVP_PKEY_free(k);
	BIO_free(b);
	return error;
}

/* ALPN: what an Upgrade stands on. Who asks for something else gets nothing. */
static int
choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *outlen, const unsigned char *in,
	unsigned int inlen, void *arg)
{
	static const unsigned char http[] = "\x08http/1.1";
	(void)ssl, (void)arg;
	int how = SSL_select_next_proto((unsigned char **)out, outlen, http, sizeof(http) - 1, in,
		inlen);
	return how == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void
configure(SSL_CTX *ctx)
{
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION |
		SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_num_tickets(ctx, 0);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_alpn_select_cb(ctx, choose_alpn, NULL);
}

SSL_CTX *
certificate_context(const char *certificate, size_t len, const char *key, size_t key_len,
	char **error)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	const char *what = ctx ? NULL : "TLS does not start";
	if (ctx) {
		configure(ctx);
		what = use_certificate(ctx, certificate, len);
	}
	if (!what)
		what = use_key(ctx, key, key_len);
	ERR_clear_error();
	if (!what)
		return ctx;
	*error = xstrdup(what);
	SSL_CTX_free(ctx);
	return NULL;
}

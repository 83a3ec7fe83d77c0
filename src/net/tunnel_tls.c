#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/mem.h"
#include "net/tunnel_tls.h"

/*
 * Certificates are files, and a confined process reads none. So they are read
 * once, before, for the whole process; two tunnels share nothing else.
 */
static struct {
	pthread_mutex_t lock;
	SSL_CTX *ctx;
	char *ca_file;		/* whose certificates these are; NULL: the system's */
	bool read;		/* they were; if not, nothing can be checked */
} prepared = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* The system's, all in one file: a folder is looked into only when a certificate is checked. */
static const char *const system_files[] = {
	"/etc/ssl/certs/ca-certificates.crt",	/* Debian, Arch, Alpine */
	"/etc/pki/tls/certs/ca-bundle.crt",	/* Fedora */
	"/etc/ssl/ca-bundle.pem",		/* openSUSE */
	"/etc/ssl/cert.pem",
};

static int
load_file(X509_STORE *store, const char *file)
{
	if (access(file, R_OK) != 0)
		return -errno;
	int ok = X509_STORE_load_file(store, file);
	ERR_clear_error();
	return ok == 1 ? 0 : -EINVAL;
}

static int
load_system(X509_STORE *store)
{
	const char *named = getenv(X509_get_default_cert_file_env());
	int err = load_file(store, named ? named : X509_get_default_cert_file());
	for (size_t i = 0; err && !named && i < sizeof(system_files) / sizeof(*system_files); i++)
		err = load_file(store, system_files[i]);
	return err;
}

/*
 * Relays are few and tunnels last: nothing is kept for the next handshake, and
 * no buffers for a connection that says nothing.
 */
static SSL_CTX *
context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	if (!ctx)
		return NULL;
	SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION);
	SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
		SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	return ctx;
}

static bool
same_file(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Under the lock. */
static int
prepare(const char *ca_file)
{
	SSL_CTX *ctx = context();
	if (!ctx)
		return -ENOMEM;
	X509_STORE *store = SSL_CTX_get_cert_store(ctx);
	int err = ca_file ? load_file(store, ca_file) : load_system(store);
	SSL_CTX_free(prepared.ctx);
	free(prepared.ca_file);
	prepared.ctx = ctx;
	prepared.ca_file = ca_file ? xstrdup(ca_file) : NULL;
	prepared.read = err == 0;
	return err;
}

int
rd_tunnel_prepare(const char *ca_file)
{
	pthread_mutex_lock(&prepared.lock);
	int err = prepare(ca_file);
	pthread_mutex_unlock(&prepared.lock);
	return err;
}

const char *
rd_tunnel_why(int err)
{
	return err == -EINVAL ? "there is no certificate in it" : strerror(-err);
}

/* What was prepared, or is now. */
static SSL *
client(const struct rd_tunnel *t, int *err)
{
	pthread_mutex_lock(&prepared.lock);
	*err = 0;
	if (!prepared.ctx || (t->check && !same_file(prepared.ca_file, t->ca_file)))
		*err = prepare(t->ca_file);
	else if (t->check && !prepared.read)
		*err = -ENOENT;
	if (!t->check)
		*err = 0;
	SSL *ssl = *err || !prepared.ctx ? NULL : SSL_new(prepared.ctx);
	pthread_mutex_unlock(&prepared.lock);
	if (!ssl && !*err)
		*err = -ENOMEM;
	return ssl;
}

static bool
is_address(const char *name)
{
	struct in6_addr ip;
	return inet_pton(AF_INET, name, &ip) == 1 || inet_pton(AF_INET6, name, &ip) == 1;
}

/* An address is never in SNI (RFC 6066, section 3). */
static bool
configure(SSL *ssl, const struct rd_tunnel *t)
{
	static const unsigned char alpn[] = "\x08http/1.1";
	X509_VERIFY_PARAM *param = SSL_get0_param(ssl);
	bool address = is_address(t->name);
	if (!address && SSL_set_tlsext_host_name(ssl, t->name) != 1)
		return false;
	if (SSL_set_alpn_protos(ssl, alpn, sizeof(alpn) - 1) != 0)
		return false;
	SSL_set_verify(ssl, t->check ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	if (!t->check)
		return true;
	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return address ? X509_VERIFY_PARAM_set1_ip_asc(param, t->name) == 1
		: X509_VERIFY_PARAM_set1_host(param, t->name, 0) == 1;
}

SSL *
tunnel_tls_new(const struct rd_tunnel *t, int fd, int *err)
{
	SSL *ssl = client(t, err);
	if (!ssl)
		return NULL;
	if (!configure(ssl, t) || SSL_set_fd(ssl, fd) != 1) {
		SSL_free(ssl);
		ERR_clear_error();
		*err = -ENOMEM;
		return NULL;
	}
	SSL_set_connect_state(ssl);
	return ssl;
}

static const char *
certificate_why(long verdict, char out[static TUNNEL_WHY])
{
	switch (verdict) {
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return "the certificate is for another name";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "the certificate has expired";
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "the certificate is not valid yet (or this machine's clock is wrong)";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return "the certificate is signed by nobody whom this machine trusts";
	default:
		snprintf(out, TUNNEL_WHY, "the certificate is not accepted: %s",
			X509_verify_cert_error_string(verdict));
		return out;
	}
}

/* What came was a record of TLS, if not one we could use. */
static const char *
protocol_why(unsigned long code, char out[static TUNNEL_WHY])
{
	int reason = ERR_GET_REASON(code);
	const char *text = ERR_reason_error_string(code);
	if (ERR_GET_LIB(code) != ERR_LIB_SSL)
		return "TLS failed";
	switch (reason) {
	case SSL_R_WRONG_VERSION_NUMBER:
	case SSL_R_HTTP_REQUEST:
	case SSL_R_HTTPS_PROXY_REQUEST:
	case SSL_R_PACKET_LENGTH_TOO_LONG:
	case SSL_R_UNEXPECTED_MESSAGE:
		return "no TLS there";
	case SSL_R_UNEXPECTED_EOF_WHILE_READING:
		return "the connection was closed where TLS was to begin";
	default:
		snprintf(out, TUNNEL_WHY, "TLS failed: %s", text ? text : "for no reason known");
		return out;
	}
}

const char *
tunnel_tls_why(SSL *ssl, int error, char out[static TUNNEL_WHY])
{
	unsigned long code = ERR_peek_error();
	long verdict = SSL_get_verify_result(ssl);
	const char *why;
	if (SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE && verdict != X509_V_OK)
		why = certificate_why(verdict, out);
	else if (error == SSL_ERROR_SSL)
		why = protocol_why(code, out);
	else if (error == SSL_ERROR_SYSCALL && errno != 0 && errno != ECONNRESET)
		why = strerror(errno);
	else
		why = "the connection was closed where TLS was to begin";
	ERR_clear_error();
	return why;
}

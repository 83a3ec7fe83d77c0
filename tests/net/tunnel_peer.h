#ifndef TESTS_NET_TUNNEL_PEER_H
#define TESTS_NET_TUNNEL_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "net/tunnel_upgrade.h"

/*
 * For tests of tunnels: certificates of our own, a server of TLS and proxies
 * before it, each a thread that serves one connection after another, blocking.
 */

/* --- certificates --- */

struct made {
	EVP_PKEY *key;
	X509 *cert;
};

static inline void
made_free(struct made *m)
{
	EVP_PKEY_free(m->key);
	X509_free(m->cert);
	*m = (struct made){0};
}

static inline void
made_extension(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	if (!e || X509_add_ext(cert, e, -1) != 1)
		abort();
	X509_EXTENSION_free(e);
}

/* Signed by `by`, or by itself; names: of subjectAltName, or NULL: an authority. */
static inline void
made_new(struct made *m, const struct made *by, const char *names, long from_s, long to_s)
{
	static atomic_int serial = 1;
	char common[32];
	snprintf(common, sizeof(common), names ? "leaf %d" : "authority %d", (int)serial);
	m->key = EVP_EC_gen("P-256");
	m->cert = X509_new();
	X509_NAME *name = X509_NAME_new();
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
		(const unsigned char *)common, -1, -1, 0);
	X509_set_version(m->cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(m->cert), atomic_fetch_add(&serial, 1));
	X509_gmtime_adj(X509_getm_notBefore(m->cert), from_s);
	X509_gmtime_adj(X509_getm_notAfter(m->cert), to_s);
	X509_set_subject_name(m->cert, name);
	X509_set_issuer_name(m->cert, by ? X509_get_subject_name(by->cert) : name);
	X509_set_pubkey(m->cert, m->key);
	if (names)
		made_extension(m->cert, NID_subject_alt_name, names);
	else
		made_extension(m->cert, NID_basic_constraints, "critical,CA:TRUE");
	if (X509_sign(m->cert, by ? by->key : m->key, EVP_sha256()) == 0)
		abort();
	X509_NAME_free(name);
}

static inline void
made_write(const struct made *m, const char *file)
{
	FILE *f = fopen(file, "w");
	if (!f || PEM_write_X509(f, m->cert) != 1 || fclose(f) != 0)
		abort();
}

/* --- listening --- */

struct listening {
	int fd;
	uint16_t port;
	pthread_t thread;
	void (*serve)(void *ctx, int fd);
	void *ctx;
};

static inline void *
listening_run(void *arg)
{
	struct listening *l = arg;
	int fd;
	while ((fd = accept(l->fd, NULL, NULL)) >= 0) {
		int one = 1;
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		l->serve(l->ctx, fd);
		close(fd);
	}
	return NULL;
}

static inline void
listening_start(struct listening *l, void (*serve)(void *ctx, int fd), void *ctx)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(sa);
	*l = (struct listening){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		.serve = serve, .ctx = ctx};
	if (bind(l->fd, (struct sockaddr *)&sa, len) < 0 || listen(l->fd, 8) < 0 ||
			getsockname(l->fd, (struct sockaddr *)&sa, &len) < 0)
		abort();
	l->port = ntohs(sa.sin_port);
	if (pthread_create(&l->thread, NULL, listening_run, l) != 0)
		abort();
}

static inline void
listening_stop(struct listening *l)
{
	shutdown(l->fd, SHUT_RDWR);
	pthread_join(l->thread, NULL);
	close(l->fd);
}

/* --- the relay's end --- */

enum peer_way {
	PEER_ECHO,		/* as a relay: records come back */
	PEER_PIECES,		/* the same, a byte at a time */
	PEER_EARLY,		/* a record right behind the answer */
	PEER_DEAF,		/* upgrades and reads no more, until hang_up is written */
	PEER_404,
	PEER_BUSY,
	PEER_OTHER,		/* upgrades to something else */
	PEER_GARBAGE,		/* inside TLS, no HTTP */
	PEER_ENDS_INSIDE,	/* TLS, and closes */
	PEER_SILENT_INSIDE,
	PEER_SSH,		/* no TLS */
	PEER_HTTP,		/* no TLS */
	PEER_CLOSES,
	PEER_SILENT,
};

struct peer {
	struct listening at;
	SSL_CTX *ctx;
	enum peer_way way;
	atomic_bool clean;	/* the last client said goodbye, inside TLS */
	atomic_bool waits;	/* says nothing more */
	int hang_up[2];		/* a pipe: ends the silent ones */
	char sni[256];
	pthread_mutex_t lock;	/* of sni */
};

static inline void
peer_wait(struct peer *p, int fd)
{
	struct pollfd polls[2] = {{.fd = p->hang_up[0], .events = POLLIN}, {.fd = fd, .events = 0}};
	char c;
	p->waits = true;
	(void)poll(polls, 2, 60000);
	if (polls[0].revents & POLLIN)
		(void)!read(p->hang_up[0], &c, 1);
}

static inline void
peer_write(struct peer *p, SSL *ssl, const void *data, size_t len)
{
	size_t step = p->way == PEER_PIECES ? 1 : len;
	for (size_t at = 0; at < len; at += step)
		SSL_write(ssl, (const uint8_t *)data + at, (int)(len - at < step ? len - at : step));
}

static inline bool
peer_upgrade(struct peer *p, SSL *ssl)
{
	uint8_t in[RD_HTTP_HEAD_MAX];
	struct rd_upgrade_request r;
	struct rd_buf out = {0};
	size_t have = 0;
	while (rd_upgrade_request_parse(&r, in, have) == -EAGAIN) {
		int n = SSL_read(ssl, in + have, (int)(sizeof(in) - have));
		if (n <= 0)
			return false;
		have += (size_t)n;
	}
	if (p->way == PEER_404)
		r.status = 404;
	if (p->way == PEER_BUSY)
		r.status = 503;
	if (p->way == PEER_OTHER)
		rd_buf_bytes(&out, "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n", 54);
	else if (p->way == PEER_GARBAGE)
		rd_buf_bytes(&out, "hello", 5);
	else
		rd_upgrade_answer_put(&out, r.status);
	if (p->way == PEER_EARLY)
		rd_buf_bytes(&out, "\x03\x00xyz", 5);
	peer_write(p, ssl, out.data, out.len);
	rd_buf_finish(&out);
	return r.status == 101 && p->way <= PEER_DEAF;
}

static inline void
peer_talk(struct peer *p, SSL *ssl, int fd)
{
	uint8_t data[20000];
	int n;
	pthread_mutex_lock(&p->lock);
	const char *sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	snprintf(p->sni, sizeof(p->sni), "%s", sni ? sni : "");
	pthread_mutex_unlock(&p->lock);
	if (p->way == PEER_SILENT_INSIDE || (p->way == PEER_DEAF && peer_upgrade(p, ssl))) {
		peer_wait(p, fd);
		return;
	}
	if (p->way == PEER_ENDS_INSIDE || !peer_upgrade(p, ssl))
		return;
	while ((n = SSL_read(ssl, data, sizeof(data))) > 0)
		peer_write(p, ssl, data, (size_t)n);
	p->clean = SSL_get_error(ssl, n) == SSL_ERROR_ZERO_RETURN;
}

static inline void
peer_serve(void *ctx, int fd)
{
	static const char ssh[] = "SSH-2.0-OpenSSH_9.2\r\n";
	static const char http[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct peer *p = ctx;
	char c[4096];
	p->clean = false;
	if (p->way == PEER_SILENT)
		peer_wait(p, fd);
	else if (p->way == PEER_SSH || p->way == PEER_HTTP) {
		(void)!recv(fd, c, sizeof(c), 0);
		const char *text = p->way == PEER_SSH ? ssh : http;
		(void)!write(fd, text, strlen(text));
		/* Closing with bytes unread would take it back. */
		shutdown(fd, SHUT_WR);
		while (recv(fd, c, sizeof(c), 0) > 0)
			;
	} else if (p->way == PEER_CLOSES) {
		(void)!recv(fd, c, sizeof(c), 0);
	} else {
		SSL *ssl = SSL_new(p->ctx);
		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1)
			peer_talk(p, ssl, fd);
		SSL_shutdown(ssl);
		SSL_free(ssl);
	}
}

static inline void
peer_start(struct peer *p, const struct made *leaf, int max_version)
{
	memset(p, 0, sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	p->ctx = SSL_CTX_new(TLS_server_method());
	SSL_CTX_set_max_proto_version(p->ctx, max_version);
	if (SSL_CTX_use_certificate(p->ctx, leaf->cert) != 1 ||
			SSL_CTX_use_PrivateKey(p->ctx, leaf->key) != 1 || pipe(p->hang_up) < 0)
		abort();
	listening_start(&p->at, peer_serve, p);
}

static inline void
peer_stop(struct peer *p)
{
	listening_stop(&p->at);
	SSL_CTX_free(p->ctx);
	close(p->hang_up[0]);
	close(p->hang_up[1]);
	pthread_mutex_destroy(&p->lock);
}

/* --- a proxy --- */

enum proxy_way { PROXY_HTTP, PROXY_HTTP_LOGIN, PROXY_SOCKS, PROXY_SOCKS_LOGIN, PROXY_REFUSES,
	PROXY_SOCKS_REFUSES, PROXY_CLOSES, PROXY_TALKS };

struct proxy {
	struct listening at;
	enum proxy_way way;
	uint16_t to;		/* on loopback, whatever it was asked for */
	char asked[512];	/* the first words of the last client */
	pthread_mutex_t lock;	/* of asked */
};

static inline void
proxy_pump(struct proxy *p, int fd)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(p->to),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct pollfd polls[2] = {{.fd = fd, .events = POLLIN}, {.fd = other, .events = POLLIN}};
	char data[8192];
	bool open = connect(other, (struct sockaddr *)&sa, sizeof(sa)) == 0;
	while (open && poll(polls, 2, 60000) > 0)
		for (int i = 0; i < 2 && open; i++) {
			if (!polls[i].revents)
				continue;
			ssize_t n = read(polls[i].fd, data, sizeof(data));
			open = n > 0 && send(polls[1 - i].fd, data, (size_t)n, MSG_NOSIGNAL) == n;
		}
	close(other);
}

/* Until the end of an HTTP head, or what a SOCKS client says in one piece. */
static inline size_t
proxy_hear(int fd, char *data, size_t cap, bool http)
{
	size_t n = 0;
	do {
		ssize_t got = read(fd, data + n, cap - 1 - n);
		if (got <= 0)
			break;
		n += (size_t)got;
		data[n] = 0;
	} while (http && !strstr(data, "\r\n\r\n") && n < cap - 1);
	return n;
}

static inline bool
proxy_http(struct proxy *p, int fd)
{
	static const char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	static const char much[] = "HTTP/1.1 200 Connection established\r\n\r\nhello";
	static const char no[] = "HTTP/1.1 407 Proxy Authentication Required\r\n"
		"Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n";
	char data[512] = "";
	proxy_hear(fd, data, sizeof(data), true);
	pthread_mutex_lock(&p->lock);
	snprintf(p->asked, sizeof(p->asked), "%s", data);
	pthread_mutex_unlock(&p->lock);
	bool ok = p->way == PROXY_HTTP || p->way == PROXY_TALKS ||
		(p->way == PROXY_HTTP_LOGIN && strstr(data, "Basic bWU6c2VjcmV0\r\n"));
	const char *text = !ok ? no : p->way == PROXY_TALKS ? much : yes;
	(void)!write(fd, text, strlen(text));
	return ok;
}

static inline bool
proxy_socks(struct proxy *p, int fd)
{
	char data[512];
	bool login = p->way == PROXY_SOCKS_LOGIN;
	proxy_hear(fd, data, sizeof(data), false);
	if (p->way == PROXY_SOCKS_REFUSES) {
		(void)!write(fd, "\5\xff", 2);
		return false;
	}
	(void)!write(fd, login ? "\5\2" : "\5\0", 2);
	if (login) {
		proxy_hear(fd, data, sizeof(data), false);
		(void)!write(fd, memcmp(data, "\1\2me\6secret", 11) == 0 ? "\1\0" : "\1\1", 2);
	}
	proxy_hear(fd, data, sizeof(data), false);
	(void)!write(fd, "\5\0\0\1\0\0\0\0\0\0", 10);
	return true;
}

static inline void
proxy_serve(void *ctx, int fd)
{
	struct proxy *p = ctx;
	bool socks = p->way == PROXY_SOCKS || p->way == PROXY_SOCKS_LOGIN ||
		p->way == PROXY_SOCKS_REFUSES;
	char c[16];
	if (p->way == PROXY_CLOSES)
		(void)!recv(fd, c, sizeof(c), 0);
	else if ((socks ? proxy_socks(p, fd) : proxy_http(p, fd)))
		proxy_pump(p, fd);
}

static inline void
proxy_start(struct proxy *p, enum proxy_way way, uint16_t to)
{
	memset(p, 0, sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	p->way = way;
	p->to = to;
	listening_start(&p->at, proxy_serve, p);
}

static inline void
proxy_stop(struct proxy *p)
{
	listening_stop(&p->at);
	pthread_mutex_destroy(&p->lock);
}

#endif

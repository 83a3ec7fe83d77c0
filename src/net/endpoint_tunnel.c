#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <sodium.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/endpoint_priv.h"
#include "net/tunnel_proxy.h"
#include "net/tunnel_tls.h"
#include "net/tunnel_upgrade.h"

/*
 * What lies between a TCP connection and a stream of datagrams, when it is a
 * tunnel. OpenSSL works on the socket itself: there is one queue, the stream's,
 * from which what is late can be dropped, and the kernel's, which is kept small.
 */
enum tunnel_phase {
	TUNNEL_TCP,
	TUNNEL_PROXY,
	TUNNEL_TLS,
	TUNNEL_UPGRADE,
	TUNNEL_OPEN,
};

struct tunnel {
	enum tunnel_phase phase;
	struct rd_tunnel cfg;	/* a copy; the proxy's password is wiped when it was said */
	char *ca_file;
	struct rd_proxy_talk talk;
	SSL *ssl;
	bool write;		/* waits for room, not for bytes */
	bool explained;		/* why it failed was said */
	struct rd_buf out;	/* [sent, len): of the proxy's or the upgrade's talk */
	size_t sent;
	struct rd_buf in;	/* what was read and not used */
};

#define READ_MAX RD_HTTP_HEAD_MAX

static void
why(struct rd_endpoint *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void
why(struct rd_endpoint *e, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(e->why, sizeof(e->why), fmt, args);
	va_end(args);
}

const char *
rd_endpoint_why(const struct rd_endpoint *e)
{
	return e->why;
}

static const char *
whom(const struct rd_tunnel *cfg)
{
	return cfg->proxy.kind != RD_PROXY_NONE ? "the proxy" : "the relay";
}

/* What a connection that ended by itself has failed at. */
void
endpoint_tunnel_failed(struct stream *s, int error)
{
	const struct tunnel *t = s->tunnel;
	bool silent = error == -ETIMEDOUT;
	const char *who = whom(&t->cfg);
	if (t->explained)
		return;
	switch (t->phase) {
	case TUNNEL_TCP:
		if (silent)
			why(s->e, "no answer from %s", who);
		else
			why(s->e, "no connection to %s: %s", who, strerror(-error));
		break;
	case TUNNEL_PROXY:
		why(s->e, silent ? "the proxy does not answer" : "the proxy closed the connection");
		break;
	case TUNNEL_TLS:
		why(s->e, silent ? "no answer to TLS"
			: "the connection was closed where TLS was to begin");
		break;
	case TUNNEL_UPGRADE:
		why(s->e, silent ? "no answer inside TLS: no relay there"
			: "the connection was closed inside TLS: no relay there");
		break;
	case TUNNEL_OPEN:
		why(s->e, "%s", error == -EPIPE ? "the relay closed the connection"
			: strerror(-error));
		break;
	}
}

/* False, for those who go no further. */
static bool
fail(struct stream *s, int error, const char *text)
{
	why(s->e, "%s", text);
	s->tunnel->explained = true;
	endpoint_stream_end(s, error);
	return false;
}

/* --- bytes, in the clear or by TLS --- */

/* As recv and send: -EAGAIN, *write whether it waits for room. -EPIPE: the end. */
static ssize_t
tls_result(struct tunnel *t, int n)
{
	int error = SSL_get_error(t->ssl, n);
	t->write = error == SSL_ERROR_WANT_WRITE;
	if (n > 0)
		return n;
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return -EAGAIN;
	int number = errno;
	ERR_clear_error();
	return error == SSL_ERROR_SYSCALL && number ? -number : -EPIPE;
}

ssize_t
endpoint_tunnel_read(struct tunnel *t, uint8_t *data, size_t len)
{
	ERR_clear_error();
	errno = 0;
	return tls_result(t, SSL_read(t->ssl, data, len < INT_MAX ? (int)len : INT_MAX));
}

ssize_t
endpoint_tunnel_write(struct tunnel *t, const uint8_t *data, size_t len)
{
	ERR_clear_error();
	errno = 0;
	return tls_result(t, SSL_write(t->ssl, data, len < INT_MAX ? (int)len : INT_MAX));
}

void
endpoint_tunnel_shut(struct tunnel *t)
{
	if (!t->ssl || t->phase != TUNNEL_OPEN)
		return;
	ERR_clear_error();
	SSL_shutdown(t->ssl);
	ERR_clear_error();
}

static ssize_t
plain(ssize_t n)
{
	if (n > 0)
		return n;
	return n == 0 ? -EPIPE : errno == EINTR ? -EAGAIN : -errno;
}

static ssize_t
read_some(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	uint8_t *room = rd_buf_room(&t->in, READ_MAX);
	ssize_t n = t->ssl ? endpoint_tunnel_read(t, room, READ_MAX)
		: plain(recv(s->fd, room, READ_MAX, MSG_DONTWAIT));
	if (n > 0)
		t->in.len += (size_t)n;
	return n;
}

/* 0: all is written. */
static ssize_t
write_all(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	t->write = false;
	while (t->sent < t->out.len) {
		const uint8_t *p = t->out.data + t->sent;
		size_t left = t->out.len - t->sent;
		ssize_t n = t->ssl ? endpoint_tunnel_write(t, p, left)
			: plain(send(s->fd, p, left, MSG_DONTWAIT | MSG_NOSIGNAL));
		if (n < 0) {
			t->write |= n == -EAGAIN && !t->ssl;
			return n;
		}
		t->sent += (size_t)n;
	}
	/* A password may have been in it. */
	if (t->out.len > 0)
		sodium_memzero(t->out.data, t->out.len);
	rd_buf_reset(&t->out);
	t->sent = 0;
	return 0;
}

static void
used(struct tunnel *t, size_t n)
{
	t->in.len -= n;
	memmove(t->in.data, t->in.data + n, t->in.len);
}

/* --- the phases; each returns whether the next can begin --- */

static bool
over(struct stream *s, ssize_t error)
{
	if (error != -EAGAIN)
		endpoint_stream_end(s, (int)error);
	return false;
}

static bool
begin_tls(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	int err = 0;
	sodium_memzero(t->cfg.proxy.password, sizeof(t->cfg.proxy.password));
	t->ssl = tunnel_tls_new(&t->cfg, s->fd, &err);
	if (!t->ssl)
		return fail(s, err, err == -ENOMEM ? "TLS cannot be set up"
			: "no certificates to check the relay's by");
	t->phase = TUNNEL_TLS;
	return true;
}

static bool
talk_to_proxy(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	for (;;) {
		ssize_t n = write_all(s);
		if (n < 0)
			return over(s, n);
		if (t->talk.state == RD_PROXY_THROUGH)
			break;
		n = read_some(s);
		if (n < 0)
			return over(s, n);
		used(t, rd_proxy_talk_take(&t->talk, t->in.data, t->in.len, &t->out));
		if (t->talk.state == RD_PROXY_REFUSED)
			return fail(s, -EACCES, t->talk.why);
		if (t->in.len > RD_HTTP_HEAD_MAX)
			return fail(s, -EPROTO, "the proxy says too much");
	}
	/* The other end says nothing before we do. */
	if (t->in.len > 0)
		return fail(s, -EPROTO, "the proxy says too much");
	return begin_tls(s);
}

static bool
shake_hands(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	char text[TUNNEL_WHY];
	ERR_clear_error();
	errno = 0;
	int n = SSL_connect(t->ssl), error = n == 1 ? SSL_ERROR_NONE : SSL_get_error(t->ssl, n);
	t->write = error == SSL_ERROR_WANT_WRITE;
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return false;
	if (n != 1) {
		const char *what = tunnel_tls_why(t->ssl, error, text);
		bool refused = t->cfg.check && SSL_get_verify_result(t->ssl) != X509_V_OK;
		return fail(s, refused ? -EKEYREJECTED : -EPROTO, what);
	}
	rd_upgrade_request_put(&t->out, t->cfg.name, t->cfg.port);
	t->phase = TUNNEL_UPGRADE;
	return true;
}

static bool
refused(struct stream *s, int status)
{
	char text[TUNNEL_WHY];
	if (status == 0)
		return fail(s, -EPROTO, "no HTTP inside TLS: no relay there");
	if (status == 101)
		return fail(s, -EPROTO, "it upgraded to something else: no relay there");
	snprintf(text, sizeof(text), "answered %d instead of 101: %s", status,
		status == 503 || status == 429 ? "the relay is busy" : "no relay there");
	return fail(s, -EPROTO, text);
}

static bool
upgrade(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	int status;
	ssize_t n = write_all(s);
	if (n < 0)
		return over(s, n);
	for (;;) {
		n = rd_upgrade_answer_parse(&status, t->in.data, t->in.len);
		if (n >= 0)
			break;
		if (n != -EAGAIN)
			return refused(s, status);
		n = read_some(s);
		if (n < 0)
			return over(s, n);
	}
	used(t, (size_t)n);
	t->phase = TUNNEL_OPEN;
	return true;
}

/* Whoever owns the endpoint may end it in here. */
void
endpoint_tunnel_go(struct stream *s)
{
	struct tunnel *t = s->tunnel;
	bool on = true;
	while (on && s->state == STREAM_CONNECTING && t->phase != TUNNEL_OPEN) {
		switch (t->phase) {
		case TUNNEL_TCP:
			t->phase = TUNNEL_PROXY;
			rd_proxy_talk_begin(&t->talk, &t->cfg, &t->out);
			break;
		case TUNNEL_PROXY:
			on = talk_to_proxy(s);
			break;
		case TUNNEL_TLS:
			on = shake_hands(s);
			break;
		default:
			on = upgrade(s);
		}
	}
	if (s->state == STREAM_CONNECTING && t->phase == TUNNEL_OPEN)
		endpoint_stream_stands(s, t->in.data, t->in.len);
}

unsigned
endpoint_tunnel_wants(const struct tunnel *t)
{
	return t->phase == TUNNEL_TCP || t->write ? RD_WRITE : RD_READ;
}

void
endpoint_tunnel_free(struct tunnel *t)
{
	if (!t)
		return;
	SSL_free(t->ssl);
	ERR_clear_error();
	if (t->out.data)
		sodium_memzero(t->out.data, t->out.cap);
	rd_buf_finish(&t->out);
	rd_buf_finish(&t->in);
	free(t->ca_file);
	sodium_memzero(t, sizeof(*t));
	free(t);
}

static struct tunnel *
tunnel_new(const struct rd_tunnel *cfg)
{
	struct tunnel *t = xcalloc(1, sizeof(*t));
	t->cfg = *cfg;
	t->ca_file = cfg->ca_file ? xstrdup(cfg->ca_file) : NULL;
	t->cfg.ca_file = t->ca_file;
	return t;
}

int
rd_endpoint_tunnel(struct rd_endpoint *e, const struct rd_tunnel *cfg, struct rd_addr *to)
{
	struct stream *s = NULL;
	struct rd_addr at = cfg->to;
	at.port = cfg->port;
	if (cfg->proxy.kind != RD_PROXY_NONE) {
		at = cfg->proxy.addr;
		at.port = cfg->proxy.port;
	}
	if (at.family == 0) {
		why(e, "the name of %s cannot be found", whom(cfg));
		return -EDESTADDRREQ;
	}
	int err = endpoint_stream_connect(e, &at, tunnel_new(cfg), &s);
	if (err) {
		why(e, "no connection to %s: %s", whom(cfg), strerror(-err));
		return err;
	}
	s->deadline_ns = rd_clock_ns() + RD_TUNNEL_NS;
	endpoint_schedule(e);
	*to = s->peer;
	return 0;
}

#ifndef TESTS_NET_RELAYLOOP_H
#define TESTS_NET_RELAYLOOP_H

/*
 * fakerelay.h on real sockets of loopback, in the loop of the test, and a thread
 * before it that takes TLS: what comes in records goes on by UDP, from a port of
 * its own.
 */
#include <poll.h>

#include "base/clock.h"
#include "base/mem.h"
#include "fakerelay.h"
#include "net/endpoint.h"
#include "tunnel_peer.h"

#define RELAYLOOP_QUEUE 256

struct relayloop_datagram {
	struct rd_endpoint *from;
	struct rd_addr to;
	size_t len;
	uint8_t data[RD_PACKET_MAX];
};

struct relayloop {
	struct fakerelay fake;
	struct rd_endpoint *main, *second;	/* its port, and STUN's other one */
	struct rd_endpoint *current;
	struct rd_addr at;
	struct relayloop_datagram *queue[RELAYLOOP_QUEUE];
	unsigned count;
	bool blocked;			/* UDP, but from the bridge */
	uint16_t not_blocked;		/* and from that port */
	/* TLS */
	struct peer peer;
	struct made authority, leaf;
	bool tls;
	atomic_uint bridge_port;
	atomic_int bridge_fd;
	unsigned from_bridge;
};

static inline void
relayloop_send(void *ctx, const struct rd_addr *to, const uint8_t *data, size_t len)
{
	struct relayloop *r = ctx;
	if (r->count == RELAYLOOP_QUEUE)
		return;
	struct relayloop_datagram *d = xmalloc(sizeof(*d));
	/* Another end's answer may cause it, which came to the other port. */
	d->from = rd_stun_is(data, len) ? r->current : r->main;
	d->to = *to;
	d->len = len;
	memcpy(d->data, data, len);
	r->queue[r->count++] = d;
}

struct relayloop_port { struct relayloop *r; struct rd_endpoint **e; };

static inline void
relayloop_take(struct relayloop *r, struct rd_endpoint *e, const struct rd_addr *from,
	uint8_t *data, size_t len)
{
	bool bridge = from->port == r->bridge_port;
	r->from_bridge += bridge;
	if (r->blocked && !bridge && from->port != r->not_blocked)
		return;
	r->current = e;
	fakerelay_receive(&r->fake, from, data, len, rd_clock_ns());
}

static inline void
relayloop_main(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct relayloop *r = ctx;
	relayloop_take(r, r->main, from, data, len);
}

static inline void
relayloop_second(void *ctx, const struct rd_addr *from, uint8_t *data, size_t len)
{
	struct relayloop *r = ctx;
	relayloop_take(r, r->second, from, data, len);
}

static inline void
relayloop_turn(void *ctx)
{
	struct relayloop *r = ctx;
	rd_endpoint_flush(r->main);
	rd_endpoint_flush(r->second);
}

static inline size_t
relayloop_next(struct relayloop *r, struct rd_endpoint *of, struct rd_addr *to, uint8_t *out)
{
	for (unsigned i = 0; i < r->count; i++) {
		struct relayloop_datagram *d = r->queue[i];
		if (d->from != of)
			continue;
		size_t len = d->len;
		*to = d->to;
		memcpy(out, d->data, len);
		free(d);
		memmove(r->queue + i, r->queue + i + 1, (--r->count - i) * sizeof(r->queue[0]));
		return len;
	}
	return 0;
}

static inline size_t
relayloop_next_main(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct relayloop *r = ctx;
	(void)cap;
	return relayloop_next(r, r->main, to, out);
}

static inline size_t
relayloop_next_second(void *ctx, struct rd_addr *to, uint8_t *out, size_t cap)
{
	struct relayloop *r = ctx;
	(void)cap;
	return relayloop_next(r, r->second, to, out);
}

static inline void
relayloop_carrier(void *ctx, const struct rd_addr *peer, int error)
{
	(void)ctx, (void)peer, (void)error;
}

/* --- TLS --- */

static inline void
relayloop_records(int udp, struct rd_buf *in)
{
	size_t at = 0;
	while (in->len - at > 2) {
		size_t n = (size_t)in->data[at] | (size_t)in->data[at + 1] << 8;
		if (in->len - at - 2 < n)
			break;
		(void)!send(udp, in->data + at + 2, n, 0);
		at += 2 + n;
	}
	memmove(in->data, in->data + at, in->len -= at);
}

static inline void
relayloop_bridge(struct relayloop *r, SSL *ssl, int fd)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(r->at.port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct pollfd polls[2] = {{.fd = fd, .events = POLLIN}, {.fd = udp, .events = POLLIN}};
	uint8_t data[2 + RD_PACKET_MAX];
	struct rd_buf in = {0};
	socklen_t len = sizeof(sa);
	if (connect(udp, (struct sockaddr *)&sa, sizeof(sa)) < 0 ||
			getsockname(udp, (struct sockaddr *)&sa, &len) < 0)
		abort();
	r->bridge_port = ntohs(sa.sin_port);
	r->bridge_fd = fd;
	while (poll(polls, 2, 60000) > 0) {
		if (polls[0].revents)
			do {
				int n = SSL_read(ssl, data, sizeof(data));
				if (n <= 0)
					goto out;
				rd_buf_bytes(&in, data, (size_t)n);
				relayloop_records(udp, &in);
			} while (SSL_pending(ssl) > 0);
		if (polls[1].revents) {
			ssize_t n = recv(udp, data + 2, sizeof(data) - 2, MSG_DONTWAIT);
			data[0] = (uint8_t)n;
			data[1] = (uint8_t)(n >> 8);
			if (n > 0 && SSL_write(ssl, data, (int)n + 2) <= 0)
				goto out;
		}
	}
out:
	r->bridge_fd = -1;
	rd_buf_finish(&in);
	close(udp);
}

static inline void
listening_hang_up(struct relayloop *r)
{
	int fd = r->bridge_fd;
	if (fd >= 0)
		shutdown(fd, SHUT_RDWR);
}

static inline void
relayloop_serve(void *ctx, int fd)
{
	struct relayloop *r = ctx;
	SSL *ssl = SSL_new(r->peer.ctx);
	SSL_set_fd(ssl, fd);
	if (SSL_accept(ssl) == 1 && peer_upgrade(&r->peer, ssl))
		relayloop_bridge(r, ssl, fd);
	SSL_shutdown(ssl);
	SSL_free(ssl);
}

static inline void
relayloop_tls(struct relayloop *r)
{
	made_new(&r->authority, NULL, NULL, -3600, 3600);
	made_new(&r->leaf, &r->authority, "DNS:relay.test", -3600, 3600);
	r->tls = true;
	r->peer.ctx = SSL_CTX_new(TLS_server_method());
	if (SSL_CTX_use_certificate(r->peer.ctx, r->leaf.cert) != 1 ||
			SSL_CTX_use_PrivateKey(r->peer.ctx, r->leaf.key) != 1)
		abort();
	listening_start(&r->peer.at, relayloop_serve, r);
}

/* --- */

static inline int
relayloop_listen(struct rd_endpoint **e, struct rd_loop *loop, const struct rd_endpoint_ops *ops,
	struct relayloop *r, uint16_t port)
{
	struct rd_addr at = {.family = 4, .ip = {127, 0, 0, 1}, .port = port};
	int err = rd_endpoint_open(e, loop, ops, r);
	if (!err)
		err = rd_endpoint_listen(*e, &at, true, false);
	return err;
}

/* With TLS: on the same port, of which `authority` is the one to trust. */
static inline void
relayloop_open(struct relayloop *r, struct rd_loop *loop, bool tls)
{
	static const struct rd_endpoint_ops main_ops = {.datagram = relayloop_main,
		.turn = relayloop_turn, .next = relayloop_next_main, .carrier = relayloop_carrier};
	static const struct rd_endpoint_ops second_ops = {.datagram = relayloop_second,
		.turn = relayloop_turn, .next = relayloop_next_second, .carrier = relayloop_carrier};
	memset(r, 0, sizeof(*r));
	fakerelay_init(&r->fake, relayloop_send, r);
	for (;;) {
		if (tls)
			relayloop_tls(r);
		if (relayloop_listen(&r->main, loop, &main_ops, r, tls ? r->peer.at.port : 0) == 0 &&
				relayloop_listen(&r->second, loop, &second_ops, r,
				(uint16_t)(rd_endpoint_port(r->main) + 1)) == 0)
			break;
		rd_endpoint_close(r->main);
		rd_endpoint_close(r->second);
		r->main = r->second = NULL;
		if (tls)
			listening_stop(&r->peer.at);
	}
	r->at = (struct rd_addr){.family = 4, .ip = {127, 0, 0, 1},
		.port = rd_endpoint_port(r->main)};
}

static inline void
relayloop_close(struct relayloop *r)
{
	rd_endpoint_close(r->main);
	rd_endpoint_close(r->second);
	while (r->count > 0)
		free(r->queue[--r->count]);
	if (!r->tls)
		return;
	listening_stop(&r->peer.at);
	SSL_CTX_free(r->peer.ctx);
	made_free(&r->authority);
	made_free(&r->leaf);
}

#endif

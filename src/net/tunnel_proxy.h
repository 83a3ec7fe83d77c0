#ifndef RD_NET_TUNNEL_PROXY_H
#define RD_NET_TUNNEL_PROXY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "net/tunnel.h"

/*
 * The client's side of asking a proxy for a connection: HTTP CONNECT (RFC 9110,
 * section 9.3.6; Basic, RFC 7617) and SOCKS5 (RFC 1928, 1929). Bytes in, bytes
 * out. Pure.
 */
enum rd_proxy_state {
	RD_PROXY_CONNECT,	/* HTTP: for the answer */
	RD_PROXY_METHOD,	/* SOCKS5: which way to log in */
	RD_PROXY_LOGIN,
	RD_PROXY_REPLY,
	RD_PROXY_THROUGH,	/* what follows is between us and the other end */
	RD_PROXY_REFUSED,	/* `why` */
};

struct rd_proxy_talk {
	enum rd_proxy_state state;
	const struct rd_proxy *proxy;	/* borrowed */
	const struct rd_tunnel *tunnel;	/* borrowed: name, to, port */
	char why[128];
};

/* Begins; appends what is to be sent first. It may hold a password: wipe it. */
void rd_proxy_talk_begin(struct rd_proxy_talk *t, const struct rd_tunnel *tunnel,
	struct rd_buf *out);
/*
 * What has come, data[0 … len): how many bytes of it were used; the rest is to
 * be given again with what follows. Appends to *out what is to be sent.
 */
size_t rd_proxy_talk_take(struct rd_proxy_talk *t, const uint8_t *data, size_t len,
	struct rd_buf *out);

#endif

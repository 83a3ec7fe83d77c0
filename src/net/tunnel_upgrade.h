#ifndef RD_NET_TUNNEL_UPGRADE_H
#define RD_NET_TUNNEL_UPGRADE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/http.h"

/*
 * How a tunnel begins inside TLS (net/tunnel.h), both ends of it. Pure.
 *
 *	GET /rd HTTP/1.1		HTTP/1.1 101 Switching Protocols
 *	Host: relay.example.org		Connection: Upgrade
 *	Connection: Upgrade		Upgrade: rd/1
 *	Upgrade: rd/1
 *
 * and after the empty lines datagrams, {u16 length little endian, bytes}, both
 * ways. Any other field is passed over: reverse proxies add their own.
 */
#define RD_UPGRADE_PATH "/rd"
#define RD_UPGRADE_PROTOCOL "rd/1"

/* What a client says; the port is named where it is not 443. */
void rd_upgrade_request_put(struct rd_buf *out, const char *name, uint16_t port);

struct rd_upgrade_request {
	/* What it is to be answered: 101; 400, 404 another path, 405 no GET, 426 no upgrade to rd/1. */
	int status;
	char host[256];		/* as it says, without control characters; "" */
};
/*
 * What a server has read so far: the length of the request (what lies behind it
 * are datagrams), -EAGAIN: the rest has still to come, -EPROTO: no HTTP, or too long.
 */
ssize_t rd_upgrade_request_parse(struct rd_upgrade_request *r, const uint8_t *data, size_t len);
/* The answer with that status; but for 101 the connection ends after it. */
void rd_upgrade_answer_put(struct rd_buf *out, int status);

/*
 * What a client has read so far: the length of an answer 101 that says rd/1;
 * -EAGAIN; -EPROTO: no HTTP; -ECONNREFUSED: an answer, and *status says which
 * (101: to some other protocol).
 */
ssize_t rd_upgrade_answer_parse(int *status, const uint8_t *data, size_t len);

#endif

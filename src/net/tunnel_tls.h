#ifndef RD_NET_TUNNEL_TLS_H
#define RD_NET_TUNNEL_TLS_H

#include <openssl/ssl.h>

#include "net/tunnel.h"

/*
 * The TLS of a tunnel, for endpoint_tunnel.c: how it is set up, and what has
 * gone wrong with it in words.
 */

/* A client on that socket. NULL: out of memory, or -1 in *err: no certificates to check by. */
SSL *tunnel_tls_new(const struct rd_tunnel *t, int fd, int *err);
/* After a handshake that failed; SSL_get_error's answer. Borrowed text, or `out`. */
#define TUNNEL_WHY 192
const char *tunnel_tls_why(SSL *ssl, int error, char out[static TUNNEL_WHY]);

#endif

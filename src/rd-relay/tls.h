#ifndef RD_RELAY_TLS_H
#define RD_RELAY_TLS_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/ssl.h>

#include "base/bytes.h"
#include "base/loop.h"
#include "base/pause.h"
#include "net/limit.h"
#include "rd-relay/forward.h"
#include "rd-relay/tls_queue.h"

/*
 * The relay through TLS, for networks that carry no UDP: "GET /rd", Upgrade to
 * rd/1, and then the same datagrams as {u16 length, bytes}. All connections are
 * one thread's, the main one.
 *
 * Whoever connects costs memory before it has said anything. So until the
 * upgrade it has 5 seconds and one of 512 places (the oldest goes when they are
 * full), and one source has at most 32 connections in all, ten new ones a second.
 */
#define TLS_LISTENERS 32
#define TLS_HALF_OPEN_MAX 512
#define TLS_SOURCE_MAX 32
#define TLS_SOURCES 65536	/* counters, by a keyed hash of the source */
#define TLS_SOURCE_PER_S 10	/* handshakes of one source; a burst as large as TLS_SOURCE_MAX */
#define TLS_IN (16u << 10)	/* one record */

enum tls_state { TLS_SHAKING, TLS_ASKING, TLS_OPEN };

/* One connection. Its carrier is {generation, place in the table}. */
struct tls_conn {
	struct tls *tls;
	enum tls_state state;
	int fd;
	SSL *ssl;
	struct rd_fd watch;
	struct rd_addr peer;
	uint64_t deadline_ns;
	struct tls_conn *older, *younger;	/* of the half-open */
	struct tls_conn *next_dirty;
	bool dirty, blocked;
	struct rd_buf in;			/* an unfinished head or datagram */
	uint8_t *out;				/* what the kernel has not taken of a record */
	size_t out_len, out_sent;
	struct tls_queue queue;
};

struct tls {
	struct rd_loop *loop;
	struct forward *forward;
	SSL_CTX *ctx;
	struct tls_listener { struct tls *tls; struct rd_fd watch; struct rd_addr at; } listener[TLS_LISTENERS];
	unsigned listeners;
	unsigned max;
	struct tls_conn **table;
	unsigned *free_places;
	unsigned places, free_count, generation;
	unsigned open, half_open;
	struct tls_conn *oldest, *youngest, *dirty;
	uint16_t sources[TLS_SOURCES];
	uint8_t source_key[16];
	struct rd_limit *rate;			/* of handshakes, by source: each costs a signature */
	unsigned swept;				/* where tls_tick goes on looking */
	uint64_t accepted, refused;
	struct rd_pause pause;
	uint8_t scratch[TLS_IN];
	uint8_t record[TLS_IN];
};

/* Takes the context. The sockets are added by tls_listen. */
void tls_init(struct tls *t, struct rd_loop *loop, struct forward *forward, SSL_CTX *ctx, unsigned max);
/* A listening socket, which is ours from now on. */
int tls_listen(struct tls *t, int fd, const struct rd_addr *at);
/* For who connects from now on. */
void tls_reload(struct tls *t, SSL_CTX *ctx, unsigned max);
void tls_close(struct tls *t);
/* A datagram to that connection. False: there is none, or its queue dropped something. */
bool tls_send(struct tls *t, uint32_t carrier, const uint8_t *data, size_t len, uint64_t now_ns);
/* Writes what tls_send has gathered. Whether there was anything. */
bool tls_flush(struct tls *t);
/* About ten times a second: who was too slow, or silent, goes. */
void tls_tick(struct tls *t, uint64_t now_ns);

/* --- between tls.c and tls_conn.c --- */
void tls_conn_start(struct tls_conn *c);
/* False: that was its end. */
bool tls_conn_write(struct tls_conn *c);
void tls_conn_free(struct tls_conn *c);
void tls_half_open_remove(struct tls_conn *c);
void tls_remove(struct tls_conn *c);

#endif

#ifndef RD_WIRE_MSG_CONTROL_H
#define RD_WIRE_MSG_CONTROL_H

#include <stdint.h>

#include "base/bytes.h"

/* {u32 number}: this frame and all before it are dealt with. */
void rd_ack_pack(struct rd_buf *b, uint32_t number);
int rd_ack_parse(uint32_t *number, const uint8_t *data, size_t len);

/* REFRESH has no body. */

/* {u64 bits a second}; 0: no bound. */
void rd_rate_pack(struct rd_buf *b, uint64_t bps);
int rd_rate_parse(uint64_t *bps, const uint8_t *data, size_t len);

/* {u32 first, u32 last}: frames first … last were dropped on the way. */
struct rd_loss { uint32_t first, last; };
void rd_loss_pack(struct rd_buf *b, const struct rd_loss *m);
int rd_loss_parse(struct rd_loss *m, const uint8_t *data, size_t len);

/*
 * PING {u64 asked_ns}: the asker's own CLOCK_MONOTONIC. PONG {u64 asked_ns,
 * u64 stream_ns}: the same number, and the stream time at which the source
 * read it. With the round trip this gives offset ± error (RFC 5905, on-wire).
 */
void rd_ping_pack(struct rd_buf *b, uint64_t asked_ns);
int rd_ping_parse(uint64_t *asked_ns, const uint8_t *data, size_t len);
struct rd_pong { uint64_t asked_ns, stream_ns; };
void rd_pong_pack(struct rd_buf *b, const struct rd_pong *m);
int rd_pong_parse(struct rd_pong *m, const uint8_t *data, size_t len);

/* {u64 token}: the TAKE of that token, and all input before it, is done. */
void rd_taken_pack(struct rd_buf *b, uint64_t token);
int rd_taken_parse(uint64_t *token, const uint8_t *data, size_t len);

/*
 * {u64 token}. Up: a sync point in which nothing is older than this question. Down, with
 * the same token, right before such a one.
 */
void rd_fresh_pack(struct rd_buf *b, uint64_t token);
int rd_fresh_parse(uint64_t *token, const uint8_t *data, size_t len);

/* {u8 level, text}: one line for the person who watches; escaped when parsed. */
struct rd_notice { uint8_t level; char text[256]; };
void rd_notice_pack(struct rd_buf *b, const struct rd_notice *m);
int rd_notice_parse(struct rd_notice *m, const uint8_t *data, size_t len);

/*
 * {u8 kind, u8 how, u32 rtt_us, text}: by which way the stream comes now, for
 * the person who watches. how: as net/punch.h numbers it. text: "direct", "by
 * relay.example.org: both NATs choose ports at random"; escaped when parsed.
 * Kinds we do not know pass: the text says enough.
 */
enum rd_reached {
	RD_REACHED_DIRECT = 0, RD_REACHED_TCP = 1, RD_REACHED_RELAY = 2, RD_REACHED_RELAY_TLS = 3,
};
const char *rd_reached_name(uint8_t kind);	/* "direct", "tcp", "relay", "relay-tls", "?" */
struct rd_path_now { uint8_t kind, how; uint32_t rtt_us; char text[256]; };
void rd_path_now_pack(struct rd_buf *b, const struct rd_path_now *m);
int rd_path_now_parse(struct rd_path_now *m, const uint8_t *data, size_t len);

#endif

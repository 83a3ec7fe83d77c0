#ifndef RD_NET_FRAME_H
#define RD_NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * What DATA carries once opened: frames, one after another, in the manner of
 * RFC 9000 section 19. {type}, then varints (net/varint.h) unless said otherwise.
 *
 * PADDING	{}			to the end of the packet; all zeros
 * PING		{}			acknowledge this
 * ACK		{largest, received_us, delay_us, count, first, count * (gap, length)}
 *		ranges as RFC 9000 section 19.3.1. received_us: when `largest` came, by
 *		the receiver's clock since its session began; delay_us: how long ago
 *		that was when this was sent
 * STREAM	{id, offset, length, bytes}	type + 1: FIN, its last bytes
 * RESET	{id, final size, code}	sending is given up
 * MAX_DATA	{bytes}			credit for all streams together
 * MAX_STREAM	{id, bytes}		credit for one
 * UNIT		{traffic, number, offset, length, bytes}	type + 1: FIN
 * DROP		{traffic, number, final size}	a unit is given up, whole
 * MAX_UNITS	{bytes}			credit for all units together
 * EVENT	{first, count, count * (length, bytes)}	first: number of the first;
 *		what has not been acknowledged is said again
 * CHALLENGE	{8 bytes}		RFC 9000 section 8.2
 * ANSWER	{8 bytes}
 * CANDIDATES	{length, bytes}		where its sender may be reached: candidate.h; repeated
 *					until acknowledged, the newest only
 * REKEY	{length, bytes}		a Noise message of a rekeying, in the order
 *					of the handshake; repeated until answered
 * CLOSE	{code, length, text}	the session is over
 *
 * Stream ids: even ones the initiator opens, odd ones the responder; 0 is the
 * control stream, of which each end writes its own direction, and there is no
 * 1. A traffic class is enum rd_traffic; unit numbers
 * count from 0 in each.
 */
enum rd_frame_type {
	RD_FRAME_PADDING = 0x00,
	RD_FRAME_PING = 0x01,
	RD_FRAME_ACK = 0x02,
	RD_FRAME_STREAM = 0x04,
	RD_FRAME_STREAM_FIN = 0x05,
	RD_FRAME_RESET = 0x06,
	RD_FRAME_MAX_DATA = 0x07,
	RD_FRAME_MAX_STREAM = 0x08,
	RD_FRAME_UNIT = 0x0a,
	RD_FRAME_UNIT_FIN = 0x0b,
	RD_FRAME_DROP = 0x0c,
	RD_FRAME_MAX_UNITS = 0x0d,
	RD_FRAME_EVENT = 0x0e,
	RD_FRAME_CHALLENGE = 0x10,
	RD_FRAME_ANSWER = 0x11,
	RD_FRAME_REKEY = 0x12,
	RD_FRAME_CLOSE = 0x13,
	RD_FRAME_CANDIDATES = 0x14,
};

/* What travels, most urgent first. Numbers are on the wire, for ever. */
enum rd_traffic {
	RD_TRAFFIC_CONTROL = 0,
	RD_TRAFFIC_INPUT = 1,
	RD_TRAFFIC_SOUND = 2,
	RD_TRAFFIC_PICTURE = 3,
	RD_TRAFFIC_CLIPBOARD = 4,
	RD_TRAFFIC_BULK = 5,
	RD_TRAFFICS,
};

#define RD_FRAME_ACK_RANGES 32		/* beyond the first; older ones are left out */
#define RD_FRAME_EVENTS 32		/* in one frame */
#define RD_FRAME_EVENT_MAX 1024		/* bytes of one event */
#define RD_FRAME_TEXT_MAX 256		/* bytes of CLOSE's text */
#define RD_FRAME_REKEY_MAX 256
#define RD_FRAME_CANDIDATES_MAX 540	/* bytes of candidate.h */

struct rd_ack {
	uint64_t largest, received_us, delay_us;
	unsigned count;			/* ranges, the first included, 1 to RD_FRAME_ACK_RANGES + 1 */
	struct { uint64_t first, last; } range[RD_FRAME_ACK_RANGES + 1]; /* descending */
};

struct rd_frame {
	enum rd_frame_type type;	/* STREAM and UNIT without FIN; see fin */
	bool fin;
	uint64_t id;			/* STREAM RESET MAX_STREAM; number of UNIT DROP; first of EVENT */
	uint8_t traffic;		/* UNIT DROP: enum rd_traffic, SOUND or PICTURE */
	uint64_t offset;
	uint64_t value;			/* RESET DROP: final size; MAX_*: bytes; CLOSE RESET: see code */
	uint64_t code;			/* RESET CLOSE */
	unsigned count;			/* EVENT */
	const uint8_t *data;		/* borrowed; of EVENT the sequence of (length, bytes) */
	size_t len;			/* PADDING: zeros behind its type */
	struct rd_ack ack;		/* ACK */
};

/* 0, or -EPROTO. Numbers are checked against each other: no range wraps. */
int rd_frame_parse(struct rd_frame *f, struct rd_reader *r);
/* Bytes that packing it takes. */
size_t rd_frame_size(const struct rd_frame *f);
/* Writes rd_frame_size(f) bytes and returns where they end. */
uint8_t *rd_frame_put(uint8_t *out, const struct rd_frame *f);
/* The next of an EVENT's events; false at the end. `r` starts over f->data, f->len. */
bool rd_frame_event(struct rd_reader *r, const uint8_t **data, size_t *len);
/* Whether a packet with it must be acknowledged: all but PADDING, ACK, CLOSE. */
bool rd_frame_eliciting(enum rd_frame_type type);

#endif

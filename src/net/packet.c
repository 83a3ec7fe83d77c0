#include <errno.h>
#include <string.h>

#include "net/packet.h"
#include "net/varint.h"

/*
 * The least a Noise message is with an empty payload: keys of 32 bytes, sealed
 * ones of 48, and the payload's tag.
 */
#define IK1_MIN (32 + 48 + 16)
#define IK2_MIN (32 + 16)
#define XX1_MIN (32 + 16)
#define XX2_MIN (32 + 48 + 16)
#define XX3_MIN (48 + 16)
#define DATA_MIN (16 + 1)	/* a packet without a frame says nothing */

static void
take_noise(struct rd_packet *p, struct rd_reader *r, size_t min, size_t behind)
{
	size_t left = rd_reader_left(r);

	/* Asking for more than there is marks the reader as bad. */
	p->noise_len = left < min + behind ? left + 1 : left - behind;
	p->noise = rd_reader_bytes(r, p->noise_len);
}

static void
take_macs(struct rd_packet *p, struct rd_reader *r)
{
	p->mac1 = rd_reader_bytes(r, RD_MAC);
	p->mac2 = rd_reader_bytes(r, RD_MAC);
}

static void
parse_xx(struct rd_packet *p, struct rd_reader *r, size_t min)
{
	p->sender = rd_reader_u32(r);
	p->receiver = rd_reader_u32(r);
	take_noise(p, r, min, 0);
}

static bool
parse_ask(struct rd_packet *p, struct rd_reader *r)
{
	p->sender = rd_reader_u32(r);
	p->nonce = rd_reader_bytes(r, 16);
	size_t rest = RD_PACKET_ASK_SIZE - 4 - 4 - 16;
	return rd_reader_zeros(r, rest);
}

static bool
parse_tell(struct rd_packet *p, struct rd_reader *r)
{
	p->receiver = rd_reader_u32(r);
	p->nonce = rd_reader_bytes(r, 16);
	p->nonce_host = rd_reader_bytes(r, 16);
	p->salt = rd_reader_bytes(r, 16);
	p->key = rd_reader_bytes(r, RD_KEY_SIZE);
	p->ways = rd_reader_u8(r);
	return rd_reader_zeros(r, 7);
}

static bool
parse_body(struct rd_packet *p, struct rd_reader *r)
{
	switch (p->type) {
	case RD_PACKET_INIT:
		p->sender = rd_reader_u32(r);
		take_noise(p, r, IK1_MIN, 2 * RD_MAC);
		take_macs(p, r);
		return true;
	case RD_PACKET_RESPONSE:
		p->sender = rd_reader_u32(r);
		p->receiver = rd_reader_u32(r);
		take_noise(p, r, IK2_MIN, 2 * RD_MAC);
		take_macs(p, r);
		return true;
	case RD_PACKET_COOKIE:
		p->receiver = rd_reader_u32(r);
		p->nonce = rd_reader_bytes(r, 24);
		p->cookie = rd_reader_bytes(r, 32);
		return true;
	case RD_PACKET_DATA:
		p->receiver = rd_reader_u32(r);
		p->number = rd_reader_u64(r);
		take_noise(p, r, DATA_MIN, 0);
		return p->number <= RD_VARINT_MAX; /* or no ACK could name it */
	case RD_PACKET_ASK:
		return parse_ask(p, r);
	case RD_PACKET_TELL:
		return parse_tell(p, r);
	case RD_PACKET_PAKE:
		p->sender = rd_reader_u32(r);
		p->nonce = rd_reader_bytes(r, 16);
		p->nonce_host = rd_reader_bytes(r, 16);
		p->share = rd_reader_bytes(r, RD_CPACE_SHARE);
		return true;
	case RD_PACKET_PAKE_REPLY:
		p->sender = rd_reader_u32(r);
		p->receiver = rd_reader_u32(r);
		p->share = rd_reader_bytes(r, RD_CPACE_SHARE);
		return true;
	case RD_PACKET_XX1:
		parse_xx(p, r, XX1_MIN);
		return true;
	case RD_PACKET_XX2:
		parse_xx(p, r, XX2_MIN);
		return true;
	case RD_PACKET_XX3:
		parse_xx(p, r, XX3_MIN);
		return true;
	}
	return false;
}

int
rd_packet_parse(struct rd_packet *p, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	*p = (struct rd_packet){ .type = rd_reader_u8(&r), .epoch = rd_reader_u8(&r) };
	bool data_packet = p->type == RD_PACKET_DATA;
	if (len > (data_packet ? RD_PACKET_MAX : RD_PACKET_HANDSHAKE_MAX))
		return -EPROTO;
	if (rd_reader_u16(&r) != 0 || (p->epoch && !data_packet))
		return -EPROTO;
	return parse_body(p, &r) && rd_reader_done(&r) ? 0 : -EPROTO;
}

static void
put_zeros(struct rd_buf *b, size_t n)
{
	memset(rd_buf_room(b, n), 0, n);
	b->len += n;
}

static void
put_tell(struct rd_buf *b, const struct rd_packet *p)
{
	rd_buf_u32(b, p->receiver);
	rd_buf_bytes(b, p->nonce, 16);
	rd_buf_bytes(b, p->nonce_host, 16);
	rd_buf_bytes(b, p->salt, 16);
	rd_buf_bytes(b, p->key, RD_KEY_SIZE);
	rd_buf_u8(b, p->ways);
	put_zeros(b, 7);
}

void
rd_packet_pack(struct rd_buf *b, const struct rd_packet *p)
{
	rd_buf_u8(b, (uint8_t)p->type);
	rd_buf_u8(b, p->epoch);
	rd_buf_u16(b, 0);
	switch (p->type) {
	case RD_PACKET_INIT:
		rd_buf_u32(b, p->sender);
		rd_buf_bytes(b, p->noise, p->noise_len);
		put_zeros(b, 2 * RD_MAC);
		break;
	case RD_PACKET_RESPONSE:
		rd_buf_u32(b, p->sender);
		rd_buf_u32(b, p->receiver);
		rd_buf_bytes(b, p->noise, p->noise_len);
		put_zeros(b, 2 * RD_MAC);
		break;
	case RD_PACKET_COOKIE:
		rd_buf_u32(b, p->receiver);
		rd_buf_bytes(b, p->nonce, 24);
		rd_buf_bytes(b, p->cookie, 32);
		break;
	case RD_PACKET_DATA:
		rd_buf_u32(b, p->receiver);
		rd_buf_u64(b, p->number);
		break;
	case RD_PACKET_ASK:
		rd_buf_u32(b, p->sender);
		rd_buf_bytes(b, p->nonce, 16);
		put_zeros(b, RD_PACKET_ASK_SIZE - 4 - 4 - 16);
		break;
	case RD_PACKET_TELL:
		put_tell(b, p);
		break;
	case RD_PACKET_PAKE:
		rd_buf_u32(b, p->sender);
		rd_buf_bytes(b, p->nonce, 16);
		rd_buf_bytes(b, p->nonce_host, 16);
		rd_buf_bytes(b, p->share, RD_CPACE_SHARE);
		break;
	case RD_PACKET_PAKE_REPLY:
		rd_buf_u32(b, p->sender);
		rd_buf_u32(b, p->receiver);
		rd_buf_bytes(b, p->share, RD_CPACE_SHARE);
		break;
	case RD_PACKET_XX1:
	case RD_PACKET_XX2:
	case RD_PACKET_XX3:
		rd_buf_u32(b, p->sender);
		rd_buf_u32(b, p->receiver);
		rd_buf_bytes(b, p->noise, p->noise_len);
		break;
	}
}

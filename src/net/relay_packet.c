#include <errno.h>
#include <string.h>

#include "net/frame.h"
#include "net/packet.h"
#include "net/relay_packet.h"

#define MARKS (RD_RELAYED_CLASS | RD_RELAYED_CE)	/* what the type of a RELAYED has beside it */

bool
rd_relay_packet_is(const uint8_t *data, size_t len)
{
	return len > 0 && data[0] >= RD_RELAY_RELAYED;
}

bool
rd_relayed_is(const uint8_t *data, size_t len)
{
	return len > RD_RELAYED_HEADER && (data[0] & ~MARKS) == RD_RELAY_RELAYED && data[1] == 0;
}

static bool
parse_relayed(struct rd_relay_packet *p, struct rd_reader *r, uint8_t marks)
{
	p->type = RD_RELAY_RELAYED;
	p->traffic_class = marks & RD_RELAYED_CLASS;
	p->congested = marks & RD_RELAYED_CE;
	bool zero = rd_reader_u8(r) == 0;
	p->handle = rd_reader_bytes(r, RD_HANDLE);
	p->payload_len = rd_reader_left(r);
	p->payload = rd_reader_bytes(r, p->payload_len);
	return zero && p->payload_len > 0 &&
		p->payload_len <= RD_PACKET_MAX - RD_RELAYED_HEADER;
}

/* The head that these have in common, and what follows it. */
static bool
parse_bind(struct rd_relay_packet *p, struct rd_reader *r)
{
	size_t rest = RD_BIND_SIZE - 8 - RD_TICKET - RD_RELAY_COOKIE;

	p->ticket = rd_reader_bytes(r, RD_TICKET);
	p->cookie = rd_reader_bytes(r, RD_RELAY_COOKIE);
	return rd_reader_zeros(r, rest);
}

static bool
parse_marked(struct rd_relay_packet *p, struct rd_reader *r)
{
	uint8_t second = rd_reader_u8(r);
	uint16_t zero = rd_reader_u16(r);

	p->mark = rd_reader_u32(r);
	switch (p->type) {
	case RD_RELAY_BIND:
		return second == 0 && zero == 0 && parse_bind(p, r);
	case RD_RELAY_CHALLENGED:
		p->cookie = rd_reader_bytes(r, RD_RELAY_COOKIE);
		return second == 0 && zero == 0;
	default:
		p->why = second;
		p->handle = rd_reader_bytes(r, RD_HANDLE);
		return zero == 0 && rd_reader_u16(r) == 0;
	}
}

static bool
parse_gone(struct rd_relay_packet *p, struct rd_reader *r)
{
	bool zero = rd_reader_u8(r) == 0;

	p->handle = rd_reader_bytes(r, RD_HANDLE);
	return zero;
}

static bool
parse_body(struct rd_relay_packet *p, struct rd_reader *r)
{
	uint8_t first = rd_reader_u8(r);

	if ((first & ~MARKS) == RD_RELAY_RELAYED)
		return parse_relayed(p, r, first & MARKS);
	p->type = first;
	switch (p->type) {
	case RD_RELAY_BIND:
	case RD_RELAY_CHALLENGED:
	case RD_RELAY_BOUND:
		return parse_marked(p, r);
	case RD_RELAY_GONE:
		return parse_gone(p, r);
	default:
		return false;
	}
}

int
rd_relay_packet_parse(struct rd_relay_packet *p, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	*p = (struct rd_relay_packet){0};
	rd_reader_init(&r, data, len);
	return parse_body(p, &r) && rd_reader_done(&r) ? 0 : -EPROTO;
}

static void
put_zeros(struct rd_buf *b, size_t n)
{
	memset(rd_buf_room(b, n), 0, n);
	b->len += n;
}

static void
put_marked(struct rd_buf *b, const struct rd_relay_packet *p)
{
	rd_buf_u8(b, (uint8_t)p->type);
	rd_buf_u8(b, p->type == RD_RELAY_BOUND ? p->why : 0);
	rd_buf_u16(b, 0);
	rd_buf_u32(b, p->mark);
}

/* No cookie, of a first BIND, is zeros. */
static void
put_bind(struct rd_buf *b, const struct rd_relay_packet *p)
{
	put_marked(b, p);
	rd_buf_bytes(b, p->ticket, RD_TICKET);
	if (p->cookie)
		rd_buf_bytes(b, p->cookie, RD_RELAY_COOKIE);
	else
		put_zeros(b, RD_RELAY_COOKIE);
	put_zeros(b, RD_BIND_SIZE - 8 - RD_TICKET - RD_RELAY_COOKIE);
}

void
rd_relay_packet_pack(struct rd_buf *b, const struct rd_relay_packet *p)
{
	switch (p->type) {
	case RD_RELAY_RELAYED:
		rd_relayed_put(rd_buf_room(b, RD_RELAYED_HEADER), p->traffic_class, p->congested,
			p->handle);
		b->len += RD_RELAYED_HEADER;
		break;
	case RD_RELAY_BIND:
		put_bind(b, p);
		break;
	case RD_RELAY_CHALLENGED:
		put_marked(b, p);
		rd_buf_bytes(b, p->cookie, RD_RELAY_COOKIE);
		break;
	case RD_RELAY_BOUND:
		put_marked(b, p);
		rd_buf_bytes(b, p->handle, RD_HANDLE);
		rd_buf_u16(b, 0);
		break;
	case RD_RELAY_GONE:
		rd_buf_u8(b, (uint8_t)p->type);
		rd_buf_u8(b, 0);
		rd_buf_bytes(b, p->handle, RD_HANDLE);
		break;
	}
}

void
rd_relayed_put(uint8_t out[static RD_RELAYED_HEADER], unsigned traffic_class, bool congested,
	const uint8_t handle[static RD_HANDLE])
{
	out[0] = (uint8_t)(RD_RELAY_RELAYED | (traffic_class & RD_RELAYED_CLASS) |
		(congested ? RD_RELAYED_CE : 0));
	out[1] = 0;
	memcpy(out + 2, handle, RD_HANDLE);
}

unsigned
rd_relayed_class(uint8_t traffic)
{
	switch (traffic) {
	case RD_TRAFFIC_CONTROL:
	case RD_TRAFFIC_INPUT:
		return 0;
	case RD_TRAFFIC_SOUND:
		return 1;
	case RD_TRAFFIC_PICTURE:
		return 2;
	default:
		return 3;
	}
}

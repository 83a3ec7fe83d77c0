#include <errno.h>
#include <string.h>

#include "net/frame.h"
#include "net/varint.h"

/* The rest of the packet, which is zeros. */
static int
parse_padding(struct rd_frame *f, struct rd_reader *r)
{
	f->len = rd_reader_left(r);
	f->data = rd_reader_bytes(r, f->len);
	uint8_t any = 0;
	for (size_t i = 0; i < f->len; i++)
		any |= f->data[i];
	return any ? -EPROTO : 0;
}

/*
 * RFC 9000 section 19.3.1: each range follows the one before downwards, with
 * at least one number missing between them; `gap` is one less than are missing.
 */
static int
parse_ack(struct rd_frame *f, struct rd_reader *r)
{
	struct rd_ack *a = &f->ack;

	a->largest = rd_reader_varint(r);
	a->received_us = rd_reader_varint(r);
	a->delay_us = rd_reader_varint(r);
	uint64_t more = rd_reader_varint(r);
	uint64_t length = rd_reader_varint(r);
	if (more > RD_FRAME_ACK_RANGES || length > a->largest)
		return -EPROTO;
	a->range[0].last = a->largest;
	a->range[0].first = a->largest - length;
	a->count = 1;
	for (; more; more--) {
		uint64_t above = a->range[a->count - 1].first;
		uint64_t gap = rd_reader_varint(r);
		length = rd_reader_varint(r);
		if (above < 2 || gap > above - 2 || length > above - 2 - gap)
			return -EPROTO;
		a->range[a->count].last = above - 2 - gap;
		a->range[a->count].first = above - 2 - gap - length;
		a->count++;
	}
	return 0;
}

static int
parse_bytes(struct rd_frame *f, struct rd_reader *r, size_t max)
{
	uint64_t n = rd_reader_varint(r);

	if (n > max || n > rd_reader_left(r))
		return -EPROTO;
	f->len = (size_t)n;
	f->data = rd_reader_bytes(r, f->len);
	return 0;
}

/* {…, offset, length, bytes}: nothing lies beyond what a varint can say. */
static int
parse_piece(struct rd_frame *f, struct rd_reader *r)
{
	f->offset = rd_reader_varint(r);
	if (parse_bytes(f, r, SIZE_MAX))
		return -EPROTO;
	return f->len > RD_VARINT_MAX - f->offset ? -EPROTO : 0;
}

static int
parse_traffic(struct rd_frame *f, struct rd_reader *r)
{
	uint64_t traffic = rd_reader_varint(r);

	if (traffic != RD_TRAFFIC_SOUND && traffic != RD_TRAFFIC_PICTURE)
		return -EPROTO;
	f->traffic = (uint8_t)traffic;
	f->id = rd_reader_varint(r);
	return 0;
}

bool
rd_frame_event(struct rd_reader *r, const uint8_t **data, size_t *len)
{
	if (rd_reader_left(r) == 0)
		return false;
	uint64_t n = rd_reader_varint(r);
	if (r->bad || n > RD_FRAME_EVENT_MAX || n > rd_reader_left(r))
		return false;
	*len = (size_t)n;
	*data = rd_reader_bytes(r, *len);
	return true;
}

static int
parse_event(struct rd_frame *f, struct rd_reader *r)
{
	const uint8_t *data;
	size_t len;

	f->id = rd_reader_varint(r);
	uint64_t count = rd_reader_varint(r);
	if (count == 0 || count > RD_FRAME_EVENTS || count > RD_VARINT_MAX - f->id)
		return -EPROTO;
	f->count = (unsigned)count;
	f->data = r->p;
	for (; count; count--)
		if (!rd_frame_event(r, &data, &len))
			return -EPROTO;
	f->len = (size_t)(r->p - f->data);
	return 0;
}

static int
parse_close(struct rd_frame *f, struct rd_reader *r)
{
	f->code = rd_reader_varint(r);
	return parse_bytes(f, r, RD_FRAME_TEXT_MAX);
}

static int
parse_some(struct rd_frame *f, struct rd_reader *r, size_t max)
{
	if (parse_bytes(f, r, max))
		return -EPROTO;
	return f->len ? 0 : -EPROTO;
}

static int
parse_body(struct rd_frame *f, struct rd_reader *r, uint8_t type)
{
	switch (type) {
	case RD_FRAME_PADDING:
		return parse_padding(f, r);
	case RD_FRAME_PING:
		return 0;
	case RD_FRAME_ACK:
		return parse_ack(f, r);
	case RD_FRAME_STREAM_FIN:
	case RD_FRAME_STREAM:
		f->id = rd_reader_varint(r);
		return parse_piece(f, r);
	case RD_FRAME_RESET:
		f->id = rd_reader_varint(r);
		f->value = rd_reader_varint(r);
		f->code = rd_reader_varint(r);
		return 0;
	case RD_FRAME_MAX_STREAM:
		f->id = rd_reader_varint(r);
		f->value = rd_reader_varint(r);
		return 0;
	case RD_FRAME_MAX_DATA:
	case RD_FRAME_MAX_UNITS:
		f->value = rd_reader_varint(r);
		return 0;
	case RD_FRAME_UNIT_FIN:
	case RD_FRAME_UNIT:
		return parse_traffic(f, r) ? -EPROTO : parse_piece(f, r);
	case RD_FRAME_DROP:
		if (parse_traffic(f, r))
			return -EPROTO;
		f->value = rd_reader_varint(r);
		return 0;
	case RD_FRAME_EVENT:
		return parse_event(f, r);
	case RD_FRAME_CHALLENGE:
	case RD_FRAME_ANSWER:
		f->len = 8;
		f->data = rd_reader_bytes(r, f->len);
		return 0;
	case RD_FRAME_REKEY:
		return parse_some(f, r, RD_FRAME_REKEY_MAX);
	case RD_FRAME_CANDIDATES:
		return parse_some(f, r, RD_FRAME_CANDIDATES_MAX);
	case RD_FRAME_CLOSE:
		return parse_close(f, r);
	}
	return -EPROTO;
}

int
rd_frame_parse(struct rd_frame *f, struct rd_reader *r)
{
	uint8_t type = rd_reader_u8(r);

	/* Not `ack`: it is large, and only an ACK has one. */
	memset(f, 0, offsetof(struct rd_frame, ack));
	f->ack.count = 0;
	f->fin = type == RD_FRAME_STREAM_FIN || type == RD_FRAME_UNIT_FIN;
	f->type = f->fin ? type - 1 : type;
	if (r->bad)
		return -EPROTO;
	int err = parse_body(f, r, type);
	return r->bad ? -EPROTO : err;
}

bool
rd_frame_eliciting(enum rd_frame_type type)
{
	return type != RD_FRAME_PADDING && type != RD_FRAME_ACK && type != RD_FRAME_CLOSE;
}

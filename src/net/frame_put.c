#include <string.h>

#include "net/frame.h"
#include "net/varint.h"

/* How many numbers are missing between range i and the one above, less one. */
static uint64_t
ack_gap(const struct rd_ack *a, unsigned i)
{
	return a->range[i - 1].first - a->range[i].last - 2;
}

static uint64_t
ack_length(const struct rd_ack *a, unsigned i)
{
	return a->range[i].last - a->range[i].first;
}

static size_t
ack_size(const struct rd_ack *a)
{
	size_t n = rd_varint_size(a->largest) + rd_varint_size(a->received_us) +
		rd_varint_size(a->delay_us) + rd_varint_size(a->count - 1) +
		rd_varint_size(ack_length(a, 0));

	for (unsigned i = 1; i < a->count; i++)
		n += rd_varint_size(ack_gap(a, i)) + rd_varint_size(ack_length(a, i));
	return n;
}

static uint8_t *
put_ack(uint8_t *out, const struct rd_ack *a)
{
	out = rd_varint_put(out, a->largest);
	out = rd_varint_put(out, a->received_us);
	out = rd_varint_put(out, a->delay_us);
	out = rd_varint_put(out, a->count - 1);
	out = rd_varint_put(out, ack_length(a, 0));
	for (unsigned i = 1; i < a->count; i++) {
		out = rd_varint_put(out, ack_gap(a, i));
		out = rd_varint_put(out, ack_length(a, i));
	}
	return out;
}

size_t
rd_frame_size(const struct rd_frame *f)
{
	size_t piece = rd_varint_size(f->offset) + rd_varint_size(f->len) + f->len;

	switch (f->type) {
	case RD_FRAME_PADDING:
	case RD_FRAME_CHALLENGE:
	case RD_FRAME_ANSWER:
		return 1 + f->len;
	case RD_FRAME_PING:
		return 1;
	case RD_FRAME_ACK:
		return 1 + ack_size(&f->ack);
	case RD_FRAME_STREAM_FIN:
	case RD_FRAME_STREAM:
		return 1 + rd_varint_size(f->id) + piece;
	case RD_FRAME_RESET:
		return 1 + rd_varint_size(f->id) + rd_varint_size(f->value) + rd_varint_size(f->code);
	case RD_FRAME_MAX_STREAM:
		return 1 + rd_varint_size(f->id) + rd_varint_size(f->value);
	case RD_FRAME_MAX_DATA:
	case RD_FRAME_MAX_UNITS:
		return 1 + rd_varint_size(f->value);
	case RD_FRAME_UNIT_FIN:
	case RD_FRAME_UNIT:
		return 2 + rd_varint_size(f->id) + piece;
	case RD_FRAME_DROP:
		return 2 + rd_varint_size(f->id) + rd_varint_size(f->value);
	case RD_FRAME_EVENT:
		return 1 + rd_varint_size(f->id) + rd_varint_size(f->count) + f->len;
	case RD_FRAME_REKEY:
	case RD_FRAME_CANDIDATES:
		return 1 + rd_varint_size(f->len) + f->len;
	case RD_FRAME_CLOSE:
		return 1 + rd_varint_size(f->code) + rd_varint_size(f->len) + f->len;
	}
	return 0;
}

static uint8_t *
put_bytes(uint8_t *out, const struct rd_frame *f)
{
	if (f->len)
		memcpy(out, f->data, f->len);
	return out + f->len;
}

static uint8_t *
put_piece(uint8_t *out, const struct rd_frame *f)
{
	out = rd_varint_put(out, f->offset);
	out = rd_varint_put(out, f->len);
	return put_bytes(out, f);
}

static uint8_t *
put_unit_name(uint8_t *out, const struct rd_frame *f)
{
	*out++ = f->traffic;
	return rd_varint_put(out, f->id);
}

uint8_t *
rd_frame_put(uint8_t *out, const struct rd_frame *f)
{
	*out++ = (uint8_t)(f->type | (f->fin ? 1 : 0));
	switch (f->type) {
	case RD_FRAME_PADDING:
		memset(out, 0, f->len);
		return out + f->len;
	case RD_FRAME_PING:
		return out;
	case RD_FRAME_ACK:
		return put_ack(out, &f->ack);
	case RD_FRAME_STREAM_FIN:
	case RD_FRAME_STREAM:
		return put_piece(rd_varint_put(out, f->id), f);
	case RD_FRAME_RESET:
		out = rd_varint_put(out, f->id);
		out = rd_varint_put(out, f->value);
		return rd_varint_put(out, f->code);
	case RD_FRAME_MAX_STREAM:
		out = rd_varint_put(out, f->id);
		return rd_varint_put(out, f->value);
	case RD_FRAME_MAX_DATA:
	case RD_FRAME_MAX_UNITS:
		return rd_varint_put(out, f->value);
	case RD_FRAME_UNIT_FIN:
	case RD_FRAME_UNIT:
		return put_piece(put_unit_name(out, f), f);
	case RD_FRAME_DROP:
		return rd_varint_put(put_unit_name(out, f), f->value);
	case RD_FRAME_EVENT:
		out = rd_varint_put(out, f->id);
		return put_bytes(rd_varint_put(out, f->count), f);
	case RD_FRAME_CHALLENGE:
	case RD_FRAME_ANSWER:
		return put_bytes(out, f);
	case RD_FRAME_REKEY:
	case RD_FRAME_CANDIDATES:
		return put_bytes(rd_varint_put(out, f->len), f);
	case RD_FRAME_CLOSE:
		out = rd_varint_put(out, f->code);
		return put_bytes(rd_varint_put(out, f->len), f);
	}
	return out;
}

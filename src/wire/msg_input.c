#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/utf8.h"
#include "wire/msg_input.h"
#include "wire/msg_locks.h"

uint16_t
rd_input_pack(struct rd_buf *b, const struct rd_input *in)
{
	switch (in->kind) {
	case RD_INPUT_KEY:
		rd_buf_u16(b, in->code);
		rd_buf_u8(b, in->down);
		rd_buf_u32(b, in->keysym);
		return RD_MSG_KEY;
	case RD_INPUT_TEXT:
		rd_buf_bytes(b, in->text, in->text_len);
		return RD_MSG_TEXT;
	case RD_INPUT_BUTTON:
		rd_buf_u8(b, (uint8_t)in->code);
		rd_buf_u8(b, in->down);
		return RD_MSG_BUTTON;
	case RD_INPUT_HELD:
		assert(in->held_count <= RD_INPUT_HELD_MAX);
		rd_buf_u8(b, in->buttons);
		rd_buf_u8(b, in->held_count);
		for (int i = 0; i < in->held_count; i++)
			rd_buf_u16(b, in->held[i]);
		return RD_MSG_HELD;
	case RD_INPUT_TAKE:
		rd_buf_u64(b, in->token);
		return RD_MSG_TAKE;
	case RD_INPUT_LOCKS:
		rd_locks_pack(b, &in->locks);
		return RD_MSG_LOCKS;
	case RD_INPUT_POINTER:
	case RD_INPUT_MOTION:
	case RD_INPUT_WHEEL:
		break;
	}
	rd_buf_i32(b, in->x);
	rd_buf_i32(b, in->y);
	return in->kind == RD_INPUT_POINTER ? RD_MSG_POINTER
	     : in->kind == RD_INPUT_MOTION  ? RD_MSG_MOTION
					    : RD_MSG_WHEEL;
}

static int
parse_text(struct rd_input *in, const uint8_t *data, size_t len)
{
	if (len == 0 || len > RD_INPUT_TEXT_MAX)
		return -EPROTO;
	for (size_t i = 0; i < len;) {
		uint32_t point;
		int n = rd_utf8_decode(data + i, len - i, &point);
		if (n <= 0 || point == 0)
			return -EPROTO;
		i += (size_t)n;
	}
	in->kind = RD_INPUT_TEXT;
	in->text = (const char *)data;
	in->text_len = len;
	return 0;
}

/* 0 or 1 and nothing else. */
static bool
parse_down(struct rd_input *in, struct rd_reader *r)
{
	uint8_t v = rd_reader_u8(r);

	in->down = v;
	return v <= 1;
}

static int
parse_key(struct rd_input *in, struct rd_reader *r)
{
	in->kind = RD_INPUT_KEY;
	in->code = rd_reader_u16(r);
	if (!parse_down(in, r))
		return -EPROTO;
	in->keysym = rd_reader_u32(r);
	return rd_reader_done(r) ? 0 : -EPROTO;
}

static int
parse_button(struct rd_input *in, struct rd_reader *r)
{
	in->kind = RD_INPUT_BUTTON;
	in->code = rd_reader_u8(r);
	if (in->code >= RD_BUTTON_COUNT || !parse_down(in, r))
		return -EPROTO;
	return rd_reader_done(r) ? 0 : -EPROTO;
}

static int
parse_xy(struct rd_input *in, enum rd_input_kind kind, struct rd_reader *r)
{
	in->kind = kind;
	in->x = rd_reader_i32(r);
	in->y = rd_reader_i32(r);
	return rd_reader_done(r) ? 0 : -EPROTO;
}

static int
parse_held(struct rd_input *in, struct rd_reader *r)
{
	in->kind = RD_INPUT_HELD;
	in->buttons = rd_reader_u8(r);
	in->held_count = rd_reader_u8(r);
	if (in->buttons >> RD_BUTTON_COUNT || in->held_count > RD_INPUT_HELD_MAX)
		return -EPROTO;
	for (int i = 0; i < in->held_count; i++)
		in->held[i] = rd_reader_u16(r);
	return rd_reader_done(r) ? 0 : -EPROTO;
}

static int
parse_take(struct rd_input *in, struct rd_reader *r)
{
	in->kind = RD_INPUT_TAKE;
	in->token = rd_reader_u64(r);
	return rd_reader_done(r) ? 0 : -EPROTO;
}

int
rd_input_parse(struct rd_input *in, uint16_t type, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	memset(in, 0, sizeof(*in));
	rd_reader_init(&r, data, len);
	switch (type) {
	case RD_MSG_KEY:
		return parse_key(in, &r);
	case RD_MSG_TEXT:
		return parse_text(in, data, len);
	case RD_MSG_POINTER:
		return parse_xy(in, RD_INPUT_POINTER, &r);
	case RD_MSG_MOTION:
		return parse_xy(in, RD_INPUT_MOTION, &r);
	case RD_MSG_BUTTON:
		return parse_button(in, &r);
	case RD_MSG_WHEEL:
		return parse_xy(in, RD_INPUT_WHEEL, &r);
	case RD_MSG_HELD:
		return parse_held(in, &r);
	case RD_MSG_TAKE:
		return parse_take(in, &r);
	case RD_MSG_LOCKS:
		in->kind = RD_INPUT_LOCKS;
		return rd_locks_parse(&in->locks, data, len);
	default:
		return -ENOTSUP;
	}
}

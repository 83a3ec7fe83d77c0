#ifndef RD_WIRE_MSG_INPUT_H
#define RD_WIRE_MSG_INPUT_H

#include <stdint.h>

#include "base/bytes.h"
#include "media/input.h"
#include "wire/msg.h"

/*
 * KEY	{u16 code, u8 down, u32 keysym}
 * TEXT	UTF-8, 1 to RD_INPUT_TEXT_MAX bytes
 * POINTER {i32 x, i32 y}	MOTION {i32 x, i32 y}	WHEEL {i32 x, i32 y}
 * BUTTON {u8 button, u8 down}
 * HELD	{u8 buttons, u8 n}, n times u16 code
 * TAKE	{u64 token}
 * LOCKS	as msg_locks.h
 */

/* Appends the body; returns the message's type. */
uint16_t rd_input_pack(struct rd_buf *b, const struct rd_input *in);
/* 0, or -EPROTO. -ENOTSUP for a type of the input class we do not know. */
int rd_input_parse(struct rd_input *in, uint16_t type, const uint8_t *data, size_t len);

#endif

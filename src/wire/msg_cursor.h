#ifndef RD_WIRE_MSG_CURSOR_H
#define RD_WIRE_MSG_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "media/cursor.h"

/* {u16 width, height, hot x, hot y}, width*height*4 bytes BGRA premultiplied. */
void rd_shape_pack(struct rd_buf *b, const struct rd_cursor *c);
int rd_shape_parse(struct rd_cursor *c, const uint8_t *data, size_t len);

/*
 * {i32 x, i32 y, u8 on}: picture pixels; `on` 0 when it is elsewhere. What lies further
 * out than RD_POINTER_AT_MAX, either side of 0, is read as lying there.
 */
#define RD_POINTER_AT_MAX 1048576
struct rd_pointer_at { int32_t x, y; bool on; };
void rd_pointer_at_pack(struct rd_buf *b, const struct rd_pointer_at *m);
int rd_pointer_at_parse(struct rd_pointer_at *m, const uint8_t *data, size_t len);

#endif

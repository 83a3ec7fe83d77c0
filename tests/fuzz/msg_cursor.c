#include <stdlib.h>

#include "wire/msg.h"
#include "wire/msg_cursor.h"

/* One whole message of class CURSOR; every pixel of a shape is read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
shape(const uint8_t *data, size_t len)
{
	struct rd_cursor c;
	volatile uint8_t sum = 0;

	if (rd_shape_parse(&c, data, len))
		return;
	if (c.width > 0 && (c.hot_x >= c.width || c.hot_y >= c.height))
		abort();
	for (int i = 0; i < c.width * c.height * 4; i++)
		sum = (uint8_t)(sum + c.pixels[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_pointer_at at;

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	if (m.type == RD_MSG_SHAPE)
		shape(data + RD_MSG_HEADER_SIZE, len - RD_MSG_HEADER_SIZE);
	else
		rd_pointer_at_parse(&at, data + RD_MSG_HEADER_SIZE, len - RD_MSG_HEADER_SIZE);
	return 0;
}

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "codec/screen.h"
#include "wire/msg.h"

/*
 * The receiving end's screen, fed with messages: input is a row of {u8 low
 * byte of a picture type, u16 length, body}. Screens above 512 x 512 are left
 * out, to spend the time on parsing.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
too_large(const struct rd_msg *m)
{
	return m->type == RD_MSG_BEGIN && m->len >= 12
		&& (m->data[9] > 2 || m->data[11] > 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd_screen *s;
	struct rd_screen_frame f;
	const char *why;

	if (rd_screen_open(&s))
		return 0;
	while (size >= 3) {
		struct rd_msg m = {
			.type = RD_CLASS_PICTURE << 8 | data[0],
			.len = data[1] | data[2] << 8,
			.data = data + 3,
		};

		if (m.len > size - 3)
			m.len = size - 3;
		data += 3 + m.len;
		size -= 3 + m.len;
		if (too_large(&m) || rd_screen_message(s, &m, &f, &why) < 0)
			break;
	}
	rd_screen_close(s);
	return 0;
}

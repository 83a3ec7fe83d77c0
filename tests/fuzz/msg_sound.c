#include <stdlib.h>
#include <string.h>

#include "wire/msg_sound.h"

/* One whole message of class SOUND, or LISTEN: what can be read is written the same again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
listen_again(const uint8_t *data, size_t len)
{
	struct rd_listen l;
	struct rd_buf b = {0};
	if (rd_listen_parse(&l, data, len))
		return;
	rd_listen_pack(&b, &l);
	if (b.len != len || memcmp(b.data, data, len) != 0)
		abort();
	rd_buf_finish(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_msg m;
	struct rd_sound_msg s;
	struct rd_buf b = {0};

	if (len < RD_MSG_HEADER_SIZE || rd_msg_parse_header(&m, data))
		return 0;
	data += RD_MSG_HEADER_SIZE;
	len -= RD_MSG_HEADER_SIZE;
	if (m.type == RD_MSG_LISTEN)
		listen_again(data, len);
	if (rd_sound_parse(&s, m.type, data, len))
		return 0;
	if (s.channels < 1 || s.channels > RD_SOUND_CHANNELS || s.len == 0 ||
			s.len > RD_SOUND_SAMPLES * sizeof(int16_t))
		abort();
	rd_sound_pack(&b, &s);
	if (b.len != len || memcmp(b.data, data, len) != 0)
		abort();
	rd_buf_finish(&b);
	return 0;
}

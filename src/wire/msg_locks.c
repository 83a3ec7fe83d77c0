#include <errno.h>

#include "wire/msg_locks.h"

void
rd_locks_pack(struct rd_buf *b, const struct rd_locks *m)
{
	rd_buf_u8(b, m->known);
	rd_buf_u8(b, m->on);
}

int
rd_locks_parse(struct rd_locks *m, const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	m->known = rd_reader_u8(&r);
	m->on = rd_reader_u8(&r);
	return rd_reader_done(&r) && !(m->on & ~m->known) ? 0 : -EPROTO;
}

#include <errno.h>

#include "net/conn_priv.h"
#include "net/varint.h"

static void
put(struct rd_buf *b, uint64_t v)
{
	uint8_t *at = rd_buf_room(b, 8);
	b->len += (size_t)(rd_varint_put(at, v) - at);
}

void
rd_params_pack(struct rd_buf *b, const struct rd_params *p)
{
	rd_buf_u16(b, p->version);
	put(b, p->window);
	put(b, p->stream_window);
	put(b, p->units_window);
	put(b, p->unit_max);
}

int
rd_params_parse(struct rd_reader *r, struct rd_params *p)
{
	p->version = rd_reader_u16(r);
	p->window = rd_reader_varint(r);
	p->stream_window = rd_reader_varint(r);
	p->units_window = rd_reader_varint(r);
	p->unit_max = rd_reader_varint(r);
	/* What more there is belongs to a later version. */
	return r->bad || p->version < RD_SESSION_VERSION ? -EPROTO : 0;
}

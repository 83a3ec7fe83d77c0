#include "net/extra.h"

static void
close_but(struct rd_extra *x, struct rd_endpoint *e, uint32_t but)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < x->count; i++) {
		if (but && x->carriers[i] == but)
			x->carriers[kept++] = but;
		else
			rd_endpoint_extra_close(e, x->carriers[i]);
	}
	x->count = kept;
	x->close_ns = UINT64_MAX;
}

static uint32_t
in_use(const struct rd_conn *c)
{
	const struct rd_addr *path = rd_conn_path(c);
	return path->relayed || path->stream ? 0 : path->carrier;
}

void
rd_extra_want(struct rd_extra *x, struct rd_endpoint *e, struct rd_conn *c, unsigned count,
	uint64_t now_ns)
{
	close_but(x, e, in_use(c));
	if (count == 0)
		return;
	unsigned first = x->count, room = RD_PUNCH_SOCKETS - first;
	x->count += rd_endpoint_extra(e, 4, x->carriers + first, count < room ? count : room);
	x->close_ns = now_ns + RD_EXTRA_NS;
	rd_conn_sockets(c, x->carriers + first, x->count - first, now_ns);
}

void
rd_extra_tick(struct rd_extra *x, struct rd_endpoint *e, const struct rd_conn *c, uint64_t now_ns)
{
	if (x->count > 0 && now_ns >= x->close_ns)
		close_but(x, e, in_use(c));
}

void
rd_extra_close(struct rd_extra *x, struct rd_endpoint *e)
{
	close_but(x, e, 0);
}

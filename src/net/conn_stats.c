#include <math.h>

#include "net/conn_priv.h"

void
rd_conn_stats(const struct rd_conn *c, struct rd_conn_stats *out)
{
	*out = (struct rd_conn_stats){.bytes_sent = c->bytes_sent,
		.bytes_received = c->bytes_received, .epoch = c->epochs, .path = *rd_conn_path(c)};
	if (c->mux)
		out->memory = rd_mux_memory(c->mux);
	if (!c->recovery)
		return;
	out->rtt = *rd_recovery_rtt(c->recovery);
	out->packets = rd_recovery_count(c->recovery);
	out->window = c->cc->ops->window(c->cc);
	out->in_flight = rd_recovery_in_flight(c->recovery);
	out->target_bps = c->cc->ops->target_bps(c->cc);
	out->size = rd_path_size(&c->path);
}

double
rd_conn_loss(const struct rd_conn_stats *s)
{
	if (s->packets.sent == 0)
		return NAN;
	return (double)(s->packets.lost - s->packets.spurious) / (double)s->packets.sent;
}

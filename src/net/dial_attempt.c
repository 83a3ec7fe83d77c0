#include <string.h>

#include "net/dial_priv.h"

void
dial_attempt_won(struct attempt *a)
{
	struct rd_dial *d = a->d;
	d->winner = a;
	for (unsigned i = 0; i < d->count; i++)
		if (&d->attempts[i] != a)
			dial_attempt_done(&d->attempts[i], RD_CLOSE_NO_ANSWER, "");
}

void
dial_up(struct rd_dial *d)
{
	d->up = true;
	d->relay.held_ns = 0;
	d->ops.conn.established(d->ctx);
}

uint64_t
dial_patience(const struct rd_dial *d)
{
	return d->cfg.how.patience_ns ? d->cfg.how.patience_ns : RD_CONN_HALF_OPEN_NS;
}

void
dial_attempt_talk(struct attempt *a, uint64_t now)
{
	a->state = ATTEMPT_RUNNING;
	if (a->d->asking)
		dial_ask_start(a, now);
	else
		dial_conn_start(a, now);
}

static void
begin(struct attempt *a, uint64_t now)
{
	struct rd_dial *d = a->d;
	a->end_ns = now + dial_patience(d);
	if (a->to.relayed) {
		dial_relay_begin(d, now);
		return;
	}
	if (!a->to.stream) {
		dial_attempt_talk(a, now);
		return;
	}
	a->state = ATTEMPT_CONNECTING;
	int err = rd_endpoint_connect(d->endpoint, &a->to);
	if (err)
		dial_attempt_done(a, RD_CLOSE_NO_ANSWER, strerror(-err));
}

uint64_t
dial_attempt_due(const struct attempt *a)
{
	const struct rd_dial *d = a->d;
	switch (a->state) {
	case ATTEMPT_WAITING:
		return a->due_ns > d->quiet_ns ? a->due_ns : d->quiet_ns;
	case ATTEMPT_CONNECTING:
		return a->end_ns;
	case ATTEMPT_RUNNING:
		if (!d->asking)
			return a->to.relayed && !d->winner && a->end_ns < rd_conn_deadline(a->conn) ?
				a->end_ns : rd_conn_deadline(a->conn);
		return a->ask.send_ns < a->end_ns ? a->ask.send_ns : a->end_ns;
	default:
		return UINT64_MAX;
	}
}

void
dial_attempt_tick(struct attempt *a, uint64_t now)
{
	struct rd_dial *d = a->d;
	if (now < dial_attempt_due(a))
		return;
	if (a->state == ATTEMPT_WAITING)
		begin(a, now);
	else if (a->state == ATTEMPT_RUNNING && !d->asking && rd_conn_deadline(a->conn) <= now)
		rd_conn_tick(a->conn, now);
	else if (now >= a->end_ns && a->to.relayed && !d->relay.leg)
		dial_attempt_done(a, RD_CLOSE_RELAY, d->relay.why);
	else if (now >= a->end_ns)
		dial_attempt_done(a, RD_CLOSE_NO_ANSWER, "nobody answers");
}

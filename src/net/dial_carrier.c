#include <errno.h>
#include <string.h>

#include "net/dial_priv.h"

#define AGAIN_NS (UINT64_C(250) * 1000000)
#define AGAIN_MAX_NS (UINT64_C(2) * 1000000000)

static void
later(struct rd_dial *d, uint64_t now)
{
	d->again.to = (struct rd_addr){0};
	d->again.due_ns = now + d->again.wait_ns;
	d->again.wait_ns *= 2;
	if (d->again.wait_ns > AGAIN_MAX_NS)
		d->again.wait_ns = AGAIN_MAX_NS;
}

/* The session outlives its connection: it goes on in another one. */
static void
lost(struct rd_dial *d, uint64_t now)
{
	struct attempt *a = d->winner;
	if (d->over) {
		a->state = ATTEMPT_DONE;
		return;
	}
	rd_conn_carrier_gone(a->conn, a->to.carrier, now);
	a->to.carrier = 0;
	d->again.wait_ns = AGAIN_NS;
	d->again.due_ns = now;
}

/* Where nobody listens any more, nobody knows the session. */
static void
gone(struct rd_dial *d)
{
	d->again.due_ns = UINT64_MAX;
	d->winner->state = ATTEMPT_DONE;
	d->over = true;
	d->ops.conn.closed(d->ctx, RD_CLOSE_SILENT, "the connection was lost");
}

static void
not_again(struct rd_dial *d, int error, uint64_t now)
{
	if (error == -ECONNREFUSED)
		gone(d);
	else
		later(d, now);
}

void
dial_carrier_again(struct rd_dial *d, uint64_t now)
{
	d->again.due_ns = UINT64_MAX;
	if (d->over)
		return;
	d->again.to = d->winner->to;
	int err = rd_endpoint_connect(d->endpoint, &d->again.to);
	if (err)
		not_again(d, err, now);
}

static void
again(struct rd_dial *d, int error, uint64_t now)
{
	if (d->over)
		return;
	if (error) {
		not_again(d, error, now);
		return;
	}
	d->winner->to = d->again.to;
	d->again.to = (struct rd_addr){0};
	rd_conn_move(d->winner->conn, &d->winner->to, now);
}

void
dial_carrier(struct rd_dial *d, const struct rd_addr *peer, int error, uint64_t now)
{
	if (d->winner) {
		if (peer->carrier == d->again.to.carrier)
			again(d, error, now);
		else if (d->winner->to.stream && peer->carrier == d->winner->to.carrier)
			lost(d, now);
		return;
	}
	for (unsigned i = 0; i < d->count; i++) {
		struct attempt *a = &d->attempts[i];
		if (!a->to.stream || a->to.carrier != peer->carrier || a->state == ATTEMPT_DONE)
			continue;
		if (error)
			dial_attempt_done(a, RD_CLOSE_NO_ANSWER, strerror(-error));
		else
			dial_attempt_talk(a, now);
	}
}

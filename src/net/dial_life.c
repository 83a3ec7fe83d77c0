#include <stdlib.h>

#include <sodium.h>

#include "net/dial_priv.h"

void
dial_destroy(struct rd_dial *d)
{
	dial_relay_close(d);
	for (unsigned i = 0; i < d->count; i++)
		rd_conn_free(d->attempts[i].conn);
	rd_endpoint_close(d->endpoint);
	rd_timer_close(&d->timer);
	rd_keypair_wipe(&d->own);
	sodium_memzero(&d->stretched, sizeof(d->stretched));
	free(d);
}

void
dial_enter(struct rd_dial *d)
{
	d->depth++;
}

/* Sessions of attempts that are over; they could not go from within their own callbacks. */
static void
reap(struct rd_dial *d)
{
	for (unsigned i = 0; i < d->count; i++) {
		struct attempt *a = &d->attempts[i];
		if (a->state != ATTEMPT_DONE)
			continue;
		rd_conn_free(a->conn);
		a->conn = NULL;
	}
}

void
dial_leave(struct rd_dial *d)
{
	if (d->depth > 1) {
		d->depth--;
		return;
	}
	reap(d);
	if (!d->closed && !d->over && !d->winner)
		dial_fail(d);
	d->depth--;
	if (d->closed)
		dial_destroy(d);
}

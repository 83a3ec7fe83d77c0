#include "base/clock.h"
#include "net/dial_priv.h"

/* As in host.c: what is due and waits for a socket must not make the timer spin. */
#define BLOCKED_NS (5 * RD_NS_PER_MS)

/* An attempt is due that waits for nothing but the timer. */
static bool
begins(const struct rd_dial *d, uint64_t now)
{
	for (unsigned i = 0; i < d->count; i++)
		if (d->attempts[i].state == ATTEMPT_WAITING && dial_attempt_due(&d->attempts[i]) <= now)
			return true;
	return false;
}

/* The next thing to do, in time. */
static uint64_t
deadline(const struct rd_dial *d)
{
	uint64_t at = d->again.due_ns, relay = dial_relay_deadline(d);
	at = relay < at ? relay : at;
	for (unsigned i = 0; i < d->count; i++) {
		uint64_t due = dial_attempt_due(&d->attempts[i]);
		at = due < at ? due : at;
	}
	return at;
}

void
dial_run(struct rd_dial *d)
{
	if (d->closed)
		return;
	rd_endpoint_flush(d->endpoint);
	uint64_t at = deadline(d), now = rd_clock_ns();
	if (at == UINT64_MAX)
		rd_timer_clear(&d->timer);
	else
		rd_timer_set(&d->timer, at > now ? at - now : begins(d, now) ? 0 : BLOCKED_NS);
}

void
dial_on_timer(void *ctx)
{
	struct rd_dial *d = ctx;
	uint64_t now = rd_clock_ns();
	dial_enter(d);
	for (unsigned i = 0; i < d->count && !d->closed; i++)
		dial_attempt_tick(&d->attempts[i], now);
	if (now >= d->again.due_ns && !d->closed)
		dial_carrier_again(d, now);
	if (!d->closed)
		dial_relay_tick(d, now);
	dial_run(d);
	dial_leave(d);
}

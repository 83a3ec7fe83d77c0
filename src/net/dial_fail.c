#include <string.h>

#include "net/dial_priv.h"

/* The greater tells more: what a person can mend goes before what just is. */
static unsigned
telling(uint64_t code)
{
	switch (code) {
	case RD_CLOSE_HOST_KEY:
	case RD_CLOSE_RELAY_KEY:
		return 4;
	case RD_CLOSE_PASSWORD:
	case RD_CLOSE_NO_PASSWORD:
	case RD_CLOSE_CODE:
	case RD_CLOSE_RELAY_NO:
		return 3;
	case RD_CLOSE_PROTOCOL:
	case RD_CLOSE_RELAY:
		return 1;
	case RD_CLOSE_NO_ANSWER:
		return 0;
	default:
		return 2;
	}
}

void
dial_attempt_done(struct attempt *a, uint64_t code, const char *text)
{
	struct rd_dial *d = a->d;
	if (a->state == ATTEMPT_DONE)
		return;
	a->state = ATTEMPT_DONE;
	d->quiet_ns = 0;
	if (a->to.stream && a->to.carrier)
		rd_endpoint_hang_up(d->endpoint, a->to.carrier);
	if (telling(code) < telling(d->code) || (d->text[0] && telling(code) == telling(d->code)))
		return;
	d->code = code;
	strncpy(d->text, text, sizeof(d->text) - 1);
}

/* The host itself has answered so. */
static bool
is_final(uint64_t code)
{
	return code != RD_CLOSE_NO_ANSWER && code != RD_CLOSE_RELAY && code != RD_CLOSE_RELAY_NO &&
		code != RD_CLOSE_RELAY_KEY;
}

/*
 * Whether it has failed: nobody is left; or somebody answered in a way that
 * another address of the same host would repeat, and nobody else answers.
 */
static bool
failed(const struct rd_dial *d)
{
	bool left = false, getting_on = false;
	for (unsigned i = 0; i < d->count; i++) {
		const struct attempt *a = &d->attempts[i];
		left |= a->state != ATTEMPT_DONE;
		getting_on |= a->state == ATTEMPT_RUNNING && a->heard;
	}
	return !left || (is_final(d->code) && !getting_on);
}

void
dial_fail(struct rd_dial *d)
{
	if (!failed(d))
		return;
	d->over = true;
	if (d->code == RD_CLOSE_RELAY_NO && d->ops.no)
		d->ops.no(d->ctx, d->relay.no, d->relay.retry_s);
	if (!d->closed)
		d->ops.failed(d->ctx, d->code, d->text);
}

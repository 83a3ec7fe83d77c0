#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rd-send/monitor.h"

/* A relay that is not there keeps a host that can be reached otherwise from nothing. */
#define WAIT_NS (10 * RD_NS_PER_S)

/* Where the relay is the only way in: without it nobody is served, and the end is near. */
static bool
needs_relay(const struct options *o)
{
	return (o->relay || o->code) && !o->listen_given;
}

/* The code itself stands nowhere here: it is a password, and a status is for everybody. */
static void
put_status(const struct monitor *m, char *out, size_t cap)
{
	const struct ready *r = &m->ready;
	unsigned n = peers_in(m);
	int len = n ? snprintf(out, cap, "%u viewer%s", n, n == 1 ? "" : "s")
		: snprintf(out, cap, "waiting for viewers");
	len += snprintf(out + len, cap - (size_t)len, ", port %u", r->port);
	if (m->paused)
		len += snprintf(out + len, cap - (size_t)len, ", paused");
	if (m->has_relay)
		len += snprintf(out + len, cap - (size_t)len, r->relay_up ? ", relay %.100s"
			: ", relay %.100s not reached", m->relay.name);
	if (r->code)
		snprintf(out + len, cap - (size_t)len, ", a code is out");
}

void
ready_check(struct monitor *m)
{
	struct ready *r = &m->ready;
	char text[sizeof(r->told)];
	if (!r->listening || r->stopped)
		return;
	put_status(m, text, sizeof(text));
	if (!r->done && (!m->has_relay || r->relay_up || r->waited)) {
		r->done = true;
		rd_timer_clear(&r->limit);
		rd_notify_say(&r->notify, "READY=1\nSTATUS=%s", text);
	} else if (strcmp(text, r->told) != 0) {
		rd_notify_say(&r->notify, "STATUS=%s", text);
	}
	snprintf(r->told, sizeof(r->told), "%s", text);
}

void
ready_listening(struct monitor *m, unsigned port)
{
	m->ready.listening = true;
	m->ready.port = port;
	if (m->has_relay && !needs_relay(m->opt))
		rd_timer_set(&m->ready.limit, WAIT_NS);
}

void
ready_stopping(struct monitor *m)
{
	if (!m->ready.stopped)
		rd_notify_say(&m->ready.notify, "STOPPING=1\nSTATUS=ending");
	m->ready.stopped = true;
}

static void
on_limit(void *ctx)
{
	struct monitor *m = ctx;
	m->ready.waited = true;
	ready_check(m);
}

void
ready_open(struct monitor *m, const struct rd_notify *notify)
{
	m->ready.notify = *notify;
	rd_timer_open(&m->ready.limit, m->loop, on_limit, m);
}

void
ready_close(struct monitor *m)
{
	ready_stopping(m);
	rd_timer_close(&m->ready.limit);
}

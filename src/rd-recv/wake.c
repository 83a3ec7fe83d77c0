#include <unistd.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "net/mac.h"
#include "rd-recv/session_priv.h"

/*
 * A host that sleeps is sent its packet with each try, since one may be lost, and
 * is met as soon as it answers: by then it may have another address.
 */
#define AGAIN_NS RD_NS_PER_S
#define LIMIT_NS (120 * RD_NS_PER_S)

bool
wake_wanted(const struct session *s)
{
	return s->o->wake && !s->stood;
}

uint64_t
wake_limit(const struct session *s)
{
	return wake_wanted(s) ? LIMIT_NS : 0;
}

/* Whoever asked for that waits for minutes perhaps. */
void
wake_say(struct session *s)
{
	char mac[RD_MAC_TEXT];
	struct rd_event e;
	if (!wake_wanted(s))
		return;
	rd_mac_text(&s->known->mac, mac);
	if (!s->o->json)
		rd_log_put(isatty(STDERR_FILENO) ? RD_LOG_WARN : RD_LOG_INFO,
			"%s: sending packets that wake %s, until it answers", s->o->name, mac);
	if (!rd_event_wanted())
		return;
	rd_event_begin(&e, "waking");
	rd_event_text(&e, "host", s->o->name);
	rd_event_text(&e, "mac", mac);
	rd_event_end(&e);
}

bool
wake_again(struct session *s)
{
	if (!wake_wanted(s))
		return false;
	meet_drop(s);
	s->phase = PHASE_WAITING;
	rd_timer_set(&s->again, AGAIN_NS);
	return true;
}

/* On a path of our own network the kernel knows the host's card; the monitor may ask it. */
void
wake_learn(struct session *s)
{
	const struct rd_addr *at = rd_conn_path(rd_dial_conn(s->dial));
	struct ask a = {.type = ASK_CARD, .addr = *at};
	if (s->learnt || at->relayed || rd_addr_is_loopback(at))
		return;
	s->learnt = true;
	ask(s, &a);
}

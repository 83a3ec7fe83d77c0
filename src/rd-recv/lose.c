#include <stdio.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-recv/session_priv.h"
#include "wire/msg_control.h"

#define WAIT_FIRST_NS (500 * RD_NS_PER_MS)
#define WAIT_MAX_NS (8 * RD_NS_PER_S)

/* For the person at the viewer; a recording needs no such line. */
static void
notice(struct session *s, const char *why)
{
	struct rd_notice n = {.level = 1};
	struct rd_buf b = {0};
	if (!s->answers || !s->splice.begun || s->link_over)
		return;
	snprintf(n.text, sizeof(n.text), "%s; connecting again", why);
	rd_notice_pack(&b, &n);
	rd_link_send_buf(s->link, RD_MSG_NOTICE, s->last_ns, &b);
	rd_buf_finish(&b);
}

/* Twice as long each time, ± 20 %: a host that comes back is not met by all at once. */
static void
again(struct session *s, const char *why)
{
	uint64_t wait = s->wait_ns ? s->wait_ns * 2 : WAIT_FIRST_NS;
	s->wait_ns = wait < WAIT_MAX_NS ? wait : WAIT_MAX_NS;
	wait = s->wait_ns - s->wait_ns / 5 + randombytes_uniform((uint32_t)(s->wait_ns * 2 / 5));
	if (s->phase == PHASE_STREAMING)
		notice(s, why);
	meet_drop(s);
	rd_link_pause(s->link, false);
	s->phase = PHASE_WAITING;
	s->reconnects++;
	say_reconnecting(&s->say, wait, why);
	lose_limit_start(s);
	rd_timer_set(&s->again, wait);
}

static const char *
why_lost(uint64_t code, const char *text)
{
	if (code == RD_CLOSE_KEYS_OLD)
		return "the keys could not be renewed";
	if (code == RD_CLOSE_SILENT)
		return text && *text ? text : "nothing is heard of the host";
	return text && *text ? text : "nobody answers";
}

static void
gone(struct session *s, uint64_t code, const char *text)
{
	const char *why = why_lost(code, text);
	if (s->stood && !s->o->once)
		again(s, why);
	else if (s->stood)
		leave(s, RD_EXIT_LOST, "the session was lost: %s", why);
	else if (wake_again(s))
		return;
	else if (s->addr_count == 0 && s->known->has_relay)
		leave(s, RD_EXIT_HOST_AWAY, "the host does not answer through the relay %s: %s",
			s->relay.name, why);
	else if (s->addr_count == 0)
		leave(s, RD_EXIT_UNREACHABLE, "no address of that name: %s%s%s%s", why,
			s->o->nearest ? "; did you mean " : "", s->o->nearest ? s->o->nearest : "",
			s->o->nearest ? "?" : "");
	else
		leave(s, RD_EXIT_UNREACHABLE, "cannot be reached at port %u: %s", s->o->host.port, why);
}

/* What the relay would not do. Some of it passes: who has seen the host waits for that. */
static void
relay_no(struct session *s)
{
	bool passes = s->no == RD_NO_HOST || s->no == RD_NO_BUSY || s->no == RD_NO_DRAINING;
	if (s->stood && !s->o->once && passes)
		again(s, s->no == RD_NO_HOST ? "the host is away" : "the relay takes nobody now");
	else if (!passes || !wake_again(s))
		leave_relay_no(s);
}

static void
no_relay(struct session *s, const char *text)
{
	if (s->stood && !s->o->once)
		again(s, text && *text ? text : "the relay cannot be reached");
	else if (!wake_again(s))
		leave(s, RD_EXIT_RELAY, "the relay %s cannot be reached: %s; rd-netcheck --relay %s "
			"looks closer", s->relay.name, text && *text ? text : "nobody answers", s->relay.name);
}

void
lose(struct session *s, uint64_t code, const char *text)
{
	s->relay_away = code == RD_CLOSE_RELAY;
	switch (code) {
	case RD_CLOSE_RELAY_NO:
		relay_no(s);
		break;
	case RD_CLOSE_RELAY:
		no_relay(s, text);
		break;
	case RD_CLOSE_NO_ANSWER:
	case RD_CLOSE_SILENT:
	case RD_CLOSE_KEYS_OLD:
		gone(s, code, text);
		break;
	case RD_CLOSE_REFUSED:
		say_refused(&s->say, rd_close_name(code), text);
		if (!meet_otherwise(s))
			leave_closed(s, code, text);
		break;
	default:
		leave_closed(s, code, text);
	}
}

static void
on_again(void *ctx)
{
	meet(ctx);
}

static void
on_limit(void *ctx)
{
	struct session *s = ctx;
	if (wake_wanted(s) && s->relay_away)
		leave(s, RD_EXIT_TIMEOUT, "it does not wake up, or is not seen: the relay %s cannot be reached; "
			"rd-netcheck --relay %s looks closer", s->relay.name, s->relay.name);
	else if (wake_wanted(s))
		leave(s, RD_EXIT_TIMEOUT, "it does not wake up; is its card allowed to wake it (ethtool), "
			"and is rd-send started then?");
	else
		leave(s, RD_EXIT_TIMEOUT, "no session within the time set by --timeout");
}

/* Goes on where it was paused. */
void
lose_limit_start(struct session *s)
{
	uint64_t most = s->o->timeout_ns ? s->o->timeout_ns : wake_limit(s);
	if (!most || s->limit.set)
		return;
	rd_timer_set(&s->limit, s->left_ns ? s->left_ns : most);
	s->until_ns = rd_clock_ns() + (s->left_ns ? s->left_ns : most);
	s->left_ns = 0;
}

void
lose_limit_stop(struct session *s)
{
	rd_timer_clear(&s->limit);
	s->left_ns = 0;
}

void
lose_limit_pause(struct session *s)
{
	uint64_t now = rd_clock_ns();
	if (!s->limit.set)
		return;
	rd_timer_clear(&s->limit);
	s->left_ns = s->until_ns > now ? s->until_ns - now : 1;
}

void
lose_open(struct session *s)
{
	rd_timer_open(&s->again, s->loop, on_again, s);
	rd_timer_open(&s->limit, s->loop, on_limit, s);
}

void
lose_close(struct session *s)
{
	rd_timer_close(&s->again);
	rd_timer_close(&s->limit);
}

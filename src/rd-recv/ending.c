#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "rd-recv/session_priv.h"

/* Our reader is told END, and the host CLOSE; neither keeps us longer. */
#define READER_NS (500 * RD_NS_PER_MS)
#define HOST_NS (300 * RD_NS_PER_MS)

static void
stop_if_over(struct session *s)
{
	if (!s->link_over)
		return;
	if (s->dial_over)
		rd_loop_stop(s->loop, s->code);
	else
		rd_timer_set(&s->patience, HOST_NS);
}

static void
close_session(struct session *s)
{
	struct rd_conn *conn = s->dial ? rd_dial_conn(s->dial) : NULL;
	if (!conn || s->dial_over) {
		s->dial_over = true;
		return;
	}
	uint64_t why = s->code == RD_EXIT_FOREIGN ? RD_CLOSE_PROTOCOL : RD_CLOSE_DONE;
	rd_conn_close(conn, why, "", rd_clock_ns());
	rd_dial_poke(s->dial);
}

/*
 * Ends both ways. A stream that has not begun has no END. `limit_ns` 0: our
 * reader takes what there is, as long as that may last.
 */
static void
end(struct session *s, const struct rd_end_msg *last, uint64_t limit_ns)
{
	s->phase = PHASE_ENDING;
	rd_timer_clear(&s->again);
	lose_limit_stop(s);
	close_session(s);
	if (s->splice.begun && !s->link_over)
		rd_link_finish(s->link, last->reason, last->code, last->text);
	else
		s->link_over = true;
	if (limit_ns && !s->link_over)
		rd_timer_set(&s->patience, limit_ns);
	/* From within a callback of the session: stopping waits for the loop. */
	stop_if_over(s);
}

void
leave(struct session *s, int code, const char *fmt, ...)
{
	struct rd_end_msg last = {.reason = RD_END_FAILED, .code = code};
	char text[512];
	va_list ap;
	if (s->phase == PHASE_ENDING)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* Cut at a character, should it be too long for END. */
	rd_msg_text(last.text, sizeof(last.text), (const uint8_t *)text, strlen(text));
	if (code == RD_EXIT_OK || code > 128)
		last.reason = RD_END_USER;
	if (code > 128)
		last.code = RD_EXIT_OK;
	s->code = code;
	say_closed(&s->say, code, text);
	end(s, &last, READER_NS);
}

static int
code_of(const struct rd_end_msg *e)
{
	switch (e->reason) {
	case RD_END_DONE:
	case RD_END_USER:
		return RD_EXIT_OK;
	case RD_END_CUT_SHORT:
		return RD_EXIT_CUT_SHORT;
	default:
		/* Only codes of ours: the number comes from the peer. */
		return e->code > 0 && rd_exit_name(e->code) ? e->code : RD_EXIT_FAILURE;
	}
}

void
leave_as_told(struct session *s, const struct rd_end_msg *e)
{
	struct rd_end_msg last = *e;
	if (s->phase == PHASE_ENDING)
		return;
	s->code = last.code = code_of(e);
	say_closed(&s->say, s->code, e->text[0] ? e->text :
		s->code ? "the host ended the stream" : "");
	end(s, &last, 0);
}

struct meaning {
	uint64_t close;
	int code;
	const char *what;
	const char *mends;	/* NULL: nothing of ours */
	bool quote;		/* the host's own words say more */
};

static const struct meaning meanings[] = {
	{RD_CLOSE_DONE, RD_EXIT_CUT_SHORT, "the host closed the session before its stream ended", NULL,
		true},
	{RD_CLOSE_PROTOCOL, RD_EXIT_FOREIGN, "the host and we do not understand each other",
		"perhaps one of both is older", true},
	{RD_CLOSE_RIGHT, RD_EXIT_RIGHT, "our key may not do that", "there, rd-key allow can let it",
		true},
	{RD_CLOSE_EXPIRED, RD_EXIT_EXPIRED, "our key has expired there, or was removed",
		"to renew it, there: rd-key allow --replace", true},
	{RD_CLOSE_TOTP, RD_EXIT_TOTP, "wrong code of the authenticator",
		"clocks may differ by 30 s, and a code serves once", true},
	{RD_CLOSE_BUSY, RD_EXIT_BUSY, "the host has as many viewers as it takes",
		"try later, or there: rd-send --max-viewers", false},
	{RD_CLOSE_SOURCE, RD_EXIT_INPUT, "what the host was to show has failed", NULL, true},
	{RD_CLOSE_GOING, RD_EXIT_CUT_SHORT, "the host is shutting down", NULL, true},
	{RD_CLOSE_PASSWORD, RD_EXIT_PASSWORD, "the password is wrong", NULL, false},
	{RD_CLOSE_NO_PASSWORD, RD_EXIT_PASSWORD, "the host has no password",
		"to set one, there: rd-key password", false},
	{RD_CLOSE_HOST_KEY, RD_EXIT_HOST_KEY, "the host is not who we expect", NULL, false},
	{RD_CLOSE_CODE, RD_EXIT_CODE, "the code is wrong", "it has three guesses; then it is worth "
		"nothing, and the host makes another", false},
	{RD_CLOSE_NO_DIRECT, RD_EXIT_NO_DIRECT, "there is no direct path to the host",
		"without --path direct the relay carries the session", true},
};

static bool
is_refusal(uint64_t code)
{
	return code == RD_CLOSE_RIGHT || code == RD_CLOSE_EXPIRED || code == RD_CLOSE_BUSY ||
		code == RD_CLOSE_TOTP;
}

static void
leave_refused(struct session *s, const char *text)
{
	char key[RD_KEY_TEXT];
	if (*text)
		leave(s, RD_EXIT_REFUSED, "refused: %s", text);
	else
		leave(s, RD_EXIT_REFUSED, "the host does not know our key; there: rd-key allow %s",
			rd_key_text(&s->known->own.public, key));
}

void
leave_closed(struct session *s, uint64_t code, const char *text)
{
	const struct meaning *m = NULL;
	text = text ? text : "";
	if (code == RD_CLOSE_REFUSED) {
		leave_refused(s, text);
		return;
	}
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings) && !m; i++)
		if (meanings[i].close == code)
			m = &meanings[i];
	if (is_refusal(code))
		say_refused(&s->say, rd_close_name(code), text);
	if (!m) {
		leave(s, RD_EXIT_FAILURE, "the session ended (%s) %s", rd_close_name(code), text);
		return;
	}
	bool quote = m->quote && *text;
	leave(s, m->code, "%s%s%s%s%s%s", m->what, quote ? " (" : "", quote ? text : "",
		quote ? ")" : "", m->mends ? "; " : "", m->mends ? m->mends : "");
}

void
leave_relay_no(struct session *s)
{
	const char *relay = s->relay.name, *host = s->o->name;
	char key[RD_KEY_TEXT];
	switch (s->no) {
	case RD_NO_ADMISSION:
		leave(s, RD_EXIT_NOT_ADMITTED, "the relay %s does not serve us: its owner can list our key, %s",
			relay, rd_key_text(&s->known->own.public, key));
		break;
	case RD_NO_JOIN_KEY:
		leave(s, RD_EXIT_JOIN_KEY, "our join key is not that of the relay %s", relay);
		break;
	case RD_NO_SLOT:
		leave(s, RD_EXIT_CODE_EXPIRED, "there is no such code at the relay %s: it was mistyped, or "
			"its time is over; the host makes another", relay);
		break;
	case RD_NO_SLOT_USED:
		leave(s, RD_EXIT_CODE_EXPIRED, "the code has been used: each serves once; the host makes "
			"another");
		break;
	case RD_NO_SLOT_EXPIRED:
		leave(s, RD_EXIT_CODE_EXPIRED, "the code's time is over; the host makes another");
		break;
	case RD_NO_SLOT_BURNT:
		leave(s, RD_EXIT_CODE_BURNT, "the code is burnt: three wrong ones were tried; the host makes "
			"another");
		break;
	case RD_NO_HOST:
		leave(s, RD_EXIT_HOST_AWAY, "the relay %s is there, the host is not: is rd-send running "
			"there, with --relay %s?", relay, relay);
		break;
	case RD_NO_BUSY:
		leave(s, RD_EXIT_RELAY_BUSY, "the relay %s takes nobody more for now; try later", relay);
		break;
	case RD_NO_DRAINING:
		leave(s, RD_EXIT_DRAINING, "the relay %s is about to end and takes nobody new; try again in a "
			"minute", relay);
		break;
	default:
		leave(s, RD_EXIT_RELAY, "the relay %s does not let us reach %s", relay, host);
	}
}

/* Our output is over: in order, because the reader has gone, or the disk is full. */
void
leave_link_over(struct session *s, int error)
{
	s->link_over = true;
	if (s->phase == PHASE_ENDING) {
		if (error && s->code == RD_EXIT_OK && error != -EPIPE)
			s->code = RD_EXIT_OUTPUT;
		stop_if_over(s);
		return;
	}
	leave(s, RD_EXIT_OUTPUT, "cannot write: %s",
		error == -EPIPE ? "the reader of the stream is gone" : strerror(-error));
}

void
leave_dial_over(struct session *s)
{
	stop_if_over(s);
}

static void
on_patience(void *ctx)
{
	struct session *s = ctx;
	rd_loop_stop(s->loop, s->code);
}

/* The monitor passes on what it gets; the terminal's ^C reaches it as well. */
static void
on_signal(void *ctx, int number)
{
	struct session *s = ctx;
	if (s->phase == PHASE_ENDING)
		rd_loop_stop(s->loop, s->code);
	else
		leave(s, s->stood ? RD_EXIT_OK : 128 + number, "interrupted");
}

void
ending_open(struct session *s)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	rd_signal_open(&s->term, s->loop, SIGTERM, on_signal, s);
	rd_timer_open(&s->patience, s->loop, on_patience, s);
}

void
ending_close(struct session *s)
{
	rd_signal_close(&s->term);
	rd_timer_close(&s->patience);
}

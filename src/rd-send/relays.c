#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "net/code.h"
#include "net/relayfile.h"
#include "net/server.h"
#include "rd-send/monitor.h"

static void
begin(struct rd_event *e, const struct monitor *m, const char *what)
{
	rd_event_begin(e, what);
	rd_event_text(e, "relay", m->relay.name);
}

/* Once, and only where none is known. */
void
relays_key(struct monitor *m, const struct said *s)
{
	struct rd_relay_entry e = {.key = s->key};
	struct said trust = {.type = SAID_RELAY_TRUST};
	char print[RD_FINGERPRINT_TEXT];
	if (!m->has_relay || m->relay.has_key)
		return;
	memcpy(e.name, m->relay.name, sizeof(m->relay.name));
	int err = rd_relayfile_put(m->opt->relays, &e, false);
	if (err)
		rd_error("%s: the key of the relay %s cannot be kept: %s", m->opt->relays, e.name,
			strerror(-err));
	else
		rd_info("the relay %s is known by its key from now on: %s", e.name,
			rd_key_fingerprint(&s->key, print));
	trust.flag = err == 0;
	m->relay.has_key = err == 0;
	m->relay.key = s->key;
	monitor_say(m, &trust, -1);
}

void
relays_is(struct monitor *m, const struct said *s)
{
	static const char *const events[] = {
		[SAID_RELAY_READY] = "relay", [SAID_RELAY_LOST] = "relay-lost",
		[SAID_RELAY_WAY] = "relay-way", [SAID_RELAY_DRAINS] = "relay-drains",
	};
	static const char *const words[] = {
		[SAID_RELAY_READY] = "serves us; it sees us as",
		[SAID_RELAY_LOST] = "is lost; trying again",
		[SAID_RELAY_WAY] = "is reached by",
		[SAID_RELAY_DRAINS] = "is about to end; sessions go on as long as they can",
	};
	struct rd_event e;
	if (s->number > SAID_RELAY_DRAINS)
		return;
	m->by_tls = s->flag;
	if (s->number == SAID_RELAY_READY || s->number == SAID_RELAY_LOST)
		m->ready.relay_up = s->number == SAID_RELAY_READY;
	rd_log_put(s->number == SAID_RELAY_WAY ? RD_LOG_DEBUG : RD_LOG_INFO, "the relay %s %s %s",
		m->relay.name, words[s->number], s->text);
	if (!rd_event_wanted())
		return;
	begin(&e, m, events[s->number]);
	rd_event_text(&e, "way", s->flag ? "tls" : "udp");
	rd_event_text(&e, "text", s->text);
	rd_event_end(&e);
}

static const char *
life(uint32_t seconds, char out[static 32])
{
	if (seconds >= 120)
		snprintf(out, 32, "%" PRIu32 " minutes", (seconds + 30) / 60);
	else
		snprintf(out, 32, "%" PRIu32 " seconds", seconds);
	return out;
}

static void
write_code(int fd, const char *relay, const char *code)
{
	char line[512];
	int n = snprintf(line, sizeof(line), "%s/%s\n", relay, code);
	if (n < 0 || write(fd, line, (size_t)n) != n)
		rd_error("--code-fd %d: %s", fd, strerror(errno));
	sodium_memzero(line, sizeof(line));
}

/* The one thing that who sits before it must know: said whatever the log's level is. */
void
relays_code(struct monitor *m, const struct said *s)
{
	char lives[32];
	struct rd_event e;
	if (!m->has_relay || !rd_code_looks(s->text))
		return;
	m->ready.code = true;
	if (m->opt->code_fd >= 0)
		write_code(m->opt->code_fd, m->relay.name, s->text);
	if (!m->opt->json)
		fprintf(stderr, "rd-send: to see this desktop, once, within %s:  rd-view %s/%s\n",
			life(s->number, lives), m->relay.name, s->text);
	if (!rd_event_wanted())
		return;
	begin(&e, m, "code");
	rd_event_text(&e, "code", s->text);
	rd_event_number(&e, "seconds", s->number);
	rd_event_end(&e);
}

void
relays_code_over(struct monitor *m, const struct said *s)
{
	static const char *const names[] = {
		[RD_CODE_USED] = "used", [RD_CODE_BURNT] = "burnt", [RD_CODE_EXPIRED] = "expired",
	};
	static const char *const words[] = {
		[RD_CODE_USED] = "the code has been used",
		[RD_CODE_BURNT] = "the code is burnt: three wrong ones were tried",
		[RD_CODE_EXPIRED] = "the code's time is over, and nobody has come",
	};
	struct rd_event e;
	if (!m->has_relay || s->number > RD_CODE_EXPIRED)
		return;
	m->ready.code = false;
	if (!m->opt->json) {
		enum rd_log_level level = s->number == RD_CODE_BURNT ? RD_LOG_ERROR : RD_LOG_WARN;
		if (m->opt->once)
			rd_log_put(s->number == RD_CODE_USED ? RD_LOG_INFO : level, "%s", words[s->number]);
		else
			rd_log_put(level, "%s; for another one: kill -USR1 %d", words[s->number], getpid());
	}
	if (!rd_event_wanted())
		return;
	begin(&e, m, "code-over");
	rd_event_text(&e, "why", names[s->number]);
	rd_event_end(&e);
}

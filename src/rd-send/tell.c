#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "chan/rights.h"
#include "rd-send/tell.h"

/*
 * Anybody can make a key and come; of those who are neither listed nor let in
 * no more is told than this. (All of them are counted against net/server.h's
 * limits before they get here.)
 */
#define WORDS_MAX 100
#define WORDS_PER_S 10

static bool
may_tell(const struct peer *p)
{
	struct monitor *m = p->monitor;
	uint64_t now = rd_clock_ns(), more = (now - m->words_ns) * WORDS_PER_S / RD_NS_PER_S;
	if (p->name[0] || p->stage == PEER_GRANTED)
		return true;
	if (m->words_ns == 0 || more > 0) {
		m->words = m->words_ns == 0 || m->words + more > WORDS_MAX ? WORDS_MAX :
			m->words + (unsigned)more;
		m->words_ns = now;
	}
	if (m->words == 0)
		return false;
	m->words--;
	return true;
}

const char *
tell_path(const struct rd_addr *a, bool by_tls)
{
	if (a->relayed)
		return by_tls ? "relay-tls" : "relay";
	return a->stream ? "tcp" : "direct";
}

static void
begin(struct rd_event *e, const char *what, const struct peer *p)
{
	char key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT], address[RD_ADDR_TEXT];
	rd_event_begin(e, what);
	rd_event_number(e, "viewer", p->id);
	rd_event_text(e, "session", p->session);
	rd_event_text(e, "key", rd_key_text(&p->key, key));
	rd_event_text(e, "fingerprint", rd_key_fingerprint(&p->key, fingerprint));
	rd_event_text(e, "path", tell_path(&p->addr, p->monitor->by_tls));
	if (!p->addr.relayed)
		rd_event_text(e, "address", rd_addr_text(&p->addr, address));
	if (p->name[0])
		rd_event_text(e, "name", p->name);
}

static const char *
called(const struct peer *p, char out[static 128])
{
	char fingerprint[RD_FINGERPRINT_TEXT], address[RD_ADDR_TEXT];
	snprintf(out, 128, "%.60s (%s)",
		p->name[0] ? p->name : rd_key_fingerprint(&p->key, fingerprint),
		rd_addr_text(&p->addr, address));
	return out;
}

const char *
tell_viewer(const struct peer *p, char out[static 512])
{
	char who[128], *rights = rd_rights_text(p->rights);
	uint64_t min = (rd_clock_ns() - p->since_ns) / (60 * RD_NS_PER_S);
	snprintf(out, 512, "%u %s: %.200s, for %" PRIu64 " min", p->id, called(p, who), rights, min);
	free(rights);
	return out;
}

/* Who sits at our terminal is told of those who are in, whatever the log's level. */
static enum rd_log_level
level_of(const struct peer *p)
{
	return p->monitor->terminal.says && p->stage == PEER_GRANTED ? RD_LOG_WARN : RD_LOG_INFO;
}

void
tell_connected(const struct peer *p)
{
	struct rd_event e;
	if (!rd_event_wanted() || !may_tell(p))
		return;
	begin(&e, "connected", p);
	static const char *const bys[] = {"key", "password", "code"};
	rd_event_text(&e, "by", bys[p->by]);
	rd_event_text(&e, "how", rd_path_how_name((enum rd_path_how)p->how));
	rd_event_real(&e, "rtt_ms", p->rtt_us / 1e3);
	if (p->addr.relayed)
		rd_event_text(&e, "relay", p->monitor->relay.name);
	rd_event_end(&e);
}

void
tell_refused(const struct peer *p, uint64_t code, const char *why, const char *event)
{
	char who[128];
	struct rd_event e;
	if (!may_tell(p))
		return;
	rd_log_put(level_of(p), "%s: %s: %s", event, called(p, who), why);
	if (!rd_event_wanted())
		return;
	begin(&e, event, p);
	rd_event_text(&e, "why", rd_close_name(code));
	rd_event_text(&e, "text", why);
	rd_event_end(&e);
}

void
tell_granted(const struct peer *p)
{
	char who[128], *rights = rd_rights_text(p->rights);
	struct rd_event e;
	rd_log_put(level_of(p), "let in: %s: %s", called(p, who), rights);
	if (rd_event_wanted()) {
		begin(&e, "granted", p);
		rd_event_text(&e, "rights", rights);
		rd_event_end(&e);
	}
	free(rights);
}

void
tell_closed(const struct peer *p, uint64_t code, const char *why)
{
	char who[128];
	struct rd_event e;
	if (!may_tell(p))
		return;
	rd_log_put(level_of(p), "left: %s: %s%s%s", called(p, who), rd_close_name(code), why[0] ? ": " : "", why);
	if (!rd_event_wanted())
		return;
	begin(&e, "closed", p);
	rd_event_text(&e, "why", rd_close_name(code));
	rd_event_text(&e, "text", why);
	if (p->since_ns)
		rd_event_number(&e, "seconds", (int64_t)((rd_clock_ns() - p->since_ns) / RD_NS_PER_S));
	rd_event_end(&e);
}

void
tell_no_command(const struct peer *p, int error)
{
	if (may_tell(p))
		rd_error("cannot run %s: %s", p->monitor->opt->on_connect, strerror(error));
}

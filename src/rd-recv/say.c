#include <stdio.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/exit.h"
#include "base/log.h"
#include "rd-recv/say.h"

static void
begin(struct rd_event *e, const struct say *s, const char *event)
{
	rd_event_begin(e, event);
	rd_event_text(e, "host", s->host);
	if (s->session[0])
		rd_event_text(e, "session", s->session);
}

void
say_connecting(const struct say *s)
{
	struct rd_event e;
	if (!s->json)
		rd_info("%s: connecting", s->host);
	if (!rd_event_wanted())
		return;
	begin(&e, s, "connecting");
	rd_event_end(&e);
}

static void
put_way(struct rd_event *e, const struct say_way *w)
{
	char address[RD_ADDR_TEXT];
	rd_event_text(e, "path", w->path);
	rd_event_text(e, "how", w->how);
	if (!w->relay)
		rd_event_text(e, "address", rd_addr_text(w->address, address));
	rd_event_real(e, "rtt_ms", w->rtt * 1e3);
	if (w->relay)
		rd_event_text(e, "relay", w->relay);
	if (*w->why)
		rd_event_text(e, "why", w->why);
}

/* "10.0.0.1:21118 (direct)", "relay.example.org (relay: both NATs …)" */
static const char *
way_text(const struct say_way *w, char *out, size_t cap)
{
	char address[RD_ADDR_TEXT];
	snprintf(out, cap, "%s (%s%s%s)", w->relay ? w->relay : rd_addr_text(w->address, address),
		w->path, *w->why ? ": " : "", w->why);
	return out;
}

void
say_connected(struct say *s, const struct say_connected *c)
{
	struct rd_event e;
	char way[512], key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT];
	rd_key_text(c->key, key);
	rd_key_fingerprint(c->key, fingerprint);
	snprintf(s->session, sizeof(s->session), "%s", c->session);
	if (!s->json)
		rd_info("%s: connected by %s, with %s %s; key %s; may %s", s->host,
			way_text(&c->way, way, sizeof(way)), c->by[0] == 'k' ? "our" : "the", c->by,
			fingerprint, c->rights);
	if (!rd_event_wanted())
		return;
	begin(&e, s, "connected");
	put_way(&e, &c->way);
	rd_event_text(&e, "key", key);
	rd_event_text(&e, "fingerprint", fingerprint);
	rd_event_text(&e, "by", c->by);
	rd_event_text(&e, "rights", c->rights);
	rd_event_text(&e, "name", c->name);
	rd_event_end(&e);
}

void
say_silent(const struct say *s, bool silent)
{
	struct rd_event e;
	if (!s->json)
		rd_info("%s: %s", s->host, silent ? "nothing is heard" : "heard again");
	if (!rd_event_wanted())
		return;
	begin(&e, s, silent ? "silent" : "heard");
	rd_event_end(&e);
}

void
say_moved(const struct say *s, const struct say_way *way)
{
	struct rd_event e;
	char text[512];
	if (!s->json)
		rd_info("%s: now by %s", s->host, way_text(way, text, sizeof(text)));
	if (!rd_event_wanted())
		return;
	begin(&e, s, "moved");
	put_way(&e, way);
	rd_event_end(&e);
}

void
say_relay(const struct say *s, const char *relay, const char *way, const char *why)
{
	struct rd_event e;
	if (!s->json)
		rd_debug("%s: the relay %s is %s%s%s%s", s->host, relay, way ? "reached by " : "not reached",
			way ? way : "", *why ? ": " : "", why);
	if (!rd_event_wanted())
		return;
	begin(&e, s, "relay");
	rd_event_text(&e, "relay", relay);
	rd_event_text(&e, "way", way ? way : "");
	rd_event_text(&e, "why", why);
	rd_event_end(&e);
}

void
say_remembered(const struct say *s, bool yes)
{
	struct rd_event e;
	if (!s->json)
		rd_log_put(yes ? RD_LOG_INFO : RD_LOG_WARN, "%s: %s", s->host, yes
			? "the host knows us from now on"
			: "the host does not want to know us; without a code it stays closed to us");
	if (!rd_event_wanted())
		return;
	begin(&e, s, "remembered");
	rd_event_number(&e, "yes", yes);
	rd_event_end(&e);
}

void
say_refused(const struct say *s, const char *why, const char *text)
{
	struct rd_event e;
	if (!s->json)
		rd_info("%s: refused (%s) %s", s->host, why, text);
	if (!rd_event_wanted())
		return;
	begin(&e, s, "refused");
	rd_event_text(&e, "why", why);
	rd_event_text(&e, "text", text);
	rd_event_end(&e);
}

void
say_reconnecting(const struct say *s, uint64_t after_ns, const char *why)
{
	struct rd_event e;
	double after = (double)after_ns / (double)RD_NS_PER_S;
	if (!s->json)
		rd_warn("%s: %s; connecting again in %.1f s", s->host, why, after);
	if (!rd_event_wanted())
		return;
	begin(&e, s, "reconnecting");
	rd_event_real(&e, "after", after);
	rd_event_text(&e, "why", why);
	rd_event_end(&e);
}

void
say_closed(const struct say *s, int code, const char *text)
{
	struct rd_event e;
	const char *name = rd_exit_name(code);
	if (!s->json)
		rd_log_put(code ? RD_LOG_ERROR : RD_LOG_INFO, "%s: %s", s->host,
			text && *text ? text : "the session is over");
	if (!rd_event_wanted())
		return;
	begin(&e, s, "closed");
	rd_event_number(&e, "exit", code);
	rd_event_text(&e, "name", name ? name : code > 128 ? "signal" : "?");
	rd_event_text(&e, "text", text ? text : "");
	rd_event_end(&e);
}

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
}

void
say_connecting(const struct say *s)
{
	struct rd_event e;
	if (!s->json) {
		rd_info("%s: connecting", s->host);
		return;
	}
	begin(&e, s, "connecting");
	rd_event_end(&e);
}

void
say_connected(const struct say *s, const struct say_connected *c)
{
	struct rd_event e;
	char path[RD_ADDR_TEXT], key[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT];
	rd_addr_text(c->path, path);
	rd_key_text(c->key, key);
	rd_key_fingerprint(c->key, fingerprint);
	if (!s->json) {
		rd_info("%s: connected by %s, %s; key %s; may %s", s->host, path,
			c->by_password ? "with the password" : "with our key", fingerprint, c->rights);
		return;
	}
	begin(&e, s, "connected");
	rd_event_text(&e, "path", path);
	rd_event_text(&e, "key", key);
	rd_event_text(&e, "fingerprint", fingerprint);
	rd_event_text(&e, "by", c->by_password ? "password" : "key");
	rd_event_text(&e, "rights", c->rights);
	rd_event_text(&e, "name", c->name);
	rd_event_end(&e);
}

void
say_silent(const struct say *s, bool silent)
{
	struct rd_event e;
	if (!s->json) {
		rd_info("%s: %s", s->host, silent ? "nothing is heard" : "heard again");
		return;
	}
	begin(&e, s, silent ? "silent" : "heard");
	rd_event_end(&e);
}

void
say_moved(const struct say *s, const struct rd_addr *path)
{
	struct rd_event e;
	char text[RD_ADDR_TEXT];
	rd_addr_text(path, text);
	if (!s->json) {
		rd_info("%s: now at %s", s->host, text);
		return;
	}
	begin(&e, s, "moved");
	rd_event_text(&e, "path", text);
	rd_event_end(&e);
}

void
say_refused(const struct say *s, const char *why, const char *text)
{
	struct rd_event e;
	if (!s->json) {
		rd_info("%s: refused (%s) %s", s->host, why, text);
		return;
	}
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
	if (!s->json) {
		rd_warn("%s: %s; connecting again in %.1f s", s->host, why, after);
		return;
	}
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
	if (!s->json) {
		rd_log_put(code ? RD_LOG_ERROR : RD_LOG_INFO, "%s: %s", s->host,
			text && *text ? text : "the session is over");
		return;
	}
	begin(&e, s, "closed");
	rd_event_number(&e, "exit", code);
	rd_event_text(&e, "name", name ? name : code > 128 ? "signal" : "?");
	rd_event_text(&e, "text", text ? text : "");
	rd_event_end(&e);
}

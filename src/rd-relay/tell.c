#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/clock.h"
#include "base/event.h"
#include "base/log.h"
#include "rd-relay/tell.h"

#define WORDS_MAX 100
#define WORDS_PER_S 10

void
tell_open(struct tell *t, bool json, int audit)
{
	*t = (struct tell){.json = json, .audit = audit, .words = WORDS_MAX};
	pthread_mutex_init(&t->lock, NULL);
}

void
tell_audit(struct tell *t, int fd)
{
	pthread_mutex_lock(&t->lock);
	if (t->audit >= 0)
		close(t->audit);
	t->audit = fd;
	pthread_mutex_unlock(&t->lock);
}

void
tell_close(struct tell *t)
{
	if (t->audit >= 0)
		close(t->audit);
	t->audit = -1;
}

/* --- the record --- */

static void
put_who(char *out, size_t cap, const struct core_event *e)
{
	char viewer[RD_FINGERPRINT_TEXT], host[RD_FINGERPRINT_TEXT];
	out[0] = '\0';
	if (!sodium_is_zero(e->viewer.bytes, sizeof(e->viewer.bytes)))
		snprintf(out, cap, "\"viewer\":\"%s\",\"host\":\"%s\",",
			rd_key_fingerprint(&e->viewer, viewer), rd_key_fingerprint(&e->host, host));
}

/* One write: lines of several threads do not mix, whoever else appends. */
static void
record(struct tell *t, const struct core_event *e)
{
	char line[512], who[128], slot[32] = "";
	uint64_t now = rd_clock_wall_ns(), ago = rd_clock_ns() - e->began_ns;
	put_who(who, sizeof(who), e);
	if (e->slot)
		snprintf(slot, sizeof(slot), ",\"slot\":%" PRIu32, e->slot);
	int n = snprintf(line, sizeof(line),
		"{\"event\":\"session\",\"time\":%.3f,%s\"viewer-tag\":\"%08" PRIx32
		"\",\"host-tag\":\"%08" PRIx32 "\"%s,\"began\":%.3f,\"seconds\":%.3f,\"bytes\":%" PRIu64 ",\"packets\":%" PRIu64
		",\"path\":\"%s\"}\n", (double)now / 1e9, who, e->tag_viewer, e->tag_host, slot,
		(double)(now - ago) / 1e9, (double)ago / 1e9, e->bytes, e->packets,
		e->stream ? "tls" : "udp");
	pthread_mutex_lock(&t->lock);
	if (t->audit >= 0 && write(t->audit, line, (size_t)n) != n)
		rd_warn("the audit log cannot be written");
	pthread_mutex_unlock(&t->lock);
}

/* --- words and events --- */

static bool
may_tell(struct tell *t)
{
	pthread_mutex_lock(&t->lock);
	/* Read under the lock, or it might be earlier than what another thread has noted. */
	uint64_t now = rd_clock_ns();
	uint64_t more = (now - t->words_ns) * WORDS_PER_S / RD_NS_PER_S;
	if (t->words_ns == 0 || more > 0) {
		t->words = t->words + more > WORDS_MAX ? WORDS_MAX : t->words + (unsigned)more;
		t->words_ns = now;
	}
	bool may = t->words > 0;
	t->words -= may;
	pthread_mutex_unlock(&t->lock);
	return may;
}

static const char *const names[] = {
	[CORE_REGISTERED] = "registered", [CORE_LEFT] = "left", [CORE_REFUSED] = "refused",
	[CORE_CONNECT] = "connect", [CORE_SESSION_BEGAN] = "began", [CORE_SESSION_ENDED] = "ended",
	[CORE_SLOT] = "slot", [CORE_SLOT_OVER] = "slot-over",
};

static const char *
why_of(const struct core_event *e)
{
	static const char *const no[] = {
		[RD_NO_ADMISSION] = "admission", [RD_NO_JOIN_KEY] = "join-key",
		[RD_NO_SLOT] = "slot", [RD_NO_SLOT_USED] = "slot-used",
		[RD_NO_SLOT_BURNT] = "slot-burnt", [RD_NO_SLOT_EXPIRED] = "slot-expired",
		[RD_NO_HOST] = "no-host", [RD_NO_BUSY] = "busy", [RD_NO_DRAINING] = "draining",
		[RD_NO_NOT_REGISTERED] = "not-registered",
	};
	static const char *const over[] = {
		[RD_SLOT_USED] = "used", [RD_SLOT_BURNT] = "burnt", [RD_SLOT_WITHDRAWN] = "withdrawn",
	};
	if (e->what == CORE_SLOT_OVER)
		return e->why < sizeof(over) / sizeof(*over) ? over[e->why] : NULL;
	return e->why < sizeof(no) / sizeof(*no) ? no[e->why] : NULL;
}

static void
tell_json(const struct core_event *e)
{
	char fingerprint[RD_FINGERPRINT_TEXT], address[RD_ADDR_TEXT], id[20];
	const char *why = why_of(e);
	struct rd_event v;
	rd_event_begin(&v, names[e->what]);
	if (e->key)
		rd_event_text(&v, "fingerprint", rd_key_fingerprint(e->key, fingerprint));
	if (e->from)
		rd_event_text(&v, "from", rd_addr_text(e->from, address));
	if (e->slot)
		rd_event_number(&v, "slot", e->slot);
	if (why)
		rd_event_text(&v, "why", why);
	if (e->session) {
		snprintf(id, sizeof(id), "%016" PRIx64, e->session);
		rd_event_text(&v, "session", id);
	}
	if (e->what == CORE_SESSION_ENDED) {
		rd_event_number(&v, "bytes", (int64_t)e->bytes);
		rd_event_number(&v, "packets", (int64_t)e->packets);
		rd_event_real(&v, "seconds", (double)(rd_clock_ns() - e->began_ns) / 1e9);
	}
	rd_event_end(&v);
}

static void
tell_words(const struct core_event *e)
{
	char fingerprint[RD_FINGERPRINT_TEXT] = "", address[RD_ADDR_TEXT] = "";
	const char *why = why_of(e);
	if (e->key)
		rd_key_fingerprint(e->key, fingerprint);
	if (e->from)
		rd_addr_text(e->from, address);
	rd_info("%s%s%s%s%s%s%s", names[e->what], fingerprint[0] ? " " : "", fingerprint,
		address[0] ? " " : "", address, why ? ": " : "", why ? why : "");
}

void
tell_core(void *ctx, const struct core_event *e)
{
	struct tell *t = ctx;
	if (e->what == CORE_SESSION_ENDED) {
		t->ended++;
		record(t, e);
	}
	if (!may_tell(t))
		return;
	if (t->json)
		tell_json(e);
	else
		tell_words(e);
}

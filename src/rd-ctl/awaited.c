#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "base/nearest.h"
#include "control/request.h"
#include "rd-ctl/awaited.h"

/* So long after a session's first program the others may come: rd-view starts rd-recv. */
#define OTHERS_NS (10 * RD_NS_PER_S)
#define AGAIN_US 50000

const char *const awaited_events[] = {
	"announced",
	"caption", "chapter", "closed", "code", "code-over", "connected", "connecting", "end", "granted",
	"heard", "listening", "metrics", "moved", "paused", "picture", "reconnecting", "recording", "refused",
	"relay", "relay-drains", "relay-lost", "relay-way", "remembered", "resumed", "revoked", "saved",
	"silent", "stats", "unannounced", "waking", NULL,
};

const char *const awaited_values[] = {
	"adapted", "address", "asked-bitrate", "bytes-in", "bytes-out", "codec", "decode-ms",
	"delivered", "encode-ms", "exact", "file", "fingerprint", "fps", "frames", "height", "how",
	"kept-bytes", "keyboard", "kinds", "last", "latency-error-ms", "latency-min-ms", "latency-ms",
	"leader", "locks", "loss", "max-bitrate", "max-fps", "monitor", "monitors", "name", "path",
	"path-policy", "peer", "pictures", "pid", "pointer", "port", "quantizer", "rate-in",
	"rate-out", "reconnects", "relay", "relay-way", "rights",
	"rtt-min-ms", "rtt-ms", "rtt-var-ms", "saved", "seconds", "session", "sessions", "show-ms",
	"state", "to", "tool", "unacknowledged", "uptime", "version", "viewer", "viewers", "why",
	"width", NULL,
};

static bool
has(const char *const *names, const char *what)
{
	for (; *names; names++)
		if (rd_control_key_is(*names, what))
			return true;
	return false;
}

static bool
team_has(const struct team *t, const char *what)
{
	json_t *help = team_help(t), *one;
	size_t i;
	bool found = false;
	json_array_foreach(json_object_get(help, "values"), i, one) {
		const char *key = json_string_value(json_object_get(one, "key"));
		found = found || (key && rd_control_key_is(key, what));
	}
	json_decref(help);
	return found;
}

static int
say_unknown(const char *what)
{
	const char *names[128], *nearest;
	size_t n = 0;
	for (const char *const *e = awaited_events; *e; e++)
		names[n++] = *e;
	for (const char *const *v = awaited_values; *v; v++)
		names[n++] = *v;
	char *shown = rd_log_escape(what, strlen(what), 64);
	nearest = rd_nearest(shown, names, n);
	if (nearest)
		rd_error("--wait: no event and no value is called \"%s\"; did you mean %s?", shown, nearest);
	else
		rd_error("--wait: no event and no value is called \"%s\"; rd-events(7) has them all", shown);
	free(shown);
	return RD_EXIT_USAGE;
}

static int
find_value(struct team *t, const char *name, const char *what, uint64_t until_ns)
{
	uint64_t now, last = rd_clock_ns() + OTHERS_NS;
	while (!team_has(t, what)) {
		now = rd_clock_ns();
		if (until_ns && now >= until_ns) {
			rd_error("there was no %s in the time given", what);
			return RD_EXIT_TIMEOUT;
		}
		if (now >= last) {
			rd_error("%s: no program of it has a value %s", t->members[0].name, what);
			return RD_EXIT_NOT_DONE;
		}
		usleep(AGAIN_US);
		team_finish(t);
		int code = team_find(t, name);
		if (code)
			return code;
	}
	return 0;
}

int
awaited_find(struct team *t, const char *name, const char *what, bool has_value, uint64_t until_ns)
{
	if (has(awaited_events, what))
		return 0;
	if (!has(awaited_values, what) && !team_has(t, what))
		return say_unknown(what);
	if (!has_value) {
		rd_error("%s is a value and no event: --wait %s=VALUE", what, what);
		return RD_EXIT_USAGE;
	}
	return find_value(t, name, what, until_ns);
}

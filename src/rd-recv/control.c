#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "chan/rights.h"
#include "control/setting.h"
#include "net/relay_choose.h"
#include "rd-recv/control.h"
#include "rd-recv/session_priv.h"
#include "wire/msg_control.h"

static struct rd_conn *
conn_of(const struct session *s)
{
	return s->dial && s->phase == PHASE_STREAMING ? rd_dial_conn(s->dial) : NULL;
}

/* --- values --- */

static void
get_state(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	static const char *const names[] = {
		[PHASE_MEETING] = "connecting", [PHASE_OPENING] = "opening",
		[PHASE_STREAMING] = "streaming", [PHASE_WAITING] = "reconnecting",
		[PHASE_ENDING] = "ending",
	};
	rd_json_text(out, s->phase == PHASE_STREAMING && s->paused ? "paused" : names[s->phase]);
}

static void
get_peer(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, s->o->name);
}

static void
get_session(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	char name[RD_CONN_NAME];
	rd_json_text(out, conn_of(s) ? rd_conn_name(conn_of(s), name) : NULL);
}

static void
get_fingerprint(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	char text[RD_FINGERPRINT_TEXT];
	rd_json_text(out, s->expects ? rd_key_fingerprint(&s->host, text) : NULL);
}

static void
get_rights(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	char *rights = conn_of(s) ? rd_rights_text(s->rights) : NULL;
	rd_json_text(out, rights);
	free(rights);
}

/* One member of the way that the session goes. */
enum way_member { WAY_PATH, WAY_HOW, WAY_ADDRESS, WAY_RELAY, WAY_WHY };

static void
put_way(const struct session *s, enum way_member which, struct rd_json *out)
{
	char why[256], address[RD_ADDR_TEXT];
	if (!conn_of(s)) {
		rd_json_null(out);
		return;
	}
	struct say_way w = path_way(s, why);
	const char *text[] = {
		[WAY_PATH] = w.path, [WAY_HOW] = w.how,
		[WAY_ADDRESS] = w.relay ? NULL : rd_addr_text(w.address, address),
		[WAY_RELAY] = w.relay, [WAY_WHY] = *w.why ? w.why : NULL,
	};
	rd_json_text(out, text[which]);
}

static void
get_path(void *ctx, struct rd_json *out)
{
	put_way(ctx, WAY_PATH, out);
}

static void
get_how(void *ctx, struct rd_json *out)
{
	put_way(ctx, WAY_HOW, out);
}

static void
get_address(void *ctx, struct rd_json *out)
{
	put_way(ctx, WAY_ADDRESS, out);
}

static void
get_relay(void *ctx, struct rd_json *out)
{
	put_way(ctx, WAY_RELAY, out);
}

static void
get_why(void *ctx, struct rd_json *out)
{
	put_way(ctx, WAY_WHY, out);
}

static void
get_policy(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_text(out, rd_path_policies[s->policy]);
}

static bool
stats_of(const struct session *s, struct rd_conn_stats *stats)
{
	*stats = (struct rd_conn_stats){0};
	if (conn_of(s))
		rd_conn_stats(conn_of(s), stats);
	return conn_of(s) != NULL;
}

static void
get_rtt(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	char why[256];
	rd_json_ms(out, conn_of(s) ? (uint64_t)(path_way(s, why).rtt * (double)RD_NS_PER_S) : 0);
}

static void
get_rtt_min(void *ctx, struct rd_json *out)
{
	struct rd_conn_stats stats;
	rd_json_ms(out, stats_of(ctx, &stats) ? stats.rtt.min_ns : 0);
}

static void
get_rtt_var(void *ctx, struct rd_json *out)
{
	struct rd_conn_stats stats;
	rd_json_ms(out, stats_of(ctx, &stats) ? stats.rtt.var_ns : 0);
}

/* Of our packets: what comes down the host counts. */
static void
get_loss(void *ctx, struct rd_json *out)
{
	struct rd_conn_stats stats;
	stats_of(ctx, &stats);
	rd_json_real(out, rd_conn_loss(&stats), 5);
}

static void
get_rate_in(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_real(out, 8 * rd_meter_rate(&s->down, rd_clock_ns()), 0);
}

static void
get_rate_out(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_real(out, 8 * rd_meter_rate(&s->up, rd_clock_ns()), 0);
}

static void
get_bytes_in(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->down.total);
}

static void
get_bytes_out(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->up.total);
}

static void
get_fps(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_real(out, rd_meter_rate(&s->shown, rd_clock_ns()), 1);
}

static void
get_frames(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->shown.total);
}

static void
get_reconnects(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->reconnects);
}

static void
get_max_bitrate(void *ctx, struct rd_json *out)
{
	const struct session *s = ctx;
	rd_json_count(out, s->max_bps);
}

/* --- what can be set --- */

static int
set_path(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct session *s = ctx;
	int policy, err = rd_control_set_choice("path", text, rd_path_policies, &policy, a);
	if (err)
		return err;
	struct rd_agent *agent = s->dial ? rd_dial_agent(s->dial) : NULL;
	if (!agent && policy == RD_PATH_RELAY)
		return rd_control_refuse(a, -ENOTSUP,
			"no relay is used in this session: it was dialled by address");
	s->policy = policy;
	if (agent)
		rd_agent_set_policy(agent, (enum rd_path_policy)policy);
	if (s->dial)
		rd_dial_poke(s->dial);
	return 0;
}

static int
set_max_bitrate(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct session *s = ctx;
	uint64_t bps;
	int err = rd_control_set_rate("max-bitrate", text, &bps, a);
	if (err)
		return err;
	s->max_bps = bps;
	talk_rate(s);
	return 0;
}

static const struct rd_control_value control_values[] = {
	{"state", RD_CONTROL_TEXT, "", "how far it is: connecting, opening, streaming, paused, reconnecting, ending",
		get_state, NULL},
	{"peer", RD_CONTROL_TEXT, "", "the host, as it was dialled", get_peer, NULL},
	{"session", RD_CONTROL_TEXT, "", "what both ends call this session", get_session, NULL},
	{"fingerprint", RD_CONTROL_TEXT, "", "of the host's key", get_fingerprint, NULL},
	{"rights", RD_CONTROL_TEXT, "", "what the host lets us do", get_rights, NULL},
	{"path", RD_CONTROL_TEXT, "", "how the session goes: direct, tcp, relay, relay-tls; set: auto, direct, relay",
		get_path, set_path},
	{"path-policy", RD_CONTROL_TEXT, "", "which ways may be used: auto, direct, relay",
		get_policy, NULL},
	{"how", RD_CONTROL_TEXT, "", "how that path was found", get_how, NULL},
	{"why", RD_CONTROL_TEXT, "", "why it is not direct", get_why, NULL},
	{"address", RD_CONTROL_TEXT, "", "of the host, on a path that is not relayed", get_address, NULL},
	{"relay", RD_CONTROL_TEXT, "", "the relay that carries the session", get_relay, NULL},
	{"rtt-ms", RD_CONTROL_GAUGE, "ms", "round trip to the host", get_rtt, NULL},
	{"rtt-min-ms", RD_CONTROL_GAUGE, "ms", "the least round trip on this path", get_rtt_min, NULL},
	{"rtt-var-ms", RD_CONTROL_GAUGE, "ms", "how much it varies", get_rtt_var, NULL},
	{"loss", RD_CONTROL_GAUGE, "ratio", "of the packets sent, 0 to 1, what was lost", get_loss, NULL},
	{"rate-in", RD_CONTROL_GAUGE, "bit/s", "of the stream that comes, of late", get_rate_in, NULL},
	{"rate-out", RD_CONTROL_GAUGE, "bit/s", "of what goes back, of late", get_rate_out, NULL},
	{"bytes-in", RD_CONTROL_COUNTER, "B", "of the stream so far", get_bytes_in, NULL},
	{"bytes-out", RD_CONTROL_COUNTER, "B", "that went back so far", get_bytes_out, NULL},
	{"fps", RD_CONTROL_GAUGE, "1/s", "frames that come, of late", get_fps, NULL},
	{"frames", RD_CONTROL_COUNTER, "", "that have come", get_frames, NULL},
	{"reconnects", RD_CONTROL_COUNTER, "", "how often the session was lost and dialled again",
		get_reconnects, NULL},
	{"max-bitrate", RD_CONTROL_GAUGE, "bit/s", "what the host is asked not to exceed; 0: no bound",
		get_max_bitrate, set_max_bitrate},
	{0},
};

/* --- verbs --- */

static int
run_refresh(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct session *s = ctx;
	(void)argument;
	if (!conn_of(s))
		return rd_control_refuse(a, -ENOTCONN, "there is no session yet");
	talk_refresh(s);
	return 0;
}

static int
run_pause(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	talk_pause(ctx, true);
	return 0;
}

static int
run_resume(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	talk_pause(ctx, false);
	return 0;
}

static int
run_end(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	leave(ctx, RD_EXIT_OK, "ended by rd-ctl");
	return 0;
}

static const struct rd_control_verb control_verbs[] = {
	{"pause", "", "lets no more of the stream come", run_pause},
	{"resume", "", "lets it come again", run_resume},
	{"refresh", "", "asks for a whole picture", run_refresh},
	{"end", "", "leaves the session, and ends", run_end},
	{0},
};

const struct rd_control_table control_table = {.values = control_values, .verbs = control_verbs};

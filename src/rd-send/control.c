#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "control/setting.h"
#include "net/relay_choose.h"
#include "rd-send/control.h"
#include "rd-send/pause.h"
#include "rd-send/session.h"
#include "rd-send/source.h"

static bool
is_in(const struct session *s)
{
	return s->granted && s->state != SESSION_OVER;
}

/* --- values --- */

static unsigned
viewers_of(const struct serve *sv)
{
	unsigned n = 0;
	for (const struct session *s = sv->sessions; s; s = s->next)
		n += is_in(s);
	return n;
}

static void
get_state(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_text(out, sv->closing ? "ending" : sv->paused ? "paused" :
		viewers_of(sv) ? "serving" : "waiting");
}

/* Of one viewer its name, of more how many. */
static void
get_peer(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	unsigned n = viewers_of(sv);
	char text[32], fingerprint[RD_FINGERPRINT_TEXT];
	for (const struct session *s = sv->sessions; s && n == 1; s = s->next)
		if (is_in(s)) {
			rd_json_text(out, s->name[0] ? s->name
				: rd_key_fingerprint(rd_conn_peer(s->conn), fingerprint));
			return;
		}
	snprintf(text, sizeof(text), "%u viewers", n);
	rd_json_text(out, n ? text : NULL);
}

static void
get_viewers(void *ctx, struct rd_json *out)
{
	rd_json_count(out, viewers_of(ctx));
}

static void
get_sessions(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_open(out, '[');
	for (const struct session *s = sv->sessions; s; s = s->next)
		if (is_in(s))
			control_put_session(s, out);
	rd_json_close(out, ']');
}

static void
get_port(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_count(out, rd_endpoint_port(rd_host_endpoint(sv->host)));
}

static void
get_fingerprint(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	char text[RD_FINGERPRINT_TEXT];
	rd_json_text(out, rd_key_fingerprint(&sv->key->public, text));
}

static void
get_relay(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_text(out, sv->relay ? sv->relay->name : NULL);
}

static void
get_relay_way(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	struct rd_agent *a = rd_host_agent(sv->host);
	rd_json_text(out, a && sv->relay_up ? rd_agent_way(a) : NULL);
}

static void
get_policy(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_text(out, rd_path_policies[sv->policy]);
}

static void
get_max_bitrate(void *ctx, struct rd_json *out)
{
	const struct serve *sv = ctx;
	rd_json_count(out, sv->max_bps);
}

static double
rate_of(const struct serve *sv, bool down)
{
	double sum = 0;
	uint64_t now = rd_clock_ns();
	for (const struct session *s = sv->sessions; s; s = s->next)
		sum += is_in(s) ? 8 * rd_meter_rate(down ? &s->down : &s->up, now) : 0;
	return sum;
}

static void
get_rate_out(void *ctx, struct rd_json *out)
{
	rd_json_real(out, rate_of(ctx, true), 0);
}

static void
get_rate_in(void *ctx, struct rd_json *out)
{
	rd_json_real(out, rate_of(ctx, false), 0);
}

/* --- what can be set --- */

static int
set_path(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct serve *sv = ctx;
	struct rd_agent *agent = rd_host_agent(sv->host);
	int policy, err = rd_control_set_choice("path", text, rd_path_policies, &policy, a);
	if (err)
		return err;
	if (!agent && policy == RD_PATH_RELAY)
		return rd_control_refuse(a, -ENOTSUP, "this host has no relay");
	sv->policy = policy;
	if (agent)
		rd_agent_set_policy(agent, (enum rd_path_policy)policy);
	rd_host_poke(sv->host);
	return 0;
}

/* Whether any producer would hear of it. */
static bool
is_obeyed(const struct serve *sv)
{
	return sv->opt->producer || (sv->shared && sv->shared->obeys && sv->shared->up);
}

static int
set_max_bitrate(void *ctx, const char *text, struct rd_control_answer *a)
{
	struct serve *sv = ctx;
	uint64_t bps;
	int err = rd_control_set_rate("max-bitrate", text, &bps, a);
	if (err)
		return err;
	if (!is_obeyed(sv))
		return rd_control_refuse(a, -ENOTSUP, "the stream comes on stdin, and what makes it hears "
			"nothing of us: give rd-encode --rate there, or start it as rd-send -- rd-encode");
	sv->max_bps = bps;
	for (struct source *src = sv->sources; src; src = src->next)
		if (src->link && !src->over)
			share_rate(src);
	return 0;
}

static const struct rd_control_value values[] = {
	{"state", RD_CONTROL_TEXT, "", "what it does: waiting, serving, paused, ending", get_state, NULL},
	{"peer", RD_CONTROL_TEXT, "", "the viewer, or how many", get_peer, NULL},
	{"viewers", RD_CONTROL_GAUGE, "", "how many are in", get_viewers, NULL},
	{"port", RD_CONTROL_GAUGE, "", "where it waits for viewers", get_port, NULL},
	{"fingerprint", RD_CONTROL_TEXT, "", "of this host's key", get_fingerprint, NULL},
	{"relay", RD_CONTROL_TEXT, "", "the relay it can be met through", get_relay, NULL},
	{"relay-way", RD_CONTROL_TEXT, "", "how that is reached: UDP, TLS or TLS through a proxy",
		get_relay_way, NULL},
	{"path", RD_CONTROL_TEXT, "", "which ways sessions may go: auto, direct, relay",
		get_policy, set_path},
	{"rate-in", RD_CONTROL_GAUGE, "bit/s", "of what comes from all viewers, of late",
		get_rate_in, NULL},
	{"rate-out", RD_CONTROL_GAUGE, "bit/s", "of what goes to all viewers, of late",
		get_rate_out, NULL},
	{"max-bitrate", RD_CONTROL_GAUGE, "bit/s", "what each producer is told not to exceed; 0: no bound",
		get_max_bitrate, set_max_bitrate},
	{"sessions", RD_CONTROL_LIST, "", "of each viewer that is in", get_sessions, NULL},
	{0},
};

static const struct rd_control_list lists[] = {
	{"sessions", "session", "session", control_session_members},
	{0},
};

/* --- stages of a frame's way --- */

static const struct rd_histogram *
of_deliver(const void *ctx)
{
	return &((const struct serve *)ctx)->deliver;
}

static const struct rd_control_stage stages[] = {
	{"deliver", "from sending a frame until the viewer said that it has it; of all viewers", of_deliver},
	{0},
};

/* --- verbs --- */

static int
run_pause(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	pause_set(ctx, true);
	return 0;
}

static int
run_resume(void *ctx, const char *argument, struct rd_control_answer *a)
{
	(void)argument, (void)a;
	pause_set(ctx, false);
	return 0;
}

static int
run_refresh(void *ctx, const char *argument, struct rd_control_answer *a)
{
	struct serve *sv = ctx;
	(void)argument;
	if (!is_obeyed(sv))
		return rd_control_refuse(a, -ENOTSUP,
			"the stream comes on stdin, and what makes it hears nothing of us");
	for (struct source *src = sv->sources; src; src = src->next)
		share_refresh(src);
	return 0;
}

/* By its number, its name, or the session's. */
static bool
is_meant(const struct session *s, const char *who)
{
	char session[RD_CONN_NAME], fingerprint[RD_FINGERPRINT_TEXT], number[16];
	snprintf(number, sizeof(number), "%u", s->id);
	return strcmp(number, who) == 0 || strcmp(s->name, who) == 0 ||
		strcmp(rd_conn_name(s->conn, session), who) == 0 ||
		strcmp(rd_key_fingerprint(rd_conn_peer(s->conn), fingerprint), who) == 0;
}

static int
run_end(void *ctx, const char *who, struct rd_control_answer *a)
{
	struct serve *sv = ctx;
	unsigned n = 0;
	if (!*who) {
		serve_stop(sv, RD_EXIT_OK, RD_CLOSE_GOING, "ended by its owner");
		return 0;
	}
	for (struct session *s = sv->sessions; s; s = s->next)
		if (is_in(s) && is_meant(s, who)) {
			session_close(s, RD_CLOSE_REFUSED, "this host's owner has ended the session");
			n++;
		}
	if (!n)
		return rd_control_refuse(a, -ENOENT, "no viewer is called %.60s", who);
	rd_json_put_count(&a->json, "ended", n);
	return 0;
}

static const struct rd_control_verb verbs[] = {
	{"pause", "", "nothing is shown to viewers, and nothing they do arrives", run_pause},
	{"resume", "", "goes on", run_resume},
	{"refresh", "", "makes the producers send whole pictures", run_refresh},
	{"end", "[PEER]", "sends a viewer off, by its name, number or session; without: ends", run_end},
	{0},
};

const struct rd_control_table control_table = {.values = values, .verbs = verbs, .lists = lists,
	.stages = stages};

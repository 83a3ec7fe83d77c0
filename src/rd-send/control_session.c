#include <stdlib.h>

#include "base/clock.h"
#include "chan/rights.h"
#include "rd-send/control.h"
#include "rd-send/session.h"
#include "rd-send/source.h"
#include "rd-send/tell.h"

static const char *
state_of(const struct session *s)
{
	static const char *const names[] = {
		[SESSION_OPENING] = "opening", [SESSION_DECIDING] = "deciding",
		[SESSION_CHALLENGED] = "deciding", [SESSION_WATCHING] = "watching",
		[SESSION_ENDING] = "ending", [SESSION_OVER] = "over",
	};
	return names[s->state];
}

static void
put_who(const struct session *s, struct rd_json *out)
{
	const struct rd_key *key = rd_conn_peer(s->conn);
	char text[RD_KEY_TEXT], fingerprint[RD_FINGERPRINT_TEXT], name[RD_CONN_NAME];
	char *rights = rd_rights_text(s->rights);
	rd_json_put_number(out, "viewer", s->id);
	rd_json_put_text(out, "session", rd_conn_name(s->conn, name));
	rd_json_put_text(out, "peer", s->name[0] ? s->name
		: key ? rd_key_fingerprint(key, fingerprint) : NULL);
	rd_json_put_text(out, "key", key ? rd_key_text(key, text) : NULL);
	rd_json_put_text(out, "fingerprint", key ? rd_key_fingerprint(key, fingerprint) : NULL);
	rd_json_put_text(out, "by", s->by_code ? "code" : rd_conn_by_password(s->conn) ? "password" : "key");
	rd_json_put_text(out, "rights", s->granted ? rights : NULL);
	free(rights);
}

static void
put_way(const struct session *s, struct rd_json *out)
{
	const struct serve *sv = s->serve;
	struct rd_conn_way way = rd_conn_way(s->conn);
	struct rd_conn_stats stats;
	char address[RD_ADDR_TEXT];
	bool relayed = way.path.relayed;
	rd_conn_stats(s->conn, &stats);
	rd_json_put_text(out, "path", tell_path(&way.path, sv->by_tls));
	rd_json_put_text(out, "how", rd_path_how_name(way.how));
	rd_json_put_text(out, "why", relayed ? way.why : NULL);
	rd_json_put_text(out, "address", relayed ? NULL : rd_addr_text(&way.path, address));
	rd_json_put_text(out, "relay", relayed && sv->relay ? sv->relay->name : NULL);
	rd_json_put_ms(out, "rtt_ms", way.rtt_ns ? way.rtt_ns : stats.rtt.smoothed_ns);
	rd_json_put_ms(out, "rtt_min_ms", stats.rtt.min_ns);
	rd_json_put_ms(out, "rtt_var_ms", stats.rtt.var_ns);
	rd_json_put_real(out, "loss", rd_conn_loss(&stats), 5);
	rd_json_put_count(out, "packets", stats.packets.sent);
	rd_json_put_count(out, "packets_lost", stats.packets.lost - stats.packets.spurious);
	rd_json_put_count(out, "target_bitrate", stats.target_bps);
}

static void
put_stream(const struct session *s, struct rd_json *out)
{
	uint64_t now = rd_clock_ns();
	rd_json_put_real(out, "rate_in", 8 * rd_meter_rate(&s->up, now), 0);
	rd_json_put_real(out, "rate_out", 8 * rd_meter_rate(&s->down, now), 0);
	rd_json_put_count(out, "bytes_in", s->up.total);
	rd_json_put_count(out, "bytes_out", s->down.total);
	rd_json_put_real(out, "fps", rd_meter_rate(&s->shown, now), 1);
	rd_json_put_count(out, "frames", s->shown.total);
	rd_json_put_count(out, "frames_lost", s->lost);
	rd_json_put_count(out, "queued", s->state == SESSION_OVER ? 0 : rd_chan_queued(s->chan));
	rd_json_put_count(out, "max_bitrate", s->rate);
	rd_json_put_ms(out, "latency_ms", s->latency_ns);
	rd_json_put_real(out, "seconds",
		s->since_ns ? (double)(now - s->since_ns) / (double)RD_NS_PER_S : 0, 1);
}

void
control_put_session(const struct session *s, struct rd_json *out)
{
	rd_json_open(out, '{');
	put_who(s, out);
	rd_json_put_text(out, "state", state_of(s));
	put_way(s, out);
	put_stream(s, out);
	rd_json_close(out, '}');
}

/* No name, key or address of anybody: a page of metrics is seen by more people. */
const struct rd_control_member control_session_members[] = {
	{"state", RD_CONTROL_TEXT, "", "how far it is"},
	{"path", RD_CONTROL_TEXT, "", "how it goes"},
	{"rtt_ms", RD_CONTROL_GAUGE, "ms", "round trip to the viewer"},
	{"rtt_min_ms", RD_CONTROL_GAUGE, "ms", "the least round trip on this path"},
	{"rtt_var_ms", RD_CONTROL_GAUGE, "ms", "how much it varies"},
	{"loss", RD_CONTROL_GAUGE, "ratio", "of the packets sent, what was lost"},
	{"packets", RD_CONTROL_COUNTER, "", "that were sent"},
	/* What came late after all is taken back. */
	{"packets_lost", RD_CONTROL_GAUGE, "", "of them, lost"},
	{"target_bitrate", RD_CONTROL_GAUGE, "bit/s", "what congestion control allows"},
	{"rate_in", RD_CONTROL_GAUGE, "bit/s", "of what comes back, of late"},
	{"rate_out", RD_CONTROL_GAUGE, "bit/s", "of the stream, of late"},
	{"bytes_in", RD_CONTROL_COUNTER, "B", "that came back"},
	{"bytes_out", RD_CONTROL_COUNTER, "B", "of the stream"},
	{"fps", RD_CONTROL_GAUGE, "1/s", "frames that went out, of late"},
	{"frames", RD_CONTROL_COUNTER, "", "that went out"},
	{"frames_lost", RD_CONTROL_COUNTER, "", "that were dropped, being late"},
	{"queued", RD_CONTROL_GAUGE, "B", "that wait to be sent"},
	{"max_bitrate", RD_CONTROL_GAUGE, "bit/s", "what the viewer asks not to exceed; 0: nothing"},
	{"latency_ms", RD_CONTROL_GAUGE, "ms", "until the viewer has said that it has a frame"},
	{"seconds", RD_CONTROL_GAUGE, "s", "since it began"},
	{0},
};

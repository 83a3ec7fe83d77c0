#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "rd-recv/session_priv.h"
#include "wire/msg_control.h"

/* A round trip that has changed by less is no news; and none is told more often. */
#define NEWS_NS (5 * RD_NS_PER_S)
#define LOOK_NS RD_NS_PER_S

static uint8_t
kind_of(const struct session *s, const struct rd_conn_way *way)
{
	if (way->path.relayed)
		return s->by_tls ? RD_REACHED_RELAY_TLS : RD_REACHED_RELAY;
	return way->path.stream ? RD_REACHED_TCP : RD_REACHED_DIRECT;
}

static struct rd_conn *
conn_of(const struct session *s)
{
	return s->dial ? rd_dial_conn(s->dial) : NULL;
}

/* Before the path's own round trip has been measured, what the session has learnt so far. */
static struct rd_conn_way
way_of(struct rd_conn *conn)
{
	struct rd_conn_stats stats;
	struct rd_conn_way way = rd_conn_way(conn);
	if (way.rtt_ns)
		return way;
	rd_conn_stats(conn, &stats);
	way.rtt_ns = stats.rtt.smoothed_ns;
	return way;
}

struct say_way
path_way(const struct session *s, char why[static 256])
{
	struct rd_conn *conn = conn_of(s);
	struct rd_conn_way way = way_of(conn);
	snprintf(why, 256, "%s", way.path.relayed && way.why ? way.why : "");
	return (struct say_way){
		.path = rd_reached_name(kind_of(s, &way)),
		.how = rd_path_how_name(way.how),
		.address = rd_conn_path(conn),
		.rtt = (double)way.rtt_ns / (double)RD_NS_PER_S,
		.relay = way.path.relayed ? s->relay.name : NULL,
		.why = why,
	};
}

/* What a person reads in the window's title. */
static void
put_text(char *out, size_t cap, const struct session *s, const struct rd_conn_way *way)
{
	bool why = way->why && *way->why;
	if (way->path.relayed)
		snprintf(out, cap, "by %.120s%s%.120s", s->relay.name, why ? ": " : "",
			why ? way->why : "");
	else
		snprintf(out, cap, "direct%s%s%s", way->how > RD_HOW_DIRECT ? ", by " : "",
			way->how > RD_HOW_DIRECT ? rd_path_how_name(way->how) : "",
			way->path.stream ? ", by TCP" : "");
}

/* To our reader; a recording needs no such message. */
static void
tell(struct session *s, const struct rd_conn_way *way)
{
	struct rd_buf b = {0};
	uint64_t us = way->rtt_ns / 1000;
	struct rd_path_now m = {
		.kind = kind_of(s, way),
		.how = (uint8_t)way->how,
		.rtt_us = us < UINT32_MAX ? (uint32_t)us : UINT32_MAX,
	};
	put_text(m.text, sizeof(m.text), s, way);
	rd_path_now_pack(&b, &m);
	rd_link_send_buf(s->link, RD_MSG_PATH, s->last_ns, &b);
	rd_buf_finish(&b);
	s->told.said = true;
	s->told.kind = m.kind;
	s->told.how = m.how;
	s->told.why = way->why;
	s->told.rtt_ns = way->rtt_ns;
}

static bool
is_news(const struct session *s, const struct rd_conn_way *way, uint64_t now)
{
	uint64_t old = s->told.rtt_ns, rtt = way->rtt_ns;
	uint64_t step = old > rtt ? old - rtt : rtt - old;
	if (!s->told.said || s->told.kind != kind_of(s, way) || s->told.how != way->how ||
			s->told.why != way->why)
		return true;
	return step > old / 4 && now - s->told.said_ns >= NEWS_NS;
}

/* It costs nothing while nothing happens: the loop sleeps then. */
void
path_check(struct session *s)
{
	uint64_t now = rd_clock_ns();
	if (s->phase != PHASE_STREAMING || !s->answers || !s->splice.begun || s->link_over)
		return;
	if (s->told.said && now - s->told.looked_ns < LOOK_NS)
		return;
	struct rd_conn_way way = way_of(conn_of(s));
	s->told.looked_ns = now;
	if (!is_news(s, &way, now))
		return;
	tell(s, &way);
	s->told.said_ns = now;
}

void
path_moved(struct session *s)
{
	char why[256];
	if (!conn_of(s))
		return;
	struct say_way way = path_way(s, why);
	say_moved(&s->say, &way);
	wake_learn(s);
	s->told.said = false;
}

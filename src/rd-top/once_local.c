#include <stdio.h>

#include "base/json.h"
#include "rd-top/layout.h"
#include "rd-top/once_local.h"

static void
json_text(struct rd_json *j, const char *key, const char *text)
{
	rd_json_put_text(j, key, *text ? text : NULL);
}

static void
json_peers(struct rd_json *j, const struct snapshot *s)
{
	rd_json_key(j, "sessions");
	rd_json_open(j, '[');
	for (unsigned i = 0; i < s->peers; i++) {
		const struct snapshot_peer *p = &s->peer[i];
		rd_json_open(j, '{');
		json_text(j, "peer", p->name);
		json_text(j, "session", p->id);
		json_text(j, "rights", p->rights);
		json_text(j, "path", p->path);
		json_text(j, "why", p->why);
		rd_json_put_real(j, "rate_out", p->rate, 0);
		rd_json_put_real(j, "fps", p->fps, 1);
		rd_json_put_real(j, "latency_ms", p->latency_ms, 3);
		rd_json_put_real(j, "rtt_ms", p->rtt_ms, 3);
		rd_json_put_real(j, "loss", p->loss, 4);
		rd_json_put_real(j, "seconds", p->age, 1);
		rd_json_close(j, '}');
	}
	rd_json_close(j, ']');
}

static void
json_programs(struct rd_json *j, const struct session *s)
{
	rd_json_key(j, "programs");
	rd_json_open(j, '[');
	for (unsigned i = 0; i < s->parts; i++) {
		const struct program *p = s->part[i];
		rd_json_open(j, '{');
		rd_json_put_text(j, "tool", p->now.tool);
		rd_json_put_number(j, "pid", p->now.pid);
		rd_json_put_bool(j, "answers", !p->hangs);
		rd_json_close(j, '}');
	}
	rd_json_close(j, ']');
}

static void
json_shares(struct rd_json *j, const struct session *s)
{
	rd_json_key(j, "stages_ms");
	rd_json_open(j, '{');
	for (unsigned i = 0; i < s->sum.stages; i++)
		rd_json_put_real(j, s->sum.stage[i].name, s->sum.stage[i].ms, 3);
	rd_json_close(j, '}');
	rd_json_key(j, "kind_shares");
	rd_json_open(j, '{');
	for (unsigned i = 0; i < KINDS; i++)
		rd_json_put_real(j, kind_names[i], s->share[i], 4);
	rd_json_close(j, '}');
}

static void
json_session(struct rd_json *j, const struct session *s)
{
	static const struct { const char *key; enum figure figure; int digits; } figures[] = {
		{"rate", FIGURE_RATE, 0}, {"rate_back", FIGURE_BACK, 0}, {"fps", FIGURE_FPS, 1},
		{"latency_ms", FIGURE_LATENCY, 3}, {"rtt_ms", FIGURE_RTT, 3}, {"loss", FIGURE_LOSS, 4},
		{"max_bitrate", FIGURE_LIMIT, 0}, {"uptime", FIGURE_AGE, 1}, {"width", FIGURE_WIDTH, 0},
		{"height", FIGURE_HEIGHT, 0},
	};
	enum style style;
	rd_json_open(j, '{');
	rd_json_put_text(j, "name", s->name);
	json_text(j, "session", s->sum.id);
	rd_json_put_text(j, "state", layout_state(s, &style));
	json_text(j, "peer", s->sum.what);
	json_text(j, "file", s->sum.film);
	json_text(j, "rights", s->sum.rights);
	for (unsigned i = 0; i < sizeof(figures) / sizeof(*figures); i++)
		rd_json_put_real(j, figures[i].key, s->sum.figure[figures[i].figure], figures[i].digits);
	json_text(j, "path", s->sum.path);
	json_text(j, "path_policy", s->sum.policy);
	json_text(j, "how", s->sum.how);
	json_text(j, "why", s->sum.why);
	json_shares(j, s);
	json_peers(j, &s->sum);
	json_programs(j, s);
	rd_json_close(j, '}');
}

void
once_local_json(struct rd_buf *out, const struct model *m, double time)
{
	struct rd_json j = {0};
	rd_json_open(&j, '{');
	rd_json_put_real(&j, "time", time, 3);
	rd_json_key(&j, "sessions");
	rd_json_open(&j, '[');
	for (unsigned i = 0; i < m->sessions; i++)
		json_session(&j, m->session[i]);
	rd_json_close(&j, ']');
	rd_json_close(&j, '}');
	rd_json_line(&j);
	rd_buf_bytes(out, j.text.data, j.text.len);
	rd_json_finish(&j);
}

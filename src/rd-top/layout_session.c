#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rd-top/format.h"
#include "rd-top/layout.h"

/* Rows that are filled from the top, until there are none left. */
struct part {
	struct grid *g;
	const struct session *s;
	unsigned y, end;
	unsigned high;		/* rows of a figure */
};

/* --- words --- */

const char *
layout_state(const struct session *s, enum style *style)
{
	*style = STYLE_BAD;
	if (s->hangs)
		return "hangs";
	*style = STYLE_WARN;
	static const char *const good[] = {"streaming", "serving", "recording", "showing",
		"encoding"};
	for (unsigned i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (strcmp(s->sum.state, good[i]) == 0)
			*style = STYLE_GOOD;
	return s->sum.state[0] ? s->sum.state : "-";
}

void
layout_tools(const struct session *s, char *out, size_t cap)
{
	size_t used = 0;
	out[0] = '\0';
	for (unsigned i = 0; i < s->parts && used < cap; i++) {
		const char *tool = s->part[i]->now.tool;
		tool += strncmp(tool, "rd-", 3) == 0 ? 3 : 0;
		int n = snprintf(out + used, cap - used, "%s%s", used ? "+" : "", tool);
		used += n > 0 ? (size_t)n : 0;
	}
}

/* --- figures --- */

static void
figure(struct part *p, const struct layout_figure *f)
{
	/* What none of its programs ever told takes no room. */
	if (p->y + p->high > p->end || !f->ring->known)
		return;
	layout_figure(p->g, p->y, p->high, f);
	p->y += p->high;
}

static void
put_rates(struct part *p)
{
	char b[FORMAT_MAX], note[96] = "";
	const double *f = p->s->sum.figure;
	if (f[FIGURE_LIMIT] > 0)
		snprintf(note, sizeof(note), "at most %s", format_rate(b, f[FIGURE_LIMIT]));
	else if (f[FIGURE_BACK] > 0)
		snprintf(note, sizeof(note), "back %s", format_rate(b, f[FIGURE_BACK]));
	figure(p, &(struct layout_figure){"rate", note, f[FIGURE_RATE], format_rate,
		&p->s->ring[FIGURE_RATE], 1e4});
	note[0] = '\0';
	if (f[FIGURE_WIDTH] > 0)
		snprintf(note, sizeof(note), "%.0fx%.0f", f[FIGURE_WIDTH], f[FIGURE_HEIGHT]);
	figure(p, &(struct layout_figure){"frames", note, f[FIGURE_FPS], format_each_s,
		&p->s->ring[FIGURE_FPS], 30});
}

static bool
has_tool(const struct session *s, const char *tool)
{
	for (unsigned i = 0; i < s->parts; i++)
		if (strcmp(s->part[i]->now.tool, tool) == 0)
			return true;
	return false;
}

static void
put_times(struct part *p)
{
	char b[FORMAT_MAX], note[64];
	const double *f = p->s->sum.figure;
	snprintf(note, sizeof(note), "loss %s", format_share(b, f[FIGURE_LOSS]));
	figure(p, &(struct layout_figure){"round trip", note, f[FIGURE_RTT], format_ms,
		&p->s->ring[FIGURE_RTT], 10});
	const char *which = has_tool(p->s, "rd-view") ? "drawn there, seen here"
		: "sent here, seen there";
	figure(p, &(struct layout_figure){"latency", which, f[FIGURE_LATENCY],
		format_ms, &p->s->ring[FIGURE_LATENCY], 10});
}

/* All on one scale: the eye sees which of them it is that takes so long. */
static void
put_stages(struct part *p)
{
	double most = 10;
	for (unsigned i = 0; i < p->s->stages; i++)
		most = fmax(most, ring_max(&p->s->stage[i].ring, p->g->cols));
	for (unsigned i = 0; i < p->s->stages; i++) {
		const struct stage *t = &p->s->stage[i];
		char label[32];
		snprintf(label, sizeof(label), "  %.9s", t->name);
		figure(p, &(struct layout_figure){label, NULL, ring_back(&t->ring, 0), format_ms,
			&t->ring, most});
	}
}

/* --- the rest, a line each --- */

static unsigned
line(struct part *p, const char *label)
{
	if (p->y >= p->end)
		return 0;
	grid_text(p->g, p->y, 1, 11, STYLE_DIM, label);
	return 1;
}

static void
text(struct part *p, unsigned x, enum style s, const char *what)
{
	if (x < p->g->cols)
		grid_text(p->g, p->y, x, p->g->cols - x - 1, s, what);
}

static void
put_path(struct part *p)
{
	char out[4 * SNAPSHOT_TEXT];
	const struct snapshot *s = &p->s->sum;
	if ((!s->path[0] && !s->policy[0]) || !line(p, "path"))
		return;
	const char *path = s->path[0] ? s->path : "none yet";
	grid_text(p->g, p->y, 13, p->g->cols - 14, STYLE_STRONG, path);
	bool forced = s->policy[0] && strcmp(s->policy, "auto") != 0;
	snprintf(out, sizeof(out), "%s%s%s%s%s%s%s%s", forced ? "(only " : "", forced ? s->policy : "",
		forced ? ") " : "", s->how, s->how[0] && s->where[0] ? ", " : "", s->where,
		s->why[0] ? s->how[0] || s->where[0] ? ": " : "because: " : "", s->why);
	text(p, 14 + grid_width(p->g, path), STYLE_PLAIN, out);
	p->y++;
}

static void
put_kinds(struct part *p)
{
	const double *kind = p->s->share;
	unsigned x = 13, bar = p->g->cols >= 120 ? 48 : 24;
	if (isnan(kind[0]) || !line(p, "kinds"))
		return;
	for (unsigned i = 0; i < KINDS; i++) {
		char share[FORMAT_MAX], word[64];
		snprintf(word, sizeof(word), "%s %s", kind_names[i], format_share(share, kind[i]));
		if (x + 16 > p->g->cols)
			break;
		grid_point(p->g, p->y, x, STYLE_GRAPH, grid_filling(p->g, i));
		grid_text(p->g, p->y, x + 2, 13, kind[i] > 0 ? STYLE_PLAIN : STYLE_DIM, word);
		x += 14;
	}
	if (x + 9 < p->g->cols)
		grid_bar(p->g, p->y, x + 1, bar < p->g->cols - 2 - x ? bar : p->g->cols - 2 - x, kind,
			KINDS);
	p->y++;
}

static void
put_peer(struct part *p, const struct snapshot_peer *peer, const char *label, bool counted)
{
	char a[FORMAT_MAX], b[FORMAT_MAX], c[FORMAT_MAX], out[3 * SNAPSHOT_TEXT];
	if (!line(p, label))
		return;
	unsigned x = 13, wide = p->g->cols >= 120 ? 28 : 18;
	if (counted && peer->number)
		snprintf(out, sizeof(out), "%u %s", peer->number, peer->name);
	else
		snprintf(out, sizeof(out), "%s", peer->name);
	grid_text(p->g, p->y, x, wide, STYLE_STRONG, out);
	x += wide + 1;
	const char *rights = peer->rights[0] ? peer->rights : "nothing";
	format_ms(b, peer->rtt_ms);
	if (p->g->cols >= 120)
		snprintf(out, sizeof(out), "%-9s  %11s  %7s  loss %5s  may %s", peer->path,
			format_rate(a, peer->rate), b, format_share(c, peer->loss), rights);
	else
		snprintf(out, sizeof(out), "%-6s %7s  may %s", peer->path, b, rights);
	text(p, x, STYLE_PLAIN, out);
	p->y++;
}

/* At the other end: who we are with, and what he lets us do; of a film, what it is of. */
static void
put_host(struct part *p)
{
	const struct snapshot *s = &p->s->sum;
	char out[2 * SNAPSHOT_TEXT];
	const char *who = s->film[0] ? s->film : s->what;
	if (s->peers || !who[0] || !line(p, s->film[0] ? "film" : "with"))
		return;
	grid_text(p->g, p->y, 13, p->g->cols - 14, STYLE_STRONG, who);
	snprintf(out, sizeof(out), "%s%s", s->film[0] ? "of " : "lets us ",
		s->film[0] ? s->what : s->rights);
	if (s->film[0] ? s->what[0] : s->rights[0])
		text(p, 15 + grid_width(p->g, who), STYLE_PLAIN, out);
	p->y++;
}

static void
put_peers(struct part *p)
{
	const struct snapshot *s = &p->s->sum;
	for (unsigned i = 0; i < s->peers; i++) {
		bool last = p->y + 1 == p->end && s->peers - i + s->peers_more > 1;
		char more[48];
		if (!last) {
			put_peer(p, &s->peer[i], i ? "" : "peers", s->peers > 1);
			continue;
		}
		snprintf(more, sizeof(more), "and %u more", s->peers - i + s->peers_more);
		line(p, i ? "" : "peers");
		text(p, 13, STYLE_DIM, more);
		p->y++;
		return;
	}
}

static void
put_programs(struct part *p)
{
	for (unsigned i = 0; i < p->s->parts; i++) {
		const struct program *q = p->s->part[i];
		char out[160], age[FORMAT_MAX];
		if (!line(p, i ? "" : "programs"))
			return;
		grid_text(p->g, p->y, 13, 12, STYLE_STRONG, q->now.tool);
		snprintf(out, sizeof(out), "process %ld, for %s%s", (long)q->now.pid,
			format_age(age, q->now.figure[FIGURE_AGE]), q->hangs ? ": does not answer" : "");
		text(p, 26, q->hangs ? STYLE_BAD : STYLE_PLAIN, out);
		p->y++;
	}
}

/* How high figures can be so that all the rest has a row. */
static unsigned
height(const struct session *s, unsigned rows)
{
	static const enum figure shown[] = {FIGURE_RATE, FIGURE_FPS, FIGURE_RTT, FIGURE_LATENCY};
	unsigned figures = s->stages, rest = 3 + s->sum.peers + s->parts;
	for (unsigned i = 0; i < sizeof(shown) / sizeof(*shown); i++)
		figures += s->ring[shown[i]].known;
	unsigned high = rows > rest && figures ? (rows - rest) / figures : 1;
	return high < 1 ? 1 : high > 6 ? 6 : high;
}

void
layout_session(struct grid *g, unsigned y, unsigned end, const struct session *s)
{
	struct part p = {.g = g, .s = s, .y = y, .end = end};
	if (end <= y)
		return;
	p.high = height(s, end - y);
	put_rates(&p);
	put_times(&p);
	put_stages(&p);
	put_path(&p);
	put_kinds(&p);
	put_host(&p);
	put_peers(&p);
	put_programs(&p);
}

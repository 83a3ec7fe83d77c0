#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rd-top/format.h"
#include "rd-top/layout.h"

/* The rows that are there, one after the other. */
struct part {
	struct grid *g;
	const struct relay *r;
	unsigned y, end;	/* the next, and the first that is taken */
	unsigned high;		/* rows of a figure */
};

static void
put(struct part *p, const struct layout_figure *f)
{
	unsigned high = f->ring ? p->high : 1;
	if (p->y + high > p->end)
		return;
	layout_figure(p->g, p->y, high, f);
	p->y += high;
}

static void
put_people(struct part *p)
{
	char a[FORMAT_MAX], b[FORMAT_MAX], c[FORMAT_MAX], d[FORMAT_MAX], note[128];
	const struct relay *r = p->r;
	format_count(a, relay_now(r, "rd_sessions", "path", "udp"));
	format_count(b, relay_now(r, "rd_sessions", "path", "tls"));
	snprintf(note, sizeof(note), "%s UDP  %s TLS", a, b);
	put(p, &(struct layout_figure){"sessions", note, relay_now(r, "rd_sessions", NULL, NULL),
		format_count, &r->sessions, 4});
	format_count(a, relay_now(r, "rd_peers", "transport", "udp"));
	format_count(b, relay_now(r, "rd_peers", "transport", "tls"));
	format_count(c, relay_now(r, "rd_hosts", NULL, NULL));
	format_count(d, relay_now(r, "rd_slots", NULL, NULL));
	snprintf(note, sizeof(note), "%s UDP  %s TLS  %s hosts", a, b, c);
	if (strcmp(d, "0") != 0)
		snprintf(note, sizeof(note), "%s UDP %s TLS %s hosts %s codes", a, b, c, d);
	put(p, &(struct layout_figure){"peers", note, relay_now(r, "rd_peers", NULL, NULL),
		format_count, &r->peers, 4});
}

static void
put_rate(struct part *p, const char *label, const char *dir, const struct ring *ring)
{
	char b[FORMAT_MAX], note[64];
	format_count(b, relay_rate(p->r, "rd_packets_total", "dir", dir));
	snprintf(note, sizeof(note), "%s packets/s", b);
	put(p, &(struct layout_figure){label, note, 8 * relay_rate(p->r, "rd_bytes_total", "dir", dir),
		format_rate, ring, 1e5});
}

/* Histograms tell bounds: nothing above the last of them is known. */
static const char *
format_bound(char *out, double seconds)
{
	if (isinf(seconds))
		snprintf(out, FORMAT_MAX, ">100 ms");
	else
		format_us(out, seconds * 1e6);
	return out;
}

static void
put_times(struct part *p)
{
	char a[FORMAT_MAX], note[64];
	format_bound(a, relay_quantile(p->r, "rd_forward_seconds", 0.99));
	snprintf(note, sizeof(note), "half of it; 99 %% in %s", a);
	put(p, &(struct layout_figure){.label = "forwards in", .note = note, .format = format_bound,
		.now = relay_quantile(p->r, "rd_forward_seconds", 0.5)});
	format_bound(a, relay_quantile(p->r, "rd_queue_sojourn_seconds", 0.99));
	snprintf(note, sizeof(note), "half of it; 99 %% in %s", a);
	put(p, &(struct layout_figure){.label = "TLS queue", .note = note, .format = format_bound,
		.now = relay_quantile(p->r, "rd_queue_sojourn_seconds", 0.5)});
}

static void
put_process(struct part *p)
{
	char b[FORMAT_MAX], note[64];
	const struct relay *r = p->r;
	format_bytes(b, relay_now(r, "process_max_resident_memory_bytes", NULL, NULL));
	snprintf(note, sizeof(note), "of a core  %s", b);
	put(p, &(struct layout_figure){"processor", note,
		relay_rate(r, "process_cpu_seconds_total", NULL, NULL), format_share, &r->busy, 0.1});
}

static void
put_classes(struct part *p)
{
	static const char *const classes[] = {"control", "sound", "picture", "bulk"};
	unsigned x = 12;
	if (p->y >= p->end)
		return;
	grid_text(p->g, p->y, 1, 10, STYLE_DIM, "packets/s");
	for (unsigned i = 0; i < 4; i++) {
		char a[FORMAT_MAX];
		format_count(a, relay_rate(p->r, "rd_packets_total", "class", classes[i]));
		grid_right(p->g, p->y, x, 6, STYLE_PLAIN, a);
		grid_text(p->g, p->y, x + 7, 8, STYLE_DIM, classes[i]);
		x += 17;
	}
	p->y++;
}

/* --- refusals --- */

static void
put_refusal(struct part *p, const struct relay_refusal *f, unsigned y, unsigned x)
{
	char rate[FORMAT_MAX], all[FORMAT_MAX];
	double now = relay_rate(p->r, f->name, f->label, f->value);
	double total = relay_now(p->r, f->name, f->label, f->value);
	enum style s = now > 0 ? f->strange ? STYLE_BAD : STYLE_WARN : STYLE_DIM;
	grid_text(p->g, y, x, 21, total > 0 ? STYLE_PLAIN : STYLE_DIM, f->words);
	grid_right(p->g, y, x + 21, 7, s, now > 0 ? format_real(rate, now) : p->g->utf8 ? "\u00b7" : "-");
	grid_right(p->g, y, x + 29, 7, total > 0 ? STYLE_PLAIN : STYLE_DIM,
		format_count(all, total));
}

static void
put_refusals(struct part *p)
{
	unsigned columns = p->g->cols / 38, wide = 38;
	if (columns == 0 || p->y + 3 > p->end)
		return;
	if (columns > 3)
		columns = 3;
	unsigned rows = (RELAY_REFUSALS + columns - 1) / columns;
	layout_title(p->g, p->y++, "Refused", NULL);
	for (unsigned c = 0; c < columns; c++) {
		grid_right(p->g, p->y, 1 + c * wide + 21, 7, STYLE_HEAD, "/s");
		grid_right(p->g, p->y, 1 + c * wide + 29, 7, STYLE_HEAD, "in all");
	}
	p->y++;
	for (unsigned i = 0; i < RELAY_REFUSALS; i++) {
		unsigned y = p->y + i % rows;
		if (y < p->end)
			put_refusal(p, &relay_refusals[i], y, 1 + i / rows * wide);
	}
}

static void
put_head(struct grid *g, const struct relay *r, const char *url, const char *clock)
{
	if (r->trouble[0]) {
		layout_head(g, url, STYLE_BAD, "no answer", clock);
		grid_text(g, 1, 1, g->cols - 1, STYLE_BAD, r->trouble);
	} else if (relay_now(r, "rd_draining", NULL, NULL) > 0) {
		layout_head(g, url, STYLE_WARN, "draining", clock);
	} else if (relay_now(r, "rd_crowded", NULL, NULL) > 0) {
		layout_head(g, url, STYLE_WARN, "crowded: no new sessions", clock);
	} else {
		layout_head(g, url, STYLE_GOOD, r->now_ns ? "serves" : "asking", clock);
	}
}

void
layout_relay(struct grid *g, const struct relay *r, const char *url, const char *clock)
{
	static const char *const keys[] = {"q", "leave", "?", "help", "space", "hold", NULL};
	if (!layout_fits(g))
		return;
	put_head(g, r, url, clock);
	layout_keys(g, keys);
	/* Figures grow with the page; what is refused keeps its place below them. */
	unsigned spare = g->rows > 24 ? (g->rows - 24) / 5 : 0;
	struct part p = {.g = g, .r = r, .y = 2, .end = g->rows - 1, .high = 1 + (spare < 5 ? spare : 5)};
	if (!r->now_ns)
		return;
	put_people(&p);
	put_rate(&p, "in", "in", &r->in_bps);
	put_rate(&p, "out", "out", &r->out_bps);
	put_classes(&p);
	put_process(&p);
	put_times(&p);
	p.y++;
	put_refusals(&p);
}

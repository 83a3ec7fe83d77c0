#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "rd-top/model.h"

/* --- programs --- */

struct program *
model_find(const struct model *m, const char *file)
{
	for (unsigned i = 0; i < m->programs; i++)
		if (strcmp(m->program[i]->file, file) == 0)
			return m->program[i];
	return NULL;
}

struct program *
model_add(struct model *m, const char *file)
{
	if (m->programs == MODEL_PROGRAMS_MAX)
		return NULL;
	struct program *p = xcalloc(1, sizeof(*p));
	p->file = xstrdup(file);
	snapshot_clear(&p->now);
	m->program[m->programs++] = p;
	return p;
}

static void
free_program(struct program *p)
{
	free(p->file);
	free(p);
}

void
model_remove(struct model *m, struct program *p)
{
	for (unsigned i = 0; i < m->programs; i++)
		if (m->program[i] == p)
			m->program[i--] = m->program[--m->programs];
	free_program(p);
	model_arrange(m);
}

static double
rate(double now, double before, uint64_t ns)
{
	return now >= before && ns ? (now - before) * 1e9 / (double)ns : NAN;
}

void
model_take(struct program *p, const struct snapshot *s, uint64_t now_ns)
{
	struct snapshot before = p->now;
	p->now = *s;
	if (isnan(s->figure[FIGURE_RATE]))
		p->now.figure[FIGURE_RATE] = 8 * rate(s->bytes, before.bytes, now_ns - p->now_ns);
	if (isnan(s->figure[FIGURE_FPS]))
		p->now.figure[FIGURE_FPS] = rate(s->pictures, before.pictures, now_ns - p->now_ns);
	p->now_ns = now_ns;
	p->answered = true;
	p->hangs = false;
}

/* --- sessions out of them --- */

/* Who is asked first for what several know: the network's ends, then the viewer, … */
static unsigned
rank(const struct program *p)
{
	static const char *const tools[] = {
		"rd-recv", "rd-send", "rd-view", "rd-record", "rd-encode", "rd-capture",
	};
	unsigned i = 0;
	while (i < sizeof(tools) / sizeof(*tools) && strcmp(tools[i], p->now.tool) != 0)
		i++;
	return i;
}

static int
compare_parts(const void *a, const void *b)
{
	const struct program *x = *(struct program *const *)a, *y = *(struct program *const *)b;
	unsigned i = rank(x), k = rank(y);
	return i != k ? (i > k) - (i < k) : (x->now.pid > y->now.pid) - (x->now.pid < y->now.pid);
}

/* Of texts, too, the first counts. */
static void
take_text(char *to, const char *from, size_t size)
{
	if (!*to)
		memcpy(to, from, size);
}

static void
take_stages(struct snapshot *sum, const struct snapshot *s)
{
	for (unsigned i = 0; i < s->stages; i++) {
		unsigned k = 0;
		while (k < sum->stages && strcmp(sum->stage[k].name, s->stage[i].name) != 0)
			k++;
		if (k == sum->stages && k < SNAPSHOT_STAGES)
			sum->stage[sum->stages++] = s->stage[i];
	}
}

static void
take_peers(struct snapshot *sum, const struct snapshot *s)
{
	for (unsigned i = 0; i < s->peers; i++) {
		if (sum->peers < SNAPSHOT_PEERS)
			sum->peer[sum->peers++] = s->peer[i];
		else
			sum->peers_more++;
	}
	sum->peers_more += s->peers_more;
}

static void
take(struct snapshot *sum, const struct snapshot *s)
{
	for (unsigned i = 0; i < FIGURES; i++)
		if (isnan(sum->figure[i]))
			sum->figure[i] = s->figure[i];
	if (isnan(sum->kind[KIND_EXACT]))
		memcpy(sum->kind, s->kind, sizeof(sum->kind));
	take_text(sum->state, s->state, sizeof(sum->state));
	take_text(sum->path, s->path, sizeof(sum->path));
	take_text(sum->policy, s->policy, sizeof(sum->policy));
	take_text(sum->how, s->how, sizeof(sum->how));
	take_text(sum->why, s->why, sizeof(sum->why));
	take_text(sum->where, s->where, sizeof(sum->where));
	take_text(sum->id, s->id, sizeof(sum->id));
	take_text(sum->what, s->what, sizeof(sum->what));
	take_text(sum->film, s->film, sizeof(sum->film));
	take_text(sum->rights, s->rights, sizeof(sum->rights));
	take_stages(sum, s);
	take_peers(sum, s);
}

static void
sum_up(struct session *s)
{
	qsort(s->part, s->parts, sizeof(*s->part), compare_parts);
	snapshot_clear(&s->sum);
	s->hangs = false;
	for (unsigned i = 0; i < s->parts; i++) {
		const struct program *p = s->part[i];
		s->hangs = s->hangs || p->hangs;
		if (p->hangs)
			continue;
		take(&s->sum, &p->now);
		/* The oldest of them began it. */
		if (p->now.figure[FIGURE_AGE] > s->sum.figure[FIGURE_AGE])
			s->sum.figure[FIGURE_AGE] = p->now.figure[FIGURE_AGE];
	}
	if (model_paused(s))
		snprintf(s->sum.state, sizeof(s->sum.state), "%s", snapshot_paused);
	snprintf(s->name, sizeof(s->name), "%s", s->part[0]->now.name);
}

static struct session *
session_of(struct model *m, const struct program *p)
{
	char key[SNAPSHOT_TEXT + 32];
	pid_t leader = p->now.leader ? p->now.leader : p->now.pid;
	snprintf(key, sizeof(key), "%ld.%s", (long)leader, p->now.name);
	for (unsigned i = 0; i < m->sessions; i++)
		if (strcmp(m->session[i]->key, key) == 0)
			return m->session[i];
	struct session *s = xcalloc(1, sizeof(*s));
	s->key = xstrdup(key);
	for (unsigned i = 0; i < KINDS; i++)
		s->share[i] = s->kind_before[i] = NAN;
	m->session[m->sessions++] = s;
	return s;
}

static void
free_session(struct session *s)
{
	free(s->key);
	free(s);
}

static void
drop_gone(struct model *m)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < m->sessions; i++) {
		if (m->session[i]->parts)
			m->session[kept++] = m->session[i];
		else
			free_session(m->session[i]);
	}
	m->sessions = kept;
}

void
model_arrange(struct model *m)
{
	for (unsigned i = 0; i < m->sessions; i++)
		m->session[i]->parts = 0;
	for (unsigned i = 0; i < m->programs; i++) {
		if (!m->program[i]->answered && !m->program[i]->hangs)
			continue;
		struct session *s = session_of(m, m->program[i]);
		s->part[s->parts++] = m->program[i];
	}
	drop_gone(m);
	for (unsigned i = 0; i < m->sessions; i++)
		sum_up(m->session[i]);
	model_order(m);
}

static double
stage_now(const struct snapshot *sum, const char *name)
{
	for (unsigned i = 0; i < sum->stages; i++)
		if (strcmp(sum->stage[i].name, name) == 0)
			return sum->stage[i].ms;
	return NAN;
}

static void
meet_stage(struct session *s, const char name[static SNAPSHOT_STAGE])
{
	for (unsigned i = 0; i < s->stages; i++)
		if (strcmp(s->stage[i].name, name) == 0)
			return;
	if (s->stages < SNAPSHOT_STAGES)
		memcpy(s->stage[s->stages++].name, name, SNAPSHOT_STAGE);
}

/* Of the pixels since the last look; of none, what it was before. */
static void
share_kinds(struct session *s)
{
	double more[KINDS], sum = 0;
	for (unsigned i = 0; i < KINDS; i++) {
		more[i] = s->sum.kind[i] - s->kind_before[i];
		/* The first time, or of a program that began anew: all that there were. */
		if (!(more[i] >= 0))
			more[i] = s->sum.kind[i] >= 0 ? s->sum.kind[i] : 0;
		sum += more[i];
		s->kind_before[i] = s->sum.kind[i];
	}
	for (unsigned i = 0; i < KINDS && sum > 0; i++)
		s->share[i] = more[i] / sum;
}

static void
remember(struct session *s)
{
	share_kinds(s);
	for (unsigned i = 0; i < FIGURES; i++)
		ring_push(&s->ring[i], s->sum.figure[i]);
	for (unsigned i = 0; i < s->sum.stages; i++)
		meet_stage(s, s->sum.stage[i].name);
	for (unsigned i = 0; i < s->stages; i++)
		ring_push(&s->stage[i].ring, stage_now(&s->sum, s->stage[i].name));
}

void
model_look(struct model *m)
{
	model_arrange(m);
	for (unsigned i = 0; i < m->sessions; i++)
		remember(m->session[i]);
}

void
model_finish(struct model *m)
{
	for (unsigned i = 0; i < m->programs; i++)
		free_program(m->program[i]);
	for (unsigned i = 0; i < m->sessions; i++)
		free_session(m->session[i]);
	free(m->selected);
	*m = (struct model){0};
}

/* --- whom to tell --- */

static bool
stands(const struct program *p)
{
	return strcmp(p->now.state, snapshot_paused) == 0;
}

bool
model_paused(const struct session *s)
{
	for (unsigned i = 0; i < s->parts; i++)
		if (stands(s->part[i]))
			return true;
	return false;
}

/*
 * The first in the order of parts: the end at the network, where there is one. It is
 * ended by whoever began it, for the others end with him; and goes on by who stands.
 */
struct program *
model_who_does(const struct session *s, enum verb v)
{
	struct program *first = NULL;
	for (unsigned i = 0; i < s->parts; i++) {
		struct program *p = s->part[i];
		bool preferred = (v == VERB_END && p->now.pid == p->now.leader) ||
			(v == VERB_RESUME && stands(p));
		if (p->verb[v] && (preferred || !first))
			first = p;
		if (first == p && preferred)
			break;
	}
	return first;
}

struct program *
model_who_hosts(const struct session *s)
{
	for (unsigned i = 0; i < s->parts; i++)
		if (s->part[i]->now.peers && s->part[i]->verb[VERB_END])
			return s->part[i];
	return NULL;
}

struct program *
model_who_sets(const struct session *s, enum settable k)
{
	for (unsigned i = 0; i < s->parts; i++)
		if (s->part[i]->settable[k])
			return s->part[i];
	return NULL;
}

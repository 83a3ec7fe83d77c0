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

/* --- sessions out of them --- */

/* Who is asked first for what several know: the network's ends, then the viewer, … */
static unsigned
rank(const struct program *p)
{
	static const char *const tools[] = {
		"rd-recv", "rd-send", "rd-view", "rd-encode", "rd-record", "rd-capture",
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
	take_text(sum->rights, s->rights, sizeof(sum->rights));
	take_stages(sum, s);
	take_peers(sum, s);
}

static void
sum_up(struct session *s)
{
	qsort(s->part, s->parts, sizeof(*s->part), compare_parts);
	snapshot_clear(&s->sum);
	s->hangs = true;
	for (unsigned i = 0; i < s->parts; i++) {
		const struct program *p = s->part[i];
		take(&s->sum, &p->now);
		s->hangs = s->hangs && p->hangs;
		/* The oldest of them began it. */
		if (p->now.figure[FIGURE_AGE] > s->sum.figure[FIGURE_AGE])
			s->sum.figure[FIGURE_AGE] = p->now.figure[FIGURE_AGE];
	}
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
		ring_push(&s->ring[i], s->hangs ? NAN : s->sum.figure[i]);
	for (unsigned i = 0; i < s->sum.stages; i++)
		meet_stage(s, s->sum.stage[i].name);
	for (unsigned i = 0; i < s->stages; i++)
		ring_push(&s->stage[i].ring, s->hangs ? NAN : stage_now(&s->sum, s->stage[i].name));
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

/* Whoever began it, where that is one of them: else whoever comes first. */
static struct program *
best(const struct session *s, bool (*can)(const struct program *, unsigned), unsigned what)
{
	struct program *first = NULL;
	for (unsigned i = 0; i < s->parts; i++) {
		struct program *p = s->part[i];
		if (!can(p, what))
			continue;
		if (p->now.pid == p->now.leader)
			return p;
		first = first ? first : p;
	}
	return first;
}

static bool
does(const struct program *p, unsigned verb)
{
	return p->verb[verb];
}

static bool
sets(const struct program *p, unsigned key)
{
	return p->settable[key];
}

struct program *
model_who_does(const struct session *s, enum verb v)
{
	return best(s, does, v);
}

struct program *
model_who_sets(const struct session *s, enum settable k)
{
	return best(s, sets, k);
}

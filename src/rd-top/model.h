#ifndef RD_TOP_MODEL_H
#define RD_TOP_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "rd-top/options.h"
#include "rd-top/ring.h"
#include "rd-top/snapshot.h"

/*
 * What runs: programs, each as its control socket tells it, and the sessions they
 * make, with what those have been. Programs that one of them started (or that
 * stand in its pipeline) have the same leader: they are one session. Pure.
 */
#define MODEL_PROGRAMS_MAX 256

struct program {
	char *file;			/* of its socket: who it is */
	struct snapshot now;
	uint64_t now_ns;		/* of when that is */
	bool answered, hangs;		/* at least once; not to the last question */
	bool verb[VERBS], settable[SETTABLES]; /* what it can be told */
};

struct stage { char name[SNAPSHOT_STAGE]; struct ring ring; };

struct session {
	char *key;			/* who it is, over time */
	char name[SNAPSHOT_TEXT];
	struct program *part[MODEL_PROGRAMS_MAX]; /* who is asked first comes first */
	unsigned parts;
	struct snapshot sum;		/* of all parts: of each figure the first that has it */
	double kind_before[KINDS];	/* pixels so far, at the look before */
	double share[KINDS];		/* of 1: what pictures were made of, when there were any */
	bool hangs;			/* one of them does not answer: its figures are not in the sum */
	struct ring ring[FIGURES];
	struct stage stage[SNAPSHOT_STAGES]; /* all that there have been */
	unsigned stages;
};

struct model {
	struct program *program[MODEL_PROGRAMS_MAX];
	unsigned programs;
	struct session *session[2 * MODEL_PROGRAMS_MAX]; /* while it is arranged: the old ones too */
	unsigned sessions;
	enum sort sort;
	bool reverse;
	char *selected;			/* the session of that key, or NULL */
	unsigned place;			/* where that was last */
};

void model_finish(struct model *m);
/* NULL: there are too many. */
struct program *model_add(struct model *m, const char *file);
struct program *model_find(const struct model *m, const char *file);
/* It has answered. Of counters that tell no rate, rates are made. */
void model_take(struct program *p, const struct snapshot *s, uint64_t now_ns);
void model_remove(struct model *m, struct program *p);
/* Sessions anew from programs, with one more value in each history; sorted. */
void model_look(struct model *m);
/* The same without histories: a program came or went, or the order is another one. */
void model_arrange(struct model *m);

/* Sorts the sessions by what m->sort says; model_arrange does. */
void model_order(struct model *m);
/* Place of the session that is selected; 0 when none is. */
unsigned model_selected(const struct model *m);
/* Selects another: clamped to those that are there. */
void model_select(struct model *m, long place);
bool model_paused(const struct session *s);
/* Whom to tell it; NULL: nobody of that session takes it. */
struct program *model_who_does(const struct session *s, enum verb v);
/* Whose viewers those are, and who can send one off. */
struct program *model_who_hosts(const struct session *s);
struct program *model_who_sets(const struct session *s, enum settable k);

#endif

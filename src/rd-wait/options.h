#ifndef RD_WAIT_OPTIONS_H
#define RD_WAIT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "look/ask.h"
#include "media/rect.h"

/* So many, each with an exit status of its own. */
#define TARGETS_MAX 20
#define IGNORED_MAX 16

enum target_kind { TARGET_STILL, TARGET_IMAGE, TARGET_CHANGE, TARGET_TEXT };

/* One thing that is waited for, in the order of the command line. */
struct target {
	enum target_kind kind;
	const char *name;	/* as given: a file, a text, a time, a region */
	uint64_t still_ns;
	struct rd_rect region;	/* TARGET_CHANGE */
};

/* What the command line asks for. Strings are borrowed from it. */
struct options {
	struct rd_ask ask;
	struct target target[TARGETS_MAX];
	int targets;
	struct rd_rect region;	/* where images and texts may be and what is to be still; empty: all */
	struct rd_rect ignored[IGNORED_MAX];
	int ignored_count;
	double tolerance, differ; /* percent */
	uint64_t timeout_ns;	/* 0: none */
	const char *save;	/* a picture at timeout, or NULL */
	const char *language;
	bool json;
	bool confine;
};

/* As rd_opt_parse: false when the program should end now with *code. */
bool options_parse(struct options *o, int argc, char **argv, int *code);

/* "image", … */
const char *target_kind_name(enum target_kind kind);
/* The exit status of the nth target, from 0. */
int target_exit(int n);

#endif

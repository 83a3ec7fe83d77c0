#ifndef RD_CONTROL_TABLE_H
#define RD_CONTROL_TABLE_H

#include "base/histogram.h"
#include "base/json.h"

/*
 * What a program can be asked and told: a table each of values and of verbs, which
 * are also its documentation (rd-events(7) is tested against them), its statistics
 * and, numbers by their kinds, its metrics.
 */
enum rd_control_kind {
	RD_CONTROL_TEXT,
	RD_CONTROL_GAUGE,	/* a number that goes up and down, */
	RD_CONTROL_COUNTER,	/* … that only grows */
	RD_CONTROL_FLAG,	/* true, false */
	RD_CONTROL_LIST,	/* an array of objects, or an object */
};

/* What is said to a request beyond yes: members of an object; or why not. */
struct rd_control_answer {
	struct rd_json json;
	char why[256];
};
/* Says why, and gives back `err`. */
int rd_control_refuse(struct rd_control_answer *a, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

struct rd_control_value {
	const char *key;	/* "rtt-ms"; in JSON rtt_ms; NULL ends the table */
	enum rd_control_kind kind;
	const char *unit;	/* of numbers: "ms", "bit/s", "B"; "" */
	const char *help;	/* one sentence, no full stop */
	/* Writes one value; null where it is not known now. */
	void (*get)(void *ctx, struct rd_json *out);
	/* NULL: it cannot be set. 0; -EINVAL: no such value; else: it cannot be now; and why. */
	int (*set)(void *ctx, const char *text, struct rd_control_answer *a);
};

struct rd_control_verb {
	const char *name;	/* NULL ends the table */
	const char *argument;	/* "", "[FILE]", "PEER": in brackets when it may be left out */
	const char *help;
	/* argument "" when there is none. 0, or a negative errno and why. */
	int (*run)(void *ctx, const char *argument, struct rd_control_answer *a);
};

/* What the objects of a RD_CONTROL_LIST have, for metrics (metrics.h). */
struct rd_control_member {
	const char *key;	/* as in JSON, "rtt_ms"; NULL ends the table */
	enum rd_control_kind kind;
	const char *unit, *help;
};

struct rd_control_list {
	const char *key;	/* of the value; NULL ends the table */
	const char *of;		/* what one of them is: "session" */
	/* What tells one from another: a member of an array's, of an object the key. */
	const char *label;
	const struct rd_control_member *members;
};

/* A stretch of a frame's way through the program, and how long each took: for metrics, too. */
struct rd_control_stage {
	const char *name;	/* "encode"; NULL ends the table */
	const char *help;
	const struct rd_histogram *(*get)(const void *ctx);
};

struct rd_control_table {
	const struct rd_control_value *values;
	const struct rd_control_verb *verbs;
	const struct rd_control_list *lists;	/* NULL: none */
	const struct rd_control_stage *stages;	/* NULL: none */
};

/* "rtt_ms" of "rtt-ms". */
#define RD_CONTROL_KEY 48
const char *rd_control_json_key(const char *key, char out[static RD_CONTROL_KEY]);
const struct rd_control_value *rd_control_value_find(const struct rd_control_table *t,
	const char *key);
const struct rd_control_verb *rd_control_verb_find(const struct rd_control_table *t,
	const char *name);

#endif

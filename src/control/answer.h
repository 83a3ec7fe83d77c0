#ifndef RD_CONTROL_ANSWER_H
#define RD_CONTROL_ANSWER_H

#include <stdbool.h>

#include "control/place.h"
#include "control/table.h"

/* Whose request it is to answer. */
struct rd_control_subject {
	const struct rd_control_place *place;
	const struct rd_control_table *table;
	void *ctx;
	uint64_t since_ns;	/* when it began, rd_clock_ns */
};

/* What a client hears of from now on. */
enum rd_control_watch { RD_CONTROL_NOTHING, RD_CONTROL_EVENTS, RD_CONTROL_STATS };

/* Answers one line (line[len] is writable): a line of JSON is put to *out. */
enum rd_control_watch rd_control_answer(const struct rd_control_subject *s, char *line,
	size_t len, struct rd_json *out);
/* {"ok":false,…} */
void rd_control_answer_no(struct rd_json *out, const char *error, const char *name);
/* The values that every program has: their ctx is the subject. */
extern const struct rd_control_table rd_control_common;
/* The members that all values make. */
void rd_control_put_values(const struct rd_control_subject *s, struct rd_json *out);

#endif

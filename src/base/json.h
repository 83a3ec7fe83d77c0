#ifndef RD_BASE_JSON_H
#define RD_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"

/*
 * The one place that writes JSON (RFC 8259): into memory, commas by itself, no
 * white space. Zeroed memory is an empty one.
 *
 *	struct rd_json j = {0};
 *	rd_json_open(&j, '{');
 *	rd_json_key(&j, "name");
 *	rd_json_text(&j, peer->name);
 *	rd_json_close(&j, '}');
 *
 * Text is taken for UTF-8; bytes that are none become U+FFFD, and what a
 * terminal would obey (C0, DEL, C1) is escaped, so that a line can be shown.
 */
struct rd_json {
	struct rd_buf text;
	bool more;	/* a value stands before: a comma is due */
};

void rd_json_open(struct rd_json *j, char bracket);	/* '{' or '[' */
void rd_json_close(struct rd_json *j, char bracket);
void rd_json_key(struct rd_json *j, const char *key);
void rd_json_text(struct rd_json *j, const char *text);	/* NULL: null */
void rd_json_text_len(struct rd_json *j, const char *text, size_t len);
void rd_json_number(struct rd_json *j, int64_t value);
void rd_json_count(struct rd_json *j, uint64_t value);
/* With so many digits after the point; what is no number becomes null. */
void rd_json_real(struct rd_json *j, double value, int digits);
/* A duration as milliseconds; one of 0 is not known: null. */
void rd_json_ms(struct rd_json *j, uint64_t ns);
void rd_json_bool(struct rd_json *j, bool value);
void rd_json_null(struct rd_json *j);
/* What is a value of JSON already. */
void rd_json_raw(struct rd_json *j, const char *value, size_t len);

/* A member in one call. */
void rd_json_put_text(struct rd_json *j, const char *key, const char *text);
void rd_json_put_number(struct rd_json *j, const char *key, int64_t value);
void rd_json_put_count(struct rd_json *j, const char *key, uint64_t value);
void rd_json_put_real(struct rd_json *j, const char *key, double value, int digits);
void rd_json_put_ms(struct rd_json *j, const char *key, uint64_t ns);
void rd_json_put_bool(struct rd_json *j, const char *key, bool value);

/* Ends the line, outermost and last. */
void rd_json_line(struct rd_json *j);
/* For those who print with stdio: writes what there is, and empties it. */
void rd_json_print(struct rd_json *j, FILE *out);
/* One text alone, quoted. */
void rd_json_print_text(const char *text, FILE *out);
/* Empties it and keeps the memory; frees the memory. */
void rd_json_reset(struct rd_json *j);
void rd_json_finish(struct rd_json *j);

#endif

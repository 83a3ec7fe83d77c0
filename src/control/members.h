#ifndef RD_CONTROL_MEMBERS_H
#define RD_CONTROL_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Walks through values that base/json.h has written, in this process: no parser for
 * what others say. Pure.
 */
struct rd_member {
	const char *key;	/* without its quotes; of an element of an array NULL */
	size_t key_len;
	const char *value;
	size_t value_len;
};

/*
 * The first or next member of an object, or element of an array. *at points to its
 * bracket at first. False: there are no more, or it is neither.
 */
bool rd_member_next(struct rd_member *m, const char **at, const char *end);
/* That member of an object; false: there is none. */
bool rd_member_find(struct rd_member *m, const char *value, size_t len, const char *key);
/* A number, true or false; false: null, or another kind of value. */
bool rd_member_number(const char *value, size_t len, double *out);
/* Text without its quotes; false: it is none, or too long. */
bool rd_member_text(const char *value, size_t len, char *out, size_t cap);

#endif

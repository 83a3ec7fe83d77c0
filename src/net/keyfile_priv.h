#ifndef RD_NET_KEYFILE_PRIV_H
#define RD_NET_KEYFILE_PRIV_H

#include "net/keyfile.h"

/* What keyfile*.c, relayfile*.c and wakefile.c share; nobody else includes this. */

/* Lines of a text, without their newline. */
struct keyfile_walk {
	const char *at, *end;
	const char *line;	/* the current one */
	size_t len;
	unsigned number;	/* from 1 */
};
void keyfile_walk_begin(struct keyfile_walk *w, const char *text, size_t len);
bool keyfile_walk_next(struct keyfile_walk *w);

/*
 * One line: 1 and an entry to finish, 0 for a blank one or a comment, or
 * -EINVAL and a sentence to free in *why.
 */
int keyfile_line_parse(enum rd_keyfile_kind kind, const char *line, size_t len,
	struct rd_key_entry *e, char **why);
void keyfile_entry_finish(struct rd_key_entry *e);
/* The next word at *at, which moves behind it; false at the end. */
bool keyfile_word(const char **at, const char *end, const char **word, size_t *len);
/* A copy of a word, ended by 0; false: it does not fit, or there is a 0 in it. */
bool keyfile_copy(char *out, size_t cap, const char *word, size_t len);

/* "192.0.2.0/24", and whether an address lies within it. */
struct keyfile_cidr { uint8_t family; uint8_t ip[16]; unsigned bits; };
int keyfile_cidr_parse(struct keyfile_cidr *c, const char *text, size_t len);
bool keyfile_cidr_has(const struct keyfile_cidr *c, const struct rd_addr *a);

#endif

#ifndef RD_KEY_LINES_H
#define RD_KEY_LINES_H

#include "net/keyfile.h"
#include "rd-key/options.h"

/* What authorized_keys and known_hosts have in common. Each returns 0 or an exit code, told. */

/* Loads one and warns of the lines it does not understand. */
int load_keys(struct rd_keyfile *f, enum rd_keyfile_kind kind, const char *path);
/* The widest name in it, for a list. */
size_t name_width(const struct rd_keyfile *f);
/* A key as people give it: its text, or "-" for a line of stdin. */
int take_key(struct rd_key *k, const char *text);
/* Removes what the operand names; the hint says where names are to be seen. */
int remove_key(const struct options *o, const char *path, enum rd_keyfile_kind kind,
	const char *hint);

#endif

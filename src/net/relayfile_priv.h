#ifndef RD_NET_RELAYFILE_PRIV_H
#define RD_NET_RELAYFILE_PRIV_H

#include "net/keyfile_priv.h"
#include "net/relayfile.h"

/*
 * Inside the file of relays, for relayfile*.c only:
 *
 *	relayfile.c		lines, join keys, looking
 *	relayfile_change.c	changing
 */
#define JOIN "join="

/* The name, as rd_relay_name writes it; false: it is none. */
bool relayfile_name(struct rd_relay_entry *e, const char *word, size_t len);
/* Whether a line, good or damaged, is about the relay of that name. */
bool relayfile_about(const struct keyfile_walk *w, const char *name);
/* The first line of that name, or (NULL) the first that says "own"; as rd_relayfile_find. */
int relayfile_find(const char *text, size_t len, const char *name, struct rd_relay_entry *e);

#endif

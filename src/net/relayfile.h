#ifndef RD_NET_RELAYFILE_H
#define RD_NET_RELAYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/key.h"
#include "net/relay_msg.h"

/*
 * The file `relays` in the configuration folder, 0600: the relays that this
 * person knows, a line each:
 *
 *	NAME rd:KEY [own] [join=BASE64URL]
 *
 * NAME: host[:port] as rd_relay_name writes it. own: the one that is used where
 * none is named ($RD_RELAY goes before it); at most one has it. join: the join
 * key of a relay that takes hosts by it. '#' begins a comment. Kept through
 * changes as net/keyfile.h keeps its files: locked, whole or not at all.
 */
struct rd_relay_entry {
	char name[262];
	struct rd_key key;
	bool own, has_join;
	uint8_t join[RD_JOIN_KEY];
};
/* The one way to write a relay's name: small letters, no port where it is RD_RELAY_PORT. Caller frees. */
char *rd_relay_name(const char *text);
/* 0; -ENOENT no such relay; -EPERM others may read it; -EBADMSG its line is damaged. */
int rd_relayfile_find(const char *path, const char *name, struct rd_relay_entry *e);
int rd_relayfile_own(const char *path, struct rd_relay_entry *e);
/* Adds or changes; -EEXIST: known by another key, unless replace. */
int rd_relayfile_put(const char *path, const struct rd_relay_entry *e, bool replace);
int rd_relayfile_remove(const char *path, const char *name);
int rd_relayfile_each(const char *path, void (*each)(void *ctx, const struct rd_relay_entry *e),
	void *ctx);
void rd_relay_entry_wipe(struct rd_relay_entry *e);
/* A join key's text, 43 characters of base64url: 0 or -EINVAL. */
int rd_join_parse(uint8_t join[static RD_JOIN_KEY], const char *text);
#define RD_JOIN_TEXT 44
const char *rd_join_text(const uint8_t join[static RD_JOIN_KEY], char out[static RD_JOIN_TEXT]);

#endif

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
 * key of a relay that takes hosts by it. A line with anything else is damaged: it
 * is as if it were not there, but for who asks for that very relay. Of lines with
 * the same name the first counts. '#' begins a comment line. Kept through changes
 * as net/keyfile.h keeps its files: locked, whole or not at all.
 */
struct rd_relay_entry {
	char name[262];
	struct rd_key key;
	bool own, has_join;
	uint8_t join[RD_JOIN_KEY];
};
/*
 * The one way to write a relay's name: small letters, no port where it is
 * RD_RELAY_PORT. NULL: it is none. Caller frees.
 */
char *rd_relay_name(const char *text);
/*
 * 0; -ENOENT no such relay; -EPERM others may read it; -EBADMSG its line is
 * damaged; see rd_private_why. Names in any form that rd_relay_name takes. Whoever
 * gets an entry wipes it.
 */
int rd_relayfile_find(const char *path, const char *name, struct rd_relay_entry *e);
int rd_relayfile_own(const char *path, struct rd_relay_entry *e);
/*
 * Adds, or puts this in the place of what there was under that name; where this
 * is `own`, no other is any more. -EEXIST: known by another key, unless replace;
 * -EINVAL: no name.
 */
int rd_relayfile_put(const char *path, const struct rd_relay_entry *e, bool replace);
/* Also a damaged line of that name; -ENOENT. */
int rd_relayfile_remove(const char *path, const char *name);
/* In the file's order; a missing file has none. */
int rd_relayfile_each(const char *path, void (*each)(void *ctx, const struct rd_relay_entry *e),
	void *ctx);
void rd_relay_entry_wipe(struct rd_relay_entry *e);
/* One line, without its end: 1 and an entry, 0 for a blank one or a comment, -EBADMSG. */
int rd_relayfile_line(struct rd_relay_entry *e, const char *line, size_t len);
/* A join key's text, 43 characters of base64url: 0 or -EINVAL. */
int rd_join_parse(uint8_t join[static RD_JOIN_KEY], const char *text);
#define RD_JOIN_TEXT 44
const char *rd_join_text(const uint8_t join[static RD_JOIN_KEY], char out[static RD_JOIN_TEXT]);

#endif

#ifndef RD_NET_WAKEFILE_H
#define RD_NET_WAKEFILE_H

#include <stddef.h>

#include "net/mac.h"

/*
 * The file `wake` in the configuration folder: by which card a host can be
 * woken, a line each:
 *
 *	NAME MAC
 *
 * NAME is as known_hosts has it. A line with anything else is as if it were not
 * there. Of lines with the same name the first counts. '#' begins a comment line.
 * Kept through changes as net/keyfile.h keeps its files: locked, whole or not at
 * all.
 */
struct rd_wake_entry {
	char name[262];
	struct rd_mac mac;
};

/* One line, without its end: 1 and an entry, 0 for a blank one or a comment, -EBADMSG. */
int rd_wakefile_line(struct rd_wake_entry *e, const char *line, size_t len);
/* 0; -ENOENT: none of that name, in any form that rd_known_host takes; see rd_private_why. */
int rd_wakefile_find(const char *path, const char *name, struct rd_mac *m);
/* From now on: that one. Where it is already nothing is written. -EINVAL: no name. */
int rd_wakefile_put(const char *path, const char *name, const struct rd_mac *m);
/* -ENOENT. */
int rd_wakefile_remove(const char *path, const char *name);
/* In the file's order; a missing file has none. */
int rd_wakefile_each(const char *path, void (*each)(void *ctx, const struct rd_wake_entry *e),
	void *ctx);

#endif

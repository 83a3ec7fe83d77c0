#ifndef RD_BASE_PRIVATE_H
#define RD_BASE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The small text files that trust stands on: read only where nobody else had a
 * hand in them, written whole or not at all. Symbolic links are followed, also
 * in writing: the link stays, what it names is replaced.
 */
#define RD_PRIVATE_MAX (1u << 20)	/* bytes of a file; more is -EFBIG */

enum rd_private {
	RD_PRIVATE_SECRET,	/* ours, and nobody else may read or write it; made 0600 */
	RD_PRIVATE_TRUSTED,	/* ours or root's, and nobody else may write it; made 0600 */
};

/*
 * The whole file, with a 0 behind it; give it back to rd_private_free. -ENOENT,
 * -EPERM: its owner or mode is not as above; -EISDIR, -EINVAL: not a file.
 */
int rd_private_read(const char *path, enum rd_private how, char **text, size_t *len);
/* Wipes and frees. Accepts NULL. */
void rd_private_free(char *text, size_t len);

/*
 * Makes or replaces the file: a temporary one beside it, fsync, rename. A mode
 * it had is kept as far as `how` lets it. -EEXIST where there is one and not
 * `replace`; -EPERM where it is another user's. Hold the lock.
 */
int rd_private_write(const char *path, enum rd_private how, const void *data, size_t len,
	bool replace);
/*
 * Waits until nobody else changes files of that folder. A descriptor that is
 * closed to let go, or a negative errno. The lock is on an empty file `.lock`
 * in the folder, which stays.
 */
int rd_private_lock(const char *path);

/* A text file while it is changed, under its lock. A missing one is empty. */
struct rd_private_change {
	const char *path;	/* borrowed */
	enum rd_private how;
	int lock;
	char *text;		/* as it was, never NULL after begin has said 0 */
	size_t len;
};
/* 0 or a negative errno; either way rd_private_change_end follows. */
int rd_private_change_begin(struct rd_private_change *c, const char *path, enum rd_private how);
/* In place of what it was; -EFBIG. */
int rd_private_change_write(const struct rd_private_change *c, const void *data, size_t len);
void rd_private_change_end(struct rd_private_change *c);

/*
 * What went wrong with a file, for people, and what mends it: "…/identity: other
 * users may read it; chmod 600 …". The path is escaped. Caller frees.
 */
char *rd_private_why(const char *path, int err);

#endif

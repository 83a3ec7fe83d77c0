#ifndef RD_RECORD_DISK_H
#define RD_RECORD_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where the bytes of one recording go: a file of ours, which can be changed
 * where it was written before, or a pipe. What cannot be written (-ENOSPC,
 * -EPIPE, …) is the end of it: the first error stays, and a file is then cut
 * back to what was last known to be good.
 */
#define DISK_HEAD 4096

struct disk {
	int fd;			/* the owner is whoever opened it; -1: none */
	bool seekable;
	uint64_t at;		/* where the next byte goes */
	uint64_t size;
	uint64_t good;		/* up to here it is a recording that plays */
	int error;		/* 0, or why nothing is written any more */
	uint8_t head[DISK_HEAD]; /* how it begins, as it was first written */
	size_t head_len;
};

void disk_init(struct disk *d, int fd, bool seekable);
/* Writes all of it at d->at, and moves that. 0, or d->error. */
int disk_write(struct disk *d, const void *data, size_t len);
/* Changes what was written before, in one system call. 0, or a negative errno. */
int disk_patch(struct disk *d, uint64_t at, const void *data, size_t len);
/* Nothing of it is worth keeping: a file is empty then. */
void disk_drop(struct disk *d);
/* All that was written so far is worth keeping. */
void disk_good(struct disk *d);
/*
 * No more comes: a file that could not be written whole is cut back to what is
 * good, and it is on the disk when this returns. 0, or a negative errno (the
 * first one).
 */
int disk_finish(struct disk *d);

#endif

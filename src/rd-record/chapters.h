#ifndef RD_RECORD_CHAPTERS_H
#define RD_RECORD_CHAPTERS_H

#include <stdint.h>

#include "rd-record/disk.h"

/*
 * Chapters in a file that is still being written. Before the first cluster
 * there is room for them, an element Void; the first chapter makes it an
 * element Chapters of the same size, which ends in a Void, and each that
 * follows takes the beginning of that and makes a shorter one behind it. What is
 * there is read by every player, however the file ends.
 */
#define CHAPTERS_ROOM 16384

struct chapters {
	struct disk *disk;	/* borrowed */
	uint64_t start;		/* of the room; 0: there is none */
	uint64_t end;
	uint64_t next;		/* where the next chapter goes; 0: none has come */
	uint64_t count;
};

/* Takes room at the disk's end. 0, or a negative errno. */
int chapters_open(struct chapters *c, struct disk *d);
/* 0, -ENOSPC when the room is used up, or another negative errno. */
int chapters_add(struct chapters *c, uint64_t time_ns, const char *title, size_t len);

#endif

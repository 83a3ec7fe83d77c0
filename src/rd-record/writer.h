#ifndef RD_RECORD_WRITER_H
#define RD_RECORD_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "rd-record/disk.h"
#include "rd-record/mux.h"
#include "rd-record/piece.h"
#include "rd-record/place.h"

/*
 * Pieces become files, one after the other. Times of pieces are those of the
 * whole recording; each file begins at its own first picture. Every file that
 * is finished is on the disk before it is told.
 */
struct writer_told {
	const char *name;
	uint64_t duration_ns, bytes, pictures;
	int error;		/* 0, or why it ends here; of no picture: nothing is left of it */
};

struct writer_ops {
	/* A file and its first picture are there. */
	void (*began)(void *ctx, const char *name);
	void (*saved)(void *ctx, const struct writer_told *told);
};

struct writer {
	struct place *place;	/* borrowed */
	const struct writer_ops *ops;
	void *ctx;
	struct mux_config head;	/* of files to come, but for `first` */
	uint64_t split_bytes, split_ns; /* 0: no limit */

	char *name;		/* of the file that is open; NULL: none */
	struct disk disk;
	struct mux *mux;	/* NULL until its first picture */
	uint64_t start_ns;	/* time of its first picture */
	uint64_t pictures;
	/* Of them, and until when, what is in the file. */
	uint64_t safe_pictures, safe_ns;
	uint64_t unflushed_ns;	/* time of the first piece that is not in the file yet … */
	bool unflushed;		/* … if there is one */
};

void writer_init(struct writer *w, struct place *place, const struct writer_ops *ops, void *ctx);
/* Makes the first file, so that what is wrong with its name is known at once. Exit code. */
int writer_begin(struct writer *w);
/* Whether a picture of `len` bytes at that time has to begin a new file. */
bool writer_full(const struct writer *w, uint64_t time_ns, size_t len);
/*
 * Finishes the file that is open; a new one begins with the next picture. One that cannot
 * be written any more is cut back to the pictures that are safe; where there is none it goes.
 * 0, or a negative errno.
 */
int writer_cut(struct writer *w, uint64_t end_ns);
/* A key picture begins a file where none is. 0, or a negative errno. */
int writer_put(struct writer *w, const struct piece *p);
/* What was put is in the file when this returns. */
int writer_flush(struct writer *w, uint64_t now_ns);
/* Removes a file in which there is no picture. */
void writer_close(struct writer *w);

#endif

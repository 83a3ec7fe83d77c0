#ifndef RD_ENCODE_IVF_FILE_H
#define RD_ENCODE_IVF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/bytes.h"
#include "base/loop.h"

/*
 * An IVF file on its way out: to a file, or into a pipe that may be full.
 * Nothing leaves before its header is known; frames wait for it. The number of
 * frames is filled in at the end where one can go back.
 */
struct ivf_file_ops {
	/* After ivf_file_busy: there is room again. */
	void (*room)(void *ctx);
	/* The last callback: 0 after ivf_file_finish, -EPIPE, -ENOSPC, … */
	void (*over)(void *ctx, int error);
};

struct ivf_file {
	const struct ivf_file_ops *ops;
	void *ctx;
	int fd;			/* the caller's */
	struct rd_fd watch;	/* off for regular files, which never wait */
	bool watched;
	struct rd_buf queue;	/* the header is the first of it */
	size_t written;		/* of the queue */
	off_t start;		/* where the header lies, -1: cannot go back there */
	uint32_t frames;
	bool headed;		/* the header is filled in */
	bool was_busy;
	bool finishing;
	bool over;
};

/* On failure (negative errno) there is something to close. */
int ivf_file_open(struct ivf_file *f, struct rd_loop *loop, int fd,
	const struct ivf_file_ops *ops, void *ctx);
void ivf_file_close(struct ivf_file *f);
/* Fills the header in: rate / scale frames a second. */
void ivf_file_header(struct ivf_file *f, const char fourcc[static 4], int width, int height,
	unsigned rate, unsigned scale);
void ivf_file_frame(struct ivf_file *f, const uint8_t *packet, size_t len);
bool ivf_file_busy(const struct ivf_file *f);
/* Writes what is left and the number of frames; without a header, nothing. `over` follows. */
void ivf_file_finish(struct ivf_file *f);

#endif

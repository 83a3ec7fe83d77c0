#ifndef RD_WAIT_READER_H
#define RD_WAIT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"
#include "media/image.h"

/*
 * Reads text from pictures by tesseract(1), each time a process of its own that
 * is confined to reading the system's files. We are confined ourselves and start
 * nothing: a helper that was made before does, and looks at no byte of either.
 */
struct reader;

/*
 * Call it before confinement. 0, or an exit code after saying why. `read` gets what was
 * read of the newest picture, in its pixels; NULL: tesseract failed, and said so.
 */
int reader_open(struct reader **out, struct rd_loop *loop, const char *language,
	void (*read)(void *ctx, const char *tsv, size_t len), void *ctx);
void reader_close(struct reader *r);

/* It is at work: its answer comes first. */
bool reader_busy(const struct reader *r);
/* Reads that part of a picture, which is copied. How much larger it is made is in *scale. */
int reader_begin(struct reader *r, const struct rd_image *im, struct rd_rect part, int *scale);

#endif

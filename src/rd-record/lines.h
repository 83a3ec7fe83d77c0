#ifndef RD_RECORD_LINES_H
#define RD_RECORD_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/loop.h"

/*
 * Lines of text that come while we run, by a descriptor or a FIFO. A line is
 * UTF-8 without control characters; what is none is made one. Empty lines are
 * nothing, and longer ones than LINES_MAX are cut there.
 */
#define LINES_MAX 500

/* The splitter, pure: bytes in, lines out. Zeroed memory is a new one. */
struct line_reader {
	char text[LINES_MAX];
	size_t len;
};
void line_reader_add(struct line_reader *r, const char *data, size_t len,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx);
/* What the last line has without its end. */
void line_reader_end(struct line_reader *r,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx);

struct lines {
	int fd;			/* -1: none */
	bool ours;		/* we have opened it */
	bool over;
	struct rd_fd watch;
	struct line_reader reader;
	void (*line)(void *ctx, const char *text, size_t len);
	void *ctx;
};

/*
 * Opens "3", a descriptor, or the path of a FIFO; NULL is neither. 0, or an exit
 * code after saying why; `option` is what to name then.
 */
int lines_open(struct lines *l, const char *option, const char *where);
/* From now on lines come, by the loop. */
void lines_start(struct lines *l, struct rd_loop *loop,
	void (*line)(void *ctx, const char *text, size_t len), void *ctx);
/* Takes what is there already: at the end. */
void lines_drain(struct lines *l);
void lines_close(struct lines *l);

#endif

#ifndef RD_TESTS_BASE_WORDS_H
#define RD_TESTS_BASE_WORDS_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Catches what is written to a descriptor of this process. */
struct words {
	int fd;		/* the descriptor caught */
	int real;	/* where it went before */
	int file;
};

static inline void
words_catch(struct words *w, int fd)
{
	fflush(NULL);
	w->fd = fd;
	w->real = dup(fd);
	w->file = memfd_create("words", 0);
	dup2(w->file, fd);
}

/* Lets go, and returns what was written; the caller frees. */
static inline char *
words_take(struct words *w)
{
	fflush(NULL);
	dup2(w->real, w->fd);
	off_t size = lseek(w->file, 0, SEEK_END);
	char *text = calloc(1, (size_t)size + 1);
	if (pread(w->file, text, (size_t)size, 0) != size)
		abort();
	close(w->real);
	close(w->file);
	return text;
}

#endif

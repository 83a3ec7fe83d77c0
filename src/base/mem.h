#ifndef RD_BASE_MEM_H
#define RD_BASE_MEM_H

#include <stddef.h>

/*
 * Allocation of small things. None of these returns NULL: a program that
 * cannot have a few bytes ends with a line on stderr (RD_EXIT_MEMORY).
 * Sizes that a peer named never come here: use malloc, and fail.
 */
void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif

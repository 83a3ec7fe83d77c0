#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/mem.h"

static void *
must(void *p)
{
	if (p)
		return p;
	rd_error("out of memory");
	exit(RD_EXIT_MEMORY);
}

/* malloc(0) may be NULL; a pointer of ours never is. */
static size_t
some(size_t size)
{
	return size ? size : 1;
}

void *
xmalloc(size_t size)
{
	return must(malloc(some(size)));
}

void *
xcalloc(size_t n, size_t size)
{
	return must(calloc(some(n), some(size)));
}

void *
xrealloc(void *p, size_t size)
{
	return must(realloc(p, some(size)));
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	return must(reallocarray(p, some(n), some(size)));
}

char *
xstrdup(const char *s)
{
	return must(strdup(s));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *s;
	int n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return must(n < 0 ? NULL : s);
}

#ifndef RD_BASE_NEAREST_H
#define RD_BASE_NEAREST_H

#include <stddef.h>

/* The likeliest of `names` to have been meant by text, or NULL: for "did you mean …?". */
const char *rd_nearest(const char *text, const char *const *names, size_t n);

#endif

#ifndef RD_ENCODE_STATS_H
#define RD_ENCODE_STATS_H

#include "rd-encode/flow.h"

/* One line of JSON to `path` ("-": stderr). 0, or a negative errno. */
int stats_write(const struct flow *f, const char *path);

#endif

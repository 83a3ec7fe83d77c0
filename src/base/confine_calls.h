#ifndef RD_BASE_CONFINE_CALLS_H
#define RD_BASE_CONFINE_CALLS_H

#include "base/confine.h"

/* The seccomp part. 0 or a negative errno. */
int rd_confine_calls(const struct rd_confine_rules *rules);

#endif

#ifndef RD_VIEW_CONFINE_CALLS_H
#define RD_VIEW_CONFINE_CALLS_H

#include "rd-view/confine.h"

/* The seccomp part. 0 or a negative errno. */
int confine_calls(const struct confine_rules *rules);

#endif

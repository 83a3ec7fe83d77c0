#ifndef RD_TOP_VIEW_LOCAL_H
#define RD_TOP_VIEW_LOCAL_H

#include "rd-top/options.h"

/* What runs on this machine: a dashboard, a table or JSON. An exit status. */
int view_local_run(const struct options *o);

#endif

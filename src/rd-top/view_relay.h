#ifndef RD_TOP_VIEW_RELAY_H
#define RD_TOP_VIEW_RELAY_H

#include "rd-top/options.h"

/* rd-top --relay: a dashboard, a table or JSON. An exit status. */
int view_relay_run(const struct options *o);

#endif

#ifndef RD_VIEW_LIST_H
#define RD_VIEW_LIST_H

#include "rd-view/options.h"

/* --list: becomes rd-recv, which has the network. Returns an exit status only where it cannot. */
int list_run(const struct options *o);

#endif

#ifndef RD_RECV_LIST_H
#define RD_RECV_LIST_H

#include "rd-recv/options.h"

/* --list: the hosts that announce themselves on this network, a line each; an exit status. */
int list_run(const struct options *o);

#endif

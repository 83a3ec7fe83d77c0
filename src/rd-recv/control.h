#ifndef RD_RECV_CONTROL_H
#define RD_RECV_CONTROL_H

#include "control/table.h"

/* What rd-ctl can ask and tell a session: its ctx is the struct session. */
extern const struct rd_control_table control_table;

#endif

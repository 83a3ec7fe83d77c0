#ifndef RD_VIEW_CONTROL_H
#define RD_VIEW_CONTROL_H

#include "control/table.h"

/* What rd-ctl can ask and tell it: its ctx is the struct session. */
extern const struct rd_control_table control_table;

#endif

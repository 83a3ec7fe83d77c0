#ifndef RD_ENCODE_CONTROL_H
#define RD_ENCODE_CONTROL_H

#include "control/table.h"

/* What rd-ctl can ask and tell it: its ctx is the struct flow. */
extern const struct rd_control_table control_table;

#endif

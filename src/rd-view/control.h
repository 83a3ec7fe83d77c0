#ifndef RD_VIEW_CONTROL_H
#define RD_VIEW_CONTROL_H

#include "control/table.h"

/* What rd-ctl can ask and tell it: its ctx is the struct session. */
extern const struct rd_control_table control_table;

/* control_monitors.c: which monitors there are, and which are seen. */
void control_get_monitor(void *ctx, struct rd_json *out);
int control_set_monitor(void *ctx, const char *text, struct rd_control_answer *a);
void control_get_monitors(void *ctx, struct rd_json *out);

#endif

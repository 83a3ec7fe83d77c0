#ifndef RD_SEND_CONTROL_H
#define RD_SEND_CONTROL_H

#include "control/table.h"

/* What rd-ctl can ask and tell the host: its ctx is the struct serve. */
extern const struct rd_control_table control_table;

/* Of one session, as an object; and what of that is for metrics. */
extern const struct rd_control_member control_session_members[];
struct session;
void control_put_session(const struct session *s, struct rd_json *out);

#endif

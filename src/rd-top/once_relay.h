#ifndef RD_TOP_ONCE_RELAY_H
#define RD_TOP_ONCE_RELAY_H

#include "base/bytes.h"
#include "rd-top/relay.h"

/* What a relay says, as text: appended. */
void once_relay_table(struct rd_buf *out, const struct relay *r, const char *url);
void once_relay_json(struct rd_buf *out, const struct relay *r, const char *url, double time);

#endif

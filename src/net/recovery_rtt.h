#ifndef RD_NET_RECOVERY_RTT_H
#define RD_NET_RECOVERY_RTT_H

#include <stdint.h>

#include "net/recovery.h"

/* The round trip, and what follows from it. Zeroed memory knows nothing yet. */

/* ack_delay_ns: how long the peer says it waited, at most the maximum. */
void rd_rtt_sample(struct rd_rtt *r, uint64_t latest_ns, uint64_t ack_delay_ns);
/* A probe timeout, without back-off. */
uint64_t rd_rtt_pto(const struct rd_rtt *r);
/* What is that much older than a later packet that arrived is lost. */
uint64_t rd_rtt_loss_delay(const struct rd_rtt *r);

#endif

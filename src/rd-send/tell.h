#ifndef RD_SEND_TELL_H
#define RD_SEND_TELL_H

#include "rd-send/monitor.h"

/* "direct", "tcp", "relay", "relay-tls" */
const char *tell_path(const struct rd_addr *a, bool by_tls);
/* What happens to a peer: a line of the log, and with --json an event. */
void tell_connected(const struct peer *p);
/* event: "refused", or "revoked" of one that was in. */
void tell_refused(const struct peer *p, uint64_t code, const char *why, const char *event);
void tell_granted(const struct peer *p);
void tell_closed(const struct peer *p, uint64_t code, const char *why);
/* For a list: "3 ann (198.51.100.7:4711): view, input, for 12 min". */
const char *tell_viewer(const struct peer *p, char out[static 512]);
/* The command of --on-connect does not start: an errno. */
void tell_no_command(const struct peer *p, int error);

#endif

#ifndef RD_RELAY_MONITOR_H
#define RD_RELAY_MONITOR_H

#include <sys/types.h>

#include "base/notify.h"
#include "rd-relay/options.h"

/*
 * The process with the files: it waits for signals, reads the configuration
 * anew at SIGHUP and says to the process at the network what is in it, and ends
 * with that one's exit status.
 */
struct monitor_args {
	const struct options *opt;
	int argc;
	char **argv;		/* read again, with the file, at SIGHUP */
	pid_t network;
	int sock;
	const struct rd_notify *notify;
};
int monitor_run(const struct monitor_args *args);
/* The audit file, for appending: a descriptor, -1 where none is wanted, or -2 after a line. */
int monitor_open_audit(const struct options *o);

#endif

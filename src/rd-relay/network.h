#ifndef RD_RELAY_NETWORK_H
#define RD_RELAY_NETWORK_H

#include "rd-relay/settings.h"

/*
 * The process at the network. It opens its sockets, gives up everything else
 * (base/confine.h), and then runs a thread of UDP for each processor (worker.h)
 * and, as the main one, the thread of all that is not forwarding: TLS, the clock
 * of the core, metrics, and what the monitor says.
 */
enum monitor_says {
	SAYS_SETTINGS = 1,	/* with a descriptor: settings_get */
	SAYS_AUDIT = 2,		/* with a descriptor of the file, or none */
	SAYS_STOP = 3,		/* drain; the second time: now */
};

enum network_says {
	SAYS_READY = 1,		/* it listens, by the settings it was given last */
	SAYS_NOT_TAKEN = 2,	/* … before these */
};

/* Takes the settings. Until it is over: an exit status. */
int network_run(const struct options *o, struct settings *s, int sock, int audit);

#endif

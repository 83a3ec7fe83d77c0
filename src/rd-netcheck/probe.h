#ifndef RD_NETCHECK_PROBE_H
#define RD_NETCHECK_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "net/agent.h"

/* One way to the relay, tried alone. */
struct reached {
	bool tried, stands;
	char how[64];		/* "UDP", "TLS", "TLS through a proxy" */
	char why[160];		/* why not */
	uint64_t after_ns;	/* so long it took */
};

/* What was found. */
struct finding {
	const struct rd_agent_relay *relay;	/* as it was named */
	const char *why_name;			/* it cannot be looked up; NULL */
	struct reached udp, tls;
	bool relay_has_v4, relay_has_v6;	/* addresses, by its name */
	bool other_key;				/* it has another than the one that is known */
	bool has_key;
	struct rd_key key;			/* the relay's, as it claims where none is known */
	struct rd_candidates own;		/* of the UDP socket */
	struct rd_addr seen6;			/* by the relay, by IPv6; family 0: it does not see us so */
	struct rd_addr mapped;			/* family 0: no router has opened a port */
	char mapped_by[16];
};

/*
 * Two agents (net/agent.h), one that may only use UDP and one that may only use
 * TLS, each on an endpoint of its own, and the process that asks the router.
 */
struct probe;
/* Takes the portmap's socket. 0, or an exit code after saying why; close it in both cases. */
int probe_open(struct probe **out, const struct rd_agent_relay *relay, uint64_t limit_ns,
	int portmap);
/* Until everything is known, or the time is over. */
void probe_run(struct probe *p, struct finding *f);
void probe_close(struct probe *p);

#endif

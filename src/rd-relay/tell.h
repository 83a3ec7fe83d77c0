#ifndef RD_RELAY_TELL_H
#define RD_RELAY_TELL_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "rd-relay/core.h"

/*
 * What happens, for people, for programs and for the record. Any thread's; what
 * strangers can provoke is told a hundred times at once and then ten times a
 * second. No key and no address stands in the audit log, but fingerprints of keys;
 * of a session that was made again from its tickets their tags are all we know:
 *
 *	{"event":"session","time":…,"viewer":"5tmo-…","host":"…","viewer-tag":"1a2b3c4d",
 *	 "host-tag":"…","slot":7,"began":…,"seconds":…,"bytes":…,"packets":…,"path":"udp"}
 */
struct tell {
	bool json;
	pthread_mutex_t lock;	/* of all below */
	int audit;		/* descriptor, or -1 */
	unsigned words;
	uint64_t words_ns;
	_Atomic uint64_t ended;	/* sessions */
};

void tell_open(struct tell *t, bool json, int audit);
/* Takes the descriptor; -1: none from now on. */
void tell_audit(struct tell *t, int fd);
void tell_close(struct tell *t);
/* For core_new. */
void tell_core(void *ctx, const struct core_event *e);

#endif

#ifndef RD_RECV_TRUST_H
#define RD_RECV_TRUST_H

#include <stdbool.h>

#include "rd-recv/ask.h"
#include "rd-recv/options.h"
#include "rd-recv/session.h"

/* The files of this person: our own key, and the hosts we know. */
struct trust {
	char *known_hosts;	/* its path */
	bool known;		/* the host was there when we began */
};

/*
 * Reads them, asks for a passphrase, and makes an identity where there is
 * none. 0, or an exit code after saying why.
 */
int trust_open(struct trust *t, struct known *known, const struct options *o);
/* Remembers the host's key, if there is none. 0, or negative errno. */
int trust_pin(const struct trust *t, const struct options *o, const struct rd_key *key,
	enum pin_how how);
void trust_close(struct trust *t);

#endif

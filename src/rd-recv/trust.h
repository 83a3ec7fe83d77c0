#ifndef RD_RECV_TRUST_H
#define RD_RECV_TRUST_H

#include <stdbool.h>

#include "net/code.h"
#include "rd-recv/ask.h"
#include "rd-recv/options.h"
#include "rd-recv/session.h"

/* The files of this person: our own key, and the hosts we know. */
struct trust {
	char *known_hosts, *relays, *wake;	/* their paths */
	bool known;		/* the host was there when we began */
	struct rd_code code;	/* it is met by; wiped by whoever holds it */
	char relay[256];	/* … through that relay; "" none */
};

/*
 * Reads them, asks for a passphrase, and makes an identity where there is
 * none. 0, or an exit code after saying why.
 */
int trust_open(struct trust *t, struct known *known, struct options *o);
/* Remembers the host's key under that name, if there is none. 0, or negative errno. */
int trust_pin(const struct trust *t, const char *name, const struct rd_key *key,
	enum pin_how how);
/*
 * Whether the host with that key may be remembered by that name: 0, also where it
 * is; -EEXIST: another is known by it; -EINVAL: it is none.
 */
int trust_may_name(const struct trust *t, const char *name, const struct rd_key *key);
/* The host that we know by that name has that card. 0 or negative errno. */
int trust_card(const struct trust *t, const char *name, const struct rd_mac *m);
/* The relay has that key: known from now on, or 0 where it was. -EEXIST: it has another. */
int trust_relay(const struct trust *t, const struct rd_key *key);
void trust_close(struct trust *t);

#endif

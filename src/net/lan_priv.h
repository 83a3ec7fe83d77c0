#ifndef RD_NET_LAN_PRIV_H
#define RD_NET_LAN_PRIV_H

#include <avahi-common/address.h>

#include "net/lan.h"
#include "net/lan_lib.h"

/* What lan*.c share; nobody else includes this. */
struct rd_lan {
	struct lan_lib lib;
	AvahiSimplePoll *poll;
	AvahiClient *client;
	bool gone;		/* the connection, or Avahi */
	/* Whoever uses it hears of the client's state. */
	void (*changed)(void *ctx, AvahiClientState state);
	void *ctx;
};

/* A turn of the loop of at most that long; negative: for ever. False: it is over. */
bool lan_turn(struct rd_lan *l, int64_t limit_ns);
/* Of an address that was resolved on that interface. */
struct rd_addr lan_addr(const AvahiAddress *a, AvahiIfIndex interface);

#endif

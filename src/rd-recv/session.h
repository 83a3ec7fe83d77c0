#ifndef RD_RECV_SESSION_H
#define RD_RECV_SESSION_H

#include "base/loop.h"
#include "net/agent.h"
#include "net/key.h"
#include "net/mac.h"
#include "rd-recv/options.h"

/*
 * The confined child: one stream on stdout, whatever sessions it takes. It
 * knows of the machine what the monitor told it before they parted.
 */
struct known {
	struct rd_keypair own;		/* wiped by who holds it */
	bool has_host;			/* the host's key is known */
	struct rd_key host;
	bool has_password;		/* one was given */
	bool person;			/* somebody can be asked */
	bool named;			/* the host's name can be looked up: it is no code, no nickname */
	uint32_t slot;			/* by a one-time code, of that slot; 0: not */
	int portmap;			/* to the process that opens ports at routers; -1: none */
	bool has_relay;
	struct rd_agent_relay relay;	/* without addresses; wiped, too */
	struct rd_mac mac;		/* the host's card, with --wake */
	char self[64];			/* what we are called, for a host that is to remember us */
};

struct session;
struct rd_control_place;

/*
 * Opens the link on stdout (and stdin, see wire/link.h); `in` false: stdin is
 * somebody else's. Nothing is sent before session_start. 0, or an exit code
 * after saying why.
 */
int session_open(struct session **out, struct rd_loop *loop, const struct options *o,
	const struct known *known, int monitor_fd, const struct rd_control_place *place, bool in);
void session_start(struct session *s);
void session_close(struct session *s);

#endif

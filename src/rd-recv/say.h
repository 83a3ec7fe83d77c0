#ifndef RD_RECV_SAY_H
#define RD_RECV_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/conn.h"
#include "net/key.h"

/*
 * What happens: on stderr for people through the log (a session that works is
 * silent), or with --json an object a line; and by the control socket to who
 * watches. All have "event", "time" (Unix seconds) and "host", and "session" from
 * connected to closed; the keys stay:
 *
 *	connecting
 *	connected	path ("direct", "tcp", "relay", "relay-tls"), how, address, rtt
 *			(seconds), relay, why, key, fingerprint, by ("key", "password",
 *			"code"), rights, name
 *	silent, heard
 *	moved		path, how, address, rtt, relay, why
 *	relay		way, why: how the relay is reached, or why it is not
 *	remembered	yes (1, 0): the host has answered whether it knows us from now on
 *	refused		why, text
 *	reconnecting	after (seconds), why
 *	closed		exit, name, text; the last
 */
struct say {
	bool json;			/* no lines for people */
	char session[RD_CONN_NAME];	/* the one that stands, or stood last; "" */
	const char *host;	/* as the person wrote it; borrowed */
};

/* By which way the session goes. */
struct say_way {
	const char *path, *how;
	const struct rd_addr *address;	/* nobody's, of a relayed one */
	double rtt;			/* seconds; 0: not known yet */
	const char *relay;		/* its name; NULL: none is used */
	const char *why;		/* why not direct; "" */
};

struct say_connected {
	struct say_way way;
	const struct rd_key *key;
	const char *by;		/* "key", "password", "code" */
	const char *rights;	/* "view, sound" */
	const char *name;	/* the host's for us, escaped */
	const char *session;	/* what both ends call it */
};

void say_connecting(const struct say *s);
void say_connected(struct say *s, const struct say_connected *c);
void say_silent(const struct say *s, bool silent);
void say_moved(const struct say *s, const struct say_way *way);
/* way NULL: it is not reached. */
void say_relay(const struct say *s, const char *relay, const char *way, const char *why);
void say_remembered(const struct say *s, bool yes);
void say_refused(const struct say *s, const char *why, const char *text);
void say_reconnecting(const struct say *s, uint64_t after_ns, const char *why);
/* The end, with the exit status; text may be NULL or "". */
void say_closed(const struct say *s, int code, const char *text);

#endif

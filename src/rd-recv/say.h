#ifndef RD_RECV_SAY_H
#define RD_RECV_SAY_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"

/*
 * What happens, on stderr: for people through the log (a session that works is
 * silent), or with --json an object a line. All have "event", "time" (Unix
 * seconds) and "host"; the keys stay:
 *
 *	connecting
 *	connected	path, key, fingerprint, by ("key", "password"), rights, name
 *	silent, heard
 *	moved		path
 *	refused		why, text
 *	reconnecting	after (seconds), why
 *	closed		exit, name, text; the last
 */
struct say {
	bool json;
	const char *host;	/* as the person wrote it; borrowed */
};

struct say_connected {
	const struct rd_addr *path;
	const struct rd_key *key;
	bool by_password;
	const char *rights;	/* "view, sound" */
	const char *name;	/* the host's for us, escaped */
};

void say_connecting(const struct say *s);
void say_connected(const struct say *s, const struct say_connected *c);
void say_silent(const struct say *s, bool silent);
void say_moved(const struct say *s, const struct rd_addr *path);
void say_refused(const struct say *s, const char *why, const char *text);
void say_reconnecting(const struct say *s, uint64_t after_ns, const char *why);
/* The end, with the exit status; text may be NULL or "". */
void say_closed(const struct say *s, int code, const char *text);

#endif

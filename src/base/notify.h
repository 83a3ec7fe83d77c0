#ifndef RD_BASE_NOTIFY_H
#define RD_BASE_NOTIFY_H

#include <sys/socket.h>
#include <sys/un.h>

/*
 * Tells who started this service how it is: sd_notify(3)'s protocol, a datagram of
 * lines to $NOTIFY_SOCKET. It is spoken here, since libsystemd would bring a
 * compressor and a parser into a process that needs neither. Zeroed memory:
 * nobody wants to know.
 */
struct rd_notify {
	struct sockaddr_un to;
	socklen_t len;
};

/* Also takes it out of the environment: what we start is not that service. */
void rd_notify_take(struct rd_notify *n);
/* Lines, "READY=1\nSTATUS=…". What cannot be told is not: it is no reason to end. */
void rd_notify_say(const struct rd_notify *n, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* RELOADING=1, until READY=1 is said again. */
void rd_notify_reloading(const struct rd_notify *n);

#endif

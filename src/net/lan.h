#ifndef RD_NET_LAN_H
#define RD_NET_LAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"

/*
 * Hosts that announce themselves on the local network: DNS-SD (RFC 6763) over
 * multicast DNS (RFC 6762). Avahi does both; we talk to it by D-Bus.
 *
 *	lan.c		a connection to Avahi, by libavahi-client (lan_lib.h)
 *	lan_txt.c	what an announcement says besides name and port (pure)
 *	lan_announce.c	announcing: the whole life of a process
 *	lan_browse.c	looking who announces
 *	lan_found.c	… and what was found (pure)
 *	lan_name.c	the addresses of NAME.local
 *
 * Whoever is on the network may announce anything: all of it says where a host
 * may be, and nothing who it is.
 *
 * Everything here waits, in libavahi's own loop: the processes that use it do
 * nothing else.
 */
#define RD_LAN_TYPE "_rd-session._udp"
#define RD_LAN_NAME_MAX 63		/* bytes of a host's name for people (RFC 1035: a label) */
#define RD_LAN_HOSTS 500		/* more are not looked at */

/* --- lan_txt.c --- */

/*
 * The TXT record: strings key=value (RFC 6763, section 6):
 *
 *	txtvers=1
 *	v=1			the session's version, rd-session(5)
 *	key=furu-nfmv-…		the fingerprint of the host's key; a hint, no more
 *
 * Of what stands twice the first counts; what is not understood is passed over.
 */
struct rd_lan_txt {
	bool seen_version, seen_key;
	unsigned version;			/* 0: not told, or none of ours */
	char fingerprint[RD_FINGERPRINT_TEXT];	/* "": not told, or none */
};

/* One string of it; zeroed memory is a record without any. */
void rd_lan_txt_take(struct rd_lan_txt *t, const void *item, size_t len);
/* The string number n from 0, as text; false: there are no more. */
#define RD_LAN_TXT_ROOM 64
bool rd_lan_txt_item(const struct rd_lan_txt *t, unsigned n, char out[static RD_LAN_TXT_ROOM]);
/* Whether a host may be called so: UTF-8 of 1 to 63 bytes without control characters. */
bool rd_lan_name_ok(const char *name);

/* --- lan.c --- */

struct rd_lan;
/*
 * Connects to Avahi. After that the process may be confined: nothing is opened any
 * more. `wait`: also where Avahi does not run yet, if there is a bus to wait on.
 * NULL: it cannot be, and *why is a sentence (static).
 */
struct rd_lan *rd_lan_open(bool wait, const char **why);
void rd_lan_close(struct rd_lan *l);

/* --- lan_announce.c --- */

struct rd_lan_announcement {
	char name[RD_LAN_NAME_MAX + 1];
	uint16_t port;
	struct rd_lan_txt txt;
};

enum rd_lan_news {
	RD_LAN_WAITS,		/* Avahi does not run */
	RD_LAN_ANNOUNCED,	/* text: by that name, which may be another one where that was taken */
	RD_LAN_FAILED,		/* text: why */
};

/*
 * Announces until Avahi goes; who ends the process withdraws it. Returns when
 * there is nothing to wait for: then a new connection may help.
 */
void rd_lan_announce(struct rd_lan *l, const struct rd_lan_announcement *a,
	void (*tell)(void *ctx, enum rd_lan_news news, const char *text), void *ctx);

/* --- lan_browse.c, lan_found.c --- */

/* One that announces itself; all of it is foreign, and of bounded size. */
struct rd_lan_host {
	char name[RD_LAN_NAME_MAX + 1];	/* for people: UTF-8, or not; never shown as it is */
	char target[256];		/* its name in the network, "build1.local" */
	struct rd_addr addr;		/* the best one that is known, and its port */
	struct rd_lan_txt txt;
};

/* Zeroed memory is an empty one. */
struct rd_lan_found {
	struct rd_lan_host *hosts;
	size_t count;
	bool more;		/* there were more than RD_LAN_HOSTS */
};

/* One more, or another address of one there is. */
void rd_lan_found_add(struct rd_lan_found *f, const struct rd_lan_host *h);
/* By what is dialled. */
void rd_lan_found_sort(struct rd_lan_found *f);
void rd_lan_found_finish(struct rd_lan_found *f);
/*
 * What rd-view takes for it: the name in the network where that is one that names
 * nothing else in a command line, else the address; with the port where that is
 * not RD_PORT.
 */
#define RD_LAN_DIAL_TEXT 272
const char *rd_lan_dial(const struct rd_lan_host *h, char out[static RD_LAN_DIAL_TEXT]);

/*
 * Looks until Avahi says that this is all for now and nothing new has come for a
 * moment, at most `limit_ns`. 0; -ENOTCONN: Avahi has gone meanwhile.
 */
int rd_lan_browse(struct rd_lan *l, uint64_t limit_ns, struct rd_lan_found *out);

/* --- lan_name.c --- */

/* Whether it is a name of multicast DNS: "….local" (RFC 6762, section 3). */
bool rd_lan_is_name(const char *host);
/*
 * Its addresses, without a port: how many, at most `cap`. 0: nobody is called so,
 * or Avahi does not run. Takes up to two seconds.
 */
unsigned rd_lan_look_up(const char *host, struct rd_addr *addrs, unsigned cap);

#endif

#ifndef RD_NET_PORTMAP_PRIV_H
#define RD_NET_PORTMAP_PRIV_H

#include "base/loop.h"
#include "net/portmap.h"

/*
 * Inside the process that asks routers, for portmap*.c only:
 *
 *	portmap.c		starting it, and its owner's end
 *	portmap_run.c		the process: which of the three ways counts
 *	portmap_gateway.c	who the router is
 *	portmap_way_pcp.c	PCP on a socket; portmap_pcp.c is its core
 *	portmap_way_natpmp.c	libnatpmp
 *	portmap_way_upnp.c	miniupnpc, in a thread
 */
enum portmap_by { PORTMAP_NONE, PORTMAP_PCP, PORTMAP_NATPMP, PORTMAP_UPNP, PORTMAP_WAYS };

/* What the two ends say: {u16 port}; {u8 by, u8 family, u16 port, ip[16]}. */
#define PORTMAP_WANT 2
#define PORTMAP_MAPPED 20

struct portmap;

/* What all ways are asked for; each in a struct of its own, made by its `open`. */
struct portmap_way {
	const char *name;
	void *(*open)(struct portmap *pm);
	/* Begins to ask for `port` at `gateway`. It is idle. */
	void (*begin)(void *way);
	/* Stops asking, and takes back what there is; then portmap_idle, perhaps at once. */
	void (*release)(void *way);
	void (*close)(void *way);
};
extern const struct portmap_way portmap_way_pcp, portmap_way_natpmp, portmap_way_upnp;

struct portmap {
	struct rd_loop *loop;
	int sock, netlink;
	uint16_t port;			/* wanted; 0: none */
	struct {			/* what is being asked for; port 0: nothing */
		uint16_t port;
		struct rd_addr gateway;	/* IPv4 */
		struct rd_addr own;	/* our address towards it */
	} now;
	struct { void *way; bool busy; } ways[PORTMAP_WAYS];
	enum portmap_by holder;		/* whose mapping counts */
	bool dropping, ending;
	struct rd_fd heard;
	struct rd_signal term;
	struct rd_timer second;		/* when NAT-PMP is asked, too */
	struct rd_timer again;		/* after a mapping was lost */
	struct rd_timer end;		/* at the latest */
};

/* The process, from its confinement to its exit status. */
int portmap_run(int sock);

/* A way has a mapping, or another one. */
void portmap_mapped(struct portmap *pm, enum portmap_by by, const struct rd_addr *outside);
/* A way that had one has it no more, and does nothing now. */
void portmap_lost(struct portmap *pm, enum portmap_by by);
/* A way does nothing any more: it was refused, nobody answered, or all is taken back. */
void portmap_idle(struct portmap *pm, enum portmap_by by);
/* This router knows no PCP. */
void portmap_no_pcp(struct portmap *pm);

/* The IPv4 router that leads everywhere, and our address towards it. 0 or negative errno. */
int portmap_gateway(int netlink, struct rd_addr *gateway, struct rd_addr *own);

#endif

#ifndef RD_NET_AGENT_PRIV_H
#define RD_NET_AGENT_PRIV_H

#include "net/agent.h"
#include "net/nat.h"

/*
 * Inside an agent, for agent*.c only:
 *
 *	agent.c		the object, and how datagrams pass through it
 *	agent_client.c	what the session with the relay says
 *	agent_way.c	by which address, and by UDP or TLS, the relay is reached
 *	agent_gather.c	by which addresses we can be reached
 */
#define AGENT_UDP_WAYS 8
#define AGENT_TLS_WAYS 8
#define AGENT_OWN 16

enum way_state {
	WAY_WAITING,		/* its time has not come, or has not come again */
	WAY_CONNECTING,		/* TLS: the tunnel does not stand yet */
	WAY_OPEN,
};

/* One address of the relay by UDP, or one address and port by TLS. */
struct way {
	bool tls;
	enum way_state state;
	struct rd_addr to;	/* the relay's; family 0: a proxy looks it up */
	struct rd_addr addr;	/* as the client knows it: with TLS the tunnel */
	uint64_t due_ns, wait_ns;
};

struct ways {
	struct way list[AGENT_UDP_WAYS + AGENT_TLS_WAYS];
	unsigned count;
	bool racing;		/* none stands */
	bool asking;		/* our owner is asked whether the relay's key is trusted */
	bool told;		/* that none does */
	const char *name;	/* of the one that stands */
	uint64_t begun_ns;
	uint64_t udp_ns, udp_wait_ns;	/* on TLS: then UDP is looked at again; the wait after */
	/* From TLS to UDP: if that does not stand by then, back again. family 0: none is tried. */
	struct { struct rd_addr back; uint64_t until_ns; } trial;
	char why[160];
};

struct gather {
	struct rd_nat_probe probe;
	bool running, wanted;	/* wanted: once more after that */
	uint64_t begun_ns;
	uint64_t again_ns, again_wait_ns;	/* when nobody answered */
	uint32_t extra;		/* the socket it is done from; 0: the main one */
	struct rd_addr reflexive[2];	/* IPv4, IPv6 */
	struct rd_addr mapped;
	struct rd_nat nat;
	bool counts;		/* what has answered so far says that the NAT counts */
	struct rd_candidates own;
};

struct rd_agent {
	struct rd_loop *loop;
	struct rd_endpoint *endpoint;
	struct rd_relay_client *client;
	struct rd_keypair keys;
	struct rd_agent_relay relay;
	char ca_file[1024];
	enum rd_relay_role role;
	enum rd_path_policy policy, relay_policy;
	bool obey_policy;
	struct rd_portmap *portmap;
	struct rd_agent_ops ops;
	void *ctx;
	struct ways ways;
	struct gather gather;
	struct rd_timer timer;
	unsigned depth;		/* of callbacks we are in */
	bool begun, leaving;
	bool closed;		/* by its owner: say nothing more, free at depth 0 */
};

/* agent_client.c: of an agent's client, whose ctx it is. */
extern const struct rd_relay_client_ops agent_client_ops;

/* agent_way.c */
void agent_way_begin(struct rd_agent *a, uint64_t now_ns);
void agent_way_tick(struct rd_agent *a, uint64_t now_ns);
uint64_t agent_way_deadline(const struct rd_agent *a);
/* The client stands, by what rd_relay_client_at says. */
void agent_way_stands(struct rd_agent *a, uint64_t now_ns);
/* As rd_agent_carrier. */
bool agent_way_carrier(struct rd_agent *a, const struct rd_addr *peer, int error, uint64_t now_ns);
/* UDP gets through to that address of the relay. */
void agent_way_heard(struct rd_agent *a, const struct rd_addr *from, uint64_t now_ns);
/* Another network. */
void agent_way_changed(struct rd_agent *a, uint64_t now_ns);
void agent_way_close(struct rd_agent *a);

/* agent_gather.c */
void agent_gather_begin(struct rd_agent *a, uint64_t now_ns);
/* Before somebody comes: anew where what is known may be old. */
void agent_gather_fresh(struct rd_agent *a, uint64_t now_ns);
/* Anew, but for one that runs or has just begun: for whoever needs one now. */
void agent_gather_share(struct rd_agent *a, uint64_t now_ns);
/* A STUN datagram. */
void agent_gather_receive(struct rd_agent *a, const struct rd_addr *from, const uint8_t *data,
	size_t len, uint64_t now_ns);
size_t agent_gather_send(struct rd_agent *a, struct rd_addr *to, uint8_t *out, uint64_t now_ns);
void agent_gather_tick(struct rd_agent *a, uint64_t now_ns);
uint64_t agent_gather_deadline(const struct rd_agent *a);
/* What is known has changed: tells the owner if that changes candidates. */
void agent_gather_tell(struct rd_agent *a);
void agent_gather_close(struct rd_agent *a);

#endif

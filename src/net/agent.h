#ifndef RD_NET_AGENT_H
#define RD_NET_AGENT_H

#include "base/loop.h"
#include "net/candidate.h"
#include "net/endpoint.h"
#include "net/portmap.h"
#include "net/punch.h"
#include "net/relay_client.h"
#include "net/tunnel.h"

/*
 * How a machine behind a NAT is met (an ICE agent, RFC 8445, in shape): between
 * an endpoint and the session or sessions on it. It holds the session with the
 * relay (relay_client.h), finds out which addresses we have (nat.h, portmap.h),
 * and gives relayed datagrams to sessions as if they had come from an address
 * with `relayed` set. Who owns the endpoint lets every datagram pass through it.
 * host.c and dial.c do.
 *
 * A relay's addresses are tried by UDP, each a little after the one before, and
 * by TLS besides when nothing stands 250 ms later; the first that stands is the
 * way, until it is lost. From TLS it goes to UDP as soon as that gets through,
 * which is tried after two seconds, then ever less often, at last once a minute.
 *
 * Callbacks come from within rd_agent_receive, rd_agent_carrier and the agent's
 * own timers, and may close it. Whoever asks something of rd_agent_client calls
 * rd_agent_poke afterwards, or rd_endpoint_flush.
 */
struct rd_agent;

struct rd_agent_relay {
	char name[256];			/* host[:port], for certificates and lines to people */
	struct rd_addr addrs[8];	/* RD_RELAY_PORT or what was named */
	unsigned count;
	struct rd_key key;
	bool has_key, has_join;
	uint8_t join[RD_JOIN_KEY];
	struct rd_proxy proxy;
	bool udp, tls;			/* ways that may be used */
	const char *ca_file;
};

struct rd_agent_config {
	const struct rd_keypair *own;
	enum rd_relay_role role;
	const struct rd_agent_relay *relay;	/* copied */
	enum rd_path_policy policy;	/* our own */
	bool obey_policy;		/* the relay's counts where ours is AUTO */
	struct rd_portmap *portmap;	/* borrowed; NULL: none */
	uint32_t program;		/* these two as rd_relay_client_config has them */
	bool by_code;
};

struct rd_agent_ops {
	struct rd_relay_client_ops relay;
	/*
	 * What we can be reached by has changed: for every session (rd_conn_candidates).
	 * own->pending: it is just changing; who is new is told when that is over.
	 */
	void (*candidates)(void *ctx, const struct rd_candidates *own);
	/* The relay is reached by this now ("UDP", "TLS", "TLS through a proxy"), or by nothing: why. */
	void (*way)(void *ctx, const char *way, const char *why);
};

int rd_agent_open(struct rd_agent **out, struct rd_loop *loop, struct rd_endpoint *e,
	const struct rd_agent_config *cfg, const struct rd_agent_ops *ops, void *ctx);
/* The endpoint is still open: the relay is told. */
void rd_agent_close(struct rd_agent *a);
void rd_agent_poke(struct rd_agent *a);
/* For whoever asked it: is that key the relay's? */
void rd_agent_trust(struct rd_agent *a, const struct rd_key *key);
struct rd_relay_client *rd_agent_client(struct rd_agent *a);
/* True: it was for the agent. False: a session's; *from, *data and *len are as the session is to see them. */
bool rd_agent_receive(struct rd_agent *a, struct rd_addr *from, uint8_t **data, size_t *len);
/* The next datagram of the agent's own; 0: none. */
size_t rd_agent_send(struct rd_agent *a, struct rd_addr *to, uint8_t *out, size_t cap);
/*
 * A session's datagram, data[0 … len) with room for RD_RELAYED_HEADER bytes
 * more, whose *to is relayed: makes of it what goes to the relay. The new
 * length; 0: it goes nowhere.
 */
size_t rd_agent_wrap(struct rd_agent *a, struct rd_addr *to, uint8_t *data, size_t len);
bool rd_agent_can_send(struct rd_agent *a, const struct rd_addr *to);
/* The endpoint's `carrier`: true: it was the agent's tunnel. */
bool rd_agent_carrier(struct rd_agent *a, const struct rd_addr *peer, int error);
/*
 * A session gets no acknowledgement on this path: its leg is bound anew; or we may
 * be seen elsewhere now. No path (family 0): it has found no direct one, and looks
 * anew; several that do so within a second are served by one gathering.
 */
void rd_agent_stuck(struct rd_agent *a, const struct rd_addr *path);
/* Find out anew: an address has changed, or somebody is about to come. */
void rd_agent_gather(struct rd_agent *a);
/* What the owner's port mapper has got (net/portmap.h); family 0: nothing any more. */
void rd_agent_mapped(struct rd_agent *a, const struct rd_addr *outside);
/* Of sessions: our own policy, or the relay's where that counts. */
enum rd_path_policy rd_agent_policy(const struct rd_agent *a);
/* Our own is another one from now on; sessions hear of it by `candidates`. */
void rd_agent_set_policy(struct rd_agent *a, enum rd_path_policy policy);
/* What a leg is to sessions. */
struct rd_addr rd_agent_leg(const struct rd_agent *a, uint32_t number);
/* "UDP", "TLS", "TLS through a proxy"; NULL: it is not reached now. */
const char *rd_agent_way(const struct rd_agent *a);
const struct rd_candidates *rd_agent_own(const struct rd_agent *a);
/* Where STUN answers of that family see us, be it an address of our own; NULL: there were none. */
const struct rd_addr *rd_agent_seen(const struct rd_agent *a, uint8_t family);

#endif

#ifndef RD_NET_DIAL_H
#define RD_NET_DIAL_H

#include "base/loop.h"
#include "net/agent.h"
#include "net/conn.h"
#include "net/endpoint.h"

/*
 * The initiator's side, running: tries the host's addresses by UDP, and by TCP
 * beside it when UDP has said nothing for RD_DIAL_TCP_NS; the first session
 * that stands is the one, the others go (in the manner of RFC 8305). One dial
 * is one session; whoever wants another dials anew. A session whose TCP
 * connection breaks goes on in a new one. Every callback may close the dial.
 */
#define RD_DIAL_TCP_NS (UINT64_C(500) * 1000000)
#define RD_DIAL_NEXT_NS (UINT64_C(250) * 1000000)	/* between addresses */
#define RD_DIAL_ADDRS 16

enum rd_dial_way { RD_DIAL_AUTO, RD_DIAL_UDP, RD_DIAL_TCP };

struct rd_dial_config {
	struct rd_conn_config conn;
	struct rd_conn_dial how;	/* `to` is not looked at */
	const struct rd_addr *addrs;	/* in order of preference */
	unsigned count;			/* may be 0 with a relay */
	enum rd_dial_way way;
	/*
	 * A relay through which the host is met besides, or alone: by how.slot (then
	 * by nothing else; how.relay is filled in), or by how.host's key.
	 * `conn.established` waits for a direct path, RD_DIAL_DIRECT_NS at most, so that
	 * what comes first does not go through the relay; with RD_PATH_DIRECT for
	 * RD_DIAL_DIRECT_ONLY_NS, and then it fails (NO_DIRECT). Copied.
	 */
	const struct rd_agent_config *relay;
};
#define RD_DIAL_DIRECT_NS (UINT64_C(200) * 1000000)
#define RD_DIAL_DIRECT_ONLY_NS (UINT64_C(8) * 1000000000)

struct rd_dial_ops {
	/* The one that stands; from now on its own ops are called (ctx the same). */
	struct rd_conn_ops conn;
	/* None of them stood: the most telling rd_close code, a text. Then rd_dial_close. */
	void (*failed)(void *ctx, uint64_t code, const char *text);
	/* In answer to ASK: who the host says it is. See rd_dial_ask. */
	void (*told)(void *ctx, const struct rd_key *host, unsigned ways);
	/* The relay's key, not known before: rd_dial_trust_relay, or close. */
	void (*relay_told)(void *ctx, const struct rd_key *key);
	/* The relay said NO to us: just before `failed`, where that says so. */
	void (*no)(void *ctx, enum rd_relay_no why, uint32_t retry_s);
	/* How the relay is reached. */
	void (*relay_way)(void *ctx, const char *way, const char *why);
};

struct rd_dial;
/* Copies *cfg and the addresses. 0 or negative errno. */
int rd_dial_open(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx);
/* Only asks who the host is (ASK, TELL): `told` or `failed`. Unproven: anyone could answer. */
int rd_dial_ask(struct rd_dial **out, struct rd_loop *loop, const struct rd_dial_config *cfg,
	const struct rd_dial_ops *ops, void *ctx);
void rd_dial_close(struct rd_dial *d);
void rd_dial_trust_relay(struct rd_dial *d, const struct rd_key *key);
/* NULL: none, or not any more: where a session stands by an address that was given. */
struct rd_agent *rd_dial_agent(struct rd_dial *d);
struct rd_conn *rd_dial_conn(struct rd_dial *d);	/* NULL while none stands */
void rd_dial_poke(struct rd_dial *d);

#endif

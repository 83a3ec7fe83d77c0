#ifndef RD_NET_HOST_PRIV_H
#define RD_NET_HOST_PRIV_H

#include "net/extra.h"
#include "net/host.h"

/*
 * Inside a host, for host*.c only:
 *
 *	host.c		a server on an endpoint
 *	host_relay.c	an agent between them: legs, and sockets for sessions
 */
/* Of a session that was accepted while there was a relay. */
struct host_session {
	struct rd_host *h;
	struct rd_conn *conn;
	uint32_t leg;		/* it came through; 0: none */
	struct rd_extra extra;
};

struct host_leg {
	uint32_t number;	/* 0: free */
	uint64_t heard_ns;
};

struct rd_host {
	struct rd_loop *loop;
	struct rd_endpoint *endpoint;
	struct rd_server *server;
	struct rd_server_ops ops;
	void *ctx;
	struct rd_timer timer;

	struct rd_agent *agent;		/* NULL: none */
	struct rd_agent_ops agent_ops;
	void *agent_ctx;
	struct host_session *sessions[RD_SERVER_SESSIONS];
	struct host_leg legs[RD_RELAY_LEGS];
	struct rd_timer chores;

	unsigned depth;		/* of callbacks we are in */
	bool closed;		/* by its owner: say nothing more, free at depth 0 */
};

/* host.c */
void host_enter(struct rd_host *h);
void host_leave(struct rd_host *h);

/* host_relay.c */
/* A datagram: true: the agent's; else what the session is to see of it. */
bool host_relay_receive(struct rd_host *h, struct rd_addr *from, uint8_t **data, size_t *len);
/* A session is there: sees to what it asks of its endpoint. */
void host_relay_accepted(struct rd_host *h, struct rd_conn *conn, struct rd_conn_ops *ops);
void host_relay_gone(struct rd_host *h, const struct rd_conn *conn);
uint32_t host_relay_slot(struct rd_host *h, const struct rd_addr *from);
void host_relay_close(struct rd_host *h);

#endif

#ifndef RD_NET_HOST_H
#define RD_NET_HOST_H

#include "base/loop.h"
#include "net/agent.h"
#include "net/endpoint.h"
#include "net/server.h"

/*
 * A server on an endpoint in a loop: the responder's side, running. Whoever
 * writes to a session calls rd_host_poke afterwards; sending and timers are
 * seen to at the end of the loop's turn.
 */
struct rd_host;
int rd_host_open(struct rd_host **out, struct rd_loop *loop, const struct rd_server_config *cfg,
	const struct rd_server_ops *ops, void *ctx);
void rd_host_close(struct rd_host *h);
struct rd_server *rd_host_server(struct rd_host *h);
struct rd_endpoint *rd_host_endpoint(struct rd_host *h);
void rd_host_poke(struct rd_host *h);
/*
 * Lets itself be met through a relay: an agent on its endpoint. `ops` is told
 * what happens there; legs, candidates and policy are seen to, and so are the
 * sockets that sessions ask for (rd_conn_ops.sockets, stuck). One relay at a time;
 * cfg NULL takes it away. 0 or negative errno. After asking something of its
 * client: rd_host_poke.
 */
int rd_host_relay(struct rd_host *h, const struct rd_agent_config *cfg,
	const struct rd_agent_ops *ops, void *ctx);
struct rd_agent *rd_host_agent(struct rd_host *h);	/* NULL: none */

#endif

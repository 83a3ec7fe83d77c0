#include "net/server_priv.h"

void
server_tell_paths(const struct rd_server *s, struct rd_conn *c)
{
	if (s->has_policy)
		rd_conn_policy(c, s->policy, c->now_ns);
	if (s->has_candidates)
		rd_conn_candidates(c, &s->candidates, c->now_ns);
}

void
rd_server_candidates(struct rd_server *s, const struct rd_candidates *own, uint64_t now_ns)
{
	s->candidates = *own;
	s->has_candidates = !own->pending;
	if (own->pending)
		return;
	for (unsigned i = 0; i < s->count; i++)
		if (s->list[i]->confirmed)
			rd_conn_candidates(s->list[i]->conn, own, now_ns);
}

void
rd_server_policy(struct rd_server *s, enum rd_path_policy policy)
{
	s->policy = policy;
	s->has_policy = true;
	for (unsigned i = 0; i < s->count; i++)
		if (s->list[i]->confirmed)
			rd_conn_policy(s->list[i]->conn, policy, s->list[i]->conn->now_ns);
}

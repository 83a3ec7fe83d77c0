#include "rd-relay/peers.h"

/* The hosts of one key, a few: who of them is met by it. */

static struct peer *
next_of_key(const struct peers *p, const struct rd_key *key, uint32_t *cursor)
{
	struct peer *peer;
	while ((peer = peers_of_key(p, key, cursor)))
		if (peer->registered)
			return peer;
	return NULL;
}

/* How well it can be reached. */
static unsigned
rank(const struct peer *host, uint64_t now_ns)
{
	return where_nowhere(&host->at) || !peer_alive(host, now_ns) ? 0 :
		peer_quiet(host, now_ns) ? 1 : 2;
}

static bool
comes_before(const struct peer *a, const struct peer *b, uint64_t now_ns)
{
	if (rank(a, now_ns) != rank(b, now_ns))
		return rank(a, now_ns) > rank(b, now_ns);
	if (a->by_code != b->by_code)
		return b->by_code;
	return a->since_ns != b->since_ns ? a->since_ns > b->since_ns : a->program > b->program;
}

struct peer *
peers_host(const struct peers *p, const struct rd_key *key, uint64_t now_ns)
{
	uint32_t cursor = UINT32_MAX;
	struct peer *host, *first = NULL;
	while ((host = next_of_key(p, key, &cursor)))
		if (!first || comes_before(host, first, now_ns))
			first = host;
	return first;
}

struct peer *
peers_next_host(const struct peers *p, const struct peer *after, uint64_t now_ns)
{
	uint32_t cursor = UINT32_MAX;
	struct peer *host, *next = NULL;
	while ((host = next_of_key(p, &after->key, &cursor)))
		if (comes_before(after, host, now_ns) &&
			(!next || comes_before(host, next, now_ns)))
			next = host;
	return next ? next : peers_host(p, &after->key, now_ns);
}

struct peer *
peers_program(const struct peers *p, const struct rd_key *key, uint32_t program)
{
	uint32_t cursor = UINT32_MAX;
	struct peer *host;
	while ((host = next_of_key(p, key, &cursor)))
		if (host->program == program)
			return host;
	return NULL;
}

unsigned
peers_hosts(const struct peers *p, const struct rd_key *key, struct peer **quietest)
{
	uint32_t cursor = UINT32_MAX;
	struct peer *host;
	unsigned n = 0;
	*quietest = NULL;
	for (; (host = next_of_key(p, key, &cursor)); n++)
		if (!*quietest || host->heard_ns < (*quietest)->heard_ns)
			*quietest = host;
	return n;
}

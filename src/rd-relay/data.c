#include <string.h>

#include <sodium.h>

#include "rd-relay/core_priv.h"

/* DATA: from a session's datagram to its request. It is opened without a lock. */

/* The key for what comes by that index, if the number is a new one. */
static bool
key_of(struct core *c, const struct rd_packet *p, uint8_t key[static 32])
{
	pthread_mutex_lock(&c->lock);
	const struct peer *peer = peers_find(&c->peers, p->receiver);
	const struct half *half = peer ? NULL : halves_find(&c->halves, p->receiver);
	if (half && half->ready)
		peer = &half->peer;
	bool fresh = peer && peer_fresh(peer, p->number);
	if (fresh)
		memcpy(key, peer->recv, sizeof(peer->recv));
	pthread_mutex_unlock(&c->lock);
	return fresh;
}

/* What it will be a moment later. */
static enum peers_as
comes_as(const struct core *c, const struct peer *peer, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	enum admitted how;
	struct peer *quietest;
	if (m->type != RD_RELAY_REGISTER || c->draining || admit_host(c, peer, m, &how) != 0)
		return PEERS_VIEWER;
	if (peers_program(&c->peers, &peer->key, m->program))
		return PEERS_HOST_AGAIN;
	return peers_hosts(&c->peers, &peer->key, &quietest) < HOSTS_OF_KEY ||
		peer_quiet(quietest, now_ns) ? PEERS_HOST : PEERS_VIEWER;
}

/*
 * Its first DATA proves that the INIT was no old one: a peer comes of it. NULL: none.
 * Nor does it matter that there is a newer one of that key by now: that may be another
 * program's, of the same person.
 */
static struct peer *
confirm(struct core *c, struct work *w, struct half *half, const struct rd_relay_msg *m,
	uint64_t now_ns)
{
	half->peer.heard_ns = now_ns;
	struct peer *peer = peers_add(&c->peers, &half->peer, comes_as(c, &half->peer, m, now_ns));
	core_count(c, peer ? COUNT_HANDSHAKES_OK : COUNT_RATELIMITED_PEER);
	if (!peer)
		serve_no(c, w, &half->peer, m, RD_NO_BUSY, 30, 0, now_ns);
	/* Also when it was refused: its keys have sealed an answer, and never do again. */
	halves_remove(&c->halves, half);
	return peer;
}

/* Whose genuine DATA that was; meanwhile the session may have gone, or another one come. */
static struct peer *
peer_of(struct core *c, struct work *w, const struct rd_packet *p, const uint8_t key[static 32],
	const struct rd_relay_msg *m, uint64_t now_ns)
{
	struct peer *peer = peers_find(&c->peers, p->receiver);
	struct half *half = peer ? NULL : halves_find(&c->halves, p->receiver);
	if (peer && sodium_memcmp(peer->recv, key, sizeof(peer->recv)) == 0)
		return peer;
	if (half && half->ready && sodium_memcmp(half->peer.recv, key, 32) == 0)
		return confirm(c, w, half, m, now_ns);
	return NULL;
}

/* The newest of all that came says where it is (WireGuard's rule). */
static void
note_address(struct core *c, struct peer *peer, const struct rd_addr *from, uint64_t number)
{
	struct where at = where_of(from);
	if (number + 1 != peer->next || where_equal(&peer->at, &at))
		return;
	peers_move(&c->peers, peer, &at);
	/* TCP has proven its address. */
	peer->unproven = !from->stream;
}

void
data_receive(struct core *c, const struct core_out *out, const struct rd_packet *p,
	const struct rd_addr *from, uint8_t *data, size_t len, uint64_t now_ns)
{
	struct work w = {.datagrams = 0};
	struct rd_relay_msg m;
	uint8_t key[32];
	if (len > DATAGRAM_MAX || p->epoch || !key_of(c, p, key))
		return;
	size_t n;
	const uint8_t *message = rd_packet_open(p, data, &n, key);
	if (message && rd_relay_msg_parse(&m, message, n) == 0) {
		pthread_mutex_lock(&c->lock);
		struct peer *peer = peer_of(c, &w, p, key, &m, now_ns);
		if (peer && peer_fresh(peer, p->number)) {
			peer_mark(peer, p->number);
			peer->heard_ns = now_ns;
			note_address(c, peer, from, p->number);
			serve_request(c, &w, peer, &m, len, now_ns);
		}
		pthread_mutex_unlock(&c->lock);
		work_done(c, out, &w);
	}
	sodium_memzero(key, sizeof(key));
}

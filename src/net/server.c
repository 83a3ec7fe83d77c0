#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/mem.h"
#include "net/server_priv.h"

#define LIMIT_PER_S 20
#define LIMIT_BURST 5
#define BURST 32	/* datagrams of one session before another has its turn */

struct rd_server *
rd_server_new(const struct rd_server_config *cfg, const struct rd_server_ops *ops, void *ctx)
{
	struct rd_server *s = xcalloc(1, sizeof(*s));
	s->cfg = *cfg;
	s->ops = ops;
	s->ctx = ctx;
	s->limit = rd_limit_new(LIMIT_PER_S, LIMIT_BURST);
	return s;
}

void
rd_server_free(struct rd_server *s)
{
	if (!s)
		return;
	while (s->count > 0)
		server_remove(s, s->list[s->count - 1]);
	rd_limit_free(s->limit);
	sodium_memzero(s, sizeof(*s));
	free(s);
}

/* --- sessions --- */

struct server_session *
server_find(const struct rd_server *s, uint32_t index)
{
	struct server_session *session = s->by_index[index % SERVER_SLOTS];
	return session && rd_conn_index(session->conn) == index ? session : NULL;
}

void
server_remove(struct rd_server *s, struct server_session *session)
{
	if (!session)
		return;
	if (session->confirmed && s->ops->gone)
		s->ops->gone(s->ctx, session->conn, session->conn_ctx);
	s->by_index[rd_conn_index(session->conn) % SERVER_SLOTS] = NULL;
	struct server_session *last = s->list[--s->count];
	s->list[session->place] = last;
	last->place = session->place;
	rd_conn_free(session->conn);
	free(session);
}

static unsigned
count_open(const struct rd_server *s)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->count; i++)
		n += s->list[i]->confirmed;
	return n;
}

/*
 * A viewer that does not hear us soon makes one INIT after another, and takes one
 * of the answers: the rest is in nobody's use.
 */
static void
drop_rivals(struct rd_server *s, const struct rd_conn *c)
{
	for (unsigned i = s->count; i-- > 0;) {
		const struct rd_conn *other = s->list[i]->conn;
		if (other != c && other->state == RD_CONN_KEYED && !other->by_password &&
			other->peer_index == c->peer_index && rd_key_equal(&other->peer, &c->peer))
			server_remove(s, s->list[i]);
	}
}

/* A session has proven the peer's key: its owner is asked. */
static bool
confirm(void *ctx, struct rd_conn *c)
{
	struct rd_server *s = ctx;
	struct server_session *session = server_find(s, rd_conn_index(c));
	assert(session);
	if (!c->by_password)
		drop_rivals(s, c);
	bool late = c->slot && !server_code_there(s, c->slot);
	if (late || count_open(s) >= RD_SERVER_SESSIONS ||
		!s->ops->accept(s->ctx, c, &c->ops, &session->conn_ctx)) {
		memset(&c->ops, 0, sizeof(c->ops));
		s->stats.refused++;
		return false;
	}
	c->ctx = session->conn_ctx;
	if (!c->by_password)
		server_remember(s, c);
	session->confirmed = true;
	server_tell_paths(s, c);
	s->stats.accepted++;
	if (c->slot)
		server_code_used(s, c->slot);
	return true;
}

struct source {
	uint8_t bytes[RD_ADDR_SOURCE_MAX];
};

static struct source
source_of(const struct server_session *session)
{
	struct source source = {0};
	rd_addr_source(&session->conn->hs->peer, source.bytes);
	return source;
}

/* Of sources that have as many as any other has, the oldest session. */
static struct server_session *
most_numerous(struct server_session *const *half, unsigned count)
{
	struct source source[RD_SERVER_HALF_OPEN + 1];
	unsigned most = 0;
	struct server_session *found = NULL;
	for (unsigned i = 0; i < count; i++)
		source[i] = source_of(half[i]);
	for (unsigned i = 0; i < count; i++) {
		unsigned n = 0;
		for (unsigned k = 0; k < count; k++)
			n += memcmp(&source[k], &source[i], sizeof(source[i])) == 0;
		if (n > most || (n == most && half[i]->conn->born_ns < found->conn->born_ns))
			found = half[i];
		most = n > most ? n : most;
	}
	return found;
}

void
server_make_room(struct rd_server *s)
{
	struct server_session *half[RD_SERVER_HALF_OPEN + 1];
	unsigned count = 0;
	for (unsigned i = 0; i < s->count && count <= RD_SERVER_HALF_OPEN; i++)
		if (rd_conn_half_open(s->list[i]->conn))
			half[count++] = s->list[i];
	if (count > RD_SERVER_HALF_OPEN)
		server_remove(s, most_numerous(half, count));
}

/* 0 is what datagrams name that have no receiver. */
static uint32_t
free_index(const struct rd_server *s)
{
	uint32_t index;
	do
		index = randombytes_random();
	while (index == 0 || s->by_index[index % SERVER_SLOTS]);
	return index;
}

struct server_session *
server_add(struct rd_server *s, uint64_t now_ns)
{
	_Static_assert(SERVER_MAX < SERVER_SLOTS, "a free index is found soon");
	if (s->count == SERVER_MAX)
		return NULL;
	struct server_session *session = xcalloc(1, sizeof(*session));
	uint32_t index = free_index(s);
	session->conn = rd_conn_new(&s->cfg.conn, index, false, now_ns);
	session->conn->confirm = confirm;
	session->conn->server = s;
	session->place = s->count;
	s->list[s->count++] = session;
	s->by_index[index % SERVER_SLOTS] = session;
	return session;
}

/* --- datagrams --- */

void
rd_server_receive(struct rd_server *s, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns)
{
	struct rd_packet p;
	if (rd_packet_parse(&p, data, len) != 0)
		return;
	switch (p.type) {
	case RD_PACKET_INIT:
		server_init(s, &p, from, data, len, now_ns);
		break;
	case RD_PACKET_ASK:
		server_ask(s, &p, from, now_ns);
		break;
	case RD_PACKET_PAKE:
		server_pake(s, &p, from, now_ns);
		break;
	case RD_PACKET_XX1:
	case RD_PACKET_XX3:
	case RD_PACKET_DATA:
		server_packet(s, &p, from, data, len, now_ns);
		break;
	default:
		break; /* for those who dial */
	}
}

static bool
can_send(const struct rd_server *s, const struct rd_conn *c)
{
	const struct rd_addr *path = rd_conn_path(c);
	bool may_wait = path->stream || path->relayed;
	return !may_wait || !s->ops->can_send || s->ops->can_send(s->ctx, path);
}

size_t
rd_server_send(struct rd_server *s, struct rd_addr *to, uint8_t *out, size_t cap, uint64_t now_ns)
{
	if (s->reply_count > 0) {
		const struct server_reply *r = &s->replies[s->reply_first];
		s->reply_first = (s->reply_first + 1) % SERVER_REPLIES;
		s->reply_count--;
		*to = r->to;
		memcpy(out, r->data, r->len);
		return r->len;
	}
	for (unsigned tries = 0; s->count > 0 && tries <= s->count; tries++) {
		s->cursor %= s->count;
		struct rd_conn *c = s->list[s->cursor]->conn;
		size_t len = 0;
		if (s->burst < BURST && can_send(s, c))
			len = rd_conn_send(c, to, out, cap, now_ns);
		if (len > 0) {
			s->burst++;
			return len;
		}
		s->cursor++;
		s->burst = 0;
	}
	return 0;
}

uint64_t
rd_server_deadline(const struct rd_server *s)
{
	uint64_t due = server_code_deadline(s);
	for (unsigned i = 0; i < s->count; i++) {
		const struct rd_conn *c = s->list[i]->conn;
		uint64_t at = rd_conn_over(c) ? 0 : rd_conn_deadline(c);
		if (at < due)
			due = at;
	}
	return due;
}

void
rd_server_tick(struct rd_server *s, uint64_t now_ns)
{
	server_code_tick(s, now_ns);
	for (unsigned i = s->count; i-- > 0;) {
		/* A callback may have set another password, and half-open sessions went. */
		if (i >= s->count)
			continue;
		struct server_session *session = s->list[i];
		if (rd_conn_deadline(session->conn) <= now_ns)
			rd_conn_tick(session->conn, now_ns);
		if (rd_conn_over(session->conn))
			server_remove(s, session);
	}
}

void
rd_server_carrier_gone(struct rd_server *s, uint32_t carrier, uint64_t now_ns)
{
	for (unsigned i = s->count; i-- > 0;) {
		struct rd_conn *c = s->list[i]->conn;
		if (rd_conn_carrier_gone(c, carrier, now_ns) && rd_conn_half_open(c))
			server_remove(s, s->list[i]);
	}
}

/* --- */

void
rd_server_password(struct rd_server *s, bool has, const uint8_t prs[RD_CONN_PRF_SIZE],
	const uint8_t salt[16])
{
	s->cfg.has_password = has;
	sodium_memzero(s->cfg.prs, sizeof(s->cfg.prs));
	sodium_memzero(s->cfg.salt, sizeof(s->cfg.salt));
	if (has) {
		memcpy(s->cfg.prs, prs, sizeof(s->cfg.prs));
		memcpy(s->cfg.salt, salt, sizeof(s->cfg.salt));
	}
	/* Who was about to get in with the old one begins anew. */
	for (unsigned i = s->count; i-- > 0;) {
		const struct rd_conn *c = s->list[i]->conn;
		if (rd_conn_half_open(c) && rd_conn_by_password(c) && !rd_conn_slot(c))
			server_remove(s, s->list[i]);
	}
}

unsigned
rd_server_count(const struct rd_server *s)
{
	return s->count;
}

struct rd_server_stats
rd_server_stats(const struct rd_server *s)
{
	return s->stats;
}

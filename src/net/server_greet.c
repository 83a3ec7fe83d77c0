#include <errno.h>
#include <string.h>

#include "net/server_priv.h"

/* An answer that needs no session; when too many wait it is not made. */
static void
reply(struct rd_server *s, const struct rd_addr *to, const struct rd_buf *datagram)
{
	if (s->reply_count == SERVER_REPLIES || datagram->len > SERVER_REPLY_MAX)
		return;
	struct server_reply *r =
		&s->replies[(s->reply_first + s->reply_count++) % SERVER_REPLIES];
	r->to = *to;
	r->len = datagram->len;
	memcpy(r->data, datagram->data, datagram->len);
}

/* The same message as one that was answered already gets the same answer. */
static bool
repeated(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from)
{
	for (unsigned i = 0; i < s->count; i++)
		if (rd_conn_half_open(s->list[i]->conn) &&
			rd_handshake_repeated(s->list[i]->conn, p, from))
			return true;
	return false;
}

static void
cookie(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	uint8_t room[SERVER_REPLY_MAX];
	/* Borrowed memory that is large enough: this buffer never grows. */
	struct rd_buf out = {.data = room, .cap = sizeof(room)};
	if (s->reply_count == SERVER_REPLIES)
		return;
	rd_cookie_reply(&s->jar, from, now_ns, &s->cfg.conn.own->public, data, len, p->sender, &out);
	reply(s, from, &out);
	s->stats.cookies++;
}

static void
refuse(struct rd_server *s)
{
	s->stats.refused++;
}

/* While we are busy: an address that has proven itself, and comes not too often. */
static bool
may_init(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	if (!server_busy(s, now_ns))
		return true;
	if (!rd_cookie_check(&s->jar, from, now_ns, data, len)) {
		cookie(s, p, from, data, len, now_ns);
		return false;
	}
	if (rd_limit_allow(s->limit, from, now_ns))
		return true;
	refuse(s);
	return false;
}

void
server_init(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	uint64_t timestamp;
	if (!rd_mac1_check(data, len, &s->cfg.conn.own->public))
		return;
	s->stats.initiations++;
	if (!may_init(s, p, from, data, len, now_ns) || repeated(s, p, from))
		return;
	struct server_session *session = server_add(s, now_ns);
	if (!session || rd_ik_read_init(session->conn, p, &timestamp) != 0) {
		refuse(s);
		goto out;
	}
	if (server_replayed(s, session->conn, timestamp)) {
		s->stats.replays++;
		server_note(s, from, "a replayed INIT", now_ns);
		goto out;
	}
	session->conn->timestamp = timestamp;
	if (rd_ik_answer(session->conn, p, from, now_ns) == 0) {
		server_make_room(s);
		return;
	}
	refuse(s);
out:
	server_remove(s, session);
}

/* How somebody can get in who comes through that slot. */
static uint8_t
ways(struct rd_server *s, uint32_t slot, uint64_t now_ns)
{
	if (slot)
		return RD_WAY_KEYS | (server_code(s, slot, now_ns) ? RD_WAY_CODE : 0);
	return RD_WAY_KEYS | (server_takes_password(s, now_ns) ? RD_WAY_PASSWORD : 0);
}

/* Strangers may know our key, or something else is there that they can get in with. */
static bool
tells(struct rd_server *s, uint32_t slot, uint64_t now_ns)
{
	return s->cfg.introduce || (slot ? server_code(s, slot, now_ns) != NULL : s->cfg.has_password);
}

void
server_ask(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns)
{
	static const uint8_t no_salt[sizeof(s->cfg.salt)];
	uint8_t nonce[16], room[SERVER_REPLY_MAX];
	struct rd_buf out = {.data = room, .cap = sizeof(room)};
	uint32_t slot = server_slot(s, from);
	_Static_assert(RD_PACKET_TELL_SIZE <= RD_PACKET_ASK_SIZE &&
			RD_PACKET_TELL_SIZE <= SERVER_REPLY_MAX,
		"an answer is no larger than what asks for it");
	/* Half of the answers that may wait are COOKIEs': no flood of ASK holds these up. */
	if (!tells(s, slot, now_ns) || s->reply_count >= SERVER_REPLIES / 2)
		return;
	rd_cookie_nonce(&s->jar, from, now_ns, p->nonce, nonce);
	rd_packet_pack(&out, &(struct rd_packet){.type = RD_PACKET_TELL, .receiver = p->sender,
		.nonce = p->nonce, .nonce_host = nonce, .salt = slot ? no_salt : s->cfg.salt,
		.key = s->cfg.conn.own->public.bytes, .ways = ways(s, slot, now_ns)});
	reply(s, from, &out);
}

void
server_pake(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns)
{
	uint32_t slot = server_slot(s, from);
	const struct server_code *code = server_code(s, slot, now_ns);
	if ((slot ? !code : !server_takes_password(s, now_ns)) ||
		!rd_cookie_nonce_check(&s->jar, from, now_ns, p->nonce, p->nonce_host)) {
		refuse(s);
		return;
	}
	if (repeated(s, p, from))
		return;
	if (!rd_limit_allow(s->limit, from, now_ns)) {
		refuse(s);
		return;
	}
	struct server_session *session = server_add(s, now_ns);
	struct rd_password_secret secret = {.prs = slot ? code->prs : s->cfg.prs, .slot = slot,
		.relay = slot ? &code->relay : NULL};
	if (session && rd_password_answer_pake(session->conn, p, from, &secret) == 0) {
		server_make_room(s);
		return;
	}
	refuse(s);
	server_remove(s, session);
}

/* One PAKE is one guess, however often XX1 comes: CPace gives no second one. */
static void
count_guess(struct rd_server *s, struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	if (c->hs->guessed)
		return;
	c->hs->guessed = true;
	if (c->slot)
		server_code_guessed(s, c->slot, from, now_ns);
	else
		server_guessed(s, from, now_ns);
}

void
server_packet(struct rd_server *s, const struct rd_packet *p, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns)
{
	struct server_session *session = server_find(s, p->receiver);
	if (!session)
		return;
	struct rd_conn *c = session->conn;
	bool guess = c->state == RD_CONN_PAKED && p->type == RD_PACKET_XX1;
	bool takes = c->slot ? server_code(s, c->slot, now_ns) != NULL : server_takes_password(s, now_ns);
	/* Many a PAKE may have been answered before the last wrong guess. */
	if (guess && !takes) {
		refuse(s);
		return;
	}
	int err = rd_conn_packet(c, p, from, data, len, now_ns);
	if (guess && err == -EBADMSG)
		count_guess(s, c, from, now_ns);
}

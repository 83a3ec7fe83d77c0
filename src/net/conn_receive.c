#include <errno.h>
#include <string.h>

#include "net/conn_priv.h"

/* A genuine packet, and what of it its frames are judged by. */
struct arrival {
	const struct rd_addr *from;
	size_t len;		/* of the datagram */
	bool current;		/* sealed with the keys now in use */
	bool eliciting;
	bool moves;		/* there is more in it than questions about an address */
	uint64_t now_ns;
};

/* RFC 9000 section 9.1: these are sent where the session does not live, or not yet. */
static bool
is_probing(enum rd_frame_type type)
{
	return type == RD_FRAME_CHALLENGE || type == RD_FRAME_ANSWER || type == RD_FRAME_PADDING;
}

/* Answered where it came from; many may come before we can send. */
static void
take_challenge(struct rd_conn *c, const struct rd_frame *f, const struct arrival *a)
{
	if (c->answer_count == RD_CONN_ANSWERS) {
		c->answer_first = (c->answer_first + 1) % RD_CONN_ANSWERS;
		c->answer_count--;
	}
	unsigned i = (c->answer_first + c->answer_count++) % RD_CONN_ANSWERS;
	memcpy(c->answers[i].data, f->data, sizeof(c->answers[i].data));
	c->answers[i].to = *a->from;
	c->answers[i].size = a->len;
	rd_paths_heard(c, a->from, a->now_ns);
}

static int
take_answer(struct rd_conn *c, const struct rd_frame *f, const struct rd_addr *from,
	uint64_t now_ns)
{
	struct rd_addr was = c->path.current;
	if (rd_paths_answered(c, f->data, from, now_ns))
		return 0;
	if (!rd_path_answered(&c->path, f->data, now_ns))
		return 0;
	rd_conn_on_move(c, &was, now_ns);
	if (c->ops.moved)
		c->ops.moved(c->ctx, &c->path.current);
	return 0;
}

static int
take_frame(struct rd_conn *c, const struct rd_frame *f, const struct arrival *a)
{
	int err;
	switch (f->type) {
	case RD_FRAME_PADDING:
	case RD_FRAME_PING:
		return 0;
	case RD_FRAME_ACK:
		err = rd_recovery_ack(c->recovery, &f->ack, a->now_ns);
		rd_conn_see_to_losses(c);
		return err;
	case RD_FRAME_CHALLENGE:
		take_challenge(c, f, a);
		return 0;
	case RD_FRAME_ANSWER:
		return take_answer(c, f, a->from, a->now_ns);
	case RD_FRAME_CANDIDATES:
		return rd_paths_frame(c, f, a->now_ns);
	case RD_FRAME_REKEY:
		return rd_keys_frame(c, f, a->current, a->now_ns);
	case RD_FRAME_CLOSE:
		rd_conn_peer_closed(c, f, a->now_ns);
		return 0;
	default:
		return rd_mux_frame(c->mux, f, a->now_ns);
	}
}

/* All frames, until one of them, or what it leads to, ends the session. 0 or -EPROTO. */
static int
take_frames(struct rd_conn *c, struct rd_reader *r, struct arrival *a)
{
	struct rd_frame f;
	while (rd_reader_left(r) > 0 && c->state == RD_CONN_OPEN) {
		if (rd_frame_parse(&f, r) != 0)
			return -EPROTO;
		a->eliciting = a->eliciting || rd_frame_eliciting(f.type);
		a->moves = a->moves || !is_probing(f.type);
		int err = take_frame(c, &f, a);
		if (err)
			return err;
	}
	return 0;
}

/* We have said CLOSE: nothing counts any more but the peer's. */
static void
take_last_frames(struct rd_conn *c, struct rd_reader *r, uint64_t now_ns)
{
	struct rd_frame f;
	while (rd_reader_left(r) > 0 && rd_frame_parse(&f, r) == 0)
		if (f.type == RD_FRAME_CLOSE) {
			rd_conn_peer_closed(c, &f, now_ns);
			return;
		}
	rd_conn_close_again(c, now_ns);
}

static void
hear(struct rd_conn *c, size_t len, uint64_t now_ns)
{
	c->bytes_received += len;
	c->heard_ns = now_ns;
	if (!c->silent)
		return;
	c->silent = false;
	if (c->ops.silent)
		c->ops.silent(c->ctx, false);
}

/*
 * The peer has the keys: nothing of the handshake has to be said again. When
 * the answer that made them went to one address only, and this comes from
 * there, the peer gets what is sent there; else it is challenged first.
 */
static void
confirm(struct rd_conn *c, const struct rd_addr *from, uint64_t now_ns)
{
	if (c->state == RD_CONN_KEYED) {
		bool proven = !c->hs->elsewhere && rd_addr_equal(from, &c->hs->peer);
		rd_conn_open(c, proven ? from : NULL, now_ns);
	}
	rd_handshake_free(c);
}

static int
receive_data(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns)
{
	const struct rd_conn_keys *with;
	bool newest = p->number >= c->replay.next;
	size_t n;
	if (c->state < RD_CONN_KEYED || c->state > RD_CONN_CLOSING)
		return -EPROTO;
	uint8_t *frames = c->keys.now.there ? rd_keys_open(c, p, data, &n, &with) : NULL;
	if (!frames)
		return -EPROTO;
	/* From here on it is the peer that speaks. */
	hear(c, len, now_ns);
	confirm(c, from, now_ns);
	struct arrival a = {.from = from, .len = len, .now_ns = now_ns};
	a.current = rd_keys_heard(c, with, now_ns);
	struct rd_reader r;
	rd_reader_init(&r, frames, n);
	if (c->state == RD_CONN_CLOSING)
		take_last_frames(c, &r, now_ns);
	else if (take_frames(c, &r, &a) != 0)
		rd_conn_close(c, RD_CLOSE_PROTOCOL, "", now_ns);
	/* An ANSWER is all the acknowledgement that a probe needs: it may have gone another way. */
	if (a.moves)
		rd_received_packet(&c->received, p->number, a.eliciting, now_ns);
	bool moves = newest && a.moves && c->state == RD_CONN_OPEN;
	if (moves && rd_paths_newest(c, from, now_ns))
		return 0;
	rd_path_received(&c->path, from, len, newest && a.moves, now_ns);
	return 0;
}

int
rd_conn_packet(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint8_t *data, size_t len, uint64_t now_ns)
{
	c->now_ns = now_ns;
	int err = p->type == RD_PACKET_DATA ? receive_data(c, p, from, data, len, now_ns) :
		rd_handshake_receive(c, p, from, data, len, now_ns);
	rd_conn_tell(c);
	return err;
}

int
rd_conn_receive(struct rd_conn *c, const struct rd_addr *from, uint8_t *data, size_t len,
	uint64_t now_ns)
{
	struct rd_packet p;
	if (rd_packet_parse(&p, data, len) != 0 || p.receiver != c->index)
		return -EPROTO;
	return rd_conn_packet(c, &p, from, data, len, now_ns) == 0 ? 0 : -EPROTO;
}

#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/conn_priv.h"

#define NOISE_MAX 256	/* any message of ours: keys, tags, a timestamp, params */

static void
start_noise(struct rd_conn *c, const struct rd_key *host)
{
	rd_noise_start(&c->hs->noise, &(struct rd_noise_init){.pattern = RD_NOISE_IK,
		.initiator = c->initiator, .prologue = RD_CONN_PROLOGUE,
		.prologue_len = strlen(RD_CONN_PROLOGUE), .s = c->cfg.own, .rs = host});
}

/* The datagram and its mac1; RESPONSE carries one too, by the viewer's key. */
static int
write_message(struct rd_conn *c, enum rd_packet_type type, const struct rd_buf *payload)
{
	struct rd_handshake *hs = c->hs;
	uint8_t noise[NOISE_MAX];
	int len = rd_noise_write(&hs->noise, payload->data, payload->len, noise);
	if (len < 0)
		return len;
	rd_buf_reset(&hs->out);
	rd_packet_pack(&hs->out, &(struct rd_packet){.type = type, .sender = c->index,
		.receiver = c->peer_index, .noise = noise, .noise_len = (size_t)len});
	rd_mac1_put(hs->out.data, hs->out.len, &c->peer);
	return 0;
}

static int
write_init(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_handshake *hs = c->hs;
	struct rd_params ours = rd_handshake_params(c);
	struct rd_buf payload = {0};
	start_noise(c, &c->peer);
	rd_buf_u64(&payload, hs->dial.wall_ns + (now_ns - c->born_ns));
	rd_params_pack(&payload, &ours);
	int err = write_message(c, RD_PACKET_INIT, &payload);
	rd_buf_finish(&payload);
	if (!err && hs->has_cookie)
		rd_mac2_put(hs->out.data, hs->out.len, hs->cookie);
	return err;
}

void
rd_ik_start(struct rd_conn *c, uint64_t now_ns)
{
	if (write_init(c, now_ns) < 0)
		rd_conn_end(c, RD_CLOSE_HOST_KEY, "it is no key");
	else
		rd_handshake_say(c, RD_CONN_INIT);
}

/* The first is repeated as it was: mostly it was lost, or its answer is under way. */
void
rd_ik_again(struct rd_conn *c, uint64_t now_ns)
{
	struct rd_handshake *hs = c->hs;
	if (hs->repeated) {
		rd_inits_keep(&hs->inits, &hs->noise, hs->out.data, hs->out.len);
		write_init(c, now_ns); /* a key that was good is so still */
	}
	hs->repeated = true;
}

/* The last INIT with the cookie's mac2; at once the first time, then when it is time again. */
int
rd_ik_cookie(struct rd_conn *c, const struct rd_packet *p)
{
	struct rd_handshake *hs = c->hs;
	if (rd_inits_cookie(&hs->inits, hs->out.data, hs->out.len, p, &c->peer, hs->cookie) != 0)
		return -EPROTO;
	rd_mac2_put(hs->out.data, hs->out.len, hs->cookie);
	if (!hs->has_cookie)
		hs->due = true;
	hs->has_cookie = true;
	return 0;
}

int
rd_ik_response(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	const uint8_t *data, size_t len, uint64_t now_ns)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	if (!rd_mac1_check(data, len, &c->cfg.own->public))
		return -EPROTO;
	int got = rd_inits_read(&c->hs->inits, &c->hs->noise, p, payload);
	if (got < 0)
		return -EPROTO;
	struct rd_reader r;
	rd_reader_init(&r, payload, (size_t)got);
	if (rd_params_parse(&r, &c->hs->theirs) != 0) {
		rd_conn_end(c, RD_CLOSE_PROTOCOL, "");
		return 0;
	}
	c->peer_index = p->sender;
	rd_handshake_take(c, now_ns);
	struct rd_addr path = c->hs->dial.to;
	rd_conn_open(c, &path, now_ns);
	rd_path_received(&c->path, from, len, true, now_ns);
	rd_handshake_free(c);
	return 0;
}

int
rd_ik_read_init(struct rd_conn *c, const struct rd_packet *p, uint64_t *timestamp)
{
	uint8_t payload[RD_PACKET_HANDSHAKE_MAX];
	start_noise(c, NULL);
	int len = rd_noise_read(&c->hs->noise, p->noise, p->noise_len, payload);
	if (len < 0)
		return -EPROTO;
	struct rd_reader r;
	rd_reader_init(&r, payload, (size_t)len);
	*timestamp = rd_reader_u64(&r);
	if (rd_params_parse(&r, &c->hs->theirs) != 0)
		return -EPROTO;
	c->peer = *rd_noise_peer(&c->hs->noise);
	return 0;
}

int
rd_ik_answer(struct rd_conn *c, const struct rd_packet *p, const struct rd_addr *from,
	uint64_t now_ns)
{
	struct rd_params ours = rd_handshake_params(c);
	struct rd_buf payload = {0};
	rd_params_pack(&payload, &ours);
	c->peer_index = p->sender;
	int err = write_message(c, RD_PACKET_RESPONSE, &payload);
	rd_buf_finish(&payload);
	if (err < 0)
		return err;
	c->hs->peer = *from;
	rd_handshake_seen(p, c->hs->seen);
	rd_handshake_take(c, now_ns);
	/* Proven once DATA comes: till then this may be an old INIT that somebody kept. */
	c->peer_known = false;
	rd_handshake_say(c, RD_CONN_KEYED);
	return 0;
}

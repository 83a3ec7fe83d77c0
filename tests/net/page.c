/*
 * Sessions with a peer that is written from rd-session(5) alone: what the page
 * says of handshakes, keys and packets is what a session and a server do.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/cookie.h"
#include "net/cpace.h"
#include "net/frame.h"
#include "net/noise.h"
#include "net/server.h"
#include "net/varint.h"

/* ---- the peer by hand ---- */

struct hand {
	bool viewer;
	struct rd_keypair key;
	struct rd_key host;		/* viewer: whom it calls */
	uint32_t index, other;		/* ours, the peer's */
	struct rd_noise noise;
	struct rd_buf prologue;
	struct rd_cpace cpace;
	uint8_t sid[32], prs[32], psk[32];
	uint8_t send[32], recv[32], hash[RD_NOISE_HASH];
	uint8_t epoch;
	uint64_t number;
};

static const struct rd_addr here = { .family = 4, .port = 40000, .ip = { 192, 0, 2, 7 } };
static uint64_t now;

static struct hand
hand_new(bool viewer)
{
	struct hand h = { .viewer = viewer, .index = randombytes_random() };

	rd_keypair_new(&h.key);
	return h;
}

static void
hand_finish(struct hand *h)
{
	rd_buf_finish(&h->prologue);
}

static void
begin_noise(struct hand *h, enum rd_noise_pattern pattern, const char *label, const void *tail,
	size_t tail_len)
{
	rd_buf_reset(&h->prologue);
	rd_buf_bytes(&h->prologue, label, strlen(label));
	rd_buf_bytes(&h->prologue, tail, tail_len);
	rd_noise_start(&h->noise, &(struct rd_noise_init){ .pattern = pattern,
		.initiator = h->viewer, .prologue = h->prologue.data, .prologue_len = h->prologue.len,
		.s = &h->key, .psk = h->psk,
		.rs = h->viewer && pattern != RD_NOISE_XXPSK0 ? &h->host : NULL });
}

static void
add_params(struct rd_buf *b)
{
	const uint64_t v[] = { 4 << 20, 1 << 20, 8 << 20, 64 << 20 };

	rd_buf_u16(b, 1);
	for (size_t i = 0; i < 4; i++)
		b->len = (size_t)(rd_varint_put(rd_buf_room(b, 8), v[i]) - b->data);
}

/* u16 version and four varints; more may follow. */
static void
check_params(const uint8_t *data, size_t len)
{
	struct rd_reader r;

	rd_reader_init(&r, data, len);
	assert_int_equal(rd_reader_u16(&r), 1);
	assert_true(rd_reader_varint(&r) == RD_MUX_WINDOW);
	assert_true(rd_reader_varint(&r) == RD_MUX_STREAM_WINDOW);
	assert_true(rd_reader_varint(&r) == RD_MUX_UNITS_WINDOW);
	rd_reader_varint(&r);
	assert_true(rd_reader_done(&r));
}

/* A handshake's datagram with the next Noise message. */
static struct rd_buf
say(struct hand *h, enum rd_packet_type type, const struct rd_buf *payload,
	const struct rd_key *receiver)
{
	uint8_t noise[512];
	struct rd_buf b = {0};
	int n = rd_noise_write(&h->noise, payload->data, payload->len, noise);

	assert_true(n > 0);
	rd_packet_pack(&b, &(struct rd_packet){ .type = type, .sender = h->index,
		.receiver = h->other, .noise = noise, .noise_len = (size_t)n });
	if (receiver)
		rd_mac1_put(b.data, b.len, receiver);
	return b;
}

static void
hear(struct hand *h, const struct rd_packet *p, struct rd_buf *payload)
{
	rd_buf_reset(payload);
	int n = rd_noise_read(&h->noise, p->noise, p->noise_len, rd_buf_room(payload, p->noise_len));

	assert_true(n >= 0);
	payload->len = (size_t)n;
	h->other = p->sender;
}

static void
take_keys(struct hand *h)
{
	assert_true(rd_noise_done(&h->noise));
	rd_noise_split(&h->noise, h->send, h->recv);
	memcpy(h->hash, rd_noise_hash(&h->noise), sizeof(h->hash));
	rd_noise_export(&h->noise, "rekey", h->psk);
}

static void
nonce_of(uint64_t number, uint8_t out[static 12])
{
	memset(out, 0, 4);
	for (int i = 0; i < 8; i++)
		out[4 + i] = (uint8_t)(number >> 8 * i);
}

/* DATA with one frame. */
static struct rd_buf
seal(struct hand *h, const struct rd_frame *f)
{
	uint8_t plain[512], nonce[12];
	unsigned long long n;
	struct rd_buf b = {0};

	size_t len = (size_t)(rd_frame_put(plain, f) - plain);
	rd_packet_pack(&b, &(struct rd_packet){ .type = RD_PACKET_DATA, .epoch = h->epoch,
		.receiver = h->other, .number = h->number });
	nonce_of(h->number++, nonce);
	uint8_t *out = rd_buf_room(&b, len + 16);
	crypto_aead_chacha20poly1305_ietf_encrypt(out, &n, plain, len, b.data, 16, NULL, nonce,
		h->send);
	b.len += n;
	return b;
}

/* The frame of that type in a DATA; false: it has none. */
static bool
find_frame(struct hand *h, const struct rd_packet *p, uint8_t *data, enum rd_frame_type type,
	struct rd_frame *f)
{
	uint8_t nonce[12];
	unsigned long long n;
	struct rd_reader r;

	assert_int_equal(p->type, RD_PACKET_DATA);
	assert_int_equal(p->receiver, h->index);
	assert_int_equal(p->epoch, h->epoch);
	nonce_of(p->number, nonce);
	assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(data + 16, &n, NULL, data + 16,
		p->noise_len, data, 16, nonce, h->recv), 0);
	rd_reader_init(&r, data + 16, n);
	while (rd_reader_left(&r)) {
		assert_int_equal(rd_frame_parse(f, &r), 0);
		if (f->type == type)
			return true;
	}
	return false;
}

/* ---- against a server ---- */

/* What a session wants told; none of it matters here. */
static void
on_stream(void *ctx, uint64_t id, const uint8_t *data, size_t len, bool fin)
{
	(void)ctx, (void)id, (void)data, (void)len, (void)fin;
}

static void
on_reset(void *ctx, uint64_t id, uint64_t code)
{
	(void)ctx, (void)id, (void)code;
}

static void
on_unit(void *ctx, enum rd_traffic traffic, const uint8_t *data, size_t len)
{
	(void)ctx, (void)traffic, (void)data, (void)len;
}

static void
on_gap(void *ctx, enum rd_traffic traffic)
{
	(void)ctx, (void)traffic;
}

static void
on_event(void *ctx, const uint8_t *data, size_t len)
{
	(void)ctx, (void)data, (void)len;
}

static void
on_dropped(void *ctx, enum rd_traffic traffic, uint64_t tag)
{
	(void)ctx, (void)traffic, (void)tag;
}

static const struct rd_conn_ops session_ops = {
	.mux = { on_stream, on_reset, on_unit, on_gap, on_event, on_dropped },
};

static bool
welcome(void *ctx, struct rd_conn *conn, struct rd_conn_ops *ops, void **conn_ctx)
{
	(void)conn;
	*ops = session_ops;
	*conn_ctx = ctx;
	++*(unsigned *)ctx;
	return true;
}

static struct rd_keypair own;
static unsigned welcomed;
static struct rd_server *server;
static uint8_t answer[RD_PACKET_MAX];

static const struct rd_server_ops server_ops = { .accept = welcome };

static int
set_up(void **state)
{
	struct rd_server_config cfg = { .conn = { .own = &own, .unit_max = 1 << 16 },
		.introduce = true, .has_password = true };

	(void)state;
	now = 1000 * RD_NS_PER_S;
	welcomed = 0;
	rd_keypair_new(&own);
	memset(cfg.prs, 0x5a, sizeof(cfg.prs));
	memset(cfg.salt, 0x11, sizeof(cfg.salt));
	server = rd_server_new(&cfg, &server_ops, &welcomed);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	rd_server_free(server);
	return 0;
}

/* Sends it to the server, and frees it. */
static void
give(struct rd_buf *b)
{
	rd_server_receive(server, &here, b->data, b->len, now);
	rd_buf_finish(b);
}

/* The server's next datagram, if it has one of that type. */
static bool
get(struct rd_packet *p, enum rd_packet_type type)
{
	struct rd_addr to;
	size_t n = rd_server_send(server, &to, answer, sizeof(answer), now);

	if (n == 0)
		return false;
	assert_true(rd_addr_equal(&to, &here));
	assert_int_equal(rd_packet_parse(p, answer, n), 0);
	assert_int_equal(p->type, type);
	return true;
}

/* Datagrams of the server until one has that frame, for a second at most. */
static void
await_frame(struct hand *h, enum rd_frame_type type, struct rd_frame *f)
{
	struct rd_packet p;

	for (int ms = 0; ms < 1000; ms++, now += RD_NS_PER_MS) {
		rd_server_tick(server, now);
		while (get(&p, RD_PACKET_DATA))
			if (find_frame(h, &p, answer, type, f))
				return;
	}
	fail_msg("no frame of type %d has come", type);
}

static void
ping_is_acknowledged(struct hand *h)
{
	struct rd_frame f = { .type = RD_FRAME_PING };
	struct rd_buf b = seal(h, &f);

	give(&b);
	await_frame(h, RD_FRAME_ACK, &f);
	assert_true(f.ack.largest == h->number - 1);
}

static struct hand
viewer_by_keys(void)
{
	struct hand h = hand_new(true);
	struct rd_buf payload = {0};
	struct rd_packet p;

	h.host = own.public;
	begin_noise(&h, RD_NOISE_IK, "rd-session 1", NULL, 0);
	rd_buf_u64(&payload, UINT64_C(1700000000000000000));
	add_params(&payload);
	struct rd_buf b = say(&h, RD_PACKET_INIT, &payload, &h.host);
	give(&b);
	assert_true(get(&p, RD_PACKET_RESPONSE));
	assert_int_equal(p.receiver, h.index);
	hear(&h, &p, &payload);
	check_params(payload.data, payload.len);
	take_keys(&h);
	rd_buf_finish(&payload);
	return h;
}

static void
a_viewer_by_keys(void **state)
{
	struct hand h = viewer_by_keys();
	struct rd_packet p;

	(void)state;
	/* Nothing is said, and nobody let in, before DATA. */
	assert_false(get(&p, RD_PACKET_DATA));
	assert_int_equal(welcomed, 0);
	ping_is_acknowledged(&h);
	assert_int_equal(welcomed, 1);
	hand_finish(&h);
}

static void
rekeying(void **state)
{
	struct hand h = viewer_by_keys();
	struct rd_frame f = { .type = RD_FRAME_REKEY };
	uint8_t message[256], none[1];

	(void)state;
	ping_is_acknowledged(&h);
	for (int round = 1; round <= 3; round++) {
		begin_noise(&h, RD_NOISE_IKPSK2, "rd-session 1rekey", h.hash, sizeof(h.hash));
		int n = rd_noise_write(&h.noise, none, 0, message);
		assert_true(n > 0);
		f = (struct rd_frame){ .type = RD_FRAME_REKEY, .data = message, .len = (size_t)n };
		struct rd_buf b = seal(&h, &f);
		give(&b);
		await_frame(&h, RD_FRAME_REKEY, &f);
		assert_int_equal(rd_noise_read(&h.noise, f.data, f.len, message), 0);
		take_keys(&h);
		h.epoch++;
		ping_is_acknowledged(&h);
		assert_int_equal(h.epoch, round);
	}
	hand_finish(&h);
}

/* ASK to PAKE, for a viewer that stretched its password to `prs`. */
static struct hand
viewer_by_password(uint8_t prs)
{
	static const uint8_t ci[] = "\x0crd-session 1\0";	/* two empty parts behind it */
	struct hand h = hand_new(true);
	struct rd_packet p;
	struct rd_buf b = {0};
	uint8_t salt[16];

	memset(h.prs, prs, sizeof(h.prs));
	memset(salt, 0x11, sizeof(salt));
	randombytes_buf(h.sid, 16);
	rd_packet_pack(&b, &(struct rd_packet){ .type = RD_PACKET_ASK, .sender = h.index,
		.nonce = h.sid });
	give(&b);
	assert_true(get(&p, RD_PACKET_TELL));
	assert_int_equal(p.receiver, h.index);
	assert_memory_equal(p.key, own.public.bytes, 32);
	assert_memory_equal(p.salt, salt, 16);
	assert_int_equal(p.ways, RD_WAY_KEYS | RD_WAY_PASSWORD);
	assert_memory_equal(p.nonce, h.sid, 16);
	memcpy(h.sid + 16, p.nonce_host, 16);
	rd_cpace_start(&h.cpace, h.prs, sizeof(h.prs), ci, sizeof(ci), h.sid, sizeof(h.sid), NULL);
	rd_packet_pack(&b, &(struct rd_packet){ .type = RD_PACKET_PAKE, .sender = h.index,
		.nonce = h.sid, .nonce_host = h.sid + 16, .share = h.cpace.share });
	give(&b);
	assert_true(get(&p, RD_PACKET_PAKE_REPLY));
	h.other = p.sender;

	uint8_t ad[8], isk[64];
	for (int i = 0; i < 4; i++) {
		ad[i] = (uint8_t)(h.index >> 8 * i);
		ad[4 + i] = (uint8_t)(h.other >> 8 * i);
	}
	assert_int_equal(rd_cpace_finish(&h.cpace, 1, p.share, ad, 4, ad + 4, 4, isk), 0);
	crypto_generichash(h.psk, 32, isk, 64, (const uint8_t *)"rd-psk", 6);
	begin_noise(&h, RD_NOISE_XXPSK0, "rd-session 1password", h.sid, sizeof(h.sid));
	return h;
}

static void
a_viewer_by_password(void **state)
{
	struct hand h = viewer_by_password(0x5a);
	struct rd_buf payload = {0}, b = say(&h, RD_PACKET_XX1, &payload, NULL);
	struct rd_packet p;

	(void)state;
	give(&b);
	assert_true(get(&p, RD_PACKET_XX2));
	hear(&h, &p, &payload);
	check_params(payload.data, payload.len);
	assert_true(rd_key_equal(rd_noise_peer(&h.noise), &own.public));
	rd_buf_reset(&payload);
	add_params(&payload);
	b = say(&h, RD_PACKET_XX3, &payload, NULL);
	give(&b);
	assert_int_equal(welcomed, 0);
	take_keys(&h);
	ping_is_acknowledged(&h);
	assert_int_equal(welcomed, 1);
	rd_buf_finish(&payload);
	hand_finish(&h);
}

static void
a_wrong_password_meets_silence(void **state)
{
	struct hand h = viewer_by_password(0x5b);
	struct rd_buf payload = {0}, b = say(&h, RD_PACKET_XX1, &payload, NULL);
	struct rd_packet p;

	(void)state;
	give(&b);
	assert_false(get(&p, RD_PACKET_XX2));
	assert_int_equal(rd_server_stats(server).guesses, 1);
	hand_finish(&h);
}

/* ---- against a viewer ---- */

static struct rd_conn *conn;

static bool
next(struct rd_packet *p)
{
	struct rd_addr to;
	size_t n = rd_conn_send(conn, &to, answer, sizeof(answer), now);

	if (n)
		assert_int_equal(rd_packet_parse(p, answer, n), 0);
	return n > 0;
}

static void
a_host_by_keys(void **state)
{
	struct hand h = hand_new(false);
	struct rd_conn_config cfg = { .own = &own, .unit_max = 1 << 20 };
	struct rd_conn_dial dial = { .to = here, .host = &h.key.public, .wall_ns = 12345678 };
	struct rd_cookie_jar jar = {0};
	struct rd_buf payload = {0}, b = {0};
	struct rd_packet p;
	struct rd_frame f;
	struct rd_reader r;
	uint8_t mac1[RD_MAC];

	(void)state;
	conn = rd_conn_dial(&cfg, &dial, &session_ops, NULL, now);
	assert_true(next(&p));
	assert_int_equal(p.type, RD_PACKET_INIT);
	size_t len = (size_t)(p.mac2 - answer) + RD_MAC;
	assert_true(rd_mac1_check(answer, len, &h.key.public));
	memcpy(mac1, p.mac1, RD_MAC);
	rd_cookie_reply(&jar, &here, now, &h.key.public, answer, len, p.sender, &b);
	assert_int_equal(rd_conn_receive(conn, &here, b.data, b.len, now), 0);
	assert_true(next(&p));
	assert_int_equal(p.type, RD_PACKET_INIT);
	assert_memory_equal(p.mac1, mac1, RD_MAC);	/* the same INIT */
	assert_true(rd_cookie_check(&jar, &here, now, answer, len));

	begin_noise(&h, RD_NOISE_IK, "rd-session 1", NULL, 0);
	hear(&h, &p, &payload);
	rd_reader_init(&r, payload.data, payload.len);
	assert_true(rd_reader_u64(&r) == 12345678);
	check_params(payload.data + 8, payload.len - 8);
	assert_true(rd_key_equal(rd_noise_peer(&h.noise), &own.public));
	rd_buf_reset(&payload);
	add_params(&payload);
	rd_buf_bytes(&payload, "what a later version says", 25);
	rd_buf_finish(&b);
	b = say(&h, RD_PACKET_RESPONSE, &payload, &own.public);
	take_keys(&h);
	assert_int_equal(rd_conn_receive(conn, &here, b.data, b.len, now), 0);
	/* It says something at once, so that the host knows. */
	assert_true(next(&p));
	assert_true(p.number == 0);
	assert_true(find_frame(&h, &p, answer, RD_FRAME_PING, &f));
	rd_conn_free(conn);
	rd_buf_finish(&b);
	rd_buf_finish(&payload);
	hand_finish(&h);
}

int
main(void)
{
	if (sodium_init() < 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_viewer_by_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(rekeying, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_viewer_by_password, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_wrong_password_meets_silence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_host_by_keys, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

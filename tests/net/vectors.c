/*
 * Every datagram and frame of rd-session(5), made with fixed keys, against
 * tests/vectors/rd-session.hex and the examples of man/rd-session.5: code, file
 * and page cannot drift. `vectors --print` prints the file anew; the messages
 * at its end are tests/chan/vectors.c's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

#include "examples.h"
#include "net/code.h"
#include "net/conn.h"
#include "net/cpace.h"
#include "net/noise.h"
#include "net/varint.h"

#define VIEWER_INDEX 0x11223344
#define HOST_INDEX 0x55667788
#define TIMESTAMP UINT64_C(1700000000000000000)

/* All that both ends of the two sessions know. */
struct scene {
	struct examples *all;
	struct rd_keypair viewer, host;		/* static keys */
	struct rd_noise known[2];		/* by keys: viewer's, host's */
	struct rd_noise again[2];		/* the rekeying after it */
	struct rd_noise password[2];
	uint8_t nonce[2][16];			/* of ASK, of TELL */
};

static void
add_params(struct rd_buf *b, uint64_t unit_max)
{
	const uint64_t v[] = { RD_MUX_WINDOW, RD_MUX_STREAM_WINDOW, RD_MUX_UNITS_WINDOW, unit_max };

	rd_buf_u16(b, RD_SESSION_VERSION);
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		b->len = (size_t)(rd_varint_put(rd_buf_room(b, 8), v[i]) - b->data);
}

/* The next message of a handshake, from one end to the other. */
static struct rd_buf
step(struct rd_noise n[static 2], int from, const struct rd_buf *payload)
{
	struct rd_buf msg = {0}, got = {0};
	uint8_t *out = rd_buf_room(&msg, payload->len + 512);
	int len = rd_noise_write(&n[from], payload->data, payload->len, out);

	assert_true(len > 0);
	msg.len = (size_t)len;
	int back = rd_noise_read(&n[!from], msg.data, msg.len, rd_buf_room(&got, msg.len));
	assert_int_equal(back, payload->len);
	if (payload->len)
		assert_memory_equal(got.data, payload->data, payload->len);
	rd_buf_finish(&got);
	return msg;
}

static void
start(struct rd_noise n[static 2], struct scene *s, enum rd_noise_pattern pattern,
	const struct rd_buf *prologue, const uint8_t *psk, const struct rd_keypair e[static 2])
{
	for (int i = 0; i < 2; i++)
		rd_noise_start(&n[i], &(struct rd_noise_init){
			.pattern = pattern,
			.initiator = i == 0,
			.prologue = prologue->data,
			.prologue_len = prologue->len,
			.s = i == 0 ? &s->viewer : &s->host,
			.rs = i == 0 && pattern != RD_NOISE_XXPSK0 ? &s->host.public : NULL,
			.psk = psk,
			.e = &e[i],
		});
}

/* Both ends are through, and agree. */
static void
add_secrets(struct scene *s, struct rd_noise n[static 2], const char *hash, const char *up,
	const char *down)
{
	uint8_t send[2][32], recv[2][32];

	assert_true(rd_noise_done(&n[0]) && rd_noise_done(&n[1]));
	rd_noise_split(&n[0], send[0], recv[0]);
	rd_noise_split(&n[1], send[1], recv[1]);
	assert_memory_equal(send[0], recv[1], 32);
	assert_memory_equal(send[1], recv[0], 32);
	assert_memory_equal(rd_noise_hash(&n[0]), rd_noise_hash(&n[1]), RD_NOISE_HASH);
	example_add(s->all, hash, rd_noise_hash(&n[0]), RD_NOISE_HASH);
	example_add(s->all, up, send[0], 32);
	example_add(s->all, down, send[1], 32);
}

/* ---- by keys ---- */

static void
make_cookie(struct scene *s, const struct rd_buf *init)
{
	struct rd_cookie_jar jar = { .filled = true };
	const struct rd_addr from = { .family = 4, .port = 40000, .ip = { 192, 0, 2, 7 } };
	struct rd_buf *b, copy = {0};
	struct rd_packet p;
	uint8_t cookie[RD_COOKIE];

	count_up(jar.secret[0], 32, 0xc0);
	rd_cookie_make(&jar, &from, 0, cookie);
	example_add(s->all, "COOKIE-OPEN", cookie, sizeof(cookie));
	b = example_new(s->all, "COOKIE");
	rd_cookie_reply(&jar, &from, 0, &s->host.public, init->data, init->len, VIEWER_INDEX, b);
	assert_int_equal(rd_packet_parse(&p, b->data, b->len), 0);
	memset(cookie, 0, sizeof(cookie));
	assert_int_equal(rd_cookie_open(&p, &s->host.public, init->data + init->len - 32, cookie), 0);
	assert_memory_equal(cookie, example_find(s->all, "COOKIE-OPEN")->data, sizeof(cookie));
	rd_buf_bytes(&copy, init->data, init->len);
	rd_mac2_put(copy.data, copy.len, cookie);
	assert_true(rd_cookie_check(&jar, &from, 0, copy.data, copy.len));
	example_add(s->all, "MAC2", copy.data + copy.len - RD_MAC, RD_MAC);
	rd_buf_finish(&copy);
}

static void
make_known(struct scene *s)
{
	const struct rd_keypair e[2] = { pair_from(0x60), pair_from(0x80) };
	struct rd_buf prologue = {0}, *plain, *b, msg;
	struct rd_packet p = { .type = RD_PACKET_INIT, .sender = VIEWER_INDEX };

	example_add(s->all, "S-VIEWER", s->viewer.secret.bytes, 32);
	example_add(s->all, "P-VIEWER", s->viewer.public.bytes, 32);
	example_add(s->all, "S-HOST", s->host.secret.bytes, 32);
	example_add(s->all, "P-HOST", s->host.public.bytes, 32);
	example_add(s->all, "E-VIEWER", e[0].secret.bytes, 32);
	example_add(s->all, "E-HOST", e[1].secret.bytes, 32);
	rd_buf_bytes(&prologue, RD_CONN_PROLOGUE, strlen(RD_CONN_PROLOGUE));
	start(s->known, s, RD_NOISE_IK, &prologue, NULL, e);

	plain = example_new(s->all, "INIT-PLAIN");
	rd_buf_u64(plain, TIMESTAMP);
	add_params(plain, (uint64_t)64 << 20);
	msg = step(s->known, 0, plain);
	p.noise = msg.data;
	p.noise_len = msg.len;
	b = example_new(s->all, "INIT");
	rd_packet_pack(b, &p);
	rd_mac1_put(b->data, b->len, &s->host.public);
	rd_buf_finish(&msg);
	make_cookie(s, b);

	plain = example_new(s->all, "RESP-PLAIN");
	add_params(plain, 0);
	msg = step(s->known, 1, plain);
	p = (struct rd_packet){ .type = RD_PACKET_RESPONSE, .sender = HOST_INDEX,
		.receiver = VIEWER_INDEX, .noise = msg.data, .noise_len = msg.len };
	b = example_new(s->all, "RESPONSE");
	rd_packet_pack(b, &p);
	rd_mac1_put(b->data, b->len, &s->viewer.public);
	rd_buf_finish(&msg);
	add_secrets(s, s->known, "HASH", "KEY-UP", "KEY-DOWN");
	rd_buf_finish(&prologue);
}

/* ---- data ---- */

static void
seal(struct scene *s, const char *name, uint8_t epoch, uint64_t number, const char *key,
	const struct rd_buf *plain)
{
	struct rd_packet p = { .type = RD_PACKET_DATA, .epoch = epoch, .receiver = HOST_INDEX,
		.number = number };
	struct rd_buf *b = example_new(s->all, name);
	uint8_t nonce[12] = {0};
	unsigned long long n;

	rd_packet_pack(b, &p);
	for (int i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(number >> 8 * i);
	uint8_t *out = rd_buf_room(b, plain->len + 16);
	crypto_aead_chacha20poly1305_ietf_encrypt(out, &n, plain->data, plain->len, b->data,
		RD_PACKET_DATA_HEADER, NULL, nonce, example_find(s->all, key)->data);
	b->len += n;
}

static void
put_frame(struct rd_buf *b, const struct rd_frame *f)
{
	b->len = (size_t)(rd_frame_put(rd_buf_room(b, rd_frame_size(f)), f) - b->data);
}

/* OPEN of the service "desktop" with rights 0x3f, as rd-stream(5) frames it. */
static const uint8_t message_open[] = {
	0x0c, 0, 0, 0, 0x01, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	7, 'd', 'e', 's', 'k', 't', 'o', 'p', 0x3f, 0, 0, 0,
};

static void
make_data(struct scene *s)
{
	struct rd_buf *plain = example_new(s->all, "DATA-PLAIN");

	put_frame(plain, &(struct rd_frame){ .type = RD_FRAME_PING });
	put_frame(plain, &(struct rd_frame){ .type = RD_FRAME_STREAM, .data = message_open,
		.len = sizeof(message_open) });
	seal(s, "DATA", 0, 0, "KEY-UP", plain);
}

static void
make_rekeying(struct scene *s)
{
	const struct rd_keypair e[2] = { pair_from(0xa0), pair_from(0xc0) };
	struct rd_buf prologue = {0}, none = {0}, ping = {0}, msg;
	uint8_t psk[2][32];

	rd_noise_export(&s->known[0], "rekey", psk[0]);
	rd_noise_export(&s->known[1], "rekey", psk[1]);
	assert_memory_equal(psk[0], psk[1], 32);
	example_add(s->all, "EXPORT", psk[0], 32);
	example_add(s->all, "E-VIEWER2", e[0].secret.bytes, 32);
	example_add(s->all, "E-HOST2", e[1].secret.bytes, 32);
	rd_buf_bytes(&prologue, RD_CONN_PROLOGUE "rekey", strlen(RD_CONN_PROLOGUE "rekey"));
	rd_buf_bytes(&prologue, rd_noise_hash(&s->known[0]), RD_NOISE_HASH);
	start(s->again, s, RD_NOISE_IKPSK2, &prologue, psk[0], e);
	msg = step(s->again, 0, &none);
	put_frame(example_new(s->all, "REKEY"), &(struct rd_frame){ .type = RD_FRAME_REKEY,
		.data = msg.data, .len = msg.len });
	rd_buf_finish(&msg);
	msg = step(s->again, 1, &none);
	put_frame(example_new(s->all, "REKEY-BACK"), &(struct rd_frame){ .type = RD_FRAME_REKEY,
		.data = msg.data, .len = msg.len });
	rd_buf_finish(&msg);
	add_secrets(s, s->again, "HASH2", "KEY-UP2", "KEY-DOWN2");
	put_frame(&ping, &(struct rd_frame){ .type = RD_FRAME_PING });
	seal(s, "DATA2", 1, 1000, "KEY-UP2", &ping);
	rd_buf_finish(&ping);
	rd_buf_finish(&prologue);
}

/* ---- by password ---- */

static void
lv(struct rd_buf *b, const char *text)
{
	rd_buf_u8(b, (uint8_t)strlen(text));
	rd_buf_bytes(b, text, strlen(text));
}

static void
make_ask(struct scene *s)
{
	uint8_t salt[16];

	count_up(s->nonce[0], 16, 0x01);
	count_up(s->nonce[1], 16, 0x11);
	count_up(salt, 16, 0x21);
	rd_packet_pack(example_new(s->all, "ASK"), &(struct rd_packet){ .type = RD_PACKET_ASK,
		.sender = VIEWER_INDEX, .nonce = s->nonce[0] });
	rd_packet_pack(example_new(s->all, "TELL"), &(struct rd_packet){ .type = RD_PACKET_TELL,
		.receiver = VIEWER_INDEX, .nonce = s->nonce[0], .nonce_host = s->nonce[1], .salt = salt,
		.key = s->host.public.bytes, .ways = RD_WAY_KEYS | RD_WAY_PASSWORD });
}

static void
add_u32(uint8_t out[static 4], uint32_t v)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> 8 * i);
}

/* The PAKE: leaves PSK and SID among the examples. */
static void
make_pake(struct scene *s)
{
	uint8_t prs[RD_CONN_PRF_SIZE], scalar[2][32], isk[2][RD_CPACE_SECRET], ad[2][4], psk[32];
	struct rd_buf *ci = example_new(s->all, "CI"), *sid = example_new(s->all, "SID");
	struct rd_cpace c[2];

	lv(ci, RD_CONN_PROLOGUE);
	lv(ci, "");
	lv(ci, "");
	rd_buf_bytes(sid, s->nonce, sizeof(s->nonce));
	count_up(prs, sizeof(prs), 0x31);
	example_add(s->all, "PRS", prs, sizeof(prs));
	add_u32(ad[0], VIEWER_INDEX);
	add_u32(ad[1], HOST_INDEX);
	for (int i = 0; i < 2; i++) {
		/* Below the group's order, which begins with 0x10 at its high end. */
		count_up(scalar[i], 32, i ? 0x71 : 0x51);
		scalar[i][31] = 0x01;
		rd_cpace_start(&c[i], prs, sizeof(prs), ci->data, ci->len, sid->data, sid->len, scalar[i]);
	}
	example_add(s->all, "Y-VIEWER", scalar[0], 32);
	rd_packet_pack(example_new(s->all, "PAKE"), &(struct rd_packet){ .type = RD_PACKET_PAKE,
		.sender = VIEWER_INDEX, .nonce = s->nonce[0], .nonce_host = s->nonce[1],
		.share = c[0].share });
	example_add(s->all, "Y-HOST", scalar[1], 32);
	rd_packet_pack(example_new(s->all, "PAKE_REPLY"), &(struct rd_packet){
		.type = RD_PACKET_PAKE_REPLY, .sender = HOST_INDEX, .receiver = VIEWER_INDEX,
		.share = c[1].share });
	for (int i = 0; i < 2; i++)
		assert_int_equal(rd_cpace_finish(&c[i], i == 0, c[!i].share, ad[0], 4, ad[1], 4, isk[i]), 0);
	assert_memory_equal(isk[0], isk[1], sizeof(isk[0]));
	example_add(s->all, "ISK", isk[0], sizeof(isk[0]));
	crypto_generichash(psk, sizeof(psk), isk[0], sizeof(isk[0]), (const uint8_t *)"rd-psk", 6);
	example_add(s->all, "PSK", psk, sizeof(psk));
}

/* The same by a one-time code: of slot 7 of a relay, "7-orbit-cactus-lamp-river". */
static void
make_code(struct scene *s)
{
	static const uint8_t no_salt[16];
	const struct rd_keypair relay = pair_from(0xd0);
	struct rd_buf *ci = example_new(s->all, "CI-CODE");
	const struct rd_buf *sid = example_find(s->all, "SID");
	uint8_t prs[RD_CONN_PRF_SIZE];
	struct rd_code code;
	struct rd_cpace c;
	const char *why;

	assert_int_equal(rd_code_parse(&code, "7-orbit-cactus-lamp-river", &why), 0);
	rd_code_prs(&code, prs);
	example_add(s->all, "PRS-CODE", prs, sizeof(prs));
	example_add(s->all, "P-RELAY", relay.public.bytes, RD_KEY_SIZE);
	lv(ci, RD_CONN_PROLOGUE);
	lv(ci, "7");
	rd_buf_u8(ci, RD_KEY_SIZE);
	rd_buf_bytes(ci, relay.public.bytes, RD_KEY_SIZE);
	rd_packet_pack(example_new(s->all, "TELL-CODE"), &(struct rd_packet){ .type = RD_PACKET_TELL,
		.receiver = VIEWER_INDEX, .nonce = s->nonce[0], .nonce_host = s->nonce[1],
		.salt = no_salt, .key = s->host.public.bytes, .ways = RD_WAY_KEYS | RD_WAY_CODE });
	rd_cpace_start(&c, prs, sizeof(prs), ci->data, ci->len, sid->data, sid->len,
		example_find(s->all, "Y-VIEWER")->data);
	rd_packet_pack(example_new(s->all, "PAKE-CODE"), &(struct rd_packet){ .type = RD_PACKET_PAKE,
		.sender = VIEWER_INDEX, .nonce = s->nonce[0], .nonce_host = s->nonce[1],
		.share = c.share });
	rd_cpace_wipe(&c);
}

static void
make_xx(struct scene *s)
{
	static const char *const names[] = { "XX1", "XX2", "XX3" };
	static const char *const plains[] = { NULL, "XX2-PLAIN", "XX3-PLAIN" };
	const struct rd_keypair e[2] = { pair_from(0x91), pair_from(0xb1) };
	const struct rd_buf *sid = example_find(s->all, "SID");
	struct rd_buf prologue = {0}, none = {0};

	example_add(s->all, "E-VIEWER3", e[0].secret.bytes, 32);
	example_add(s->all, "E-HOST3", e[1].secret.bytes, 32);
	rd_buf_bytes(&prologue, RD_CONN_PROLOGUE "password", strlen(RD_CONN_PROLOGUE "password"));
	rd_buf_bytes(&prologue, sid->data, sid->len);
	start(s->password, s, RD_NOISE_XXPSK0, &prologue, example_find(s->all, "PSK")->data, e);
	for (int i = 0; i < 3; i++) {
		bool up = i % 2 == 0;
		struct rd_buf *plain = &none;
		if (plains[i]) {
			plain = example_new(s->all, plains[i]);
			add_params(plain, up ? (uint64_t)64 << 20 : 0);
		}
		struct rd_buf msg = step(s->password, up ? 0 : 1, plain);
		rd_packet_pack(example_new(s->all, names[i]), &(struct rd_packet){
			.type = RD_PACKET_XX1 + i,
			.sender = up ? VIEWER_INDEX : HOST_INDEX,
			.receiver = up ? HOST_INDEX : VIEWER_INDEX,
			.noise = msg.data, .noise_len = msg.len });
		rd_buf_finish(&msg);
	}
	add_secrets(s, s->password, "HASH3", "KEY-UP3", "KEY-DOWN3");
	rd_buf_finish(&prologue);
}

/* ---- frames ---- */

#define BYTES(text) .data = (const uint8_t *)(text), .len = sizeof(text) - 1

static const struct { const char *name; struct rd_frame f; } frames[] = {
	{ "PADDING", { .type = RD_FRAME_PADDING, .len = 3 } },
	{ "PING", { .type = RD_FRAME_PING } },
	{ "ACK", { .type = RD_FRAME_ACK, .ack = { .largest = 1000, .received_us = 2500000,
		.delay_us = 1200, .count = 2, .range = { { 990, 1000 }, { 980, 987 } } } } },
	{ "STREAM", { .type = RD_FRAME_STREAM, .id = 2, .offset = 70000, BYTES("pictures") } },
	{ "STREAM_FIN", { .type = RD_FRAME_STREAM, .fin = true, .id = 2, .offset = 70008,
		BYTES("end") } },
	{ "RESET", { .type = RD_FRAME_RESET, .id = 4, .value = 5000, .code = 0 } },
	{ "MAX_DATA", { .type = RD_FRAME_MAX_DATA, .value = 5 << 20 } },
	{ "MAX_STREAM", { .type = RD_FRAME_MAX_STREAM, .id = 2, .value = 2 << 20 } },
	{ "UNIT", { .type = RD_FRAME_UNIT, .traffic = RD_TRAFFIC_PICTURE, .id = 41, .offset = 2296,
		BYTES("part of a frame") } },
	{ "UNIT_FIN", { .type = RD_FRAME_UNIT, .fin = true, .traffic = RD_TRAFFIC_SOUND, .id = 7,
		BYTES("all of it") } },
	{ "DROP", { .type = RD_FRAME_DROP, .traffic = RD_TRAFFIC_PICTURE, .id = 42, .value = 9000 } },
	{ "MAX_UNITS", { .type = RD_FRAME_MAX_UNITS, .value = 9 << 20 } },
	{ "EVENT", { .type = RD_FRAME_EVENT, .id = 100, .count = 2, BYTES("\x03" "one" "\x03" "two") } },
	{ "CHALLENGE", { .type = RD_FRAME_CHALLENGE, BYTES("\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8") } },
	{ "ANSWER", { .type = RD_FRAME_ANSWER, BYTES("\xa1\xa2\xa3\xa4\xa5\xa6\xa7\xa8") } },
	{ "CANDIDATES", { .type = RD_FRAME_CANDIDATES,
		BYTES("\x03\0\0\0\0\x02\0\0\x04\0\x40\x9c\xc0\0\x02\x07\x03"
		"\0\x04\0\x7e\x52\x0a\0\0\x02"
		"\0\x06\0\x7e\x52\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"
		"\x02\x04\0\x40\x9c\xc0\0\x02\x07") } },
	{ "CLOSE", { .type = RD_FRAME_CLOSE, .code = RD_CLOSE_EXPIRED, BYTES("key removed") } },
};
#define FRAMES (sizeof(frames) / sizeof(frames[0]))

/* ---- all of it ---- */

/* For COOKIE's nonce: bytes that count up. */
static uint32_t
no_random(void)
{
	return 0;
}

static void
counting_bytes(void *const out, const size_t n)
{
	count_up(out, n, 0x40);
}

static const char *
counting_name(void)
{
	return "counting";
}

static void
make_all(struct examples *all)
{
	struct scene s = { .all = all, .viewer = pair_from(0x20), .host = pair_from(0x40) };
	randombytes_implementation counting = { .implementation_name = counting_name,
		.random = no_random, .buf = counting_bytes };

	memset(all, 0, sizeof(*all));
	randombytes_set_implementation(&counting);
	make_known(&s);
	make_data(&s);
	make_rekeying(&s);
	make_ask(&s);
	make_pake(&s);
	make_xx(&s);
	make_code(&s);
	for (size_t i = 0; i < FRAMES; i++)
		put_frame(example_new(all, frames[i].name), &frames[i].f);
	randombytes_set_implementation(&randombytes_sysrandom_implementation);
}

static struct examples made;

static int
set_up(void **state)
{
	(void)state;
	make_all(&made);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	examples_finish(&made);
	return 0;
}

static void
file_holds_what_we_make(void **state)
{
	(void)state;
	examples_compare(&made, "tests/vectors/rd-session.hex", false);
}

static void
manual_shows_what_we_make(void **state)
{
	(void)state;
	examples_compare(&made, "man/rd-session.5", false);
}

static void
datagrams_are_read(void **state)
{
	static const struct { const char *name; enum rd_packet_type type; bool up; } each[] = {
		{ "INIT", RD_PACKET_INIT, true }, { "RESPONSE", RD_PACKET_RESPONSE, false },
		{ "COOKIE", RD_PACKET_COOKIE, false }, { "DATA", RD_PACKET_DATA, true },
		{ "DATA2", RD_PACKET_DATA, true }, { "ASK", RD_PACKET_ASK, true },
		{ "TELL", RD_PACKET_TELL, false }, { "PAKE", RD_PACKET_PAKE, true },
		{ "PAKE_REPLY", RD_PACKET_PAKE_REPLY, false },
		{ "TELL-CODE", RD_PACKET_TELL, false }, { "PAKE-CODE", RD_PACKET_PAKE, true }, { "XX1", RD_PACKET_XX1, true },
		{ "XX2", RD_PACKET_XX2, false }, { "XX3", RD_PACKET_XX3, true },
	};
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		const struct rd_buf *b = example_find(&made, each[i].name);
		uint32_t to = each[i].up ? HOST_INDEX : VIEWER_INDEX;
		struct rd_packet p;
		if (rd_packet_parse(&p, b->data, b->len))
			fail_msg("%s is refused", each[i].name);
		assert_int_equal(p.type, each[i].type);
		if (p.receiver)
			assert_int_equal(p.receiver, to);
		if (p.sender)
			assert_int_equal(p.sender, to == HOST_INDEX ? VIEWER_INDEX : HOST_INDEX);
		seen |= 1u << p.type;
	}
	assert_int_equal(seen, (1u << (RD_PACKET_XX3 + 1)) - 2);
}

static void
frames_are_read(void **state)
{
	uint32_t seen = 0;

	(void)state;
	for (size_t i = 0; i <= FRAMES; i++) {
		const char *name = i < FRAMES ? frames[i].name : "REKEY";
		const struct rd_buf *b = example_find(&made, name);
		struct rd_reader r;
		struct rd_frame f;
		rd_reader_init(&r, b->data, b->len);
		if (rd_frame_parse(&f, &r) || !rd_reader_done(&r))
			fail_msg("%s is refused", name);
		seen |= 1u << (f.type + f.fin);
		if (i < FRAMES) {
			assert_int_equal(f.len, frames[i].f.len);
			assert_true(f.id == frames[i].f.id && f.value == frames[i].f.value);
		}
	}
	/* Every type there is: 0x03, 0x09 and 0x0f are none. */
	assert_int_equal(seen, 0x1fffff & ~(1u << 3 | 1u << 9 | 1u << 15));
}

/* The examples of DATA open with the keys that stand beside them. */
static void
data_opens(void **state)
{
	const struct rd_buf *b = example_find(&made, "DATA"), *plain = example_find(&made, "DATA-PLAIN");
	uint8_t out[256], nonce[12] = {0};
	unsigned long long n;

	(void)state;
	assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(out, &n, NULL, b->data + 16,
		b->len - 16, b->data, 16, nonce, example_find(&made, "KEY-UP")->data), 0);
	assert_int_equal(n, plain->len);
	assert_memory_equal(out, plain->data, n);
}

int
main(int argc, char **argv)
{
	if (sodium_init() < 0)
		return 1;
	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		printf("# The examples of rd-session(5), as the page shows them. Written by\n"
			"# build/release/tests/net/vectors --print and build/release/tests/chan/vectors --print.\n");
		make_all(&made);
		examples_print(&made);
		examples_finish(&made);
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_holds_what_we_make),
		cmocka_unit_test(manual_shows_what_we_make),
		cmocka_unit_test(datagrams_are_read),
		cmocka_unit_test(frames_are_read),
		cmocka_unit_test(data_opens),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

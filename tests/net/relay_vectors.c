/*
 * Every datagram and message of rd-relay(5), made with fixed keys, against
 * tests/vectors/rd-relay.hex and the examples of man/rd-relay.5: code, file and
 * page cannot drift. `relay_vectors --print` prints the file anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>

#include "examples.h"
#include "net/cookie.h"
#include "net/noise.h"
#include "net/packet.h"
#include "net/relay_msg.h"
#include "net/relay_packet.h"
#include "net/stun.h"

#define HOST_INDEX 0x55667788
#define RELAY_INDEX 0x99aabbcc
#define TIME UINT64_C(1700000000000000000)
#define SLOT 7
#define PROGRAM 0x0badcafe

/* What all of it is made from: a host, a viewer, a relay, and one session of theirs. */
struct scene {
	struct examples *all;
	struct rd_keypair viewer, host, relay;
	struct rd_addr viewer_at, host_at;
	uint8_t handle[2][RD_HANDLE];
	uint8_t ticket[2][RD_TICKET];
	struct rd_noise noise[2];	/* the host's and the relay's end */
};

/* ---- the session with a relay ---- */

static void
step(struct scene *s, unsigned from, const struct rd_buf *plain, const char *name,
	struct rd_packet *p, const struct rd_key *to)
{
	uint8_t noise[256], got[256];
	int len = rd_noise_write(&s->noise[from], plain->data, plain->len, noise);
	struct rd_buf *b;

	assert_true(len > 0);
	assert_int_equal(rd_noise_read(&s->noise[!from], noise, (size_t)len, got), plain->len);
	assert_memory_equal(got, plain->data, plain->len);
	p->noise = noise;
	p->noise_len = (size_t)len;
	b = example_new(s->all, name);
	rd_packet_pack(b, p);
	rd_mac1_put(b->data, b->len, to);
}

static void
start_noise(struct scene *s)
{
	const struct rd_keypair e[2] = {pair_from(0x60), pair_from(0x80)};

	example_add(s->all, "E-HOST", e[0].secret.bytes, 32);
	example_add(s->all, "E-RELAY", e[1].secret.bytes, 32);
	for (unsigned i = 0; i < 2; i++)
		rd_noise_start(&s->noise[i], &(struct rd_noise_init){.pattern = RD_NOISE_IK,
			.initiator = i == 0, .prologue = RD_RELAY_PROLOGUE,
			.prologue_len = strlen(RD_RELAY_PROLOGUE), .s = i ? &s->relay : &s->host,
			.rs = i ? NULL : &s->relay.public, .e = &e[i]});
}

static void
make_handshake(struct scene *s)
{
	struct rd_packet p = {.type = RD_PACKET_INIT, .sender = HOST_INDEX};
	struct rd_buf *plain;
	uint8_t send[2][32], recv[2][32];

	start_noise(s);
	plain = example_new(s->all, "INIT-PLAIN");
	rd_buf_u64(plain, TIME);
	rd_buf_u16(plain, RD_RELAY_VERSION);
	rd_buf_u8(plain, RD_ROLE_HOST);
	step(s, 0, plain, "INIT", &p, &s->relay.public);
	p = (struct rd_packet){.type = RD_PACKET_RESPONSE, .sender = RELAY_INDEX,
		.receiver = HOST_INDEX};
	plain = example_new(s->all, "RESP-PLAIN");
	rd_buf_u16(plain, RD_RELAY_VERSION);
	rd_buf_u32(plain, 90);
	step(s, 1, plain, "RESPONSE", &p, &s->host.public);
	rd_noise_split(&s->noise[0], send[0], recv[0]);
	rd_noise_split(&s->noise[1], send[1], recv[1]);
	assert_memory_equal(send[0], recv[1], 32);
	assert_memory_equal(send[1], recv[0], 32);
	example_add(s->all, "HASH", rd_noise_hash(&s->noise[0]), RD_NOISE_HASH);
	example_add(s->all, "KEY-UP", send[0], 32);
	example_add(s->all, "KEY-DOWN", send[1], 32);
}

static void
seal(struct scene *s, const char *name, const char *key, uint32_t to, const struct rd_buf *plain)
{
	struct rd_buf *b = example_new(s->all, name);
	uint8_t nonce[12] = {0};
	unsigned long long n;

	rd_packet_pack(b, &(struct rd_packet){.type = RD_PACKET_DATA, .receiver = to});
	uint8_t *out = rd_buf_room(b, plain->len + 16);
	crypto_aead_chacha20poly1305_ietf_encrypt(out, &n, plain->data, plain->len, b->data, 16,
		NULL, nonce, example_find(s->all, key)->data);
	b->len += n;
}

/* ---- messages ---- */

static const struct rd_buf *
message(struct scene *s, const char *name, const struct rd_relay_msg *m)
{
	struct rd_buf *b = example_new(s->all, name);

	rd_relay_msg_pack(b, m);
	return b;
}

static void
make_register(struct scene *s)
{
	struct rd_relay_msg m = {.type = RD_RELAY_REGISTER, .request = 1, .has_proof = true,
		.program = PROGRAM};
	uint8_t join[RD_JOIN_KEY];

	count_up(join, sizeof(join), 0xc0);
	example_add(s->all, "JOIN", join, sizeof(join));
	rd_join_proof(join, rd_noise_hash(&s->noise[0]), m.proof);
	seal(s, "DATA", "KEY-UP", RELAY_INDEX, message(s, "REGISTER", &m));
	m = (struct rd_relay_msg){.type = RD_RELAY_REGISTERED, .request = 1, .seconds = 90,
		.policy = RD_PATH_AUTO, .addr = s->host_at};
	seal(s, "DATA-BACK", "KEY-DOWN", HOST_INDEX, message(s, "REGISTERED", &m));
}

static void
make_requests(struct scene *s)
{
	struct rd_addr v6 = {.family = 6, .port = 40000, .ip = {0x20, 0x01, 0x0d, 0xb8, [15] = 7}};

	message(s, "KEEP", &(struct rd_relay_msg){.type = RD_RELAY_KEEP, .request = 2});
	message(s, "KEPT", &(struct rd_relay_msg){.type = RD_RELAY_KEPT, .request = 2, .addr = v6});
	message(s, "SLOT", &(struct rd_relay_msg){.type = RD_RELAY_SLOT, .request = 3});
	message(s, "SLOT_IS", &(struct rd_relay_msg){.type = RD_RELAY_SLOT_IS, .request = 3,
		.slot = SLOT, .seconds = 600});
	message(s, "UNSLOT", &(struct rd_relay_msg){.type = RD_RELAY_UNSLOT, .request = 4,
		.slot = SLOT, .why = RD_SLOT_BURNT});
	message(s, "UNSLOTTED", &(struct rd_relay_msg){.type = RD_RELAY_UNSLOTTED, .request = 4});
	message(s, "BYE", &(struct rd_relay_msg){.type = RD_RELAY_BYE, .request = 5});
	message(s, "NO", &(struct rd_relay_msg){.type = RD_RELAY_NO, .request = 1,
		.of = RD_RELAY_CONNECT, .why = RD_NO_BUSY, .seconds = 60});
	message(s, "DRAIN", &(struct rd_relay_msg){.type = RD_RELAY_DRAIN, .seconds = 300});
}

static void
make_meeting(struct scene *s)
{
	static const uint8_t first[] = "any datagram";
	struct rd_relay_msg m = {.type = RD_RELAY_CONNECT, .request = 1, .slot = SLOT,
		.datagram = first, .datagram_len = sizeof(first) - 1};

	message(s, "CONNECT", &m);
	m.by_key = true;
	m.key = s->host.public;
	m.program = PROGRAM;
	message(s, "CONNECT-KEY", &m);
	m = (struct rd_relay_msg){.type = RD_RELAY_CONNECTED, .request = 1, .policy = RD_PATH_DIRECT,
		.program = PROGRAM};
	memcpy(m.handle, s->handle[0], RD_HANDLE);
	memcpy(m.ticket, s->ticket[0], RD_TICKET);
	message(s, "CONNECTED", &m);
	m = (struct rd_relay_msg){.type = RD_RELAY_OFFER, .slot = SLOT, .key = s->viewer.public,
		.datagram = first, .datagram_len = sizeof(first) - 1};
	memcpy(m.handle, s->handle[1], RD_HANDLE);
	memcpy(m.ticket, s->ticket[1], RD_TICKET);
	message(s, "OFFER", &m);
}

/* ---- tickets, and what is forwarded ---- */

static void
make_tickets(struct scene *s)
{
	static const char label[] = "rd-relay-ticket";
	uint8_t key[RD_TICKET_KEY];
	struct rd_ticket t = {.node = 1, .session = UINT64_C(0x0807060504030201),
		.not_after_s = TIME / 1000000000 + 86400, .kbps = 50000,
		.tag_viewer = rd_ticket_tag(&s->viewer.public), .tag_host = rd_ticket_tag(&s->host.public)};

	crypto_generichash(key, sizeof(key), (const uint8_t *)label, sizeof(label) - 1,
		s->relay.secret.bytes, sizeof(s->relay.secret.bytes));
	example_add(s->all, "TICKET-KEY", key, sizeof(key));
	for (t.leg = 0; t.leg < 2; t.leg++) {
		count_up(s->handle[t.leg], RD_HANDLE, t.leg ? 0xe1 : 0xd1);
		count_up(t.handle, RD_HANDLE, t.leg ? 0xe1 : 0xd1);
		count_up(t.other, RD_HANDLE, t.leg ? 0xd1 : 0xe1);
		t.issued_to = t.leg ? s->host_at : s->viewer_at;
		rd_ticket_seal(&t, key, s->ticket[t.leg]);
	}
	example_add(s->all, "TICKET", s->ticket[0], RD_TICKET);
}

static void
make_datagrams(struct scene *s)
{
	uint8_t cookie[RD_RELAY_COOKIE];
	struct rd_buf *b = example_new(s->all, "RELAYED");

	rd_relay_packet_pack(b, &(struct rd_relay_packet){.type = RD_RELAY_RELAYED,
		.traffic_class = 2, .congested = true, .handle = s->handle[0]});
	rd_buf_bytes(b, "any datagram", 12);
	count_up(cookie, sizeof(cookie), 0xb0);
	rd_relay_packet_pack(example_new(s->all, "BIND"), &(struct rd_relay_packet){
		.type = RD_RELAY_BIND, .mark = 0x11223344, .ticket = s->ticket[0], .cookie = cookie});
	rd_relay_packet_pack(example_new(s->all, "CHALLENGED"), &(struct rd_relay_packet){
		.type = RD_RELAY_CHALLENGED, .mark = 0x11223344, .cookie = cookie});
	rd_relay_packet_pack(example_new(s->all, "BOUND"), &(struct rd_relay_packet){
		.type = RD_RELAY_BOUND, .mark = 0x11223344, .handle = s->handle[0]});
	rd_relay_packet_pack(example_new(s->all, "GONE"), &(struct rd_relay_packet){
		.type = RD_RELAY_GONE, .handle = s->handle[0]});
}

static void
make_stun(struct scene *s)
{
	struct rd_stun m = {.kind = RD_STUN_BINDING};
	uint8_t out[RD_STUN_MAX];

	count_up(m.id, sizeof(m.id), 0xf0);
	size_t n = rd_stun_put(out, &m);
	example_add(s->all, "STUN", out, n);
	m.kind = RD_STUN_SUCCESS;
	m.mapped = s->host_at;
	n = rd_stun_put(out, &m);
	example_add(s->all, "STUN-ANSWER", out, n);
}

/* ---- all of it ---- */

static void
make_all(struct examples *all)
{
	struct scene s = {.all = all, .viewer = pair_from(0x20), .host = pair_from(0x40),
		.relay = pair_from(0xd0),
		.viewer_at = {.family = 4, .port = 50000, .ip = {198, 51, 100, 9}},
		.host_at = {.family = 4, .port = 40000, .ip = {192, 0, 2, 7}}};

	memset(all, 0, sizeof(*all));
	example_add(all, "S-RELAY", s.relay.secret.bytes, 32);
	example_add(all, "P-RELAY", s.relay.public.bytes, 32);
	example_add(all, "S-HOST", s.host.secret.bytes, 32);
	example_add(all, "P-HOST", s.host.public.bytes, 32);
	example_add(all, "P-VIEWER", s.viewer.public.bytes, 32);
	make_handshake(&s);
	make_register(&s);
	make_requests(&s);
	make_tickets(&s);
	make_meeting(&s);
	make_datagrams(&s);
	make_stun(&s);
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
	examples_compare(&made, "tests/vectors/rd-relay.hex", false);
}

static void
manual_shows_what_we_make(void **state)
{
	(void)state;
	examples_compare(&made, "man/rd-relay.5", false);
}

static void
messages_are_read(void **state)
{
	static const struct { const char *name; enum rd_relay_msg_type type; } each[] = {
		{"REGISTER", RD_RELAY_REGISTER}, {"KEEP", RD_RELAY_KEEP}, {"SLOT", RD_RELAY_SLOT},
		{"UNSLOT", RD_RELAY_UNSLOT}, {"CONNECT", RD_RELAY_CONNECT},
		{"CONNECT-KEY", RD_RELAY_CONNECT}, {"BYE", RD_RELAY_BYE},
		{"REGISTERED", RD_RELAY_REGISTERED}, {"KEPT", RD_RELAY_KEPT},
		{"SLOT_IS", RD_RELAY_SLOT_IS}, {"UNSLOTTED", RD_RELAY_UNSLOTTED},
		{"CONNECTED", RD_RELAY_CONNECTED}, {"OFFER", RD_RELAY_OFFER}, {"NO", RD_RELAY_NO},
		{"DRAIN", RD_RELAY_DRAIN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		const struct rd_buf *b = example_find(&made, each[i].name);
		struct rd_relay_msg m;
		if (rd_relay_msg_parse(&m, b->data, b->len) != 0 || m.type != each[i].type)
			fail_msg("%s is refused", each[i].name);
	}
}

static void
datagrams_are_read(void **state)
{
	static const struct { const char *name; enum rd_relay_packet_type type; } each[] = {
		{"RELAYED", RD_RELAY_RELAYED}, {"BIND", RD_RELAY_BIND},
		{"CHALLENGED", RD_RELAY_CHALLENGED}, {"BOUND", RD_RELAY_BOUND}, {"GONE", RD_RELAY_GONE},
	};
	static const char *const stun[] = {"STUN", "STUN-ANSWER"};
	struct rd_stun s;

	(void)state;
	for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
		const struct rd_buf *b = example_find(&made, each[i].name);
		struct rd_relay_packet p;
		if (rd_relay_packet_parse(&p, b->data, b->len) != 0 || p.type != each[i].type)
			fail_msg("%s is refused", each[i].name);
	}
	for (size_t i = 0; i < 2; i++) {
		const struct rd_buf *b = example_find(&made, stun[i]);
		assert_int_equal(rd_stun_parse(&s, b->data, b->len), 0);
	}
}

/* DATA opens with the keys that stand beside it; the ticket with its own. */
static void
what_is_sealed_opens(void **state)
{
	static const char *const names[2][3] = {
		{"DATA", "KEY-UP", "REGISTER"}, {"DATA-BACK", "KEY-DOWN", "REGISTERED"},
	};
	uint8_t out[256], nonce[12] = {0};
	unsigned long long n;
	struct rd_ticket t;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct rd_buf *b = example_find(&made, names[i][0]);
		const struct rd_buf *plain = example_find(&made, names[i][2]);
		assert_int_equal(crypto_aead_chacha20poly1305_ietf_decrypt(out, &n, NULL, b->data + 16,
			b->len - 16, b->data, 16, nonce, example_find(&made, names[i][1])->data), 0);
		assert_int_equal(n, plain->len);
		assert_memory_equal(out, plain->data, n);
	}
	assert_int_equal(rd_ticket_open(&t, example_find(&made, "TICKET-KEY")->data,
		example_find(&made, "TICKET")->data), 0);
	assert_int_equal(t.not_after_s, 1700086400);
}

int
main(int argc, char **argv)
{
	if (sodium_init() < 0)
		return 1;
	if (argc == 2 && strcmp(argv[1], "--print") == 0) {
		printf("# The examples of rd-relay(5), as the page shows them. Written by\n"
			"# build/release/tests/net/relay_vectors --print.\n");
		make_all(&made);
		examples_print(&made);
		examples_finish(&made);
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_holds_what_we_make),
		cmocka_unit_test(manual_shows_what_we_make),
		cmocka_unit_test(messages_are_read),
		cmocka_unit_test(datagrams_are_read),
		cmocka_unit_test(what_is_sealed_opens),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}

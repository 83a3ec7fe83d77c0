/* The machine itself says and takes the bytes of rd-session(5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/conn_priv.h"
#include "net/examples.h"
#include "net/pair.h"

#define VIEWER_INDEX 0x11223344
#define HOST_INDEX 0x55667788
#define HOST_UNIT_MAX 0
#define VIEWER_UNIT_MAX ((uint64_t)64 << 20)

static struct examples examples;

/* Randomness, in the order in which it is asked for; then dice. */
static struct {
	const uint8_t *bytes[8];
	unsigned count, next;
	uint32_t index;
} script;

static const char *
script_name(void)
{
	return "script";
}

static uint32_t
script_random(void)
{
	return script.index ? script.index : (uint32_t)dice();
}

static void
script_buf(void *const out, const size_t n)
{
	if (script.next < script.count)
		memcpy(out, script.bytes[script.next++], n);
	else
		dice_bytes(out, n);
}

static const struct rd_buf *
example(const char *name)
{
	return example_find(&examples, name);
}

static void
will_draw(const char *name)
{
	script.bytes[script.count++] = example(name)->data;
}

static void
forget_script(void)
{
	memset(&script, 0, sizeof(script));
}

static struct rd_keypair
keys(const char *secret)
{
	struct rd_keypair k = {0};
	memcpy(k.secret.bytes, example(secret)->data, RD_KEY_SIZE);
	rd_keypair_derive(&k);
	return k;
}

static bool
stretch(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	(void)ctx;
	assert_memory_equal(salt, example("TELL")->data + 40, 16);
	memcpy(prs, example("PRS")->data, RD_CONN_PRF_SIZE);
	return true;
}

static void
says(struct rd_conn *c, const char *name)
{
	uint8_t out[RD_PACKET_MAX];
	struct rd_addr to;
	const struct rd_buf *e = example(name);
	assert_int_equal(rd_conn_send(c, &to, out, sizeof(out), S), e->len);
	assert_memory_equal(out, e->data, e->len);
}

static void
takes(struct rd_conn *c, const char *name)
{
	uint8_t data[RD_PACKET_MAX];
	struct rd_addr from = c->initiator ? vnet_addr(2, 2) : vnet_addr(1, 1);
	const struct rd_buf *e = example(name);
	memcpy(data, e->data, e->len);
	assert_int_equal(rd_conn_receive(c, &from, data, e->len, S), 0);
}

static void
has_keys(const struct rd_conn *c, const char *up, const char *down, const char *hash)
{
	const struct rd_conn_keys *k = &c->keys.now;
	assert_memory_equal(c->initiator ? k->send : k->recv, example(up)->data, 32);
	assert_memory_equal(c->initiator ? k->recv : k->send, example(down)->data, 32);
	assert_memory_equal(k->hash, example(hash)->data, RD_NOISE_HASH);
}

static struct party viewer, host;
static struct rd_keypair viewer_keys, host_keys;

static struct rd_conn *
dial(bool by_keys)
{
	struct rd_reader wall;
	rd_reader_init(&wall, example("INIT-PLAIN")->data, 8);
	struct rd_conn_config cfg = {.own = &viewer_keys, .unit_max = VIEWER_UNIT_MAX};
	struct rd_conn_dial d = {.to = vnet_addr(2, 2), .host = by_keys ? &host_keys.public : NULL,
		.stretch = stretch, .wall_ns = rd_reader_u64(&wall)};
	memset(&viewer, 0, sizeof(viewer));
	script.index = VIEWER_INDEX;
	return viewer.conn = rd_conn_dial(&cfg, &d, &pair_conn_ops, &viewer, S);
}

static struct rd_conn *
respond(void)
{
	struct rd_conn_config cfg = {.own = &host_keys, .unit_max = HOST_UNIT_MAX};
	memset(&host, 0, sizeof(host));
	host.conn = rd_conn_new(&cfg, HOST_INDEX, false, S);
	host.conn->ops = pair_conn_ops;
	host.conn->ctx = &host;
	return host.conn;
}

static struct rd_conn *
respond_to_init(void)
{
	struct rd_packet p;
	struct rd_addr from = vnet_addr(1, 1);
	uint64_t timestamp;
	const struct rd_buf *init = example("INIT");
	struct rd_conn *c = respond();
	assert_int_equal(rd_packet_parse(&p, init->data, init->len), 0);
	assert_true(rd_mac1_check(init->data, init->len, &host_keys.public));
	assert_int_equal(rd_ik_read_init(c, &p, &timestamp), 0);
	assert_int_equal(rd_ik_answer(c, &p, &from, S), 0);
	return c;
}

static void
by_keys(void **state)
{
	(void)state;
	will_draw("SID"); /* a nonce that nothing depends on */
	will_draw("E-VIEWER");
	struct rd_conn *v = dial(true);
	says(v, "INIT");
	forget_script();
	takes(v, "RESPONSE");
	assert_int_equal(viewer.established, 1);
	has_keys(v, "KEY-UP", "KEY-DOWN", "HASH");
	assert_memory_equal(v->keys.now.psk, example("EXPORT")->data, 32);
	rd_conn_free(v);

	will_draw("E-HOST");
	struct rd_conn *h = respond_to_init();
	says(h, "RESPONSE");
	forget_script();
	has_keys(h, "KEY-UP", "KEY-DOWN", "HASH");
	assert_int_equal(host.established, 0);
	takes(h, "DATA");
	assert_int_equal(host.established, 1);
	assert_int_equal(host.bytes, example("M-OPEN")->len);
	rd_conn_free(h);
}

static void
a_cookie(void **state)
{
	(void)state;
	will_draw("SID");
	will_draw("E-VIEWER");
	struct rd_conn *v = dial(true);
	forget_script();
	says(v, "INIT");
	takes(v, "COOKIE");
	const struct rd_buf *mac2 = example("MAC2"), *out = &v->hs->out;
	assert_memory_equal(out->data + out->len - RD_MAC, mac2->data, RD_MAC);
	rd_conn_free(v);
}

static void
by_password(void **state)
{
	(void)state;
	will_draw("SID");
	struct rd_conn *v = dial(false);
	says(v, "ASK");
	will_draw("Y-VIEWER");
	takes(v, "TELL");
	says(v, "PAKE");
	will_draw("E-VIEWER3");
	takes(v, "PAKE_REPLY");
	says(v, "XX1");
	takes(v, "XX2");
	says(v, "XX3");
	forget_script();
	has_keys(v, "KEY-UP3", "KEY-DOWN3", "HASH3");
	rd_conn_free(v);

	struct rd_packet p;
	struct rd_addr from = vnet_addr(1, 1);
	const struct rd_buf *pake = example("PAKE");
	struct rd_conn *h = respond();
	assert_int_equal(rd_packet_parse(&p, pake->data, pake->len), 0);
	will_draw("Y-HOST");
	assert_int_equal(rd_password_answer_pake(h, &p, &from,
		&(struct rd_password_secret){.prs = example("PRS")->data}), 0);
	says(h, "PAKE_REPLY");
	will_draw("E-HOST3");
	takes(h, "XX1");
	says(h, "XX2");
	forget_script();
	takes(h, "XX3");
	has_keys(h, "KEY-UP3", "KEY-DOWN3", "HASH3");
	rd_conn_free(h);
}

static bool
words(void *ctx, const uint8_t salt[static 16], uint8_t prs[static RD_CONN_PRF_SIZE])
{
	(void)ctx, (void)salt;
	memcpy(prs, example("PRS-CODE")->data, RD_CONN_PRF_SIZE);
	return true;
}

/* Both ends by a code: the viewer's PAKE, and that the host's share fits it. */
static void
by_code(void **state)
{
	struct rd_conn_config cfg = {.own = &viewer_keys, .unit_max = VIEWER_UNIT_MAX};
	struct rd_conn_dial d = {.to = vnet_addr(2, 2), .stretch = words, .slot = 7};
	struct rd_packet p;
	struct rd_addr to, from = vnet_addr(1, 1);
	const struct rd_buf *pake = example("PAKE-CODE");
	uint8_t out[RD_PACKET_MAX];
	(void)state;
	memcpy(d.relay.bytes, example("P-RELAY")->data, RD_KEY_SIZE);
	will_draw("SID");
	script.index = VIEWER_INDEX;
	struct rd_conn *v = rd_conn_dial(&cfg, &d, &pair_conn_ops, &viewer, S);
	says(v, "ASK");
	will_draw("Y-VIEWER");
	takes(v, "TELL-CODE");
	says(v, "PAKE-CODE");
	forget_script();

	struct rd_conn *h = respond();
	assert_int_equal(rd_packet_parse(&p, pake->data, pake->len), 0);
	assert_int_equal(rd_password_answer_pake(h, &p, &from, &(struct rd_password_secret){
		.prs = example("PRS-CODE")->data, .slot = 7, .relay = &d.relay}), 0);
	struct rd_addr there = vnet_addr(2, 2);
	size_t n = rd_conn_send(h, &to, out, sizeof(out), S);
	assert_int_equal(rd_conn_receive(v, &there, out, n, S), 0);
	n = rd_conn_send(v, &to, out, sizeof(out), S);
	assert_int_equal(out[0], RD_PACKET_XX1);
	assert_int_equal(rd_conn_receive(h, &from, out, n, S), 0);
	assert_int_equal(h->state, RD_CONN_XXED);
	rd_conn_free(v);
	rd_conn_free(h);
}

static struct rd_frame
rekey_frame(const char *name)
{
	struct rd_frame f;
	struct rd_reader r;
	rd_reader_init(&r, example(name)->data, example(name)->len);
	assert_int_equal(rd_frame_parse(&f, &r), 0);
	assert_int_equal(f.type, RD_FRAME_REKEY);
	return f;
}

static void
rekeying(void **state)
{
	struct rd_frame request = rekey_frame("REKEY"), answer = rekey_frame("REKEY-BACK");
	(void)state;
	will_draw("SID");
	will_draw("E-VIEWER");
	struct rd_conn *v = dial(true);
	takes(v, "RESPONSE");
	will_draw("E-VIEWER2");
	rd_conn_rekey(v, S);
	assert_int_equal(v->rekey.said_len, request.len);
	assert_memory_equal(v->rekey.said, request.data, request.len);
	assert_int_equal(rd_keys_frame(v, &answer, true, S), 0);
	forget_script();
	has_keys(v, "KEY-UP2", "KEY-DOWN2", "HASH2");
	assert_int_equal(v->keys.now.epoch, 1);
	rd_conn_free(v);

	will_draw("E-HOST");
	struct rd_conn *h = respond_to_init();
	takes(h, "DATA");
	will_draw("E-HOST2");
	assert_int_equal(rd_keys_frame(h, &request, true, S), 0);
	forget_script();
	assert_int_equal(h->rekey.said_len, answer.len);
	assert_memory_equal(h->rekey.said, answer.data, answer.len);
	assert_true(h->keys.next.there);
	takes(h, "DATA2");
	has_keys(h, "KEY-UP2", "KEY-DOWN2", "HASH2");
	rd_conn_free(h);
}

int
main(void)
{
	static struct randombytes_implementation impl = {
		.implementation_name = script_name,
		.random = script_random,
		.buf = script_buf,
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_keys),
		cmocka_unit_test(a_cookie),
		cmocka_unit_test(by_password),
		cmocka_unit_test(by_code),
		cmocka_unit_test(rekeying),
	};
	randombytes_set_implementation(&impl);
	if (sodium_init() < 0)
		return 1;
	examples_read(&examples, "tests/vectors/rd-session.hex");
	viewer_keys = keys("S-VIEWER");
	host_keys = keys("S-HOST");
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	examples_finish(&examples);
	return failed;
}

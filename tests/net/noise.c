/*
 * Noise against published vectors, and against what is not genuine. Keys that
 * no vector gives come from a fixed seed: a failure comes again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "net/noise.h"
#include "vector.h"

static const struct { const char *name; enum rd_noise_pattern pattern; } patterns[] = {
	{ "Noise_IK_25519_ChaChaPoly_BLAKE2b", RD_NOISE_IK },
	{ "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b", RD_NOISE_XXPSK0 },
	{ "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b", RD_NOISE_IKPSK2 },
};
#define PATTERNS 3

/* --- published vectors ------------------------------------------------------------ */

struct vector_message {
	bool initiator;
	uint8_t payload[64], cipher[256];
	size_t payload_len, cipher_len;
};

struct vector {
	int pattern;
	uint8_t prologue[64], psk[32], hash[RD_NOISE_HASH];
	size_t prologue_len;
	bool has_hash, has_resp_public;
	struct rd_keypair init_s, init_e, resp_s, resp_e;
	struct rd_key resp_public;
	struct vector_message message[8];
	unsigned messages;
};

static void
read_key(struct rd_keypair *k, const char *hex)
{
	vector_bytes(hex, k->secret.bytes, RD_KEY_SIZE);
	rd_keypair_derive(k);
}

static void
read_line(struct vector *v, const char *word, const char *a, const char *b)
{
	if (strcmp(word, "prologue") == 0) {
		v->prologue_len = vector_hex(a, v->prologue, sizeof(v->prologue));
	} else if (strcmp(word, "psk") == 0) {
		vector_bytes(a, v->psk, 32);
	} else if (strcmp(word, "hash") == 0) {
		vector_bytes(a, v->hash, RD_NOISE_HASH);
		v->has_hash = true;
	} else if (strcmp(word, "init_static") == 0) {
		read_key(&v->init_s, a);
	} else if (strcmp(word, "init_ephemeral") == 0) {
		read_key(&v->init_e, a);
	} else if (strcmp(word, "resp_static") == 0) {
		read_key(&v->resp_s, a);
	} else if (strcmp(word, "resp_ephemeral") == 0) {
		read_key(&v->resp_e, a);
	} else if (strcmp(word, "resp_public") == 0) {
		vector_bytes(a, v->resp_public.bytes, RD_KEY_SIZE);
		v->has_resp_public = true;
	} else if (strcmp(word, "i") == 0 || strcmp(word, "r") == 0) {
		struct vector_message *m = &v->message[v->messages++];

		assert_true(v->messages <= 8);
		m->initiator = word[0] == 'i';
		m->payload_len = vector_hex(a, m->payload, sizeof(m->payload));
		m->cipher_len = vector_hex(b, m->cipher, sizeof(m->cipher));
	} else {
		fail_msg("what is %s?", word);
	}
}

static unsigned
read_vectors(struct vector v[static PATTERNS])
{
	char line[1024], word[32], a[512], b[512];
	FILE *f = vector_open("noise-published.txt");
	unsigned count = 0;

	memset(v, 0, PATTERNS * sizeof(*v));
	while (fgets(line, sizeof(line), f)) {
		b[0] = 0;
		if (line[0] == '#' || sscanf(line, "%31s %511s %511s", word, a, b) < 2)
			continue;
		if (strcmp(word, "protocol") != 0) {
			assert_true(count > 0);
			read_line(&v[count - 1], word, a, b);
			continue;
		}
		assert_true(count < PATTERNS);
		v[count].pattern = -1;
		for (int i = 0; i < PATTERNS; i++)
			if (strcmp(patterns[i].name, a) == 0)
				v[count].pattern = (int)patterns[i].pattern;
		assert_true(v[count++].pattern >= 0);
	}
	fclose(f);
	return count;
}

static void
start_ends(const struct vector *v, struct rd_noise end[2])
{
	for (int initiator = 0; initiator < 2; initiator++) {
		struct rd_noise_init in = {
			.pattern = (enum rd_noise_pattern)v->pattern,
			.initiator = initiator,
			.prologue = v->prologue,
			.prologue_len = v->prologue_len,
			.s = initiator ? &v->init_s : &v->resp_s,
			.rs = initiator && v->pattern != RD_NOISE_XXPSK0 ? &v->resp_s.public : NULL,
			.psk = v->pattern == RD_NOISE_IK ? NULL : v->psk,
			.e = initiator ? &v->init_e : &v->resp_e,
		};
		rd_noise_start(&end[initiator], &in);
	}
}

/* One message of the handshake, written by one end and read by the other. */
static void
pass_vector(const struct vector_message *m, struct rd_noise end[2])
{
	uint8_t out[512], back[512];

	assert_int_equal(rd_noise_overhead(&end[m->initiator]), m->cipher_len - m->payload_len);
	assert_int_equal(rd_noise_overhead(&end[!m->initiator]), m->cipher_len - m->payload_len);
	assert_int_equal(rd_noise_write(&end[m->initiator], m->payload, m->payload_len, out),
		m->cipher_len);
	assert_memory_equal(out, m->cipher, m->cipher_len);
	assert_int_equal(rd_noise_read(&end[!m->initiator], m->cipher, m->cipher_len, back),
		m->payload_len);
	assert_memory_equal(back, m->payload, m->payload_len);
}

static void
seal(const uint8_t key[32], uint64_t number, const void *plain, size_t len, uint8_t *out)
{
	uint8_t nonce[12] = { 0 };

	nonce[4] = (uint8_t)number;
	crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, NULL, 0, NULL, nonce, key);
}

static void
run_vector(const struct vector *v)
{
	unsigned at = 0, handshake = v->pattern == RD_NOISE_XXPSK0 ? 3 : 2;
	uint8_t send[2][32], receive[2][32], out[512];
	uint64_t number[2] = { 0 };
	struct rd_noise end[2];

	if (v->has_resp_public)
		assert_true(rd_key_equal(&v->resp_s.public, &v->resp_public));
	start_ends(v, end);
	for (; at < handshake; at++) {
		assert_false(rd_noise_done(&end[0]) || rd_noise_done(&end[1]));
		pass_vector(&v->message[at], end);
	}
	for (int i = 0; i < 2; i++) {
		assert_true(rd_noise_done(&end[i]));
		assert_int_equal(rd_noise_overhead(&end[i]), 0);
		if (v->has_hash)
			assert_memory_equal(rd_noise_hash(&end[i]), v->hash, RD_NOISE_HASH);
		rd_noise_split(&end[i], send[i], receive[i]);
	}
	assert_memory_equal(rd_noise_hash(&end[0]), rd_noise_hash(&end[1]), RD_NOISE_HASH);
	assert_true(rd_key_equal(rd_noise_peer(&end[0]), &v->init_s.public));
	assert_true(rd_key_equal(rd_noise_peer(&end[1]), &v->resp_s.public));
	assert_memory_equal(send[0], receive[1], 32);
	assert_memory_equal(send[1], receive[0], 32);
	assert_true(v->messages > handshake + 1);
	for (; at < v->messages; at++) {
		const struct vector_message *m = &v->message[at];

		assert_int_equal(m->cipher_len, m->payload_len + RD_NOISE_TAG);
		seal(send[m->initiator], number[m->initiator]++, m->payload, m->payload_len, out);
		assert_memory_equal(out, m->cipher, m->cipher_len);
	}
}

static void
published_vectors(void **state)
{
	struct vector v[PATTERNS];
	unsigned seen = 0;

	(void)state;
	assert_int_equal(read_vectors(v), PATTERNS);
	for (int i = 0; i < PATTERNS; i++) {
		run_vector(&v[i]);
		seen |= 1u << v[i].pattern;
	}
	assert_int_equal(seen, 7);
}

/* --- HMAC and HKDF ----------------------------------------------------------------- */

static void
expect_hmac(const void *key, size_t key_len, const char *text, const char *expected)
{
	uint8_t out[RD_NOISE_HASH], want[RD_NOISE_HASH];

	vector_bytes(expected, want, sizeof(want));
	rd_hmac_blake2b(key, key_len, text, strlen(text), out);
	assert_memory_equal(out, want, sizeof(want));
}

/* Computed by Python's hmac over its hashlib.blake2b; inputs like RFC 4231's. */
static void
hmac_of_another_implementation(void **state)
{
	uint8_t block[128], large[200];

	(void)state;
	for (unsigned i = 0; i < sizeof(block); i++)
		block[i] = (uint8_t)i;
	memset(large, 0xaa, sizeof(large));
	expect_hmac("Jefe", 4, "what do ya want for nothing?",
		"6ff884f8ddc2a6586b3c98a4cd6ebdf14ec10204b6710073eb5865ade37a2643"
		"b8807c1335d107ecdb9ffeaeb6828c4625ba172c66379efcd222c2de11727ab4");
	expect_hmac(block, sizeof(block), "x",
		"6ada53a1bcf9278ecbf485888deb707ae40e2cd9a5c06345f94fa6bf693907d0"
		"25f5eb66dbb436327210217d562ce149a21dd18fc9f0d64abad76650776f322d");
	expect_hmac(large, sizeof(large), "Test Using Larger Than Block-Size Key - Hash Key First",
		"2f5f2d35b23f886565d4ef590d7226d15750f0971a39346f2859f38e87f0b09b"
		"871ff0176dfd41c30f2d99e53309e215601088c0299f83f8acd804b32ccea0ae");
	expect_hmac(NULL, 0, "",
		"198cd2006f66ff83fbbd913f78aca2251caf4f19fe9475aade8cf2091b99a684"
		"66775177424f58286886cbae8229644cec747237d4b721735485e17372fdf59c");
}

static void
hkdf_of_another_implementation(void **state)
{
	static const char *const expected[3] = {
		"854ff4e7e6074bfe92f1a96cf706260641f9ba6fca788196587193a2664aed71"
		"dba5f8f8c078f3eedf196c3af46e417d0a8c8c43f79ead81c8714d03e501eded",
		"ce5595eb115a20218998812f1f84dad889b56b766edaad0fd39d8268762d3e9f"
		"56b6507ac77dc73ca13b4c2f0e4b704ef3c3c40d98920e63df5c70239610d8ab",
		"beb822d32dd50dffe84d52733d99602527506d06113800adb0420f3a909756ef"
		"18c4ce35880d93af067921ceeca8fe90a2a6f9dcd32d831d5b69467105193f19",
	};
	uint8_t ck[RD_NOISE_HASH], out[3][RD_NOISE_HASH], want[RD_NOISE_HASH];

	(void)state;
	for (unsigned i = 0; i < sizeof(ck); i++)
		ck[i] = (uint8_t)i;
	rd_noise_hkdf(ck, "input", 5, 3, out);
	for (int i = 0; i < 3; i++) {
		vector_bytes(expected[i], want, sizeof(want));
		assert_memory_equal(out[i], want, sizeof(want));
	}
}

/* --- two ends ------------------------------------------------------------------------ */

/* Fixed keys: a from the initiator, b the responder, c a stranger. */
static struct rd_keypair alice, bob, carol;
static const uint8_t psk[32] = { 1, 2, 3 }, other_psk[32] = { 1, 2, 4 };

static int
make_keys(void **state)
{
	struct rd_keypair *const keys[] = { &alice, &bob, &carol };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		memset(keys[i]->secret.bytes, (int)i + 7, RD_KEY_SIZE);
		rd_keypair_derive(keys[i]);
	}
	return 0;
}

static struct rd_noise_init
normal(enum rd_noise_pattern pattern, bool initiator)
{
	return (struct rd_noise_init){
		.pattern = pattern,
		.initiator = initiator,
		.prologue = "rd",
		.prologue_len = 2,
		.s = initiator ? &alice : &bob,
		.rs = initiator && pattern != RD_NOISE_XXPSK0 ? &bob.public : NULL,
		.psk = pattern == RD_NOISE_IK ? NULL : psk,
	};
}

/* end[1] is the initiator's. */
static void
start_normal(enum rd_noise_pattern pattern, struct rd_noise end[2])
{
	for (int i = 0; i < 2; i++) {
		struct rd_noise_init in = normal(pattern, i);

		rd_noise_start(&end[i], &in);
	}
}

static unsigned
messages_of(enum rd_noise_pattern pattern)
{
	return pattern == RD_NOISE_XXPSK0 ? 3 : 2;
}

static void
pass(struct rd_noise end[2], unsigned turn)
{
	uint8_t out[256], back[256];
	int n = rd_noise_write(&end[turn % 2 == 0], "payload", 7, out);

	assert_true(n > 7);
	assert_int_equal(rd_noise_read(&end[turn % 2], out, (size_t)n, back), 7);
	assert_memory_equal(back, "payload", 7);
}

static void
run_normal(enum rd_noise_pattern pattern, struct rd_noise end[2])
{
	start_normal(pattern, end);
	for (unsigned turn = 0; turn < messages_of(pattern); turn++)
		pass(end, turn);
	assert_true(rd_noise_done(&end[0]) && rd_noise_done(&end[1]));
}

static void
handshakes_are_fresh(void **state)
{
	struct rd_noise one[2], two[2];
	uint8_t key[4][32];

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		run_normal((enum rd_noise_pattern)p, one);
		run_normal((enum rd_noise_pattern)p, two);
		assert_memory_equal(rd_noise_hash(&one[0]), rd_noise_hash(&one[1]), RD_NOISE_HASH);
		assert_memory_not_equal(rd_noise_hash(&one[0]), rd_noise_hash(&two[0]), RD_NOISE_HASH);
		rd_noise_split(&one[1], key[0], key[1]);
		rd_noise_split(&two[1], key[2], key[3]);
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < i; j++)
				assert_memory_not_equal(key[i], key[j], 32);
	}
}

static void
peers_are_known_when_proven(void **state)
{
	struct rd_noise end[2];

	(void)state;
	start_normal(RD_NOISE_IK, end);
	assert_null(rd_noise_peer(&end[0]));
	assert_true(rd_key_equal(rd_noise_peer(&end[1]), &bob.public));
	pass(end, 0);
	assert_true(rd_key_equal(rd_noise_peer(&end[0]), &alice.public));
	start_normal(RD_NOISE_XXPSK0, end);
	pass(end, 0);
	assert_null(rd_noise_peer(&end[0]));
	assert_null(rd_noise_peer(&end[1]));
	pass(end, 1);
	assert_true(rd_key_equal(rd_noise_peer(&end[1]), &bob.public));
	assert_null(rd_noise_peer(&end[0]));
	pass(end, 2);
	assert_true(rd_key_equal(rd_noise_peer(&end[0]), &alice.public));
}

static void
exports(void **state)
{
	struct rd_noise end[2];
	uint8_t a[32], b[32], key[2][32];

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		run_normal((enum rd_noise_pattern)p, end);
		rd_noise_export(&end[0], "rekey", a);
		rd_noise_export(&end[1], "rekey", b);
		assert_memory_equal(a, b, 32);
		rd_noise_export(&end[1], "rekez", b);
		assert_memory_not_equal(a, b, 32);
		rd_noise_export(&end[1], "", b);
		assert_memory_not_equal(a, b, 32);
		rd_noise_split(&end[0], key[0], key[1]);
		assert_memory_not_equal(a, key[0], 32);
		assert_memory_not_equal(a, key[1], 32);
	}
}

/* By hand: HMAC(HMAC(ck, "rd-export" || label), 1). */
static void
export_is_as_written(void **state)
{
	static const uint8_t first = 1;
	struct rd_noise end[2];
	uint8_t temp[RD_NOISE_HASH], want[RD_NOISE_HASH], got[32];

	(void)state;
	run_normal(RD_NOISE_IK, end);
	rd_hmac_blake2b(end[0].ck, sizeof(end[0].ck), "rd-exportrekey", 14, temp);
	rd_hmac_blake2b(temp, sizeof(temp), &first, 1, want);
	rd_noise_export(&end[0], "rekey", got);
	assert_memory_equal(got, want, 32);
}

static void
empty_and_largest_payloads(void **state)
{
	static uint8_t big[RD_NOISE_MAX + 1], out[RD_NOISE_MAX + 1], back[RD_NOISE_MAX + 1];
	struct rd_noise end[2];
	size_t most;

	(void)state;
	start_normal(RD_NOISE_IK, end);
	most = RD_NOISE_MAX - rd_noise_overhead(&end[1]);
	assert_int_equal(rd_noise_write(&end[1], big, most + 1, out), -EPROTO);
	assert_int_equal(rd_noise_write(&end[1], big, SIZE_MAX, out), -EPROTO);
	assert_int_equal(rd_noise_write(&end[1], big, most, out), RD_NOISE_MAX);
	assert_int_equal(rd_noise_read(&end[0], out, RD_NOISE_MAX, back), most);
	int n = rd_noise_write(&end[0], NULL, 0, out);
	assert_int_equal(n, 48);
	assert_int_equal(rd_noise_read(&end[1], out, 48, NULL), 0);
	start_normal(RD_NOISE_IK, end);
	assert_int_equal(rd_noise_read(&end[0], big, RD_NOISE_MAX + 1, back), -EPROTO);
}

/* --- what is refused ------------------------------------------------------------------ */

/* Failed is failed: no read, no write, no secret left. */
static void
expect_failed(struct rd_noise *n)
{
	uint8_t out[256] = { 0 }, zero[sizeof(struct rd_noise)];
	struct rd_noise seen = *n;

	assert_true(n->failed);
	assert_false(rd_noise_done(n));
	assert_null(rd_noise_peer(n));
	assert_int_equal(rd_noise_overhead(n), 0);
	assert_int_equal(rd_noise_write(n, "x", 1, out), -EPROTO);
	assert_int_equal(rd_noise_read(n, out, sizeof(out), out), -EPROTO);
	assert_true(n->failed);
	seen.failed = false;
	memset(zero, 0, sizeof(zero));
	assert_memory_equal(&seen, zero, sizeof(seen));
}

static void
only_in_turn(void **state)
{
	uint8_t out[256], back[256];
	struct rd_noise end[2];

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		start_normal((enum rd_noise_pattern)p, end);
		assert_int_equal(rd_noise_write(&end[0], "x", 1, out), -EPROTO);
		assert_int_equal(rd_noise_read(&end[1], out, sizeof(out), back), -EPROTO);
		/* to have asked out of turn has done no harm */
		for (unsigned turn = 0; turn < messages_of((enum rd_noise_pattern)p); turn++) {
			pass(end, turn);
			assert_int_equal(rd_noise_write(&end[turn % 2 == 0], "x", 1, out), -EPROTO);
			assert_int_equal(rd_noise_read(&end[turn % 2], out, sizeof(out), back), -EPROTO);
		}
		assert_true(rd_noise_done(&end[0]) && rd_noise_done(&end[1]));
		assert_int_equal(rd_noise_write(&end[0], "x", 1, out), -EPROTO);
		assert_int_equal(rd_noise_read(&end[1], out, sizeof(out), back), -EPROTO);
	}
}

/* Every bit of every message counts, and every length but its own is wrong. */
static void
mutations_are_refused(void **state)
{
	uint8_t out[256], bad[257] = { 0 }, back[256];
	struct rd_noise end[2], copy;

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		start_normal((enum rd_noise_pattern)p, end);
		for (unsigned turn = 0; turn < messages_of((enum rd_noise_pattern)p); turn++) {
			struct rd_noise *reader = &end[turn % 2];
			int n = rd_noise_write(&end[turn % 2 == 0], "payload", 7, out);

			for (int bit = 0; bit < n * 8; bit++) {
				/* X25519 ignores the highest bit of a key, the hash does not */
				memcpy(bad, out, (size_t)n);
				bad[bit / 8] ^= (uint8_t)(1 << bit % 8);
				copy = *reader;
				assert_int_equal(rd_noise_read(&copy, bad, (size_t)n, back), -EBADMSG);
				expect_failed(&copy);
			}
			for (int len = 0; len <= n + 1; len++) {
				memcpy(bad, out, (size_t)n);
				copy = *reader;
				if (len != n)
					assert_true(rd_noise_read(&copy, bad, (size_t)len, back) < 0);
				else
					assert_int_equal(rd_noise_read(&copy, bad, (size_t)len, back), 7);
				if (len != n)
					expect_failed(&copy);
			}
			assert_int_equal(rd_noise_read(reader, out, (size_t)n, back), 7);
		}
	}
}

/*
 * Points whose product with every clamped scalar is zero, in all encodings that
 * X25519 takes (RFC 7748 section 7): 0, 1, two of order 8, and p-1, p, p+1.
 */
static const char *const small[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};
#define SMALL (sizeof(small) / sizeof(small[0]))

static void
small_static_keys_are_refused(void **state)
{
	uint8_t out[256];
	struct rd_noise n;
	struct rd_key weak;

	(void)state;
	for (size_t i = 0; i < SMALL; i++) {
		struct rd_noise_init in = normal(RD_NOISE_IK, true);

		vector_bytes(small[i], weak.bytes, RD_KEY_SIZE);
		in.rs = &weak;
		rd_noise_start(&n, &in);
		assert_int_equal(rd_noise_write(&n, "x", 1, out), -EPROTO);
		expect_failed(&n);
	}
}

static void
small_ephemeral_keys_are_refused(void **state)
{
	uint8_t msg[256] = { 0 }, back[256];
	struct rd_noise end[2], copy;

	(void)state;
	for (size_t i = 0; i < SMALL; i++) {
		vector_bytes(small[i], msg, RD_KEY_SIZE);
		start_normal(RD_NOISE_IK, end);
		assert_int_equal(rd_noise_read(&end[0], msg, 112, back), -EPROTO);
		expect_failed(&end[0]);
		for (int p = 0; p < PATTERNS; p++) {
			start_normal((enum rd_noise_pattern)p, end);
			pass(end, 0);
			copy = end[1];
			assert_int_equal(rd_noise_read(&copy, msg, 200, back), -EPROTO);
			expect_failed(&copy);
		}
	}
}

/* A sender with a psk whose ephemeral key is worthless meets a responder that does not answer. */
static void
small_ephemeral_key_of_a_psk_holder(void **state)
{
	uint8_t out[256], back[256];
	struct rd_noise end[2];

	(void)state;
	for (size_t i = 0; i < SMALL; i++) {
		struct rd_keypair weak = carol;
		struct rd_noise_init in = normal(RD_NOISE_XXPSK0, true);

		vector_bytes(small[i], weak.public.bytes, RD_KEY_SIZE);
		start_normal(RD_NOISE_XXPSK0, end);
		in.e = &weak;
		rd_noise_start(&end[1], &in);
		int n = rd_noise_write(&end[1], "x", 1, out);
		assert_int_equal(rd_noise_read(&end[0], out, (size_t)n, back), 1);
		assert_int_equal(rd_noise_write(&end[0], "x", 1, out), -EPROTO);
		expect_failed(&end[0]);
	}
}

/* One end with something else: the message in which it first counts is refused. */
static void
expect_refused_at(const struct rd_noise_init *init, const struct rd_noise_init *resp, unsigned at)
{
	uint8_t out[256], back[256];
	struct rd_noise end[2];

	rd_noise_start(&end[1], init);
	rd_noise_start(&end[0], resp);
	for (unsigned turn = 0;; turn++) {
		int n = rd_noise_write(&end[turn % 2 == 0], "payload", 7, out);

		assert_true(n > 0);
		if (turn < at) {
			assert_int_equal(rd_noise_read(&end[turn % 2], out, (size_t)n, back), 7);
			continue;
		}
		assert_int_equal(rd_noise_read(&end[turn % 2], out, (size_t)n, back), -EBADMSG);
		expect_failed(&end[turn % 2]);
		return;
	}
}

static void
other_secrets_are_refused(void **state)
{
	struct rd_noise_init init, resp;

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		init = normal((enum rd_noise_pattern)p, true);
		resp = normal((enum rd_noise_pattern)p, false);
		resp.prologue = "rD";
		expect_refused_at(&init, &resp, 0);
	}
	/* XXpsk0 mixes it first, IKpsk2 last */
	init = normal(RD_NOISE_XXPSK0, true);
	resp = normal(RD_NOISE_XXPSK0, false);
	resp.psk = other_psk;
	expect_refused_at(&init, &resp, 0);
	init = normal(RD_NOISE_IKPSK2, true);
	resp = normal(RD_NOISE_IKPSK2, false);
	resp.psk = other_psk;
	expect_refused_at(&init, &resp, 1);
	/* another host than the one dialled */
	init = normal(RD_NOISE_IK, true);
	resp = normal(RD_NOISE_IK, false);
	resp.s = &carol;
	expect_refused_at(&init, &resp, 0);
}

/* Who claims a static key without its secret half. */
static void
stolen_names_are_refused(void **state)
{
	struct rd_keypair liar = { .public = alice.public, .secret = carol.secret };
	struct rd_noise_init init, resp;

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		init = normal((enum rd_noise_pattern)p, true);
		resp = normal((enum rd_noise_pattern)p, false);
		init.s = &liar;
		expect_refused_at(&init, &resp, p == RD_NOISE_XXPSK0 ? 2 : 0);
	}
	liar.public = bob.public;
	init = normal(RD_NOISE_XXPSK0, true);
	resp = normal(RD_NOISE_XXPSK0, false);
	resp.s = &liar;
	expect_refused_at(&init, &resp, 1);
}

/* Nobody's own message is taken for the peer's. */
static void
reflections_are_refused(void **state)
{
	uint8_t out[256], back[256];
	struct rd_noise end[2];

	(void)state;
	for (int p = 0; p < PATTERNS; p++) {
		start_normal((enum rd_noise_pattern)p, end);
		int n = rd_noise_write(&end[1], "payload", 7, out);
		assert_true(rd_noise_read(&end[1], out, (size_t)n, back) < 0);
		expect_failed(&end[1]);
	}
}

static void
finish_wipes(void **state)
{
	struct rd_noise end[2];

	(void)state;
	run_normal(RD_NOISE_IKPSK2, end);
	rd_noise_finish(&end[0]);
	expect_failed(&end[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors),
		cmocka_unit_test(hmac_of_another_implementation),
		cmocka_unit_test(hkdf_of_another_implementation),
		cmocka_unit_test(handshakes_are_fresh),
		cmocka_unit_test(peers_are_known_when_proven),
		cmocka_unit_test(exports),
		cmocka_unit_test(export_is_as_written),
		cmocka_unit_test(empty_and_largest_payloads),
		cmocka_unit_test(only_in_turn),
		cmocka_unit_test(mutations_are_refused),
		cmocka_unit_test(small_static_keys_are_refused),
		cmocka_unit_test(small_ephemeral_keys_are_refused),
		cmocka_unit_test(small_ephemeral_key_of_a_psk_holder),
		cmocka_unit_test(other_secrets_are_refused),
		cmocka_unit_test(stolen_names_are_refused),
		cmocka_unit_test(reflections_are_refused),
		cmocka_unit_test(finish_wipes),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, make_keys, NULL);
}

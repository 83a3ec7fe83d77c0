#include <assert.h>
#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "net/noise.h"

/* Section numbers are those of the Noise Protocol Framework, revision 34. */

enum token { END, E, S, EE, ES, SE, SS, PSK };

#define MESSAGES_MAX 3
#define TOKENS_MAX 5

/*
 * In each of these a key stands before anything is encrypted, static keys
 * included, so nothing here ever sends a payload in the clear.
 */
static const struct pattern {
	const char *name;
	bool knows;		/* the initiator knows the responder's static key */
	bool psk;
	uint8_t messages;
	uint8_t token[MESSAGES_MAX][TOKENS_MAX];
} patterns[] = {
	[RD_NOISE_IK] = { "Noise_IK_25519_ChaChaPoly_BLAKE2b", true, false, 2,
		{ { E, ES, S, SS }, { E, EE, SE } } },
	[RD_NOISE_XXPSK0] = { "Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b", false, true, 3,
		{ { PSK, E }, { E, EE, S, ES }, { S, SE } } },
	[RD_NOISE_IKPSK2] = { "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b", true, true, 2,
		{ { E, ES, S, SS }, { E, EE, SE, PSK } } },
};

static const struct pattern *
pattern_of(const struct rd_noise *n)
{
	return &patterns[n->pattern];
}

/* --- the symmetric state, section 5.2 --------------------------------------- */

static void
mix_hash(struct rd_noise *n, const void *data, size_t len)
{
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init(&state, NULL, 0, RD_NOISE_HASH);
	crypto_generichash_blake2b_update(&state, n->h, RD_NOISE_HASH);
	if (len)
		crypto_generichash_blake2b_update(&state, data, len);
	crypto_generichash_blake2b_final(&state, n->h, RD_NOISE_HASH);
}

static void
mix_key(struct rd_noise *n, const uint8_t input[static 32])
{
	uint8_t out[2][RD_NOISE_HASH];

	rd_noise_hkdf(n->ck, input, 32, 2, out);
	memcpy(n->ck, out[0], sizeof(n->ck));
	memcpy(n->k, out[1], sizeof(n->k));
	n->n = 0;
	sodium_memzero(out, sizeof(out));
}

static void
mix_key_and_hash(struct rd_noise *n, const uint8_t input[static 32])
{
	uint8_t out[3][RD_NOISE_HASH];

	rd_noise_hkdf(n->ck, input, 32, 3, out);
	memcpy(n->ck, out[0], sizeof(n->ck));
	mix_hash(n, out[1], RD_NOISE_HASH);
	memcpy(n->k, out[2], sizeof(n->k));
	n->n = 0;
	sodium_memzero(out, sizeof(out));
}

/* Section 12.3: 4 zero bytes and the number, little endian. */
static void
next_nonce(struct rd_noise *n, uint8_t nonce[static 12])
{
	memset(nonce, 0, 4);
	for (unsigned i = 0; i < 8; i++)
		nonce[4 + i] = (uint8_t)(n->n >> 8 * i);
	n->n++;
}

static void
encrypt_and_hash(struct rd_noise *n, const void *plain, size_t len, uint8_t *out)
{
	uint8_t nonce[12];

	next_nonce(n, nonce);
	crypto_aead_chacha20poly1305_ietf_encrypt(out, NULL, plain, len, n->h, sizeof(n->h), NULL,
		nonce, n->k);
	mix_hash(n, out, len + RD_NOISE_TAG);
}

/* `len` is the ciphertext's, its tag included. */
static int
decrypt_and_hash(struct rd_noise *n, const uint8_t *cipher, size_t len, uint8_t *out)
{
	uint8_t nonce[12];

	next_nonce(n, nonce);
	if (crypto_aead_chacha20poly1305_ietf_decrypt(out, NULL, NULL, cipher, len, n->h,
			sizeof(n->h), nonce, n->k) != 0)
		return -EBADMSG;
	mix_hash(n, cipher, len);
	return 0;
}

/* --- tokens, section 5.3 ------------------------------------------------------ */

static int
mix_dh(struct rd_noise *n, const struct rd_keypair *own, const struct rd_key *peer)
{
	uint8_t shared[32];
	/* fails for points of small order, section 12.1: their secret is everybody's */
	int bad = crypto_scalarmult(shared, own->secret.bytes, peer->bytes);

	if (!bad)
		mix_key(n, shared);
	sodium_memzero(shared, sizeof(shared));
	return bad ? -EPROTO : 0;
}

/* A token that is the same for writer and reader: all but E and S. */
static int
mix_secret(struct rd_noise *n, enum token t)
{
	switch (t) {
	case EE:
		return mix_dh(n, &n->e, &n->re);
	case SS:
		return mix_dh(n, &n->s, &n->rs);
	case ES:
		return n->initiator ? mix_dh(n, &n->e, &n->rs) : mix_dh(n, &n->s, &n->re);
	case SE:
		return n->initiator ? mix_dh(n, &n->s, &n->re) : mix_dh(n, &n->e, &n->rs);
	default:
		assert(t == PSK);
		mix_key_and_hash(n, n->psk);
		return 0;
	}
}

/* With a psk, ephemeral keys feed the key too, section 9.2. */
static void
mix_ephemeral(struct rd_noise *n, const struct rd_key *e)
{
	mix_hash(n, e->bytes, RD_KEY_SIZE);
	if (pattern_of(n)->psk)
		mix_key(n, e->bytes);
}

static uint8_t *
write_key(struct rd_noise *n, enum token t, uint8_t *out)
{
	if (t == S) {
		encrypt_and_hash(n, n->s.public.bytes, RD_KEY_SIZE, out);
		return out + RD_KEY_SIZE + RD_NOISE_TAG;
	}
	if (!n->has_fixed_e)
		rd_keypair_new(&n->e);
	memcpy(out, n->e.public.bytes, RD_KEY_SIZE);
	mix_ephemeral(n, &n->e.public);
	return out + RD_KEY_SIZE;
}

static int
read_key(struct rd_noise *n, enum token t, struct rd_reader *r)
{
	const uint8_t *p = rd_reader_bytes(r, t == S ? RD_KEY_SIZE + RD_NOISE_TAG : RD_KEY_SIZE);

	if (!p)
		return -EPROTO;
	if (t == E) {
		memcpy(n->re.bytes, p, RD_KEY_SIZE);
		mix_ephemeral(n, &n->re);
		return 0;
	}
	int err = decrypt_and_hash(n, p, RD_KEY_SIZE + RD_NOISE_TAG, n->rs.bytes);
	n->has_rs = !err;
	return err;
}

/* --- messages -------------------------------------------------------------------- */

static void
hash_name(struct rd_noise *n)
{
	const char *name = pattern_of(n)->name;

	/* shorter than a hash: padded with zeros instead of hashed */
	memcpy(n->h, name, strlen(name));
	memcpy(n->ck, n->h, sizeof(n->ck));
}

void
rd_noise_start(struct rd_noise *n, const struct rd_noise_init *in)
{
	const struct pattern *p = &patterns[in->pattern];

	assert(in->s && (!p->psk || in->psk) && (!p->knows || !in->initiator || in->rs));
	*n = (struct rd_noise){
		.pattern = in->pattern,
		.initiator = in->initiator,
		.s = *in->s,
	};
	hash_name(n);
	mix_hash(n, in->prologue, in->prologue_len);
	if (p->psk)
		memcpy(n->psk, in->psk, sizeof(n->psk));
	if (in->e) {
		n->e = *in->e;
		n->has_fixed_e = true;
	}
	if (p->knows && n->initiator) {
		n->rs = *in->rs;
		n->has_rs = true;
	}
	if (p->knows)
		mix_hash(n, n->initiator ? n->rs.bytes : n->s.public.bytes, RD_KEY_SIZE);
}

bool
rd_noise_done(const struct rd_noise *n)
{
	return !n->failed && n->turn == pattern_of(n)->messages;
}

static bool
may(const struct rd_noise *n, bool write)
{
	/* the initiator writes the messages of even number */
	return !n->failed && !rd_noise_done(n) && (n->turn % 2 == 0) == (n->initiator == write);
}

size_t
rd_noise_overhead(const struct rd_noise *n)
{
	size_t len = RD_NOISE_TAG;

	if (n->failed || rd_noise_done(n))
		return 0;
	const uint8_t *token = pattern_of(n)->token[n->turn];
	for (unsigned i = 0; i < TOKENS_MAX && token[i]; i++) {
		if (token[i] == E)
			len += RD_KEY_SIZE;
		else if (token[i] == S)
			len += RD_KEY_SIZE + RD_NOISE_TAG;
	}
	return len;
}

static int
fail(struct rd_noise *n, int err)
{
	rd_noise_finish(n);
	return err;
}

int
rd_noise_write(struct rd_noise *n, const void *payload, size_t len, uint8_t *out)
{
	uint8_t *p = out;

	if (!may(n, true) || len > RD_NOISE_MAX - rd_noise_overhead(n))
		return -EPROTO;
	const uint8_t *token = pattern_of(n)->token[n->turn];
	for (unsigned i = 0; i < TOKENS_MAX && token[i]; i++) {
		int err = 0;

		if (token[i] == E || token[i] == S)
			p = write_key(n, token[i], p);
		else
			err = mix_secret(n, token[i]);
		if (err)
			return fail(n, err);
	}
	encrypt_and_hash(n, payload, len, p);
	n->turn++;
	return (int)(p - out + len + RD_NOISE_TAG);
}

int
rd_noise_read(struct rd_noise *n, const uint8_t *msg, size_t len, uint8_t *payload)
{
	struct rd_reader r;

	if (!may(n, false))
		return -EPROTO;
	if (len > RD_NOISE_MAX || len < rd_noise_overhead(n))
		return fail(n, -EPROTO);
	rd_reader_init(&r, msg, len);
	const uint8_t *token = pattern_of(n)->token[n->turn];
	for (unsigned i = 0; i < TOKENS_MAX && token[i]; i++) {
		int err = token[i] == E || token[i] == S ? read_key(n, token[i], &r)
			: mix_secret(n, token[i]);

		if (err)
			return fail(n, err);
	}
	size_t left = rd_reader_left(&r);
	if (decrypt_and_hash(n, rd_reader_bytes(&r, left), left, payload))
		return fail(n, -EBADMSG);
	n->turn++;
	return (int)(left - RD_NOISE_TAG);
}

const struct rd_key *
rd_noise_peer(const struct rd_noise *n)
{
	return n->has_rs ? &n->rs : NULL;
}

void
rd_noise_split(const struct rd_noise *n, uint8_t send[static 32], uint8_t recv[static 32])
{
	uint8_t out[2][RD_NOISE_HASH];

	assert(rd_noise_done(n));
	rd_noise_hkdf(n->ck, NULL, 0, 2, out);
	memcpy(n->initiator ? send : recv, out[0], 32);
	memcpy(n->initiator ? recv : send, out[1], 32);
	sodium_memzero(out, sizeof(out));
}

const uint8_t *
rd_noise_hash(const struct rd_noise *n)
{
	return n->h;
}

void
rd_noise_export(const struct rd_noise *n, const char *label, uint8_t out[static 32])
{
	static const char domain[] = "rd-export";
	uint8_t block[1][RD_NOISE_HASH], input[64];
	size_t len = strlen(label);

	assert(rd_noise_done(n) && len <= sizeof(input) - (sizeof(domain) - 1));
	memcpy(input, domain, sizeof(domain) - 1);
	memcpy(input + sizeof(domain) - 1, label, len);
	rd_noise_hkdf(n->ck, input, sizeof(domain) - 1 + len, 1, block);
	memcpy(out, block[0], 32);
	sodium_memzero(block, sizeof(block));
}

void
rd_noise_finish(struct rd_noise *n)
{
	sodium_memzero(n, sizeof(*n));
	n->failed = true;
}

#include <assert.h>
#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/cpace.h"

/*
 * draft-irtf-cfrg-cpace-21: sections 7.2 (the protocol), 8.1 and 8.3 (the
 * generator), appendix A (strings). Both hashes run over "lv" pieces, each behind
 * its length in LEB128, so that no two different inputs make one string.
 */
#define DSI "CPaceRistretto255"
#define DSI_ISK DSI "_ISK"
#define BLOCK 128		/* of SHA-512: s_in_bytes */

static size_t
leb128(uint8_t out[static 10], size_t v)
{
	size_t n = 0;

	do {
		out[n] = (uint8_t)(v & 0x7f);
		v >>= 7;
		if (v)
			out[n] |= 0x80;
		n++;
	} while (v);
	return n;
}

static void
add_lv(crypto_hash_sha512_state *state, const void *data, size_t len)
{
	uint8_t length[10];

	crypto_hash_sha512_update(state, length, leb128(length, len));
	if (len)
		crypto_hash_sha512_update(state, data, len);
}

/*
 * Zeros that fill the first block of the hash behind the password, so that the
 * time to hash what follows tells nothing of the password.
 */
static size_t
padding(size_t prs_len)
{
	uint8_t length[10];
	size_t used = 1 + sizeof(DSI) - 1 + 1 + leb128(length, prs_len) + prs_len;

	return used < BLOCK ? BLOCK - used : 0;
}

static void
make_generator(uint8_t g[static 32], const void *prs, size_t prs_len, const void *ci,
	size_t ci_len, const void *sid, size_t sid_len)
{
	static const uint8_t zeros[BLOCK];
	crypto_hash_sha512_state state;
	uint8_t hash[crypto_core_ristretto255_HASHBYTES];

	crypto_hash_sha512_init(&state);
	add_lv(&state, DSI, sizeof(DSI) - 1);
	add_lv(&state, prs, prs_len);
	add_lv(&state, zeros, padding(prs_len));
	add_lv(&state, ci, ci_len);
	add_lv(&state, sid, sid_len);
	crypto_hash_sha512_final(&state, hash);
	crypto_core_ristretto255_from_hash(g, hash);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(hash, sizeof(hash));
}

void
rd_cpace_start(struct rd_cpace *c, const void *prs, size_t prs_len, const void *ci, size_t ci_len,
	const void *sid, size_t sid_len, const uint8_t *scalar)
{
	uint8_t g[32];

	assert(sid_len <= sizeof(c->sid));
	*c = (struct rd_cpace){ .sid_len = sid_len };
	if (sid_len)
		memcpy(c->sid, sid, sid_len);
	if (scalar)
		memcpy(c->scalar, scalar, sizeof(c->scalar));
	else
		crypto_core_ristretto255_scalar_random(c->scalar);
	make_generator(g, prs, prs_len, ci, ci_len, sid, sid_len);
	/* a neutral generator (once in 2^252) leaves zeros, which the peer refuses */
	if (crypto_scalarmult_ristretto255(c->share, c->scalar, g) != 0)
		sodium_memzero(c->share, sizeof(c->share));
	sodium_memzero(g, sizeof(g));
}

int
rd_cpace_finish(struct rd_cpace *c, int initiator, const uint8_t peer[static RD_CPACE_SHARE],
	const void *ad_initiator, size_t ad_initiator_len,
	const void *ad_responder, size_t ad_responder_len, uint8_t isk[static RD_CPACE_SECRET])
{
	crypto_hash_sha512_state state;
	uint8_t k[32];
	/* refuses encodings of no element, and a neutral result */
	int bad = crypto_scalarmult_ristretto255(k, c->scalar, peer);

	sodium_memzero(c->scalar, sizeof(c->scalar));
	if (bad) {
		sodium_memzero(k, sizeof(k));
		return -EPROTO;
	}
	crypto_hash_sha512_init(&state);
	add_lv(&state, DSI_ISK, sizeof(DSI_ISK) - 1);
	add_lv(&state, c->sid, c->sid_len);
	add_lv(&state, k, sizeof(k));
	add_lv(&state, initiator ? c->share : peer, RD_CPACE_SHARE);
	add_lv(&state, ad_initiator, ad_initiator_len);
	add_lv(&state, initiator ? peer : c->share, RD_CPACE_SHARE);
	add_lv(&state, ad_responder, ad_responder_len);
	crypto_hash_sha512_final(&state, isk);
	sodium_memzero(&state, sizeof(state));
	sodium_memzero(k, sizeof(k));
	return 0;
}

void
rd_cpace_wipe(struct rd_cpace *c)
{
	sodium_memzero(c, sizeof(*c));
}

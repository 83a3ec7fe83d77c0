#include <string.h>

#include <sodium.h>

#include "net/noise.h"

/*
 * BLAKE2b as Noise wants it: HMAC by RFC 2104 although BLAKE2b has a keyed mode
 * of its own, and the HKDF of section 4.3 over that.
 */
#define BLOCK 128

static void
hash_parts(const uint8_t *a, size_t a_len, const void *b, size_t b_len,
	uint8_t out[static RD_NOISE_HASH])
{
	crypto_generichash_blake2b_state state;

	crypto_generichash_blake2b_init(&state, NULL, 0, RD_NOISE_HASH);
	crypto_generichash_blake2b_update(&state, a, a_len);
	if (b_len)
		crypto_generichash_blake2b_update(&state, b, b_len);
	crypto_generichash_blake2b_final(&state, out, RD_NOISE_HASH);
	sodium_memzero(&state, sizeof(state));
}

void
rd_hmac_blake2b(const uint8_t *key, size_t key_len, const void *data, size_t len,
	uint8_t out[static RD_NOISE_HASH])
{
	uint8_t pad[BLOCK] = { 0 }, inner[RD_NOISE_HASH];

	if (key_len > BLOCK)
		hash_parts(key, key_len, NULL, 0, pad);
	else if (key_len)
		memcpy(pad, key, key_len);
	for (unsigned i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36;
	hash_parts(pad, BLOCK, data, len, inner);
	for (unsigned i = 0; i < BLOCK; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	hash_parts(pad, BLOCK, inner, sizeof(inner), out);
	sodium_memzero(pad, sizeof(pad));
	sodium_memzero(inner, sizeof(inner));
}

void
rd_noise_hkdf(const uint8_t ck[static RD_NOISE_HASH], const void *input, size_t len,
	unsigned count, uint8_t out[][RD_NOISE_HASH])
{
	uint8_t temp[RD_NOISE_HASH], block[RD_NOISE_HASH + 1];
	size_t have = 0;

	rd_hmac_blake2b(ck, RD_NOISE_HASH, input, len, temp);
	for (unsigned i = 0; i < count; i++) {
		block[have] = (uint8_t)(i + 1);
		rd_hmac_blake2b(temp, sizeof(temp), block, have + 1, out[i]);
		memcpy(block, out[i], RD_NOISE_HASH);
		have = RD_NOISE_HASH;
	}
	sodium_memzero(temp, sizeof(temp));
	sodium_memzero(block, sizeof(block));
}

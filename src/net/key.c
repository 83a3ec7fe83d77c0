#include <errno.h>
#include <string.h>

#include <sodium.h>

#include "net/key.h"

#define PREFIX "rd:"
#define PREFIX_LEN 3
#define BASE64_LEN 43
#define BASE64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define FINGERPRINT_BYTES 20

void
rd_keypair_new(struct rd_keypair *k)
{
	randombytes_buf(k->secret.bytes, RD_KEY_SIZE);
	rd_keypair_derive(k);
}

void
rd_keypair_derive(struct rd_keypair *k)
{
	/* never fails: the base point has prime order and clamping leaves no zero scalar */
	crypto_scalarmult_base(k->public.bytes, k->secret.bytes);
}

void
rd_keypair_wipe(struct rd_keypair *k)
{
	sodium_memzero(k, sizeof(*k));
}

bool
rd_key_equal(const struct rd_key *a, const struct rd_key *b)
{
	return sodium_memcmp(a->bytes, b->bytes, RD_KEY_SIZE) == 0;
}

bool
rd_key_is_zero(const struct rd_key *k)
{
	return sodium_is_zero(k->bytes, RD_KEY_SIZE) == 1;
}

const char *
rd_key_text(const struct rd_key *k, char out[static RD_KEY_TEXT])
{
	memcpy(out, PREFIX, PREFIX_LEN);
	return sodium_bin2base64(out + PREFIX_LEN, RD_KEY_TEXT - PREFIX_LEN, k->bytes,
		RD_KEY_SIZE, BASE64) - PREFIX_LEN;
}

int
rd_key_parse(struct rd_key *k, const char *text)
{
	struct rd_key key;
	size_t n;

	if (strnlen(text, RD_KEY_TEXT) != PREFIX_LEN + BASE64_LEN
		|| memcmp(text, PREFIX, PREFIX_LEN) != 0)
		return -EINVAL;
	/* libsodium refuses bits set beyond the last byte: no key has two texts */
	if (sodium_base642bin(key.bytes, RD_KEY_SIZE, text + PREFIX_LEN, BASE64_LEN, NULL, &n,
			NULL, BASE64) != 0 || n != RD_KEY_SIZE)
		return -EINVAL;
	*k = key;
	return 0;
}

const char *
rd_key_fingerprint(const struct rd_key *k, char out[static RD_FINGERPRINT_TEXT])
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	static const uint8_t domain[] = { 'r', 'd', '-', 'i', 'd', '-', 'v', '1' };
	crypto_generichash_state state;
	uint8_t hash[32];
	unsigned bits = 0, have = 0;
	char *p = out;

	crypto_generichash_init(&state, NULL, 0, sizeof(hash));
	crypto_generichash_update(&state, domain, sizeof(domain));
	crypto_generichash_update(&state, k->bytes, RD_KEY_SIZE);
	crypto_generichash_final(&state, hash, sizeof(hash));
	for (unsigned i = 0, n = 0; i < FINGERPRINT_BYTES; i++) {
		bits = bits << 8 | hash[i];
		for (have += 8; have >= 5; n++) {
			if (n && n % 4 == 0)
				*p++ = '-';
			have -= 5;
			*p++ = digits[bits >> have & 31];
		}
	}
	*p = 0;
	return out;
}

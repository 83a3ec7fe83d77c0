#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "net/totp.h"

#define BLOCK 64	/* bytes that SHA-1 takes at once */
#define DIGEST 20

struct sha1 {
	uint32_t h[5];
	uint64_t len;		/* bytes taken so far */
	uint8_t block[BLOCK];	/* len % BLOCK of them are waiting */
};

static uint32_t
rotate(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static uint32_t
load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
store_be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* FIPS 180-4, 6.1.2, with the schedule of 80 words written out. */
static void
compress(struct sha1 *s)
{
	static const uint32_t k[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t w[80], a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
	for (int t = 0; t < 16; t++)
		w[t] = load_be32(s->block + 4 * t);
	for (int t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (int t = 0; t < 80; t++) {
		uint32_t f = t < 20 ? (b & c) | (~b & d)
			: t < 40 || t >= 60 ? b ^ c ^ d
			: (b & c) | (b & d) | (c & d);
		uint32_t next = rotate(a, 5) + f + e + k[t / 20] + w[t];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	s->h[0] += a;
	s->h[1] += b;
	s->h[2] += c;
	s->h[3] += d;
	s->h[4] += e;
	sodium_memzero(w, sizeof(w));
}

static void
begin(struct sha1 *s)
{
	*s = (struct sha1){.h = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}};
}

static void
take(struct sha1 *s, const void *data, size_t len)
{
	const uint8_t *p = data;
	while (len > 0) {
		size_t at = s->len % BLOCK, n = BLOCK - at < len ? BLOCK - at : len;
		memcpy(s->block + at, p, n);
		s->len += n;
		p += n;
		len -= n;
		if (s->len % BLOCK == 0)
			compress(s);
	}
}

static void
end(struct sha1 *s, uint8_t out[static DIGEST])
{
	static const uint8_t zeros[BLOCK];
	uint8_t bits[8];
	store_be32(bits, (uint32_t)(s->len >> 29));
	store_be32(bits + 4, (uint32_t)(s->len << 3));
	take(s, &(uint8_t){0x80}, 1);
	take(s, zeros, (2 * BLOCK - 8 - s->len % BLOCK) % BLOCK);
	take(s, bits, sizeof(bits));
	for (int i = 0; i < 5; i++)
		store_be32(out + 4 * i, s->h[i]);
	sodium_memzero(s, sizeof(*s));
}

void
rd_hmac_sha1(const uint8_t *key, size_t key_len, const void *data, size_t len,
	uint8_t out[static 20])
{
	struct sha1 s;
	uint8_t inner[BLOCK] = {0}, outer[BLOCK];
	begin(&s);
	if (key_len > BLOCK) {
		take(&s, key, key_len);
		end(&s, inner);
		begin(&s);
	} else if (key_len > 0) {
		memcpy(inner, key, key_len);
	}
	for (int i = 0; i < BLOCK; i++) {
		outer[i] = inner[i] ^ 0x5c;
		inner[i] ^= 0x36;
	}
	take(&s, inner, BLOCK);
	take(&s, data, len);
	end(&s, out);
	begin(&s);
	take(&s, outer, BLOCK);
	take(&s, out, DIGEST);
	end(&s, out);
	sodium_memzero(inner, sizeof(inner));
	sodium_memzero(outer, sizeof(outer));
}

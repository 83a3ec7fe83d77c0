#include <errno.h>
#include <sodium.h>
#include <string.h>

#include "net/cookie.h"

#define MACS (2 * RD_MAC)
_Static_assert(RD_COOKIE_SEALED == RD_COOKIE + crypto_aead_xchacha20poly1305_ietf_ABYTES,
	"a cookie and its tag");

/* BLAKE2b-256(label || key): a secret to nobody who knows the receiver's key. */
static void
derive(const char *label, const struct rd_key *receiver, uint8_t out[static 32])
{
	crypto_generichash_state st;

	crypto_generichash_init(&st, NULL, 0, 32);
	crypto_generichash_update(&st, (const uint8_t *)label, strlen(label));
	crypto_generichash_update(&st, receiver->bytes, sizeof(receiver->bytes));
	crypto_generichash_final(&st, out, 32);
}

static void
mac1_of(const uint8_t *data, size_t len, const struct rd_key *receiver, uint8_t mac[static RD_MAC])
{
	uint8_t key[32];

	derive("rd-mac1", receiver, key);
	crypto_generichash(mac, RD_MAC, data, len - MACS, key, sizeof(key));
}

static void
mac2_of(const uint8_t *data, size_t len, const uint8_t cookie[static RD_COOKIE],
	uint8_t mac[static RD_MAC])
{
	crypto_generichash(mac, RD_MAC, data, len - RD_MAC, cookie, RD_COOKIE);
}

void
rd_mac1_put(uint8_t *data, size_t len, const struct rd_key *receiver)
{
	mac1_of(data, len, receiver, data + len - MACS);
}

bool
rd_mac1_check(const uint8_t *data, size_t len, const struct rd_key *receiver)
{
	uint8_t mac[RD_MAC];

	if (len < MACS)
		return false;
	mac1_of(data, len, receiver, mac);
	return sodium_memcmp(mac, data + len - MACS, RD_MAC) == 0;
}

void
rd_mac2_put(uint8_t *data, size_t len, const uint8_t cookie[static RD_COOKIE])
{
	mac2_of(data, len, cookie, data + len - RD_MAC);
}

bool
rd_mac2_check(const uint8_t *data, size_t len, const uint8_t cookie[static RD_COOKIE])
{
	uint8_t mac[RD_MAC];

	if (len < MACS)
		return false;
	mac2_of(data, len, cookie, mac);
	return sodium_memcmp(mac, data + len - RD_MAC, RD_MAC) == 0;
}

/* A new secret every two minutes; after four neither of the two is of use. */
static void
turn_jar(struct rd_cookie_jar *jar, uint64_t now_ns)
{
	uint64_t age = now_ns > jar->made_ns ? now_ns - jar->made_ns : 0;

	if (jar->filled && age < RD_COOKIE_LIFE_NS)
		return;
	if (jar->filled && age < 2 * RD_COOKIE_LIFE_NS)
		memcpy(jar->secret[1], jar->secret[0], sizeof(jar->secret[1]));
	else
		randombytes_buf(jar->secret[1], sizeof(jar->secret[1]));
	randombytes_buf(jar->secret[0], sizeof(jar->secret[0]));
	jar->made_ns = now_ns;
	jar->filled = true;
}

/*
 * What only we can say of an address and, of a nonce, the viewer's half. The
 * first byte keeps the two uses apart. A TCP connection is its address too;
 * through a relay the leg is what proves that somebody gets our answers.
 */
static void
bake(const uint8_t secret[static 32], const struct rd_addr *from, const uint8_t *nonce,
	uint8_t out[static RD_COOKIE])
{
	crypto_generichash_state st;
	const uint8_t head[] = { nonce ? 2 : 1, from->family, from->stream, (uint8_t)from->port,
		(uint8_t)(from->port >> 8), (uint8_t)from->scope, (uint8_t)(from->scope >> 8),
		(uint8_t)(from->scope >> 16), (uint8_t)(from->scope >> 24) };
	const uint8_t leg[] = { 1, (uint8_t)from->carrier, (uint8_t)(from->carrier >> 8),
		(uint8_t)(from->carrier >> 16), (uint8_t)(from->carrier >> 24) };

	crypto_generichash_init(&st, secret, 32, RD_COOKIE);
	crypto_generichash_update(&st, head, sizeof(head));
	crypto_generichash_update(&st, from->ip, sizeof(from->ip));
	if (nonce)
		crypto_generichash_update(&st, nonce, 16);
	if (from->relayed)
		crypto_generichash_update(&st, leg, sizeof(leg));
	crypto_generichash_final(&st, out, RD_COOKIE);
}

void
rd_cookie_make(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	uint8_t out[static RD_COOKIE])
{
	turn_jar(jar, now_ns);
	bake(jar->secret[0], from, NULL, out);
}

bool
rd_cookie_check(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const uint8_t *data, size_t len)
{
	uint8_t cookie[RD_COOKIE];
	bool right = false;

	turn_jar(jar, now_ns);
	for (unsigned i = 0; i < 2 && !right; i++) {
		bake(jar->secret[i], from, NULL, cookie);
		right = rd_mac2_check(data, len, cookie);
	}
	sodium_memzero(cookie, sizeof(cookie));
	return right;
}

void
rd_cookie_reply(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const struct rd_key *own, const uint8_t *init, size_t init_len, uint32_t receiver,
	struct rd_buf *out)
{
	uint8_t key[32], cookie[RD_COOKIE], sealed[RD_COOKIE_SEALED];
	uint8_t nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

	rd_cookie_make(jar, from, now_ns, cookie);
	derive("rd-cookie", own, key);
	randombytes_buf(nonce, sizeof(nonce));
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, NULL, cookie, sizeof(cookie),
		init + init_len - MACS, RD_MAC, NULL, nonce, key);
	rd_packet_pack(out, &(struct rd_packet){ .type = RD_PACKET_COOKIE, .receiver = receiver,
		.nonce = nonce, .cookie = sealed });
	sodium_memzero(cookie, sizeof(cookie));
}

int
rd_cookie_open(const struct rd_packet *p, const struct rd_key *host,
	const uint8_t mac1[static RD_MAC], uint8_t cookie[static RD_COOKIE])
{
	uint8_t key[32];

	derive("rd-cookie", host, key);
	int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(cookie, NULL, NULL, p->cookie,
		RD_COOKIE_SEALED, mac1, RD_MAC, p->nonce, key);
	return bad ? -EBADMSG : 0;
}

void
rd_cookie_nonce(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const uint8_t nonce[static 16], uint8_t out[static 16])
{
	turn_jar(jar, now_ns);
	bake(jar->secret[0], from, nonce, out);
}

bool
rd_cookie_nonce_check(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const uint8_t nonce[static 16], const uint8_t host[static 16])
{
	uint8_t made[RD_COOKIE];

	turn_jar(jar, now_ns);
	for (unsigned i = 0; i < 2; i++) {
		bake(jar->secret[i], from, nonce, made);
		if (sodium_memcmp(made, host, sizeof(made)) == 0)
			return true;
	}
	return false;
}

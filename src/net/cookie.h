#ifndef RD_NET_COOKIE_H
#define RD_NET_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/addr.h"
#include "net/key.h"
#include "net/packet.h"

/*
 * What keeps a host cheap to run among strangers; the construction and its
 * numbers are WireGuard's (Donenfeld, NDSS 2017, section 5.4.7), with BLAKE2b:
 *
 *	mac1	BLAKE2b-128(key = BLAKE2b-256("rd-mac1" || receiver's key), all
 *		before mac1): who does not know our key gets silence
 *	mac2	BLAKE2b-128(key = cookie, all before mac2): asked for under load
 *	cookie	BLAKE2b-128(key = a secret of the last 120 s, address and port),
 *		sealed by XChaCha20-Poly1305 with key BLAKE2b-256("rd-cookie" ||
 *		receiver's key) and mac1 as associated data
 */
#define RD_COOKIE 16
#define RD_COOKIE_SEALED 32
#define RD_COOKIE_LIFE_NS (UINT64_C(120) * 1000000000)

/* The last bytes of `data` are mac1 and mac2; writes mac1 for that receiver. */
void rd_mac1_put(uint8_t *data, size_t len, const struct rd_key *receiver);
bool rd_mac1_check(const uint8_t *data, size_t len, const struct rd_key *receiver);
void rd_mac2_put(uint8_t *data, size_t len, const uint8_t cookie[static RD_COOKIE]);
bool rd_mac2_check(const uint8_t *data, size_t len, const uint8_t cookie[static RD_COOKIE]);

/* The host's side: secrets that change every two minutes; the one before still counts. */
struct rd_cookie_jar {
	uint8_t secret[2][32];
	uint64_t made_ns;
	bool filled;
};
void rd_cookie_make(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	uint8_t out[static RD_COOKIE]);
/* mac2 of `data` is right for that address, by this secret or the one before. */
bool rd_cookie_check(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const uint8_t *data, size_t len);
/* A COOKIE datagram that answers `init` (an INIT's bytes). */
void rd_cookie_reply(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const struct rd_key *own, const uint8_t *init, size_t init_len, uint32_t receiver,
	struct rd_buf *out);
/* The initiator opens it: 0, or -EBADMSG. `mac1` is that of the INIT it sent. */
int rd_cookie_open(const struct rd_packet *p, const struct rd_key *host,
	const uint8_t mac1[static RD_MAC], uint8_t cookie[static RD_COOKIE]);

/*
 * The host's half of a PAKE's session id, and at the same time the proof that
 * the viewer gets what is sent to its address: a cookie over the viewer's half.
 */
void rd_cookie_nonce(struct rd_cookie_jar *jar, const struct rd_addr *from, uint64_t now_ns,
	const uint8_t nonce[static 16], uint8_t out[static 16]);
bool rd_cookie_nonce_check(struct rd_cookie_jar *jar, const struct rd_addr *from,
	uint64_t now_ns, const uint8_t nonce[static 16], const uint8_t host[static 16]);

#endif

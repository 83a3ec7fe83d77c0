#ifndef RD_NET_NOISE_H
#define RD_NET_NOISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/key.h"

/*
 * The Noise Protocol Framework, revision 34, for one suite and three patterns:
 *
 *	Noise_IK_25519_ChaChaPoly_BLAKE2b	the initiator knows the responder's key
 *	Noise_XXpsk0_25519_ChaChaPoly_BLAKE2b	both know a secret (made by CPace)
 *	Noise_IKpsk2_25519_ChaChaPoly_BLAKE2b	new keys within a session
 *
 * BLAKE2b is unkeyed with 64 bytes of output; HMAC (RFC 2104) and HKDF over it
 * as section 4.3 says. Pure but for the ephemeral key, which is the system's
 * randomness unless given. A handshake that failed has wiped itself and stays
 * failed: a foreign message that may be anybody's is read with a copy of the
 * struct, so that a forgery does not end the real handshake.
 */
enum rd_noise_pattern { RD_NOISE_IK, RD_NOISE_XXPSK0, RD_NOISE_IKPSK2 };

#define RD_NOISE_HASH 64
#define RD_NOISE_TAG 16
#define RD_NOISE_MAX 65535	/* bytes of one message, section 3 */

struct rd_noise_init {
	enum rd_noise_pattern pattern;
	bool initiator;
	const void *prologue;
	size_t prologue_len;
	const struct rd_keypair *s;	/* our static key */
	const struct rd_key *rs;	/* IK, IKpsk2, initiator: the peer's */
	const uint8_t *psk;		/* 32 bytes, patterns with psk */
	const struct rd_keypair *e;	/* test vectors only; NULL: random */
};

/* Memory of whoever runs the handshake; its fields are noise.c's. */
struct rd_noise {
	enum rd_noise_pattern pattern;
	bool initiator, failed;
	uint8_t turn;		/* messages written and read so far */
	bool has_rs, has_fixed_e;
	uint64_t n;
	uint8_t k[32], ck[RD_NOISE_HASH], h[RD_NOISE_HASH], psk[32];
	struct rd_keypair s, e;
	struct rd_key rs, re;
};

void rd_noise_start(struct rd_noise *n, const struct rd_noise_init *in);
/* What the next message adds to its payload, in bytes. */
size_t rd_noise_overhead(const struct rd_noise *n);
/*
 * Writes the next message, its payload inside; `out` holds at least
 * rd_noise_overhead() + len bytes and does not overlap the payload. The number
 * of bytes written, or -EPROTO: it is not our turn, or a key is no good.
 */
int rd_noise_write(struct rd_noise *n, const void *payload, size_t len, uint8_t *out);
/*
 * Reads the peer's next message; `payload` holds at least `len` bytes. The
 * payload's length, or -EPROTO (not its turn, too short, a key of small order)
 * or -EBADMSG (forged, or made with other keys).
 */
int rd_noise_read(struct rd_noise *n, const uint8_t *msg, size_t len, uint8_t *payload);
/* All messages are through: split. */
bool rd_noise_done(const struct rd_noise *n);
/* The peer's static key, or NULL while unknown. */
const struct rd_key *rd_noise_peer(const struct rd_noise *n);
/* Keys for what we send and receive, section 5.2. */
void rd_noise_split(const struct rd_noise *n, uint8_t send[static 32], uint8_t recv[static 32]);
/* The handshake's hash, section 11.2: equal at both ends, and unique. */
const uint8_t *rd_noise_hash(const struct rd_noise *n);
/*
 * 32 bytes, equal at both ends, secret, independent of the split keys: the
 * first output of HKDF(ck, "rd-export" || label).
 */
void rd_noise_export(const struct rd_noise *n, const char *label, uint8_t out[static 32]);
/* Wipes all of it. */
void rd_noise_finish(struct rd_noise *n);

/* HMAC-BLAKE2b (RFC 2104, block 128, output 64). */
void rd_hmac_blake2b(const uint8_t *key, size_t key_len, const void *data, size_t len,
	uint8_t out[static RD_NOISE_HASH]);
/* HKDF of section 4.3: two or three outputs. `input` is not among `out`. */
void rd_noise_hkdf(const uint8_t ck[static RD_NOISE_HASH], const void *input, size_t len,
	unsigned count, uint8_t out[][RD_NOISE_HASH]);

#endif

#ifndef RD_NET_KEY_H
#define RD_NET_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * X25519 keys (RFC 7748): what a machine or person is, to rd. As text a public
 * key is "rd:" and 43 characters of base64url (RFC 4648 section 5, no
 * padding); its fingerprint, for people to compare, is base32 (RFC 4648
 * section 6, small letters) of the first 20 bytes of BLAKE2b-256("rd-id-v1" ||
 * key), in eight groups of four.
 */
#define RD_KEY_SIZE 32
#define RD_KEY_TEXT 47		/* with the 0 at its end */
#define RD_FINGERPRINT_TEXT 40	/* "abcd-efgh-…", with the 0 */

struct rd_key { uint8_t bytes[RD_KEY_SIZE]; };

struct rd_keypair {
	struct rd_key public;
	struct rd_key secret;	/* whoever holds this wipes it: rd_keypair_wipe */
};

/* A new pair from the system's randomness. */
void rd_keypair_new(struct rd_keypair *k);
/* Fills `public` from `secret`. */
void rd_keypair_derive(struct rd_keypair *k);
void rd_keypair_wipe(struct rd_keypair *k);

/* In constant time. */
bool rd_key_equal(const struct rd_key *a, const struct rd_key *b);
bool rd_key_is_zero(const struct rd_key *k);
const char *rd_key_text(const struct rd_key *k, char out[static RD_KEY_TEXT]);
/* 0, or -EINVAL: anything but exactly the form above, in its one encoding. */
int rd_key_parse(struct rd_key *k, const char *text);
const char *rd_key_fingerprint(const struct rd_key *k, char out[static RD_FINGERPRINT_TEXT]);

#endif

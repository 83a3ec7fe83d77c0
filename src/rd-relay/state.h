#ifndef RD_RELAY_STATE_H
#define RD_RELAY_STATE_H

#include "net/identity.h"
#include "rd-relay/options.h"

/*
 * The folder of the relay: `identity` (net/identity.h), `join-key` (32 random
 * bytes as base64url), and `certificate.pem`, `certificate-key.pem` for TLS
 * where the configuration names none. Each is made where it lacks, and refused
 * where others could have read or written it. 0 or an exit status, after a line
 * that says why.
 */
int state_identity(const struct options *o, struct rd_keypair *key);
int state_join_key(const struct options *o, uint8_t join[static RD_JOIN_KEY]);
/* Of the configuration, or our own. The caller frees both. */
int state_certificate(const struct options *o, char **certificate, size_t *len,
	char **key, size_t *key_len);

/* rd-relay --join-key. */
int state_print_join_key(const struct options *o);

#define JOIN_KEY_TEXT 44	/* base64url of it, with the 0 at its end */

#endif

#ifndef RD_NET_TOTP_H
#define RD_NET_TOTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * TOTP, RFC 6238: HMAC-SHA-1 as authenticators have it, 30 s, 6 digits, a step
 * of clock error to either side; a step that was used is not taken again, nor
 * one before it. Which was the last is known while the struct lives, not in
 * the file. How often one may guess is the caller's business. File `totp`,
 * 0600: "rd-totp-1 BASE32(secret)" (RFC 4648 section 6, capitals, 32 characters).
 */
#define RD_TOTP_SECRET 20
#define RD_TOTP_SECRET_TEXT 33	/* in base32, with the 0 at its end */
#define RD_TOTP_STEP_S 30

struct rd_totp {
	uint8_t secret[RD_TOTP_SECRET];
	uint64_t last_step;	/* used; 0: none was */
};

/* 0; -ENOENT: none is set; -EPERM: others may read it; -EBADMSG: damaged. */
int rd_totp_load(const char *path, struct rd_totp *t);
int rd_totp_parse(const char *text, size_t len, struct rd_totp *t);
/* `replace` or -EEXIST. */
int rd_totp_save(const char *path, const struct rd_totp *t, bool replace);
void rd_totp_new(struct rd_totp *t);
uint32_t rd_totp_code(const struct rd_totp *t, uint64_t step);
/* 0 and the step is used up; -EACCES: wrong, or used. `text` is what was typed (blanks are skipped). */
int rd_totp_check(struct rd_totp *t, const char *text, uint64_t now_s);
/* For who has no camera: the secret as one types it. Wiped by the caller. */
void rd_totp_secret_text(const struct rd_totp *t, char out[static RD_TOTP_SECRET_TEXT]);
/* "otpauth://totp/…" for an authenticator; caller frees and wipes. */
char *rd_totp_uri(const struct rd_totp *t, const char *label);
/* HMAC-SHA-1 (RFC 2104, FIPS 180-4): libsodium has none. */
void rd_hmac_sha1(const uint8_t *key, size_t key_len, const void *data, size_t len,
	uint8_t out[static 20]);

#endif

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "net/identity.h"
#include "net/password.h"
#include "net/totp.h"

/* The files of one line that hold secrets: identity, password, totp. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* No passphrase is tried: Argon2id takes too long for that. */
static int
refuse(void *ctx, const char *prompt, char *out, size_t cap)
{
	(void)ctx;
	(void)prompt;
	(void)out;
	(void)cap;
	return -ECANCELED;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct rd_keypair k;
	struct rd_totp t;
	uint8_t prs[RD_CONN_PRF_SIZE], salt[16];
	const char *text = (const char *)data;
	if (sodium_init() < 0)
		return 0;
	int err = rd_identity_parse(text, len, &k, refuse, NULL);
	if (err && !rd_key_is_zero(&k.secret))
		abort();
	if (err && err != -EBADMSG && err != -ECANCELED)
		abort();
	rd_keypair_wipe(&k);
	if (rd_password_parse(text, len, prs, salt) == 0 && len < strlen("rd-password-1 ") + 64)
		abort();
	if (rd_totp_parse(text, len, &t) == 0) {
		char secret[RD_TOTP_SECRET_TEXT];
		rd_totp_secret_text(&t, secret);
		if (memcmp(secret, text + strlen("rd-totp-1 "), strlen(secret)) != 0)
			abort();
	}
	return 0;
}

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/private.h"
#include "net/password.h"

#define HEAD "rd-password-1 "
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define PASSES 3
#define MEMORY (64u << 20)

/* As it stands in the file. */
struct record {
	uint8_t salt[16];
	uint8_t prs[RD_CONN_PRF_SIZE];
};
_Static_assert(sizeof(struct record) == 48, "as the file has it");
_Static_assert(crypto_pwhash_argon2id_SALTBYTES == 16, "as rd-session(5) has it");
#define RECORD_TEXT sodium_base64_ENCODED_LEN(sizeof(struct record), VARIANT)

int
rd_password_stretch(const char *password, size_t len, const uint8_t salt[static 16],
	uint8_t prs[static RD_CONN_PRF_SIZE])
{
	return crypto_pwhash(prs, RD_CONN_PRF_SIZE, password, len, salt, PASSES, MEMORY,
		crypto_pwhash_ALG_ARGON2ID13) == 0 ? 0 : -ENOMEM;
}

int
rd_password_parse(const char *text, size_t len, uint8_t prs[static RD_CONN_PRF_SIZE],
	uint8_t salt[static 16])
{
	struct record r;
	size_t got, head = strlen(HEAD);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len < head || memcmp(text, HEAD, head) != 0)
		return -EBADMSG;
	int err = sodium_base642bin((uint8_t *)&r, sizeof(r), text + head, len - head, NULL, &got,
		NULL, VARIANT) == 0 && got == sizeof(r) ? 0 : -EBADMSG;
	if (!err) {
		memcpy(salt, r.salt, sizeof(r.salt));
		memcpy(prs, r.prs, sizeof(r.prs));
	}
	sodium_memzero(&r, sizeof(r));
	return err;
}

int
rd_password_load(const char *path, uint8_t prs[static RD_CONN_PRF_SIZE], uint8_t salt[static 16])
{
	char *text = NULL;
	size_t len = 0;
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err)
		err = rd_password_parse(text, len, prs, salt);
	rd_private_free(text, len);
	return err;
}

size_t
rd_password_characters(const char *password, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += ((uint8_t)password[i] & 0xc0) != 0x80;
	return n;
}

int
rd_password_save(const char *path, const char *password, size_t len)
{
	struct record r;
	char line[sizeof(HEAD) + RECORD_TEXT + 1] = HEAD;
	if (len > RD_PASSWORD_MAX)
		return -EMSGSIZE;
	if (rd_password_characters(password, len) < RD_PASSWORD_MIN)
		return -EINVAL;
	randombytes_buf(r.salt, sizeof(r.salt));
	int err = rd_password_stretch(password, len, r.salt, r.prs);
	if (!err) {
		size_t head = strlen(HEAD);
		sodium_bin2base64(line + head, sizeof(line) - head, (const uint8_t *)&r, sizeof(r), VARIANT);
		size_t n = strlen(line);
		line[n++] = '\n';
		int lock = rd_private_lock(path);
		err = lock < 0 ? lock : rd_private_write(path, RD_PRIVATE_SECRET, line, n, true);
		if (lock >= 0)
			close(lock);
	}
	sodium_memzero(&r, sizeof(r));
	sodium_memzero(line, sizeof(line));
	return err;
}

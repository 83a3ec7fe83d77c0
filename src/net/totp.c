#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/private.h"
#include "net/totp.h"

#define HEAD "rd-totp-1 "
#define DIGITS 6
#define MODULUS 1000000u
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void
rd_totp_secret_text(const struct rd_totp *t, char out[static RD_TOTP_SECRET_TEXT])
{
	unsigned bits = 0, have = 0;
	char *p = out;
	for (size_t i = 0; i < RD_TOTP_SECRET; i++) {
		bits = (bits << 8 | t->secret[i]) & 0xfff;
		for (have += 8; have >= 5; have -= 5)
			*p++ = base32[bits >> (have - 5) & 31];
	}
	*p = '\0';
}

int
rd_totp_parse(const char *text, size_t len, struct rd_totp *t)
{
	size_t head = strlen(HEAD), at = 0;
	unsigned bits = 0, have = 0;
	*t = (struct rd_totp){0};
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len != head + RD_TOTP_SECRET_TEXT - 1 || memcmp(text, HEAD, head) != 0)
		return -EBADMSG;
	for (const char *c = text + head; c < text + len; c++) {
		const char *digit = memchr(base32, *c, sizeof(base32) - 1);
		if (!digit) {
			sodium_memzero(t, sizeof(*t));
			return -EBADMSG;
		}
		bits = (bits << 5 | (unsigned)(digit - base32)) & 0xfff;
		have += 5;
		if (have >= 8) {
			have -= 8;
			t->secret[at++] = (uint8_t)(bits >> have);
		}
	}
	return 0;
}

int
rd_totp_load(const char *path, struct rd_totp *t)
{
	char *text = NULL;
	size_t len = 0;
	*t = (struct rd_totp){0};
	int err = rd_private_read(path, RD_PRIVATE_SECRET, &text, &len);
	if (!err)
		err = rd_totp_parse(text, len, t);
	rd_private_free(text, len);
	return err;
}

int
rd_totp_save(const char *path, const struct rd_totp *t, bool replace)
{
	char line[sizeof(HEAD) + RD_TOTP_SECRET_TEXT] = HEAD;
	rd_totp_secret_text(t, line + strlen(HEAD));
	size_t len = strlen(line);
	line[len++] = '\n';
	int lock = rd_private_lock(path);
	int err = lock < 0 ? lock : rd_private_write(path, RD_PRIVATE_SECRET, line, len, replace);
	if (lock >= 0)
		close(lock);
	sodium_memzero(line, sizeof(line));
	return err;
}

void
rd_totp_new(struct rd_totp *t)
{
	*t = (struct rd_totp){0};
	randombytes_buf(t->secret, sizeof(t->secret));
}

uint32_t
rd_totp_code(const struct rd_totp *t, uint64_t step)
{
	uint8_t counter[8], mac[20];
	for (int i = 0; i < 8; i++)
		counter[i] = (uint8_t)(step >> (56 - 8 * i));
	rd_hmac_sha1(t->secret, sizeof(t->secret), counter, sizeof(counter), mac);
	/* RFC 4226 section 5.3: the last four bits say which 31 count. */
	const uint8_t *p = mac + (mac[19] & 15);
	uint32_t v = (uint32_t)(p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	sodium_memzero(mac, sizeof(mac));
	return v % MODULUS;
}

/* "123 456" as six digits. */
static bool
take_digits(char out[static DIGITS], const char *text)
{
	int n = 0;
	for (; *text; text++) {
		if (*text == ' ' || *text == '\t')
			continue;
		if (*text < '0' || *text > '9' || n == DIGITS)
			return false;
		out[n++] = *text;
	}
	return n == DIGITS;
}

int
rd_totp_check(struct rd_totp *t, const char *text, uint64_t now_s)
{
	char typed[DIGITS], code[16];
	uint64_t now = now_s / RD_TOTP_STEP_S, fits = 0;
	if (!take_digits(typed, text))
		return -EACCES;
	/* All three are looked at, whichever fits. */
	for (uint64_t step = now > 0 ? now - 1 : 0; step <= now + 1; step++) {
		snprintf(code, sizeof(code), "%06u", (unsigned)rd_totp_code(t, step));
		if (sodium_memcmp(typed, code, DIGITS) == 0 && step > t->last_step)
			fits = step;
	}
	sodium_memzero(typed, sizeof(typed));
	sodium_memzero(code, sizeof(code));
	if (fits == 0)
		return -EACCES;
	t->last_step = fits;
	return 0;
}

/* RFC 3986: all but unreserved characters as %NN. */
static void
put_percent(struct rd_buf *b, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		char hex[4];
		if (strchr("-._~", c) || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z')) {
			rd_buf_u8(b, c);
			continue;
		}
		snprintf(hex, sizeof(hex), "%%%02X", c);
		rd_buf_bytes(b, hex, 3);
	}
}

char *
rd_totp_uri(const struct rd_totp *t, const char *label)
{
	char secret[RD_TOTP_SECRET_TEXT];
	struct rd_buf b = {0};
	put_percent(&b, label);
	rd_buf_u8(&b, 0);
	rd_totp_secret_text(t, secret);
	char *uri = xasprintf("otpauth://totp/rd:%s?secret=%s&issuer=rd&algorithm=SHA1&digits=%d&period=%d",
		(const char *)b.data, secret, DIGITS, RD_TOTP_STEP_S);
	sodium_memzero(secret, sizeof(secret));
	rd_buf_finish(&b);
	return uri;
}

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "net/lan.h"

/* Of a key of the record: letters count as both (RFC 6763, section 6.4). */
static bool
is_key(const char *item, size_t len, const char *key)
{
	return len == strlen(key) && strncasecmp(item, key, len) == 0;
}

/* As rd_key_fingerprint writes it: eight groups of four of base32. */
static bool
is_fingerprint(const char *text, size_t len)
{
	if (len != RD_FINGERPRINT_TEXT - 1)
		return false;
	for (size_t i = 0; i < len; i++) {
		bool digit = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '2' && text[i] <= '7');
		if (i % 5 == 4 ? text[i] != '-' : !digit)
			return false;
	}
	return true;
}

static unsigned
take_version(const char *text, size_t len)
{
	unsigned n = 0;
	if (len == 0 || len > 5)
		return 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		n = 10 * n + (unsigned)(text[i] - '0');
	}
	return n <= UINT16_MAX ? n : 0;
}

void
rd_lan_txt_take(struct rd_lan_txt *t, const void *item, size_t len)
{
	const char *text = item, *equals = memchr(item, '=', len);
	if (!equals)
		return;
	size_t key = (size_t)(equals - text), value = len - key - 1;
	if (is_key(text, key, "v") && !t->seen_version) {
		t->seen_version = true;
		t->version = take_version(equals + 1, value);
	} else if (is_key(text, key, "key") && !t->seen_key) {
		t->seen_key = true;
		if (is_fingerprint(equals + 1, value))
			memcpy(t->fingerprint, equals + 1, value);
	}
}

bool
rd_lan_txt_item(const struct rd_lan_txt *t, unsigned n, char out[static RD_LAN_TXT_ROOM])
{
	switch (n) {
	case 0:
		snprintf(out, RD_LAN_TXT_ROOM, "txtvers=1");
		return true;
	case 1:
		snprintf(out, RD_LAN_TXT_ROOM, "v=%u", t->version);
		return true;
	case 2:
		snprintf(out, RD_LAN_TXT_ROOM, "key=%s", t->fingerprint);
		return t->fingerprint[0];
	default:
		return false;
	}
}

bool
rd_lan_name_ok(const char *name)
{
	size_t len = strlen(name);
	uint32_t point;
	if (len == 0 || len > RD_LAN_NAME_MAX)
		return false;
	for (size_t at = 0; at < len;) {
		int n = rd_utf8_decode((const uint8_t *)name + at, len - at, &point);
		if (n <= 0 || rd_utf8_is_control(point))
			return false;
		at += (size_t)n;
	}
	return true;
}

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "net/keyfile_priv.h"

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/* "24" of at most `max`; -1: it is no number of that kind. */
static int
take_bits(const char *text, unsigned max)
{
	unsigned n = 0;
	size_t len = strlen(text);
	if (len == 0 || len > 3 || (len > 1 && text[0] == '0'))
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		n = n * 10 + (unsigned)(*text - '0');
	}
	return n <= max ? (int)n : -1;
}

int
keyfile_cidr_parse(struct keyfile_cidr *c, const char *text, size_t len)
{
	char copy[INET6_ADDRSTRLEN + 4];
	*c = (struct keyfile_cidr){0};
	if (len >= sizeof(copy) || memchr(text, 0, len))
		return -EINVAL;
	memcpy(copy, text, len);
	copy[len] = '\0';
	char *slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	if (inet_pton(AF_INET, copy, c->ip) == 1)
		c->family = 4;
	else if (inet_pton(AF_INET6, copy, c->ip) == 1)
		c->family = 6;
	else
		return -EINVAL;
	unsigned max = c->family == 4 ? 32 : 128;
	int bits = slash ? take_bits(slash + 1, max) : (int)max;
	if (bits < 0)
		return -EINVAL;
	c->bits = (unsigned)bits;
	/* An IPv4 address comes as one, never mapped (net/addr.h). */
	if (c->family == 6 && c->bits >= 96 && memcmp(c->ip, mapped, sizeof(mapped)) == 0) {
		memmove(c->ip, c->ip + 12, 4);
		memset(c->ip + 4, 0, 12);
		c->family = 4;
		c->bits -= 96;
	}
	return 0;
}

bool
keyfile_cidr_has(const struct keyfile_cidr *c, const struct rd_addr *a)
{
	unsigned whole = c->bits / 8, rest = c->bits % 8;
	if (c->family != a->family || memcmp(c->ip, a->ip, whole) != 0)
		return false;
	return rest == 0 || (c->ip[whole] ^ a->ip[whole]) >> (8 - rest) == 0;
}

bool
rd_key_options_from(const struct rd_key_options *o, const struct rd_addr *a)
{
	if (!o->from)
		return true;
	/* That is the relay's, wherever the peer may be. */
	if (a->relayed)
		return false;
	for (const char *at = o->from;;) {
		struct keyfile_cidr c;
		size_t len = strcspn(at, ",");
		if (keyfile_cidr_parse(&c, at, len) == 0 && keyfile_cidr_has(&c, a))
			return true;
		if (!at[len])
			return false;
		at += len + 1;
	}
}

#include <errno.h>
#include <string.h>

#include "base/bytes.h"
#include "net/stun.h"

#define HEAD 20
#define COOKIE 0x2112a442u
#define FINGERPRINT_XOR 0x5354554eu	/* RFC 8489 section 14.7 */

/* Attributes, RFC 8489 section 18.3. */
enum {
	MAPPED_ADDRESS = 0x0001,
	USERNAME = 0x0006,
	MESSAGE_INTEGRITY = 0x0008,
	ERROR_CODE = 0x0009,
	UNKNOWN_ATTRIBUTES = 0x000a,
	REALM = 0x0014,
	NONCE = 0x0015,
	MESSAGE_INTEGRITY_SHA256 = 0x001c,
	PASSWORD_ALGORITHM = 0x001d,
	USERHASH = 0x001e,
	XOR_MAPPED_ADDRESS = 0x0020,
	OPTIONAL = 0x8000,		/* those from here on need not be understood */
	SOFTWARE = 0x8022,
	FINGERPRINT = 0x8028,
};

/* --- big endian --- */

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static uint8_t *
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

static uint8_t *
put32(uint8_t *p, uint32_t v)
{
	return put16(put16(p, v >> 16), v & 0xffff);
}

/* CRC-32 of ITU V.42, four bits at a time. */
static uint32_t
crc32_of(const uint8_t *data, size_t len)
{
	static const uint32_t step[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		crc = crc >> 4 ^ step[crc & 15];
		crc = crc >> 4 ^ step[crc & 15];
	}
	return ~crc;
}

/* --- reading --- */

static bool
is_kind(uint16_t type)
{
	return type == RD_STUN_BINDING || type == RD_STUN_SUCCESS || type == RD_STUN_ERROR;
}

/*
 * The types of ours have 1 as their second byte where a datagram of
 * rd-session(5) has its epoch, which is 0 but in DATA; and DATA is 4.
 */
bool
rd_stun_is(const uint8_t *data, size_t len)
{
	return len >= HEAD && is_kind(get16(data)) && get32(data + 4) == COOKIE;
}

/* The cookie and the id, which an address is hidden by: NATs change those they see. */
static void
cover(struct rd_addr *a, const struct rd_stun *s)
{
	uint8_t mask[16];

	put32(mask, COOKIE);
	memcpy(mask + 4, s->id, RD_STUN_ID);
	a->port ^= COOKIE >> 16;
	for (unsigned i = 0; i < (a->family == 4 ? 4 : 16); i++)
		a->ip[i] ^= mask[i];
}

/* {u8 0, u8 family 1 or 2, u16 port, ip}; the first byte is not looked at. */
static int
parse_address(struct rd_addr *a, const uint8_t *p, size_t len)
{
	if (len != 8 && len != 20)
		return -EPROTO;
	if (p[1] != (len == 8 ? 1 : 2))
		return -EPROTO;
	*a = (struct rd_addr){.family = len == 8 ? 4 : 6, .port = get16(p + 2)};
	memcpy(a->ip, p + 4, len - 4);
	return 0;
}

/* The newer way of saying it wins, wherever it stands. */
static int
parse_mapped(struct rd_stun *s, unsigned type, const uint8_t *p, size_t len, bool *xored)
{
	struct rd_addr a;

	if (parse_address(&a, p, len) != 0)
		return -EPROTO;
	if (type == MAPPED_ADDRESS && *xored)
		return 0;
	*xored = type == XOR_MAPPED_ADDRESS;
	if (*xored)
		cover(&a, s);
	s->mapped = a;
	return 0;
}

static int
parse_error(struct rd_stun *s, const uint8_t *p, size_t len)
{
	if (len < 4)
		return -EPROTO;
	unsigned class = p[2] & 7, number = p[3];
	if (class < 3 || class > 6 || number > 99)
		return -EPROTO;
	s->error = (uint16_t)(class * 100 + number);
	return 0;
}

/* One that we know is there for those who have a password, which we have not. */
static int
parse_attribute(struct rd_stun *s, unsigned type, const uint8_t *p, size_t len, bool *xored)
{
	switch (type) {
	case XOR_MAPPED_ADDRESS:
	case MAPPED_ADDRESS:
		return s->kind == RD_STUN_SUCCESS ? parse_mapped(s, type, p, len, xored) : 0;
	case ERROR_CODE:
		return s->kind == RD_STUN_ERROR ? parse_error(s, p, len) : 0;
	case USERNAME:
	case MESSAGE_INTEGRITY:
	case UNKNOWN_ATTRIBUTES:
	case REALM:
	case NONCE:
	case MESSAGE_INTEGRITY_SHA256:
	case PASSWORD_ALGORITHM:
	case USERHASH:
		return 0;
	default:
		return type >= OPTIONAL ? 0 : -EPROTO;
	}
}

/* The last attribute, over all before it. */
static int
check_fingerprint(const uint8_t *data, size_t at, size_t len, size_t value)
{
	bool last = value == 4 && at + 8 == len;

	return last && get32(data + at + 4) == (crc32_of(data, at) ^ FINGERPRINT_XOR) ? 0 : -EPROTO;
}

static int
parse_attributes(struct rd_stun *s, const uint8_t *data, size_t len)
{
	struct rd_reader r;
	bool xored = false;

	rd_reader_init(&r, data + HEAD, len - HEAD);
	while (rd_reader_left(&r) > 0) {
		size_t at = len - rd_reader_left(&r);
		const uint8_t *head = rd_reader_bytes(&r, 4);
		if (!head)
			return -EPROTO;
		unsigned type = get16(head), n = get16(head + 2);
		const uint8_t *value = rd_reader_bytes(&r, (n + 3) & ~3u);
		if (!value)
			return -EPROTO;
		int err = type == FINGERPRINT ? check_fingerprint(data, at, len, n) :
			parse_attribute(s, type, value, n, &xored);
		if (err)
			return err;
	}
	return 0;
}

int
rd_stun_parse(struct rd_stun *s, const uint8_t *data, size_t len)
{
	*s = (struct rd_stun){0};
	if (!rd_stun_is(data, len) || get16(data + 2) != len - HEAD || len % 4 != 0)
		return -EPROTO;
	s->kind = get16(data);
	memcpy(s->id, data + 8, RD_STUN_ID);
	int err = parse_attributes(s, data, len);
	if (!err && s->kind == RD_STUN_ERROR && !s->error)
		err = -EPROTO; /* section 14.8: it says which */
	if (!err)
		return 0;
	*s = (struct rd_stun){0};
	return err;
}

/* --- writing --- */

static uint8_t *
put_mapped(uint8_t *p, const struct rd_stun *s)
{
	struct rd_addr a = s->mapped;
	size_t n = a.family == 4 ? 4 : 16;

	if (a.family != 4 && a.family != 6)
		return p;
	cover(&a, s);
	p = put16(put16(p, XOR_MAPPED_ADDRESS), 4 + (unsigned)n);
	*p++ = 0;
	*p++ = a.family == 4 ? 1 : 2;
	p = put16(p, a.port);
	memcpy(p, a.ip, n);
	return p + n;
}

static uint8_t *
put_error(uint8_t *p, const struct rd_stun *s)
{
	p = put16(put16(p, ERROR_CODE), 4);
	return put32(p, (uint32_t)(s->error / 100) << 8 | s->error % 100);
}

/* A name that is there for its length: RD_STUN_REQUEST bytes in all. */
static uint8_t *
put_padding(uint8_t *p)
{
	enum { SIZE = RD_STUN_REQUEST - HEAD - 4 - 8 };

	p = put16(put16(p, SOFTWARE), SIZE);
	memset(p, ' ', SIZE);
	memcpy(p, "rd", 2);
	return p + SIZE;
}

size_t
rd_stun_put(uint8_t out[static RD_STUN_MAX], const struct rd_stun *s)
{
	uint8_t *p = out + HEAD;

	put16(out, s->kind);
	put32(out + 4, COOKIE);
	memcpy(out + 8, s->id, RD_STUN_ID);
	if (s->kind == RD_STUN_BINDING)
		p = put_padding(p);
	else if (s->kind == RD_STUN_SUCCESS)
		p = put_mapped(p, s);
	else
		p = put_error(p, s);
	/* The length counts the fingerprint when that is made. */
	put16(out + 2, (unsigned)(p + 8 - out - HEAD));
	uint32_t crc = crc32_of(out, (size_t)(p - out));
	p = put16(put16(p, FINGERPRINT), 4);
	p = put32(p, crc ^ FINGERPRINT_XOR);
	return (size_t)(p - out);
}

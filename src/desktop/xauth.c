#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "desktop/xauth.h"

/*
 * An entry; numbers are big endian, each field is {u16 length, bytes}:
 *
 *	{u16 family} {address} {number} {name} {data}
 *
 * Families are those of X.h and Xauth.h.
 */
enum { FAMILY_LOCAL = 256, FAMILY_WILD = 65535 };

struct field {
	const uint8_t *data;
	size_t len;
};

static unsigned
read_be16(struct rd_reader *r)
{
	unsigned high = rd_reader_u8(r);
	return high << 8 | rd_reader_u8(r);
}

static struct field
read_field(struct rd_reader *r)
{
	struct field f = {.len = read_be16(r)};
	f.data = rd_reader_bytes(r, f.len);
	if (!f.data)
		f.len = 0;
	return f;
}

/* The display number in decimal digits; -1 when empty; -2 for anything else. */
static int
display_number(struct field f)
{
	int n = 0;
	if (f.len == 0)
		return -1;
	if (f.len > 5)
		return -2;
	for (size_t i = 0; i < f.len; i++) {
		if (f.data[i] < '0' || f.data[i] > '9')
			return -2;
		n = n * 10 + (f.data[i] - '0');
	}
	return n;
}

static bool
field_is(struct field f, const char *text)
{
	return f.len == strlen(text) && memcmp(f.data, text, f.len) == 0;
}

bool
rd_xauth_next(const uint8_t *file, size_t len, size_t *offset, struct rd_xauth_cookie *c)
{
	struct rd_reader r;
	rd_reader_init(&r, file + *offset, len - *offset);
	while (rd_reader_left(&r) > 0) {
		unsigned family = read_be16(&r);
		read_field(&r); /* the address, see xauth.h */
		struct field number = read_field(&r);
		struct field name = read_field(&r);
		struct field data = read_field(&r);
		if (r.bad)
			break;
		*offset = len - rd_reader_left(&r);
		if (family != FAMILY_LOCAL && family != FAMILY_WILD)
			continue;
		if (!field_is(name, RD_XAUTH_COOKIE) || data.len == 0 || data.len > sizeof(c->data))
			continue;
		c->display = display_number(number);
		if (c->display < -1)
			continue;
		c->len = (uint8_t)data.len;
		memcpy(c->data, data.data, data.len);
		return true;
	}
	*offset = len;
	return false;
}

static void
put_be16(struct rd_buf *b, size_t v)
{
	rd_buf_u8(b, (uint8_t)(v >> 8));
	rd_buf_u8(b, (uint8_t)v);
}

static void
put_field(struct rd_buf *b, const void *data, size_t len)
{
	put_be16(b, len);
	rd_buf_bytes(b, data, len);
}

void
rd_xauth_put(struct rd_buf *b, const char *host, const struct rd_xauth_cookie *c)
{
	char number[16] = "";
	if (c->display >= 0)
		snprintf(number, sizeof(number), "%d", c->display);
	put_be16(b, host ? FAMILY_LOCAL : FAMILY_WILD);
	put_field(b, host, host ? strlen(host) : 0);
	put_field(b, number, strlen(number));
	put_field(b, RD_XAUTH_COOKIE, strlen(RD_XAUTH_COOKIE));
	put_field(b, c->data, c->len);
}

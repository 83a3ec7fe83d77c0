#include <string.h>

#include "base/utf8.h"

int
rd_utf8_decode(const uint8_t *p, size_t len, uint32_t *point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t lead = p[0];
	size_t n = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4)
		return 0;
	uint32_t c = n == 1 ? lead : lead & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (i == len)
			return RD_UTF8_SHORT;
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*point = c;
	return (int)n;
}

uint32_t
rd_utf8_single(const char *text)
{
	uint32_t point;
	size_t len = strlen(text);
	int n = len ? rd_utf8_decode((const uint8_t *)text, len, &point) : 0;
	return n > 0 && (size_t)n == len ? point : 0;
}

bool
rd_utf8_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
		(point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
		(point >= 0x2066 && point <= 0x2069);
}

void
rd_utf8_put(struct rd_buf *b, uint32_t point)
{
	if (point < 0x80) {
		rd_buf_u8(b, (uint8_t)point);
		return;
	}
	int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
	rd_buf_u8(b, (uint8_t)(0xff00u >> (more + 1) | point >> (6 * more)));
	while (more-- > 0)
		rd_buf_u8(b, (uint8_t)(0x80 | (point >> (6 * more) & 0x3f)));
}

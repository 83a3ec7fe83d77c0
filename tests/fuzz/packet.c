#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/cookie.h"

/*
 * A datagram from anybody. One that is taken is written again and must be the
 * same, but for the macs and what DATA carries.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rd_key key = { .bytes = { 1, 2, 3 } };
	struct rd_packet p;
	struct rd_buf b = {0};
	uint8_t cookie[RD_COOKIE];

	if (rd_packet_parse(&p, data, size))
		return 0;
	rd_packet_pack(&b, &p);
	size_t same = p.mac1 ? size - 2 * RD_MAC : b.len;
	if (p.type != RD_PACKET_DATA && b.len != size)
		abort();
	if (memcmp(b.data, data, same) != 0)
		abort();
	if (p.mac1)
		rd_mac1_check(data, size, &key);
	if (p.type == RD_PACKET_COOKIE)
		rd_cookie_open(&p, &key, key.bytes, cookie);
	rd_buf_finish(&b);
	return 0;
}

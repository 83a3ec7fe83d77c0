#include <assert.h>
#include <endian.h>
#include <string.h>

#include "net/varint.h"

size_t
rd_varint_size(uint64_t v)
{
	if (v < UINT64_C(1) << 6)
		return 1;
	if (v < UINT64_C(1) << 14)
		return 2;
	return v < UINT64_C(1) << 30 ? 4 : 8;
}

uint8_t *
rd_varint_put(uint8_t *out, uint64_t v)
{
	assert(v <= RD_VARINT_MAX);
	if (v < UINT64_C(1) << 6) {
		*out = (uint8_t)v;
		return out + 1;
	}
	if (v < UINT64_C(1) << 14) {
		uint16_t be = htobe16((uint16_t)(v | UINT16_C(1) << 14));
		memcpy(out, &be, sizeof(be));
		return out + sizeof(be);
	}
	if (v < UINT64_C(1) << 30) {
		uint32_t be = htobe32((uint32_t)v | UINT32_C(2) << 30);
		memcpy(out, &be, sizeof(be));
		return out + sizeof(be);
	}
	uint64_t be = htobe64(v | UINT64_C(3) << 62);
	memcpy(out, &be, sizeof(be));
	return out + sizeof(be);
}

uint64_t
rd_reader_varint(struct rd_reader *r)
{
	/* Most are one byte; that this stays short is felt with every packet. */
	if (r->p < r->end && *r->p < 0x40)
		return *r->p++;
	size_t n = r->p < r->end ? (size_t)1 << (*r->p >> 6) : 1;
	const uint8_t *p = rd_reader_bytes(r, n);
	uint16_t v2;
	uint32_t v4;
	uint64_t v8;

	if (!p)
		return 0;
	switch (n) {
	case 2:
		memcpy(&v2, p, sizeof(v2));
		return be16toh(v2) & 0x3fff;
	case 4:
		memcpy(&v4, p, sizeof(v4));
		return be32toh(v4) & 0x3fffffff;
	default:
		memcpy(&v8, p, sizeof(v8));
		return be64toh(v8) & RD_VARINT_MAX;
	}
}

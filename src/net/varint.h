#ifndef RD_NET_VARINT_H
#define RD_NET_VARINT_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/*
 * RFC 9000 section 16: 1, 2, 4 or 8 bytes, big endian, the length in the two
 * highest bits. Values below 2^62. A longer form than needed is taken too.
 */
#define RD_VARINT_MAX ((UINT64_C(1) << 62) - 1)
size_t rd_varint_size(uint64_t v);
/* Writes rd_varint_size(v) bytes and returns where they end. */
uint8_t *rd_varint_put(uint8_t *out, uint64_t v);
uint64_t rd_reader_varint(struct rd_reader *r);

#endif

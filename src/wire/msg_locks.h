#ifndef RD_WIRE_MSG_LOCKS_H
#define RD_WIRE_MSG_LOCKS_H

#include <stdint.h>

#include "base/bytes.h"
#include "media/input.h"

/*
 * LOCKS (up) and LOCKED (down): {u8 known, u8 on}, bits as RD_LOCK_*. What is on is
 * also known; bits that have no name yet are kept, and change nothing.
 */
void rd_locks_pack(struct rd_buf *b, const struct rd_locks *m);
int rd_locks_parse(struct rd_locks *m, const uint8_t *data, size_t len);

#endif

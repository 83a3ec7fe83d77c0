#ifndef RD_NET_LIMIT_H
#define RD_NET_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "net/addr.h"

/*
 * Token buckets by source address (rd_addr_source) in a table of fixed size:
 * who comes too often is told no, and memory does not grow with the number of
 * sources (a full set of slots forgets the one that has been quiet longest).
 */
#define RD_LIMIT_SLOTS 4096
struct rd_limit;

struct rd_limit *rd_limit_new(double per_s, unsigned burst);
void rd_limit_free(struct rd_limit *l);
bool rd_limit_allow(struct rd_limit *l, const struct rd_addr *from, uint64_t now_ns);

#endif

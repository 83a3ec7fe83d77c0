#ifndef BENCH_SESSION_AEAD_H
#define BENCH_SESSION_AEAD_H

#include <stddef.h>
#include <stdint.h>

/*
 * What libsodium alone takes for datagrams of a session: the cipher, over the
 * same lengths, and nothing around it. What a session takes beyond that is ours.
 */
struct aead_ns { double seal, open; };	/* processor time */

/* `count` datagrams of that length (RD_PACKET_OVERHEAD included), all together. */
struct aead_ns aead_cost(size_t len, uint64_t count);

#endif

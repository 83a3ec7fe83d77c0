#ifndef RD_RELAY_TLS_QUEUE_H
#define RD_RELAY_TLS_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/relay_packet.h"

/*
 * What waits for a TLS leg that is slower than what comes for it. Behind it is
 * TCP, which loses nothing and hides every queue from congestion control; so the
 * queue is here, where it is short, and is said to be one: it holds at most
 * min(256 KiB, 200 ms at the leg's rate), the least urgent class goes first and
 * of that the oldest, and what has waited longer than 5 ms is marked (CE). Pure.
 */
#define TLS_QUEUE_MAX (256u << 10)
#define TLS_QUEUE_MIN (16u << 10)
#define TLS_QUEUE_NS UINT64_C(200000000)
#define TLS_SOJOURN_NS UINT64_C(5000000)
#define TLS_CLASSES 4

struct tls_waiting {
	struct tls_waiting *next;
	uint64_t since_ns, order;
	uint32_t len;
	uint8_t data[];
};

/* Zeroed: empty. */
struct tls_queue {
	struct { struct tls_waiting *first, *last; } of[TLS_CLASSES];
	size_t bytes;
	uint64_t order;
	/* The rate at which it empties, while it is not empty. */
	uint64_t rate, since_ns, taken;
};

/* Copies it in; how many others it has dropped for that (it may be itself). */
unsigned tls_queue_put(struct tls_queue *q, const uint8_t *data, size_t len, uint64_t now_ns);
/* The oldest, taken out, marked where it has waited long; NULL: empty. The caller frees. */
struct tls_waiting *tls_queue_take(struct tls_queue *q, uint64_t now_ns);
void tls_queue_finish(struct tls_queue *q);

#endif

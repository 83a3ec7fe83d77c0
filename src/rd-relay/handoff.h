#ifndef RD_RELAY_HANDOFF_H
#define RD_RELAY_HANDOFF_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Datagrams from one thread of UDP to the thread of TLS: a ring of bytes that
 * one side writes and the other reads, without a lock. When it is full the
 * datagram is dropped, by whoever would have put it.
 */
#define HANDOFF_SIZE (1u << 20)

struct handoff {
	uint8_t *data;
	_Atomic size_t written, taken;	/* bytes, ever growing */
	int wake;			/* eventfd that the reader waits for */
	bool unsaid;			/* something was put since the last poke */
};

struct handed { uint32_t carrier, len; uint64_t now_ns; };

int handoff_open(struct handoff *h, int wake);
void handoff_close(struct handoff *h);
/* The writing thread. False: it is full. */
bool handoff_put(struct handoff *h, uint32_t carrier, const uint8_t *data, size_t len,
	uint64_t now_ns);
/* Once after some of them: wakes the reader. */
void handoff_poke(struct handoff *h);
/* The reading thread: the next one, into out[cap]; false: none. */
bool handoff_take(struct handoff *h, struct handed *what, uint8_t *out, size_t cap);

#endif

#ifndef RD_WIRE_ACKS_H
#define RD_WIRE_ACKS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The bound on what is unacknowledged: a sender with feedback lets nothing
 * older than the link's smallest round trip plus 100 ms stand unacknowledged,
 * but always two frames. So a picture never queues behind a slow link,
 * whatever carries it. Pure: time is handed in.
 */
#define RD_ACKS_FRAMES 2
#define RD_ACKS_SLACK_NS (UINT64_C(100) * 1000 * 1000)
#define RD_ACKS_MAX 256
/* A round trip this much above the smallest means that frames queued. */
#define RD_ACKS_QUEUED_NS (UINT64_C(10) * 1000 * 1000)
/* Acknowledgements come in clumps; bits a second are counted over at least this. */
#define RD_ACKS_WINDOW_NS (UINT64_C(10) * 1000 * 1000)

struct rd_acks {
	struct { uint32_t number; uint32_t bytes; uint64_t sent_ns; } ring[RD_ACKS_MAX];
	unsigned head, count;
	uint64_t rtt_min_ns;	/* 0: none seen yet */
	uint64_t rtt_ns;	/* the last one */
	uint64_t bps;		/* what the way delivers when it is full, smoothed; 0 unknown */
	uint32_t newest;	/* the last number sent */
	/* since when at least one frame has been outstanding; 0: none measured */
	uint64_t busy_ns;
	uint64_t busy_bytes;	/* acknowledged since then */
};

void rd_acks_init(struct rd_acks *a);
void rd_acks_sent(struct rd_acks *a, uint32_t number, uint32_t bytes, uint64_t now_ns);
/* 0, or -EPROTO for a number never sent. Acknowledges all up to it. */
int rd_acks_acked(struct rd_acks *a, uint32_t number, uint64_t now_ns);
/* Whether another frame may be sent now. */
bool rd_acks_room(const struct rd_acks *a, uint64_t now_ns);
unsigned rd_acks_outstanding(const struct rd_acks *a);

#endif

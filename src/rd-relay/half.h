#ifndef RD_RELAY_HALF_H
#define RD_RELAY_HALF_H

#include "rd-relay/peers.h"

/*
 * Handshakes that we have answered and nobody has confirmed yet by a DATA.
 * Guarded by core.lock. There are HALVES of them: then one of the source that
 * has most goes, its oldest, so that nobody crowds others out by himself.
 */
#define HALVES 8192
#define HALF_LIFE_NS (UINT64_C(10) * 1000000000)
#define HALF_PLACES (2 * HALVES)
#define RESPONSE_SIZE 98	/* {head, 2 indices, key, tag, u16, u32, macs} */
#define HALF_NONE UINT16_MAX

struct half {
	struct peer peer;	/* as it will be; index 0: free */
	uint8_t mac1[16];	/* of its INIT, which may come again */
	uint64_t born_ns;
	uint16_t older, newer;
	bool ready;		/* the RESPONSE is made */
	uint8_t response[RESPONSE_SIZE];
};

struct halves {
	struct half *half;
	uint16_t place[HALF_PLACES];	/* by index; number + 1 */
	uint16_t seen[HALF_PLACES];	/* by mac1: the newest; number + 1 */
	uint16_t sources[PEER_SOURCES];	/* how many of a source */
	uint16_t oldest, newest, free, made;
	unsigned count;
};

void halves_init(struct halves *h);
void halves_finish(struct halves *h);
/* A new one, with an index that no peer has; the caller fills it and makes it ready. */
struct half *halves_add(struct halves *h, const struct peers *p, const struct rd_addr *from,
	const uint8_t mac1[static 16], uint64_t now_ns);
struct half *halves_find(const struct halves *h, uint32_t index);
/* The one whose INIT had that mac1 and came from there, if it is ready. */
struct half *halves_seen(const struct halves *h, const uint8_t mac1[static 16],
	const struct where *at);
void halves_remove(struct halves *h, struct half *half);
void halves_expire(struct halves *h, uint64_t now_ns);

#endif

#ifndef RD_SEND_MISLED_H
#define RD_SEND_MISLED_H

#include "rd-send/serve.h"

/*
 * A relay says who comes, and by which code. Nothing rests on that, since all is
 * proven end to end; but where it is not true somebody is in between, and whoever
 * sits here is to hear of it.
 */

/* Somebody is led here by a code or key that is not ours: says so. Nothing else comes of it. */
void misled_leg(struct serve *sv, const struct rd_relay_leg *leg, const uint8_t *data, size_t len);
/* Who came through that leg is not whom the relay announced: says so, and is true. */
bool misled_peer(struct serve *sv, uint32_t leg, const struct rd_key *peer);

#endif

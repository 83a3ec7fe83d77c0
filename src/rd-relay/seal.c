#include "net/packet.h"
#include "rd-relay/peers.h"

/*
 * DATA of a session with us: sealing, and a window of 64 numbers
 * (RFC 6479's rule; that few because requests come seconds apart).
 */
#define WINDOW 64

bool
peer_fresh(const struct peer *peer, uint64_t number)
{
	if (number >= peer->next)
		return true;
	uint64_t back = peer->next - 1 - number;
	return back < WINDOW && !(peer->window >> back & 1);
}

void
peer_mark(struct peer *peer, uint64_t number)
{
	if (number < peer->next) {
		peer->window |= UINT64_C(1) << (peer->next - 1 - number);
		return;
	}
	uint64_t steps = number + 1 - peer->next;
	peer->window = (steps < WINDOW ? peer->window << steps : 0) | 1;
	peer->next = number + 1;
}

size_t
peer_seal(struct peer *peer, uint8_t *datagram, size_t len)
{
	return rd_packet_seal(&(struct rd_packet){.type = RD_PACKET_DATA, .receiver = peer->theirs,
		.number = peer->sent++}, datagram, len, peer->send);
}
